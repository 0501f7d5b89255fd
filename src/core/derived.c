/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/derived.h"

#include <stddef.h>
#include <string.h>

static const char *const path_names[NR_PATHS] = {
#define X(sym, text, doc) [PATH_##sym] = text,
	PATH_LIST(X)
#undef X
};

static const char *const ending_names[NR_ENDINGS] = {
#define X(sym, text, doc) [ENDING_##sym] = text,
	ENDING_LIST(X)
#undef X
};

const char *path_name(enum path path)
{
	return (unsigned)path < NR_PATHS ? path_names[path] : NULL;
}

int path_by_name(const char *name)
{
	for (int path = 0; path < NR_PATHS; path++)
		if (!strcmp(path_names[path], name))
			return path;
	return -1;
}

const char *ending_name(enum ending ending)
{
	return (unsigned)ending < NR_ENDINGS ? ending_names[ending] : NULL;
}

const char *proof_name(enum proof proof)
{
	static const char *const names[] = {
		[PROOF_GUESSED] = "guessed", [PROOF_INFERRED] = "inferred", [PROOF_SEEN] = "seen",
	};

	return names[proof];
}

const char *dump_result_name(enum dump_result result)
{
	static const char *const names[NR_DUMP_RESULTS] = {
#define X(sym, text, doc) [DUMP_##sym] = text,
		DUMP_LIST(X)
#undef X
	};

	return (unsigned)result < NR_DUMP_RESULTS ? names[result] : NULL;
}

const char *delivery_kind_name(enum delivery_kind kind)
{
	static const char *const names[NR_DELIVERY_KINDS] = {
		[DELIVERY_FIXED] = "fixed", [DELIVERY_LOWEST] = "lowest", [DELIVERY_NMI] = "nmi",
		[DELIVERY_EXTINT] = "extint", [DELIVERY_IPI] = "ipi", [DELIVERY_POSTED] = "posted",
	};

	return (unsigned)kind < NR_DELIVERY_KINDS ? names[kind] : NULL;
}

const char *delivery_result_name(enum delivery_result result)
{
	static const char *const names[NR_DELIVERY_RESULTS] = {
		[RESULT_UNKNOWN] = "unknown", [RESULT_HANDLED] = "handled", [RESULT_UNHANDLED] = "unhandled",
		[RESULT_THREAD] = "thread",
	};

	return (unsigned)result < NR_DELIVERY_RESULTS ? names[result] : NULL;
}
