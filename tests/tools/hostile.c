/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: hostile [options] FILE...	(--help lists them)
 *
 * FILEs are good captures. Cuts and mutates them, reads and replays each broken file in this process, analyzes some as a
 * whole, and prints figures. Fails where one crashed, hung, leaked, took too much memory, or ended without a word.
 *
 * Runs are spread over files and places, so that a part of them is a fair sample of all. A worker process does them; where
 * it dies, that run is a failure and another goes on behind it. A crash inside a library that only the isolated reader
 * process uses is no failure where that process reports it; it is counted on its own.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/options.h"
#include "hostile.h"
#include "rules/rules.h"

enum { MAX_BASES = 128, MAX_SHOWN = 40, LOG_BYTES = 64 << 10, HANG_CPU_SECONDS = 30, HANG_SECONDS = 600,
       WORKER_LEAKS = 97 };

struct options {
	const char *rules_dir, *keep, *make;
	uint64_t head, beyond, mutations, whole, start, runs, seconds, seed, max_mib, leaks;
	bool verbose;
};

/* Shared with the worker. */
struct figures {
	uint64_t next;			/* the run that is under way, or due */
	uint64_t by[NR_RESULTS], cuts, mutations;
	uint64_t total_us, slowest_us, slowest;
	uint64_t peak_kib, peak;	/* of the worker; the run that brought it there */
	uint64_t failures, in_library;
	uint64_t leaks_checked;
	uint64_t retried;		/* the last run that had a second chance, + 1 */
	bool leaked, out_of_time;
};

struct campaign {
	struct options opt;
	struct base bases[MAX_BASES];
	unsigned nr_bases;
	uint64_t cuts_before[MAX_BASES + 1];	/* cuts of all bases before */
	uint64_t total, stride;
	struct rules *rules;
	struct figures *fig;
	uint8_t *buf;			/* of the worker */
	int input_fd, log_fd;
	double until;
};

/* Not there without a sanitizer. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
const char *__lsan_default_suppressions(void);
const char *__asan_default_options(void);

/*
 * What the trace libraries leak when they refuse a file dies with the reader process. Their frames are not always seen:
 * of those that scanf() allocates for them only its own are, and nothing here has it allocate.
 */
const char *__lsan_default_suppressions(void)
{
	return "leak:libtracecmd\nleak:libtraceevent\nleak:vsscanf\n";
}

/* The largest allocation is bounded as it is in the reader process (confine.c), whose memory is limited. */
const char *__asan_default_options(void)
{
	return "exitcode=99:quarantine_size_mb=16:hard_rss_limit_mb=3000:detect_leaks=1:allocator_may_return_null=1:max_allocation_size_mb=1024";
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static uint64_t cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* ---------------------------------------------------------------------------------------------------- the plan */

static uint64_t nr_cuts(const struct campaign *c, const struct base *b)
{
	uint64_t head = b->len < c->opt.head ? b->len : c->opt.head;

	return b->len > head ? head + c->opt.beyond : head;
}

/* Cuts at every byte of the head, then at places evenly spread over the rest. */
static uint64_t cut_place(const struct campaign *c, const struct base *b, uint64_t k)
{
	uint64_t rest = b->len - c->opt.head;

	return k < c->opt.head ? k : c->opt.head + (uint64_t)((unsigned __int128)rest * (k - c->opt.head) / c->opt.beyond);
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

static void make_plan(struct campaign *c)
{
	for (unsigned i = 0; i < c->nr_bases; i++)
		c->cuts_before[i + 1] = c->cuts_before[i] + nr_cuts(c, &c->bases[i]);
	c->total = c->cuts_before[c->nr_bases] + c->opt.mutations;
	for (c->stride = (uint64_t)((double)c->total * 0.6180339887) | 1; gcd(c->stride, c->total) > 1; c->stride += 2)
		;
}

/* Run i of the campaign; neighbours are far apart. */
static struct broken broken_at(const struct campaign *c, uint64_t i)
{
	uint64_t k = (uint64_t)((unsigned __int128)i * c->stride % c->total);
	unsigned b = 0;

	if (k >= c->cuts_before[c->nr_bases]) {
		k -= c->cuts_before[c->nr_bases];
		return (struct broken){ &c->bases[k % c->nr_bases], BREAK_MUTATE, c->opt.seed << 32 | k };
	}
	while (k >= c->cuts_before[b + 1])
		b++;
	return (struct broken){ &c->bases[b], BREAK_CUT, cut_place(c, &c->bases[b], k - c->cuts_before[b]) };
}

static void print_broken(const struct broken *br, uint64_t i)
{
	printf("run %" PRIu64 ": --make OUT --%s %" PRIu64 " %s", i, br->how == BREAK_CUT ? "cut" : "mutation", br->number,
	       br->base->path);
}

/* ---------------------------------------------------------------------------------------------------- worker */

static void fill_input(struct campaign *c, const struct broken *br)
{
	size_t len = broken_make(br, c->buf);

	if (ftruncate(c->input_fd, 0) || pwrite(c->input_fd, c->buf, len, 0) != (ssize_t)len) {
		perror("hostile: input");
		_exit(98);
	}
}

/* A loop uses its CPU up, and SIGPROF ends it; what sleeps for ever gets SIGALRM. */
static void arm(unsigned cpu_seconds, unsigned seconds)
{
	const struct itimerval cpu = { .it_value.tv_sec = cpu_seconds };

	setitimer(ITIMER_PROF, &cpu, NULL);
	alarm(seconds);
}

static void note_run(struct figures *fig, const struct broken *br, uint64_t i, enum result result, uint64_t us)
{
	struct rusage used;

	fig->by[result]++;
	fig->cuts += br->how == BREAK_CUT;
	fig->mutations += br->how == BREAK_MUTATE;
	fig->total_us += us;
	if (us > fig->slowest_us) {
		fig->slowest_us = us;
		fig->slowest = i;
	}
	getrusage(RUSAGE_SELF, &used);
	if ((uint64_t)used.ru_maxrss > fig->peak_kib) {
		fig->peak_kib = used.ru_maxrss;
		fig->peak = i;
	}
}

static void say_failure(struct campaign *c, const struct broken *br, uint64_t i, const char *why)
{
	if (c->fig->failures++ < MAX_SHOWN) {
		print_broken(br, i);
		printf(": %s\n", why);
		fflush(stdout);
	}
}

/* Cuts are cheap, as nearly all are refused: of them only one in many is analyzed as a whole. */
static bool is_whole(const struct campaign *c, const struct broken *br, uint64_t i)
{
	uint64_t every = br->how == BREAK_CUT ? c->opt.whole * 64 : c->opt.whole;

	return every && i % every == 0;
}

/* Text may end anywhere, and nobody could tell. */
static bool hides_cut(const struct broken *br, enum result result)
{
	return br->how == BREAK_CUT && br->number < br->base->len && result != RESULT_FAILED && result != RESULT_REFUSED &&
	       result != RESULT_INCOMPLETE && result != RESULT_PARTLY && !(br->base->bytes[0] >= ' ' && br->base->bytes[0] < 127);
}

static void run_one(struct campaign *c, uint64_t i)
{
	const struct broken br = broken_at(c, i);
	uint64_t start = cpu_us();
	const char *why = NULL;
	enum result result;

	fill_input(c, &br);
	arm(HANG_CPU_SECONDS, HANG_SECONDS);
	result = is_whole(c, &br, i) ? hostile_analyze(c->input_fd, c->rules, false, &why) : hostile_read(c->input_fd, &why);
	arm(0, 0);
	if (hides_cut(&br, result)) {
		result = RESULT_FAILED;
		why = "cut, and read as if it were whole";
	}
	note_run(c->fig, &br, i, result, cpu_us() - start);
	if (result == RESULT_FAILED)
		say_failure(c, &br, i, why);
	if (c->fig->peak == i && c->fig->peak_kib > c->opt.max_mib << 10)
		say_failure(c, &br, i, "takes too much memory");
}

/* Leaks are looked for once in a while. A leak stays: another worker goes on, and looks for the run that left it. */
static void check_leaks(struct campaign *c)
{
	if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check()) {
		fflush(NULL);
		_exit(WORKER_LEAKS);
	}
	c->fig->leaks_checked = c->fig->next;
}

static void work(struct campaign *c)
{
	uint64_t end = c->opt.start + c->opt.runs;

	dup2(c->log_fd, STDERR_FILENO);
	while (c->fig->next < end && !(c->until && now() > c->until)) {
		run_one(c, c->fig->next);
		c->fig->next++;
		if (c->fig->next - c->fig->leaks_checked >= c->opt.leaks)
			check_leaks(c);
	}
	check_leaks(c);
	c->fig->out_of_time = c->fig->next < end;
	fflush(NULL);
	_exit(0);
}

/* ---------------------------------------------------------------------------------------------------- supervision */

/* What a sanitizer wrote before the worker died; cut to the first lines of a report. */
static char *read_log(const struct campaign *c)
{
	char *text = calloc(1, LOG_BYTES);
	off_t end = lseek(c->log_fd, 0, SEEK_END);
	off_t from = end > LOG_BYTES - 1 ? end - (LOG_BYTES - 1) : 0;

	if (text && pread(c->log_fd, text, LOG_BYTES - 1, from) < 0)
		text[0] = 0;
	if (ftruncate(c->log_fd, 0) < 0)
		perror("hostile: log");
	lseek(c->log_fd, 0, SEEK_SET);
	return text;
}

/* The report's frames up to the first of ours: is one of the trace libraries among them? */
static bool died_in_library(const char *log)
{
	const char *lib = log ? strstr(log, "/libtrace") : NULL;
	const char *own = log ? strstr(log, "src/ingest/") : NULL;

	return lib && (!own || lib < own);
}

static void show_log(const char *log)
{
	unsigned lines = 0;

	for (const char *at = log ? strstr(log, "ERROR") : NULL; at && *at && lines < 16; lines++) {
		int len = (int)strcspn(at, "\n");

		printf("    %.*s\n", len, at);
		at += len + (at[len] != 0);
	}
}

/* The same input as a user would have it: the reader process may die, this one may not, and says so. */
static bool isolated_is_fine(struct campaign *c, const struct broken *br)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		const char *why = NULL;

		dup2(c->log_fd, STDERR_FILENO);
		fill_input(c, br);
		_exit(hostile_analyze(c->input_fd, c->rules, true, &why) == RESULT_FAILED);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Time in which the machine slept or somebody stopped the worker counts for SIGALRM: such a run gets a second chance. */
static bool deserves_retry(struct campaign *c, int status)
{
	bool first = c->fig->retried != c->fig->next + 1;

	c->fig->retried = c->fig->next + 1;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM && first;
}

static void note_death(struct campaign *c, int status)
{
	struct broken br = broken_at(c, c->fig->next);
	char why[64] = "hangs", *log = read_log(c);

	if (died_in_library(log) && isolated_is_fine(c, &br)) {
		c->fig->in_library++;
		if (c->opt.verbose) {
			print_broken(&br, c->fig->next);
			printf(": dies in a library, isolated it is reported\n");
			show_log(log);
		}
	} else {
		if (WIFEXITED(status))
			snprintf(why, sizeof(why), "exit status %d", WEXITSTATUS(status));
		else if (WTERMSIG(status) != SIGPROF && WTERMSIG(status) != SIGALRM)
			snprintf(why, sizeof(why), "killed by signal %d", WTERMSIG(status));
		say_failure(c, &br, c->fig->next, why);
		show_log(log);
	}
	fflush(stdout);
	free(log);
	c->fig->next++;
}

/* Each run since the last look once more, in a process of its own. */
static void find_leak(struct campaign *c)
{
	const struct figures before = *c->fig;

	for (uint64_t i = before.leaks_checked; i < before.next; i++) {
		const struct broken br = broken_at(c, i);
		char *log = read_log(c);
		int status;
		pid_t pid;

		free(log);
		pid = fork();
		if (!pid) {
			dup2(c->log_fd, STDERR_FILENO);
			run_one(c, i);
			check_leaks(c);
			_exit(0);
		}
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		*c->fig = before;
		if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_LEAKS) {
			say_failure(c, &br, i, "leaks");
			log = read_log(c);
			show_log(log);
			free(log);
			break;
		}
	}
	c->fig->failures = before.failures + 1;
	c->fig->leaked = true;
	c->fig->leaks_checked = c->fig->next;
}

static bool supervise(struct campaign *c)
{
	uint64_t end = c->opt.start + c->opt.runs;

	c->fig->next = c->fig->leaks_checked = c->opt.start;
	while (c->fig->next < end && !c->fig->out_of_time && c->fig->failures < MAX_SHOWN) {
		int status;
		pid_t pid;

		fflush(NULL);
		pid = fork();
		if (pid < 0)
			return false;
		if (!pid)
			work(c);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_LEAKS)
			find_leak(c);
		else if (status && !deserves_retry(c, status))
			note_death(c, status);
	}
	return true;
}

static void print_figures(const struct campaign *c, double seconds)
{
	const struct figures *fig = c->fig;
	uint64_t done = fig->next - c->opt.start;
	struct broken br;

	printf("%" PRIu64 " runs of %" PRIu64 " (%.2f %%), from run %" PRIu64 ": %" PRIu64 " of %" PRIu64 " cuts, %" PRIu64
	       " of %" PRIu64 " mutations, seed %" PRIu64 ", %u files, %.0f s\n",
	       done, c->total, 100.0 * (double)done / (double)c->total, c->opt.start, fig->cuts,
	       c->cuts_before[c->nr_bases], fig->mutations, c->opt.mutations, c->opt.seed, c->nr_bases, seconds);
	for (int i = 0; i < NR_RESULTS; i++)
		printf("  %-14s %10" PRIu64 "\n", result_names[i], fig->by[i]);
	printf("  %-14s %10" PRIu64 "  (reported by the isolated reader's parent)\n", "library died", fig->in_library);
	printf("CPU time: %.3f ms a run; the slowest %.3f s, ", done ? (double)fig->total_us / 1e3 / (double)done : 0,
	       (double)fig->slowest_us / 1e6);
	br = broken_at(c, fig->slowest);
	print_broken(&br, fig->slowest);
	printf("\npeak memory: %" PRIu64 " MiB, ", fig->peak_kib >> 10);
	br = broken_at(c, fig->peak);
	print_broken(&br, fig->peak);
	printf("\nleaks: %s\n", !__lsan_do_recoverable_leak_check ? "not looked for without SAN=1" : fig->leaked ? "found" : "none");
	printf("failures: %" PRIu64 "\n", fig->failures);
}

/* ---------------------------------------------------------------------------------------------------- main */

static bool read_base(struct base *b, const char *path)
{
	FILE *in = fopen(path, "rb");
	struct stat st;
	bool good = in && !fstat(fileno(in), &st) && S_ISREG(st.st_mode) && st.st_size > 0;

	*b = (struct base){ .path = path };
	if (good) {
		b->len = st.st_size;
		b->bytes = malloc(b->len);
		good = b->bytes && fread(b->bytes, 1, b->len, in) == b->len;
	}
	if (!good)
		fprintf(stderr, "hostile: %s: %s\n", path, errno ? strerror(errno) : "empty, or no file");
	if (in)
		fclose(in);
	if (good)
		base_look(b);
	return good;
}

/* --make: one broken file to look at. */
static int make_one(struct campaign *c, const char *cut, const char *mutation)
{
	const struct broken br = {
		&c->bases[0], cut ? BREAK_CUT : BREAK_MUTATE, strtoull(cut ? cut : mutation, NULL, 0),
	};
	FILE *out = fopen(c->opt.make, "wb");
	size_t len = broken_make(&br, c->buf);
	bool good = out && fwrite(c->buf, 1, len, out) == len;

	if ((out && fclose(out)) || !good) {
		perror(c->opt.make);
		return 1;
	}
	return 0;
}

static bool prepare(struct campaign *c, char **files, unsigned nr)
{
	struct diag_sink diag;
	struct rules_dir dir = { .path = c->opt.rules_dir };
	size_t room = 0;

	diag_sink_init_stream(&diag, stderr);
	for (; c->nr_bases < nr && c->nr_bases < MAX_BASES; c->nr_bases++) {
		if (!read_base(&c->bases[c->nr_bases], files[c->nr_bases]))
			return false;
		room = room > c->bases[c->nr_bases].len ? room : c->bases[c->nr_bases].len;
	}
	c->buf = malloc(room + BROKEN_MORE_BYTES);
	c->input_fd = memfd_create("hostile", MFD_CLOEXEC);
	c->log_fd = memfd_create("log", MFD_CLOEXEC);
	c->fig = mmap(NULL, sizeof(*c->fig), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!c->buf || c->input_fd < 0 || c->log_fd < 0 || c->fig == MAP_FAILED)
		return false;
	make_plan(c);
	if (!c->opt.make)
		c->rules = rules_load(&dir, 1, &diag);
	return c->rules || c->opt.make;
}

static void release(struct campaign *c)
{
	for (unsigned i = 0; i < c->nr_bases; i++)
		free(c->bases[i].bytes);
	free(c->buf);
	rules_free(c->rules);
}

static bool set_number(uint64_t *to, const char *text)
{
	char *end;

	if (!text)
		return true;
	*to = strtoull(text, &end, 0);
	return *text && !*end;
}

int main(int argc, char **argv)
{
	static struct campaign c = { .opt = { .rules_dir = "rules.d", .head = 64 << 10, .beyond = 1000, .mutations = 100000,
					      .whole = 16, .seed = 1, .max_mib = 1024, .leaks = 2000 } };
	const char *text[9] = { NULL }, *cut = NULL, *mutation = NULL;
	const struct option own[] = {
		{ "rules", 0, OPTION_TEXT, &c.opt.rules_dir, "DIR", "the rules (rules.d)" },
		{ "head", 0, OPTION_TEXT, &text[0], "N", "cut at every one of the first N bytes (65536)" },
		{ "beyond", 0, OPTION_TEXT, &text[1], "N", "and at N places behind them (1000)" },
		{ "mutations", 0, OPTION_TEXT, &text[2], "N", "in all (100000)" },
		{ "whole", 0, OPTION_TEXT, &text[3], "N", "analyze every Nth mutation as a whole, of cuts one in 64 N (16)" },
		{ "start", 0, OPTION_TEXT, &text[4], "N", "go on with run N" },
		{ "runs", 0, OPTION_TEXT, &text[5], "N", "no more than N runs" },
		{ "seconds", 0, OPTION_TEXT, &text[6], "N", "no longer than N seconds" },
		{ "seed", 0, OPTION_TEXT, &text[7], "N", "what mutations follow from (1)" },
		{ "leaks", 0, OPTION_TEXT, &text[8], "N", "look for leaks every N runs (2000)" },
		{ "make", 0, OPTION_TEXT, &c.opt.make, "OUT", "only write a broken file: the first FILE" },
		{ "cut", 0, OPTION_TEXT, &cut, "N", "... cut at N" },
		{ "mutation", 0, OPTION_TEXT, &mutation, "N", "... mutated so" },
		{ "verbose", 'v', OPTION_FLAG, &c.opt.verbose, NULL, "show deaths in libraries, too" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, NULL };
	const struct usage usage = { .synopsis = "hostile [options] FILE...", .about = "Breaks good captures, reads them.",
				     .tables = tables };
	uint64_t *const numbers[] = { &c.opt.head, &c.opt.beyond, &c.opt.mutations, &c.opt.whole, &c.opt.start,
				      &c.opt.runs, &c.opt.seconds, &c.opt.seed, &c.opt.leaks };
	enum status status;
	int nr_files;
	double start = now();

	if (!options_ready(&usage, argc, argv, &nr_files, &status))
		return status;
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!set_number(numbers[i], text[i]))
			return options_usage_error(&usage, "'%s' is no number", text[i]);
	if (!nr_files || (c.opt.make && !cut && !mutation))
		return options_usage_error(&usage, "no file, or --make without --cut or --mutation");
	if (!prepare(&c, argv + 1, nr_files)) {
		release(&c);
		return 1;
	}
	if (c.opt.make) {
		status = make_one(&c, cut, mutation);
		release(&c);
		return status;
	}
	if (!c.opt.runs || c.opt.runs > c.total - c.opt.start)
		c.opt.runs = c.total - c.opt.start;
	c.until = c.opt.seconds ? start + (double)c.opt.seconds : 0;
	if (!supervise(&c))
		return 1;
	print_figures(&c, now() - start);
	status = c.fig->failures || c.fig->by[RESULT_FAILED] ? 1 : 0;
	release(&c);
	return status;
}
