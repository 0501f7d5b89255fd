/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dynamic probe sits on, as far as its own name tells: for probes that never fired. */
#ifndef IRQPATH_INGEST_FTRACE_NAMES_H
#define IRQPATH_INGEST_FTRACE_NAMES_H

#include <stddef.h>

enum { PROBE_NAME_MAX = 128 };

/*
 * The function that a probe SYSTEM:NAME is named after: by the names of the group "irqpath", which stand for one
 * function each (docs/probe-arguments.md), else NAME itself, or what the kernel makes of a function for a probe without a name:
 * p_FUNCTION_0, r_FUNCTION_0, FUNCTION__entry, FUNCTION__exit. Borrowed: static, name, or buf of PROBE_NAME_MAX.
 */
const char *probe_function_of_name(const char *system, const char *name, char *buf);

#endif
