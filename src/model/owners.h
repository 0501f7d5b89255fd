/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may set a mask bit: path by path, owner by owner. */
#ifndef IRQPATH_MODEL_OWNERS_H
#define IRQPATH_MODEL_OWNERS_H

#include "core/derived.h"

/* X(SYMBOL, "name") */
#define OWNER_LIST(X) \
	X(KERNEL, "kernel")			/* the kernel that runs the driver */ \
	X(HYPERVISOR, "hypervisor") \
	X(DEVICE_MODEL, "device model")		/* QEMU, or vPCI in Xen */ \
	X(OUTSIDE, "outside")			/* user space, firmware, the device itself */

enum owner {
#define X(sym, name) OWNER_##sym,
	OWNER_LIST(X)
#undef X
	NR_OWNERS
};

/*
 * Authoritative: what it asks for is in the register. Advisory: it keeps a copy that the register need not follow.
 * Absent: it neither writes nor keeps the bit.
 */
enum role { ROLE_ABSENT, ROLE_ADVISORY, ROLE_AUTHORITATIVE };

/* Role of an owner for the mask bit of an MSI-X or MSI entry on a path. */
enum role owner_role(enum path path, enum owner owner);
const char *owner_name(enum owner owner);

#endif
