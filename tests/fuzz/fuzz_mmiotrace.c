/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mmiotrace's text from anywhere. */
#include "fuzz/fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return fuzz_reader(&mmiotrace_reader, data, len);
}
