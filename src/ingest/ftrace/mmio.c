/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nothing tells a mapping of an MSI-X table from others of the same device: where the table lies, its capability says,
 * and that is not seen. So a mapping is taken for a table when a message was written the way Linux writes one
 * (drivers/pci/msi, pci_write_msg_msix()): an address of the interrupt range into the first word of a 16-byte entry, then
 * the second and the third word of it. What was written into it before then is not told.
 */
#include "ingest/ftrace/mmio.h"

#include <string.h>

enum {
	ENTRY_BYTES = 16, MAX_ENTRIES = 2048, CONTROL_AT = 12, MASKED = 1,
	MESSAGE_BASE = 0xfee, MESSAGE_SHIFT = 20,
	/* IO-APIC specification: register select, window; the EOI register of later ones. */
	IOAPIC_SELECT = 0x00, IOAPIC_WINDOW = 0x10, IOAPIC_EOI_AT = 0x40, FIRST_ENTRY = 0x10, LAST_ENTRY = 0xff,
};

/* Where the first IO-APIC of a PC is; others have no fixed place. */
#define IOAPIC_BASE UINT64_C(0xfec00000)

const uint16_t mmio_kinds[] = { EV_PCI_MSIX_ENTRY_WRITE, EV_PCI_MSIX_ENTRY_MASK, EV_IOAPIC_RTE_WRITE, EV_IOAPIC_EOI,
				EV_NONE };

static struct mmio_map *find_map(struct mmio *mm, int64_t id)
{
	for (unsigned i = 0; i < MMIO_MAX_MAPS; i++)
		if (mm->map[i].len_bytes && mm->map[i].id == id)
			return &mm->map[i];
	return NULL;
}

/* Memory that two functions claim is nobody's. */
static void find_owner(const struct mmio *mm, struct mmio_map *map)
{
	for (unsigned i = 0; i < mm->nr_functions; i++) {
		const struct mmio_function *fn = &mm->functions[i];

		for (unsigned bar = 0; bar < MMIO_NR_BARS; bar++) {
			if (map->start < fn->start[bar] || fn->size_bytes[bar] < map->len_bytes ||
			    map->start - fn->start[bar] > fn->size_bytes[bar] - map->len_bytes)
				continue;
			if (map->has_dev && map->dev != fn->dev) {
				map->has_dev = false;
				return;
			}
			map->has_dev = true;
			map->dev = fn->dev;
		}
	}
}

void mmio_mapped(struct mmio *mm, int64_t id, uint64_t start, uint64_t len_bytes)
{
	struct mmio_map *map = find_map(mm, id);

	if (!map)
		map = &mm->map[mm->next_map++ % MMIO_MAX_MAPS];
	*map = (struct mmio_map){ .id = id, .start = start, .len_bytes = len_bytes };
	find_owner(mm, map);
}

void mmio_unmapped(struct mmio *mm, int64_t id)
{
	struct mmio_map *map = find_map(mm, id);

	if (map)
		memset(map, 0, sizeof(*map));
}

void mmio_forget(struct mmio *mm)
{
	for (unsigned i = 0; i < MMIO_MAX_MAPS; i++)
		mm->map[i].nr_words = 0;
	mm->has_register = false;
}

static void set_kind(struct event *ev, enum event_kind kind)
{
	ev->kind = kind;
	ev->witness = WITNESS_HARDWARE;
	ev->known = 0;
	ev->nr_objects = 0;
}

/* ---- MSI-X tables ---- */

static bool may_be_table(const struct mmio_map *map)
{
	return map->len_bytes % ENTRY_BYTES == 0 && map->len_bytes <= MAX_ENTRIES * ENTRY_BYTES;
}

static bool add_entry(const struct mmio_map *map, uint64_t at, struct event *ev)
{
	if (map->has_dev)
		event_add_object(ev, OBJ_MSIX, object_id_entry(map->dev, at / ENTRY_BYTES));
	return map->has_dev;
}

static bool write_control(const struct mmio_map *map, uint64_t at, uint32_t value, struct event *ev)
{
	if (!map->is_table)
		return false;
	set_kind(ev, EV_PCI_MSIX_ENTRY_MASK);
	event_arg_set(ev, ARG_MASKED, value & MASKED);
	return add_entry(map, at, ev);
}

/* Words of a message count in their order only: address, its upper half, data. */
static bool write_message(struct mmio_map *map, uint64_t at, uint32_t value, struct event *ev)
{
	unsigned word = at % ENTRY_BYTES / 4;
	uint64_t entry = at - at % ENTRY_BYTES;

	if (!word && value >> MESSAGE_SHIFT == MESSAGE_BASE) {
		map->message_at = entry;
		map->nr_words = 0;
	} else if (map->message_at != entry || word != map->nr_words || !word) {
		map->nr_words = 0;
		return false;
	}
	map->nr_words = word + 1;
	if (word < 2) {
		map->word[word] = value;
		return false;
	}
	map->is_table = true;
	map->nr_words = 0;
	set_kind(ev, EV_PCI_MSIX_ENTRY_WRITE);
	event_arg_set(ev, ARG_ADDR_LO, map->word[0]);
	event_arg_set(ev, ARG_ADDR_HI, map->word[1]);
	event_arg_set(ev, ARG_DATA, value);
	return add_entry(map, at, ev);
}

/* ---- IO-APIC ---- */

/* A window write is half of a redirection entry. */
static bool write_window(struct mmio *mm, uint32_t value, struct event *ev)
{
	uint32_t reg = mm->ioapic_register;
	unsigned shift = reg & 1 ? 32 : 0;

	if (!mm->has_register || reg < FIRST_ENTRY || reg > LAST_ENTRY)
		return false;
	set_kind(ev, EV_IOAPIC_RTE_WRITE);
	event_arg_set(ev, ARG_RTE, (int64_t)((uint64_t)value << shift));
	event_arg_set(ev, ARG_MASK, (int64_t)((uint64_t)UINT32_MAX << shift));
	event_add_object(ev, OBJ_PIN, object_id_pair(0, (reg - FIRST_ENTRY) / 2));
	return true;
}

static bool write_ioapic(struct mmio *mm, unsigned at, uint32_t value, struct event *ev)
{
	switch (at) {
	case IOAPIC_SELECT:
		mm->ioapic_register = value & 0xff;
		mm->has_register = true;
		return false;
	case IOAPIC_WINDOW:
		return write_window(mm, value, ev);
	case IOAPIC_EOI_AT:
		set_kind(ev, EV_IOAPIC_EOI);
		event_arg_set(ev, ARG_VECTOR, value & 0xff);
		return true;
	default:
		return false;
	}
}

bool mmio_write(struct mmio *mm, int64_t map_id, uint64_t addr, uint64_t value, unsigned width_bytes, struct event *ev)
{
	struct mmio_map *map = find_map(mm, map_id);
	uint64_t at;

	if (width_bytes != 4 || addr % 4)
		return false;
	if (addr >> 8 == IOAPIC_BASE >> 8)
		return write_ioapic(mm, addr & 0xff, (uint32_t)value, ev);
	if (!map || addr < map->start || addr - map->start >= map->len_bytes || !may_be_table(map))
		return false;
	at = addr - map->start;
	if (at % ENTRY_BYTES == CONTROL_AT)
		return write_control(map, at, (uint32_t)value, ev);
	return write_message(map, at, (uint32_t)value, ev);
}
