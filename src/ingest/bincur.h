/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cursor over hostile bytes, in a file or in memory. Every read is checked against the end; the first that does not
 * fit leaves bad set and bad_at where it happened, and from then on everything yields 0.
 */
#ifndef IRQPATH_INGEST_BINCUR_H
#define IRQPATH_INGEST_BINCUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bincur {
	const uint8_t *mem;	/* borrowed; NULL: the file */
	int fd;
	uint64_t pos, end;	/* in the file, or in mem */
	uint64_t bad_at;
	bool big_endian, bad;
	uint64_t window_pos;
	size_t window_len;
	uint8_t window[4096];
};

void bincur_init_file(struct bincur *cur, int fd, uint64_t pos, uint64_t end, bool big_endian);
void bincur_init_mem(struct bincur *cur, const void *mem, size_t len_bytes, bool big_endian);

uint64_t bincur_left(const struct bincur *cur);
bool bincur_read(struct bincur *cur, void *dst, size_t len_bytes);
bool bincur_skip(struct bincur *cur, uint64_t len_bytes);
uint16_t bincur_u16(struct bincur *cur);
uint32_t bincur_u32(struct bincur *cur);
uint64_t bincur_u64(struct bincur *cur);

/* A NUL-terminated text; what does not fit buf is dropped. Bad where there is no NUL within 64 KiB. */
bool bincur_text(struct bincur *cur, char *buf, size_t len);

/* Reads exactly that much from the file at pos; false at its end and at errors. */
bool bincur_pread(int fd, void *dst, size_t len_bytes, uint64_t pos);

#endif
