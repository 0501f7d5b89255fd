/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ingest/child.h"
#include "ingest/codec.h"
#include "ingest/confine.h"

enum { BLOCK_BYTES = 256 << 10, TELL_BYTES = 16 << 20, MAX_IDLE_STEPS = 64 };

#define MAX_BYTES (UINT64_C(16) << 30)

enum unpack_state {
	UNPACK_RUNNING, UNPACK_WHOLE, UNPACK_CUT, UNPACK_DAMAGED, UNPACK_TRAILER, UNPACK_TOO_DEEP, UNPACK_TOO_LARGE,
	UNPACK_READ_ERROR, UNPACK_WRITE_ERROR, UNPACK_NO_MEMORY, UNPACK_NOT_CONFINED, NR_UNPACK_STATES
};

/* What the process tells: all of it is hostile to the parent. */
struct unpack_msg {
	uint64_t in_bytes, out_bytes;
	uint32_t state;		/* enum unpack_state */
	int32_t error;		/* errno of a read or write */
};

struct unpacker {
	int in_fd, out_fd, msg_fd;	/* msg_fd -1: nobody is told while it runs */
	uint64_t in_size, max_bytes;
	uint64_t in_at;		/* of the next block */
	uint64_t told;
	struct codec *codec;
	struct unpack_msg msg;
	uint8_t in[BLOCK_BYTES], out[BLOCK_BYTES];
};

/* ---- unpacking, in the process ---- */

static enum unpack_state read_block(struct unpacker *up, struct codec_io *io)
{
	ssize_t n;

	do
		n = pread(up->in_fd, up->in, BLOCK_BYTES, (off_t)up->in_at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		up->msg.error = errno;
		return UNPACK_READ_ERROR;
	}
	io->in = up->in;
	io->in_len = n;
	up->in_at += n;
	io->in_ends = !n || up->in_at >= up->in_size;
	return UNPACK_RUNNING;
}

static enum unpack_state write_block(struct unpacker *up, size_t len)
{
	uint64_t room = up->max_bytes - up->msg.out_bytes;
	size_t part = len < room ? len : room;

	for (size_t at = 0; at < part; ) {
		ssize_t n = pwrite(up->out_fd, up->out + at, part - at, (off_t)up->msg.out_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			up->msg.error = errno;
			return UNPACK_WRITE_ERROR;
		}
		at += n;
		up->msg.out_bytes += n;
	}
	return part < len ? UNPACK_TOO_LARGE : UNPACK_RUNNING;
}

static enum unpack_state state_of(enum codec_status status)
{
	static const uint8_t states[] = {
		[CODEC_MORE] = UNPACK_RUNNING, [CODEC_END] = UNPACK_WHOLE, [CODEC_CUT] = UNPACK_CUT,
		[CODEC_DAMAGED] = UNPACK_DAMAGED, [CODEC_TOO_DEEP] = UNPACK_TOO_DEEP, [CODEC_TRAILER] = UNPACK_TRAILER,
	};

	return states[status];
}

/* One look at the input: what came out is written before what it says counts. */
static enum unpack_state step(struct unpacker *up, struct codec_io *io, unsigned *nr_idle)
{
	size_t before = io->in_len, got;
	enum codec_status status;
	enum unpack_state state;

	io->out = up->out;
	io->out_len = BLOCK_BYTES;
	status = codec_step(up->codec, io);
	got = BLOCK_BYTES - io->out_len;
	up->msg.in_bytes = up->in_at - io->in_len;
	*nr_idle = got || io->in_len != before ? 0 : *nr_idle + 1;
	state = write_block(up, got);
	if (state != UNPACK_RUNNING)
		return state;
	return *nr_idle > MAX_IDLE_STEPS ? UNPACK_DAMAGED : state_of(status);
}

static void tell(const struct unpacker *up)
{
	const struct unpack_msg msg = up->msg;
	ssize_t n;

	if (up->msg_fd < 0)
		return;
	do
		n = write(up->msg_fd, &msg, sizeof(msg));
	while (n < 0 && errno == EINTR);
}

static void unpack(struct unpacker *up, const struct codec_ops *ops)
{
	enum unpack_state state = UNPACK_RUNNING;
	struct codec_io io = { .in_len = 0 };
	unsigned nr_idle = 0;

	up->codec = codec_new(ops);
	if (!up->codec)
		state = UNPACK_NO_MEMORY;
	while (state == UNPACK_RUNNING) {
		if (!io.in_len && !io.in_ends)
			state = read_block(up, &io);
		if (state == UNPACK_RUNNING)
			state = step(up, &io, &nr_idle);
		if (state == UNPACK_RUNNING && up->msg.in_bytes + up->msg.out_bytes - up->told >= TELL_BYTES) {
			up->told = up->msg.in_bytes + up->msg.out_bytes;
			tell(up);
		}
	}
	up->msg.state = state;
	codec_free(up->codec);
	tell(up);
}

static void __attribute__((noreturn)) unpacker_main(struct unpacker *up, const struct codec_ops *ops, bool kill)
{
	static const int syscalls[] = { SYS_pwrite64, -1 };
	const char *failed = confine(up->in_fd, up->msg_fd, up->out_fd, syscalls, up->max_bytes, kill);

	up->in_fd = CONFINE_INPUT_FD;
	up->msg_fd = CONFINE_MSG_FD;
	up->out_fd = CONFINE_CMD_FD;
	if (failed) {
		up->msg.state = UNPACK_NOT_CONFINED;
		tell(up);
		_exit(EXIT_FAILURE);
	}
	unpack(up, ops);
	_exit(EXIT_SUCCESS);
}

/* ---- the parent ---- */

/* In a place that is meant for much, so on a disk where there is one. It vanishes with its last descriptor. */
static int open_nameless(const char *folder)
{
	char path[4096];
	int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0 || snprintf(path, sizeof(path), "%s/irqpath-XXXXXX", folder) >= (int)sizeof(path))
		return fd;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int open_temporary(const char **folder)
{
	const char *folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (unsigned i = 0; i < sizeof(folders) / sizeof(*folders) && fd < 0; i++) {
		if (!folders[i] || !*folders[i])
			continue;
		*folder = folders[i];
		fd = open_nameless(folders[i]);
	}
	return fd;
}

static uint64_t limit_bytes(int fd, uint64_t max_bytes)
{
	struct statvfs vfs;
	uint64_t half;

	if (!max_bytes)
		max_bytes = MAX_BYTES;
	if (fstatvfs(fd, &vfs))
		return max_bytes;
	half = (uint64_t)vfs.f_bavail * vfs.f_frsize / 2;
	return half < max_bytes ? half : max_bytes;
}

static enum diag_code code_of(enum unpack_state state)
{
	static const uint8_t codes[NR_UNPACK_STATES] = {
		[UNPACK_CUT] = DIAG_SHORT_FILE, [UNPACK_DAMAGED] = DIAG_BAD_DATA, [UNPACK_TRAILER] = DIAG_BAD_DATA,
		[UNPACK_TOO_DEEP] = DIAG_UNREAD_DATA, [UNPACK_TOO_LARGE] = DIAG_UNREAD_DATA,
		[UNPACK_READ_ERROR] = DIAG_UNREAD_DATA, [UNPACK_WRITE_ERROR] = DIAG_UNREAD_DATA,
		[UNPACK_NO_MEMORY] = DIAG_UNREAD_DATA, [UNPACK_NOT_CONFINED] = DIAG_CANNOT_ISOLATE,
	};

	return codes[state];
}

static const char *words_of(enum unpack_state state)
{
	static const char *const words[NR_UNPACK_STATES] = {
		[UNPACK_CUT] = "data ends early",
		[UNPACK_DAMAGED] = "data is damaged",
		[UNPACK_TRAILER] = "data has something else behind its end, which was left out",
		[UNPACK_TOO_DEEP] = "data takes more than 256 MiB of memory: unpack it with its own tool",
		[UNPACK_TOO_LARGE] = "data is larger than what may be unpacked: unpack it with its own tool",
		[UNPACK_READ_ERROR] = "data cannot be read on",
		[UNPACK_WRITE_ERROR] = "data cannot be unpacked into a temporary file",
		[UNPACK_NO_MEMORY] = "data cannot be unpacked: no memory",
		[UNPACK_NOT_CONFINED] = "data cannot be unpacked",
	};

	return words[state];
}

static void report(const struct input *in, const struct unpacker *up, const struct codec_ops *ops, const char *folder,
		   struct diag_sink *diag)
{
	const struct unpack_msg *msg = &up->msg;
	struct diag_pos pos = { in->path, msg->in_bytes, 0 };
	char more[512] = "";

	if (msg->state == UNPACK_WHOLE)
		return;
	if (msg->state == UNPACK_WRITE_ERROR)
		snprintf(more, sizeof(more), " in %s (TMPDIR names another place): %s", folder, strerror(msg->error));
	else if (msg->state == UNPACK_READ_ERROR)
		snprintf(more, sizeof(more), ": %s", strerror(msg->error));
	diag_report(diag, code_of(msg->state), pos, "%s %s%s, behind %" PRIu64 " bytes unpacked", codec_name(ops),
		    words_of(msg->state), more, msg->out_bytes);
}

/* A process that says what cannot be is as good as dead. */
static bool believable(const struct unpacker *up, const struct unpack_msg *msg)
{
	return msg->state < NR_UNPACK_STATES && msg->in_bytes <= up->in_size && msg->out_bytes <= up->max_bytes;
}

/* Until the process says how it ended. False where it died of it, which has been reported. */
static bool follow(struct unpacker *up, struct child *child, const struct input *in, unsigned hang_seconds,
		   struct diag_sink *diag)
{
	struct diag_pos pos = { in->path, 0, 0 };
	struct unpack_msg msg;
	char text[64];

	while (up->msg.state == UNPACK_RUNNING) {
		pos.byte = up->msg.in_bytes;
		switch (child_read(child, &msg, sizeof(msg), hang_seconds)) {
		case CHILD_DEATH:
			child_wait(child, text, sizeof(text));
			diag_report(diag, DIAG_READER_DIED, pos, "%s, while unpacking", text);
			return false;
		case CHILD_SILENCE:
			diag_report(diag, DIAG_READER_HUNG, pos, "no sign of life, while unpacking");
			return false;
		case CHILD_MESSAGE:
			break;
		}
		if (!believable(up, &msg)) {
			diag_report(diag, DIAG_READER_LIED, pos, "while unpacking");
			return false;
		}
		up->msg = msg;
	}
	return true;
}

static bool run_isolated(struct unpacker *up, const struct codec_ops *ops, const struct input *in,
			 const struct unpack_options *opt, struct diag_sink *diag)
{
	struct child child = { .pid_fd = -1, .msg_fd = -1 };
	bool told = false;
	pid_t pid = -1;
	int fds[2];

	if (!pipe2(fds, O_CLOEXEC)) {
		up->msg_fd = fds[1];
		pid = fork();
		if (!pid)
			unpacker_main(up, ops, opt->kill_on_forbidden);
		close(fds[1]);
		if (pid < 0)
			close(fds[0]);
	}
	if (pid < 0) {
		diag_report(diag, DIAG_CANNOT_ISOLATE, (struct diag_pos){ in->path, 0, 0 }, "%s", strerror(errno));
		return false;
	}
	child_init(&child, pid, fds[0]);
	told = follow(up, &child, in, opt->hang_seconds ? opt->hang_seconds : CHILD_HANG_SECONDS, diag);
	child_fini(&child);
	return told;
}

/* Where the process died, what it had told of is good, and what it wrote since may be. */
static bool take_over(struct input *in, struct unpacker *up)
{
	in->cut = up->msg.state != UNPACK_WHOLE;
	if (!up->msg.out_bytes)
		return false;
	close(in->fd);
	in->fd = up->out_fd;
	in->size_bytes = up->msg.out_bytes;
	return true;
}

bool unpack_input(struct input *in, const struct codec_ops *codec, const struct unpack_options *opt,
		  struct diag_sink *diag)
{
	struct unpacker *up = calloc(1, sizeof(*up));
	struct diag_pos pos = { in->path, 0, 0 };
	const char *folder = "";
	bool taken;

	if (!up) {
		diag_report(diag, DIAG_CANNOT_OPEN, pos, "no memory");
		return false;
	}
	up->in_fd = in->fd;
	up->in_size = in->size_bytes;
	up->msg_fd = -1;
	up->out_fd = open_temporary(&folder);
	if (up->out_fd < 0) {
		diag_report(diag, DIAG_CANNOT_OPEN, pos, "%s: no temporary file in %s to unpack into: %s",
			    codec_name(codec), folder, strerror(errno));
		free(up);
		return false;
	}
	up->max_bytes = limit_bytes(up->out_fd, opt->max_bytes);
	if (opt->in_process)
		unpack(up, codec);
	if (opt->in_process || run_isolated(up, codec, in, opt, diag))
		report(in, up, codec, folder, diag);
	taken = take_over(in, up);
	if (!taken) {
		close(up->out_fd);
		if (up->msg.state == UNPACK_WHOLE)
			diag_report(diag, DIAG_EMPTY_FILE, pos, "unpacks to 0 bytes");
	}
	free(up);
	return taken;
}
