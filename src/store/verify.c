/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"
#include "store/sql.h"

/* Where SQLite's file format keeps what is checked here (sqlite.org/fileformat.html, "The Database Header"). */
enum {
	AT_PAGE_SIZE = 16, AT_WRITE_VERSION = 18, AT_READ_VERSION = 19, AT_CHANGE_COUNTER = 24, AT_PAGES = 28,
	AT_USER_VERSION = 60, AT_APPLICATION_ID = 68, AT_PAGES_VALID_FOR = 92, HEADER_BYTES = 100,
};

static uint32_t get_be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool is_database(const uint8_t *header)
{
	return !memcmp(header, "SQLite format 3", 16) && get_be32(header + AT_APPLICATION_ID) == SCHEMA_APPLICATION_ID;
}

static bool is_cut(const uint8_t *header, uint64_t size_bytes)
{
	uint32_t page = (uint32_t)header[AT_PAGE_SIZE] << 8 | header[AT_PAGE_SIZE + 1];

	if (page == 1)
		page = 65536;
	return get_be32(header + AT_CHANGE_COUNTER) == get_be32(header + AT_PAGES_VALID_FOR) &&
	       size_bytes < (uint64_t)page * get_be32(header + AT_PAGES);
}

/* A journal beside the file holds what a writer that died had not finished. */
static bool has_journal(const char *path)
{
	char name[4096];
	struct stat sb;
	int n = snprintf(name, sizeof(name), "%s-journal", path);

	return n > 0 && (size_t)n < sizeof(name) && stat(name, &sb) == 0 && sb.st_size > 0;
}

/* Fills reason; false where there is none. */
static bool header_fault(const char *path, const uint8_t *header, uint64_t size_bytes, char *reason)
{
	const char *fault = NULL;

	if (size_bytes < HEADER_BYTES || !is_database(header))
		fault = "another kind of file";
	else if (get_be32(header + AT_USER_VERSION) != SCHEMA_VERSION)
		fault = "";
	else if (header[AT_WRITE_VERSION] != 1 || header[AT_READ_VERSION] != 1)
		fault = "in WAL mode, so it may not be whole";
	else if (is_cut(header, size_bytes))
		fault = "the file ends early";
	else if (has_journal(path))
		fault = "another program was writing it: there is a journal beside it";
	if (fault && *fault)
		snprintf(reason, VERIFY_REASON_MAX, "%s", fault);
	else if (fault)
		snprintf(reason, VERIFY_REASON_MAX, "its schema is version %u, this program reads %u",
			 get_be32(header + AT_USER_VERSION), SCHEMA_VERSION);
	return fault != NULL;
}

static ssize_t read_header(const char *path, uint8_t *header, struct stat *sb)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error;
	ssize_t got = -1;

	if (fd < 0)
		return -1;
	if (fstat(fd, sb) == 0) {
		if (S_ISREG(sb->st_mode))
			got = pread(fd, header, HEADER_BYTES, 0);
		else
			errno = S_ISDIR(sb->st_mode) ? EISDIR : ESPIPE;
	}
	error = errno;
	close(fd);
	errno = error;
	return got;
}

enum verify_result verify_header(const char *path, char reason[VERIFY_REASON_MAX])
{
	uint8_t header[HEADER_BYTES];
	struct stat sb;
	ssize_t got = read_header(path, header, &sb);

	if (got < 0) {
		snprintf(reason, VERIFY_REASON_MAX, "%s", strerror(errno));
		return VERIFY_CANNOT_OPEN;
	}
	if (header_fault(path, header, got < HEADER_BYTES ? 0 : (uint64_t)sb.st_size, reason))
		return VERIFY_BAD;
	return VERIFY_GOOD;
}

bool store_probe(const char *path)
{
	uint8_t header[HEADER_BYTES];
	struct stat sb;

	return read_header(path, header, &sb) == HEADER_BYTES && is_database(header);
}

/* Statistics that the user had SQLite gather are no fault. */
static const char schema_rows_sql[] =
	"SELECT type, name, sql FROM sqlite_schema WHERE NOT (type = 'index' AND name GLOB 'sqlite_autoindex_*')"
	" AND NOT (type = 'table' AND name GLOB 'sqlite_stat[14]') ORDER BY type, name";

/* Behind blanks and comments. */
static const char *skip_blanks(const char *sql)
{
	for (;;) {
		sql += strspn(sql, " \t\n");
		if (sql[0] != '-' || sql[1] != '-')
			return sql;
		sql += strcspn(sql, "\n");
	}
}

/* SQLite keeps statements as they were given. A comment that was worded better since then makes no other schema. */
static bool same_sql(const char *a, const char *b)
{
	for (;;) {
		const char *a_word = skip_blanks(a), *b_word = skip_blanks(b);

		if ((a_word > a) != (b_word > b) || *a_word != *b_word)
			return false;
		if (!*a_word)
			return true;
		a = a_word + 1;
		b = b_word + 1;
	}
}

static bool same_text(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
	const char *text_a = (const char *)sqlite3_column_text(a, column);
	const char *text_b = (const char *)sqlite3_column_text(b, column);

	return text_a && text_b && same_sql(text_a, text_b);
}

/* Both in the same order; the first row that differs is named. */
static bool compare_rows(sqlite3_stmt *ours, sqlite3_stmt *theirs, char *reason)
{
	for (;;) {
		int rc = sqlite3_step(ours), their_rc = sqlite3_step(theirs);

		if (rc == SQLITE_DONE && their_rc == SQLITE_DONE)
			return true;
		if (rc == SQLITE_ROW && their_rc == SQLITE_ROW && same_text(ours, theirs, 0) &&
		    same_text(ours, theirs, 1) && same_text(ours, theirs, 2))
			continue;
		snprintf(reason, VERIFY_REASON_MAX, "its schema is not that of this version near %.60s",
			 rc == SQLITE_ROW ? (const char *)sqlite3_column_text(ours, 1) : "its end");
		return false;
	}
}

static bool compare_schemas(sqlite3 *ours, sqlite3 *theirs, char *reason)
{
	sqlite3_stmt *our_rows = NULL, *their_rows = NULL;
	bool good = false;

	if (sqlite3_exec(ours, store_schema_sql, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(ours, store_index_sql, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(ours, schema_rows_sql, -1, &our_rows, NULL) != SQLITE_OK)
		snprintf(reason, VERIFY_REASON_MAX, "%s", sqlite3_errmsg(ours));
	else if (sqlite3_prepare_v2(theirs, schema_rows_sql, -1, &their_rows, NULL) != SQLITE_OK)
		snprintf(reason, VERIFY_REASON_MAX, "%.200s", sqlite3_errmsg(theirs));
	else
		good = compare_rows(our_rows, their_rows, reason);
	sqlite3_finalize(our_rows);
	sqlite3_finalize(their_rows);
	return good;
}

bool verify_schema(struct sqlite3 *db, char reason[VERIFY_REASON_MAX])
{
	sqlite3 *ours = NULL;
	bool good = false;

	if (sqlite3_open_v2(":memory:", &ours, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, NULL) == SQLITE_OK)
		good = compare_schemas(ours, db, reason);
	else
		snprintf(reason, VERIFY_REASON_MAX, "out of memory");
	sqlite3_close(ours);
	return good;
}
