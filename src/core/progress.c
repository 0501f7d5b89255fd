/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { REDRAW_NS = 200000000 };

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

void progress_start(struct progress *pg, const char *what, uint64_t total, bool quiet)
{
	*pg = (struct progress){ .what = what, .total = total, .on = !quiet && isatty(STDERR_FILENO) };
	if (pg->on)
		pg->last_ns = now_ns();
}

void progress_set(struct progress *pg, uint64_t done)
{
	int64_t now;

	if (!pg->on)
		return;
	now = now_ns();
	if (now - pg->last_ns < REDRAW_NS)
		return;
	pg->last_ns = now;
	pg->shown = true;
	if (pg->total)
		fprintf(stderr, "\r%s %3.0f %%", pg->what, 100.0 * (done < pg->total ? done : pg->total) / pg->total);
	else
		fprintf(stderr, "\r%s %llu", pg->what, (unsigned long long)done);
}

void progress_end(struct progress *pg)
{
	if (pg->shown)
		fputs("\r\033[K", stderr);
	pg->on = pg->shown = false;
}
