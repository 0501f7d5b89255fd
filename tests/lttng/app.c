/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: app NR	writes one configuration write and NR line changes, as QEMU does */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include <stdint.h>
#include <stdlib.h>

#include "qemu_tp.h"

int main(int argc, char **argv)
{
	int nr = argc > 1 ? atoi(argv[1]) : 10;

	lttng_ust_tracepoint(qemu, pci_cfg_write, "nvme", 0, 3, 0, 4, 0x407);
	for (int i = 0; i < nr; i++)
		lttng_ust_tracepoint(qemu, ioapic_set_irq, 23, i & 1);
	return 0;
}
