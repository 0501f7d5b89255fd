/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * A process that is stuck in a loop uses its CPU up; one that waits for the CPU or for a slow disk does not. So there
 * are two bounds on its silence, and neither counts time in which this process was stopped as well.
 */
enum { HANG_CPU_SECONDS = 10, POLL_MS = 100 };

void child_init(struct child *child, pid_t pid, int msg_fd)
{
	child->pid = pid;
	child->pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
	child->msg_fd = msg_fd;
}

static void describe_exit(const siginfo_t *info, char *buf, size_t len)
{
	if (info->si_code == CLD_EXITED)
		snprintf(buf, len, "exit status %d", info->si_status);
	else if (info->si_status == SIGSYS)
		snprintf(buf, len, "killed by SIGSYS: forbidden system call");
	else
		snprintf(buf, len, "killed by SIG%s",
			 sigabbrev_np(info->si_status) ? sigabbrev_np(info->si_status) : "?");
}

static void wait_for(struct child *child, siginfo_t *info)
{
	memset(info, 0, sizeof(*info));
	if (child->pid)
		while (waitid(P_PID, child->pid, info, WEXITED) && errno == EINTR)
			;
	child->pid = 0;
}

void child_wait(struct child *child, char *buf, size_t len)
{
	siginfo_t info;

	wait_for(child, &info);
	describe_exit(&info, buf, len);
}

void child_kill(struct child *child)
{
	siginfo_t info;

	if (child->pid)
		kill(child->pid, SIGKILL);
	wait_for(child, &info);
}

void child_fini(struct child *child)
{
	child_kill(child);
	if (child->pid_fd > 0)
		close(child->pid_fd);
	if (child->msg_fd > 0)
		close(child->msg_fd);
	child->pid_fd = child->msg_fd = -1;
}

static double cpu_seconds(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used))
		return 0;
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* The end of the pipe is the process's end too, and comes behind all that it sent. */
static enum child_status read_message(struct child *child, void *msg, size_t len)
{
	ssize_t n;

	do
		n = read(child->msg_fd, msg, len);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)len ? CHILD_MESSAGE : CHILD_DEATH;
}

enum child_status child_read(struct child *child, void *msg, size_t len, unsigned hang_seconds)
{
	struct pollfd fds[] = { { .fd = child->msg_fd, .events = POLLIN }, { .fd = child->pid_fd, .events = POLLIN } };
	unsigned cpu_limit = hang_seconds < HANG_CPU_SECONDS ? hang_seconds : HANG_CPU_SECONDS;
	double cpu_start = cpu_seconds(child->pid);

	for (unsigned waited_ms = 0; waited_ms < hang_seconds * 1000; waited_ms += POLL_MS) {
		int n = poll(fds, 2, POLL_MS);

		if (n < 0 && errno != EINTR)
			return CHILD_DEATH;
		if (n > 0 && fds[0].revents)
			return read_message(child, msg, len);
		if (n > 0 && fds[1].revents) {
			/* What it sent before it died may have come between the two looks. */
			if (poll(fds, 1, 0) > 0)
				return read_message(child, msg, len);
			return CHILD_DEATH;
		}
		if (cpu_seconds(child->pid) - cpu_start > cpu_limit)
			break;
	}
	return CHILD_SILENCE;
}
