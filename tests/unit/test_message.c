/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding in one sentence: every placeholder, every kind of blame, and times that are not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/derived.h"
#include "core/text.h"
#include "rules/message.h"
#include "rules/rule.h"

#define S INT64_C(1000000000)

static struct rule rule_of(const char *says, const char *other)
{
	struct rule rule = { .title = (char *)"Left masked" };

	if (says)
		rule.says.word[rule.says.nr++].text = (char *)says;
	if (other) {
		rule.says.word[rule.says.nr].signature = (char *)"other";
		rule.says.word[rule.says.nr++].text = (char *)other;
	}
	return rule;
}

static void expect(struct message msg, const char *says, const char *text)
{
	struct rule rule = rule_of(says, "another");
	char *got;

	msg.rule = &rule;
	got = message_make(NULL, &msg);
	assert_string_equal(got, text);
	free(got);
}

#define BLAMED(who) ((struct message){ .blame = who, .start_ns = 4 * S, .end_ns = NO_TIME, .capture_end_ns = NO_TIME, .count = 1 })

/* A capture without times has lines. */
static void test_order(void **state)
{
	struct message msg = BLAMED("kernel:x");

	(void)state;
	text_count(TEXT_LINES);
	msg.start_ns = 28;
	msg.end_ns = 35;
	expect(msg, "{when}{lasted}", "at line 28");
	expect(msg, "masked{since}", "masked, since line 28");
	msg.capture_end_ns = 35;
	expect(msg, "{when}{lasted}", "at line 28, unfinished at end");
	text_count(TEXT_NS);
}

static void test_who(void **state)
{
	struct message msg = BLAMED("unrecorded");

	(void)state;
	expect(BLAMED("kernel:pci_msi_mask_irq (task init-1)"), "by {who}", "by the kernel's pci_msi_mask_irq() (task init-1)");
	expect(BLAMED("kernel:unknown (task init-1)"), "by {who}", "by the kernel (task init-1)");
	expect(BLAMED("hypervisor:PHYSDEVOP_map_pirq"), "by {who}", "by the hypervisor's PHYSDEVOP_map_pirq()");
	expect(BLAMED("driver:eth0-tx-0"), "by {who}", "by the driver's eth0-tx-0");
	expect(BLAMED("driver:edu_irq (thread)"), "{who} slept", "The driver's edu_irq (thread) slept");
	expect(BLAMED("driver:unknown"), "{who} slept", "The driver slept");
	expect(BLAMED("user:irqbalance"), "by {who}", "by user space's irqbalance");
	expect(BLAMED("moon:"), "by {who}", "by moon:");
	expect(BLAMED(NULL), "by {who}", "by somebody whom the records do not name");
	msg.could_have = "[\"platform\"]";
	expect(msg, "by {who}", "by somebody whom the records do not name (it could have been the platform)");
	msg.could_have = "[\"device\",\"kernel\",\"user\"]";
	expect(msg, "by {who}",
	       "by somebody whom the records do not name (it could have been the device, the kernel or user space)");
}

static void test_owner(void **state)
{
	struct message msg = BLAMED("kernel:f");

	(void)state;
	expect(msg, "owed by {owner}", "owed by an owner that is not known");
	msg.owner = "device model";
	expect(msg, "owed by {owner}", "owed by the device model");
	msg.owner = "d7";
	expect(msg, "owed by {owner}", "owed by d7");
}

static void test_times(void **state)
{
	struct message msg = BLAMED("kernel:f");

	(void)state;
	expect(msg, "was so {when}{lasted}", "was so at 4.000000000");
	expect(msg, "was so{since}", "was so, since 4.000000000");
	msg.end_ns = 6 * S;
	msg.capture_end_ns = 9 * S;
	expect(msg, "was so {when}{lasted}", "was so at 4.000000000, for 2.0 s");
	msg.end_ns = 9 * S;
	expect(msg, "was so{since}", "was so, since 4.000000000, unfinished at end (5.0 s)");
	msg.count = 3;
	expect(msg, "was so {when}{lasted}", "was so at 4.000000000, unfinished at end (5.0 s); 3 times");
	msg.end_ns = 6 * S;
	expect(msg, "was so {when}{lasted}", "was so at 4.000000000; 3 times");
	msg.count = 1;
	msg.start_ns = NO_TIME;
	expect(msg, "was so {when}{lasted}", "was so before the capture began");
	msg.start_ns = INT64_MIN + 1;
	msg.end_ns = INT64_MAX;
	expect(msg, "was so{lasted}", "was so");
}

/* One message stands for all that was held back: how many are lost has bounds. */
static void test_lost(void **state)
{
	struct message msg = BLAMED("kernel:f");

	(void)state;
	expect(msg, "so{lost}", "so");
	msg.lost.known = true;
	expect(msg, "so{lost}", "so; no notification lost");
	msg.lost.unbounded = true;
	expect(msg, "so{lost}", "so");
	msg.lost.held = 2;
	expect(msg, "so{lost}", "so; at least 2 notifications held back");
	msg.lost.lost_lo = msg.lost.lost_hi = 1;
	expect(msg, "so{lost}", "so; at least 1 notification lost");
	msg.lost.unbounded = false;
	expect(msg, "so{lost}", "so; 1 notification lost");
	msg.lost.lost_lo = msg.lost.lost_hi = 2;
	expect(msg, "so{lost}", "so; 2 notifications lost");
	msg.lost.held = 7;
	msg.lost.lost_hi = 6;
	expect(msg, "so{lost}", "so; 2 to 6 notifications lost");
	msg.lost.lost_lo = 0;
	expect(msg, "so{lost}", "so; 7 notifications held back, at most 6 lost");
	msg.lost.held = 1;
	msg.lost.lost_hi = 0;
	expect(msg, "so{lost}", "so; 1 notification held back, none lost");
}

/* Which text: of the signature, else of any, else the title. */
static void test_signature(void **state)
{
	struct message msg = BLAMED("kernel:f");

	(void)state;
	msg.signature = "other";
	expect(msg, "{title}", "another");
	msg.signature = "third";
	expect(msg, "{title} {object}", "Left masked the capture");
	expect(msg, NULL, "Left masked, since 4.000000000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_who),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_signature),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
