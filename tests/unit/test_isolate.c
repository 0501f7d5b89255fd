/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readers that die, hang, lie, or try what they may not: the parent keeps what was good, says what happened, and goes
 * on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ingest/reader.h"
#include "ingest/wire.h"
#include "unit/ingest_sink.h"

enum { NR_EVENTS = 20000, BREAK_AT = 12000, NR_TRIED = 7 };

/* What the test reader does at BREAK_AT, by the first byte of its file. */
enum act {
	ACT_NONE = 'n',
	ACT_KILL = 'k',
	ACT_EXIT = 'x',
	ACT_FORBIDDEN = 'f',
	ACT_LOOP = 'l',
	ACT_SLEEP = 's',
	ACT_CRASH = 'c',
	ACT_PRINT = 'p',
	ACT_BACKWARDS = 'b',
	ACT_TRY_ALL = 't',
	ACT_MEMORY = 'm',
	ACT_STOP_TEXT = 'q',
	ACT_NO_ORDER = 'o',
};

struct reader {
	struct reader_host host;
	enum act act;
	unsigned nr;
	unsigned failed;	/* of what was tried */
	str_id via;
};

static int probe(const uint8_t *head, size_t len)
{
	return len > 1 && head[1] == '!' ? 50 : 0;
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));
	struct source_info info = { .layer = LAYER_KERNEL, .kind = "test", .nr_cpus = 2, .machine = MACHINE_XEN };
	char act;

	if (!rd || pread(in->fd, &act, 1, 0) != 1)
		abort();
	rd->host = *host;
	rd->act = act;
	rd->via = strtab_intern(host->strings, "test", 4);
	host->sink->info(host->sink->ctx, &info);
	return rd;
}

/* What a filter is there for; all NR_TRIED have to fail. */
static unsigned try_all(void)
{
	unsigned failed = 0;
	char byte;

	failed += open("/etc/passwd", O_RDONLY) < 0;
	failed += open("/tmp/irqpath-test-isolate", O_RDWR | O_CREAT, 0600) < 0;
	failed += socket(AF_UNIX, SOCK_STREAM, 0) < 0;
	failed += fork() < 0;
	failed += kill(getppid(), 0) < 0;
	failed += mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
	failed += write(3, "x", 1) < 0;
	for (int fd = 6; fd < 256; fd++)
		failed += read(fd, &byte, 1) >= 0 ? 1000 : 0;
	return failed;
}

static void __attribute__((noinline)) crash(volatile int *p)
{
	*p = 1;
}

static void do_act(struct reader *rd)
{
	volatile uint64_t spin = 0;

	switch (rd->act) {
	case ACT_KILL:
		raise(SIGKILL);
		break;
	case ACT_EXIT:
		_exit(7);
	case ACT_FORBIDDEN:
		socket(AF_UNIX, SOCK_STREAM, 0);
		break;
	case ACT_LOOP:
		for (;;)
			spin++;
	case ACT_SLEEP:
		/* The filter has no sleep; a read of the command pipe waits as long. */
		while (read(5, (void *)&spin, sizeof(spin)) > 0)
			;
		break;
	case ACT_CRASH:
		crash(NULL);
		break;
	case ACT_PRINT:
		printf("must not be seen\n");
		fprintf(stderr, "must not be seen\n");
		break;
	case ACT_TRY_ALL:
		rd->failed = try_all();
		break;
	case ACT_MEMORY:
		while (malloc(1 << 20))
			spin++;
		break;
	default:
		break;
	}
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	if (rd->nr == NR_EVENTS)
		return READ_END;
	if (rd->nr == BREAK_AT)
		do_act(rd);
	rd->nr++;
	ev->ordinal = rd->act == ACT_NO_ORDER && rd->nr == BREAK_AT ? 3 : rd->nr;
	ev->offset = 100 * rd->nr;
	ev->t_lo_ns = ev->t_hi_ns = rd->act == ACT_BACKWARDS && rd->nr % 1000 == 0 ? 5 : 1000 + rd->nr;
	ev->kind = EV_IRQ_ENTER;
	ev->witness = WITNESS_SHADOW;
	ev->cpu = rd->act == ACT_TRY_ALL ? (int)rd->failed : 1;
	ev->pid = -1;
	ev->via = rd->via;
	event_add_object(ev, OBJ_IRQ, rd->nr % 40);
	return READ_EVENT;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->nr;
	*offset = 100 * rd->nr;
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	if (rd->act == ACT_STOP_TEXT)
		_exit(0);
	snprintf(buf, len, "record %u", (unsigned)(offset / 100));
	return offset % 100 == 0;
}

static void close_reader(struct reader *rd)
{
	free(rd);
}

static const struct reader_ops test_reader = {
	.name = "test", .layer = LAYER_KERNEL, .probe = probe, .open = open_reader, .next = next, .position = position,
	.text = text, .close = close_reader,
};

static const struct reader_ops *const test_readers[] = { &test_reader, NULL };

static int act_fd(enum act act)
{
	char bytes[] = { (char)act, '!', '\n' };
	int fd = memfd_create("act", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
		abort();
	return fd;
}

static struct ingest_sink *act_out(enum act act, struct ingest_options opt, bool *complete)
{
	struct ingest_sink *is = is_new();
	char path[64];
	int fd = act_fd(act);

	opt.readers = test_readers;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*complete = is_read(is, path, &opt);
	close(fd);
	assert_int_equal(is->nr_info, 1);
	assert_int_equal(is->nr_end, 1);
	assert_int_equal(is->end.complete, *complete);
	return is;
}

static void test_all_is_well(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	for (int in_process = 0; in_process < 2; in_process++) {
		is = act_out(ACT_NONE, (struct ingest_options){ .in_process = in_process }, &complete);
		assert_true(complete);
		assert_int_equal(is->nr_events, NR_EVENTS);
		assert_int_equal(is->end.kept, NR_EVENTS);
		assert_int_equal(is->end.records, NR_EVENTS);
		assert_int_equal(is->end.offset, 100 * NR_EVENTS);
		assert_int_equal(is->nr_diags, 0);
		assert_string_equal(is->info.kind, "test");
		assert_int_equal(is->info.machine, MACHINE_XEN);
		is_free(is);
	}
}

/* Ends early: what had come is kept, and the message has the place. */
static void expect_death(enum act act, struct ingest_options opt, enum diag_code code, const char *said)
{
	struct ingest_sink *is;
	bool complete;

	is = act_out(act, opt, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_code[code], 1);
	if (!strstr(is->diag_text[is->nr_diags - 1], said))
		fail_msg("'%s' is not in: %s", said, is->diag_text[is->nr_diags - 1]);
	assert_non_null(strstr(is->diag_text[is->nr_diags - 1], "after record"));
	assert_true(is->nr_events > 0 && is->nr_events <= BREAK_AT);
	assert_int_equal(is->end.kept, is->nr_events);
	assert_true(is->end.records >= is->nr_events);
	is_free(is);
}

static void test_death(void **state)
{
	struct ingest_options opt = { .hang_seconds = 5 };

	(void)state;
	expect_death(ACT_EXIT, opt, DIAG_READER_DIED, "exit status 7");
	expect_death(ACT_KILL, opt, DIAG_READER_DIED, "SIGKILL");
}

static void test_crash(void **state)
{
	(void)state;
#if !defined(__SANITIZE_ADDRESS__)
	expect_death(ACT_CRASH, (struct ingest_options){ .hang_seconds = 5 }, DIAG_READER_DIED, "SIGSEGV");
#else
	skip();
#endif
}

static void test_forbidden_call_kills(void **state)
{
	(void)state;
	expect_death(ACT_FORBIDDEN, (struct ingest_options){ .kill_on_forbidden = true }, DIAG_READER_DIED, "SIGSYS");
}

static void test_forbidden_call_fails(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = act_out(ACT_FORBIDDEN, (struct ingest_options){ .in_process = false }, &complete);
	assert_true(complete);
	is_free(is);
}

static void test_nothing_is_in_reach(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
#if defined(__SANITIZE_ADDRESS__)
	skip();
#endif
	is = act_out(ACT_TRY_ALL, (struct ingest_options){ .in_process = false }, &complete);
	assert_true(complete);
	assert_int_equal(is->event[BREAK_AT].cpu, NR_TRIED);
	is_free(is);
}

static void test_memory_is_bounded(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
#if defined(__SANITIZE_ADDRESS__)
	skip();
#endif
	is = act_out(ACT_MEMORY, (struct ingest_options){ .hang_seconds = 5 }, &complete);
	assert_int_equal(is->nr_end, 1);
	is_free(is);
}

static void expect_hang(enum act act)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	expect_death(act, (struct ingest_options){ .hang_seconds = 1 }, DIAG_READER_HUNG, "no sign of life");
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true(to.tv_sec - from.tv_sec < 10);
}

static void test_hang(void **state)
{
	(void)state;
	expect_hang(ACT_LOOP);
	expect_hang(ACT_SLEEP);
}

static void test_output_of_libraries_is_not_seen(void **state)
{
	int was = dup(STDOUT_FILENO), pipe_fd[2];
	struct ingest_sink *is;
	bool complete;
	char byte;

	(void)state;
	fflush(stdout);
	assert_int_equal(pipe2(pipe_fd, O_NONBLOCK), 0);
	dup2(pipe_fd[1], STDOUT_FILENO);
	is = act_out(ACT_PRINT, (struct ingest_options){ .in_process = false }, &complete);
	fflush(stdout);
	dup2(was, STDOUT_FILENO);
	assert_true(complete);
	assert_true(read(pipe_fd[0], &byte, 1) < 0);
	close(was);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	is_free(is);
}

static void test_contract_is_kept_for_the_reader(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = act_out(ACT_BACKWARDS, (struct ingest_options){ .in_process = false }, &complete);
	assert_true(complete);
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 1);
	is_free(is);
	is = act_out(ACT_NO_ORDER, (struct ingest_options){ .in_process = false }, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_code[DIAG_BAD_RECORD], 1);
	assert_int_equal(is->nr_events, NR_EVENTS - 1);
	is_free(is);
}

static void test_sink_that_stops(void **state)
{
	struct ingest_sink *is;
	char path[64];
	int fd = act_fd(ACT_NONE);

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int in_process = 0; in_process < 2; in_process++) {
		struct ingest_options opt = { .in_process = in_process, .readers = test_readers };

		is = is_new();
		is->stop_after = 1;
		assert_false(is_read(is, path, &opt));
		assert_int_equal(is->nr_chunks, 1);
		assert_int_equal(is->nr_end, 1);
		assert_false(is->end.complete);
		is_free(is);
	}
	close(fd);
}

static void test_texts(void **state)
{
	struct ingest_options opt = { .readers = test_readers };
	struct ingest_sink *is = is_new();
	char path[64], buf[64];
	struct ingest *in;
	int fd = act_fd(ACT_NONE);

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	in = ingest_start(path, &opt, &is->diag);
	assert_non_null(in);
	assert_true(ingest_run(in, &is->sink));
	for (unsigned i = 1; i < 100; i++) {
		assert_true(ingest_text(in, 100 * i, buf, sizeof(buf)));
		assert_int_equal(strtoul(buf + 7, NULL, 10), i);
	}
	assert_false(ingest_text(in, 101, buf, sizeof(buf)));
	assert_true(ingest_text(in, 200, buf, sizeof(buf)));
	ingest_stop(in);
	close(fd);
	is_free(is);
}

static void test_reader_that_dies_when_asked(void **state)
{
	struct ingest_options opt = { .readers = test_readers };
	struct ingest_sink *is = is_new();
	char path[64], buf[64];
	struct ingest *in;
	int fd = act_fd(ACT_STOP_TEXT);

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	in = ingest_start(path, &opt, &is->diag);
	assert_true(ingest_run(in, &is->sink));
	assert_false(ingest_text(in, 100, buf, sizeof(buf)));
	assert_false(ingest_text(in, 100, buf, sizeof(buf)));
	assert_int_equal(is->nr_code[DIAG_READER_DIED], 1);
	ingest_stop(in);
	close(fd);
	is_free(is);
}

/* ---- lies ---- */

struct liar {
	uint8_t *ring;
	struct wire_in *in;
	struct ingest_sink *is;
	size_t used;
};

static struct liar liar_new(void)
{
	struct liar l = { .ring = calloc(1, WIRE_RING_BYTES) };

	l.in = wire_in_new(l.ring);
	l.is = is_new();
	assert_non_null(l.in);
	return l;
}

static void liar_free(struct liar *l)
{
	wire_in_free(l->in);
	is_free(l->is);
	free(l->ring);
}

static void put_frame(struct liar *l, uint32_t type, const void *data, uint32_t len)
{
	memcpy(l->ring + l->used, &type, 4);
	memcpy(l->ring + l->used + 4, &len, 4);
	if (len)
		memcpy(l->ring + l->used + 8, data, len);
	l->used += (8 + len + 7) & ~7u;
}

static enum wire_status tell(struct liar *l, struct wire_msg msg)
{
	struct source_end end;
	const char *why;
	enum wire_status status = wire_in_take(l->in, msg, &l->is->sink, &l->is->diag, "lie", &end, &why);

	if (status == WIRE_LIED)
		assert_true(strlen(why) > 4);
	return status;
}

/* One slot that holds one frame. */
static void expect_lie(uint32_t type, const void *data, uint32_t len)
{
	struct liar l = liar_new();

	put_frame(&l, type, data, len);
	assert_int_equal(tell(&l, (struct wire_msg){ 0, l.used }), WIRE_LIED);
	liar_free(&l);
}

static void test_lies_about_frames(void **state)
{
	static const uint8_t zeros[512];
	struct liar l;

	(void)state;
	for (uint32_t type = 0; type < 300; type++)
		for (uint32_t len = 0; len < 64; len += 7)
			if ((type != 7 || len != 8) && type != 6)	/* progress to 0 and an empty message may be */
				expect_lie(type, zeros, len);
	l = liar_new();
	assert_int_equal(tell(&l, (struct wire_msg){ 1, 0 }), WIRE_LIED);
	liar_free(&l);
	l = liar_new();
	assert_int_equal(tell(&l, (struct wire_msg){ 0, WIRE_SLOT_BYTES + 1 }), WIRE_LIED);
	liar_free(&l);
	l = liar_new();
	assert_int_equal(tell(&l, (struct wire_msg){ 0, 4 }), WIRE_LIED);
	liar_free(&l);
	l = liar_new();
	put_frame(&l, 7, zeros, 8);
	memset(l.ring + 4, 0xff, 4);
	assert_int_equal(tell(&l, (struct wire_msg){ 0, l.used }), WIRE_LIED);
	liar_free(&l);
}

/* What a good reader's side writes, with each byte of the slot changed in turn: never harm, and no event that was not
 * valid. */
static void test_changed_ring(void **state)
{
	uint8_t *ring = calloc(1, WIRE_RING_BYTES);
	struct wire_out out = { .ring = ring, .msg_fd = -1 };
	struct source_sink sink = wire_sink(&out);
	struct source_info info = { .kind = "test", .nr_cpus = 2 };
	struct source_signal signal = { .kind = EV_IRQ_MASK, .witness = WITNESS_SHADOW, .via = "f" };
	struct chunk_writer *cw = chunk_writer_new();
	struct event ev = { .kind = EV_IRQ_ENTER, .ordinal = 1, .cpu = 0, .pid = 1, .via = 1, .comm = 1 };
	const uint8_t *bytes;
	size_t len, used = 0;
	unsigned nr;

	(void)state;
	event_add_object(&ev, OBJ_IRQ, 7);
	chunk_writer_add(cw, &ev);
	bytes = chunk_writer_bytes(cw, &len, &nr);
	/* Without a pipe a flush fails, but the slot is written: start each frame behind the one before. */
	sink.info(sink.ctx, &info);
	used = 8 + 4 + 4 + 32 + 32 + SOURCE_TEXT_MAX;
	used = (used + 7) & ~(size_t)7;
	out = (struct wire_out){ .ring = ring, .msg_fd = -1, .used = used };
	sink.string(sink.ctx, 1, "text", 4);
	sink.signal(sink.ctx, &signal);
	used = out.used + ((8 + len + 7) & ~(size_t)7);
	sink.chunk(sink.ctx, bytes, len);
	for (size_t at = 0; at < used; at++) {
		for (int v = 0; v < 3; v++) {
			static const uint8_t change[] = { 0xff, 0x80, 0x01 };
			struct liar l = liar_new();
			enum wire_status status;

			memcpy(l.ring, ring, used);
			l.ring[at] ^= change[v];
			/* Changes in lengths and ids that cannot be are lies; in texts and numbers they may pass. */
			status = tell(&l, (struct wire_msg){ 0, used });
			assert_true(status == WIRE_OK || status == WIRE_LIED);
			for (unsigned i = 0; i < l.is->nr_events; i++)
				assert_true(event_valid(&l.is->event[i]) && l.is->event[i].via <= 1);
			liar_free(&l);
		}
	}
	chunk_writer_free(cw);
	free(ring);
}

static void test_lies_about_events(void **state)
{
	static const uint8_t string_two[] = { 2, 0, 0, 0, 'x' };
	struct chunk_writer *cw = chunk_writer_new();
	struct event ev = {
		.kind = EV_IRQ_ENTER, .ordinal = 5, .t_lo_ns = 9, .t_hi_ns = 9, .cpu = 0, .pid = 1, .via = 1
	};
	const uint8_t *bytes;
	size_t len;
	unsigned nr;

	(void)state;
	expect_lie(2, string_two, sizeof(string_two));
	/* A string that was never told; information that never came. */
	chunk_writer_add(cw, &ev);
	bytes = chunk_writer_bytes(cw, &len, &nr);
	expect_lie(4, bytes, len);
	chunk_writer_free(cw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_is_well),
		cmocka_unit_test(test_death),
		cmocka_unit_test(test_crash),
		cmocka_unit_test(test_forbidden_call_kills),
		cmocka_unit_test(test_forbidden_call_fails),
		cmocka_unit_test(test_nothing_is_in_reach),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_hang),
		cmocka_unit_test(test_output_of_libraries_is_not_seen),
		cmocka_unit_test(test_contract_is_kept_for_the_reader),
		cmocka_unit_test(test_sink_that_stops),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_reader_that_dies_when_asked),
		cmocka_unit_test(test_lies_about_frames),
		cmocka_unit_test(test_changed_ring),
		cmocka_unit_test(test_lies_about_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
