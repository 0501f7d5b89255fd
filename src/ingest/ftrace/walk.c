/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/walk.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "ingest/bincur.h"

static const uint8_t magic[] = { 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g' };

enum option {
	OPTION_DONE,
	OPTION_DATE,
	OPTION_CPUSTAT,
	OPTION_BUFFER,
	OPTION_TRACECLOCK,
	OPTION_UNAME,
	OPTION_HOOK,
	OPTION_OFFSET,
	OPTION_CPUCOUNT,
	OPTION_TIME_SHIFT = 12,
	OPTION_TSC2NSEC = 14,
	OPTION_STRINGS,
	OPTION_HEADER_INFO,
	OPTION_KALLSYMS = 19,
	OPTION_BUFFER_TEXT = 22,
	LAST_SECTION = 25,
};

enum {
	SECTION_COMPRESSED = 1,
	MAX_SECTION_BYTES = 256 << 20,
	MAX_OPTION_BYTES = 16 << 20,
	MAX_OPTIONS = 1 << 16,
	MAX_OPTION_SECTIONS = 1 << 10,
	MAX_CPUS = 1 << 16,
	MAX_BUFFERS = 1 << 10,
	MAX_PAGE_SIZE = 1 << 20,
	TAG_LEN = 10,
	SYMBOLS_LENGTH = 4,
};

struct walker {
	struct walk *w;
	const struct input *in;
	struct diag_sink *diag;
	unsigned nr_options;
};

bool walk_probe(const uint8_t *head, size_t len)
{
	return len >= sizeof(magic) && !memcmp(head, magic, sizeof(magic));
}

static bool report(struct walker *wr, enum diag_code code, uint64_t byte, const char *what)
{
	diag_report(wr->diag, code, (struct diag_pos){ wr->in->path, byte, 0 }, "%s", what);
	return false;
}

/* A cursor that failed: the file ends early where the file did, else the structure is damaged. base: where mem begins.
 */
static bool report_cursor(struct walker *wr, const struct bincur *cur, uint64_t base, const char *what)
{
	bool cut = !cur->mem && cur->end == wr->in->size_bytes;

	return report(wr, cut ? DIAG_SHORT_FILE : DIAG_BAD_HEADER, base + cur->bad_at, what);
}

/* A section's or chunk's compressed bytes; NULL where they are not what they say. *len is the size unpacked. */
static void *unpack(int fd, uint64_t offset, uint32_t packed_len, uint32_t len)
{
	uint8_t *packed, *out;
	size_t got;

	if (len > MAX_SECTION_BYTES || packed_len > MAX_SECTION_BYTES)
		return NULL;
	packed = malloc(packed_len + 1);
	out = malloc((size_t)len + 1);
	if (packed && out && bincur_pread(fd, packed, packed_len, offset)) {
		got = ZSTD_decompress(out, len, packed, packed_len);
		if (!ZSTD_isError(got) && got == len) {
			free(packed);
			out[len] = 0;
			return out;
		}
	}
	free(packed);
	free(out);
	return NULL;
}

/* The tracer's clock is the bracketed one: "[local] global counter". */
static void take_clock(char *clock, size_t len, const char *text)
{
	const char *open = strchr(text, '[');
	size_t n = open ? strcspn(open + 1, "] \n") : 0;

	if (!n || n >= len)
		return;
	memcpy(clock, open + 1, n);
	clock[n] = 0;
}

/* uname's second and third words are the host and the release; the host's name is nobody's business. */
static void take_release(struct walk *w, const char *text)
{
	const char *at = text;
	size_t n;

	for (int word = 0; word < 2; word++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	n = strcspn(at, " \n");
	if (!n || n >= sizeof(w->release))
		return;
	memcpy(w->release, at, n);
	w->release[n] = 0;
}

static void take_cpustat(struct walk *w, const char *text)
{
	static const char *const keys[] = { "\noverrun: ", "\ncommit overrun: ", "\ndropped events: " };

	for (unsigned i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *at = strstr(text, keys[i]);

		if (at)
			w->lost += strtoull(at + strlen(keys[i]), NULL, 10);
	}
}

static struct walk_buffer *add_buffer(struct walk *w)
{
	struct walk_buffer *buffers;

	if (w->nr_buffers == MAX_BUFFERS)
		return NULL;
	buffers = realloc(w->buffers, (w->nr_buffers + 1) * sizeof(*buffers));
	if (!buffers)
		return NULL;
	w->buffers = buffers;
	memset(&buffers[w->nr_buffers], 0, sizeof(*buffers));
	return &buffers[w->nr_buffers++];
}

/* A CPU's data must lie in the file. */
static bool check_extent(struct walker *wr, const struct walk_cpu *cpu)
{
	char text[128];

	if (!cpu->size_bytes)
		return true;
	if (cpu->offset <= wr->in->size_bytes && cpu->size_bytes <= wr->in->size_bytes - cpu->offset)
		return true;
	snprintf(text, sizeof(text), "data of CPU %u, %llu bytes from here, ends behind the file's end", cpu->cpu,
		 (unsigned long long)cpu->size_bytes);
	return report(wr, DIAG_SHORT_FILE, cpu->offset, text);
}

/* The table of a data section. v7 has a CPU number in each row; v6 counts. */
static bool take_cpus(struct walker *wr, struct bincur *cur, struct walk_buffer *buffer, unsigned nr, bool numbered)
{
	if (nr > MAX_CPUS || bincur_left(cur) / (numbered ? 20 : 16) < nr)
		return report(wr, cur->mem ? DIAG_BAD_HEADER : DIAG_SHORT_FILE, cur->pos,
			      "table of CPU data does not fit");
	buffer->cpus = calloc(nr + 1, sizeof(*buffer->cpus));
	if (!buffer->cpus)
		return report(wr, DIAG_BAD_HEADER, cur->pos, "no memory for the table of CPU data");
	buffer->nr_cpus = nr;
	for (unsigned i = 0; i < nr; i++) {
		struct walk_cpu *cpu = &buffer->cpus[i];

		cpu->cpu = numbered ? bincur_u32(cur) : i;
		cpu->offset = bincur_u64(cur);
		cpu->size_bytes = bincur_u64(cur);
		if (cpu->cpu >= MAX_CPUS)
			return report(wr, DIAG_BAD_HEADER, cpu->offset, "CPU number out of range");
		if (!check_extent(wr, cpu))
			return false;
	}
	return true;
}

/* v6: only offset and name, the table is behind another tag at offset. */
static bool take_buffer_v6(struct walker *wr, struct bincur *opt)
{
	struct walk_buffer *buffer = add_buffer(wr->w);
	struct bincur cur;
	uint64_t offset = bincur_u64(opt);
	char tag[TAG_LEN];

	if (!buffer)
		return report(wr, DIAG_BAD_HEADER, offset, "too many buffers");
	bincur_text(opt, buffer->name, sizeof(buffer->name));
	bincur_init_file(&cur, wr->in->fd, offset, wr->in->size_bytes, wr->w->big_endian);
	if (!bincur_read(&cur, tag, sizeof(tag)))
		return report_cursor(wr, &cur, 0, "buffer lies behind the file's end");
	if (memcmp(tag, "flyrecord", 9))
		return report(wr, DIAG_BAD_HEADER, offset, "no data at a buffer's offset");
	buffer->page_size = wr->w->page_size;
	return take_cpus(wr, &cur, buffer, wr->w->nr_cpus, false);
}

static bool take_buffer(struct walker *wr, struct bincur *opt, uint64_t base, bool text)
{
	struct walk_buffer *buffer = add_buffer(wr->w);
	struct bincur cur;
	uint64_t offset = bincur_u64(opt);

	if (!buffer)
		return report(wr, DIAG_BAD_HEADER, base, "too many buffers");
	bincur_text(opt, buffer->name, sizeof(buffer->name));
	bincur_text(opt, buffer->clock, sizeof(buffer->clock));
	bincur_init_file(&cur, wr->in->fd, offset, wr->in->size_bytes, wr->w->big_endian);
	bincur_u16(&cur);
	buffer->compressed = bincur_u16(&cur) & SECTION_COMPRESSED;
	if (cur.bad)
		return report_cursor(wr, &cur, 0, "buffer lies behind the file's end");
	buffer->text = text;
	if (text)
		return true;
	buffer->page_size = bincur_u32(opt);
	return take_cpus(wr, opt, buffer, bincur_u32(opt), true);
}

static bool take_option(struct walker *wr, unsigned id, char *data, size_t len, uint64_t base)
{
	struct walk *w = wr->w;
	struct bincur opt;

	bincur_init_mem(&opt, data, len, w->big_endian);
	data[len] = 0;
	switch (id) {
	case OPTION_DATE:
		w->ts_offset_ns += (int64_t)((uint64_t)strtoll(data, NULL, 0) * 1000);
		break;
	case OPTION_OFFSET:
		w->ts_offset_ns = (int64_t)((uint64_t)w->ts_offset_ns + (uint64_t)strtoll(data, NULL, 0));
		break;
	case OPTION_CPUSTAT:
		take_cpustat(w, data);
		break;
	case OPTION_TRACECLOCK:
		take_clock(w->clock, sizeof(w->clock), data);
		break;
	case OPTION_UNAME:
		take_release(w, data);
		break;
	case OPTION_CPUCOUNT:
		w->nr_cpus = bincur_u32(&opt);
		break;
	case OPTION_TIME_SHIFT:
		w->time_shift = len >= 16;
		break;
	case OPTION_TSC2NSEC:
		w->tsc_mult = bincur_u32(&opt);
		w->tsc_shift = bincur_u32(&opt);
		break;
	case OPTION_KALLSYMS:
		w->kallsyms = bincur_u64(&opt);
		break;
	case OPTION_BUFFER:
	case OPTION_BUFFER_TEXT:
		if (w->version < 7 ? !take_buffer_v6(wr, &opt) : !take_buffer(wr, &opt, base, id == OPTION_BUFFER_TEXT))
			return false;
		break;
	}
	if (opt.bad || w->nr_cpus > MAX_CPUS || w->tsc_shift > 63)
		return report(wr, DIAG_BAD_HEADER, base, "option cannot be understood");
	return true;
}

/*
 * Options up to DONE. *next is the offset that DONE of a v7 chain carries. base is where the section lies in the file,
 * for messages about options that were compressed.
 */
static bool walk_options(struct walker *wr, struct bincur *cur, uint64_t base, uint64_t *next)
{
	for (;;) {
		unsigned id = bincur_u16(cur);
		uint64_t at = cur->mem ? base : cur->pos;
		uint32_t len = 0;
		char *data;
		bool ok;

		*next = 0;
		if (id == OPTION_DONE && wr->w->version < 7)
			return !cur->bad || report_cursor(wr, cur, 0, "options are cut short");
		len = bincur_u32(cur);
		if (cur->bad || len > bincur_left(cur)) {
			if (!cur->bad)
				bincur_skip(cur, len);
			return report_cursor(wr, cur, cur->mem ? base : 0, "options are cut short");
		}
		if (len > MAX_OPTION_BYTES || wr->nr_options++ == MAX_OPTIONS)
			return report(wr, DIAG_BAD_HEADER, at, "option too large, or too many");
		if (id == OPTION_DONE) {
			*next = len >= 8 ? bincur_u64(cur) : 0;
			return len >= 8 || report(wr, DIAG_BAD_HEADER, at, "chain of options broken");
		}
		data = malloc((size_t)len + 1);
		if (!data)
			return report(wr, DIAG_BAD_HEADER, at, "no memory for an option");
		ok = bincur_read(cur, data, len) ? take_option(wr, id, data, len, at) :
						   report_cursor(wr, cur, 0, "option cannot be read");
		free(data);
		if (!ok)
			return false;
	}
}

/* The header of a v7 section; *len is the size of what follows. */
static bool open_section(struct bincur *cur, const struct input *in, uint64_t at, bool big_endian, unsigned *id,
			 unsigned *flags, uint64_t *len)
{
	bincur_init_file(cur, in->fd, at, in->size_bytes, big_endian);
	*id = bincur_u16(cur);
	*flags = bincur_u16(cur);
	bincur_u32(cur);
	*len = bincur_u64(cur);
	return !cur->bad && *len <= bincur_left(cur);
}

static bool walk_options_section(struct walker *wr, uint64_t at, uint64_t *next)
{
	unsigned id, flags;
	uint64_t len;
	struct bincur cur;
	uint32_t packed_len, raw_len;
	void *raw;
	bool ok;

	if (!open_section(&cur, wr->in, at, wr->w->big_endian, &id, &flags, &len))
		return report(wr, DIAG_SHORT_FILE, at, "options lie behind the file's end");
	if (id != OPTION_DONE)
		return report(wr, DIAG_BAD_HEADER, at, "no options where they should be");
	if (!(flags & SECTION_COMPRESSED))
		return walk_options(wr, &cur, at, next);
	packed_len = bincur_u32(&cur);
	raw_len = bincur_u32(&cur);
	raw = cur.bad || packed_len > bincur_left(&cur) ? NULL : unpack(wr->in->fd, cur.pos, packed_len, raw_len);
	if (!raw)
		return report(wr, DIAG_BAD_HEADER, at, "options cannot be uncompressed");
	bincur_init_mem(&cur, raw, raw_len, wr->w->big_endian);
	ok = walk_options(wr, &cur, at, next);
	free(raw);
	return ok;
}

static bool is_section(unsigned id, unsigned flags)
{
	return (id == OPTION_DONE || id == OPTION_BUFFER || (id >= OPTION_STRINGS && id <= LAST_SECTION)) &&
	       flags <= SECTION_COMPRESSED;
}

/*
 * Sections lie end to end. One that the options do not need may be the one that was cut, as that of the strings, which
 * is the last. What is no section behind them is none of the format's business, save that libtracecmd looks for strings
 * there, too: a length with its highest bit set leads it back to where it was, for ever, so such a file is refused.
 */
static bool walk_sections(struct walker *wr, uint64_t at)
{
	bool known = true;
	unsigned id, flags;
	struct bincur cur;
	uint64_t len;

	while (at < wr->in->size_bytes) {
		bool whole = open_section(&cur, wr->in, at, wr->w->big_endian, &id, &flags, &len);

		known = known && (cur.bad || is_section(id, flags));
		if (!cur.bad && len > INT64_MAX)
			return report(wr, DIAG_BAD_HEADER, at, "length of a section out of range");
		if (!whole) {
			wr->w->cut |= known;
			return !known || !report(wr, DIAG_SHORT_FILE, at, "section ends behind the file's end");
		}
		at = cur.pos + len;
	}
	return true;
}

static bool walk_v7(struct walker *wr, struct bincur *cur)
{
	char version[32];
	uint64_t next, sections;

	bincur_text(cur, wr->w->compression, sizeof(wr->w->compression));
	bincur_text(cur, version, sizeof(version));
	next = bincur_u64(cur);
	sections = cur->pos;
	if (cur->bad)
		return report_cursor(wr, cur, 0, "header is cut short");
	if (strcmp(wr->w->compression, "none") && strcmp(wr->w->compression, "zstd"))
		return report(wr, DIAG_BAD_HEADER, 0, "compressed with something other than zstd");
	for (unsigned i = 0; next; i++) {
		if (i == MAX_OPTION_SECTIONS)
			return report(wr, DIAG_BAD_HEADER, next, "chain of options does not end");
		if (!walk_options_section(wr, next, &next))
			return false;
	}
	if (!wr->w->nr_buffers)
		return report(wr, DIAG_SHORT_FILE, wr->in->size_bytes, "no data: the recording did not finish");
	return walk_sections(wr, sections);
}

static void skip_counted(struct bincur *cur)
{
	uint32_t nr = bincur_u32(cur);

	for (uint32_t i = 0; i < nr && !cur->bad; i++)
		bincur_skip(cur, bincur_u64(cur));
}

/* The top buffer's table is last, but its place is first. */
static bool take_top_v6(struct walker *wr, struct bincur *cur)
{
	struct walk_buffer *buffer = add_buffer(wr->w);
	struct walk_buffer top;

	if (!buffer)
		return report(wr, DIAG_BAD_HEADER, cur->pos, "too many buffers");
	buffer->page_size = wr->w->page_size;
	if (!take_cpus(wr, cur, buffer, wr->w->nr_cpus, false))
		return false;
	top = *buffer;
	memmove(&wr->w->buffers[1], &wr->w->buffers[0], (wr->w->nr_buffers - 1) * sizeof(top));
	wr->w->buffers[0] = top;
	return true;
}

static bool walk_v6(struct walker *wr, struct bincur *cur)
{
	char name[32], tag[TAG_LEN];
	uint64_t next;
	uint32_t nr;

	for (int i = 0; i < 2; i++) {
		bincur_text(cur, name, sizeof(name));
		if (!cur->bad && strcmp(name, i ? "header_event" : "header_page"))
			return report(wr, DIAG_BAD_HEADER, cur->pos, "no ring-buffer header");
		bincur_skip(cur, bincur_u64(cur));
	}
	skip_counted(cur);
	nr = bincur_u32(cur);
	for (uint32_t i = 0; i < nr && !cur->bad; i++) {
		bincur_text(cur, name, sizeof(name));
		skip_counted(cur);
	}
	wr->w->kallsyms_len = bincur_u32(cur);
	wr->w->kallsyms = cur->pos;
	bincur_skip(cur, wr->w->kallsyms_len);
	bincur_skip(cur, bincur_u32(cur));
	bincur_skip(cur, bincur_u64(cur));
	wr->w->nr_cpus = bincur_u32(cur);
	bincur_read(cur, tag, sizeof(tag));
	if (!cur->bad && !memcmp(tag, "options", 7)) {
		if (!walk_options(wr, cur, 0, &next))
			return false;
		bincur_read(cur, tag, sizeof(tag));
	}
	if (cur->bad)
		return report_cursor(wr, cur, 0, "header is cut short");
	if (!memcmp(tag, "latency", 7))
		return report(wr, DIAG_BAD_HEADER, cur->pos, "holds a latency tracer's text, no records");
	if (memcmp(tag, "flyrecord", 9))
		return report(wr, DIAG_BAD_HEADER, cur->pos, "no data where it should be");
	return take_top_v6(wr, cur);
}

static bool check_buffers(struct walker *wr)
{
	struct walk *w = wr->w;

	for (unsigned i = 0; i < w->nr_buffers; i++) {
		struct walk_buffer *buffer = &w->buffers[i];

		if (buffer->text)
			return report(wr, DIAG_BAD_HEADER, 0, "holds a latency tracer's text, no records");
		if (!buffer->nr_cpus)
			continue;
		if (buffer->page_size < 64 || buffer->page_size > MAX_PAGE_SIZE ||
		    buffer->page_size & (buffer->page_size - 1))
			return report(wr, DIAG_BAD_HEADER, 0, "page size is not a power of two up to 1 MiB");
		if (buffer->compressed && strcmp(w->compression, "zstd"))
			return report(wr, DIAG_BAD_HEADER, 0, "data compressed in a file that names no compression");
	}
	return true;
}

bool walk_file(struct walk *w, const struct input *in, struct diag_sink *diag)
{
	struct walker wr = { .w = w, .in = in, .diag = diag };
	uint8_t head[sizeof(magic)], word[2];
	struct bincur cur;
	char version[16];

	memset(w, 0, sizeof(*w));
	bincur_init_file(&cur, in->fd, 0, in->size_bytes, false);
	if (!bincur_read(&cur, head, sizeof(head)) || !walk_probe(head, sizeof(head)))
		return report(&wr, DIAG_BAD_HEADER, 0, "not a trace.dat file");
	bincur_text(&cur, version, sizeof(version));
	bincur_read(&cur, word, sizeof(word));
	cur.big_endian = w->big_endian = word[0];
	w->long_size = word[1];
	w->page_size = bincur_u32(&cur);
	if (cur.bad)
		return report_cursor(&wr, &cur, 0, "header is cut short");
	w->version = strtoul(version, NULL, 10);
	if (w->version != 6 && w->version != 7)
		return report(&wr, DIAG_BAD_HEADER, sizeof(magic), "neither version 6 nor 7");
	if (word[0] > 1 || (w->long_size != 4 && w->long_size != 8))
		return report(&wr, DIAG_BAD_HEADER, cur.pos, "byte order or size of a long out of range");
	return (w->version == 6 ? walk_v6(&wr, &cur) : walk_v7(&wr, &cur)) && check_buffers(&wr);
}

void walk_fini(struct walk *w)
{
	for (unsigned i = 0; i < w->nr_buffers; i++)
		free(w->buffers[i].cpus);
	free(w->buffers);
	w->buffers = NULL;
	w->nr_buffers = 0;
}

/* A section of kallsyms begins with the length of the text. */
static char *skip_length(char *text, size_t len)
{
	if (!text || len < SYMBOLS_LENGTH) {
		free(text);
		return NULL;
	}
	memmove(text, text + SYMBOLS_LENGTH, len - SYMBOLS_LENGTH + 1);
	return text;
}

/* The kallsyms text, NUL-terminated; NULL where there is none. */
static char *read_symbols(const struct walk *w, const struct input *in)
{
	uint64_t offset = w->kallsyms, len = w->kallsyms_len;
	struct bincur cur;
	unsigned id, flags;
	uint32_t packed_len, raw_len;
	char *text;

	if (w->version >= 7) {
		if (!offset || !open_section(&cur, in, offset, w->big_endian, &id, &flags, &len) ||
		    id != OPTION_KALLSYMS)
			return NULL;
		if (flags & SECTION_COMPRESSED) {
			packed_len = bincur_u32(&cur);
			raw_len = bincur_u32(&cur);
			if (cur.bad || packed_len > bincur_left(&cur))
				return NULL;
			text = unpack(in->fd, cur.pos, packed_len, raw_len);
			return skip_length(text, raw_len);
		}
		offset = cur.pos + SYMBOLS_LENGTH;
		len = len > SYMBOLS_LENGTH ? len - SYMBOLS_LENGTH : 0;
	}
	if (!len || len > MAX_SECTION_BYTES)
		return NULL;
	text = malloc(len + 1);
	if (!text || !bincur_pread(in->fd, text, len, offset)) {
		free(text);
		return NULL;
	}
	text[len] = 0;
	return text;
}

/* The symbol of a line "ADDRESS TYPE SYMBOL", with "\t[MODULE]" behind it or not. */
static const char *line_symbol(const char *line, size_t len, size_t *symbol_len)
{
	const char *end = memchr(line, '\t', len), *start;

	if (!end)
		end = line + len;
	for (start = end; start > line && start[-1] != ' '; )
		start--;
	*symbol_len = start > line ? end - start : 0;
	return start;
}

bool walk_symbols(const struct walk *w, const struct input *in, const char *const *names, unsigned nr, uint32_t *found)
{
	char *text = read_symbols(w, in);
	bool any = false;
	size_t lens[32];

	*found = 0;
	for (unsigned i = 0; i < nr; i++)
		lens[i] = strlen(names[i]);
	if (!text)
		return false;
	for (const char *line = text; *line; ) {
		size_t len = strcspn(line, "\n"), symbol_len;
		const char *symbol = line_symbol(line, len, &symbol_len);

		any = true;
		for (unsigned i = 0; i < nr; i++)
			if (lens[i] == symbol_len && !memcmp(symbol, names[i], symbol_len))
				*found |= UINT32_C(1) << i;
		line += len + (line[len] != 0);
	}
	free(text);
	return any;
}
