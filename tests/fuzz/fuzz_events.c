/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of events text from anywhere. */
#include <string.h>

#include "fuzz/fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return fuzz_reader(&events_reader, data, len);
}
