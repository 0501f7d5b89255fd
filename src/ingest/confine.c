/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader gets bytes of its one file and writes into memory that it shares with the parent. It opens nothing, maps no
 * file and no code, starts nothing, and cannot leave a file or a core behind.
 */
#include "ingest/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

enum { ADDRESS_SPACE_BYTES_LOG2 = 31, SPARE_FDS = 10, MAX_FILES = 8192 };

/* Without arguments to be checked. */
static const int base_syscalls[] = {
	SYS_read, SYS_pread64, SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise, SYS_futex, SYS_exit, SYS_exit_group,
	SYS_clock_gettime, SYS_fstat, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_restart_syscall, SYS_getpid, SYS_gettid,
};

/* What the sanitizers' run-time needs to report what it found, and nothing that writes. */
static const int asan_syscalls[] = {
	SYS_sigaltstack, SYS_mmap,	   SYS_mprotect,	SYS_openat,	 SYS_close,
	SYS_readlink,	 SYS_rt_sigaction, SYS_getrusage,	SYS_sched_yield, SYS_newfstatat,
	SYS_getrandom,	 SYS_prctl,	   SYS_uname,		SYS_ioctl,	 SYS_lseek,
	SYS_tgkill,	 SYS_nanosleep,	   SYS_clock_nanosleep, SYS_write,	 SYS_getppid,
};

static bool allow(scmp_filter_ctx filter, int nr)
{
	int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 0);

	return !rc || rc == -EEXIST;
}

static bool allow_if(scmp_filter_ctx filter, int nr, struct scmp_arg_cmp arg)
{
	return !seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 1, arg);
}

static bool allow_checked(scmp_filter_ctx filter)
{
	/* Memory, but neither files nor code. */
	if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
			     SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) ||
	    !allow_if(filter, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)))
		return false;
	if (!allow_if(filter, SCMP_SYS(write), SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO, 0)) ||
	    !allow_if(filter, SCMP_SYS(write), SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO, 0)) ||
	    !allow_if(filter, SCMP_SYS(write), SCMP_A0(SCMP_CMP_EQ, CONFINE_MSG_FD, 0)))
		return false;
	/* abort() ends as abort, so that the parent can say so. */
	return allow_if(filter, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
}

static bool reads_files(const int *syscalls)
{
	for (; syscalls && *syscalls >= 0; syscalls++)
		if (*syscalls == SYS_openat)
			return true;
	return false;
}

/* Files, but only for reading, and never as code. */
static bool allow_files(scmp_filter_ctx filter)
{
	const int writes = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

	return allow_if(filter, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, (scmp_datum_t)writes, O_RDONLY)) &&
	       allow_if(filter, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/*
 * Where the kernel can do it, no file but those below the input: without, a reader that was taken over could read others,
 * and still had nobody to tell but the parent.
 */
static void shut_in_directory(void)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
					      LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE };
	struct landlock_path_beneath_attr below = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR, .parent_fd = CONFINE_INPUT_FD,
	};
	int ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	if (ruleset < 0)
		return;
	if (!syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &below, 0))
		syscall(SYS_landlock_restrict_self, ruleset, 0);
	close(ruleset);
}

/*
 * Refused even where others kill, for libtracecmd: it looks where the program lies though it is to load no plugins, and
 * maps the file's pages where it can; else it reads them and says so with perror(), which looks at the descriptor.
 */
static bool refuse_expected(scmp_filter_ctx filter, const int *syscalls)
{
	if (reads_files(syscalls))
		return true;
	return !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(readlink), 0) &&
	       !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fcntl), 0) &&
	       !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mmap), 1,
				 SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0));
}

static bool load_filter(const int *syscalls, bool kill)
{
	scmp_filter_ctx filter = seccomp_init(kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));
	bool ok = filter != NULL;

	if (!ok)
		return false;
	for (unsigned i = 0; ok && i < sizeof(base_syscalls) / sizeof(base_syscalls[0]); i++)
		ok = allow(filter, base_syscalls[i]);
	if (ok && kill && !UNDER_ASAN)
		ok = refuse_expected(filter, syscalls);
	for (unsigned i = 0; ok && UNDER_ASAN && i < sizeof(asan_syscalls) / sizeof(asan_syscalls[0]); i++)
		ok = allow(filter, asan_syscalls[i]);
	for (unsigned i = 0; ok && syscalls && syscalls[i] >= 0; i++)
		ok = syscalls[i] == SYS_openat ? UNDER_ASAN || allow_files(filter) : allow(filter, syscalls[i]);
	if (ok && !UNDER_ASAN)
		ok = allow_checked(filter);
	ok = ok && !seccomp_load(filter);
	seccomp_release(filter);
	return ok;
}

static bool limit(int what, rlim_t value)
{
	struct rlimit rl;

	if (getrlimit(what, &rl))
		return false;
	if (rl.rlim_max != RLIM_INFINITY && rl.rlim_max < value)
		value = rl.rlim_max;
	rl = (struct rlimit){ value, value };
	return !setrlimit(what, &rl);
}

static bool set_limits(uint64_t file_bytes, rlim_t nr_files)
{
	/* The sanitizers' shadow alone is larger than any limit that means something. */
	if (!UNDER_ASAN && !limit(RLIMIT_AS, (rlim_t)1 << ADDRESS_SPACE_BYTES_LOG2))
		return false;
	return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, file_bytes) && limit(RLIMIT_NOFILE, CONFINE_NR_FDS + nr_files);
}

/* First out of the way of the numbers that they are to get. */
static bool place_fds(int input_fd, int msg_fd, int cmd_fd)
{
	int from[] = { [CONFINE_INPUT_FD] = input_fd, [CONFINE_MSG_FD] = msg_fd, [CONFINE_CMD_FD] = cmd_fd };
	int null_fd = open("/dev/null", O_RDWR);

	if (null_fd < 0)
		return false;
	from[0] = from[1] = from[2] = null_fd;
	for (int i = 0; i < CONFINE_NR_FDS; i++) {
		from[i] = fcntl(from[i], F_DUPFD, 64);
		if (from[i] < 0)
			return false;
	}
	for (int i = 0; i < CONFINE_NR_FDS; i++)
		if (dup2(from[i], i) < 0)
			return false;
	return !close_range(CONFINE_NR_FDS, ~0U, 0);
}

static void default_signals(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		if (!UNDER_ASAN || (sig != SIGSEGV && sig != SIGBUS && sig != SIGFPE && sig != SIGILL))
			sigaction(sig, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

const char *confine(int input_fd, int msg_fd, int cmd_fd, const int *syscalls, uint64_t file_bytes, bool kill)
{
	default_signals();
	prctl(PR_SET_NAME, "irqpath-reader");
	if (!place_fds(input_fd, msg_fd, cmd_fd))
		return "descriptors cannot be closed";
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return "cannot be made to end with its parent";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return "privileges cannot be given up";
	if (!set_limits(file_bytes, reads_files(syscalls) ? MAX_FILES : SPARE_FDS))
		return "limits cannot be set";
	if (reads_files(syscalls))
		shut_in_directory();
	if (!load_filter(syscalls, kill))
		return "system calls cannot be filtered (seccomp)";
	return NULL;
}
