/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

/* Silent where the reader of a pipe has seen enough: "| head" is no fault. */
static bool fail(const struct output *out, const char *what)
{
	int error = errno;

	if (error == EPIPE)
		return false;
	fputs("irqpath: ", stderr);
	text_safe_write(stderr, out->path ? out->path : "standard output");
	fprintf(stderr, ": %s: %s\n", what, strerror(error));
	return false;
}

/* A pipe or device is written as it is; only a file can be renamed over. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

bool output_open(struct output *out, const char *path)
{
	mode_t mask;
	int fd;

	*out = (struct output){ .stream = stdout, .path = path };
	if (!path || !strcmp(path, "-")) {
		out->path = NULL;
		return true;
	}
	if (is_special(path)) {
		out->stream = fopen(path, "w");
		return out->stream || fail(out, "cannot be written");
	}
	if (asprintf(&out->temporary, "%s.tmp-XXXXXX", path) < 0) {
		out->temporary = NULL;
		return fail(out, "cannot be written");
	}
	fd = mkstemp(out->temporary);
	out->stream = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out->stream) {
		fail(out, "cannot be written");
		if (fd >= 0) {
			close(fd);
			unlink(out->temporary);
		}
		free(out->temporary);
		out->temporary = NULL;
		return false;
	}
	mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	return true;
}

bool output_close(struct output *out, bool keep)
{
	bool good = !fflush(out->stream) && !ferror(out->stream);

	if (!good)
		fail(out, "cannot be written");
	if (out->stream != stdout && fclose(out->stream) && good)
		good = fail(out, "cannot be written");
	if (out->temporary && good && keep && rename(out->temporary, out->path))
		good = fail(out, "cannot be written");
	if (out->temporary && !(good && keep))
		unlink(out->temporary);
	free(out->temporary);
	return good;
}
