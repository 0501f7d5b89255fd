/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/quirks.h"

#include <stdio.h>
#include <string.h>

_Static_assert(NR_QUIRKS <= 64, "struct quirks holds a bit each");

const struct quirk_info quirk_table[NR_QUIRKS] = {
#define X(sym, text, cls, normal, first, last, stands, about) \
	[QUIRK_##sym] = { .name = text, .stands_for = stands, .what = about, .class = QUIRK_CLASS_##cls, .normally = normal, \
			  .from = first, .until = last },
	QUIRK_LIST(X)
#undef X
};

enum quirk quirk_by_name(const char *name, size_t len)
{
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		if (strlen(quirk_table[i].name) == len && !strncmp(quirk_table[i].name, name, len))
			return i;
	return QUIRK_NONE;
}

const char *quirk_class_name(enum quirk_class class)
{
	static const char *const names[] = {
		[QUIRK_CLASS_FIX] = "fix", [QUIRK_CLASS_VARIANT] = "variant", [QUIRK_CLASS_FAULT] = "fault",
	};

	return names[class];
}

struct quirks quirks_normal(void)
{
	struct quirks set = { 0 };

	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		quirk_set(&set, i, quirk_table[i].normally);
	return set;
}

static enum product product_of(const struct quirk_info *info)
{
	return info->from & RELEASE_OF_XEN ? PRODUCT_XEN : PRODUCT_LINUX;
}

void quirks_of_release(enum product product, const char *release, struct quirks *set, struct quirks *known)
{
	unsigned major, minor;
	int32_t at;

	if (sscanf(release, "%3u.%3u", &major, &minor) != 2)
		return;
	at = RELEASE((int32_t)major, (int32_t)minor) | (product == PRODUCT_XEN ? RELEASE_OF_XEN : 0);
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++) {
		const struct quirk_info *info = &quirk_table[i];

		if (info->from == RELEASE_NEVER || product_of(info) != product)
			continue;
		quirk_set(known, i, true);
		quirk_set(set, i, at >= info->from && (!info->until || at < info->until));
	}
}

bool quirk_parse(const char *text, enum quirk *quirk, bool *on)
{
	size_t len = strcspn(text, "=");
	const char *value = text[len] ? text + len + 1 : "on";

	*quirk = quirk_by_name(text, len);
	*on = !strcmp(value, "on");
	return *quirk != QUIRK_NONE && (*on || !strcmp(value, "off"));
}
