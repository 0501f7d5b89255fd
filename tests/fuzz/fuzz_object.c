/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of objects, machines and functions from anywhere: what parses can be, and its printed name means the same. */
#include <stdlib.h>
#include <string.h>

#include "core/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_object(const char *text)
{
	struct object_ref ref, again;
	unsigned generation, generation_again;
	char name[OBJECT_NAME_MAX];

	if (!object_parse(text, &ref, &generation))
		return;
	if (!object_valid(ref))
		abort();
	object_print(name, sizeof(name), ref, generation);
	if (!object_parse(name, &again, &generation_again) || again.kind != ref.kind || again.id != ref.id)
		abort();
	if (ref.machine != MACHINE_OWN && ref.machine != MACHINE_HOST && again.machine != ref.machine)
		abort();
	if (generation > 1 && generation_again != generation)
		abort();
}

static void check_machine(const char *text)
{
	char name[OBJECT_NAME_MAX];
	uint16_t machine, again;

	if (!machine_parse(text, &machine))
		return;
	if (!machine_valid(machine))
		abort();
	machine_print(name, sizeof(name), machine);
	if (!machine_parse(name, &again) || again != machine)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	const char *end;
	uint64_t id;

	memcpy(text, data, len);
	text[len] = 0;
	check_object(text);
	check_machine(text);
	if (object_parse_bdf(text, &id, &end) && (end < text || end > text + len))
		abort();
	free(text);
	return 0;
}
