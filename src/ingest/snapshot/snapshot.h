/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that shows a state at one moment, without saying when: debug-key dumps, /proc/interrupts, lspci. Each format has a
 * function that looks at one line after the other and tells the fields that it shows; all else is shared.
 *
 * A field is called COMPONENT.NAME: where a component of the model has a region of that name, as there, and its text is
 * one of that region's states; else it is a number or a text. The field "feeds" is a link: the first object feeds the
 * second.
 */
#ifndef IRQPATH_INGEST_SNAPSHOT_SNAPSHOT_H
#define IRQPATH_INGEST_SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/reader.h"

struct snapshot;

struct snapshot_format {
	const char *kind;	/* reader_ops.name */
	enum layer layer;
	uint16_t machine;	/* MACHINE_OWN: the content does not tell */
	size_t state_bytes;	/* of what the format keeps between lines, zeroed in the beginning */

	/*
	 * Called with every line before any is told, to find out what must be known before; the line may be written to.
	 * NULL: nothing must.
	 */
	void (*survey)(struct snapshot *ss, char *line);

	/* Tells what a line shows; it may be written to. Returns what is wrong with it, NULL: nothing. */
	const char *(*line)(struct snapshot *ss, char *line);

	/* NULL: nothing is left to be told at the end. Returns what is missing. */
	const char *(*end)(struct snapshot *ss);
};

struct reader *snapshot_open(const struct snapshot_format *format, const struct input *in, const struct reader_host *host);
enum read_status snapshot_next(struct reader *rd, struct event *ev);
void snapshot_position(const struct reader *rd, uint64_t *records, uint64_t *offset);
bool snapshot_text(struct reader *rd, uint64_t offset, char *buf, size_t len);
void snapshot_close(struct reader *rd);

/* The operations that all have in common, for a struct reader_ops. */
#define SNAPSHOT_OPS \
	.next = snapshot_next, .position = snapshot_position, .text = snapshot_text, .close = snapshot_close

/* ---- for the formats ---- */

void *snapshot_state(struct snapshot *ss);
const char *snapshot_path(const struct snapshot *ss);
uint64_t snapshot_line_nr(const struct snapshot *ss);

/* As the source says; only while lines are surveyed. */
void snapshot_set_release(struct snapshot *ss, const char *release);
void snapshot_set_tsc_hz(struct snapshot *ss, uint64_t hz);

/* What the fields told from now on are of, on which CPU, and what that is to be of the machine. */
void snapshot_object(struct snapshot *ss, enum object_kind kind, uint64_t id);
void snapshot_object_of(struct snapshot *ss, uint16_t machine, enum object_kind kind, uint64_t id);
void snapshot_cpu(struct snapshot *ss, int32_t cpu);	/* until the next object; -1: none */

bool snapshot_tells(const struct snapshot *ss);		/* the current line has told something */
void snapshot_number(struct snapshot *ss, enum witness witness, const char *field, uint64_t value);
void snapshot_word(struct snapshot *ss, enum witness witness, const char *field, const char *text);
void snapshot_feeds(struct snapshot *ss, enum witness witness, enum object_kind kind, uint64_t id);
void snapshot_feeds_ref(struct snapshot *ss, enum witness witness, struct object_ref fed);

/* ---- scanning: each passes blanks, and moves *at only where it finds what it looks for ---- */

bool scan_text(char **at, const char *text);
bool scan_dec(char **at, uint64_t *value);
bool scan_hex(char **at, uint64_t *value);
bool scan_bdf(char **at, uint64_t *id);

/* Up to a blank, which becomes its end; NULL at the end of the line. */
char *scan_word(char **at);

/* "0-3,5", ended by a brace or blank, as a mask of the first 64; false where it is none. */
bool scan_cpu_list(char **at, uint64_t *mask);

#endif
