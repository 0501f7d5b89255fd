/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On bare metal, and in a guest whose table writes its platform carries out, the kernel's mask calls reach the register.
 * A PV dom0 and a guest with pirqs mask event channels instead, Xen owns the bit (pci_msi_ignore_mask, later
 * MSI_FLAG_NO_MASK). The table writes of a PVH dom0 (vPCI) and of an HVM guest with a passed-through device (msixtbl) are
 * trapped: what the kernel asks for is the guest's wish, beside Xen's own, and the register holds both (4.6 and later; a
 * device model gets some of the writes, and keeps a copy only).
 */
#include "model/owners.h"

static const enum role roles[NR_PATHS][NR_OWNERS] = {
	[PATH_BAREMETAL]       = { [OWNER_KERNEL] = ROLE_AUTHORITATIVE },
	[PATH_DOM0_PV]         = { [OWNER_KERNEL] = ROLE_ADVISORY, [OWNER_HYPERVISOR] = ROLE_AUTHORITATIVE },
	[PATH_DOM0_PVH]        = { [OWNER_KERNEL] = ROLE_AUTHORITATIVE, [OWNER_HYPERVISOR] = ROLE_AUTHORITATIVE,
				   [OWNER_DEVICE_MODEL] = ROLE_ADVISORY },
	[PATH_HVM_PIRQ]        = { [OWNER_KERNEL] = ROLE_ADVISORY, [OWNER_HYPERVISOR] = ROLE_AUTHORITATIVE },
	[PATH_HVM_PASSTHROUGH] = { [OWNER_KERNEL] = ROLE_AUTHORITATIVE, [OWNER_HYPERVISOR] = ROLE_AUTHORITATIVE,
				   [OWNER_DEVICE_MODEL] = ROLE_ADVISORY },
	[PATH_KVM_SPLIT]       = { [OWNER_KERNEL] = ROLE_AUTHORITATIVE, [OWNER_DEVICE_MODEL] = ROLE_AUTHORITATIVE },
	[PATH_KVM_FULL]        = { [OWNER_KERNEL] = ROLE_AUTHORITATIVE, [OWNER_DEVICE_MODEL] = ROLE_AUTHORITATIVE },
	[PATH_QEMU_USER]       = { [OWNER_KERNEL] = ROLE_AUTHORITATIVE, [OWNER_DEVICE_MODEL] = ROLE_AUTHORITATIVE },
};

enum role owner_role(enum path path, enum owner owner)
{
	return roles[path][owner];
}

const char *owner_name(enum owner owner)
{
	static const char *const names[NR_OWNERS] = {
#define X(sym, name) [OWNER_##sym] = name,
		OWNER_LIST(X)
#undef X
	};

	return names[owner];
}
