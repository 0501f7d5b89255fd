/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binary records out of printed ones, so that both go through the same decoder: for each event and set of values that a
 * text has, a format like those of a trace.dat is made up, and each line becomes a record of that format. Symbols get
 * addresses that no kernel has.
 */
#ifndef IRQPATH_INGEST_FTRACE_SYNTH_H
#define IRQPATH_INGEST_FTRACE_SYNTH_H

#include <stddef.h>
#include <stdint.h>

#include "ingest/ftrace/decode.h"
#include "ingest/ftrace/text_body.h"

struct synth;

/* host and in are borrowed. NULL when memory is short. */
struct synth *synth_new(const struct input *in, const struct reader_host *host);
void synth_free(struct synth *sy);

/* What decodes the records; owned by sy. */
struct decode *synth_decode(struct synth *sy);

/*
 * The record, until the next call; NULL where there are too many different ones. event is the name in its format, with
 * the system in front: "irq:irq_handler_entry".
 */
const struct page_record *synth_record(struct synth *sy, const char *event, int32_t pid, const struct text_body *body);

/*
 * The same in two steps, for who knows that many records have one form: names, and which values are texts. The format is 0 where
 * there is none; of the values of a record the names do not matter then.
 */
uint16_t synth_format(struct synth *sy, const char *event, const struct text_body *body);
const struct page_record *synth_fill(struct synth *sy, uint16_t format, int32_t pid, const struct text_body *body);

#endif
