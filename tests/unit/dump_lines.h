/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of events text that a dump is. */
#ifndef IRQPATH_TESTS_DUMP_LINES_H
#define IRQPATH_TESTS_DUMP_LINES_H

#define FIELD(t, object, name, word) t " - snapshot.field@shadow " object " field=\"" name "\" text=\"" word "\""
#define NUMBER(t, object, name, value) t " - snapshot.field@shadow " object " field=\"" name "\" value=" value
#define FEEDS(t, a, b) t " - snapshot.field@shadow " a " " b " field=\"feeds\""

#endif
