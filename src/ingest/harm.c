/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages by pattern, most of them of harm: what stands between the parts that vary is literal. A pattern may begin anywhere in the line,
 * as level, time, CPU, driver and device stand in front, in many forms. A PCI address anywhere in the line names the
 * device.
 *
 * Such lines are rate-limited, and by the console's log level: they prove what they say, and their absence nothing.
 */
#include "ingest/harm.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/strtab.h"

enum { MAX_TEXT = 1024, MAX_DIGITS = 9, MAX_FILL = 64 };

/*
 * %d a number, %i an irq, %g a GSI, %c the CPU and %v the number of a vector, %n a name (no blank in it), %q a queue's number,
 * which becomes part of the name as in the names of its interrupts, %* anything.
 */
static const struct pattern {
	uint16_t kind;
	const char *text;
	const char *name;	/* where the message has none */
} patterns[] = {
	/* kernel/irq/spurious.c: the irq is switched off behind it. */
	{ EV_IRQ_SPURIOUS, "irq %i: nobody cared", NULL },
	/* arch/x86/kernel/irq.c: "0.55", CPU and vector. */
	{ EV_HARM_NO_HANDLER, "%c.%v No irq handler for vector", NULL },
	/* drivers/nvme/host/pci.c: "completion polled" is the one that lost an interrupt, others may have. */
	{ EV_HARM_TIMEOUT, "nvme %n: I/O %*QID %q timeout", NULL },
	/* net/sched/sch_generic.c, before and since 6.5. */
	{ EV_HARM_WATCHDOG, "NETDEV WATCHDOG: %n (%*): transmit queue %d timed out", NULL },
	{ EV_HARM_WATCHDOG, "%n: NETDEV WATCHDOG: CPU: %d: transmit queue %d timed out", NULL },
	/* drivers/net: virtio_net; e1000, e1000e and igb. */
	{ EV_HARM_TIMEOUT, "%n: TX timeout on queue: %d", NULL },
	{ EV_HARM_WATCHDOG, "%n: Detected Tx Unit Hang", NULL },
	{ EV_HARM_WATCHDOG, "%n: Detected Hardware Unit Hang", NULL },
	/* drivers/net/ethernet: ixgbe; broadcom/tg3.c; mellanox/mlx5. */
	{ EV_HARM_WATCHDOG, "%n: initiating reset due to tx timeout", NULL },
	{ EV_HARM_WATCHDOG, "%n: transmit timed out, resetting", NULL },
	{ EV_HARM_TIMEOUT, "%n: TX timeout detected", NULL },
	/* drivers/ata: libata-sff.c, libata-core.c. */
	{ EV_HARM_TIMEOUT, "%n: lost interrupt (Status", NULL },
	{ EV_HARM_TIMEOUT, "%n: qc timeout", NULL },
	{ EV_HARM_TIMEOUT, "%n: exception Emask %* timeout", NULL },
	/* drivers/pci/hotplug/pciehp_hpc.c */
	{ EV_HARM_TIMEOUT, "pciehp: Timeout on hotplug command", NULL },
	/* drivers/mmc/host/sdhci.c */
	{ EV_HARM_TIMEOUT, "%n: Timeout waiting for hardware interrupt", NULL },
	{ EV_HARM_TIMEOUT, "%n: Timeout waiting for hardware cmd interrupt", NULL },
	/* drivers/usb/host/xhci-ring.c */
	{ EV_HARM_TIMEOUT, "xHCI host not responding to stop endpoint command", NULL },
	/* kernel/watchdog.c, kernel/hung_task.c */
	{ EV_HARM_WATCHDOG, "soft lockup - CPU#%d stuck for", NULL },
	{ EV_HARM_WATCHDOG, "INFO: task %n:%d blocked for more than", NULL },
	{ EV_HARM_WATCHDOG, "Watchdog detected hard LOCKUP on cpu %d", NULL },
	/* drivers/xen/xen-pciback, drivers/pci/pci-stub.c: drivers that ask for no interrupt of their own. */
	{ EV_PCI_ASSIGN, "seizing device", "pciback" },
	{ EV_PCI_ASSIGN, "claimed by stub", "pci-stub" },
	/* tools/libs/light/libxl_pci.c: what a guest that gets the device needs was refused. */
	{ EV_TOOLSTACK_ERROR, "xc_physdev_map_pirq irq=%g (error=%*): Operation not permitted", NULL },
	{ EV_TOOLSTACK_ERROR, "xc_domain_irq_permission irq=%g (error=%*): Operation not permitted", NULL },
};

const uint16_t harm_kinds[] = { EV_IRQ_SPURIOUS, EV_HARM_TIMEOUT, EV_HARM_WATCHDOG, EV_HARM_NO_HANDLER, EV_PCI_ASSIGN, EV_TOOLSTACK_ERROR,
	EV_NONE };

/* Where the varying parts lie in the text. */
struct capture {
	const char *at[128];
	size_t len[128];
};

static bool match(const char *pattern, const char *text, struct capture *cap);

static bool match_number(char what, const char *rest, const char *text, struct capture *cap)
{
	size_t n = 0;

	while (isdigit((unsigned char)text[n]))
		n++;
	cap->at[(unsigned char)what] = text;
	cap->len[(unsigned char)what] = n;
	return n && n <= MAX_DIGITS && match(rest, text + n, cap);
}

/* The shortest that lets the rest match. */
static bool match_name(const char *rest, const char *text, struct capture *cap)
{
	for (size_t n = 1; n < HARM_NAME_MAX && isgraph((unsigned char)text[n - 1]); n++) {
		cap->at['n'] = text;
		cap->len['n'] = n;
		if (match(rest, text + n, cap))
			return true;
	}
	return false;
}

static bool match_fill(const char *rest, const char *text, struct capture *cap)
{
	for (size_t n = 0; n <= MAX_FILL; n++) {
		if (match(rest, text + n, cap))
			return true;
		if (!text[n])
			break;
	}
	return false;
}

static bool match(const char *pattern, const char *text, struct capture *cap)
{
	for (; *pattern && *pattern != '%'; pattern++, text++)
		if (*pattern != *text)
			return false;
	if (!*pattern)
		return true;
	switch (pattern[1]) {
	case 'n':
		return match_name(pattern + 2, text, cap);
	case '*':
		return match_fill(pattern + 2, text, cap);
	default:
		return match_number(pattern[1], pattern + 2, text, cap);
	}
}

/* What varies begins with a word: so each byte of the text is tried for it once. */
static bool find(const char *pattern, const char *text, struct capture *cap)
{
	memset(cap, 0, sizeof(*cap));
	for (const char *at = text; *at; at++)
		if ((*pattern == '%' ? at == text || at[-1] == ' ' : *at == *pattern) && match(pattern, at, cap))
			return true;
	return false;
}

static int64_t number(const struct capture *cap, char what)
{
	int64_t value = 0;

	if (!cap->at[(unsigned char)what])
		return -1;
	for (size_t i = 0; i < cap->len[(unsigned char)what]; i++)
		value = value * 10 + (cap->at[(unsigned char)what][i] - '0');
	return value;
}

bool harm_find_device(const char *text, uint64_t *dev)
{
	const char *end;

	for (const char *at = text; *at; at++)
		if (isxdigit((unsigned char)*at) && (at == text || at[-1] == ' ') && strcspn(at, ":") == 4 &&
		    object_parse_bdf(at, dev, &end) && (!*end || *end == ' ' || *end == ':'))
			return true;
	return false;
}

static void copy_name(struct harm *harm, const struct capture *cap)
{
	size_t len = cap->len['n'];

	if (!cap->at['n'])
		return;
	memcpy(harm->name, cap->at['n'], len);
	if (cap->at['q'] && len + 1 + cap->len['q'] < HARM_NAME_MAX) {
		harm->name[len++] = 'q';
		memcpy(harm->name + len, cap->at['q'], cap->len['q']);
		len += cap->len['q'];
	}
	harm->name[len] = 0;
}

/* The line, terminated. */
static void take_line(char *line, const char *text, size_t len)
{
	size_t n = 0;

	while (len && *text == '\n') {
		text++;
		len--;
	}
	while (n < len && n < MAX_TEXT - 1 && text[n] && text[n] != '\n')
		n++;
	memcpy(line, text, n);
	line[n] = 0;
}

static bool parse_line(const char *line, struct harm *harm)
{
	struct capture cap;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		if (!find(patterns[i].text, line, &cap))
			continue;
		*harm = (struct harm){ .kind = patterns[i].kind, .irq = number(&cap, 'i'), .gsi = number(&cap, 'g'),
				       .cpu = number(&cap, 'c'), .vector = number(&cap, 'v') };
		copy_name(harm, &cap);
		if (patterns[i].name)
			snprintf(harm->name, sizeof(harm->name), "%s", patterns[i].name);
		harm->has_dev = harm_find_device(line, &harm->dev);
		/* that some function was given to somebody says nothing */
		return harm->has_dev || harm->kind != EV_PCI_ASSIGN;
	}
	return false;
}

bool harm_parse(const char *text, size_t len_bytes, struct harm *harm)
{
	char line[MAX_TEXT];

	take_line(line, text, len_bytes);
	return parse_line(line, harm);
}

static void set_text(struct strtab *strings, struct event *ev, enum event_arg_id arg, const char *text)
{
	uint32_t id;

	if (!*text || event_arg_index(ev->kind, arg) < 0)
		return;
	id = strtab_intern(strings, text, strlen(text));
	if (id)
		event_arg_set(ev, arg, id);
}

bool harm_event(const char *text, size_t len_bytes, struct strtab *strings, struct event *ev)
{
	struct object_ref vector = { .kind = OBJ_VECTOR };
	char line[MAX_TEXT];
	struct harm harm;

	take_line(line, text, len_bytes);
	if (!parse_line(line, &harm))
		return false;
	ev->kind = harm.kind;
	ev->known = 0;
	set_text(strings, ev, ARG_NAME, harm.name);
	set_text(strings, ev, ARG_TEXT, line);
	if (harm.irq >= 0)
		event_add_object(ev, OBJ_IRQ, harm.irq);
	if (harm.gsi >= 0)
		event_add_object(ev, OBJ_GSI, harm.gsi);
	vector.id = object_id_pair(harm.cpu, harm.vector);
	if (harm.vector >= 0 && object_valid(vector))
		event_add_object(ev, OBJ_VECTOR, vector.id);
	if (harm.has_dev && (harm.kind == EV_HARM_TIMEOUT || harm.kind == EV_HARM_WATCHDOG || harm.kind == EV_PCI_ASSIGN))
		event_add_object(ev, OBJ_PCI, harm.dev);
	return true;
}
