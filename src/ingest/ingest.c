/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/codec.h"
#include "ingest/drive.h"
#include "ingest/isolate.h"
#include "ingest/reader.h"
#include "ingest/unpack.h"

enum { HEAD_BYTES = 64 << 10 };

struct ingest {
	struct input in;
	const struct reader_ops *ops;
	struct diag_sink *diag;
	struct isolate *isolate;	/* owned; NULL: in this process */
	struct drive *drive;		/* owned */
};

static bool refuse(const char *path, struct diag_sink *diag, enum diag_code code, const char *why)
{
	diag_report(diag, code, (struct diag_pos){ path, 0, 0 }, "%s", why);
	return false;
}

/* Without blocking, or a named pipe would wait for a writer. */
static bool open_input(struct input *in, const char *path, bool *is_directory, struct diag_sink *diag)
{
	struct stat st;

	in->path = path;
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (in->fd < 0 || fstat(in->fd, &st))
		return refuse(path, diag, DIAG_CANNOT_OPEN, strerror(errno));
	*is_directory = S_ISDIR(st.st_mode);
	if (*is_directory)
		return true;
	if (!S_ISREG(st.st_mode))
		return refuse(path, diag, DIAG_CANNOT_OPEN, "not a regular file");
	if (!st.st_size)
		return refuse(path, diag, DIAG_EMPTY_FILE, "0 bytes");
	in->size_bytes = st.st_size;
	return true;
}

/* The first bytes, HEAD_BYTES at most; NULL where they cannot be had, which has been reported. Owned by the caller. */
static uint8_t *read_head(const struct input *in, size_t *len, struct diag_sink *diag)
{
	uint8_t *head = malloc(HEAD_BYTES);
	ssize_t n;

	if (!head)
		return NULL;
	do
		n = pread(in->fd, head, HEAD_BYTES, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		refuse(in->path, diag, DIAG_CANNOT_OPEN, strerror(errno));
		free(head);
		return NULL;
	}
	*len = n;
	return head;
}

static const struct reader_ops *find_reader(const struct input *in, const struct reader_ops *const *readers,
					    struct diag_sink *diag)
{
	const struct reader_ops *best = NULL;
	int best_score = 0;
	uint8_t *head;
	size_t len;

	head = read_head(in, &len, diag);
	if (!head)
		return NULL;
	for (; *readers; readers++) {
		int score = (*readers)->probe(head, len);

		if (score > best_score) {
			best = *readers;
			best_score = score;
		}
	}
	free(head);
	if (!best)
		refuse(in->path, diag, DIAG_UNKNOWN_FORMAT, "");
	return best;
}

static void ignore_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

/*
 * Whether a reader knows the beginning of what a compressed file holds: one that none knows is not unpacked to its end.
 * What goes wrong is told when it goes wrong with all of it.
 */
static bool may_be_known(const struct input *in, const struct codec_ops *codec, const struct ingest_options *opt,
			 struct unpack_options unpack)
{
	struct diag_sink diag = { .fn = ignore_diag };
	struct input trial = *in;
	bool known = true;

	unpack.max_bytes = HEAD_BYTES;
	trial.fd = fcntl(in->fd, F_DUPFD_CLOEXEC, 0);
	if (trial.fd < 0)
		return true;
	if (unpack_input(&trial, codec, &unpack, &diag))
		known = find_reader(&trial, opt->readers ? opt->readers : reader_table, &diag) != NULL;
	close(trial.fd);
	return known;
}

static bool unpack_if_packed(struct input *in, const struct ingest_options *opt, struct diag_sink *diag)
{
	const struct unpack_options unpack = {
		.in_process = opt->in_process, .kill_on_forbidden = opt->kill_on_forbidden,
		.hang_seconds = opt->hang_seconds, .max_bytes = opt->max_unpacked_bytes,
	};
	const struct codec_ops *codec;
	uint8_t *head;
	size_t len;

	head = read_head(in, &len, diag);
	if (!head)
		return false;
	codec = codec_find(head, len);
	free(head);
	if (!codec)
		return true;
	if (!may_be_known(in, codec, opt, unpack))
		return refuse(in->path, diag, DIAG_UNKNOWN_FORMAT, codec_name(codec));
	return unpack_input(in, codec, &unpack, diag);
}

static const struct reader_ops *find_directory_reader(const struct input *in, const struct reader_ops *const *readers,
						      struct diag_sink *diag)
{
	for (; *readers; readers++)
		if ((*readers)->probe_directory && (*readers)->probe_directory(in->fd))
			return *readers;
	refuse(in->path, diag, DIAG_CANNOT_OPEN, "is a directory, and none with a trace in it");
	return NULL;
}

struct ingest *ingest_start(const char *path, const struct ingest_options *opt, struct diag_sink *diag)
{
	const struct reader_ops *const *readers = opt->readers ? opt->readers : reader_table;
	struct ingest *in = calloc(1, sizeof(*in));
	bool is_directory = false;

	if (!in)
		return NULL;
	in->diag = diag;
	in->in.keep_all = opt->keep_all;
	in->in.tsc_hz = opt->tsc_hz;
	if (!open_input(&in->in, path, &is_directory, diag))
		goto fail;
	if (is_directory)
		in->ops = find_directory_reader(&in->in, readers, diag);
	else if (unpack_if_packed(&in->in, opt, diag))
		in->ops = find_reader(&in->in, readers, diag);
	if (!in->ops)
		goto fail;
	if (opt->in_process) {
		if (in->ops->prepare)
			in->ops->prepare();
		return in;
	}
	in->isolate = isolate_start(in->ops, &in->in, opt, diag);
	if (in->isolate)
		return in;
fail:
	ingest_stop(in);
	return NULL;
}

bool ingest_run(struct ingest *in, const struct source_sink *sink)
{
	if (in->isolate)
		return isolate_run(in->isolate, sink);
	in->drive = drive_new(in->ops, &in->in, sink, in->diag);
	if (in->drive)
		return drive_run(in->drive);
	refuse(in->in.path, in->diag, DIAG_CANNOT_OPEN, "no memory");
	sink->end(sink->ctx, &(struct source_end){ .complete = false });
	return false;
}

bool ingest_text(struct ingest *in, uint64_t offset, char *buf, size_t len)
{
	if (in->isolate)
		return isolate_text(in->isolate, offset, buf, len);
	return in->drive && drive_text(in->drive, offset, buf, len);
}

void ingest_stop(struct ingest *in)
{
	if (!in)
		return;
	isolate_stop(in->isolate);
	drive_free(in->drive);
	if (in->in.fd > 0)
		close(in->in.fd);
	free(in);
}
