/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of two snapshots was taken first, where what they show proves it. */
#ifndef IRQPATH_CLI_ORDER_H
#define IRQPATH_CLI_ORDER_H

#include <stdint.h>

struct store;

enum order { ORDER_UNPROVEN, ORDER_BEFORE, ORDER_BEHIND };

/*
 * Source a against source b, two snapshots of one kind and machine. *how: what shows it, as the end of a
 * sentence; set where it is proven.
 */
enum order order_of(struct store *st, uint32_t a, uint32_t b, const char **how);

#endif
