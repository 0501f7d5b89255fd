/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/pack.h"

static uint64_t zigzag(uint64_t delta)
{
	return delta << 1 ^ (0 - (delta >> 63));
}

static uint64_t unzigzag(uint64_t code)
{
	return code >> 1 ^ (0 - (code & 1));
}

uint8_t *pack_put_u64(uint8_t *at, uint64_t value)
{
	while (value >= 0x80) {
		*at++ = (uint8_t)value | 0x80;
		value >>= 7;
	}
	*at++ = (uint8_t)value;
	return at;
}

uint64_t pack_get_u64(struct pack_cursor *cur)
{
	const uint8_t *at = cur->at;
	uint64_t value = 0;

	for (unsigned shift = 0; at < cur->end && shift < 64; shift += 7) {
		uint8_t byte = *at++;

		if (shift == 63 && byte > 1)	/* more than 64 bits */
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			cur->at = at;
			return value;
		}
	}
	cur->bad = true;
	return 0;
}

uint8_t *pack_put_row(uint8_t *at, int64_t *prev, const int64_t *row, unsigned nr_columns)
{
	uint32_t changed = 0;

	for (unsigned i = 0; i < nr_columns; i++)
		changed |= (uint32_t)(row[i] != prev[i]) << i;
	at = pack_put_u64(at, changed);
	for (; changed; changed &= changed - 1) {
		unsigned i = (unsigned)__builtin_ctz(changed);

		at = pack_put_u64(at, zigzag((uint64_t)row[i] - (uint64_t)prev[i]));
		prev[i] = row[i];
	}
	return at;
}

bool pack_get_row(struct pack_cursor *cur, int64_t *prev, unsigned nr_columns)
{
	uint64_t changed = pack_get_u64(cur);

	if (cur->bad || changed >> nr_columns) {
		cur->bad = true;
		return false;
	}
	for (; changed; changed &= changed - 1) {
		unsigned i = (unsigned)__builtin_ctzll(changed);

		prev[i] = (int64_t)((uint64_t)prev[i] + unzigzag(pack_get_u64(cur)));
	}
	return !cur->bad;
}
