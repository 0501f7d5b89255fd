/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stimulus and response: what the outside does, and what the path does given its state. An input is a response where some
 * path's reactions bring it about. A mask or unmask that the kernel gives is a response that its irq's state calls for;
 * where nothing that was recorded does, it is unprompted.
 */
#ifndef IRQPATH_MODEL_PROMPT_H
#define IRQPATH_MODEL_PROMPT_H

#include <stdbool.h>

#include "model/unit.h"

struct component;
struct object;

/* "stimulus", "response", or "" where no path that is modelled as a whole says. */
const char *prompt_class(enum unit_role role, unsigned in);

/* "response", "unprompted", or "" where what was recorded does not tell. irq: as it was before, NULL: none known. */
const char *prompt_of_mask(const struct object *irq, bool mask);

/* Of an input that was applied to a component of an object. */
const char *prompt_of_input(const struct object *obj, const struct component *type, unsigned in);

#endif
