/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trace files of QEMU's simple backend. */
#include "fuzz/reader.h"
#include "ingest/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	fuzz_reader(&qemu_simple_reader, data, len);
	return 0;
}
