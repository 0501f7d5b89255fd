/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/xentrace/windows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/bincur.h"

enum { SEARCH_BYTES = 16 << 10, SEARCHED_PER_WORK = 16 };

/* What all CPUs together may look at while they walk by themselves: seconds, where it is hostile. */
enum { MAX_OWN_WORK = 1 << 26 };

static bool is_header(const uint8_t *at, bool big_endian)
{
	return window_u32(at, big_endian) == WINDOW_HEADER_WORD && window_u32(at + 4, big_endian) < WINDOW_MAX_CPUS &&
	       window_u32(at + 8, big_endian) % 4 == 0;
}

bool window_probe(const uint8_t *head, size_t len, bool *big_endian)
{
	if (len < WINDOW_HEADER_BYTES)
		return false;
	*big_endian = head[0] == WINDOW_HEADER_WORD >> 24;
	return is_header(head, *big_endian) && window_u32(head + 8, *big_endian) > 0;
}

void window_scan_init(struct window_scan *scan, const struct input *in, bool big_endian, struct diag_sink *diag)
{
	*scan = (struct window_scan){ .in = in, .diag = diag, .big_endian = big_endian };
}

/* A header's bytes; NULL where the file does not have them. */
static const uint8_t *header_bytes(struct window_scan *scan, uint64_t pos)
{
	uint64_t left = scan->in->size_bytes - pos;
	size_t len = left < sizeof(scan->cache) ? left : sizeof(scan->cache);

	if (pos >= scan->cache_pos && pos - scan->cache_pos + WINDOW_HEADER_BYTES <= scan->cache_len)
		return scan->cache + (pos - scan->cache_pos);
	scan->cache_len = 0;
	if (len < WINDOW_HEADER_BYTES || !bincur_pread(scan->in->fd, scan->cache, len, pos))
		return NULL;
	scan->cache_pos = pos;
	scan->cache_len = len;
	return scan->cache;
}

static void report(const struct window_scan *scan, enum diag_code code, uint64_t byte, const char *what, uint64_t n)
{
	if (scan->diag)
		diag_report(scan->diag, code, (struct diag_pos){ scan->in->path, byte, 0 }, what, n);
}

/* Behind a window stands the next one, or nothing. */
static bool is_chained(const struct window_scan *scan, uint64_t pos, const uint8_t *header)
{
	uint64_t size = scan->in->size_bytes;
	uint64_t end = pos + WINDOW_HEADER_BYTES + window_u32(header + 8, scan->big_endian);
	uint8_t word[4];

	if (end == size)
		return true;
	return end + sizeof(word) <= size && bincur_pread(scan->in->fd, word, sizeof(word), end) &&
	       window_u32(word, scan->big_endian) == WINDOW_HEADER_WORD;
}

/* Where the next header is that can be believed, from a multiple of 4 bytes on; the file's end where there is none. */
static uint64_t find_header(struct window_scan *scan, uint64_t pos)
{
	uint64_t size = scan->in->size_bytes;
	uint8_t block[SEARCH_BYTES];

	while (pos < size && size - pos >= WINDOW_HEADER_BYTES) {
		size_t len = size - pos < sizeof(block) ? size - pos : sizeof(block);

		if (!bincur_pread(scan->in->fd, block, len, pos))
			break;
		scan->work += len / SEARCHED_PER_WORK;
		for (size_t i = 0; i + WINDOW_HEADER_BYTES <= len; i += 4)
			if (is_header(block + i, scan->big_endian) && is_chained(scan, pos + i, block + i))
				return pos + i;
		pos += (len - WINDOW_HEADER_BYTES + 4) & ~(uint64_t)3;
	}
	return size;
}

static void skip_damage(struct window_scan *scan)
{
	uint64_t from = scan->pos;

	scan->pos = find_header(scan, from + 4);
	scan->nr_breaks++;
	report(scan, DIAG_BAD_DATA, from, "no window begins here, %" PRIu64 " bytes are passed over", scan->pos - from);
}

/* A length that leads out of the file is wrong, or the file is cut: the window ends where the next one begins. */
static void clip(struct window_scan *scan, struct window *win)
{
	uint64_t end = find_header(scan, win->offset);

	if (end == scan->in->size_bytes)
		report(scan, DIAG_SHORT_FILE, win->offset - WINDOW_HEADER_BYTES,
		       "of a window of %" PRIu64 " bytes not all are there", win->len_bytes);
	else
		report(scan, DIAG_BAD_DATA, win->offset - WINDOW_HEADER_BYTES,
		       "a window claims %" PRIu64 " bytes, another one begins within it", win->len_bytes);
	win->len_bytes = end - win->offset;
	win->cut = true;
	scan->nr_breaks++;
}

bool window_next(struct window_scan *scan, struct window *win)
{
	uint64_t size = scan->in->size_bytes;

	while (scan->pos < size) {
		const uint8_t *at = header_bytes(scan, scan->pos);

		if (!at) {
			report(scan, DIAG_SHORT_FILE, scan->pos, "%" PRIu64 " bytes are no whole record", size - scan->pos);
			scan->pos = size;
			scan->nr_breaks++;
			return false;
		}
		if (!is_header(at, scan->big_endian)) {
			skip_damage(scan);
			continue;
		}
		*win = (struct window){
			.offset = scan->pos + WINDOW_HEADER_BYTES, .cpu = window_u32(at + 4, scan->big_endian),
			.len_bytes = window_u32(at + 8, scan->big_endian), .nr_breaks = scan->nr_breaks,
		};
		scan->work++;
		if (win->len_bytes > size - win->offset)
			clip(scan, win);
		scan->pos = win->offset + win->len_bytes;
		return true;
	}
	return false;
}

/* ---- all CPUs at the same time ---- */

enum { NONE = UINT32_MAX };

struct kept {
	struct window win;
	uint32_t next;
};

/* A CPU's windows that are kept, and how far it has walked by itself. */
struct list {
	uint32_t head, tail;
	uint64_t own_pos;
	uint32_t own_breaks;
};

struct window_queue {
	struct window_scan scan;	/* for all */
	struct window_scan own;		/* for one, from its list */
	const uint64_t *last_offset;
	struct kept *kept;
	uint32_t free, nr_cpus;
	struct list *lists;
	bool gave_up;
};

struct window_queue *window_queue_new(const struct input *in, bool big_endian, const uint64_t *last_offset,
				      uint32_t nr_cpus, uint32_t max_kept)
{
	struct window_queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return NULL;
	queue->kept = calloc(max_kept, sizeof(*queue->kept));
	queue->lists = calloc(nr_cpus, sizeof(*queue->lists));
	if (!queue->kept || !queue->lists) {
		window_queue_free(queue);
		return NULL;
	}
	window_scan_init(&queue->scan, in, big_endian, NULL);
	window_scan_init(&queue->own, in, big_endian, NULL);
	queue->last_offset = last_offset;
	queue->nr_cpus = nr_cpus;
	for (uint32_t i = 0; i < max_kept; i++)
		queue->kept[i].next = i + 1 < max_kept ? i + 1 : NONE;
	for (uint32_t i = 0; i < nr_cpus; i++)
		queue->lists[i].head = NONE;
	return queue;
}

void window_queue_free(struct window_queue *queue)
{
	if (!queue)
		return;
	free(queue->kept);
	free(queue->lists);
	free(queue);
}

bool window_queue_gave_up(const struct window_queue *queue)
{
	return queue->gave_up;
}

static void pop(struct window_queue *queue, struct list *list, struct window *win)
{
	uint32_t i = list->head;

	*win = queue->kept[i].win;
	list->head = queue->kept[i].next;
	queue->kept[i].next = queue->free;
	queue->free = i;
}

static void push(struct window_queue *queue, const struct window *win)
{
	struct list *list = &queue->lists[win->cpu];
	uint32_t i = queue->free;

	queue->free = queue->kept[i].next;
	queue->kept[i] = (struct kept){ .win = *win, .next = NONE };
	if (list->head == NONE)
		list->head = i;
	else
		queue->kept[list->tail].next = i;
	list->tail = i;
}

/* From where all are, or where this CPU already was beyond that. */
static bool walk_alone(struct window_queue *queue, uint32_t cpu, struct window *win)
{
	struct list *list = &queue->lists[cpu];
	bool further = list->own_pos > queue->scan.pos;

	queue->own.pos = further ? list->own_pos : queue->scan.pos;
	queue->own.nr_breaks = further ? list->own_breaks : queue->scan.nr_breaks;
	queue->gave_up |= queue->own.work >= MAX_OWN_WORK;
	while (!queue->gave_up && queue->own.pos < queue->last_offset[cpu] && window_next(&queue->own, win)) {
		queue->gave_up = queue->own.work >= MAX_OWN_WORK;
		if (win->cpu != cpu)
			continue;
		list->own_pos = queue->own.pos;
		list->own_breaks = queue->own.nr_breaks;
		return true;
	}
	return false;
}

bool window_queue_take(struct window_queue *queue, uint32_t cpu, struct window *win)
{
	struct list *list = &queue->lists[cpu];

	if (list->head != NONE) {
		pop(queue, list, win);
		return true;
	}
	if (list->own_pos > queue->scan.pos)
		return walk_alone(queue, cpu, win);
	while (queue->scan.pos < queue->last_offset[cpu]) {
		if (queue->free == NONE)
			return walk_alone(queue, cpu, win);
		if (!window_next(&queue->scan, win))
			break;
		if (win->cpu >= queue->nr_cpus || win->offset < queue->lists[win->cpu].own_pos)
			continue;	/* not there when the file was walked first; has been taken */
		if (win->cpu == cpu)
			return true;
		push(queue, win);
	}
	return false;
}
