/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makes a finding the same finding in another capture. The bytes that are hashed are six strings, each written as
 * its length in decimal, ':', its bytes, ',' (netstrings), so that no two lists of strings give the same bytes:
 *
 *	"1" (version), rule id, machine role, anchor, layer, signature
 *
 * An absent layer or signature is "". The role of "d3" is "domain", of "guest:NAME" "guest"; other machines are their
 * own role. A finding about the capture as a whole has role "" and anchor "capture". Never a time, CPU, irq or vector.
 */
#ifndef IRQPATH_RULES_FINGERPRINT_H
#define IRQPATH_RULES_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>

enum { FINGERPRINT_DIGITS = 16, FINGERPRINT_MIN_ID = 8 };

struct fingerprint {
	char hex[FINGERPRINT_DIGITS + 1];
};

/* machine is the name as in table object; NULL stands for "". False when memory is short. */
bool fingerprint_make(struct fingerprint *fp, const char *rule, const char *machine, const char *anchor,
		      const char *layer, const char *signature);

/*
 * Digits that tell each of the sorted, distinct fingerprints from its neighbours, at least FINGERPRINT_MIN_ID: the
 * length of the id of fps[i].
 */
unsigned fingerprint_id_digits(const struct fingerprint *const *fps, size_t nr, size_t i);

#endif
