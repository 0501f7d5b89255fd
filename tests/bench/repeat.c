/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: repeat TIMES IN OUT
 *
 * Makes a long trace.dat of a short one: every CPU's ring-buffer pages TIMES times over, each time later by the length of
 * the whole capture. IN is version 7, little-endian and not compressed, as
 * `trace-cmd convert -i ORIGINAL -o IN --file-version 7 --compression none` writes it.
 *
 * The new pages go behind the end of the file, in a section of their own; only the places and sizes in the BUFFER options
 * change, so that nothing else has to move (trace-cmd.dat.v7(5)). Page layout: a 64-bit time stamp, a 64-bit commit word whose low 27 bits are
 * the length of what follows, then records with a 5-bit type and a 27-bit time difference (events/header_event).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CPUS = 4096, SECTION_HEADER_BYTES = 16, OPTION_HEADER_BYTES = 6, CPU_ENTRY_BYTES = 20, PAGE_HEADER_BYTES = 16 };
enum { OPTION_DONE = 0, OPTION_BUFFER = 3, SECTION_BUFFER = 3, SECTION_COMPRESSED = 1 };
enum { RECORD_LONG = 0, RECORD_PADDING = 29, RECORD_TIME_EXTEND = 30, RECORD_TIME_STAMP = 31 };

static const uint64_t gap_ns = 1000000;

struct cpu_data {
	uint64_t option;	/* where the BUFFER option lies, and its entry there */
	uint64_t entry;
	uint64_t offset, size;
};

struct trace {
	uint8_t *bytes;
	uint64_t len;
	uint32_t page_size;
	struct cpu_data cpu[MAX_CPUS];
	unsigned nr_cpus;
	uint64_t first_ns, last_ns;
};

static uint64_t get_le(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

static void put_le(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = value >> (8 * i);
}

static bool trace_has(const struct trace *tr, uint64_t offset, uint64_t len)
{
	return offset <= tr->len && len <= tr->len - offset;
}

static bool trace_read(struct trace *tr, const char *path)
{
	FILE *in = fopen(path, "rb");
	long end;

	if (!in)
		return false;
	if (!fseek(in, 0, SEEK_END) && (end = ftell(in)) > 0 && !fseek(in, 0, SEEK_SET)) {
		tr->bytes = malloc(end);
		tr->len = tr->bytes ? fread(tr->bytes, 1, end, in) : 0;
	}
	fclose(in);
	return tr->len > 0;
}

/* Skips a string that ends within the file; 0 where it does not. */
static uint64_t skip_string(const struct trace *tr, uint64_t offset)
{
	const uint8_t *nul;

	if (!offset || offset >= tr->len)
		return 0;
	nul = memchr(tr->bytes + offset, 0, tr->len - offset);
	return nul ? (uint64_t)(nul - tr->bytes) + 1 : 0;
}

static const char *parse_buffer(struct trace *tr, uint64_t at)
{
	uint64_t option = at, nr;

	at = skip_string(tr, skip_string(tr, at + 8));
	if (!at || !trace_has(tr, at, 8))
		return "BUFFER option ends early";
	if (get_le(tr->bytes + at, 4) != tr->page_size)
		return "buffers with pages of their own size are not supported";
	nr = get_le(tr->bytes + at + 4, 4);
	at += 8;
	if (nr > MAX_CPUS - tr->nr_cpus || !trace_has(tr, at, nr * CPU_ENTRY_BYTES))
		return "BUFFER option has too many CPUs";
	for (; nr--; at += CPU_ENTRY_BYTES) {
		struct cpu_data *cd = &tr->cpu[tr->nr_cpus++];

		cd->option = option;
		cd->entry = at;
		cd->offset = get_le(tr->bytes + at + 4, 8);
		cd->size = get_le(tr->bytes + at + 12, 8);
		if (!trace_has(tr, cd->offset, cd->size) || cd->size % tr->page_size)
			return "a CPU's data lies outside the file";
	}
	return NULL;
}

/* One options section; *next is that of the section that follows, 0 at the last. */
static const char *parse_options(struct trace *tr, uint64_t at, uint64_t *next)
{
	*next = 0;
	if (!trace_has(tr, at, SECTION_HEADER_BYTES))
		return "options lie outside the file";
	if (get_le(tr->bytes + at + 2, 2) & SECTION_COMPRESSED)
		return "the file is compressed";
	at += SECTION_HEADER_BYTES;
	while (trace_has(tr, at, OPTION_HEADER_BYTES)) {
		uint64_t id = get_le(tr->bytes + at, 2), size = get_le(tr->bytes + at + 2, 4);
		const char *wrong = NULL;

		at += OPTION_HEADER_BYTES;
		if (!trace_has(tr, at, size))
			break;
		if (id == OPTION_DONE) {
			*next = size >= 8 ? get_le(tr->bytes + at, 8) : 0;
			return NULL;
		}
		if (id == OPTION_BUFFER)
			wrong = parse_buffer(tr, at);
		if (wrong)
			return wrong;
		at += size;
	}
	return "options end early";
}

static const char *trace_parse(struct trace *tr)
{
	static const uint8_t magic[] = { 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g', '7', 0, 0, 8 };
	uint64_t at = sizeof(magic) + 4, next;

	if (!trace_has(tr, 0, at) || memcmp(tr->bytes, magic, sizeof(magic)))
		return "not a little-endian 64-bit trace.dat of version 7";
	tr->page_size = get_le(tr->bytes + sizeof(magic), 4);
	at = skip_string(tr, skip_string(tr, at));
	if (!at || !trace_has(tr, at, 8) || tr->page_size <= PAGE_HEADER_BYTES)
		return "header ends early";
	for (next = get_le(tr->bytes + at, 8); next; ) {
		uint64_t here = next;
		const char *wrong = parse_options(tr, here, &next);

		if (wrong)
			return wrong;
		if (next && next <= here)
			return "options run backwards";
	}
	return tr->nr_cpus ? NULL : "no CPU has data";
}

/*
 * Moves a page in time by shift; *last_ns is the time of its last record before that. An absolute time stamp carries the
 * low 59 bits of the time.
 */
static bool page_shift(uint8_t *page, uint32_t page_size, uint64_t shift, uint64_t *last_ns)
{
	uint64_t ts = get_le(page, 8), pos = PAGE_HEADER_BYTES, end = pos + (get_le(page + 8, 8) & ((1 << 27) - 1));

	if (end > page_size)
		return false;
	put_le(page, ts + shift, 8);
	while (pos + 8 <= end) {
		uint64_t head = get_le(page + pos, 4), type = head & 31, delta = head >> 5, word = get_le(page + pos + 4, 4);

		if (type == RECORD_TIME_STAMP) {
			uint64_t stamp = (word << 27) + delta;

			ts = (ts & ~((UINT64_C(1) << 59) - 1)) | stamp;
			put_le(page + pos, type | ((stamp + shift) & ((1 << 27) - 1)) << 5, 4);
			put_le(page + pos + 4, (stamp + shift) >> 27, 4);
			pos += 8;
			continue;
		}
		if (type == RECORD_PADDING && !delta)
			break;
		ts += delta;
		if (type == RECORD_TIME_EXTEND) {
			ts += word << 27;
			pos += 8;
		} else {
			pos += 4 + (type == RECORD_LONG || type == RECORD_PADDING ? word : 4 * type);
		}
	}
	*last_ns = ts;
	return true;
}

static bool trace_span(struct trace *tr)
{
	tr->first_ns = UINT64_MAX;
	for (unsigned i = 0; i < tr->nr_cpus; i++) {
		for (uint64_t at = 0; at < tr->cpu[i].size; at += tr->page_size) {
			uint8_t *page = tr->bytes + tr->cpu[i].offset + at;
			uint64_t first = get_le(page, 8), last;

			if (!page_shift(page, tr->page_size, 0, &last))
				return false;
			if (first < tr->first_ns)
				tr->first_ns = first;
			if (last > tr->last_ns)
				tr->last_ns = last;
		}
	}
	return true;
}

static bool write_pages(struct trace *tr, const struct cpu_data *cd, uint64_t times, uint8_t *page, FILE *out)
{
	uint64_t period = tr->last_ns - tr->first_ns + gap_ns, last;

	for (uint64_t i = 0; i < times; i++) {
		for (uint64_t at = 0; at < cd->size; at += tr->page_size) {
			memcpy(page, tr->bytes + cd->offset + at, tr->page_size);
			if (!page_shift(page, tr->page_size, i * period, &last) || fwrite(page, tr->page_size, 1, out) != 1)
				return false;
		}
	}
	return true;
}

/* Points every BUFFER option at the section that begins at section and holds all pages from offset at on; its end. */
static uint64_t patch_options(struct trace *tr, uint64_t times, uint64_t section, uint64_t at)
{
	for (unsigned i = 0; i < tr->nr_cpus; i++) {
		const struct cpu_data *cd = &tr->cpu[i];

		put_le(tr->bytes + cd->option, section, 8);
		put_le(tr->bytes + cd->entry + 4, at, 8);
		put_le(tr->bytes + cd->entry + 12, cd->size * times, 8);
		at += cd->size * times;
	}
	return at;
}

static bool trace_write(struct trace *tr, uint64_t times, FILE *out)
{
	uint64_t body = tr->len + SECTION_HEADER_BYTES;
	uint64_t pages = (body + tr->page_size - 1) / tr->page_size * tr->page_size;
	uint64_t end = patch_options(tr, times, tr->len, pages);
	uint8_t header[SECTION_HEADER_BYTES] = { SECTION_BUFFER };
	uint8_t *page = calloc(1, tr->page_size);
	bool good = page != NULL;

	put_le(header + 8, end - body, 8);
	good = good && fwrite(tr->bytes, tr->len, 1, out) == 1 && fwrite(header, sizeof(header), 1, out) == 1;
	good = good && (pages == body || fwrite(page, pages - body, 1, out) == 1);
	for (unsigned i = 0; good && i < tr->nr_cpus; i++)
		good = write_pages(tr, &tr->cpu[i], times, page, out);
	free(page);
	return good;
}

static int fail(struct trace *tr, const char *path, const char *what)
{
	fprintf(stderr, "repeat: %s: %s\n", path, what);
	free(tr->bytes);
	return 1;
}

int main(int argc, char **argv)
{
	static struct trace tr;
	const char *wrong;
	uint64_t times;
	FILE *out;

	times = argc == 4 ? strtoull(argv[1], NULL, 10) : 0;
	if (!times || times > 1000000) {
		fputs("usage: repeat TIMES IN OUT\n", stderr);
		return 2;
	}
	if (!trace_read(&tr, argv[2]))
		return fail(&tr, argv[2], "cannot be read");
	wrong = trace_parse(&tr);
	if (wrong)
		return fail(&tr, argv[2], wrong);
	if (!trace_span(&tr))
		return fail(&tr, argv[2], "a page is longer than a page");
	out = fopen(argv[3], "wb");
	if (!out || !trace_write(&tr, times, out) || fclose(out))
		return fail(&tr, argv[3], "cannot be written");
	free(tr.bytes);
	return 0;
}
