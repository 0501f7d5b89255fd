/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events as text, one a line (irqpath-events 1):
 *
 *	TIME[..TIME] ACTOR KIND@WITNESS [OBJECT...] [via=NAME] [ARG=VALUE...]
 *	31.850690751 cpu0/1/init irq.mask@shadow irq:29 msix:0000:00:03.0[2] via="pci_msi_mask_irq" state=0x19601200
 *
 * TIME is seconds with up to nine decimals, LO..HI where the moment is only known within bounds. ACTOR is cpuN,
 * cpuN/PID or cpuN/PID/COMM with - for what is not recorded ("-", "-/301/dd"); in COMM blanks, '/', '%' and control
 * characters are %XX. Strings are in double quotes with \" \\ and \xNN. Numbers are decimal or 0x-hexadecimal; which
 * one is printed depends on the argument.
 */
#ifndef IRQPATH_CORE_EVENT_TEXT_H
#define IRQPATH_CORE_EVENT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/strtab.h"

/* Three strings of STRTAB_MAX_LEN and a task's name, every byte escaped, and the rest. */
enum { EVENT_TEXT_MAX = 1 << 16 };

/* Text of a string id of a source; "" where unknown. */
typedef const char *(*event_string_fn)(void *ctx, uint32_t source, str_id id);

/* Prints without line end; cut where buf is short (EVENT_TEXT_MAX always suffices). Returns buf. */
char *event_text_print(char *buf, size_t len, const struct event *ev, event_string_fn string, void *ctx);

/*
 * Reads one line. ordinal, offset, source and sub are left as they are in ev, all else is set; strings are interned.
 * Returns NULL, or what is wrong (static text).
 */
const char *event_text_parse(const char *line, struct event *ev, struct strtab *strings);

/* A moment as TIME: printed with all nine decimals, cut where buf is short; false where the text is none. */
enum { EVENT_TEXT_TIME_MAX = 32 };
char *event_text_time(char *buf, size_t len, int64_t ns);
bool event_text_parse_time(const char *text, int64_t *ns);

#endif
