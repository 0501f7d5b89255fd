/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel messages: any text, with nothing behind its end. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/object.h"
#include "core/strtab.h"
#include "ingest/harm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strtab *strings = strtab_new();
	struct event ev = { .cpu = -1, .pid = -1 };
	struct harm harm;

	if (!strings)
		return 0;
	if (harm_parse((const char *)data, size, &harm) && memchr(harm.name, 0, sizeof(harm.name)) == NULL)
		abort();
	if (harm_event((const char *)data, size, strings, &ev) && !event_valid(&ev))
		abort();
	strtab_free(strings);
	return 0;
}
