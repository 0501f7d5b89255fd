/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ftrace as text from anywhere. */
#include "fuzz/fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return fuzz_reader(&ftrace_text_reader, data, len);
}
