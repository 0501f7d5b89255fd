/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/whose.h"
#include "core/chunk.h"
#include "core/clock.h"
#include "core/derived.h"
#include "core/progress.h"
#include "core/strtab.h"
#include "model/model.h"
#include "store/store.h"

enum { MAX_SIGNALS = 4096 };

/* A signal, and since when events of it were seen. */
struct sighting {
	struct source_signal signal;
	int64_t first_ns;	/* NO_TIME: not yet */
};

/* The signal of the last event of a kind: events of one kind mostly come through one function. */
struct shortcut {
	str_id via;
	uint8_t witness;
	bool known;
};

struct feed {
	struct store *store;
	struct model *model;
	const char *path;
	uint32_t source;
	uint16_t machine;
	bool timeless;
	bool machine_told;	/* by the user, who knows better than the content */
	bool machine_known;	/* by the file's head */
	uint8_t layer;
	struct whose whose;
	struct diag_sink diag, *next;
	struct source_sink sink;
	struct source_end end;
	struct chunk_reader *chunk;
	struct anchors *anchors;	/* owned; NULL: the only source */
	struct sighting *signals;
	unsigned nr_signals;
	struct shortcut shortcut[NR_EVENT_KINDS];
	struct progress progress;
	int64_t last_ns;
	bool failed, ended;
};

static void on_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct feed *feed = ctx;

	feed->next->count[diag_level(code)]++;
	feed->next->fn(feed->next->ctx, code, pos, text);
	if (!feed->ended)
		feed->failed |= !store_diag(feed->store, feed->source, code, pos, text);
}

static int on_info(void *ctx, const struct source_info *info)
{
	struct feed *feed = ctx;
	struct source_info known = *info;

	feed->timeless = info->timeless;
	feed->layer = info->layer;
	if (feed->machine_told)
		known.machine = MACHINE_OWN;
	else if (known.machine != MACHINE_OWN)
		feed->machine = known.machine;
	feed->machine_known = known.machine != MACHINE_OWN;
	return !store_source_info(feed->store, feed->source, &known);
}

static int on_string(void *ctx, str_id id, const char *text, size_t len_bytes)
{
	struct feed *feed = ctx;

	return !store_string(feed->store, feed->source, id, text, len_bytes);
}

static struct sighting *find_signal(struct feed *feed, unsigned kind, unsigned witness, const char *via)
{
	for (unsigned i = 0; i < feed->nr_signals; i++) {
		struct sighting *s = &feed->signals[i];

		if (s->signal.kind == kind && s->signal.witness == witness && !strcmp(s->signal.via, via))
			return s;
	}
	return NULL;
}

static struct sighting *add_signal(struct feed *feed, const struct source_signal *signal)
{
	if (feed->nr_signals == MAX_SIGNALS)
		return NULL;
	feed->signals[feed->nr_signals] = (struct sighting){ .signal = *signal, .first_ns = NO_TIME };
	return &feed->signals[feed->nr_signals++];
}

static int on_signal(void *ctx, const struct source_signal *signal)
{
	struct feed *feed = ctx;

	if (!find_signal(feed, signal->kind, signal->witness, signal->via))
		add_signal(feed, signal);
	return 0;
}

/* What was not announced is there from now on, but nobody vouches that it is complete. */
static void note_sighting(struct feed *feed, const struct event *ev)
{
	struct shortcut *shortcut = &feed->shortcut[ev->kind];
	struct source_signal seen = {
		.kind = ev->kind, .witness = ev->witness, .grade = SIGNAL_PARTIAL, .basis = SIGNAL_SEEN,
	};
	struct sighting *s;
	const char *via;

	if (shortcut->known && shortcut->via == ev->via && shortcut->witness == ev->witness)
		return;
	*shortcut = (struct shortcut){ .via = ev->via, .witness = ev->witness, .known = true };
	via = store_get_string(feed->store, feed->source, ev->via);
	whose_see_via(&feed->whose, ev->kind, via);
	snprintf(seen.via, sizeof(seen.via), "%s", via);
	s = find_signal(feed, ev->kind, ev->witness, seen.via);
	if (!s)
		s = add_signal(feed, &seen);
	if (!s || s->first_ns != NO_TIME)
		return;
	s->first_ns = ev->t_lo_ns;
	if (ev->nr_objects && ev->object[0].machine == MACHINE_GUEST && feed->machine != MACHINE_GUEST)
		s->signal.machine = MACHINE_GUEST;
}

/* A hole whose beginning is not known carries the time of its end twice. */
static bool store_hole(struct feed *feed, const struct event *ev)
{
	int64_t count = 0;

	event_arg(ev, ARG_COUNT, &count);
	return store_gap(feed->store, feed->source, ev->cpu, ev->t_lo_ns == ev->t_hi_ns ? NO_TIME : ev->t_lo_ns,
			 ev->t_hi_ns, count, event_id(feed->source, ev->ordinal, ev->sub));
}

static const char *mark_text(struct feed *feed, const struct event *ev)
{
	int64_t id;

	if (ev->kind != EV_MARK || !event_arg(ev, ARG_TEXT, &id))
		return NULL;
	return store_get_string(feed->store, feed->source, (str_id)id);
}

static void see_field(struct feed *feed, const struct event *ev)
{
	int64_t field, text;

	if (feed->layer == LAYER_KERNEL && event_arg(ev, ARG_FIELD, &field) && event_arg(ev, ARG_TEXT, &text))
		whose_see_field(&feed->whose, store_get_string(feed->store, feed->source, (str_id)field),
				store_get_string(feed->store, feed->source, (str_id)text));
}

static bool take_event(struct feed *feed, struct event *ev, struct chunk_info *info)
{
	if (!info->nr_events++) {
		info->first_ordinal = ev->ordinal;
		info->t_min_ns = ev->t_lo_ns;
		info->t_max_ns = ev->t_hi_ns;
	}
	info->last_ordinal = ev->ordinal;
	info->t_min_ns = ev->t_lo_ns < info->t_min_ns ? ev->t_lo_ns : info->t_min_ns;
	info->t_max_ns = ev->t_hi_ns > info->t_max_ns ? ev->t_hi_ns : info->t_max_ns;
	note_sighting(feed, ev);
	if (ev->kind == EV_LOST && !store_hole(feed, ev))
		return false;
	if (ev->kind == EV_SNAPSHOT_FIELD && feed->timeless && !store_snapshot_field(feed->store, ev))
		return false;
	if (ev->kind == EV_SNAPSHOT_FIELD)
		see_field(feed, ev);
	ev->machine = feed->machine;
	for (int i = 0; i < ev->nr_objects; i++) {
		ev->object[i] = object_of_source(ev->object[i], feed->machine);
		whose_see_object(&feed->whose, ev->object[i]);
	}
	if (feed->anchors && !feed->timeless)
		anchors_add(feed->anchors, ev, mark_text(feed, ev));
	return !feed->model || feed_starts_anew(feed) || model_event(feed->model, ev);
}

/* What came out of a damaged chunk before the damage, as a chunk of its own: facts are what the model was told. */
static bool store_good_part(struct feed *feed, const struct chunk_info *info, const uint8_t *bytes, size_t len_bytes)
{
	struct chunk_writer *cw = chunk_writer_new();
	const uint8_t *good;
	size_t good_len;
	struct event ev;
	unsigned nr;
	bool stored;

	if (!cw)
		return false;
	chunk_reader_start(feed->chunk, bytes, len_bytes, feed->source);
	while (chunk_reader_next(feed->chunk, &ev) == CHUNK_EVENT && chunk_writer_add(cw, &ev))
		;
	good = chunk_writer_bytes(cw, &good_len, &nr);
	stored = !nr || store_chunk(feed->store, info, good, good_len);
	chunk_writer_free(cw);
	return stored;
}

static int on_chunk(void *ctx, const uint8_t *bytes, size_t len_bytes)
{
	struct feed *feed = ctx;
	struct chunk_info info = { .source = feed->source };
	enum chunk_status status;
	struct event ev;

	chunk_reader_start(feed->chunk, bytes, len_bytes, feed->source);
	while ((status = chunk_reader_next(feed->chunk, &ev)) == CHUNK_EVENT)
		if (!take_event(feed, &ev, &info))
			return 1;
	if (status == CHUNK_DAMAGED) {
		diag_report(&feed->diag, DIAG_READER_LIED, (struct diag_pos){ .path = feed->path },
			    "a chunk of events is damaged");
		feed->failed |= !store_good_part(feed, &info, bytes, len_bytes);
		return 1;
	}
	feed->last_ns = info.t_max_ns;
	return info.nr_events && !store_chunk(feed->store, &info, bytes, len_bytes);
}

static int on_record_kind(void *ctx, const struct record_kind *rk)
{
	struct feed *feed = ctx;

	return !store_record_kind(feed->store, feed->source, rk);
}

static int on_progress(void *ctx, uint64_t offset)
{
	struct feed *feed = ctx;

	progress_set(&feed->progress, offset);
	return 0;
}

static int on_end(void *ctx, const struct source_end *end)
{
	struct feed *feed = ctx;

	feed->end = *end;
	return 0;
}

struct feed *feed_new(struct store *st, struct model *model, const char *path, const char *machine,
		      struct diag_sink *diag, bool quiet)
{
	struct feed *feed = calloc(1, sizeof(*feed));

	if (!feed)
		return NULL;
	feed->store = st;
	feed->model = model;
	feed->path = path;
	feed->next = diag;
	feed->diag = (struct diag_sink){ .fn = on_diag, .ctx = feed };
	feed->sink = (struct source_sink){
		.ctx = feed, .info = on_info, .string = on_string, .signal = on_signal, .chunk = on_chunk,
		.record_kind = on_record_kind, .progress = on_progress, .end = on_end,
	};
	feed->machine_told = machine != NULL;
	if (!machine)
		machine = "host";
	feed->chunk = chunk_reader_new();
	feed->anchors = model ? NULL : anchors_new();
	feed->signals = calloc(MAX_SIGNALS, sizeof(*feed->signals));
	if (!feed->chunk || !feed->signals || (!model && !feed->anchors) || !machine_parse(machine, &feed->machine) ||
	    !store_add_source(st, path, machine, &feed->source)) {
		feed_free(feed);
		return NULL;
	}
	progress_start(&feed->progress, "reading", 0, quiet);
	return feed;
}

struct diag_sink *feed_diag(struct feed *feed)
{
	return &feed->diag;
}

const struct source_sink *feed_sink(struct feed *feed)
{
	return &feed->sink;
}

bool feed_end(struct feed *feed)
{
	bool good = !feed->failed;

	progress_end(&feed->progress);
	for (unsigned i = 0; good && i < feed->nr_signals; i++)
		good = store_signal(feed->store, feed->source, &feed->signals[i].signal, feed->signals[i].first_ns,
				    feed->last_ns);
	feed->ended = true;
	return good && store_source_end(feed->store, feed->source, &feed->end);
}

uint16_t feed_machine(const struct feed *feed)
{
	return feed->machine;
}

bool feed_is_undecided(const struct feed *feed)
{
	return !feed->machine_told && !feed->machine_known && feed->layer == LAYER_KERNEL && feed->machine == MACHINE_HOST;
}

bool feed_is_open_platform(const struct feed *feed)
{
	return !feed->machine_told && !feed->machine_known && feed->layer == LAYER_PLATFORM && feed->machine == MACHINE_HOST;
}

bool feed_is_open_listing(const struct feed *feed)
{
	return !feed->machine_told && !feed->machine_known && feed->layer == LAYER_DEVICE && feed->machine == MACHINE_HOST;
}

bool feed_is_timeless(const struct feed *feed)
{
	return feed->timeless;
}

const char *feed_path(const struct feed *feed)
{
	return feed->path;
}

const struct whose *feed_whose(const struct feed *feed)
{
	return &feed->whose;
}

bool feed_set_machine(struct feed *feed, uint16_t machine)
{
	feed->machine = machine;
	return store_set_machine(feed->store, feed->source, machine);
}

bool feed_starts_anew(const struct feed *feed)
{
	return feed->model && feed->whose.initial && feed_is_undecided(feed);
}

struct anchors *feed_anchors(const struct feed *feed)
{
	return feed->anchors;
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	chunk_reader_free(feed->chunk);
	anchors_free(feed->anchors);
	free(feed->signals);
	free(feed);
}
