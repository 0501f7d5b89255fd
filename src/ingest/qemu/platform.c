/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A BAR begins at a multiple of its size: so of the bases that lie below an address, only those are candidates whose
 * lowest set bit is above the distance. That alone keeps a bridge's windows, which stand where other functions have BARs,
 * from being taken for one. Of two candidates the nearer one is right, of two equal ones the one that was written last, as
 * buses are numbered anew.
 *
 * Where the log does not show the table's offset in its BAR, a table is taken to begin with the page of the lowest access:
 * all of QEMU's devices have it so, and a kernel masks all entries first.
 */
#include "ingest/qemu/platform.h"

#include <stdlib.h>
#include <string.h>

#include "core/object.h"

enum { MAX_FUNCTIONS = 1024, MAX_TABLES = 256, MAX_ALL_ENTRIES = 16384, TABLE_SPAN = 32 << 10 };
enum { CAP_MSI = 0x05, CAP_MSIX = 0x11, CAP_POINTER = 0x34, FIRST_CAP = 0x40, LAST_CAP = 0xff };

void platform_init(struct platform *pf)
{
	memset(pf, 0, sizeof(*pf));
	pf->nr_ioapics = pf->messages_changed = 1;
}

void platform_fini(struct platform *pf)
{
	for (uint32_t i = 0; i < pf->nr_tables; i++)
		free(pf->table[i].entry);
	free(pf->table);
	free(pf->function);
}

static void set_entries(struct platform *pf, uint8_t flags)
{
	for (uint32_t i = 0; i < pf->nr_tables; i++)
		for (uint32_t k = 0; k < pf->table[i].nr_entries; k++)
			pf->table[i].entry[k] = (struct platform_entry){ .masked = 1, .flags = flags };
	pf->messages_changed++;
}

void platform_reset(struct platform *pf)
{
	enum { MASKED = 1 << 16 };

	for (unsigned i = 0; i < PLATFORM_NR_IOAPICS; i++) {
		for (unsigned pin = 0; pin < PLATFORM_NR_PINS; pin++) {
			pf->rte[i][pin] = MASKED;
			pf->rte_known[i][pin] = UINT64_MAX;
		}
	}
	set_entries(pf, ENTRY_HAS_LO | ENTRY_HAS_HI | ENTRY_HAS_DATA | ENTRY_HAS_MASK);
}

void platform_forget(struct platform *pf)
{
	memset(pf->rte_known, 0, sizeof(pf->rte_known));
	set_entries(pf, 0);
}

/* One more element behind nr; the array is moved. NULL where memory is short. */
static void *grow(void *array, uint32_t nr, size_t size)
{
	if (nr & (nr - 1))
		return array;
	return realloc(array, (nr ? 2 * (size_t)nr : 1) * size);
}

/* ------------------------------------------------------------------------------------------------- functions */

static struct platform_function *add_function(struct platform *pf, uint64_t pci)
{
	struct platform_function *all;

	if (pf->nr_functions == MAX_FUNCTIONS)
		return NULL;
	all = grow(pf->function, pf->nr_functions, sizeof(*all));
	if (!all) {
		pf->failed = true;
		return NULL;
	}
	pf->function = all;
	all[pf->nr_functions] = (struct platform_function){ .pci = pci };
	pf->last_function = pf->nr_functions;
	return &all[pf->nr_functions++];
}

struct platform_function *platform_function(struct platform *pf, uint64_t pci, struct qemu_text type)
{
	struct platform_function *fn = NULL;

	if (pf->last_function < pf->nr_functions && pf->function[pf->last_function].pci == pci)
		fn = &pf->function[pf->last_function];
	for (uint32_t i = 0; !fn && i < pf->nr_functions; i++) {
		if (pf->function[i].pci != pci)
			continue;
		fn = &pf->function[i];
		pf->last_function = i;
	}
	if (!fn)
		fn = add_function(pf, pci);
	if (fn && type.len && !fn->type[0] && type.len < sizeof(fn->type))
		memcpy(fn->type, type.at, type.len);
	return fn;
}

static bool is_of_type(const struct platform_function *fn, const char *types, size_t len)
{
	size_t own = strlen(fn->type);

	for (size_t i = 0; own && i + own <= len; i++)
		if (!memcmp(types + i, fn->type, own) && (!i || types[i - 1] == ' ') &&
		    (i + own == len || types[i + own] == ' '))
			return true;
	return false;
}

struct platform_function *platform_of_type(struct platform *pf, const char *types, size_t len)
{
	struct platform_function *found = NULL;

	for (uint32_t i = 0; i < pf->nr_functions; i++) {
		if (!is_of_type(&pf->function[i], types, len))
			continue;
		if (found)
			return NULL;
		found = &pf->function[i];
	}
	return found;
}

/* All ones ask for the size. */
void platform_write_bar(struct platform *pf, struct platform_function *fn, unsigned bar, uint32_t value)
{
	if (bar >= PLATFORM_NR_BARS || value == UINT32_MAX)
		return;
	fn->bar[bar] = value;
	fn->bar_known |= 1 << bar;
	fn->touched = ++pf->bars_changed;
}

void platform_map_bar(struct platform *pf, struct platform_function *fn, unsigned bar, uint64_t addr, uint64_t size_bytes)
{
	if (bar >= PLATFORM_NR_BARS)
		return;
	fn->map_addr[bar] = addr;
	fn->map_size[bar] = size_bytes;
	fn->touched = ++pf->bars_changed;
}

static void see_capability(struct platform_function *fn, unsigned offset, unsigned id)
{
	if (id == CAP_MSIX)
		fn->msix_cap = offset;
	if (id == CAP_MSI)
		fn->msi_cap = offset;
}

static void see_next(struct platform_function *fn, unsigned next)
{
	next &= 0xfc;
	if (next >= FIRST_CAP)
		fn->caps |= UINT64_C(1) << next / 4;
}

/* Of a read's length nothing is told: a byte, a word or both words are seen by what is in them. */
void platform_see_config(struct platform_function *fn, unsigned offset, uint32_t value)
{
	unsigned cap = offset & ~3u;

	if (offset == CAP_POINTER)
		see_next(fn, value & 0xff);
	if (offset < FIRST_CAP || offset > LAST_CAP)
		return;
	if (fn->caps >> cap / 4 & 1) {
		if (offset == cap) {
			see_capability(fn, cap, value & 0xff);
			see_next(fn, value >> 8 & 0xff);
		} else if (offset == cap + 1) {
			see_next(fn, value & 0xff);
		}
	}
	if (fn->msix_cap && offset == fn->msix_cap + 4u) {
		fn->msix_table = value;
		fn->msix_table_known = true;
	}
	if (fn->msi_cap && (offset == fn->msi_cap + 2u || (offset == fn->msi_cap && value > 0xffff))) {
		fn->msi_control = offset == fn->msi_cap ? value >> 16 : value & 0xffff;
		fn->msi_control_known = true;
	}
}

/* ---------------------------------------------------------------------------------------------------- tables */

/* Whether a base can be that of the BAR that holds an address. */
static bool can_hold(uint64_t base, uint64_t addr)
{
	return base && base <= addr && addr - base < (base & -base);
}

/* The base of a BAR that holds the address; 0: none does. */
static uint64_t bar_that_holds(const struct platform_function *fn, unsigned bar, uint64_t addr)
{
	uint64_t lo = fn->bar[bar] & ~UINT64_C(0xf), wide;

	if (fn->map_size[bar])
		return addr >= fn->map_addr[bar] && addr - fn->map_addr[bar] < fn->map_size[bar] ? fn->map_addr[bar] : 0;
	if (!(fn->bar_known >> bar & 1) || fn->bar[bar] & 1)
		return 0;
	if (can_hold(lo, addr))
		return lo;
	if (bar + 1 >= PLATFORM_NR_BARS || !(fn->bar_known >> (bar + 1) & 1))
		return 0;
	wide = (uint64_t)fn->bar[bar + 1] << 32 | lo;
	return can_hold(wide, addr) ? wide : 0;
}

static void find_function(struct platform *pf, struct platform_table *table, uint64_t addr)
{
	uint64_t best = 0, touched = 0;

	table->bars_seen = pf->bars_changed;
	pf->messages_changed++;
	for (uint32_t i = 0; i < pf->nr_functions; i++) {
		const struct platform_function *fn = &pf->function[i];

		for (unsigned bar = 0; bar < PLATFORM_NR_BARS; bar++) {
			uint64_t base = bar_that_holds(fn, bar, addr);

			if (!base || base < best || (base == best && fn->touched <= touched))
				continue;
			best = base;
			touched = fn->touched;
			table->function = i + 1;
			if (fn->msix_table_known && (fn->msix_table & 7) == bar && addr - base >= (fn->msix_table & ~7u))
				table->base = base + (fn->msix_table & ~7u);
		}
	}
}

static void forget_entries(struct platform *pf, struct platform_table *table)
{
	for (uint32_t i = 0; i < table->nr_entries; i++)
		table->entry[i] = (struct platform_entry){ .flags = 0 };
	pf->messages_changed++;
}

/* An access that the base does not explain: the function has it elsewhere now, or the base was too high. */
static void place(struct platform *pf, struct platform_table *table, uint64_t addr, unsigned unit_bytes)
{
	bool fits = table->base && addr >= table->base && addr - table->base < TABLE_SPAN;

	if (fits && (table->owned || table->bars_seen == pf->bars_changed))
		return;
	if (!fits) {
		if (table->owned)
			table->function = 0;
		table->owned = false;
		table->base = addr & ~(uint64_t)(unit_bytes - 1);
		forget_entries(pf, table);
	}
	find_function(pf, table, addr);
}

static struct platform_table *add_table(struct platform *pf, uint64_t mr)
{
	struct platform_table *all;

	if (pf->nr_tables == MAX_TABLES)
		return NULL;
	all = grow(pf->table, pf->nr_tables, sizeof(*all));
	if (!all) {
		pf->failed = true;
		return NULL;
	}
	pf->table = all;
	all[pf->nr_tables] = (struct platform_table){ .mr = mr };
	return &all[pf->nr_tables++];
}

struct platform_table *platform_table(struct platform *pf, uint64_t mr, uint64_t addr, unsigned unit_bytes)
{
	struct platform_table *table = NULL;

	for (uint32_t i = 0; !table && i < pf->nr_tables; i++)
		if (pf->table[i].mr == mr)
			table = &pf->table[i];
	if (!table)
		table = add_table(pf, mr);
	if (table)
		place(pf, table, addr, unit_bytes);
	return table;
}

struct platform_entry *platform_entry(struct platform *pf, struct platform_table *table, uint32_t index)
{
	uint32_t nr = table->nr_entries ? table->nr_entries : 8;
	struct platform_entry *all;

	if (index >= PLATFORM_MAX_ENTRIES)
		return NULL;
	if (index < table->nr_entries)
		return &table->entry[index];
	while (nr <= index)
		nr *= 2;
	if (pf->nr_all_entries + nr > MAX_ALL_ENTRIES)
		return NULL;
	all = realloc(table->entry, nr * sizeof(*all));
	if (!all) {
		pf->failed = true;
		return NULL;
	}
	memset(all + table->nr_entries, 0, (nr - table->nr_entries) * sizeof(*all));
	pf->nr_all_entries += nr - table->nr_entries;
	table->entry = all;
	table->nr_entries = nr;
	return &all[index];
}

static bool sends(const struct platform_entry *entry, uint64_t addr, uint32_t data)
{
	const uint8_t whole = ENTRY_HAS_LO | ENTRY_HAS_DATA;

	if ((entry->flags & whole) != whole || entry->data != data || entry->addr_lo != (uint32_t)addr)
		return false;
	/* what is masked sends nothing */
	return !(entry->flags & ENTRY_HAS_MASK && entry->masked);
}

static void search_message(const struct platform *pf, struct platform_memo *memo)
{
	unsigned nr = 0;

	for (uint32_t i = 0; i < pf->nr_tables; i++) {
		const struct platform_table *table = &pf->table[i];

		for (uint32_t k = 0; table->function && k < table->nr_entries; k++) {
			if (!sends(&table->entry[k], memo->addr, memo->data))
				continue;
			memo->function = table->function - 1;
			memo->index = k;
			nr++;
		}
	}
	memo->found = nr == 1;
}

bool platform_find_message(struct platform *pf, uint64_t addr, uint32_t data, uint32_t *function, uint32_t *index)
{
	struct platform_memo *memo = &pf->memo[(addr >> 12 ^ addr >> 2 ^ data) % PLATFORM_NR_MEMOS];

	if (memo->addr != addr || memo->data != data || memo->messages_seen != pf->messages_changed) {
		memo->addr = addr;
		memo->data = data;
		memo->messages_seen = pf->messages_changed;
		search_message(pf, memo);
	}
	*function = memo->function;
	*index = memo->index;
	return memo->found;
}

struct platform_table *platform_table_with(struct platform *pf, uint32_t index, uint64_t addr, uint32_t data)
{
	struct platform_table *found = NULL;

	for (uint32_t i = 0; i < pf->nr_tables; i++) {
		struct platform_table *table = &pf->table[i];

		if (index >= table->nr_entries || !sends(&table->entry[index], addr, data))
			continue;
		if (found)
			return NULL;
		found = table;
	}
	return found;
}

void platform_own_table(struct platform *pf, struct platform_table *table, const struct platform_function *fn)
{
	table->function = fn - pf->function + 1;
	table->owned = true;
	pf->messages_changed++;
}
