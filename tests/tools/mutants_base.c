/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bases: reading them, their order and links once they have been analyzed, and writing mutants of them. */
#include "mutants.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/event_text.h"
#include "store/cursor.h"
#include "store/query.h"

enum { PATH_LEN = 512, OF_SEVERAL = 4 };

static void file_name(char *buf, size_t len, const char *path, unsigned source)
{
	size_t front = strlen(path);

	if (front > 7 && !strcmp(path + front - 7, ".events"))
		front -= 7;
	if (source == 1)
		snprintf(buf, len, "%.*s.events", (int)front, path);
	else
		snprintf(buf, len, "%.*s.%u.events", (int)front, path, source);
}

static void add_event(struct base *b, const struct event *ev, unsigned source)
{
	if (!(b->nr & (b->nr - 1))) {
		b->ev = realloc(b->ev, (b->nr ? 2 * b->nr : 1) * sizeof(*b->ev));
		if (!b->ev)
			abort();
	}
	b->ev[b->nr] = *ev;
	b->ev[b->nr].source = source;
	b->nr++;
}

/* A directive; an event begins with its time. */
static bool is_about_source(const char *line)
{
	return *line >= 'a' && *line <= 'z';
}

static void take_about(struct origin *of, const char *line)
{
	if (!strncmp(line, "machine ", 8))
		machine_parse(line + 8, &of->machine);
	else if (!strncmp(line, "layer ", 6))
		for (unsigned layer = 0; layer < NR_LAYERS; layer++)
			of->layer = strcmp(line + 6, layer_name(layer)) ? of->layer : layer;
	else if (!strcmp(line, "times none"))
		of->timeless = true;
}

/* What is wrong with the line; NULL: nothing. */
static const char *take_line(struct base *b, char *line, FILE *head)
{
	struct event ev = { .sub = 0 };
	const char *error;

	line[strcspn(line, "\n")] = 0;
	if (!*line || *line == '#' || !strcmp(line, "irqpath-events 1"))
		return NULL;
	if (is_about_source(line)) {
		take_about(&b->origin[b->nr_origins], line);
		fprintf(head, "%s\n", line);
		return NULL;
	}
	error = event_text_parse(line, &ev, b->strings);
	if (!error)
		add_event(b, &ev, b->nr_origins + 1);
	return error;
}

static bool read_origin(struct base *b, const char *path, FILE *in)
{
	struct origin *of = &b->origin[b->nr_origins];
	const char *error = NULL;
	char *line = NULL;
	size_t len = 0, head_len;
	FILE *head = open_memstream(&of->head, &head_len);

	if (!head)
		abort();
	of->machine = MACHINE_HOST;
	of->layer = LAYER_KERNEL;
	while (!error && getline(&line, &len, in) > 0)
		error = take_line(b, line, head);
	if (error)
		fprintf(stderr, "mutants: %s: %s\n", path, error);
	free(line);
	fclose(head);
	b->nr_origins++;
	return !error;
}

static unsigned recorded_by(const struct base *b)
{
	unsigned by = b->nr_origins == 1 && b->origin[0].layer == LAYER_KERNEL ? BY_KERNEL : 0;

	for (unsigned k = 0; k < b->nr_origins; k++) {
		if (b->origin[k].machine == MACHINE_XEN || b->origin[k].machine == MACHINE_DOM0 || b->origin[k].machine > MACHINE_DOMAIN)
			by = (by | BY_XEN) & ~BY_KERNEL;
		if (b->origin[k].layer == LAYER_PLATFORM)
			by |= BY_PLATFORM;
	}
	return by;
}

bool base_read(struct base *b, const char *path, unsigned limit)
{
	const char *slash = strrchr(path, '/');
	bool good = true;

	*b = (struct base){ .strings = strtab_new(), .name = strdup(slash ? slash + 1 : path) };
	if (!b->strings || !b->name)
		abort();
	if (strrchr(b->name, '.'))
		*strrchr(b->name, '.') = 0;
	while (good && b->nr_origins < BASE_MAX_SOURCES) {
		char name[PATH_LEN];
		FILE *in;

		file_name(name, sizeof(name), path, b->nr_origins + 1);
		in = fopen(name, "r");
		if (!in)
			break;
		good = read_origin(b, name, in);
		fclose(in);
	}
	b->recorded_by = recorded_by(b);
	if (good && !b->nr)
		fprintf(stderr, "mutants: %s: no event in it\n", path);
	/* of one source the order is known */
	if (b->nr_origins == 1 && b->nr > limit)
		b->nr = limit;
	for (unsigned i = 0; i < b->nr; i++)
		b->ev[i].ordinal = 2 * (i + 1);
	return good && b->nr;
}

void base_free(struct base *b)
{
	for (unsigned k = 0; k < b->nr_origins; k++)
		free(b->origin[k].head);
	free(b->name);
	free(b->ev);
	free(b->at_ns);
	free(b->link);
	strtab_free(b->strings);
}

/* ---------------------------------------------------------------------------------------------------- settling */

/* The base's events are still source by source, as they were written. */
static bool merge(struct base *b, struct store *st)
{
	unsigned first[BASE_MAX_SOURCES + 1] = { 0 };
	struct event *merged = calloc(b->nr, sizeof(*merged)), ev;
	struct cursor *cur = cursor_open(st);
	unsigned nr = 0;

	free(b->at_ns);
	b->at_ns = calloc(b->nr, sizeof(*b->at_ns));
	if (!merged || !b->at_ns)
		abort();
	for (unsigned i = 0; i < b->nr; i++)
		first[b->ev[i].source]++;
	for (unsigned k = 0; k < b->nr_origins; k++)
		first[k + 1] += first[k];
	while (cur && nr < b->nr && cursor_next(cur, &ev)) {
		merged[nr] = b->ev[first[ev.source - 1] + ev.ordinal - 1];
		merged[nr].ordinal = 2 * (nr + 1);
		b->at_ns[nr++] = event_order_ns(&ev);
	}
	cursor_close(cur);
	free(b->ev);
	b->ev = merged;
	return nr == b->nr;
}

static bool read_links(struct base *b, struct store *st)
{
	struct query *q = query_open(st, "SELECT f.name, t.name, l.from_ns, l.to_ns FROM link l JOIN object f ON f.id = l.feeder "
					 "JOIN object t ON t.id = l.fed ORDER BY 1, 2, 3");

	while (q && query_next(q)) {
		struct base_link link = { .from_ns = INT64_MIN, .to_ns = INT64_MAX };
		unsigned generation;

		if (!object_parse(query_text(q, 0), &link.feeder, &generation) || !object_parse(query_text(q, 1), &link.fed, &generation))
			continue;
		if (query_type(q, 2) != QUERY_NULL)
			link.from_ns = query_int(q, 2);
		if (query_type(q, 3) != QUERY_NULL)
			link.to_ns = query_int(q, 3);
		b->link = realloc(b->link, (b->nr_links + 1) * sizeof(*b->link));
		if (!b->link)
			abort();
		b->link[b->nr_links++] = link;
	}
	query_close(q);
	return q;
}

static bool is_software(const struct base *b, unsigned i)
{
	const struct origin *of = &b->origin[b->ev[i].source - 1];

	return !of->timeless && of->layer != LAYER_PLATFORM;
}

/* Of the last thing that software did, or of the last event where it recorded nothing. */
static int64_t find_end_ns(const struct base *b)
{
	for (unsigned i = b->nr; i-- > 0;)
		if (is_software(b, i))
			return b->at_ns[i];
	return b->at_ns[b->nr - 1];
}

/* Of what is cut nobody says any more until when it recorded. */
static void forget_until(struct origin *of)
{
	char *at = of->head, *end;

	while (at && strncmp(at, "until ", 6))
		at = (at = strchr(at, '\n')) ? at + 1 : NULL;
	end = at ? strchr(at, '\n') : NULL;
	if (end)
		memmove(at, end + 1, strlen(end + 1) + 1);
}

bool base_settle(struct base *b, struct store *st, unsigned limit)
{
	b->nr_links = 0;
	if (!merge(b, st) || !read_links(b, st)) {
		fprintf(stderr, "mutants: %s: its events cannot be read back\n", b->name);
		return false;
	}
	limit *= b->nr_origins > 1 ? OF_SEVERAL : 1;
	for (unsigned k = 0; b->nr > limit && k < b->nr_origins; k++)
		forget_until(&b->origin[k]);
	b->nr = b->nr > limit ? limit : b->nr;
	b->end_ns = find_end_ns(b);
	return true;
}

/* ---------------------------------------------------------------------------------------------------- writing */

static int compare_events(const void *va, const void *vb)
{
	const struct event *a = va, *b = vb;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (event_order_ns(a) != event_order_ns(b))
		return event_order_ns(a) < event_order_ns(b) ? -1 : 1;
	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

static const char *string_of(void *ctx, uint32_t source, str_id id)
{
	(void)source;
	return strtab_get(ctx, id);
}

static void write_head(const struct mutant *mu, unsigned source, FILE *out)
{
	const struct origin *of = &mu->base->origin[source - 1];
	bool cut = mu->cut & 1u << (source - 1);

	for (const char *line = of->head; *line;) {
		size_t len = strcspn(line, "\n") + 1;

		if (!cut || strncmp(line, "until ", 6))
			fwrite(line, 1, len, out);
		line += len;
	}
	if (!of->timeless)
		fputs(mu->head, out);
}

static bool write_source(const struct mutant *mu, unsigned source, const char *path, const char *comment)
{
	static char line[EVENT_TEXT_MAX];
	FILE *out = fopen(path, "w");

	if (!out)
		return false;
	fprintf(out, "irqpath-events 1\n%s", comment);
	write_head(mu, source, out);
	for (unsigned i = 0; i < mu->nr; i++) {
		if (mu->ev[i].kind == EV_NONE || mu->ev[i].source != source)
			continue;
		event_text_print(line, sizeof(line), &mu->ev[i], string_of, mu->base->strings);
		fprintf(out, "%s\n", line);
	}
	return !fclose(out);
}

bool mutant_write(struct mutant *mu, const char *path, const char *comment)
{
	unsigned nr = mu->nr_order ? mu->nr_order : mu->base->nr_origins;
	char name[PATH_LEN];
	bool good = true;

	qsort(mu->ev, mu->nr, sizeof(*mu->ev), compare_events);
	for (unsigned k = 0; good && k < nr; k++) {
		file_name(name, sizeof(name), path, k + 1);
		good = write_source(mu, mu->nr_order ? mu->order[k] : k + 1, name, k ? "" : comment);
	}
	return good;
}

void mutant_unlink(const struct base *b, const char *path)
{
	char name[PATH_LEN];

	for (unsigned source = 1; source <= b->nr_origins; source++) {
		file_name(name, sizeof(name), path, source);
		unlink(name);
	}
}
