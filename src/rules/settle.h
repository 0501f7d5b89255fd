/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How to record what a capture lacks, in one line each. */
#ifndef IRQPATH_RULES_SETTLE_H
#define IRQPATH_RULES_SETTLE_H

#include "rules/rule.h"

/*
 * What records the signal, NULL where nothing that is known does. Probe definitions are for Linux 6.1 on x86-64;
 * `irqpath` decodes a probe by the function it sits on, so other argument expressions do as well. Static text.
 */
const char *settle_signal(struct rule_signal sig);

/*
 * One text for signals of which any would do: "record KIND@WITNESS: HOW; or …". At most SETTLE_MAX_SIGNALS different
 * ways are told. Returns buf.
 */
enum { SETTLE_TEXT_MAX = 2048, SETTLE_MAX_SIGNALS = 3 };
char *settle_any(char *buf, size_t len, const struct rule_signal *sig, unsigned nr);

#endif
