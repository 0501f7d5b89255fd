/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: measure time COMMAND...	prints elapsed and CPU seconds (with those of all children)
 *        measure memory COMMAND...	prints "NAME KIB", the peak of resident memory, for each process as it ends
 *
 * getrusage() gives the larger of a process and its children, so memory is read from /proc at the moment of exit, where
 * ptrace stops the process; the command is slower meanwhile. Standard output of the command goes to /dev/null.
 * The exit status is that of the command.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static pid_t start(char **argv, int traced)
{
	pid_t pid = fork();
	int null;

	if (pid)
		return pid;
	null = open("/dev/null", O_WRONLY);
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(126);
	if (traced && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 || raise(SIGSTOP)))
		_exit(126);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

static double seconds(struct timeval tv)
{
	return tv.tv_sec + tv.tv_usec / 1e6;
}

static int measure_time(char **argv)
{
	struct timespec from, to;
	struct rusage ru;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = start(argv, 0);
	if (pid < 0 || wait4(pid, &status, 0, &ru) < 0)
		return 126;
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%.4f %.4f\n", to.tv_sec - from.tv_sec + (to.tv_nsec - from.tv_nsec) / 1e9,
	       seconds(ru.ru_utime) + seconds(ru.ru_stime));
	return exit_status(status);
}

/* Threads have the memory of their process, which reports it. */
static void print_peak(pid_t pid)
{
	char path[64], line[256], name[64] = "?";
	long kib = 0, tgid = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	in = fopen(path, "r");
	if (!in)
		return;
	while (fgets(line, sizeof(line), in)) {
		sscanf(line, "Name: %63s", name);
		sscanf(line, "Tgid: %ld", &tgid);
		sscanf(line, "VmHWM: %ld", &kib);
	}
	fclose(in);
	if (tgid == pid)
		printf("%s %ld\n", name, kib);
}

/* The signal that a stopped process is to go on with. */
static int stop_signal(pid_t pid, int status)
{
	int sig = WSTOPSIG(status);

	if (status >> 16 == PTRACE_EVENT_EXIT)
		print_peak(pid);
	return status >> 16 || sig == SIGTRAP || sig == SIGSTOP ? 0 : sig;
}

static int measure_memory(char **argv)
{
	const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACEEXIT | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
	int status, result = 126;
	pid_t first = start(argv, 1), pid;

	if (first < 0 || waitpid(first, &status, 0) < 0 || !WIFSTOPPED(status))
		return result;
	if (ptrace(PTRACE_SETOPTIONS, first, NULL, options) < 0 || ptrace(PTRACE_CONT, first, NULL, NULL) < 0) {
		perror("ptrace");
		kill(first, SIGKILL);
		return result;
	}
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid > 0 && WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, NULL, (long)stop_signal(pid, status));
		else if (pid == first)
			result = exit_status(status);
	}
	return result;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "time"))
		return measure_time(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "memory"))
		return measure_memory(argv + 2);
	fputs("usage: measure time|memory COMMAND...\n", stderr);
	return 2;
}
