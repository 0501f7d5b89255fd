/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/child.h"
#include "ingest/confine.h"
#include "ingest/drive.h"
#include "ingest/wire.h"

struct isolate {
	const char *path;	/* borrowed */
	const struct reader_ops *ops;
	struct diag_sink *diag;
	struct child child;
	int cmd_fd;
	uint8_t *ring;
	struct wire_in *in;	/* owned */
	unsigned hang_seconds;
	bool ended;		/* the end came: it may be asked for texts */
};

/* ---- reader process ---- */

static void serve_texts(struct drive *dr, struct wire_out *out)
{
	char text[WIRE_TEXT_MAX];
	uint64_t offset;

	while (wire_command(out, &offset) == WIRE_TEXT) {
		text[0] = 0;
		if (!wire_answer(out, drive_text(dr, offset, text, sizeof(text)), text))
			break;
	}
}

static void __attribute__((noreturn)) reader_main(const struct reader_ops *ops, const struct input *from, uint8_t *ring,
						   int msg_fd, int cmd_fd, bool kill)
{
	struct wire_out out = { .ring = ring, .msg_fd = CONFINE_MSG_FD, .cmd_fd = CONFINE_CMD_FD };
	struct source_sink sink = wire_sink(&out);
	struct diag_sink diag = wire_diag(&out);
	struct input in = *from;
	const char *failed;
	struct drive *dr;

	if (ops->prepare)
		ops->prepare();
	failed = confine(from->fd, msg_fd, cmd_fd, ops->syscalls, 0, kill);
	in.fd = CONFINE_INPUT_FD;
	if (failed) {
		diag_report(&diag, DIAG_CANNOT_ISOLATE, (struct diag_pos){ in.path, 0, 0 }, "%s", failed);
		_exit(EXIT_FAILURE);
	}
	dr = drive_new(ops, &in, &sink, &diag);
	if (!dr)
		_exit(EXIT_FAILURE);
	drive_run(dr);
	serve_texts(dr, &out);
	_exit(EXIT_SUCCESS);
}

/* ---- parent ---- */

static struct diag_pos last_good(const struct isolate *iso)
{
	uint64_t kept, records, offset;

	wire_in_position(iso->in, &kept, &records, &offset);
	return (struct diag_pos){ iso->path, offset, 0 };
}

static void report(struct isolate *iso, enum diag_code code, const char *what)
{
	uint64_t kept, records, offset;

	wire_in_position(iso->in, &kept, &records, &offset);
	diag_report(iso->diag, code, last_good(iso), "%s, after record %" PRIu64 " (%" PRIu64 " events)", what, records,
		    kept);
}

static void kill_reader(struct isolate *iso)
{
	child_kill(&iso->child);
	iso->ended = false;
}

static void report_death(struct isolate *iso)
{
	char text[64];

	child_wait(&iso->child, text, sizeof(text));
	iso->ended = false;
	report(iso, DIAG_READER_DIED, text);
}

/* A reader that is gone takes no credit; its death is noticed at the next message. */
static void send_command(struct isolate *iso, enum wire_command command, uint64_t offset)
{
	struct wire_cmd cmd = { .command = command, .offset = offset };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;

	sigaction(SIGPIPE, &ignore, &old);
	while (write(iso->cmd_fd, &cmd, sizeof(cmd)) < 0 && errno == EINTR)
		;
	sigaction(SIGPIPE, &old, NULL);
}

/* One message and what it holds. False where there will be no more; that has been reported. */
static bool take_message(struct isolate *iso, const struct source_sink *sink, struct source_end *end,
			 enum wire_status *status)
{
	const char *why;
	struct wire_msg msg;

	switch (child_read(&iso->child, &msg, sizeof(msg), iso->hang_seconds)) {
	case CHILD_DEATH:
		report_death(iso);
		return false;
	case CHILD_SILENCE:
		kill_reader(iso);
		report(iso, DIAG_READER_HUNG, "no sign of life");
		return false;
	case CHILD_MESSAGE:
		break;
	}
	*status = wire_in_take(iso->in, msg, sink, iso->diag, iso->path, end, &why);
	if (*status == WIRE_LIED) {
		kill_reader(iso);
		report(iso, DIAG_READER_LIED, why);
		return false;
	}
	if (*status == WIRE_STOPPED) {
		kill_reader(iso);
		return false;
	}
	send_command(iso, WIRE_CREDIT, 0);
	return true;
}

/* info is due once even where the reader did not live to tell. */
static void tell_missing_info(struct isolate *iso, const struct source_sink *sink)
{
	struct source_info info = { .layer = iso->ops->layer };

	if (wire_in_has_info(iso->in))
		return;
	snprintf(info.kind, sizeof(info.kind), "%s", iso->ops->name);
	sink->info(sink->ctx, &info);
}

bool isolate_run(struct isolate *iso, const struct source_sink *sink)
{
	struct source_end end = { .complete = false };
	enum wire_status status = WIRE_OK;

	while (status != WIRE_ENDED && take_message(iso, sink, &end, &status))
		;
	if (status == WIRE_ENDED)
		iso->ended = true;
	else {
		end = (struct source_end){ .complete = false };
		wire_in_position(iso->in, &end.kept, &end.records, &end.offset);
		tell_missing_info(iso, sink);
	}
	if (sink->end(sink->ctx, &end))
		end.complete = false;
	return end.complete;
}

/* After the end only texts and diagnostics come; the sink is never called. */
bool isolate_text(struct isolate *iso, uint64_t offset, char *buf, size_t len)
{
	static const struct source_sink none;
	struct source_end end;
	enum wire_status status;
	const char *answer;

	if (!iso->ended || !len)
		return false;
	send_command(iso, WIRE_TEXT, offset);
	do {
		if (!take_message(iso, &none, &end, &status))
			return false;
	} while (status != WIRE_ANSWERED);
	answer = wire_in_answer(iso->in);
	if (!answer)
		return false;
	snprintf(buf, len, "%s", answer);
	return true;
}

void isolate_stop(struct isolate *iso)
{
	if (!iso)
		return;
	child_fini(&iso->child);
	if (iso->cmd_fd >= 0)
		close(iso->cmd_fd);
	if (iso->ring)
		munmap(iso->ring, WIRE_RING_BYTES);
	wire_in_free(iso->in);
	free(iso);
}

/* The child's ends of the pipes are in fds. */
static bool make_channels(struct isolate *iso, int fds[2])
{
	int msg[2], cmd[2];

	fds[0] = fds[1] = -1;
	iso->ring = mmap(NULL, WIRE_RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (iso->ring == MAP_FAILED) {
		iso->ring = NULL;
		return false;
	}
	iso->in = wire_in_new(iso->ring);
	if (!iso->in || pipe2(msg, O_CLOEXEC))
		return false;
	iso->child.msg_fd = msg[0];
	fds[0] = msg[1];
	if (pipe2(cmd, O_CLOEXEC))
		return false;
	iso->cmd_fd = cmd[1];
	fds[1] = cmd[0];
	return true;
}

static bool start_reader(struct isolate *iso, const struct reader_ops *ops, const struct input *in, bool kill,
			 int fds[2])
{
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return false;
	if (!pid)
		reader_main(ops, in, iso->ring, fds[0], fds[1], kill);
	child_init(&iso->child, pid, iso->child.msg_fd);
	return true;
}

struct isolate *isolate_start(const struct reader_ops *ops, const struct input *in, const struct ingest_options *opt,
			      struct diag_sink *diag)
{
	struct isolate *iso = calloc(1, sizeof(*iso));
	int fds[2] = { -1, -1 };
	bool ok;

	if (!iso)
		return NULL;
	iso->path = in->path;
	iso->ops = ops;
	iso->diag = diag;
	iso->child.pid_fd = iso->child.msg_fd = iso->cmd_fd = -1;
	iso->hang_seconds = opt->hang_seconds ? opt->hang_seconds : CHILD_HANG_SECONDS;
	ok = make_channels(iso, fds) && start_reader(iso, ops, in, opt->kill_on_forbidden, fds);
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (ok)
		return iso;
	diag_report(diag, DIAG_CANNOT_ISOLATE, (struct diag_pos){ in->path, 0, 0 }, "%s", strerror(errno));
	isolate_stop(iso);
	return NULL;
}
