/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/bincur.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_LIMIT = 64 << 10 };

void bincur_init_file(struct bincur *cur, int fd, uint64_t pos, uint64_t end, bool big_endian)
{
	cur->mem = NULL;
	cur->fd = fd;
	cur->pos = pos;
	cur->end = end;
	cur->bad_at = 0;
	cur->big_endian = big_endian;
	cur->bad = false;
	cur->window_pos = 0;
	cur->window_len = 0;
}

void bincur_init_mem(struct bincur *cur, const void *mem, size_t len_bytes, bool big_endian)
{
	bincur_init_file(cur, -1, 0, len_bytes, big_endian);
	cur->mem = mem;
}

bool bincur_pread(int fd, void *dst, size_t len_bytes, uint64_t pos)
{
	uint8_t *to = dst;

	if (pos > INT64_MAX - len_bytes)
		return false;
	while (len_bytes) {
		ssize_t n = pread(fd, to, len_bytes, (off_t)pos);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		pos += n;
		len_bytes -= n;
	}
	return true;
}

uint64_t bincur_left(const struct bincur *cur)
{
	return cur->bad || cur->pos > cur->end ? 0 : cur->end - cur->pos;
}

static bool fail(struct bincur *cur)
{
	if (!cur->bad)
		cur->bad_at = cur->pos;
	cur->bad = true;
	return false;
}

/* Small reads come from a window, so that a header of many fields is not as many system calls. */
static bool read_file(struct bincur *cur, void *dst, size_t len_bytes)
{
	size_t window_len;

	if (cur->pos >= cur->window_pos && cur->pos - cur->window_pos <= cur->window_len &&
	    cur->window_len - (cur->pos - cur->window_pos) >= len_bytes) {
		memcpy(dst, cur->window + (cur->pos - cur->window_pos), len_bytes);
		return true;
	}
	if (len_bytes >= sizeof(cur->window))
		return bincur_pread(cur->fd, dst, len_bytes, cur->pos);
	window_len = cur->end - cur->pos < sizeof(cur->window) ? cur->end - cur->pos : sizeof(cur->window);
	cur->window_len = 0;
	if (!bincur_pread(cur->fd, cur->window, window_len, cur->pos))
		return false;
	cur->window_pos = cur->pos;
	cur->window_len = window_len;
	memcpy(dst, cur->window, len_bytes);
	return true;
}

bool bincur_read(struct bincur *cur, void *dst, size_t len_bytes)
{
	if (bincur_left(cur) < len_bytes)
		goto bad;
	if (cur->mem)
		memcpy(dst, cur->mem + cur->pos, len_bytes);
	else if (!read_file(cur, dst, len_bytes))
		goto bad;
	cur->pos += len_bytes;
	return true;
bad:
	memset(dst, 0, len_bytes);
	return fail(cur);
}

bool bincur_skip(struct bincur *cur, uint64_t len_bytes)
{
	if (bincur_left(cur) < len_bytes)
		return fail(cur);
	cur->pos += len_bytes;
	return true;
}

static uint64_t read_number(struct bincur *cur, unsigned size)
{
	uint8_t b[8];
	uint64_t value = 0;

	bincur_read(cur, b, size);
	for (unsigned i = 0; i < size; i++)
		value = value << 8 | b[cur->big_endian ? i : size - 1 - i];
	return value;
}

uint16_t bincur_u16(struct bincur *cur)
{
	return read_number(cur, 2);
}

uint32_t bincur_u32(struct bincur *cur)
{
	return read_number(cur, 4);
}

uint64_t bincur_u64(struct bincur *cur)
{
	return read_number(cur, 8);
}

bool bincur_text(struct bincur *cur, char *buf, size_t len)
{
	size_t n = 0;
	char c;

	for (size_t i = 0; i < TEXT_LIMIT; i++) {
		if (!bincur_read(cur, &c, 1))
			break;
		if (!c) {
			buf[n] = 0;
			return true;
		}
		if (n + 1 < len)
			buf[n++] = c;
	}
	buf[0] = 0;
	return fail(cur);
}
