/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LTTng leaves the system out and puts architecture or system in front where two would clash (lttng-modules,
 * include/instrumentation/events). perf's conversion keeps the whole name.
 */
#include "ingest/ctf/names.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ingest/ftrace/rows.h"

/* What a name begins with, and what the tracepoint's begins with instead. */
static const struct {
	const char *lttng, *ftrace;
} prefixes[] = {
	{ "irq_handler_", "irq:irq_handler_" },
	{ "irq_softirq_", "irq:softirq_" },
	{ "softirq_", "irq:softirq_" },
	{ "x86_irq_vectors_", "irq_vectors:" },
	{ "kvm_x86_", "kvm:kvm_" },
	{ "kvm_", "kvm:kvm_" },
	{ "printk_console", "printk:console" },
};

static bool is_row_of(const struct tracepoint_row *row, const char *full)
{
	size_t len = strlen(row->name);

	if (row->name[len - 1] == '*')
		return !strncmp(row->name, full, len - 1);
	return !strcmp(row->name, full);
}

const struct tracepoint_row *ctf_find_row(const char *name, char *full, size_t len)
{
	snprintf(full, len, "%s", name);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t n = strlen(prefixes[i].lttng);

		if (strncmp(name, prefixes[i].lttng, n))
			continue;
		snprintf(full, len, "%s%s", prefixes[i].ftrace, name + n);
		break;
	}
	for (const struct tracepoint_row *row = tracepoint_rows; row->name; row++)
		if (is_row_of(row, full))
			return row;
	return NULL;
}
