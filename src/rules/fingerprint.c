/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/fingerprint.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/sha256.h"

static const char *machine_role(const char *machine)
{
	if (!machine)
		return "";
	if (machine[0] == 'd' && isdigit((unsigned char)machine[1]))
		return "domain";
	if (!strncmp(machine, "guest", 5))
		return "guest";
	return machine;
}

bool fingerprint_make(struct fingerprint *fp, const char *rule, const char *machine, const char *anchor,
		      const char *layer, const char *signature)
{
	const char *part[] = { "1", rule, machine_role(machine), anchor, layer, signature };
	uint8_t digest[SHA256_BYTES];
	char *bytes = NULL;
	size_t len_bytes = 0;
	FILE *out = open_memstream(&bytes, &len_bytes);

	if (!out)
		return false;
	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++)
		fprintf(out, "%zu:%s,", part[i] ? strlen(part[i]) : 0, part[i] ? part[i] : "");
	if (fclose(out)) {
		free(bytes);
		return false;
	}
	sha256(bytes, len_bytes, digest);
	free(bytes);
	for (unsigned i = 0; i < FINGERPRINT_DIGITS / 2; i++)
		sprintf(fp->hex + 2 * i, "%02x", digest[i]);
	return true;
}

static unsigned common_digits(const struct fingerprint *a, const struct fingerprint *b)
{
	unsigned n = 0;

	while (n < FINGERPRINT_DIGITS && a->hex[n] == b->hex[n])
		n++;
	return n;
}

unsigned fingerprint_id_digits(const struct fingerprint *const *fps, size_t nr, size_t i)
{
	unsigned before = i ? common_digits(fps[i - 1], fps[i]) : 0;
	unsigned after = i + 1 < nr ? common_digits(fps[i], fps[i + 1]) : 0;
	unsigned digits = (before > after ? before : after) + 1;

	if (digits < FINGERPRINT_MIN_ID)
		return FINGERPRINT_MIN_ID;
	return digits < FINGERPRINT_DIGITS ? digits : FINGERPRINT_DIGITS;
}
