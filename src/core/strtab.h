/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interned strings of one source. Id 0 is "not recorded"; ids count up from 1 without holes. */
#ifndef IRQPATH_CORE_STRTAB_H
#define IRQPATH_CORE_STRTAB_H

#include <stddef.h>
#include <stdint.h>

struct strtab;

enum { STRTAB_MAX_STRINGS = 1 << 18, STRTAB_MAX_LEN = 4096, STRTAB_MAX_BYTES = 16 << 20 };

struct strtab *strtab_new(void);
void strtab_free(struct strtab *st);

/*
 * Id of the text, which is copied; len may not count a NUL. Text over STRTAB_MAX_LEN is cut. Returns 0 when the table
 * is full, of strings or of their bytes, or memory is short.
 */
uint32_t strtab_intern(struct strtab *st, const char *text, size_t len);

/* Borrowed until the table is freed; "" for 0 and for unknown ids. */
const char *strtab_get(const struct strtab *st, uint32_t id);
uint32_t strtab_count(const struct strtab *st);

#endif
