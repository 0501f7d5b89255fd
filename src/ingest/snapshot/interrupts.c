/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/interrupts (kernel/irq/proc.c, show_interrupts()): a head with the CPUs, then for each irq its count on each CPU,
 * its chip, hwirq and flow, and its actions. Rows with letters in front are vectors of the CPU itself, not irqs; of these
 * only the local timer's is told, which counts as long as the machine runs.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ingest/readers.h"
#include "ingest/snapshot/snapshot.h"

#define SHADOW		WITNESS_SHADOW

enum { MAX_COLUMNS = 8192, MAX_IRQ = 1 << 24 };

struct table {
	uint32_t nr_cpus;	/* columns; 0: the head was not seen */
	uint32_t cpu[MAX_COLUMNS];
};

/* "CPU0 CPU1": offline CPUs have no column. */
static bool head(struct table *table, char *line)
{
	uint32_t nr = 0;
	uint64_t cpu;

	while (scan_text(&line, "CPU")) {
		if (!scan_dec(&line, &cpu) || cpu > UINT16_MAX || nr == MAX_COLUMNS)
			return false;
		table->cpu[nr++] = cpu;
	}
	if (!nr || line[strspn(line, " ")])
		return false;
	table->nr_cpus = nr;
	return true;
}

static const char *counts(struct snapshot *ss, const struct table *table, uint64_t irq, char **at)
{
	uint64_t total = 0, count;

	for (uint32_t i = 0; i < table->nr_cpus; i++) {
		if (!scan_dec(at, &count) || (**at && **at != ' '))
			return "not a count for each CPU";
		total += count;
		if (!count)
			continue;
		snapshot_object(ss, OBJ_IRQ, irq);
		snapshot_cpu(ss, table->cpu[i]);
		snapshot_number(ss, SHADOW, "irq.cpu_count", count);
	}
	snapshot_object(ss, OBJ_IRQ, irq);
	snapshot_number(ss, SHADOW, "irq.count", total);
	return NULL;
}

static const char *timer_counts(struct snapshot *ss, const struct table *table, char *at)
{
	uint64_t count;

	for (uint32_t i = 0; i < table->nr_cpus; i++) {
		if (!scan_dec(&at, &count) || (*at && *at != ' '))
			return "not a count for each CPU";
		if (!count)
			continue;
		snapshot_object(ss, OBJ_CPU, table->cpu[i]);
		snapshot_number(ss, SHADOW, "cpu.timer_count", count);
	}
	return NULL;
}

/* A chip of one function's entries has its name: "IR-PCI-MSIX-0000:01:00.0", whose hwirq is the entry. */
static void entry_of_chip(struct snapshot *ss, const char *chip, uint64_t irq, uint64_t hwirq)
{
	const char *colon = strchr(chip, ':'), *from;
	bool is_msix = strstr(chip, "MSIX-") != NULL;
	uint64_t pci;

	if (!colon || hwirq > 2047 || (!is_msix && !strstr(chip, "MSI-")))
		return;
	for (from = colon; from > chip && isxdigit((unsigned char)from[-1]); from--)
		;
	if (!object_parse_bdf(from, &pci, NULL))
		return;
	snapshot_object(ss, is_msix ? OBJ_MSIX : OBJ_MSI, object_id_entry(pci, hwirq));
	snapshot_feeds(ss, SHADOW, OBJ_IRQ, irq);
	snapshot_object(ss, OBJ_IRQ, irq);
}

/* "23-fasteoi" or "-ioapic-level": a number, where the irq's domain gives one, and how it flows. */
static void hwirq_and_flow(struct snapshot *ss, const char *chip, uint64_t irq, char *word)
{
	uint64_t hwirq;
	char *at = word;

	if (scan_dec(&at, &hwirq) && *at == '-') {
		snapshot_number(ss, SHADOW, "irq.hwirq", hwirq);
		entry_of_chip(ss, chip, irq, hwirq);
	} else {
		at = word;
	}
	if (*at == '-' && at[1])
		snapshot_word(ss, SHADOW, "irq.flow_name", at + 1);
}

static void actions(struct snapshot *ss, char *at)
{
	at += strspn(at, " ");
	if (!*at) {
		snapshot_word(ss, SHADOW, "irq.actions", "none");
		return;
	}
	snapshot_word(ss, SHADOW, "irq.actions", strstr(at, ", ") ? "many" : "one");
	snapshot_word(ss, SHADOW, "irq.action_names", at);
}

static const char *take_line(struct snapshot *ss, char *line)
{
	struct table *table = snapshot_state(ss);
	char *chip, *word;
	const char *why;
	uint64_t irq;

	if (head(table, line) || !line[strspn(line, " ")])
		return NULL;
	if (scan_text(&line, "LOC:"))
		return timer_counts(ss, table, line);
	if (!scan_dec(&line, &irq) || *line != ':')
		return NULL;	/* NMI, LOC, … */
	line++;
	if (!table->nr_cpus)
		return "no head with the CPUs before";
	if (irq > MAX_IRQ)
		return "no such irq";
	why = counts(ss, table, irq, &line);
	if (why)
		return why;
	chip = scan_word(&line);
	if (!chip)
		return "no chip";
	snapshot_word(ss, SHADOW, "irq.chip", chip);
	word = scan_word(&line);
	if (word)
		hwirq_and_flow(ss, chip, irq, word);
	actions(ss, line);
	return NULL;
}

static const struct snapshot_format format = {
	.kind = "/proc/interrupts", .layer = LAYER_KERNEL, .state_bytes = sizeof(struct table), .line = take_line,
};

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	return snapshot_open(&format, in, host);
}

/* The first line has the CPUs and nothing else. */
static int probe(const uint8_t *bytes, size_t len)
{
	size_t at = 0;

	while (at < len && bytes[at] == ' ')
		at++;
	if (at < 8 || len - at < 5 || memcmp(bytes + at, "CPU", 3) || !isdigit(bytes[at + 3]))
		return 0;
	while (at < len && bytes[at] != '\n' && (bytes[at] == ' ' || isupper(bytes[at]) || isdigit(bytes[at])))
		at++;
	return at == len || bytes[at] == '\n' ? 85 : 0;
}

static bool shows(unsigned i, struct reader_shows *out)
{
	*out = (struct reader_shows){ "/proc/interrupts", EV_SNAPSHOT_FIELD, SHADOW, false, false };
	return i == 0;
}

const struct reader_ops interrupts_reader = {
	.name = "/proc/interrupts",
	.layer = LAYER_KERNEL,
	.about = "the kernel's own count of interrupts, with chips and actions",
	.shows = shows,
	.probe = probe,
	.open = open_reader,
	SNAPSHOT_OPS,
};
