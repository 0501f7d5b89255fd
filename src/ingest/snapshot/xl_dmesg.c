/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen's console with debug-key dumps, as `xl debug-keys imzeQq; xl dmesg` shows it: i (irqs and IO-APIC pins), M (MSI, and
 * vPCI's tables), z (IO-APIC registers), e (event channels), Q (whose device has which irqs), q (vCPUs); Xen 4.4 to today
 * (xen/arch/x86/irq.c, msi.c, io_apic.c; xen/common/event_channel.c; xen/drivers). Rows are read by their words, widths
 * are minimums. The console is a ring: rows whose head is lost are no dump, and of several dumps of one key the last
 * counts. Of what Xen says when it boots, the method by which it acknowledges level pins is told; all else is passed over.
 *
 * Not told: fields whose lock was held ("?"), and what M says of a device's own mask where it could not be read.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ingest/boot.h"
#include "ingest/readers.h"
#include "ingest/snapshot/snapshot.h"

#define SHADOW		WITNESS_SHADOW
#define HARDWARE	WITNESS_HARDWARE

enum dump { DUMP_IRQS, DUMP_MSI, DUMP_PINS, DUMP_PORTS, DUMP_DEVICES, DUMP_DOMAINS, NR_DUMPS };

enum { PROBE_LINES = 64, MAX_EARLIER = 64 };

/* Where in a dump a line stands. */
enum section { NOWHERE, IRQS, IRQ_PINS, MSIS, VPCI, RTES, PORTS, DEVICES, VCPUS };

/* When a line was printed, as the number of a field; NULL: it does not say. */
struct stamp {
	const char *field;
	uint64_t value;
};

struct console {
	uint64_t last[NR_DUMPS];	/* line of the last dump's head, 0: there is none */
	uint64_t last_domain;		/* of heads of event channels, to tell dumps apart */
	uint64_t earlier[MAX_EARLIER];	/* digests of dumps of key i that the last one replaces */
	unsigned nr_earlier;
	uint64_t digest;		/* of the last dump's rows of irqs; 0: there is none */
	bool in_irqs, told_digests;	/* while lines are surveyed: rows of irqs follow */
	struct stamp stamp;		/* of the last dump's head, until it is told */
	enum section section;
	uint64_t irq;			/* of the pins that follow */
	uint64_t domain;
	int apic;			/* index of the IO-APIC whose registers follow; -1: none yet */
	bool has_two_dests;		/* its rows have a logical and a physical destination */
	bool has_vcpu, vcpu_runs;	/* a vCPU whose second line is to come */
	uint64_t vcpu;
	bool has_function, is_msi;
	uint64_t function;		/* whose vPCI tables follow */
	unsigned msi_index;
};

/* "(XEN) [2026-01-01 12:00:00] ": what stands before each line. */
static char *behind_name(char *line)
{
	while (*line == ' ')
		line++;
	return strncmp(line, "(XEN)", 5) ? line : line + 5 + (line[5] == ' ');
}

static char *without_prefix(char *line)
{
	char *end;

	line = behind_name(line);
	end = line[0] == '[' ? strstr(line, "] ") : NULL;
	return end ? end + 2 : line;
}

/* Digits that are read as one number: "2026-01-01 12:00:00.250" is larger than what was printed before it. */
static uint64_t digits_of(const char *at, const char *end)
{
	uint64_t value = 0;

	for (; at < end; at++)
		if (isdigit((unsigned char)*at) && value < UINT64_MAX / 10 - 1)
			value = 10 * value + (*at - '0');
	return value;
}

/*
 * What console_timestamps= puts before each line: "[2026-01-01 12:00:00]" (date), the same with ".250" (datems), or
 * "[   12.345678]" (boot). Other forms are not read.
 */
static struct stamp stamp_of(char *line)
{
	char *from = behind_name(line), *end = from[0] == '[' ? strstr(from, "] ") : NULL;
	size_t len = end ? (size_t)(end - from - 1) : 0;

	if (!len || strspn(from + 1, "0123456789-:. ") < len || !isdigit((unsigned char)end[-1]))
		return (struct stamp){ 0 };
	if (len >= 19 && from[5] == '-' && from[8] == '-')
		return (struct stamp){ len > 19 ? "xen_dump.date_ms" : "xen_dump.date", digits_of(from + 1, end) };
	if (!memchr(from, '-', len) && memchr(from, '.', len))
		return (struct stamp){ "xen_dump.boot_us", digits_of(from + 1, end) };
	return (struct stamp){ 0 };
}

static bool begins(const char *line, const char *head)
{
	return !strncmp(line, head, strlen(head));
}

/* ---- heads ---- */

static const struct {
	const char *head;
	enum dump dump;
	enum section section;
} heads[] = {
	{ "IRQ information:", DUMP_IRQS, IRQS },
	{ "MSI information:", DUMP_MSI, MSIS },
	{ "number of MP IRQ sources:", DUMP_PINS, NOWHERE },
	{ "'e' pressed -> dumping event-channel info", DUMP_PORTS, NOWHERE },
	{ "==== PCI devices ====", DUMP_DEVICES, DEVICES },
	{ "'q' pressed -> dumping domain info", DUMP_DOMAINS, NOWHERE },
};

/* A part of a dump, in which rows of another form follow; only where the dump's own head was seen. */
static const struct {
	const char *head;
	enum dump dump;
	enum section section;
} parts[] = {
	{ "Direct vector information:", DUMP_IRQS, NOWHERE },
	{ "IO-APIC interrupt information:", DUMP_IRQS, IRQ_PINS },
	{ ".... IRQ redirection table:", DUMP_PINS, RTES },
	{ "IRQ to pin mappings:", DUMP_PINS, NOWHERE },
	{ "Using vector-based indexing", DUMP_PINS, NOWHERE },
	{ "General information for domain", DUMP_DOMAINS, NOWHERE },
};

static bool domain_head(char *line, uint64_t *domain)
{
	return scan_text(&line, "Event channel information for domain") && scan_dec(&line, domain);
}

/* FNV-1a, of which 63 bits remain: fields are signed numbers. */
static uint64_t digest(uint64_t from, const char *text)
{
	for (; *text; text++)
		from = (from ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return from & INT64_MAX;
}

/*
 * The console is a ring that goes on: a text that has another's dump before its own is the later one. Only rows of irqs are
 * compared, in which what changes all the time is seldom.
 */
static void survey_irqs(struct console *con, const char *line)
{
	enum { BEGIN = 0x4bf29ce4 };

	if (begins(line, "IRQ information:")) {
		if (con->digest && con->nr_earlier < MAX_EARLIER)
			con->earlier[con->nr_earlier++] = con->digest;
		con->digest = BEGIN;
		con->in_irqs = true;
	} else if (con->in_irqs && begins(line + strspn(line, " "), "IRQ:")) {
		con->digest = digest(con->digest, line);
	} else if (begins(line, "Direct vector information:") || begins(line, "MSI information:")) {
		con->in_irqs = false;
	}
}

static void survey(struct snapshot *ss, char *line)
{
	struct console *con = snapshot_state(ss);
	struct stamp stamp = stamp_of(line);
	uint64_t domain;
	char *version;

	line = without_prefix(line);
	survey_irqs(con, line);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		if (begins(line, heads[i].head)) {
			con->last[heads[i].dump] = snapshot_line_nr(ss);
			con->last_domain = 0;
			con->stamp = stamp.field ? stamp : con->stamp;
		}
	}
	/* Without the key's own message, domains that come again begin another dump. */
	if (domain_head(line, &domain)) {
		if (!con->last[DUMP_PORTS] || domain < con->last_domain)
			con->last[DUMP_PORTS] = snapshot_line_nr(ss);
		con->last_domain = domain;
	}
	/* a serial console has dom0's own, too, which begins otherwise */
	if (begins(line, "Detected ") && boot_tsc_hz(line))
		snapshot_set_tsc_hz(ss, boot_tsc_hz(line));
	version = strstr(line, "Xen version ");
	if (version && version == line)
		snapshot_set_release(ss, version + strlen("Xen version "));
}

static bool is_current(const struct console *con, enum dump dump, uint64_t line_nr)
{
	return con->last[dump] && line_nr >= con->last[dump];
}

/* True where the line is a head; the section is what it says, or nowhere where a later dump is to come. */
static bool take_head(struct snapshot *ss, struct console *con, char *line)
{
	uint64_t nr = snapshot_line_nr(ss);

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		if (!begins(line, heads[i].head))
			continue;
		con->section = is_current(con, heads[i].dump, nr) ? heads[i].section : NOWHERE;
		con->apic = -1;
		con->irq = UINT64_MAX;
		return true;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!begins(line, parts[i].head))
			continue;
		con->section = is_current(con, parts[i].dump, nr) ? parts[i].section : NOWHERE;
		return true;
	}
	if (domain_head(line, &con->domain)) {
		con->section = is_current(con, DUMP_PORTS, nr) ? PORTS : NOWHERE;
		return true;
	}
	if (begins(line, "IO APIC #")) {
		con->apic++;
		return true;
	}
	if (scan_text(&line, "VCPU information and callbacks for domain") && scan_dec(&line, &con->domain)) {
		con->section = is_current(con, DUMP_DOMAINS, nr) ? VCPUS : NOWHERE;
		con->has_vcpu = false;
		return true;
	}
	if (scan_text(&line, "vPCI MSI/MSI-X d") && scan_dec(&line, &con->domain)) {
		con->section = is_current(con, DUMP_MSI, nr) ? VPCI : NOWHERE;
		con->has_function = false;
		return true;
	}
	return false;
}

/* ---- i ---- */

/* Until 4.12: 32 CPUs a group, "00000001,0000000f" from the last CPUs on; as a mask of the first 64. */
static bool scan_cpu_groups(char **at, uint64_t *mask)
{
	uint64_t group;

	*mask = 0;
	do {
		if (!scan_hex(at, &group) || group > UINT32_MAX)
			return false;
		*mask = *mask << 32 | group;
	} while (scan_text(at, ","));
	return true;
}

/* "key:{list}/{list}" or, until 4.12, "affinity:0003": wanted, and where the vector is valid. */
static bool affinity(struct snapshot *ss, char **at)
{
	uint64_t wanted, valid;

	if (scan_text(at, "affinity:"))
		return scan_cpu_groups(at, &wanted) && (snapshot_number(ss, SHADOW, "xen_irq.affinity", wanted), true);
	if (!scan_text(at, "aff:{") || !scan_cpu_list(at, &wanted) || !scan_text(at, "}/{") || !scan_cpu_list(at, &valid) ||
	    !scan_text(at, "}"))
		return false;
	snapshot_number(ss, SHADOW, "xen_irq.affinity", wanted);
	snapshot_number(ss, SHADOW, "xen_irq.cpus", valid);
	return true;
}

/* "?": another CPU held the lock. */
static void flag(struct snapshot *ss, const char *field, char c, const char *set, const char *clear)
{
	if (c != '?')
		snapshot_word(ss, SHADOW, field, c == '-' ? clear : set);
}

/*
 * "d0:412(PMM)": pending and masked are the port's, the last is Xen's own: handed over, EOI owed. With four, as before the
 * FIFO ports of 4.4, the second is the selector bit.
 */
static bool guest(struct snapshot *ss, uint64_t irq, char **at)
{
	uint64_t domain, pirq, id;
	size_t nr_flags;
	char *flags;

	scan_text(at, "d");
	if (!scan_dec(at, &domain) || !scan_text(at, ":") || !scan_dec(at, &pirq) || !scan_text(at, "(") ||
	    domain > UINT32_MAX || pirq > UINT32_MAX)
		return false;
	flags = *at;
	nr_flags = strcspn(flags, ")");
	if (!flags[nr_flags] || nr_flags < 3 || nr_flags > 4)
		return false;
	*at += nr_flags + 1;
	id = object_id_pair(domain, pirq);
	snapshot_object(ss, OBJ_XIRQ, irq);
	snapshot_feeds(ss, SHADOW, OBJ_PIRQ, id);
	snapshot_object(ss, OBJ_PIRQ, id);
	flag(ss, "xen_port.pending", flags[0], "set", "clear");
	flag(ss, "xen_port.mask", flags[nr_flags - 2], "masked", "unmasked");
	flag(ss, "xen_pirq.eoi_owed", flags[nr_flags - 1], "yes", "no");
	return true;
}

/* The bits of the status word whose places are the same in all releases (xen/include/xen/irq.h). */
static void status_bits(struct snapshot *ss, uint64_t status)
{
	static const struct {
		unsigned bit;
		const char *field;
	} bits[] = {
		{ 0, "xen_status.in_progress" }, { 1, "xen_status.disabled" }, { 2, "xen_status.pending" },
		{ 5, "xen_status.move_pending" },
	};

	for (unsigned i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		snapshot_word(ss, SHADOW, bits[i].field, status >> bits[i].bit & 1 ? "yes" : "no");
}

/* Guests, Xen's own handler, or nobody. */
static const char *irq_tail(struct snapshot *ss, uint64_t irq, char *at)
{
	uint64_t in_flight, guests = 0;
	char *label;

	if (scan_text(&at, "Z="))
		scan_word(&at);
	if (scan_text(&at, "in-flight=")) {
		if (!scan_dec(&at, &in_flight))
			return "no number of interrupts in flight";
		snapshot_word(ss, SHADOW, "xen_irq.action", "guest");
		snapshot_number(ss, SHADOW, "xen_irq.in_flight", in_flight);
		scan_text(&at, "domain-list=");
		while (at[strspn(at, " ,")]) {
			at += strspn(at, " ,");
			if (!guest(ss, irq, &at))
				return "a domain and its pirq expected";
			guests++;
		}
		snapshot_object(ss, OBJ_XIRQ, irq);
		snapshot_number(ss, SHADOW, "xen_irq.guests", guests);
		return NULL;
	}
	if (scan_text(&at, "mapped, unbound")) {
		snapshot_word(ss, SHADOW, "xen_irq.action", "none");
		return NULL;
	}
	label = scan_word(&at);
	if (!label || !strchr(label, ')'))
		return "neither guests nor a handler";
	snapshot_word(ss, SHADOW, "xen_irq.action", "xen");
	snapshot_word(ss, SHADOW, "xen_irq.handler", label);
	return NULL;
}

static const char *irq_row(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t irq, vector, status;
	const char *why;
	char *type;

	(void)con;
	if (!scan_text(&at, "IRQ:"))
		return NULL;
	if (!scan_dec(&at, &irq))
		return "no irq number";
	snapshot_object(ss, OBJ_XIRQ, irq);
	if (begins(at + strspn(at, " "), "affinity:") && !affinity(ss, &at))
		return "no CPU mask";
	if (!scan_text(&at, "vec:") || !scan_hex(&at, &vector))
		return "no vector";
	scan_text(&at, "type=");
	type = scan_word(&at);
	if (!type || !scan_text(&at, "status=") || !scan_hex(&at, &status))
		return "no type or status";
	if (vector <= 0xff)
		snapshot_number(ss, SHADOW, "xen_irq.vector", vector);
	snapshot_word(ss, SHADOW, "xen_irq.type", type);
	snapshot_number(ss, SHADOW, "xen_irq.status", status);
	if (begins(at + strspn(at, " "), "aff:") && !affinity(ss, &at))
		return "no CPU lists";
	why = irq_tail(ss, irq, at);
	snapshot_object(ss, OBJ_XIRQ, irq);
	status_bits(ss, status);
	return why;
}

/* Words of a dump and the states that they are, of the model's components where it has them. */
struct word_state {
	const char *word, *state;
};

static const struct word_state delivery_modes[] = {
	{ "Fixed", "fixed" }, { "fixed", "fixed" }, { "LoPri", "lowest priority" }, { "lowest", "lowest priority" },
	{ "NMI", "NMI" }, { "ExINT", "ExtINT" }, { "SMI", "another" }, { "INIT", "another" },
	{ "Resvd", "another" }, { "INVAL", "another" }, { NULL, NULL },
};
static const struct word_state dest_modes[] = {
	{ "P", "physical" }, { "L", "logical" }, { "phys", "physical" }, { "log", "logical" }, { NULL, NULL },
};
static const struct word_state triggers[] = {
	{ "E", "edge" }, { "L", "level" }, { "edge", "edge" }, { "level", "level" }, { NULL, NULL },
};

static bool state_word(struct snapshot *ss, enum witness witness, const char *field, const struct word_state *table,
		       const char *word)
{
	for (; table->word; table++) {
		if (strcmp(table->word, word))
			continue;
		snapshot_word(ss, witness, field, table->state);
		return true;
	}
	return false;
}

/* A bit as the two states of a field. */
static void bit(struct snapshot *ss, const char *field, uint64_t value, const char *set, const char *clear)
{
	snapshot_word(ss, HARDWARE, field, value ? set : clear);
}

/* "NAME=WORD", which may be of hexadecimal digits. */
static char *value_of(char **at, const char *name)
{
	return scan_text(at, name) ? scan_word(at) : NULL;
}

static bool value_hex(char **at, const char *name, uint64_t *value)
{
	char *word = value_of(at, name);

	return word && scan_hex(&word, value) && !*word;
}

/* With interrupt remapping vector, delivery and destination are those of the remapping entry: what really arrives. */
static const char *pin_row(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t irq, apic, pin, vector, status, polarity, irr, mask, dest;
	char *mode, *dest_mode, *trigger;

	if (scan_text(&at, "IRQ") && scan_dec(&at, &irq)) {
		con->irq = irq;
		return NULL;
	}
	if (!scan_text(&at, "Apic"))
		return NULL;
	if (!scan_hex(&at, &apic) || !scan_text(&at, ",") || !scan_text(&at, "Pin") || !scan_dec(&at, &pin) ||
	    !scan_text(&at, ":") || apic > UINT32_MAX || pin > UINT32_MAX)
		return "no IO-APIC and pin";
	if (!value_hex(&at, "vec=", &vector) || !(mode = value_of(&at, "delivery=")) ||
	    !(dest_mode = value_of(&at, "dest=")) || !value_hex(&at, "status=", &status) ||
	    !value_hex(&at, "polarity=", &polarity) || !value_hex(&at, "irr=", &irr) || !(trigger = value_of(&at, "trig=")) ||
	    !value_hex(&at, "mask=", &mask) || !value_hex(&at, "dest_id:", &dest))
		return "not all fields of a pin";
	snapshot_object(ss, OBJ_PIN, object_id_pair(apic, pin));
	if (con->irq != UINT64_MAX)
		snapshot_feeds(ss, SHADOW, OBJ_XIRQ, con->irq);
	snapshot_number(ss, HARDWARE, "ioapic_pin.vector", vector);
	state_word(ss, HARDWARE, "message_fields.delivery_mode", delivery_modes, mode);
	state_word(ss, HARDWARE, "message_fields.dest_mode", dest_modes, dest_mode);
	bit(ss, "message_fields.polarity", polarity, "active low", "active high");
	bit(ss, "ioapic_pin.delivery_status", status, "pending", "idle");
	bit(ss, "ioapic_pin.remote_irr", irr, "set", "clear");
	state_word(ss, HARDWARE, "ioapic_pin.trigger", triggers, trigger);
	bit(ss, "ioapic_pin.mask", mask, "masked", "unmasked");
	snapshot_number(ss, HARDWARE, "ioapic_pin.dest", dest);
	return NULL;
}

/* ---- M ---- */

/* The words that a message's data and address are printed as. */
static bool message(struct snapshot *ss, char **at)
{
	char *mode = scan_word(at), *trigger = scan_word(at), *level = scan_word(at), *dest_mode = scan_word(at);
	char *hint = scan_word(at);

	/* "deassert" is one word, also where "de" and "assert" are padded */
	if (level && !strcmp(level, "de")) {
		dest_mode = hint;
		hint = scan_word(at);
	}
	if (!hint || !state_word(ss, SHADOW, "message_fields.delivery_mode", delivery_modes, mode) ||
	    !state_word(ss, SHADOW, "message_fields.trigger", triggers, trigger) ||
	    !state_word(ss, SHADOW, "message_fields.dest_mode", dest_modes, dest_mode))
		return false;
	snapshot_word(ss, SHADOW, "message_fields.redirection_hint", strcmp(hint, "lowest") ? "no" : "yes");
	return true;
}

/*
 * "mask=1/HG/0": has a mask bit, who wants it masked, and the bit itself as read from the device. Xen 4.4 and 4.5 kept
 * one wish, its own, and none of the guest's: "mask=1/1/0".
 */
static const char *msi_mask(struct snapshot *ss, const char *type, char *at)
{
	bool is_msix = !strcmp(type, "MSI-X");
	char *slash;

	if (!scan_text(&at, "mask=") || (*at != '0' && *at != '1') || at[1] != '/')
		return "no mask";
	slash = strchr(at + 2, '/');
	if (!slash || slash == at + 2 || (slash[1] != '0' && slash[1] != '1' && slash[1] != '?'))
		return "no mask";
	snapshot_word(ss, SHADOW, "xen_msi.maskable", *at == '1' ? "yes" : "no");
	if (at[2] == '0' || at[2] == '1') {
		snapshot_word(ss, SHADOW, "xen_msi.host_mask", at[2] == '1' ? "masked" : "unmasked");
		snapshot_word(ss, SHADOW, "xen_msi.guest_mask", "unmasked");
	} else {
		*slash = 0;
		snapshot_word(ss, SHADOW, "xen_msi.host_mask", strchr(at + 2, 'H') ? "masked" : "unmasked");
		snapshot_word(ss, SHADOW, "xen_msi.guest_mask", strchr(at + 2, 'G') ? "masked" : "unmasked");
	}
	if (slash[1] != '?')
		bit(ss, is_msix ? "msix_entry.mask" : "msi_message.mask", slash[1] == '1', "masked", "unmasked");
	return NULL;
}

static const char *msi_row(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t irq, vector, dest;
	char *type, *after = at;

	(void)con;
	type = scan_word(&after);
	if (!type || !strstr(after, "vec=") || !strstr(after, "mask="))
		return NULL;
	if (!scan_dec(&after, &irq) || !value_hex(&after, "vec=", &vector))
		return "no irq and vector";
	snapshot_object(ss, OBJ_XIRQ, irq);
	snapshot_word(ss, SHADOW, "xen_msi.type", type);
	snapshot_number(ss, SHADOW, "xen_msi.vector", vector);
	if (!message(ss, &after) || !value_hex(&after, "dest=", &dest))
		return "a message's fields are missing";
	snapshot_number(ss, SHADOW, "xen_msi.dest", dest);
	return msi_mask(ss, type, after);
}

/* vPCI's tables are what a PVH domain's own registers say; the hardware's differ in vector and destination. */
static uint16_t machine_of_domain(uint64_t domain)
{
	return domain ? MACHINE_DOMAIN + domain : MACHINE_DOM0;
}

/* "0000:01:00.0 MSI-X" */
static bool vpci_function(struct console *con, char *at)
{
	uint64_t id;

	if (!scan_bdf(&at, &id) || !scan_text(&at, "MSI"))
		return false;
	con->function = id;
	con->has_function = true;
	con->is_msi = *at != '-';
	con->msi_index = 0;
	return true;
}

static const char *vpci_enable(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t entries, maskall, enabled;

	snapshot_object_of(ss, machine_of_domain(con->domain), OBJ_PCI, con->function);
	if (con->is_msi) {
		if (!scan_text(&at, "enabled:") || !scan_dec(&at, &enabled))
			return "no word about vPCI's MSI";
		snapshot_word(ss, HARDWARE, "msi_function.enable", enabled ? "on" : "off");
		return NULL;
	}
	if (!scan_text(&at, "entries:") || !scan_dec(&at, &entries) || !scan_text(&at, "maskall:") ||
	    !scan_dec(&at, &maskall) || !scan_text(&at, "enabled:") || !scan_dec(&at, &enabled))
		return "no word about vPCI's MSI-X";
	snapshot_number(ss, HARDWARE, "msix_function.entries", entries);
	snapshot_word(ss, HARDWARE, "msix_function.fmask", maskall ? "masked" : "unmasked");
	snapshot_word(ss, HARDWARE, "msix_function.enable", enabled ? "on" : "off");
	return NULL;
}

/* "␠␠3 vec=00  fixed  edge deassert phys  fixed dest_id=0 mask=1 pirq: -1"; an MSI's has neither index nor mask. */
static const char *vpci_entry(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t index = con->msi_index++, vector, dest, mask, pirq;

	if ((!con->is_msi && (!scan_dec(&at, &index) || index > 2047)) || !value_hex(&at, "vec=", &vector))
		return "no entry and vector";
	snapshot_object_of(ss, machine_of_domain(con->domain), con->is_msi ? OBJ_MSI : OBJ_MSIX,
			   object_id_entry(con->function, index));
	if (!message(ss, &at) || !value_hex(&at, "dest_id=", &dest))
		return "a message's fields are missing";
	snapshot_number(ss, HARDWARE, "vpci_entry.vector", vector);
	snapshot_number(ss, HARDWARE, "vpci_entry.dest", dest);
	if (scan_text(&at, "mask=")) {
		if (!scan_dec(&at, &mask))
			return "no mask";
		snapshot_word(ss, HARDWARE, "msix_entry.mask", mask ? "masked" : "unmasked");
	}
	if (scan_text(&at, "pirq:") && scan_dec(&at, &pirq) && pirq <= UINT32_MAX)
		snapshot_feeds(ss, SHADOW, OBJ_PIRQ, object_id_pair(con->domain, pirq));
	return NULL;
}

static const char *vpci_row(struct snapshot *ss, struct console *con, char *at)
{
	if (vpci_function(con, at))
		return NULL;
	if (!con->has_function || con->domain >= MACHINE_NR - MACHINE_DOMAIN)
		return NULL;
	if (strstr(at, "enabled:"))
		return vpci_enable(ss, con, at);
	return strstr(at, "vec=") ? vpci_entry(ss, con, at) : NULL;
}

/* ---- z ---- */

/*
 * Pin in hexadecimal, destination, then bits, mode and vector. Older releases print the destination twice, as a logical and as
 * a physical one, and say so in the table's head: "NR Log Phy Mask …".
 */
static const char *rte_row(struct snapshot *ss, struct console *con, char *at)
{
	enum { PIN, DEST, MASK, TRIGGER, IRR, POLARITY, STATUS, DEST_MODE, MODE, VECTOR, NR };
	static const char *const modes[] = { "fixed", "lowest priority", "another", "another", "NMI", "another", "another",
					     "ExtINT" };
	uint64_t value[NR], physical;

	if (scan_text(&at, "NR ")) {
		con->has_two_dests = scan_text(&at, "Log");
		return NULL;
	}
	for (unsigned i = 0; i < NR; i++) {
		if (i == MASK && con->has_two_dests && !scan_hex(&at, &physical))
			return "not all columns of a pin";
		if (!i && !isxdigit((unsigned char)at[strspn(at, " ")])) {
			con->section = NOWHERE;
			return NULL;
		}
		if (!scan_hex(&at, &value[i]) || (*at && *at != ' '))
			return "not all columns of a pin";
	}
	if (con->apic < 0 || value[PIN] > UINT32_MAX)
		return "a pin of no IO-APIC";
	if (con->has_two_dests && !value[DEST_MODE])
		value[DEST] = physical;
	snapshot_object(ss, OBJ_PIN, object_id_pair(con->apic, value[PIN]));
	bit(ss, "ioapic_pin.mask", value[MASK], "masked", "unmasked");
	bit(ss, "ioapic_pin.trigger", value[TRIGGER], "level", "edge");
	bit(ss, "ioapic_pin.remote_irr", value[IRR], "set", "clear");
	bit(ss, "message_fields.polarity", value[POLARITY], "active low", "active high");
	bit(ss, "ioapic_pin.delivery_status", value[STATUS], "pending", "idle");
	bit(ss, "message_fields.dest_mode", value[DEST_MODE], "logical", "physical");
	snapshot_word(ss, HARDWARE, "message_fields.delivery_mode", modes[value[MODE] & 7]);
	snapshot_number(ss, HARDWARE, "ioapic_pin.raw_vector", value[VECTOR]);
	snapshot_number(ss, HARDWARE, "ioapic_pin.raw_dest", value[DEST]);
	return NULL;
}

/* ---- e ---- */

enum { PORT_PIRQ = 4 };

/* "s=4 n=1 x=0 p=412 i=27": where a pirq is bound, it feeds the port, and its irq feeds the pirq. */
static const char *port_state(struct snapshot *ss, struct console *con, uint64_t port, char *at)
{
	static const char *const states[] = { "free", "reserved", "unbound", "interdomain", "pirq", "virq", "ipi" };
	uint64_t state, vcpu, pirq, irq;

	if (!scan_text(&at, "s=") || !scan_dec(&at, &state) || !scan_text(&at, "n=") || !scan_dec(&at, &vcpu))
		return "no state and vCPU";
	if (state < sizeof(states) / sizeof(states[0]))
		snapshot_word(ss, SHADOW, "xen_port.state", states[state]);
	snapshot_number(ss, SHADOW, "xen_port.vcpu", vcpu);
	if (state != PORT_PIRQ)
		return NULL;
	if (scan_text(&at, "x="))
		scan_word(&at);
	if (!scan_text(&at, "p=") || !scan_dec(&at, &pirq) || pirq > UINT32_MAX)
		return "no pirq";
	snapshot_object(ss, OBJ_PIRQ, object_id_pair(con->domain, pirq));
	snapshot_feeds(ss, SHADOW, OBJ_PORT, object_id_pair(con->domain, port));
	if (!scan_text(&at, "i="))
		return "no irq";
	/* negative: unmapped while it was bound */
	if (scan_dec(&at, &irq) && irq) {
		snapshot_object(ss, OBJ_XIRQ, irq);
		snapshot_feeds(ss, SHADOW, OBJ_PIRQ, object_id_pair(con->domain, pirq));
	}
	return NULL;
}

static const char *port_row(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t port, pending, masked;

	if (!scan_dec(&at, &port) || !scan_text(&at, "["))
		return NULL;
	if (port > UINT32_MAX || con->domain > UINT32_MAX || !scan_dec(&at, &pending) || !scan_text(&at, "/") ||
	    !scan_dec(&at, &masked) || !(at = strstr(at, "]:")))
		return "no state of a port";
	at += 2;
	snapshot_object(ss, OBJ_PORT, object_id_pair(con->domain, port));
	snapshot_word(ss, SHADOW, "xen_port.pending", pending ? "set" : "clear");
	snapshot_word(ss, SHADOW, "xen_port.mask", masked ? "masked" : "unmasked");
	return port_state(ss, con, port, at);
}

/* ---- Q ---- */

/* "0000:00:05.0 - d0 - node -1  - MSIs < 29 30 31 >" */
static const char *device_row(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t id, domain, irq;

	(void)con;
	if (!scan_bdf(&at, &id) || !scan_text(&at, "-"))
		return NULL;
	snapshot_object(ss, OBJ_PCI, id);
	scan_text(&at, "d");
	scan_text(&at, "om");	/* "dom 0" until 4.12 */
	if (scan_dec(&at, &domain))
		snapshot_number(ss, SHADOW, "xen_device.domain", domain);
	at = strstr(at, "MSIs <");
	if (!at)
		return NULL;
	at += strlen("MSIs <");
	while (scan_dec(&at, &irq))
		snapshot_feeds(ss, SHADOW, OBJ_XIRQ, irq);
	return scan_text(&at, ">") ? NULL : "irqs of a device have no end";
}

/* What tells of two texts which is the later one, with the first object that is told of at all. */
static void tell_order(struct snapshot *ss, struct console *con)
{
	if (con->stamp.field)
		snapshot_number(ss, SHADOW, con->stamp.field, con->stamp.value);
	con->stamp.field = NULL;
	for (unsigned i = 0; !con->told_digests && i < con->nr_earlier; i++)
		snapshot_number(ss, SHADOW, "xen_dump.earlier_irqs", con->earlier[i]);
	if (!con->told_digests && con->digest)
		snapshot_number(ss, SHADOW, "xen_dump.irqs", con->digest);
	con->told_digests = true;
}

/* ---- q ---- */

/* What the scheduler may not run it for (xen/include/xen/sched.h, _VPF_blocked and behind). */
static const char *vcpu_state(bool runs, uint64_t pause_flags)
{
	enum { BLOCKED = 1 << 0, DOWN = 1 << 1, BLOCKED_IN_XEN = 1 << 2 };

	if (runs)
		return "running";
	return pause_flags & DOWN ? "offline" : pause_flags & (BLOCKED | BLOCKED_IN_XEN) ? "blocked" : "runnable";
}

/* "    VCPU0: CPU3 [has=F] poll=0 upcall_pend=01 upcall_mask=00", and in the line behind it "pause_count=0 pause_flags=1" */
static const char *vcpu_row(struct snapshot *ss, struct console *con, char *at)
{
	uint64_t pending, masked, flags;

	if (scan_text(&at, "VCPU")) {
		con->has_vcpu = false;
		if (!scan_dec(&at, &con->vcpu) || con->vcpu > UINT32_MAX || con->domain > UINT32_MAX || !(at = strstr(at, "[has=")))
			return "no vCPU and whether it runs";
		con->vcpu_runs = at[5] == 'T';
		con->has_vcpu = true;
		snapshot_object(ss, OBJ_VCPU, object_id_pair(con->domain, con->vcpu));
		at = strstr(at, "upcall_pend=");
		if (!at || !value_hex(&at, "upcall_pend=", &pending) || !value_hex(&at, "upcall_mask=", &masked))
			return "no state of upcalls";
		snapshot_word(ss, SHADOW, "vcpu.upcall_pending", pending ? "yes" : "no");
		snapshot_word(ss, SHADOW, "vcpu.upcall_mask", masked ? "masked" : "unmasked");
		return NULL;
	}
	if (!con->has_vcpu || !begins(at + strspn(at, " "), "pause_count="))
		return NULL;
	con->has_vcpu = false;
	at = strstr(at, "pause_flags=");
	if (!at || !value_hex(&at, "pause_flags=", &flags))
		return "no pause flags";
	snapshot_object(ss, OBJ_VCPU, object_id_pair(con->domain, con->vcpu));
	snapshot_word(ss, SHADOW, "vcpu.run", vcpu_state(con->vcpu_runs, flags));
	return NULL;
}

/* ---- what Xen says when it boots ---- */

/* How level pins are acknowledged (xen/arch/x86/io_apic.c, setup_IO_APIC(); apic.c, setup_local_APIC()). */
static void boot_row(struct snapshot *ss, const char *line)
{
	static const struct {
		const char *line, *method;
	} methods[] = {
		{ " -> Using new ACK method", "new" }, { " -> Using old ACK method", "old" },
		{ "Enabled directed EOI with ioapic_ack_old on!", "directed" },
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (!begins(line, methods[i].line))
			continue;
		snapshot_object(ss, OBJ_CPU, 0);
		snapshot_word(ss, SHADOW, "xen_ioapic.ack_method", methods[i].method);
	}
}

static const char *take_line(struct snapshot *ss, char *line)
{
	static const char *(*const rows[])(struct snapshot *ss, struct console *con, char *at) = {
		[IRQS] = irq_row, [IRQ_PINS] = pin_row, [MSIS] = msi_row, [VPCI] = vpci_row, [RTES] = rte_row,
		[PORTS] = port_row, [DEVICES] = device_row, [VCPUS] = vcpu_row,
	};
	struct console *con = snapshot_state(ss);
	const char *why;

	line = without_prefix(line);
	boot_row(ss, line);
	if (take_head(ss, con, line) || con->section == NOWHERE)
		return NULL;
	why = rows[con->section](ss, con, line);
	if (snapshot_tells(ss) && (con->stamp.field || !con->told_digests))
		tell_order(ss, con);
	return why;
}

static const struct snapshot_format format = {
	.kind = "xl dmesg", .layer = LAYER_HYPERVISOR, .machine = MACHINE_XEN, .state_bytes = sizeof(struct console),
	.survey = survey, .line = take_line,
};

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	return snapshot_open(&format, in, host);
}

static bool contains(const uint8_t *head, size_t len, const char *text)
{
	return memmem(head, len, text, strlen(text)) != NULL;
}

/* Every line is Xen's: where the boot's messages are long, dumps may be far behind. */
static bool is_all_of_xen(const uint8_t *head, size_t len)
{
	const uint8_t *end = head + len, *next;
	unsigned nr = 0;

	for (; head < end && nr < PROBE_LINES; head = next, nr++) {
		next = memchr(head, '\n', end - head);
		next = next ? next + 1 : end;
		if (end - head < 5 || memcmp(head, "(XEN)", 5))
			return false;
	}
	return nr > 1;
}

/* Of a console without dumps another reader may make something. */
static int probe(const uint8_t *head, size_t len)
{
	if (contains(head, len, "IRQ information:") && (contains(head, len, " vec:") || contains(head, len, "(XEN)")))
		return 80;
	for (size_t i = 1; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (contains(head, len, heads[i].head))
			return 80;
	if (contains(head, len, "Event channel information for domain "))
		return 80;
	return is_all_of_xen(head, len) ? 60 : 0;
}

static bool shows(unsigned i, struct reader_shows *out)
{
	static const struct reader_shows all[] = {
		{ "xl dmesg", EV_SNAPSHOT_FIELD, SHADOW, false, false }, { "xl dmesg", EV_SNAPSHOT_FIELD, HARDWARE, false, false },
	};

	if (i >= sizeof(all) / sizeof(all[0]))
		return false;
	*out = all[i];
	return true;
}

const struct reader_ops xl_dmesg_reader = {
	.name = "xl dmesg",
	.layer = LAYER_HYPERVISOR,
	.about = "Xen's console with dumps of the debug keys i, M, z, e, Q and q",
	.shows = shows,
	.probe = probe,
	.open = open_reader,
	SNAPSHOT_OPS,
};
