/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/message.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/derived.h"
#include "core/text.h"
#include "rules/rule.h"
#include "store/describe.h"

struct writer {
	FILE *out;
	struct store *store;
	const struct message *msg;
};

/* ---------------------------------------------------------------------------------------------------- times */

static bool is_open(const struct message *msg)
{
	if (msg->end_ns == NO_TIME || msg->capture_end_ns == NO_TIME)
		return false;
	return msg->end_ns >= msg->capture_end_ns || (msg->software_end_ns && msg->end_ns == msg->software_end_ns);
}

static void write_when(struct writer *w)
{
	char at[TEXT_TIME_MAX];

	if (w->msg->start_ns == NO_TIME)
		fputs("before the capture began", w->out);
	else
		fprintf(w->out, "at %s", text_time(at, sizeof(at), w->msg->start_ns));
}

static void write_lasted(struct writer *w)
{
	const struct message *msg = w->msg;
	char lasted[TEXT_TIME_MAX];
	int64_t lasted_ns;

	if (msg->start_ns == NO_TIME) {
		fputs(msg->object && is_open(msg) ? ", unfinished at end" : "", w->out);
		return;
	}
	if (msg->end_ns == NO_TIME || __builtin_sub_overflow(msg->end_ns, msg->start_ns, &lasted_ns) || lasted_ns < 0)
		return;
	text_duration(lasted, sizeof(lasted), lasted_ns);
	if (text_counts() == TEXT_LINES)
		fputs(is_open(msg) ? ", unfinished at end" : "", w->out);
	else if (is_open(msg))
		fprintf(w->out, ", unfinished at end (%s)", lasted);
	else if (msg->count == 1 && lasted_ns)
		fprintf(w->out, ", for %s", lasted);
}

static const char *notifications(uint64_t nr)
{
	return nr == 1 ? "notification" : "notifications";
}

/* One message stands for all that were held back before it. */
static void write_lost(struct writer *w)
{
	const struct notifications *n = &w->msg->lost;
	unsigned long long held = n->held, lo = n->lost_lo, hi = n->lost_hi;

	if (!n->known || (!held && n->unbounded))
		return;
	if (!held)
		fputs("; no notification lost", w->out);
	else if (n->unbounded && lo)
		fprintf(w->out, "; at least %llu %s lost", lo, notifications(lo));
	else if (n->unbounded)
		fprintf(w->out, "; at least %llu %s held back", held, notifications(held));
	else if (!lo && !hi)
		fprintf(w->out, "; %llu %s held back, none lost", held, notifications(held));
	else if (!lo)
		fprintf(w->out, "; %llu notifications held back, at most %llu lost", held, hi);
	else if (lo == hi)
		fprintf(w->out, "; %llu %s lost", lo, notifications(lo));
	else
		fprintf(w->out, "; %llu to %llu notifications lost", lo, hi);
}

static void write_since(struct writer *w)
{
	char since[TEXT_TIME_MAX];

	if (w->msg->start_ns != NO_TIME)
		fprintf(w->out, ", since %s", text_time(since, sizeof(since), w->msg->start_ns));
	else if (w->msg->object)
		fputs(", since before the capture began", w->out);
	write_lasted(w);
}

/* ---------------------------------------------------------------------------------------------------- names */

static void write_title(struct writer *w)
{
	fputs(w->msg->rule->title, w->out);
}

static void write_object(struct writer *w)
{
	char object[OBJECT_DESCRIBE_MAX];

	if (w->msg->object)
		fputs(object_describe(w->store, w->msg->object, w->msg->start_ns, object, sizeof(object)), w->out);
	else
		fputs("the capture", w->out);
}

/* A layer or an owner as a person names it; NULL for another word. */
static const char *party(const char *name, size_t len)
{
	static const char *const parties[][2] = {
		{ "device", "the device" }, { "platform", "the platform" }, { "hypervisor", "the hypervisor" },
		{ "kernel", "the kernel" }, { "driver", "the driver" }, { "user", "user space" },
		{ "device model", "the device model" }, { "outside", "somebody outside the kernel" },
	};

	for (unsigned i = 0; i < sizeof(parties) / sizeof(*parties); i++)
		if (strlen(parties[i][0]) == len && !strncmp(parties[i][0], name, len))
			return parties[i][1];
	return NULL;
}

static void write_owner(struct writer *w)
{
	const char *owner = w->msg->owner, *name = owner ? party(owner, strlen(owner)) : NULL;

	fputs(name ? name : owner ? owner : "an owner that is not known", w->out);
}

/* The layers between the quotes of a JSON array: "the device, the kernel or the driver". */
static void write_layers(struct writer *w, const char *json)
{
	unsigned nr = 0, of = 0;

	for (const char *p = json; *p; p++)
		of += *p == '"';
	of /= 2;
	while ((json = strchr(json, '"'))) {
		size_t len = strcspn(++json, "\"");
		const char *name = party(json, len);

		fputs(!nr ? "" : nr + 1 == of ? " or " : ", ", w->out);
		fprintf(w->out, "%.*s", name ? (int)strlen(name) : (int)len, name ? name : json);
		json += len + (json[len] == '"');
		nr++;
	}
}

static void write_unrecorded(struct writer *w)
{
	fputs("somebody whom the records do not name", w->out);
	if (!w->msg->could_have)
		return;
	fputs(" (it could have been ", w->out);
	write_layers(w, w->msg->could_have);
	fputc(')', w->out);
}

/* "kernel:pci_msi_mask_irq (task init-1)" is the kernel's pci_msi_mask_irq() (task init-1). */
static void write_who(struct writer *w)
{
	const char *blame = w->msg->blame, *colon = blame ? strchr(blame, ':') : NULL;
	const char *layer = colon ? party(blame, colon - blame) : NULL, *actor = colon ? colon + 1 : NULL;
	size_t len = actor ? strspn(actor, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") : 0;
	bool code = layer && (!strncmp(blame, "kernel:", 7) || !strncmp(blame, "hypervisor:", 11));

	if (!blame || !strcmp(blame, "unrecorded")) {
		write_unrecorded(w);
	} else if (!layer) {
		fputs(blame, w->out);
	} else if (len == strlen("unknown") && !strncmp(actor, "unknown", len)) {
		fprintf(w->out, "%s%s", layer, actor + len);
	} else {
		bool function = code && len && (!actor[len] || actor[len] == ' ');

		fprintf(w->out, "%s%s %.*s%s%s", layer, layer[strlen(layer) - 1] == 's' ? "'" : "'s", (int)len, actor,
			function ? "()" : "", actor + len);
	}
}

/* ---------------------------------------------------------------------------------------------------- the whole */

static const struct placeholder {
	const char *name;
	void (*write)(struct writer *w);
} placeholders[] = {
	{ "title", write_title }, { "object", write_object }, { "who", write_who }, { "owner", write_owner },
	{ "when", write_when }, { "since", write_since }, { "lasted", write_lasted },
	{ "lost", write_lost },
};

/* The one that *at begins with, and *at behind it; NULL where there is none. */
static const struct placeholder *take_placeholder(const char **at)
{
	size_t len = strcspn(*at + 1, "{}");

	for (unsigned i = 0; i < sizeof(placeholders) / sizeof(*placeholders); i++) {
		if (strlen(placeholders[i].name) != len || strncmp(placeholders[i].name, *at + 1, len) || (*at)[len + 1] != '}')
			continue;
		*at += len + 2;
		return &placeholders[i];
	}
	return NULL;
}

const char *message_check(const char *says)
{
	while (*says) {
		if (*says == '}')
			return "a brace that closes nothing";
		if (*says != '{')
			says++;
		else if (!take_placeholder(&says))
			return "in braces go title, object, who, owner, when, since, lasted and lost";
	}
	return NULL;
}

static void write_says(struct writer *w, const char *says)
{
	while (*says) {
		const struct placeholder *ph = *says == '{' ? take_placeholder(&says) : NULL;

		if (ph)
			ph->write(w);
		else
			fputc(*says++, w->out);
	}
}

static const char *text_of(const struct message *msg)
{
	const char *says = rule_word(&msg->rule->says, msg->signature);

	if (says)
		return says;
	if (!msg->object)
		return "{title}{since}";
	return msg->rule->group == RULE_GROUP_HYGIENE ? "{title}: {object}{since}" : "{title}: {object}, left so by {who}{since}";
}

static void write_message(struct writer *w)
{
	char name[RULE_SIGNAL_MAX];

	write_says(w, text_of(w->msg));
	for (unsigned i = 0; i < w->msg->nr_missing; i++)
		fprintf(w->out, "%s%s", i ? ", " : "; not recorded: ",
			rule_signal_print(name, sizeof(name), w->msg->missing[i]));
	if (w->msg->consequences)
		fprintf(w->out, "; as a consequence: %s%s", w->msg->consequences,
			w->msg->nr_consequences > MESSAGE_MAX_CONSEQUENCES ? " and more" : "");
	if (w->msg->count > 1)
		fprintf(w->out, "; %llu times", (unsigned long long)w->msg->count);
}

/* A sentence that begins with whom it blames. */
static void capitalize(char *text, const char *says)
{
	if (text && (!strncmp(says, "{who}", 5) || !strncmp(says, "{owner}", 7)))
		text[0] = toupper((unsigned char)text[0]);
}

char *message_make(struct store *st, const struct message *msg)
{
	char *text = NULL;
	size_t len;
	struct writer w = { .out = open_memstream(&text, &len), .store = st, .msg = msg };

	if (!w.out)
		return NULL;
	write_message(&w);
	fclose(w.out);
	capitalize(text, text_of(msg));
	return text;
}
