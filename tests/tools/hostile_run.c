/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One broken input: how it is made, and how it is run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/capture.h"
#include "core/chunk.h"
#include "core/strtab.h"
#include "hostile.h"
#include "ingest/ingest.h"
#include "model/model.h"
#include "report/report.h"
#include "store/query.h"
#include "store/store.h"

const char *const result_names[NR_RESULTS] = {
	[RESULT_REFUSED] = "refused", [RESULT_INCOMPLETE] = "read in part", [RESULT_COMPLETE] = "read whole",
	[RESULT_CLEAN] = "exit 0", [RESULT_FINDINGS] = "exit 1", [RESULT_NOT_JUDGED] = "exit 4",
	[RESULT_PARTLY] = "exit 3", [RESULT_FAILED] = "FAILED",
};

/* ---------------------------------------------------------------------------------------------------- making */

/* splitmix64: neighbouring seeds give unrelated numbers. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t x = (*state += 0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static uint64_t below(uint64_t *state, uint64_t bound)
{
	return bound ? random_next(state) % bound : 0;
}

/* Anywhere, but often where headers and tables are: at the beginning and at the end. */
static size_t place(uint64_t *state, size_t len)
{
	enum { HEAD = 64 << 10, TAIL = 4 << 10 };

	switch (below(state, 4)) {
	case 0:
		return below(state, len < HEAD ? len : HEAD);
	case 1:
		return len - 1 - below(state, len < TAIL ? len : TAIL);
	default:
		return below(state, len);
	}
}

/* A length of up to max that fits behind at. */
static size_t span(uint64_t *state, size_t len, size_t at, size_t max)
{
	size_t n = 1 + below(state, max);

	return n < len - at ? n : len - at;
}

static void put_number(uint64_t *state, uint8_t *buf, size_t len, size_t at)
{
	const uint64_t odd[] = { 0, 1, 4, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
				 INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX, UINT64_MAX - 7, len, len - 1, at };
	uint64_t value = odd[below(state, sizeof(odd) / sizeof(odd[0]))];
	unsigned width = 1u << below(state, 4);
	bool big_endian = below(state, 4) == 0;

	at -= at % width;
	for (unsigned i = 0; i < width && at + i < len; i++)
		buf[at + i] = (uint8_t)(value >> 8 * (big_endian ? width - 1 - i : i));
}

/* Numbers written out are all over: in text, in formats, in symbols. */
static void put_digit(uint64_t *state, uint8_t *buf, size_t len, size_t at)
{
	for (size_t i = at; i < len && i < at + 256; i++)
		if (buf[i] >= '0' && buf[i] <= '9') {
			buf[i] = (uint8_t)"0123456789-x f"[below(state, 14)];
			return;
		}
}

static size_t move_bytes(uint64_t *state, uint8_t *buf, size_t len, size_t at, bool more)
{
	size_t n = span(state, len, at, BROKEN_MORE_BYTES);

	if (more) {
		memmove(buf + at + n, buf + at, len - at);
		return len + n;
	}
	memmove(buf + at, buf + at + n, len - at - n);
	return len - n;
}

static size_t mutate_once(uint64_t *state, uint8_t *buf, size_t len)
{
	size_t at = place(state, len), from, n;

	switch (below(state, 9)) {
	case 0:
		buf[at] ^= 1u << below(state, 8);
		break;
	case 1:
		n = span(state, len, at, 256);
		memset(buf + at, (int)("\0\377 \n"[below(state, 4)]), n);
		break;
	case 2:
		from = place(state, len);
		n = span(state, len, at > from ? at : from, 1024);
		memmove(buf + at, buf + from, n);
		break;
	case 3:
		return below(state, 4) ? len : move_bytes(state, buf, len, at, below(state, 2));
	case 4:
	case 5:
		put_number(state, buf, len, at);
		break;
	case 6:
		put_digit(state, buf, len, at);
		break;
	default:
		buf[at] ^= 1 + below(state, 255);
		break;
	}
	return len;
}

/* ---- kallsyms: a third of a trace.dat, and most of the time that it takes to open one ---- */

enum { SECTION_HEAD = 16, SECTION_SYMBOLS = 19 };

static uint64_t get_le(const uint8_t *at, unsigned width)
{
	uint64_t value = 0;

	while (width--)
		value = value << 8 | at[width];
	return value;
}

/* Past a text that ends with 0; len where there is none. */
static size_t skip_text(const struct base *b, size_t at)
{
	const uint8_t *end = at < b->len ? memchr(b->bytes + at, 0, b->len - at) : NULL;

	return end ? (size_t)(end - b->bytes) + 1 : b->len;
}

/* Version 7, little endian, sections end to end: what is not is left as it is. */
void base_look(struct base *b)
{
	static const uint8_t magic[] = { 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g', '7', 0, 0 };
	size_t at = sizeof(magic) + 1 + 4;

	if (b->len < at || memcmp(b->bytes, magic, sizeof(magic)))
		return;
	at = skip_text(b, skip_text(b, at)) + 8;
	while (at < b->len && b->len - at > SECTION_HEAD) {
		uint64_t len = get_le(b->bytes + at + 8, 8);

		if (len > b->len - at - SECTION_HEAD)
			return;
		if (get_le(b->bytes + at, 2) == SECTION_SYMBOLS && len > 64) {
			b->symbols = at;
			return;
		}
		at += SECTION_HEAD + len;
	}
}

/* One symbol, not compressed, in the place of all; the section keeps its length. */
static void drop_symbols(uint8_t *section)
{
	static const char symbol[] = "ffffffff81000000 T startup_64\n";
	const uint8_t len = sizeof(symbol) - 1;

	section[2] = 0;
	memset(section + SECTION_HEAD, 0, 4);
	section[SECTION_HEAD] = len;
	memcpy(section + SECTION_HEAD + 4, symbol, len);
}

size_t broken_make(const struct broken *br, uint8_t *buf)
{
	uint64_t state = br->number, more;
	size_t len = br->base->len;

	if (br->how == BREAK_CUT) {
		len = br->number < len ? br->number : len;
		memcpy(buf, br->base->bytes, len);
		return len;
	}
	memcpy(buf, br->base->bytes, len);
	if (br->base->symbols && br->number % 8)
		drop_symbols(buf + br->base->symbols);
	more = below(&state, 2) ? 1 : 1 + below(&state, 8);
	while (more-- && len)
		len = len < br->base->len ? mutate_once(&state, buf, len) : mutate_once(&state, buf, br->base->len);
	return len;
}

/* ---------------------------------------------------------------------------------------------------- reading */

struct reading {
	struct model *model;
	struct strtab *strings;
	struct chunk_reader *chunks;
	struct source_end end;
	unsigned nr_infos, nr_ends;
	const char *why;	/* what was wrong; NULL: nothing */
};

static int wrong(struct reading *rg, const char *why)
{
	rg->why = why;
	return 1;
}

static int on_info(void *ctx, const struct source_info *info)
{
	struct reading *rg = ctx;

	(void)info;
	return rg->nr_infos++ ? wrong(rg, "told about the source twice") : 0;
}

static int on_string(void *ctx, str_id id, const char *text, size_t len_bytes)
{
	struct reading *rg = ctx;

	return strtab_intern(rg->strings, text, len_bytes) == id ? 0 : wrong(rg, "strings do not count up");
}

static int on_chunk(void *ctx, const uint8_t *bytes, size_t len_bytes)
{
	struct reading *rg = ctx;
	enum chunk_status status;
	struct event ev;

	chunk_reader_start(rg->chunks, bytes, len_bytes, 1);
	while ((status = chunk_reader_next(rg->chunks, &ev)) == CHUNK_EVENT) {
		for (int i = 0; i < ev.nr_objects; i++)
			if (ev.object[i].machine == MACHINE_OWN)
				ev.object[i].machine = MACHINE_HOST;
		if (!model_event(rg->model, &ev))
			return wrong(rg, "the model refuses an event");
	}
	return status == CHUNK_END ? 0 : wrong(rg, "a chunk is damaged");
}

static int on_signal(void *ctx, const struct source_signal *signal)
{
	return signal->kind < NR_EVENT_KINDS ? 0 : wrong(ctx, "a signal of no kind");
}

static int on_record_kind(void *ctx, const struct record_kind *rk)
{
	return rk->kept <= rk->count ? 0 : wrong(ctx, "more records kept than there were");
}

static int on_progress(void *ctx, uint64_t offset)
{
	(void)ctx;
	(void)offset;
	return 0;
}

static int on_end(void *ctx, const struct source_end *end)
{
	struct reading *rg = ctx;

	rg->end = *end;
	return rg->nr_ends++ ? wrong(rg, "ended twice") : 0;
}

static void count_only(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

static const char *string_of(void *ctx, uint32_t source, str_id id)
{
	(void)source;
	return strtab_get(ctx, id);
}

#define DROP(name, type) \
	static int drop_##name(void *ctx, const struct type *row) \
	{ \
		(void)ctx; \
		(void)row; \
		return 0; \
	}
DROP(object, object_row)
DROP(summary, summary_row)
DROP(link, link_row)
DROP(step, step_row)
DROP(span, span_row)
DROP(obligation, obligation_row)
DROP(stat, stat_row)
DROP(delivery, delivery_row)
DROP(ledger, ledger_row)
DROP(harm, harm_row)
DROP(path, path_row)
DROP(dump, dump_row)

static const struct derived_sink nowhere = {
	.object = drop_object, .summary = drop_summary, .link = drop_link, .step = drop_step, .span = drop_span,
	.obligation = drop_obligation, .stat = drop_stat, .delivery = drop_delivery, .ledger = drop_ledger,
	.harm = drop_harm, .path = drop_path, .dump = drop_dump,
};

static void fd_path(int fd, char *buf, size_t len)
{
	snprintf(buf, len, "/proc/self/fd/%d", fd);
}

static enum result judge_reading(const struct reading *rg, bool started, bool whole, unsigned long nr_errors,
				 const char **why)
{
	*why = rg->why;
	if (!*why && started && rg->nr_ends != 1)
		*why = "did not end once";
	if (!*why && started && whole != rg->end.complete)
		*why = "whole, and not";
	if (!*why && !whole && !nr_errors)
		*why = "not all was read, and nothing said so";
	if (*why)
		return RESULT_FAILED;
	if (whole)
		return RESULT_COMPLETE;
	return rg->end.kept ? RESULT_INCOMPLETE : RESULT_REFUSED;
}

enum result hostile_read(int fd, const char **why)
{
	const struct ingest_options opt = { .in_process = true };
	struct reading rg = { .strings = strtab_new(), .chunks = chunk_reader_new() };
	const struct source_sink sink = {
		.ctx = &rg, .info = on_info, .string = on_string, .signal = on_signal, .chunk = on_chunk,
		.record_kind = on_record_kind, .progress = on_progress, .end = on_end,
	};
	const struct model_options model_opt = { .string = string_of, .string_ctx = rg.strings, .forced_path = -1 };
	struct diag_sink diag = { .fn = count_only };
	struct ingest *in;
	bool whole, ended;
	char path[64];

	fd_path(fd, path, sizeof(path));
	rg.model = model_new(&model_opt, &nowhere, &diag);
	if (!rg.strings || !rg.chunks || !rg.model)
		abort();
	in = ingest_start(path, &opt, &diag);
	whole = in && ingest_run(in, &sink);
	ended = model_end(rg.model);
	if (!ended && !rg.why)
		rg.why = "the model does not end";
	ingest_stop(in);
	model_free(rg.model);
	chunk_reader_free(rg.chunks);
	strtab_free(rg.strings);
	return judge_reading(&rg, in != NULL, whole, diag.count[DIAG_ERROR], why);
}

/* ---------------------------------------------------------------------------------------------------- analyzing */

static const char *write_report(struct capture *cap, const char *format)
{
	const struct report_options opt = { .exit_status = cap->status, .width = 100, .verbose = 1 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool good;

	if (!out)
		return "no memory";
	good = report_find(format)->write(cap->store, &opt, out);
	fclose(out);
	free(text);
	return good && len ? NULL : "no report can be written";
}

static bool judged_something(struct store *st)
{
	return query_one_int(st, "SELECT count(*) FROM verdict v JOIN rule r ON r.id = v.rule "
				 "WHERE v.verdict IN ('pass', 'fail') AND NOT r.hygiene", 0) > 0;
}

static enum result by_status(struct capture *cap, const char **why)
{
	*why = NULL;
	if (cap->store)
		*why = write_report(cap, "json");
	if (cap->store && !*why)
		*why = write_report(cap, "text");
	if (!*why && cap->status == STATUS_CLEAN && !judged_something(cap->store))
		*why = "clean, and judged nothing";
	if (!*why && cap->status == STATUS_INCOMPLETE && !cap->diag.count[DIAG_ERROR])
		*why = "not all was read, and nothing said so";
	if (!*why && cap->status == STATUS_USAGE)
		*why = "a rule had to be stopped";
	if (*why)
		return RESULT_FAILED;
	switch (cap->status) {
	case STATUS_CLEAN:
		return RESULT_CLEAN;
	case STATUS_FINDINGS:
		return RESULT_FINDINGS;
	case STATUS_NOT_JUDGED:
		return RESULT_NOT_JUDGED;
	default:
		return RESULT_PARTLY;
	}
}

enum result hostile_analyze(int fd, const struct rules *rules, bool isolated, const char **why)
{
	struct capture cap = {
		.opt = { .in_process = !isolated, .quiet = true },
		.rules_opt = { .forced_path = -1, .fail_on = SEVERITY_ERROR },
		.rules = rules, .diag = { .fn = count_only },
	};
	enum result result;
	char path[64], *files[] = { path, NULL };

	fd_path(fd, path, sizeof(path));
	capture_analyze(&cap, files, 1);
	result = by_status(&cap, why);
	capture_fini(&cap);
	return result;
}
