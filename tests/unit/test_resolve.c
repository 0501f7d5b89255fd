/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects by what people type: names, the grammar without its machine, labels, tails; whose interrupt each is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "store/query.h"
#include "store/resolve.h"
#include "store/store.h"

enum {
	FN = 1, ENTRY_0, ENTRY_1, IRQ_27_OLD, IRQ_27, IRQ_28, VECTOR_OLD, VECTOR_27, VECTOR_SHARED, DOM0_28, DOM0_30,
	PIN, IRQ_9, NR_IDS,
};

struct fixture {
	struct diag_sink diag;
	struct store *st;
};

static void fail_at_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	fail_msg("unexpected diagnostic: %s", text);
}

static void put(struct store *st, uint32_t id, enum object_kind kind, unsigned machine, uint64_t ident,
		unsigned generation, str_id label, int64_t gone_ns)
{
	const struct derived_sink *sink = store_derived_sink(st);
	struct object_row row = {
		.id = id,
		.ref = { ident, machine, kind },
		.generation = generation,
		.function = kind == OBJ_MSIX ? FN : 0,
		.name_source = label ? 1 : 0,
		.name = label,
		.born_ns = NO_TIME,
		.gone_ns = gone_ns,
	};

	assert_int_equal(sink->object(sink->ctx, &row), 0);
}

static void feed(struct store *st, uint32_t feeder, uint32_t fed, int64_t to_ns)
{
	const struct derived_sink *sink = store_derived_sink(st);
	struct link_row row = {
		.feeder = feeder, .fed = fed, .proof = PROOF_SEEN, .source = 1, .from_ns = NO_TIME, .to_ns = to_ns
	};

	assert_int_equal(sink->link(sink->ctx, &row), 0);
}

/*
 * One function with two entries. The irq of the first was given up and requested again with the same number; another
 * irq had its first vector then. Two irqs share a vector at the end.
 */
static int setup(void **state)
{
	static struct fixture fx;
	uint64_t fn = object_id_pci(0, 3, 0, 0);
	uint32_t source;

	fx.diag = (struct diag_sink){ .fn = fail_at_diag };
	fx.st = store_create(NULL, &fx.diag);
	assert_non_null(fx.st);
	assert_true(store_add_source(fx.st, "a", "host", &source));
	assert_true(store_string(fx.st, source, 1, "nvme0q0", 7));
	assert_true(store_string(fx.st, source, 2, "nvme0q1", 7));
	put(fx.st, FN, OBJ_PCI, MACHINE_HOST, fn, 1, 0, NO_TIME);
	put(fx.st, ENTRY_0, OBJ_MSIX, MACHINE_HOST, object_id_entry(fn, 0), 1, 0, NO_TIME);
	put(fx.st, ENTRY_1, OBJ_MSIX, MACHINE_HOST, object_id_entry(fn, 1), 1, 0, NO_TIME);
	put(fx.st, IRQ_27_OLD, OBJ_IRQ, MACHINE_HOST, 27, 1, 1, 500);
	put(fx.st, IRQ_27, OBJ_IRQ, MACHINE_HOST, 27, 2, 1, NO_TIME);
	put(fx.st, IRQ_28, OBJ_IRQ, MACHINE_HOST, 28, 1, 2, NO_TIME);
	put(fx.st, VECTOR_OLD, OBJ_VECTOR, MACHINE_HOST, object_id_pair(0, 0x23), 1, 0, NO_TIME);
	put(fx.st, VECTOR_27, OBJ_VECTOR, MACHINE_HOST, object_id_pair(1, 0x24), 1, 0, NO_TIME);
	put(fx.st, VECTOR_SHARED, OBJ_VECTOR, MACHINE_HOST, object_id_pair(2, 0x30), 1, 0, NO_TIME);
	put(fx.st, DOM0_28, OBJ_IRQ, MACHINE_DOM0, 28, 1, 0, NO_TIME);
	put(fx.st, DOM0_30, OBJ_IRQ, MACHINE_DOM0, 30, 1, 0, NO_TIME);
	put(fx.st, PIN, OBJ_PIN, MACHINE_HOST, object_id_pair(0, 9), 1, 0, NO_TIME);
	put(fx.st, IRQ_9, OBJ_IRQ, MACHINE_HOST, 9, 1, 0, 900);
	feed(fx.st, ENTRY_0, IRQ_27_OLD, 500);
	feed(fx.st, ENTRY_0, IRQ_27, NO_TIME);
	feed(fx.st, ENTRY_1, IRQ_28, NO_TIME);
	feed(fx.st, IRQ_27_OLD, VECTOR_OLD, 400);
	feed(fx.st, IRQ_28, VECTOR_OLD, NO_TIME);
	feed(fx.st, IRQ_27, VECTOR_27, NO_TIME);
	feed(fx.st, DOM0_28, VECTOR_SHARED, NO_TIME);
	feed(fx.st, DOM0_30, VECTOR_SHARED, NO_TIME);
	feed(fx.st, PIN, IRQ_9, 900);
	*state = &fx;
	return 0;
}

static int teardown(void **state)
{
	store_close(((struct fixture *)*state)->st);
	return 0;
}

static void assert_found(struct fixture *fx, const char *text, int64_t id)
{
	struct resolved found;

	if (object_resolve(fx->st, text, &found) != RESOLVE_FOUND || found.nr != 1 || found.id[0] != id)
		fail_msg("'%s' gave %u objects, the first is %d, expected %d", text, found.nr, (int)found.id[0],
			 (int)id);
}

static void test_names(void **state)
{
	struct fixture *fx = *state;

	assert_found(fx, "irq:28", IRQ_28);
	assert_found(fx, "IRQ:28", IRQ_28);
	assert_found(fx, "irq28", IRQ_28);
	assert_found(fx, "dom0/irq:28", DOM0_28);
	assert_found(fx, "irq:30", DOM0_30);
	assert_found(fx, "irq30", DOM0_30);
	assert_found(fx, "MSIX:0000:03:00.0[1]", ENTRY_1);
	assert_found(fx, "0000:03:00.0[1]", ENTRY_1);
	assert_found(fx, "03:00.0[1]", ENTRY_1);
	assert_found(fx, "0000:03:00.0", FN);
	assert_found(fx, "vector:1.0X24", VECTOR_27);
}

static void test_generations(void **state)
{
	struct fixture *fx = *state;

	assert_found(fx, "irq:27", IRQ_27_OLD);
	assert_found(fx, "irq:27~1", IRQ_27_OLD);
	assert_found(fx, "irq27~2", IRQ_27);
	/* by the name of its action the irq that is there now is meant */
	assert_found(fx, "nvme0q0", IRQ_27);
	assert_found(fx, "NVME0Q1", IRQ_28);
}

static void test_tails(void **state)
{
	struct fixture *fx = *state;
	struct resolved found;

	assert_found(fx, "00.0[0]", ENTRY_0);
	assert_found(fx, "27~2", IRQ_27);
	assert_found(fx, "0x24", VECTOR_27);
	/* not in the middle of a word */
	assert_int_equal(object_resolve(fx->st, "8", &found), RESOLVE_UNKNOWN);
	assert_int_equal(object_resolve(fx->st, "x24", &found), RESOLVE_UNKNOWN);
	assert_int_equal(object_resolve(fx->st, "", &found), RESOLVE_UNKNOWN);
	assert_int_equal(object_resolve(fx->st, "irq:99", &found), RESOLVE_UNKNOWN);
	assert_int_equal(object_resolve(fx->st, "%", &found), RESOLVE_UNKNOWN);
	assert_int_equal(object_resolve(fx->st, "28", &found), RESOLVE_AMBIGUOUS);
	assert_int_equal(found.nr, 2);
	assert_int_equal(found.id[0], IRQ_28);
	assert_int_equal(found.id[1], DOM0_28);
	assert_false(found.more);
}

static void test_more_than_fit(void **state)
{
	struct fixture *fx = *state;
	struct resolved found;

	for (unsigned i = 0; i < RESOLVE_MAX_CANDIDATES + 1; i++)
		put(fx->st, NR_IDS + i, OBJ_VCPU, MACHINE_HOST, object_id_pair(i, 77), 1, 0, NO_TIME);
	assert_int_equal(object_resolve(fx->st, "77", &found), RESOLVE_AMBIGUOUS);
	assert_int_equal(found.nr, RESOLVE_MAX_CANDIDATES);
	assert_true(found.more);
}

static void assert_interrupt(struct fixture *fx, int64_t object, int64_t irq)
{
	struct resolved found;

	if (object_interrupt(fx->st, object, &found) != RESOLVE_FOUND || found.id[0] != irq)
		fail_msg("object %d: %u interrupts, the first is %d, expected %d", (int)object, found.nr,
			 (int)found.id[0], (int)irq);
}

static void test_interrupts(void **state)
{
	struct fixture *fx = *state;
	struct resolved found;

	assert_interrupt(fx, IRQ_27_OLD, IRQ_27_OLD);
	assert_interrupt(fx, ENTRY_0, IRQ_27);
	assert_interrupt(fx, ENTRY_1, IRQ_28);
	assert_interrupt(fx, VECTOR_27, IRQ_27);
	/* who has it at the end, not who had it */
	assert_interrupt(fx, VECTOR_OLD, IRQ_28);
	/* all that it fed is gone: the last one */
	assert_interrupt(fx, PIN, IRQ_9);
	/* nothing is known of its irq */
	put(fx->st, NR_IDS + 100, OBJ_MSIX, MACHINE_HOST, object_id_entry(object_id_pci(0, 9, 0, 0), 0), 1, 0, NO_TIME);
	assert_interrupt(fx, NR_IDS + 100, NR_IDS + 100);
	assert_int_equal(object_interrupt(fx->st, FN, &found), RESOLVE_AMBIGUOUS);
	assert_int_equal(found.nr, 2);
	assert_int_equal(object_interrupt(fx->st, VECTOR_SHARED, &found), RESOLVE_AMBIGUOUS);
	assert_int_equal(found.nr, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_generations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_more_than_fit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_interrupts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
