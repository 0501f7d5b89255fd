/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/boot.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "core/clock.h"

enum { MAX_MHZ_DIGITS = 6, KHZ_DIGITS = 3 };

/* "2596.131 MHz" in Hz; both print three digits behind the point. */
static uint64_t parse_mhz(const char *text)
{
	uint64_t khz = 0;
	size_t n = 0;

	while (n < MAX_MHZ_DIGITS && isdigit((unsigned char)text[n]))
		khz = 10 * khz + (uint64_t)(text[n++] - '0');
	if (!n || text[n++] != '.')
		return 0;
	for (int i = 0; i < KHZ_DIGITS; i++) {
		if (!isdigit((unsigned char)text[n]))
			return 0;
		khz = 10 * khz + (uint64_t)(text[n++] - '0');
	}
	return !strncmp(text + n, " MHz", 4) && clock_hz_possible(1000 * khz) ? 1000 * khz : 0;
}

uint64_t boot_tsc_hz(const char *message)
{
	static const char *const heads[] = { "Detected ", "tsc: Detected ", "tsc: Refined TSC clocksource calibration: " };

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (!strncmp(message, heads[i], strlen(heads[i])))
			return parse_mhz(message + strlen(heads[i]));
	return 0;
}
