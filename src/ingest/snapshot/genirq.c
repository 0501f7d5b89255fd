/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of /sys/kernel/debug/irq/irqs (kernel/irq/debugfs.c, CONFIG_GENERIC_IRQ_DEBUGFS): an irq's descriptor with its
 * domains. The number is not in the file but its name: taken from the head that `tail -n +1 irqs/[0-9]*` or
 * `grep "" irqs/[0-9]*` puts in front, else from the name that this file has.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/readers.h"
#include "ingest/snapshot/snapshot.h"

#define SHADOW		WITNESS_SHADOW

struct desc {
	bool named;		/* the irq is known */
	bool headed;		/* files have heads: what this file is called says nothing */
	uint64_t irq;
	bool in_flags;		/* names of the state word's bits follow */
	bool masked, disabled, started, spurious;
	bool has_state;
	unsigned nr_domains;	/* of the irq so far; the first is the one nearest to the device */
};

static bool irq_of_path(const char *path, size_t len, uint64_t *irq)
{
	size_t from = len;
	char digits[12] = "", *at = digits;

	while (from && path[from - 1] != '/')
		from--;
	if (len - from >= sizeof(digits))
		return false;
	memcpy(digits, path + from, len - from);
	return isdigit((unsigned char)digits[0]) && scan_dec(&at, irq) && (!*at || *at == '.') && *irq < 1 << 24;
}

/* What the bits' names said, once all of them have been seen. */
static void tell_state(struct snapshot *ss, struct desc *desc)
{
	if (!desc->has_state || !desc->named)
		return;
	snapshot_object(ss, OBJ_IRQ, desc->irq);
	snapshot_word(ss, SHADOW, "irq.masked", desc->masked ? "masked" : "unmasked");
	snapshot_word(ss, SHADOW, "irq.life", desc->started ? "started" : "shutdown");
	snapshot_word(ss, SHADOW, "irq.disabled", desc->disabled ? "yes" : "no");
	desc->has_state = false;
}

static void begin(struct snapshot *ss, struct desc *desc, bool named, uint64_t irq)
{
	tell_state(ss, desc);
	*desc = (struct desc){ .named = named, .headed = true, .irq = irq };
}

/* "==> /sys/kernel/debug/irq/irqs/29 <==" */
static bool file_head(struct snapshot *ss, struct desc *desc, const char *line)
{
	const char *end = strstr(line, " <==");
	uint64_t irq = 0;
	bool named;

	if (strncmp(line, "==> ", 4) || !end)
		return false;
	named = irq_of_path(line + 4, end - line - 4, &irq);
	begin(ss, desc, named, irq);
	return true;
}

static void number(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	uint64_t value;

	(void)desc;
	if (scan_hex(&at, &value))
		snapshot_number(ss, SHADOW, field, value);
}

static void decimal(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	uint64_t value;

	(void)desc;
	if (scan_dec(&at, &value))
		snapshot_number(ss, SHADOW, field, value);
}

static void text(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	at += strspn(at, " ");
	(void)desc;
	if (*at)
		snapshot_word(ss, SHADOW, field, at);
}

static void yes_no(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	uint64_t value;

	(void)desc;
	if (scan_dec(&at, &value))
		snapshot_word(ss, SHADOW, field, value ? "yes" : "no");
}

static void cpus(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	uint64_t mask;

	(void)desc;
	if (at[strspn(at, " ")] && scan_cpu_list(&at, &mask))
		snapshot_number(ss, SHADOW, field, mask);
}

/* "0": enabled; more: so often disabled. */
static void depth(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	static const char *const states[] = { "0", "1", "2", "many" };
	uint64_t value;

	(void)desc;
	if (scan_dec(&at, &value))
		snapshot_word(ss, SHADOW, field, states[value < 3 ? value : 3]);
}

static void state_word(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	number(ss, desc, field, at);
	desc->in_flags = desc->has_state = true;
}

/* The device's function, where it is one. */
static void device(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	uint64_t pci;

	at += strspn(at, " ");
	if (!object_parse_bdf(at, &pci, NULL))
		return;
	snapshot_object(ss, OBJ_PCI, pci);
	snapshot_feeds(ss, SHADOW, OBJ_IRQ, desc->irq);
	snapshot_object(ss, OBJ_IRQ, desc->irq);
	snapshot_word(ss, SHADOW, field, at);
}

/* Of each domain of the hierarchy; the first's chip is that of the irq. */
static void domain(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	if (!desc->nr_domains++)
		text(ss, desc, field, at);
}

static void of_first(struct snapshot *ss, struct desc *desc, const char *field, char *at)
{
	if (desc->nr_domains != 1)
		return;
	if (!strcmp(field, "irq.hwirq"))
		number(ss, desc, field, at);
	else
		text(ss, desc, field, at);
}

static const struct {
	const char *key, *field;
	void (*tell)(struct snapshot *ss, struct desc *desc, const char *field, char *at);
} keys[] = {
	{ "handler:", "irq.flow_handler", text },
	{ "device:", "irq.device", device },
	{ "status:", "irq.status", number },
	{ "istate:", "irq.istate", number },
	{ "ddepth:", "irq.depth", depth },
	{ "wdepth:", "irq.wake_depth", decimal },
	{ "dstate:", "irq.state", state_word },
	{ "affinity:", "irq.affinity", cpus },
	{ "effectiv:", "irq.effective_affinity", cpus },
	{ "pending:", "irq.pending_affinity", cpus },
	{ "domain:", "irq.domain", domain },
	{ "hwirq:", "irq.hwirq", of_first },
	{ "chip:", "irq.chip", of_first },
	{ "Vector:", "vector.number", decimal },
	{ "Target:", "vector.target_cpu", decimal },
	{ "Previous vector:", "vector.previous_number", decimal },
	{ "Previous target:", "vector.previous_cpu", decimal },
	{ "move_in_progress:", "vector.move_in_progress", yes_no },
	{ "is_managed:", "vector.managed", yes_no },
	{ "can_reserve:", "vector.can_reserve", yes_no },
	{ "has_reserved:", "vector.has_reserved", yes_no },
	{ "cleanup_pending:", "vector.cleanup_pending", yes_no },
};

static void state_flag(struct desc *desc, const char *word)
{
	desc->masked |= !strcmp(word, "IRQD_IRQ_MASKED");
	desc->disabled |= !strcmp(word, "IRQD_IRQ_DISABLED");
	desc->started |= !strcmp(word, "IRQD_IRQ_STARTED");
}

/* "/sys/kernel/debug/irq/irqs/29:dstate: …", as grep prints lines of several files. */
static char *without_file(struct snapshot *ss, struct desc *desc, char *line)
{
	char *colon = line[0] == '/' || isdigit((unsigned char)line[0]) ? strchr(line, ':') : NULL;
	uint64_t irq;

	if (!colon || !irq_of_path(line, colon - line, &irq))
		return line;
	if (!desc->named || desc->irq != irq)
		begin(ss, desc, true, irq);
	return colon + 1;
}

static const char *take_line(struct snapshot *ss, char *line)
{
	struct desc *desc = snapshot_state(ss);
	const char *path = snapshot_path(ss);

	if (file_head(ss, desc, line))
		return NULL;
	line = without_file(ss, desc, line);
	line += strspn(line, " ");
	if (!strncmp(line, "handler:", 8) && !desc->named) {
		desc->named = !desc->headed && irq_of_path(path, strlen(path), &desc->irq);
		if (!desc->named)
			return "which irq this is of is told by the file's name, and this one's does not";
	}
	if (!desc->named)
		return NULL;
	if (desc->in_flags && !strncmp(line, "IRQD_", 5)) {
		state_flag(desc, line);
		return NULL;
	}
	if (desc->in_flags && *line) {
		desc->in_flags = false;
		tell_state(ss, desc);
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strncmp(line, keys[i].key, strlen(keys[i].key)))
			continue;
		snapshot_object(ss, OBJ_IRQ, desc->irq);
		keys[i].tell(ss, desc, keys[i].field, line + strlen(keys[i].key));
		break;
	}
	return NULL;
}

static const struct snapshot_format format = {
	.kind = "genirq debugfs", .layer = LAYER_KERNEL, .state_bytes = sizeof(struct desc), .line = take_line,
};

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	return snapshot_open(&format, in, host);
}

static bool contains(const uint8_t *head, size_t len, const char *text_)
{
	return memmem(head, len, text_, strlen(text_)) != NULL;
}

static int probe(const uint8_t *bytes, size_t len)
{
	return contains(bytes, len, "handler:") && contains(bytes, len, "dstate:") && contains(bytes, len, "ddepth:") ? 85 : 0;
}

static bool shows(unsigned i, struct reader_shows *out)
{
	*out = (struct reader_shows){ "genirq debugfs", EV_SNAPSHOT_FIELD, SHADOW, false, false };
	return i == 0;
}

const struct reader_ops genirq_reader = {
	.name = "genirq debugfs",
	.layer = LAYER_KERNEL,
	.about = "files of /sys/kernel/debug/irq/irqs: irq descriptors with their state words and vectors",
	.shows = shows,
	.probe = probe,
	.open = open_reader,
	SNAPSHOT_OPS,
};
