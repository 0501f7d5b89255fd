/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A confined process that sends this one messages of a fixed size: waiting for them, and for its end. */
#ifndef IRQPATH_INGEST_CHILD_H
#define IRQPATH_INGEST_CHILD_H

#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;	/* 0: gone and waited for */
	int pid_fd;	/* -1: the kernel has none */
	int msg_fd;	/* its messages; -1: none yet */
};

enum child_status { CHILD_MESSAGE, CHILD_DEATH, CHILD_SILENCE };

enum { CHILD_HANG_SECONDS = 60 };

/* pid is that of a process just forked; the child takes msg_fd over. */
void child_init(struct child *child, pid_t pid, int msg_fd);

/*
 * The next message of len bytes (up to PIPE_BUF). Silence: no sign of life for hang_seconds, or for less where it used
 * the CPU all the time. What it sent before it died comes first.
 */
enum child_status child_read(struct child *child, void *msg, size_t len, unsigned hang_seconds);

/* Waits for its end, and says how it came: "exit status 1", "killed by SIGSEGV". */
void child_wait(struct child *child, char *buf, size_t len);

/* Kills it where it still runs, and closes what it was reached by. Accepts a child that is all zero. */
void child_kill(struct child *child);
void child_fini(struct child *child);

#endif
