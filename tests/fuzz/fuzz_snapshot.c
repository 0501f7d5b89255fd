/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Debug-key dumps, /proc/interrupts, lspci and irq descriptors, from anywhere: whichever takes it. */
#include <string.h>

#include "fuzz/fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct reader_ops *const readers[] = {
		&xl_dmesg_reader, &interrupts_reader, &lspci_reader, &genirq_reader,
	};

	for (unsigned i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		fuzz_reader(readers[i], data, len);
	return 0;
}
