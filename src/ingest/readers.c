/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/readers.h"

#include <stddef.h>

const struct reader_ops *const reader_table[] = {
	&trace_dat_reader,
	&ftrace_text_reader,
	&mmiotrace_reader,
	&events_reader,
	&xentrace_reader,
	&xl_dmesg_reader,
	&interrupts_reader,
	&lspci_reader,
	&genirq_reader,
	&qemu_log_reader,
	&qemu_simple_reader,
	&console_reader,
	&ctf_reader,
	NULL,
};
