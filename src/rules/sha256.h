/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 (FIPS 180-4), for fingerprints: a few hundred bytes at a time, nothing secret. */
#ifndef IRQPATH_RULES_SHA256_H
#define IRQPATH_RULES_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32 };

void sha256(const void *data, size_t len_bytes, uint8_t digest[SHA256_BYTES]);

#endif
