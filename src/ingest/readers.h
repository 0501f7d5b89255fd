/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of this directory, for reader_table. */
#ifndef IRQPATH_INGEST_READERS_H
#define IRQPATH_INGEST_READERS_H

#include "ingest/reader.h"

extern const struct reader_ops trace_dat_reader;
extern const struct reader_ops ftrace_text_reader;
extern const struct reader_ops mmiotrace_reader;
extern const struct reader_ops events_reader;
extern const struct reader_ops xentrace_reader;
extern const struct reader_ops xl_dmesg_reader;
extern const struct reader_ops interrupts_reader;
extern const struct reader_ops lspci_reader;
extern const struct reader_ops genirq_reader;
extern const struct reader_ops qemu_log_reader;
extern const struct reader_ops qemu_simple_reader;
extern const struct reader_ops console_reader;
extern const struct reader_ops ctf_reader;

#endif
