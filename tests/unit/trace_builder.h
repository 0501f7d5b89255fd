/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small trace.dat files of version 7, not compressed, byte by byte as trace-cmd.dat.v7(5) has it. */
#ifndef IRQPATH_TESTS_UNIT_TRACE_BUILDER_H
#define IRQPATH_TESTS_UNIT_TRACE_BUILDER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TB_PAGE = 4096, TB_MAX = 1 << 20, TB_MAX_CPUS = 4, TB_MAX_BUFFERS = 3, TB_MAX_PAGES = 8 };

struct tb_page {
	uint8_t bytes[TB_PAGE];
	unsigned head;		/* length of the header */
	unsigned used;		/* behind the header */
	bool big_endian;
};

struct tb_cpu {
	struct tb_page page[TB_MAX_PAGES];
	unsigned nr_pages;
};

struct tb_buffer {
	const char *name;
	unsigned nr_cpus;
	struct tb_cpu cpu[TB_MAX_CPUS];
};

/* A whole file: fill in formats, symbols and pages, then tb_write(). */
struct tb {
	const char *const *formats;	/* of events, "SYSTEM\0FORMAT" pairs as two entries, NULL-terminated */
	const char *kallsyms, *cmdlines, *clock, *cpustat;
	const char *printk;	/* formats and strings that records point to, as in tracefs; NULL: none */
	struct tb_buffer buffer[TB_MAX_BUFFERS];
	unsigned nr_buffers;
	bool big_endian;
	unsigned long_size;	/* 0: 8 */
	uint8_t bytes[TB_MAX];
	size_t len;
};

static inline void tb_put(struct tb *tb, const void *from, size_t len)
{
	memcpy(tb->bytes + tb->len, from, len);
	tb->len += len;
}

static inline void tb_int(uint8_t *to, uint64_t v, size_t len, bool big_endian)
{
	for (size_t i = 0; i < len; i++)
		to[big_endian ? len - 1 - i : i] = v >> 8 * i;
}

static inline void tb_number(struct tb *tb, uint64_t v, size_t len)
{
	tb_int(tb->bytes + tb->len, v, len, tb->big_endian);
	tb->len += len;
}

static inline void tb_u16(struct tb *tb, uint16_t v)
{
	tb_number(tb, v, 2);
}

static inline void tb_u32(struct tb *tb, uint32_t v)
{
	tb_number(tb, v, 4);
}

static inline void tb_u64(struct tb *tb, uint64_t v)
{
	tb_number(tb, v, 8);
}

static inline void tb_text(struct tb *tb, const char *text)
{
	tb_put(tb, text, strlen(text) + 1);
}

static inline void tb_patch(struct tb *tb, size_t at, uint64_t v, size_t len)
{
	tb_int(tb->bytes + at, v, len, tb->big_endian);
}

/* ---- pages ---- */

static inline struct tb_page *tb_page(struct tb *tb, unsigned buffer, unsigned cpu, uint64_t ts)
{
	struct tb_cpu *c = &tb->buffer[buffer].cpu[cpu];
	struct tb_page *page = &c->page[c->nr_pages++];

	memset(page, 0, sizeof(*page));
	page->big_endian = tb->big_endian;
	page->head = 8 + (tb->long_size ? tb->long_size : 8);
	tb_int(page->bytes, ts, 8, page->big_endian);
	return page;
}

static inline void tb_page_put(struct tb_page *page, const void *from, size_t len)
{
	memcpy(page->bytes + page->head + page->used, from, len);
	page->used += len;
	tb_int(page->bytes + 8, page->used, page->head - 8, page->big_endian);
}

static inline void tb_head(struct tb_page *page, unsigned type, uint32_t delta)
{
	uint8_t head[4];

	tb_int(head, page->big_endian ? type << 27 | delta : type | delta << 5, 4, page->big_endian);
	tb_page_put(page, head, 4);
}

/* A record of up to 112 bytes, a multiple of 4 (ring buffer type 1 to 28). */
static inline void tb_record(struct tb_page *page, uint32_t delta, const void *data, unsigned len)
{
	uint8_t padded[112] = { 0 };

	memcpy(padded, data, len);
	len = (len + 3) & ~3u;
	tb_head(page, len / 4, delta);
	tb_page_put(page, padded, len);
}

/* A record of any length that fits the page: its own length stands in front of it (ring buffer type 0). */
static inline void tb_long_record(struct tb_page *page, uint32_t delta, const void *data, unsigned len)
{
	uint8_t padded[TB_PAGE / 2] = { 0 };
	uint32_t words = (len + 3) / 4 * 4;

	memcpy(padded, data, len);
	tb_head(page, 0, delta);
	len = words + 4;
	tb_page_put(page, &len, 4);
	tb_page_put(page, padded, words);
}

/* Records were lost before this page; count 0: the page does not say how many. Comes last. */
static inline void tb_lost(struct tb_page *page, uint64_t count)
{
	uint64_t commit = page->used | UINT64_C(1) << 31 | (count ? UINT64_C(1) << 30 : 0);

	tb_int(page->bytes + 8, commit, page->head - 8, page->big_endian);
	if (count)
		tb_int(page->bytes + page->head + page->used, count, page->head - 8, page->big_endian);
}

/* ---- files ---- */

static inline size_t tb_section(struct tb *tb, unsigned id)
{
	size_t at = tb->len;

	tb_u16(tb, id);
	tb_u16(tb, 0);
	tb_u32(tb, 0);
	tb_u64(tb, 0);
	return at;
}

static inline void tb_section_end(struct tb *tb, size_t at)
{
	tb_patch(tb, at + 8, tb->len - at - 16, 8);
}

static inline void tb_blob(struct tb *tb, const char *text)
{
	tb_u64(tb, strlen(text));
	tb_put(tb, text, strlen(text));
}

static inline size_t tb_header_info(struct tb *tb)
{
	size_t at = tb_section(tb, 16);

	tb_text(tb, "header_page");
	if (tb->long_size == 4)
		tb_blob(tb, "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
			"\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n"
			"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
			"\tfield: char data;\toffset:12;\tsize:4084;\tsigned:0;\n");
	else
		tb_blob(tb, "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
			"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
			"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
			"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n");
	tb_text(tb, "header_event");
	tb_blob(tb, "# compressed entry header\n");
	tb_section_end(tb, at);
	return at;
}

static inline size_t tb_ftrace_formats(struct tb *tb)
{
	size_t at = tb_section(tb, 17);

	tb_u32(tb, 1);
	tb_blob(tb, "name: print\nID: 5\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
		"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
		"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
		"\tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;\n"
		"\tfield:char buf[];\toffset:16;\tsize:0;\tsigned:0;\n\n"
		"print fmt: \"%ps: %s\", (void *)REC->ip, REC->buf\n");
	tb_section_end(tb, at);
	return at;
}

static inline size_t tb_event_formats(struct tb *tb)
{
	size_t at = tb_section(tb, 18);
	uint32_t nr = 0;

	while (tb->formats && tb->formats[2 * nr])
		nr++;
	tb_u32(tb, nr);
	for (uint32_t i = 0; i < nr; i++) {
		tb_text(tb, tb->formats[2 * i]);
		tb_u32(tb, 1);
		tb_blob(tb, tb->formats[2 * i + 1]);
	}
	tb_section_end(tb, at);
	return at;
}

static inline void tb_option(struct tb *tb, unsigned id, const void *data, uint32_t len)
{
	tb_u16(tb, id);
	tb_u32(tb, len);
	tb_put(tb, data, len);
}

static inline void tb_place_option(struct tb *tb, unsigned id, uint64_t at)
{
	tb_u16(tb, id);
	tb_u32(tb, 8);
	tb_u64(tb, at);
}

static inline void tb_text_option(struct tb *tb, unsigned id, const char *text)
{
	tb_option(tb, id, text, strlen(text) + 1);
}

/* The data of a buffer's CPUs; offsets and sizes into at. */
static inline size_t tb_data(struct tb *tb, const struct tb_buffer *buffer, uint64_t *offset, uint64_t *size)
{
	size_t at = tb_section(tb, 3);

	for (unsigned i = 0; i < buffer->nr_cpus; i++) {
		const struct tb_cpu *cpu = &buffer->cpu[i];

		while (tb->len % TB_PAGE)
			tb->bytes[tb->len++] = 0;
		offset[i] = tb->len;
		size[i] = (uint64_t)cpu->nr_pages * TB_PAGE;
		for (unsigned p = 0; p < cpu->nr_pages; p++)
			tb_put(tb, cpu->page[p].bytes, TB_PAGE);
	}
	tb_section_end(tb, at);
	return at;
}

static inline void tb_buffer_option(struct tb *tb, const struct tb_buffer *buffer, uint64_t at, const uint64_t *offset,
				    const uint64_t *size)
{
	size_t start = tb->len;

	tb_u16(tb, 3);
	tb_u32(tb, 0);
	tb_u64(tb, at);
	tb_text(tb, buffer->name);
	tb_text(tb, tb->clock ? tb->clock : "mono");
	tb_u32(tb, TB_PAGE);
	tb_u32(tb, buffer->nr_cpus);
	for (unsigned i = 0; i < buffer->nr_cpus; i++) {
		tb_u32(tb, i);
		tb_u64(tb, offset[i]);
		tb_u64(tb, size[i]);
	}
	tb_patch(tb, start + 2, tb->len - start - 6, 4);
}

static inline void tb_write(struct tb *tb)
{
	uint64_t offset[TB_MAX_BUFFERS][TB_MAX_CPUS], size[TB_MAX_BUFFERS][TB_MAX_CPUS], at[TB_MAX_BUFFERS];
	const char *kallsyms = tb->kallsyms ? tb->kallsyms : "", *cmdlines = tb->cmdlines ? tb->cmdlines : "";
	size_t place, info, ftrace, events, symbols, commands, options, printk = 0;

	tb->len = 0;
	tb_put(tb, "\x17\x08\x44tracing", 10);
	tb_text(tb, "7");
	tb->bytes[tb->len++] = tb->big_endian;
	tb->bytes[tb->len++] = tb->long_size ? tb->long_size : 8;
	tb_u32(tb, TB_PAGE);
	tb_text(tb, "none");
	tb_text(tb, "");
	place = tb->len;
	tb_u64(tb, 0);
	info = tb_header_info(tb);
	ftrace = tb_ftrace_formats(tb);
	events = tb_event_formats(tb);
	symbols = tb_section(tb, 19);
	tb_u32(tb, strlen(kallsyms));
	tb_put(tb, kallsyms, strlen(kallsyms));
	tb_section_end(tb, symbols);
	if (tb->printk) {
		printk = tb_section(tb, 20);
		tb_u32(tb, strlen(tb->printk));
		tb_put(tb, tb->printk, strlen(tb->printk));
		tb_section_end(tb, printk);
	}
	commands = tb_section(tb, 21);
	tb_blob(tb, cmdlines);
	tb_section_end(tb, commands);
	for (unsigned i = 0; i < tb->nr_buffers; i++)
		at[i] = tb_data(tb, &tb->buffer[i], offset[i], size[i]);
	tb_patch(tb, place, tb->len, 8);
	options = tb_section(tb, 0);
	tb_place_option(tb, 16, info);
	tb_place_option(tb, 17, ftrace);
	tb_place_option(tb, 18, events);
	tb_place_option(tb, 19, symbols);
	if (tb->printk)
		tb_place_option(tb, 20, printk);
	tb_place_option(tb, 21, commands);
	tb_text_option(tb, 4, "local [mono] x86-tsc\n");
	tb_text_option(tb, 5, "Linux nowhere 6.1.0-test x86_64");
	if (tb->cpustat)
		tb_text_option(tb, 2, tb->cpustat);
	tb_u16(tb, 8);
	tb_u32(tb, 4);
	tb_u32(tb, 2);
	for (unsigned i = 0; i < tb->nr_buffers; i++)
		tb_buffer_option(tb, &tb->buffer[i], at[i], offset[i], size[i]);
	tb_place_option(tb, 0, 0);
	tb_section_end(tb, options);
}

/* The first len bytes as a file without a name. */
static inline int tb_fd(const struct tb *tb, size_t len)
{
	int fd = memfd_create("trace.dat", MFD_CLOEXEC);

	if (fd < 0 || write(fd, tb->bytes, len) != (ssize_t)len)
		abort();
	return fd;
}

/* A path under which ingest_start() can open the file. */
static inline const char *tb_path(int fd, char *buf, size_t len)
{
	snprintf(buf, len, "/proc/self/fd/%d", fd);
	return buf;
}

#endif
