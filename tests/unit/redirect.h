/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For tests of what a function prints: one of the standard streams into a string for a while. */
#ifndef IRQPATH_TESTS_REDIRECT_H
#define IRQPATH_TESTS_REDIRECT_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct redirect {
	FILE *stream, *file;
	int fd;		/* where the stream's descriptor was kept */
};

static inline void redirect_start(struct redirect *rd, FILE *stream)
{
	fflush(stream);
	rd->stream = stream;
	rd->file = tmpfile();
	rd->fd = dup(fileno(stream));
	if (!rd->file || rd->fd < 0 || dup2(fileno(rd->file), fileno(stream)) < 0)
		abort();
}

/* What was printed meanwhile, in memory of the caller's. */
static inline char *redirect_end(struct redirect *rd)
{
	char *text = calloc(1, 65536);

	fflush(rd->stream);
	dup2(rd->fd, fileno(rd->stream));
	close(rd->fd);
	rewind(rd->file);
	if (!text || (!fread(text, 1, 65535, rd->file) && ferror(rd->file)))
		abort();
	fclose(rd->file);
	return text;
}

#endif
