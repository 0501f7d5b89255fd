/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/marks.h"

#include <stdlib.h>
#include <string.h>

#include "core/object.h"
#include "ingest/qemu/decode.h"

_Static_assert((int)QEMU_MAX_EVENTS < (int)MARKS_MAX_EVENTS, "a mark's events do not fit");

struct marks {
	const char *path;
	struct source_sink sink;	/* hears nothing */
	const struct source_sink *real;
	struct reader_host host;
	bool told;			/* what QEMU's records show */
	struct qemu_decoder *decoder;	/* owned; NULL: none needed yet */
	uint16_t guest;
};

static int no_info(void *ctx, const struct source_info *info)
{
	(void)ctx;
	(void)info;
	return 0;
}

static int no_signal(void *ctx, const struct source_signal *signal)
{
	(void)ctx;
	(void)signal;
	return 0;
}

static int no_kind(void *ctx, const struct record_kind *rk)
{
	(void)ctx;
	(void)rk;
	return 0;
}

static int no_progress(void *ctx, uint64_t offset)
{
	(void)ctx;
	(void)offset;
	return 0;
}

struct marks *marks_new(const char *path, const struct reader_host *host)
{
	struct marks *mk = calloc(1, sizeof(*mk));

	if (!mk)
		return NULL;
	mk->path = path;
	mk->sink = (struct source_sink){ .info = no_info, .signal = no_signal, .record_kind = no_kind,
					 .progress = no_progress };
	mk->real = host->sink;
	mk->host = *host;
	mk->host.sink = &mk->sink;
	machine_parse("guest", &mk->guest);
	return mk;
}

void marks_free(struct marks *mk)
{
	if (!mk)
		return;
	qemu_decoder_free(mk->decoder);
	free(mk);
}

/* The place is the record's; who did it is the thread of QEMU that wrote. */
static void settle(const struct event *mark, unsigned sub, struct event *ev)
{
	ev->ordinal = mark->ordinal;
	ev->offset = mark->offset;
	ev->t_lo_ns = mark->t_lo_ns;
	ev->t_hi_ns = mark->t_hi_ns;
	ev->sub = sub;
	ev->cpu = -1;
	ev->pid = mark->pid;
	ev->comm = mark->comm;
}

unsigned marks_take(struct marks *mk, const struct event *mark, struct event out[MARKS_MAX_EVENTS - 1])
{
	unsigned room = MARKS_MAX_EVENTS - 1 - mark->sub, nr_out = 0, nr;
	struct event got[QEMU_MAX_EVENTS];
	const char *text;
	int64_t id;

	if (!event_arg(mark, ARG_TEXT, &id))
		return 0;
	if (!mk->decoder)
		mk->decoder = qemu_decoder_new(mk->path, &mk->host);
	if (!mk->decoder)
		return 0;
	text = strtab_get(mk->host.strings, (uint32_t)id);
	nr = qemu_decode_text(mk->decoder, text, strlen(text), mark->pid, got);
	/* a record that was written once is on: as in QEMU's own log */
	if (nr && !mk->told)
		qemu_decoder_tell_signals(mk->decoder, mk->real, mk->guest);
	mk->told |= nr > 0;
	for (unsigned i = 0; i < nr && nr_out < room; i++) {
		if (!qemu_event_of(&got[i], mk->guest))
			continue;
		out[nr_out] = got[i];
		settle(mark, mark->sub + 1 + nr_out, &out[nr_out]);
		nr_out++;
	}
	return nr_out;
}

void marks_lost(struct marks *mk)
{
	if (mk->decoder)
		qemu_decoder_lost(mk->decoder);
}
