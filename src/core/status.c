/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/status.h"

enum status status_worse(enum status a, enum status b)
{
	static const unsigned char rank[] = {
		[STATUS_CLEAN] = 0, [STATUS_NOT_JUDGED] = 1, [STATUS_FINDINGS] = 2, [STATUS_INCOMPLETE] = 3,
		[STATUS_USAGE] = 4,
	};

	return rank[a] >= rank[b] ? a : b;
}
