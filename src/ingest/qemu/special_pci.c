/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI functions as hw/pci of QEMU writes them down. A write of configuration space is written in front of its effect and
 * without its length, which is told by the register: the command register is written as a word. An MSI-X table is seen as
 * writes of four bytes to a region; which function's it is, the BARs tell. A message that leaves is a write to the local
 * APICs' range: whose it is, its content tells, or the thread's line in front.
 */
#include <inttypes.h>
#include <string.h>

#include "ingest/qemu/job.h"

enum { COMMAND = 0x04, BAR_0 = 0x10, BAR_LAST = 0x24, INTERRUPT_LINE = 0x3c, WORD = 0xffff };

static bool is_text(struct qemu_text text, const char *word)
{
	return text.len == strlen(word) && !memcmp(text.at, word, text.len);
}

/* The function that a line of configuration space is about; NULL where there is none such. */
static struct platform_function *config_function(struct qemu_job *job)
{
	int64_t bus = job_get(job, QT_BUS), slot = job_get(job, QT_SLOT), fn = job_get(job, QT_FN);

	if (bus < 0 || bus > 0xff || slot < 0 || slot > 0x1f || fn < 0 || fn > 7)
		return NULL;
	return platform_function(&job->dc->pf, object_id_pci(0, bus, slot, fn), job_text(job, QT_DEV));
}

static uint32_t function_index(const struct qemu_job *job, const struct platform_function *fn)
{
	return fn - job->dc->pf.function;
}

/* --------------------------------------------------------------------------------------- configuration space */

enum { TELLS_COMMAND, TELLS_MSIX, TELLS_MSI, TELLS_MSI_MESSAGE, TELLS_MSI_MASK, TELLS_LINE_REGISTER };

static void write_command(struct qemu_job *job, const struct platform_function *fn, unsigned offset, uint32_t value)
{
	struct event *ev = job_add(job, TELLS_COMMAND);

	event_add_object(ev, OBJ_PCI, fn->pci);
	event_arg_set(ev, ARG_VALUE, offset == COMMAND ? value & WORD : (value & 0xff) << 8);
	event_arg_set(ev, ARG_MASK, offset == COMMAND ? WORD : 0xff00);
}

static void write_line_register(struct qemu_job *job, const struct platform_function *fn, uint32_t value)
{
	struct event *ev = job_add(job, TELLS_LINE_REGISTER);

	event_add_object(ev, OBJ_PCI, fn->pci);
	event_arg_set(ev, ARG_VALUE, value & 0xff);
}

/* The control word's upper byte, where the write covers it. */
static bool control_byte(unsigned cap, unsigned offset, uint32_t value, unsigned *byte)
{
	unsigned at = cap + 3 - offset;

	*byte = value >> 8 * at & 0xff;
	/* a byte written to an even place has nothing above it, and does not reach there */
	return offset <= cap + 3 && at < 4 && (at != 1 || value > 0xff || offset == cap + 2);
}

static void write_msix(struct qemu_job *job, const struct platform_function *fn, unsigned offset, uint32_t value)
{
	struct event *ev;
	unsigned byte;

	/* msix_write_config comes behind it, and knows better */
	if (!fn->msix_cap || job->dc->has_msix_config || !control_byte(fn->msix_cap, offset, value, &byte))
		return;
	ev = job_add(job, TELLS_MSIX);
	event_add_object(ev, OBJ_PCI, fn->pci);
	event_arg_set(ev, ARG_ENABLE, byte >> 7);
	event_arg_set(ev, ARG_MASKED, byte >> 6 & 1);
}

static void write_msi_control(struct qemu_job *job, struct platform_function *fn, uint32_t control)
{
	struct event *ev = job_add(job, TELLS_MSI);

	event_add_object(ev, OBJ_PCI, fn->pci);
	event_arg_set(ev, ARG_ENABLE, control & 1);
	event_arg_set(ev, ARG_NVEC, 1 << (control >> 4 & 7));
}

/* The registers behind the control word depend on whether addresses have 64 bits. */
static void write_msi(struct qemu_job *job, struct platform_function *fn, unsigned offset, uint32_t value)
{
	enum { CONTROL = 2, ADDR_LO = 4, ADDR_HI = 8, IS_64 = 1 << 7 };
	unsigned reg = offset - fn->msi_cap, data = fn->msi_control & IS_64 ? 12 : 8;
	struct event *ev;

	if (!fn->msi_cap || offset < fn->msi_cap || reg > 0x18)
		return;
	if (reg == CONTROL)
		write_msi_control(job, fn, value);
	if (!fn->msi_control_known)
		return;
	if (reg == ADDR_LO)
		fn->msi_addr_lo = value;
	if (reg == ADDR_HI && data != ADDR_HI)
		fn->msi_addr_hi = value;
	if (reg == data) {
		ev = job_add(job, TELLS_MSI_MESSAGE);
		event_add_object(ev, OBJ_MSI, object_id_entry(fn->pci, 0));
		event_arg_set(ev, ARG_ADDR_LO, fn->msi_addr_lo);
		event_arg_set(ev, ARG_ADDR_HI, data == ADDR_HI ? 0 : fn->msi_addr_hi);
		event_arg_set(ev, ARG_DATA, value & WORD);
	}
	if (reg == data + 4) {
		ev = job_add(job, TELLS_MSI_MASK);
		event_add_object(ev, OBJ_PCI, fn->pci);
		event_arg_set(ev, ARG_VALUE, value);
	}
}

void special_cfg_write(struct qemu_job *job)
{
	struct platform_function *fn = config_function(job);
	uint64_t offset = job_get(job, QT_OFFSET);
	uint32_t value = job_get(job, QT_DATA);

	if (!fn || offset > UINT16_MAX)
		return;
	job->thread->config_function = function_index(job, fn) + 1;
	job->thread->config_offset = offset;
	if (offset == COMMAND || offset == COMMAND + 1)
		write_command(job, fn, offset, value);
	if (offset == INTERRUPT_LINE)
		write_line_register(job, fn, value);
	if (offset >= BAR_0 && offset <= BAR_LAST && !(offset & 3))
		platform_write_bar(&job->dc->pf, fn, (offset - BAR_0) / 4, value);
	write_msix(job, fn, offset, value);
	write_msi(job, fn, offset, value);
}

void special_cfg_read(struct qemu_job *job)
{
	struct platform_function *fn = config_function(job);
	uint64_t offset = job_get(job, QT_OFFSET);

	if (fn && offset <= UINT16_MAX)
		platform_see_config(fn, offset, job_get(job, QT_DATA));
}

/* Right behind the write that it answers, by the same thread; it names the type only. */
void special_msix_config(struct qemu_job *job)
{
	struct qemu_thread *th = job->thread;
	struct platform_function *fn;
	struct event *ev;

	job->dc->has_msix_config = true;
	if (!th->config_function)
		return;
	fn = &job->dc->pf.function[th->config_function - 1];
	if (fn->type[0] && !is_text(job_text(job, QT_DEV), fn->type))
		return;
	fn->msix_cap = th->config_offset & 0xfc;
	ev = job_add(job, 0);
	event_add_object(ev, OBJ_PCI, fn->pci);
	event_arg_set(ev, ARG_ENABLE, job_get(job, QT_ENABLED) != 0);
	event_arg_set(ev, ARG_MASKED, job_get(job, QT_MASKED) != 0);
}

static void map_bar(struct qemu_job *job, uint64_t size_bytes)
{
	struct platform_function *fn = config_function(job);
	int64_t bar = job_get(job, QT_BAR);

	if (fn && bar >= 0 && bar < PLATFORM_NR_BARS)
		platform_map_bar(&job->dc->pf, fn, bar, job_get(job, QT_ADDR), size_bytes);
}

void special_bar_set(struct qemu_job *job)
{
	map_bar(job, job_get(job, QT_SIZE));
}

void special_bar_cleared(struct qemu_job *job)
{
	map_bar(job, 0);
}

/* ---------------------------------------------------------------------------------------------------- tables */

enum { TELLS_ENTRY_MASK, TELLS_ENTRY_WRITE, TELLS_SEND, TELLS_DELIVER, ENTRY_BYTES = 16, PAGE_BYTES = 4096 };

/* False, and said once, where the BARs do not tell whose table it is. */
static bool has_function(struct qemu_job *job, struct platform_table *table)
{
	if (table->function)
		return true;
	if (!table->reported)
		diag_report(job->dc->host.diag, DIAG_REMARK, (struct diag_pos){ .path = job->dc->path },
			    "no function is known whose MSI-X table is at %#" PRIx64 ": its BARs were not recorded", table->base);
	table->reported = true;
	return false;
}

static uint64_t entry_id(const struct qemu_job *job, const struct platform_table *table, uint32_t index)
{
	return object_id_entry(job->dc->pf.function[table->function - 1].pci, index);
}

/* The whole message as it stands in the table, as far as it was seen. */
static void tell_message(struct qemu_job *job, const struct platform_entry *entry, uint64_t id, uint8_t witness)
{
	struct event *ev = job_add(job, TELLS_ENTRY_WRITE);

	ev->witness = witness;
	event_add_object(ev, OBJ_MSIX, id);
	if (entry->flags & ENTRY_HAS_LO)
		event_arg_set(ev, ARG_ADDR_LO, entry->addr_lo);
	if (entry->flags & ENTRY_HAS_HI)
		event_arg_set(ev, ARG_ADDR_HI, entry->addr_hi);
	if (entry->flags & ENTRY_HAS_DATA)
		event_arg_set(ev, ARG_DATA, entry->data);
}

static void tell_mask(struct qemu_job *job, const struct platform_entry *entry, uint64_t id, uint8_t witness)
{
	struct event *ev = job_add(job, TELLS_ENTRY_MASK);

	ev->witness = witness;
	event_add_object(ev, OBJ_MSIX, id);
	event_arg_set(ev, ARG_MASKED, entry->masked);
}

enum { WORD_ADDR_LO, WORD_ADDR_HI, WORD_DATA, WORD_CONTROL };

/* A new address counts with the data that follows it, or when the entry is unmasked with what it had. */
static void tell_word(struct qemu_job *job, struct platform_entry *entry, uint64_t id, unsigned word, uint8_t witness)
{
	if (word == WORD_DATA || (word == WORD_CONTROL && entry->flags & ENTRY_CHANGED)) {
		entry->flags &= ~ENTRY_CHANGED;
		if (word == WORD_DATA || entry->flags & ENTRY_HAS_DATA)
			tell_message(job, entry, id, witness);
	}
	if (word == WORD_CONTROL)
		tell_mask(job, entry, id, witness);
}

/* What was written before anybody knew whose table it is counts from now on. */
static void tell_entry(struct qemu_job *job, struct platform_entry *entry, uint64_t id, uint8_t witness)
{
	entry->flags &= ~(ENTRY_CHANGED | ENTRY_UNTOLD);
	if (entry->flags & ENTRY_HAS_DATA)
		tell_message(job, entry, id, witness);
	if (entry->flags & ENTRY_HAS_MASK)
		tell_mask(job, entry, id, witness);
}

static void write_word(struct qemu_job *job, struct platform_entry *entry, unsigned word, uint32_t value)
{
	entry->flags |= 1 << word;
	if (word == WORD_ADDR_LO)
		entry->addr_lo = value;
	if (word == WORD_ADDR_HI)
		entry->addr_hi = value;
	if (word == WORD_DATA)
		entry->data = value;
	if (word == WORD_CONTROL)
		entry->masked = value & 1;
	if (word < WORD_DATA)
		entry->flags |= ENTRY_CHANGED;
	job->dc->pf.messages_changed++;
}

static void write_table(struct qemu_job *job, uint8_t witness)
{
	uint64_t addr = job_get(job, QT_ADDR), value = job_get(job, QT_DATA), size = job_get(job, QT_SIZE);
	struct platform_table *table = platform_table(&job->dc->pf, job_get(job, QT_MR), addr, PAGE_BYTES);
	struct platform_entry *entry;
	bool known, untold;
	uint32_t index;

	if (!table || (size != 4 && size != 8) || addr % size)
		return;
	known = has_function(job, table);
	index = (addr - table->base) / ENTRY_BYTES;
	entry = platform_entry(&job->dc->pf, table, index);
	if (!entry)
		return;
	untold = entry->flags & ENTRY_UNTOLD;
	for (unsigned i = 0; i < size / 4; i++) {
		unsigned word = (addr / 4 + i) % 4;

		write_word(job, entry, word, value >> 32 * i);
		if (known && !untold)
			tell_word(job, entry, entry_id(job, table, index), word, witness);
	}
	if (!known)
		entry->flags |= ENTRY_UNTOLD;
	else if (untold)
		tell_entry(job, entry, entry_id(job, table, index), witness);
}

/* Bits that are not what they were when they were read last. */
static void read_pending(struct qemu_job *job)
{
	uint64_t addr = job_get(job, QT_ADDR), value = job_get(job, QT_DATA), size = job_get(job, QT_SIZE);
	struct platform_table *table = platform_table(&job->dc->pf, job_get(job, QT_MR), addr, 8);
	uint64_t first;

	if (!table || !table->function || (size != 4 && size != 8))
		return;
	first = (addr - table->base) * 8;
	for (unsigned i = 0; i < size * 8 && job->nr < QEMU_MAX_EVENTS; i++) {
		bool set = value >> i & 1;
		struct platform_entry *entry;
		struct event *ev;

		/* room only for what was ever set */
		if (first + i >= table->nr_entries && !set)
			continue;
		entry = platform_entry(&job->dc->pf, table, first + i);
		if (!entry || set == !!(entry->flags & ENTRY_PENDING))
			continue;
		entry->flags ^= ENTRY_PENDING;
		ev = job_add(job, 0);
		event_add_object(ev, OBJ_MSIX, entry_id(job, table, first + i));
		event_arg_set(ev, ARG_VALUE, set);
	}
}

void special_region_read(struct qemu_job *job)
{
	if (is_text(job_text(job, QT_REGION), "msix-pba"))
		read_pending(job);
}

/* -------------------------------------------------------------------------------------------------- messages */

/* What an entry of the IO-APIC sends: see the manual's layouts of message and redirection entry. */
static bool sends(uint64_t rte, uint64_t addr, uint32_t data)
{
	uint32_t low = rte;

	return addr == (0xfee00000 | (rte >> 48) << 4 | (low >> 11 & 1) << 2) &&
	       data == ((low & 0xff) | (low >> 15 & 1) << 15 | (low >> 8 & 7) << 8);
}

static bool send_from_pin(struct qemu_job *job, uint64_t addr, uint32_t data)
{
	const struct platform *pf = &job->dc->pf;
	int32_t pin = job->thread->pin;
	struct event *ev;

	job->thread->pin = -1;
	if (pin < 0 || job_ioapic(job) < 0 || ~pf->rte_known[0][pin] || !sends(pf->rte[0][pin], addr, data))
		return false;
	ev = job_add(job, TELLS_DELIVER);
	event_add_object(ev, OBJ_PIN, object_id_pair(0, pin));
	event_arg_set(ev, ARG_VECTOR, data & 0xff);
	event_arg_set(ev, ARG_APICDEST, addr >> 12 & 0xff);
	event_arg_set(ev, ARG_LEVEL, data >> 15 & 1);
	event_arg_set(ev, ARG_MODE, data >> 8 & 7);
	return true;
}

/* The entry that the thread wanted to send last, where its message is this one. */
static bool send_from_entry(struct qemu_job *job, uint64_t addr, uint32_t data)
{
	const struct platform *pf = &job->dc->pf;
	const uint8_t whole = ENTRY_HAS_LO | ENTRY_HAS_DATA;
	unsigned index = object_entry_index(job->thread->entry);

	if (!job->thread->has_entry)
		return false;
	job->thread->has_entry = false;
	for (uint32_t i = 0; i < pf->nr_tables; i++) {
		const struct platform_table *table = &pf->table[i];

		if (!table->function || index >= table->nr_entries ||
		    pf->function[table->function - 1].pci != object_entry_pci(job->thread->entry))
			continue;
		if ((table->entry[index].flags & whole) == whole && table->entry[index].addr_lo == (uint32_t)addr &&
		    table->entry[index].data == data)
			return true;
	}
	return false;
}

/*
 * The thread's device notified, and the next thing that it did was to send the message of that very entry in a table whose
 * function the BARs do not tell: it is the device's. Only where a single table has it.
 */
static void own_table(struct qemu_job *job, uint64_t id, uint64_t addr, uint32_t data)
{
	struct platform_table *table = platform_table_with(&job->dc->pf, object_entry_index(id), addr, data);
	const struct platform_function *fn;

	fn = table && !table->function ? platform_function(&job->dc->pf, object_entry_pci(id), (struct qemu_text){ 0 }) : NULL;
	if (!fn)
		return;
	platform_own_table(&job->dc->pf, table, fn);
	tell_entry(job, &table->entry[object_entry_index(id)], id, WITNESS_HARDWARE);
}

static void send_message(struct qemu_job *job)
{
	enum { APICS = 0xfee, REGISTERS = 0xff0 };
	uint64_t addr = job_get(job, QT_ADDR), id = job->thread->entry;
	uint32_t data = job_get(job, QT_DATA), function, index;
	struct event *ev;

	/* the local APIC's own registers are in the range of the first one */
	if (addr >> 20 != APICS || (!(addr >> 12 & 0xff) && addr & REGISTERS) || send_from_pin(job, addr, data))
		return;
	if (job->thread->has_entry)
		own_table(job, id, addr, data);
	if (!send_from_entry(job, addr, data)) {
		if (!platform_find_message(&job->dc->pf, addr, data, &function, &index))
			return;
		id = object_id_entry(job->dc->pf.function[function].pci, index);
	}
	ev = job_add(job, TELLS_SEND);
	event_add_object(ev, OBJ_MSIX, id);
	event_arg_set(ev, ARG_ADDR_LO, (uint32_t)addr);
	event_arg_set(ev, ARG_DATA, data);
}

void special_region_write(struct qemu_job *job)
{
	static const char *const messages[] = { "apic-msi", "kvm-apic-msi", "vtd-ir", "vtd-no-ir", "amd_iommu_ir" };
	struct qemu_text region = job_text(job, QT_REGION);

	if (is_text(region, "msix-table"))
		write_table(job, WITNESS_HARDWARE);
	else if (is_text(region, "xen-pci-pt-msix"))
		/* the device's own table is Xen's */
		write_table(job, WITNESS_SHADOW);
	else if (is_text(region, "ioapic"))
		special_ioapic_region(job, job_get(job, QT_ADDR));
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++)
		if (is_text(region, messages[i]))
			send_message(job);
}

/* --------------------------------------------------------------------------------------------------- devices */

/* The function by the type that the event is about, or that it names; NULL where that does not tell one. */
static struct platform_function *notifier(struct qemu_job *job)
{
	const char *types = job->rec->row->devices;
	struct qemu_text name = job_text(job, QT_DEV);

	if (types)
		return platform_of_type(&job->dc->pf, types, strlen(types));
	return name.len ? platform_of_type(&job->dc->pf, name.at, name.len) : NULL;
}

static struct event *about_function(struct qemu_job *job, enum object_kind kind, uint64_t id)
{
	const struct qemu_constant *constant = &job->rec->row->constant;
	struct event *ev = job_add(job, 0);

	event_add_object(ev, kind, id);
	if (constant->arg)
		event_arg_set(ev, constant->arg, constant->value);
	return ev;
}

void special_notify_msix(struct qemu_job *job)
{
	const struct platform_function *fn = notifier(job);
	int64_t index = job_get(job, QT_INDEX);

	if (!fn || index < 0 || index >= PLATFORM_MAX_ENTRIES)
		return;
	about_function(job, OBJ_MSIX, object_id_entry(fn->pci, index));
	job->thread->has_entry = true;
	job->thread->entry = object_id_entry(fn->pci, index);
	job->thread->pin = -1;
}

void special_notify_msi(struct qemu_job *job)
{
	const struct platform_function *fn = notifier(job);

	if (fn)
		about_function(job, OBJ_MSI, object_id_entry(fn->pci, 0));
}

void special_notify(struct qemu_job *job)
{
	const struct platform_function *fn = notifier(job);

	if (fn)
		about_function(job, OBJ_PCI, fn->pci);
}

void special_intx(struct qemu_job *job)
{
	const struct platform_function *fn = notifier(job);
	struct event *ev;
	int64_t level;

	if (!fn)
		return;
	ev = about_function(job, OBJ_INTX, fn->pci);
	if (job_num(job, QT_LINE, &level))
		event_arg_set(ev, ARG_LEVEL, level != 0);
}
