/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule file from anywhere: refused with a reason, or whole; its SQL is prepared as that of any rule. */
#include <stdlib.h>

#include "rules/check.h"
#include "rules/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void count_only(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct rule_checker *checker;
	struct diag_sink diag = { .fn = count_only };
	struct rule *rule = rule_parse("50-fuzz.sql", (const char *)data, len, &diag);

	if (!rule && !diag.count[DIAG_ERROR])
		abort();
	if (rule && (!rule->id || !rule->title || !rule->why || !rule->paths))
		abort();
	if (!checker)
		checker = rule_checker_new(&diag);
	if (rule && !rule_check(checker, rule, &diag) && !diag.count[DIAG_ERROR])
		abort();
	rule_free(rule);
	return 0;
}
