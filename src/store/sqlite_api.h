/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQLite's interface for the files that are built twice: into the program, and into the extension irqpath_sqlite.so. */
#ifndef IRQPATH_STORE_SQLITE_API_H
#define IRQPATH_STORE_SQLITE_API_H

#ifdef IRQPATH_SQLITE_EXTENSION
#include <sqlite3ext.h>
extern const sqlite3_api_routines *sqlite3_api;
#else
#include <sqlite3.h>
#endif

#endif
