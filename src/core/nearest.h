/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may have been meant by a word that is none of the known ones. */
#ifndef IRQPATH_CORE_NEAREST_H
#define IRQPATH_CORE_NEAREST_H

struct nearest {
	const char *word;	/* as typed; borrowed */
	const char *best;	/* borrowed, NULL: none is near */
	unsigned distance;
};

/*
 * Offers a known name. It is taken where it is nearer than the best so far, and near at all: the word begins it, or it is
 * got by changing, leaving out, adding or swapping no more than a third of its letters. The word itself is no news.
 */
void nearest_try(struct nearest *nr, const char *name);

/* "; did you mean 'NAME'?", NAME with the prefix, or "" where nothing is near. In buf, which is returned. */
enum { NEAREST_TEXT_MAX = 64 };
const char *nearest_text(const struct nearest *nr, const char *prefix, char buf[NEAREST_TEXT_MAX]);

#endif
