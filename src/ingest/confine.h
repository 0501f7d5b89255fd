/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reader process may do: descriptors, limits, system calls. */
#ifndef IRQPATH_INGEST_CONFINE_H
#define IRQPATH_INGEST_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

/* The descriptors that are left, by number; 0 to 2 are the null device. */
enum { CONFINE_INPUT_FD = 3, CONFINE_MSG_FD, CONFINE_CMD_FD, CONFINE_NR_FDS };

/*
 * Shuts this process in for good. The three descriptors move to the numbers above, all others are closed. syscalls: as
 * in struct reader_ops. Others fail with EPERM, or end the process where kill. No file can grow beyond file_bytes.
 * Returns NULL, or what could not be done; the message descriptor is at its new number by then.
 */
const char *confine(int input_fd, int msg_fd, int cmd_fd, const int *syscalls, uint64_t file_bytes, bool kill);

#endif
