/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/object.h"
#include "store/db.h"
#include "store/what_if.h"
#include "store/sql.h"
#include "store/verify.h"
#include "store/vtab.h"

static struct diag_pos store_pos(const struct store *st)
{
	return (struct diag_pos){ .path = st->path ? st->path : "temporary database" };
}

bool store_fail_text(struct store *st, enum diag_code code, const char *text)
{
	if (!st->failed)
		diag_report(st->diag, code, store_pos(st), "%s", text);
	st->failed = true;
	return false;
}

bool store_fail(struct store *st, const char *what)
{
	int rc = sqlite3_errcode(st->db), error = sqlite3_system_errno(st->db);
	bool is_io = (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_FULL || (rc & 0xff) == SQLITE_CANTOPEN;
	char text[512];

	if (is_io && error)
		snprintf(text, sizeof(text), "%s: %.300s: %s", what, sqlite3_errmsg(st->db), strerror(error));
	else
		snprintf(text, sizeof(text), "%s: %.300s", what, sqlite3_errmsg(st->db));
	return store_fail_text(st, st->writing ? DIAG_STORE_FAILED : DIAG_BAD_DATABASE, text);
}

bool store_exec(struct store *st, const char *sql)
{
	if (st->failed)
		return false;
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(st, st->writing ? "writing" : "reading");
	return true;
}

sqlite3_stmt *store_prepare(struct store *st, sqlite3_stmt **slot, const char *sql)
{
	if (st->failed)
		return NULL;
	if (!*slot && sqlite3_prepare_v3(st->db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL) != SQLITE_OK)
		store_fail(st, st->writing ? "writing" : "reading");
	return *slot;
}

struct sqlite3 *store_connection(struct store *st)
{
	return st->db;
}

struct store_source *store_source(struct store *st, uint32_t source)
{
	return source > 0 && source <= st->nr_sources ? &st->sources[source - 1] : NULL;
}

/* ---------------------------------------------------------------- opening */

static struct store *store_new(const char *path, struct diag_sink *diag)
{
	struct store *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->diag = diag;
	st->path = path ? strdup(path) : NULL;
	st->reader = chunk_reader_new();
	if ((path && !st->path) || !st->reader) {
		store_close(st);
		return NULL;
	}
	return st;
}

/* A path as SQLite's "file:" URI, so that no name is taken for a URI or for ":memory:". NULL when memory is short. */
static char *path_uri(const char *path, const char *query)
{
	char *uri = malloc(3 * strlen(path) + strlen(query) + 16), *at = uri;

	if (!uri)
		return NULL;
	at += sprintf(at, "file:%s", path[0] == '/' ? "" : "./");
	for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
		if (*p == '%' || *p == '?' || *p == '#' || *p < ' ')
			at += sprintf(at, "%%%02x", *p);
		else
			*at++ = (char)*p;
	}
	strcpy(at, query);
	return uri;
}

/* What a database from somebody else must not be able to do, and how much it may ask for. */
static void harden(sqlite3 *db)
{
	static const struct {
		int id, value;
	} limits[] = {
		{ SQLITE_LIMIT_LENGTH, 16 << 20 }, { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 }, { SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 }, { SQLITE_LIMIT_EXPR_DEPTH, 200 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
	};

	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	for (unsigned i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		sqlite3_limit(db, limits[i].id, limits[i].value);
}

/* path NULL: SQLite's own temporary database, which no kill leaves behind. */
static bool open_connection(struct store *st, const char *path, const char *query, int flags)
{
	char *uri = path ? path_uri(path, query) : NULL;
	bool good;

	if (path && !uri)
		return store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
	good = sqlite3_open_v2(uri ? uri : "", &st->db, flags | SQLITE_OPEN_URI, NULL) == SQLITE_OK;
	free(uri);
	if (!good)
		return store_fail(st, "cannot be opened");
	sqlite3_extended_result_codes(st->db, 1);
	return true;
}

/* A statement of either makes SQLite connect the module now, not while a rule is being prepared under an authorizer. */
static bool register_tables(struct store *st)
{
	if (vtab_register_all(st->db) != SQLITE_OK)
		return store_fail(st, "virtual tables");
	return store_exec(st, "SELECT 1 FROM event, delivery WHERE 0");
}

/* ---------------------------------------------------------------- creating */

/* The directory of the file that will be replaced, and the file: where path is a symbolic link, what it leads to. */
static bool find_target(struct store *st)
{
	struct stat sb;

	st->target = realpath(st->path, NULL);
	if (!st->target) {
		if (errno != ENOENT)
			return store_fail_text(st, DIAG_STORE_FAILED, strerror(errno));
		st->target = strdup(st->path);
		return st->target ? true : store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
	}
	if (stat(st->target, &sb) < 0)
		return store_fail_text(st, DIAG_STORE_FAILED, strerror(errno));
	if (!S_ISREG(sb.st_mode))
		return store_fail_text(st, DIAG_STORE_FAILED, "exists and is no regular file");
	if (sb.st_size > 0 && !store_probe(st->target))
		return store_fail_text(st, DIAG_STORE_FAILED, "exists and is no database of irqpath, it is left alone");
	return true;
}

/* ".NAME.tmp-XXXXXX" beside target. NULL when memory is short. */
static char *temporary_name(const char *target)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	const char *slash = strrchr(target, '/');
	const char *name = slash ? slash + 1 : target;
	unsigned char random[6];
	char suffix[7] = "", *path;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return NULL;
	for (unsigned i = 0; i < sizeof(random); i++)
		suffix[i] = letters[random[i] % 32];
	if (asprintf(&path, "%.*s.%s.tmp-%s", (int)(name - target), target, name, suffix) < 0)
		return NULL;
	return path;
}

/* An empty file that did not exist before. mode as for open(). */
static bool create_temporary(struct store *st, mode_t mode)
{
	int fd = -1;

	for (unsigned tries = 0; tries < 100 && fd < 0; tries++) {
		free(st->temporary);
		st->temporary = temporary_name(st->target);
		if (!st->temporary)
			return store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
		fd = open(st->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0) {
		int error = errno;

		free(st->temporary);
		st->temporary = NULL;
		return store_fail_text(st, DIAG_STORE_FAILED, strerror(error));
	}
	close(fd);
	return true;
}

/*
 * Nothing here guards against a crash in the middle: an unfinished file never gets the database's name. The pages are
 * large because chunks are (measured: 16 KiB takes a fifth less time than 4 KiB; 64 KiB takes no less, in a file larger
 * by a quarter), the cache is small because nothing is read twice.
 */
static const char create_pragmas[] =
	"PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
	"PRAGMA locking_mode = EXCLUSIVE;"
	"PRAGMA cache_size = -4096; PRAGMA auto_vacuum = NONE; PRAGMA secure_delete = OFF; PRAGMA temp_store = FILE;"
	"PRAGMA encoding = 'UTF-8'";

static bool create_schema(struct store *st)
{
	char versions[128];

	snprintf(versions, sizeof(versions), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
	if (!store_exec(st, create_pragmas))
		return false;
	harden(st->db);		/* not before: it forbids journal_mode = OFF */
	return store_exec(st, "BEGIN") && store_exec(st, store_schema_sql) && store_exec(st, versions) &&
	       register_tables(st);
}

static struct store *create(const char *path, mode_t mode, struct diag_sink *diag)
{
	struct store *st = store_new(path, diag);

	if (!st) {
		diag_report(diag, DIAG_STORE_FAILED, (struct diag_pos){ .path = path }, "out of memory");
		return NULL;
	}
	st->writing = true;
	if (path && (!find_target(st) || !create_temporary(st, mode)))
		goto fail;
	if (!open_connection(st, st->temporary, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) || !create_schema(st))
		goto fail;
	st->deliveries = calloc(1, sizeof(*st->deliveries));
	if (!st->deliveries) {
		store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
		goto fail;
	}
	st->deliveries->first_id = 1;
	st->deliveries->at = st->deliveries->bytes;
	return st;
fail:
	store_close(st);
	return NULL;
}

struct store *store_create(const char *path, struct diag_sink *diag)
{
	return create(path, 0666, diag);
}

/* ---------------------------------------------------------------- an existing database */

static bool load_source(struct store *st, sqlite3_stmt *stmt)
{
	struct store_source *src = &st->sources[st->nr_sources];
	const char *machine = (const char *)sqlite3_column_text(stmt, 1);

	if (sqlite3_column_int64(stmt, 0) != (int64_t)st->nr_sources + 1 || !machine)
		return false;
	*src = (struct store_source){
		.hz = (uint64_t)sqlite3_column_int64(stmt, 2),
		.map = { sqlite3_column_int64(stmt, 3), sqlite3_column_int64(stmt, 4), sqlite3_column_int64(stmt, 5) },
		.first_ns = NO_TIME, .last_ns = NO_TIME,
	};
	st->nr_sources++;
	return machine_parse(machine, &src->machine);
}

static bool load_sources(struct store *st)
{
	static const char sql[] = "SELECT s.id, s.machine, coalesce(c.hz, 0), c.offset_ns, c.base,"
				  " min(max(coalesce(c.rate, 0), 0), 4611686018427387904) FROM source AS s"
				  " LEFT JOIN clock AS c ON c.source = s.id ORDER BY s.id";
	sqlite3_stmt *stmt = NULL;
	int rc = SQLITE_DONE;
	bool good = true;

	if (!store_prepare(st, &stmt, sql))
		return false;
	while (good && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct store_source *more = st->nr_sources < MAX_SOURCES ?
			reallocarray(st->sources, st->nr_sources + 1, sizeof(*more)) : NULL;

		if (more)
			st->sources = more;
		good = more && load_source(st, stmt);
	}
	if (!good)
		store_fail_text(st, DIAG_BAD_DATABASE, "table source is damaged");
	else if (rc != SQLITE_DONE)
		good = store_fail(st, "table source");
	sqlite3_finalize(stmt);
	return good;
}

/*
 * immutable: no lock and no file beside the database, whatever its header says. The journal that SQLite would then
 * overlook has been looked for by verify_header(). Nobody changes a database of ours in place.
 */
static bool open_existing(struct store *st)
{
	char reason[VERIFY_REASON_MAX];
	enum verify_result result = verify_header(st->path, reason);

	if (result != VERIFY_GOOD)
		return store_fail_text(st, result == VERIFY_CANNOT_OPEN ? DIAG_CANNOT_OPEN : DIAG_BAD_DATABASE, reason);
	if (!open_connection(st, st->path, "?mode=ro&immutable=1", SQLITE_OPEN_READONLY))
		return false;
	harden(st->db);
	if (!store_exec(st, "PRAGMA cell_size_check = ON; PRAGMA cache_size = -4096; PRAGMA mmap_size = 0;"
			    "PRAGMA query_only = ON"))
		return false;
	if (!verify_schema(st->db, reason))
		return store_fail_text(st, DIAG_BAD_DATABASE, reason);
	return register_tables(st) && load_sources(st);
}

struct store *store_open(const char *path, struct diag_sink *diag)
{
	struct store *st = store_new(path, diag);

	if (!st) {
		diag_report(diag, DIAG_CANNOT_OPEN, (struct diag_pos){ .path = path }, "out of memory");
		return NULL;
	}
	if (open_existing(st))
		return st;
	store_close(st);
	return NULL;
}

/* ---------------------------------------------------------------- replay */

/* Copied by value, row by row: nothing of the old file's schema or pages gets into the new one. */
static bool copy_rows(struct store *to, struct store *from, sqlite3_stmt *read, sqlite3_stmt *write)
{
	int nr_columns = sqlite3_column_count(read), rc;

	while ((rc = sqlite3_step(read)) == SQLITE_ROW) {
		for (int i = 0; i < nr_columns; i++)
			sqlite3_bind_value(write, i + 1, sqlite3_column_value(read, i));
		if (sqlite3_step(write) != SQLITE_DONE)
			return store_fail(to, "copying facts");
		sqlite3_reset(write);
	}
	return rc == SQLITE_DONE || store_fail(from, "copying facts");
}

static bool copy_table(struct store *to, struct store *from, const char *table)
{
	char sql[256], *at = sql;
	sqlite3_stmt *read = NULL, *write = NULL;
	bool good;

	snprintf(sql, sizeof(sql), "SELECT * FROM %s", table);
	good = store_prepare(from, &read, sql) != NULL;
	if (good) {
		at += sprintf(at, "INSERT INTO %s VALUES(?", table);
		for (int i = 1; i < sqlite3_column_count(read); i++)
			at += sprintf(at, ",?");
		strcpy(at, ")");
		good = store_prepare(to, &write, sql) && copy_rows(to, from, read, write);
	}
	sqlite3_finalize(read);
	sqlite3_finalize(write);
	return good;
}

static bool copy_facts(struct store *to, struct store *from)
{
	static const char *const tables[] = {
		"source", "clock", "record_kind", "signal", "gap", "snapshot_field", "event_text", "diag", "string", "chunk", "meta",
	};

	for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!copy_table(to, from, tables[i]))
			return false;
	return load_sources(to);
}

struct store *store_open_for_replay(const char *path, struct diag_sink *diag)
{
	struct store *from = store_open(path, diag), *to = NULL;
	struct stat sb = { .st_mode = 0666 };
	bool good = false;

	if (from && stat(path, &sb) == 0)
		to = create(path, 0600, diag);
	if (to)
		good = copy_facts(to, from);
	if (good && chmod(to->temporary, sb.st_mode & 0777) < 0)
		good = store_fail_text(to, DIAG_STORE_FAILED, strerror(errno));
	store_close(from);
	if (good)
		return to;
	store_close(to);
	return NULL;
}

struct store *store_copy(struct store *from, struct diag_sink *diag)
{
	struct store *to = create(NULL, 0600, diag);

	if (to && copy_facts(to, from))
		return to;
	store_close(to);
	return NULL;
}

/* ---------------------------------------------------------------- the end */

static bool sync_file(struct store *st)
{
	sqlite3_file *file = NULL;

	sqlite3_file_control(st->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (file && file->pMethods && file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK)
		return true;
	return store_fail_text(st, DIAG_STORE_FAILED, strerror(errno));
}

/* So that the new name, too, is on the disk. Some file systems cannot; the file itself is safe then. */
static void sync_directory(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

static bool take_name(struct store *st)
{
	if (!sync_file(st))
		return false;
	if (rename(st->temporary, st->target) < 0)
		return store_fail_text(st, DIAG_STORE_FAILED, strerror(errno));
	free(st->temporary);
	st->temporary = NULL;
	sync_directory(st->target);
	return true;
}

bool store_finish(struct store *st)
{
	if (st->failed || !st->writing || !store_flush_deliveries(st) || !store_exec(st, store_index_sql))
		return false;
	if (!store_exec(st, "COMMIT"))
		return false;
	if (st->temporary && !take_name(st))
		return false;
	st->writing = false;
	/* The lock goes with the next read; others may have the file now. */
	return store_exec(st, "PRAGMA query_only = ON; PRAGMA locking_mode = NORMAL; SELECT count(*) FROM source");
}

static void free_sources(struct store *st)
{
	for (uint32_t i = 0; i < st->nr_sources; i++) {
		for (uint32_t id = 0; id < st->sources[i].nr_strings; id++)
			free(st->sources[i].strings[id]);
		free(st->sources[i].strings);
	}
	free(st->sources);
}

void store_close(struct store *st)
{
	if (!st)
		return;
	for (unsigned i = 0; i < NR_INSERTS; i++)
		sqlite3_finalize(st->insert[i]);
	sqlite3_finalize(st->get_string);
	sqlite3_finalize(st->get_chunk);
	query_free_kept(st);
	sqlite3_close_v2(st->db);
	if (st->temporary)
		unlink(st->temporary);
	free_sources(st);
	chunk_reader_free(st->reader);
	free(st->deliveries);
	free(st->temporary);
	free(st->target);
	free(st->path);
	free(st);
}
