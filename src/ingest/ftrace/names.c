/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/names.h"

#include <string.h>

/*
 * Names of the group "irqpath", which is kept for them (docs/probe-arguments.md): the short names that engineers have
 * used for these functions. Where a record tells the address, that counts instead.
 */
static const struct {
	const char *name, *function;
} known_names[] = {
	{ "affdo", "irq_do_set_affinity" },
	{ "affreq", "irq_set_affinity_locked" },
	{ "bad", "__report_bad_irq" },
	{ "cleanup", "__send_cleanup_vector" },
	{ "cmask", "mask_irq" },
	{ "cunmask", "unmask_irq" },
	{ "disable", "irq_disable" },
	{ "do_set_affinity", "irq_do_set_affinity" },
	{ "enable", "irq_enable" },
	{ "flow_edge", "handle_edge_irq" },
	{ "flow_fasteoi", "handle_fasteoi_irq" },
	{ "flow_level", "handle_level_irq" },
	{ "flr", "pcie_flr" },
	{ "free", "free_irq" },
	{ "ioapic_configure", "ioapic_configure_entry" },
	{ "ioapic_eoi_pin", "eoi_ioapic_pin" },
	{ "ioapic_eoi_pin2", "__eoi_ioapic_pin" },
	{ "ioapic_mask", "mask_ioapic_irq" },
	{ "ioapic_startup", "startup_ioapic_irq" },
	{ "ioapic_unmask", "unmask_ioapic_irq" },
	{ "ioapic_write_rte", "__ioapic_write_entry" },
	{ "ioeoi", "eoi_ioapic_pin" },
	{ "iomask", "mask_ioapic_irq" },
	{ "iostart", "startup_ioapic_irq" },
	{ "iounmask", "unmask_ioapic_irq" },
	{ "move", "irq_move_masked_irq" },
	{ "move_masked", "irq_move_masked_irq" },
	{ "msg", "__pci_write_msi_msg" },
	{ "msi_disable", "pci_disable_msi" },
	{ "msi_mask", "pci_msi_mask_irq" },
	{ "msi_restore", "pci_restore_msi_state" },
	{ "msi_unmask", "pci_msi_unmask_irq" },
	{ "msi_write_msg", "__pci_write_msi_msg" },
	{ "msimask", "pci_msi_update_mask" },
	{ "msix_disable", "pci_disable_msix" },
	{ "msix_enable", "__pci_enable_msix_range" },
	{ "msix_enable_ret", "__pci_enable_msix_range" },
	{ "msk", "pci_msi_mask_irq" },
	{ "report_bad_irq", "__report_bad_irq" },
	{ "request_irq", "request_threaded_irq" },
	{ "resend", "check_irq_resend" },
	{ "rest", "pci_restore_msi_state" },
	{ "retrig", "apic_retrigger_irq" },
	{ "rte", "__ioapic_write_entry" },
	{ "rteclr", "ioapic_mask_entry" },
	{ "set_affinity_locked", "irq_set_affinity_locked" },
	{ "setup", "__setup_irq" },
	{ "setup_irq", "__setup_irq" },
	{ "setup_irq_ret", "__setup_irq" },
	{ "shutdown", "irq_shutdown" },
	{ "startup", "irq_startup" },
	{ "unm", "pci_msi_unmask_irq" },
	{ "unmask_threaded", "unmask_threaded_irq" },
};

/* p_FUNCTION_0 and FUNCTION__entry without what the kernel put around FUNCTION. */
static const char *strip(char *buf, size_t n)
{
	size_t digits = 0;

	if (n > 7 && !strcmp(buf + n - 7, "__entry"))
		buf[n - 7] = 0;
	else if (n > 6 && !strcmp(buf + n - 6, "__exit"))
		buf[n - 6] = 0;
	if (buf[0] != 'p' && buf[0] != 'r')
		return buf;
	while (digits < n && buf[n - 1 - digits] >= '0' && buf[n - 1 - digits] <= '9')
		digits++;
	if (!digits || n < digits + 4 || buf[1] != '_' || buf[n - 1 - digits] != '_')
		return buf;
	buf[n - 1 - digits] = 0;
	return buf + 2;
}

const char *probe_function_of_name(const char *system, const char *name, char *buf)
{
	size_t n = strlen(name);

	if (system && !strcmp(system, "irqpath"))
		for (unsigned i = 0; i < sizeof(known_names) / sizeof(*known_names); i++)
			if (!strcmp(known_names[i].name, name))
				return known_names[i].function;
	if (n >= PROBE_NAME_MAX)
		return name;
	memcpy(buf, name, n + 1);
	return strip(buf, n);
}
