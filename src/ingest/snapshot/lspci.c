/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `lspci -vv` (pciutils, ls-caps.c and lspci.c): what functions' configuration space said when it was read. The vector
 * control of MSI-X entries is not in it, only whether the function masks all of them; of an MSI with mask bits it is.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ingest/readers.h"
#include "ingest/snapshot/snapshot.h"

#define HARDWARE	WITNESS_HARDWARE
#define SHADOW		WITNESS_SHADOW

enum { NR_BARS = 6, MAX_MESSAGES = 32 };

struct listing {
	bool has_function;
	uint64_t function;
	uint64_t bar[NR_BARS];		/* addresses; 0: none, or not of memory */
	enum { NO_CAP, MSI, MSIX } cap;	/* whose lines follow */
	uint64_t nr_messages;
};

/* "Name+" or "Name-" anywhere in the line: 1, 0, or -1. */
static int flag(const char *line, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strstr(line, name); at; at = strstr(at + 1, name))
		if ((at == line || at[-1] == ' ') && (at[len] == '+' || at[len] == '-'))
			return at[len] == '+';
	return -1;
}

static void told_flag(struct snapshot *ss, const char *line, const char *name, const char *field, const char *on,
		      const char *off)
{
	int value = flag(line, name);

	if (value >= 0)
		snapshot_word(ss, HARDWARE, field, value ? on : off);
}

/* "00:05.0 Ethernet controller: …" at the line's beginning. */
static bool function_head(struct snapshot *ss, struct listing *ls, char *line)
{
	uint64_t id;

	if (!isxdigit((unsigned char)*line) || !scan_bdf(&line, &id) || (*line && *line != ' '))
		return false;
	*ls = (struct listing){ .has_function = true, .function = id };
	snapshot_object(ss, OBJ_PCI, id);
	return true;
}

static const char *control(struct snapshot *ss, struct listing *ls, char *at)
{
	(void)ls;
	told_flag(ss, at, "Mem", "pci.memory", "on", "off");
	told_flag(ss, at, "BusMaster", "pci.bus_master", "on", "off");
	told_flag(ss, at, "DisINTx", "pci.intx", "disabled", "allowed");
	return NULL;
}

/* The function's own view of its INTx pin. */
static const char *status(struct snapshot *ss, struct listing *ls, char *at)
{
	snapshot_object(ss, OBJ_INTX, ls->function);
	told_flag(ss, at, "INTx", "intx.line", "asserted", "deasserted");
	return NULL;
}

/* "pin A routed to IRQ 21": what the kernel uses it as, where it has no MSI. */
static const char *interrupt(struct snapshot *ss, struct listing *ls, char *at)
{
	uint64_t irq;

	at = strstr(at, "routed to IRQ");
	if (!at)
		return NULL;
	at += strlen("routed to IRQ");
	if (!scan_dec(&at, &irq))
		return "no irq number";
	snapshot_object(ss, OBJ_INTX, ls->function);
	snapshot_feeds(ss, SHADOW, OBJ_IRQ, irq);
	return NULL;
}

/* "0: Memory at fe400000 (64-bit, non-prefetchable) [size=16K]" */
static const char *region(struct snapshot *ss, struct listing *ls, char *at)
{
	uint64_t bar, address;

	(void)ss;
	if (scan_dec(&at, &bar) && bar < NR_BARS && scan_text(&at, ": Memory at") && scan_hex(&at, &address))
		ls->bar[bar] = address;
	return NULL;
}

/* Where in configuration space the registers are that hold masks, by the capability's place in front: "[40]". */
static void registers(struct snapshot *ss, char *at, bool msix)
{
	enum { CONTROL = 2, MASK_32BIT = 0xc, MASK_64BIT = 0x10 };
	uint64_t place;

	if (!scan_text(&at, "[") || !scan_hex(&at, &place) || place > UINT8_MAX)
		return;
	if (msix)
		snapshot_number(ss, HARDWARE, "msix_function.control_register", place + CONTROL);
	else if (flag(at, "Maskable") == 1 && flag(at, "64bit") >= 0)
		snapshot_number(ss, HARDWARE, "msi_function.mask_register", place + (flag(at, "64bit") ? MASK_64BIT : MASK_32BIT));
}

/* "[40] MSI-X: Enable+ Count=65 Masked-" */
static const char *capability(struct snapshot *ss, struct listing *ls, char *at)
{
	char *msix = strstr(at, "] MSI-X:"), *msi = strstr(at, "] MSI:"), *count = strstr(at, "Count=");

	ls->cap = msix ? MSIX : msi ? MSI : NO_CAP;
	if (ls->cap == NO_CAP)
		return NULL;
	if (!count || flag(at, "Enable") < 0)
		return "no state of the capability";
	count += strlen("Count=");
	if (!scan_dec(&count, &ls->nr_messages))
		return "no count of messages";
	snapshot_object(ss, OBJ_PCI, ls->function);
	if (msix) {
		told_flag(ss, at, "Enable", "msix_function.enable", "on", "off");
		told_flag(ss, at, "Masked", "msix_function.fmask", "masked", "unmasked");
		snapshot_number(ss, HARDWARE, "msix_function.entries", ls->nr_messages);
	} else {
		told_flag(ss, at, "Enable", "msi_function.enable", "on", "off");
		told_flag(ss, at, "Maskable", "msi_function.maskable", "yes", "no");
		snapshot_number(ss, HARDWARE, "msi_function.messages", ls->nr_messages);
	}
	registers(ss, at, msix);
	return NULL;
}

/* "BAR=0 offset=00002000": with the region's address, where the entries are in memory. */
static const char *table(struct snapshot *ss, struct listing *ls, char *at)
{
	uint64_t bar, offset;

	if (ls->cap != MSIX)
		return NULL;
	if (!scan_text(&at, "BAR=") || !scan_dec(&at, &bar) || !scan_text(&at, "offset=") || !scan_hex(&at, &offset))
		return "no place of the vector table";
	snapshot_object(ss, OBJ_PCI, ls->function);
	if (bar < NR_BARS && ls->bar[bar])
		snapshot_number(ss, HARDWARE, "msix_function.table_address", ls->bar[bar] + offset);
	return NULL;
}

/* "00000000fee0200c  Data: 41c0" */
static const char *address(struct snapshot *ss, struct listing *ls, char *at)
{
	uint64_t addr, data;

	if (ls->cap != MSI)
		return NULL;
	if (!scan_hex(&at, &addr) || !scan_text(&at, "Data:") || !scan_hex(&at, &data))
		return "no MSI message";
	snapshot_object(ss, OBJ_MSI, object_id_entry(ls->function, 0));
	snapshot_number(ss, HARDWARE, "msi_message.address", addr);
	snapshot_number(ss, HARDWARE, "msi_message.data", data);
	return NULL;
}

/* "fffffffe  Pending: 00000000": a bit for each message. */
static const char *masking(struct snapshot *ss, struct listing *ls, char *at)
{
	uint64_t mask, pending;

	if (ls->cap != MSI)
		return NULL;
	if (!scan_hex(&at, &mask) || !scan_text(&at, "Pending:") || !scan_hex(&at, &pending))
		return "no mask and pending bits";
	for (unsigned i = 0; i < ls->nr_messages && i < MAX_MESSAGES; i++) {
		snapshot_object(ss, OBJ_MSI, object_id_entry(ls->function, i));
		snapshot_word(ss, HARDWARE, "msi_message.mask", mask >> i & 1 ? "masked" : "unmasked");
		snapshot_word(ss, HARDWARE, "msi_message.pending", pending >> i & 1 ? "set" : "clear");
	}
	return NULL;
}

static const char *driver(struct snapshot *ss, struct listing *ls, char *at)
{
	char *name = scan_word(&at);

	if (!name)
		return "no driver's name";
	snapshot_object(ss, OBJ_PCI, ls->function);
	snapshot_word(ss, SHADOW, "pci.driver", "bound");
	snapshot_word(ss, SHADOW, "pci.driver_name", name);
	return NULL;
}

static const struct {
	const char *head;
	const char *(*take)(struct snapshot *ss, struct listing *ls, char *at);
} rows[] = {
	{ "Control:", control },
	{ "Status:", status },
	{ "Interrupt:", interrupt },
	{ "Region", region },
	{ "Capabilities:", capability },
	{ "Vector table:", table },
	{ "Address:", address },
	{ "Masking:", masking },
	{ "Kernel driver in use:", driver },
};

static const char *take_line(struct snapshot *ss, char *line)
{
	struct listing *ls = snapshot_state(ss);

	if (function_head(ss, ls, line) || !ls->has_function)
		return NULL;
	/* A slot's lines may have the same heads; they have other flags. */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *at = line;

		if (!scan_text(&at, rows[i].head))
			continue;
		snapshot_object(ss, OBJ_PCI, ls->function);
		return rows[i].take(ss, ls, at);
	}
	return NULL;
}

static const struct snapshot_format format = {
	.kind = "lspci", .layer = LAYER_DEVICE, .state_bytes = sizeof(struct listing), .line = take_line,
};

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	return snapshot_open(&format, in, host);
}

static bool contains(const uint8_t *head, size_t len, const char *text)
{
	return memmem(head, len, text, strlen(text)) != NULL;
}

/* A function in front, and words that only -v prints. */
static int probe(const uint8_t *bytes, size_t len)
{
	char first[32] = "", *at = first;
	uint64_t id;

	memcpy(first, bytes, len < sizeof(first) - 1 ? len : sizeof(first) - 1);
	if (!isxdigit((unsigned char)first[0]) || !scan_bdf(&at, &id) || *at != ' ')
		return 0;
	return contains(bytes, len, "\tControl: I/O") || contains(bytes, len, "\tCapabilities: [") ? 85 : 0;
}

static bool shows(unsigned i, struct reader_shows *out)
{
	*out = (struct reader_shows){ "lspci", EV_SNAPSHOT_FIELD, i ? SHADOW : HARDWARE, false, false };
	return i < 2;
}

const struct reader_ops lspci_reader = {
	.name = "lspci",
	.layer = LAYER_DEVICE,
	.about = "lspci -vv: what functions' configuration space says, with MSI and MSI-X enables and function masks",
	.shows = shows,
	.probe = probe,
	.open = open_reader,
	SNAPSHOT_OPS,
};
