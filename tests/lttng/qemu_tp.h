/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two of QEMU's tracepoints, as its UST backend declares them. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER qemu
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./qemu_tp.h"

#if !defined(QEMU_TP_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define QEMU_TP_H

#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_EVENT(qemu, ioapic_set_irq, LTTNG_UST_TP_ARGS(int, vector, int, level),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int, vector, vector)
		lttng_ust_field_integer(int, level, level)
	)
)

LTTNG_UST_TRACEPOINT_EVENT(qemu, pci_cfg_write,
	LTTNG_UST_TP_ARGS(const char *, dev, uint32_t, bus, uint32_t, slot, uint32_t, func, unsigned, offs, unsigned, val),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_string(dev, dev)
		lttng_ust_field_integer_hex(uint32_t, bus, bus)
		lttng_ust_field_integer_hex(uint32_t, slot, slot)
		lttng_ust_field_integer_hex(uint32_t, func, func)
		lttng_ust_field_integer_hex(unsigned, offs, offs)
		lttng_ust_field_integer_hex(unsigned, val, val)
	)
)

#endif

#include <lttng/tracepoint-event.h>
