/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is this file a whole database of this version? Databases come from other people, too. */
#ifndef IRQPATH_STORE_VERIFY_H
#define IRQPATH_STORE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

struct sqlite3;

enum verify_result { VERIFY_GOOD, VERIFY_CANNOT_OPEN, VERIFY_BAD };

enum { VERIFY_REASON_MAX = 256 };

/* Checks the file's header without SQLite. reason says what is wrong. */
enum verify_result verify_header(const char *path, char reason[VERIFY_REASON_MAX]);

/* Holds the schema against schema.sql: the same tables with the same text, and nothing else. */
bool verify_schema(struct sqlite3 *db, char reason[VERIFY_REASON_MAX]);

#endif
