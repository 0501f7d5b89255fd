/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual tables for the sqlite3 shell: ".load ./irqpath_sqlite". They read the tables of that connection. */
#include <sqlite3ext.h>

#include "store/vtab.h"

SQLITE_EXTENSION_INIT1

/* The shell makes this name out of the file's. */
__attribute__((visibility("default")))
int sqlite3_irqpathsqlite_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

int sqlite3_irqpathsqlite_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
	(void)message;
	SQLITE_EXTENSION_INIT2(api);
	return vtab_register_all(db);
}
