/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole trace.dat from anywhere, with libtracecmd: what our own checks let through must not hang or crash it. */
#include <string.h>

#include "fuzz/fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return fuzz_reader(&trace_dat_reader, data, len);
}
