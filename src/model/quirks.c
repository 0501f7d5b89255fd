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

#define FIX(of, sym, ...) { .fault = of, .quirk = QUIRK_##sym, .on = true, __VA_ARGS__ }
#define TRY(of, sym, setting) { .fault = of, .quirk = QUIRK_##sym, .on = setting, .only_tried = true }
#define DOM0_MASKS "dom0 masks what is Xen's"
#define GUEST_MASKS "a guest masks what nobody unmasks"
#define EOI_WAITS "an EOI waits for a guest that waits for what it holds back"
#define STORMS "a message comes over and over before its guest has served the last"
#define MOVED_IN_SERVICE "a level pin gets another vector while it is in service"
#define NO_GSI "the line of a device that is given away is registered by nobody"
#define STALE_ROUTE "a pin fires by the route of before"

const struct quirk_cure quirk_cures[] = {
	FIX(DOM0_MASKS, XEN_MSI_MASK_NOP),
	FIX(DOM0_MASKS, XEN_TABLE_READ_ONLY, .undone_by = QUIRK_DOM0_MAPS_TABLE_FIRST),
	FIX(GUEST_MASKS, HVM_NO_MASK),
	FIX(GUEST_MASKS, MSIX_MASK_ALL_EARLY),
	/* what Xen keeps as the guest's wish is for the bind to take back */
	FIX(GUEST_MASKS, XEN_BIND_CLEARS_GUEST_MASK, .companion = QUIRK_XEN_GUEST_MASK),
	TRY(GUEST_MASKS, XEN_GUEST_MASK_DROPPED, true),
	TRY(GUEST_MASKS, XEN_HVM_PIRQS, false),
	FIX(EOI_WAITS, XEN_MASK_MSI_ON_ACK),
	FIX(EOI_WAITS, XEN_EOI_TIMEOUT),
	TRY(EOI_WAITS, XEN_DOM0_CPU, true),
	FIX(STORMS, XEN_RATE_LIMIT),
	FIX(STORMS, XEN_STORM_MASK),
	FIX(MOVED_IN_SERVICE, IOAPIC_DELAYED_MOVE),
	FIX(MOVED_IN_SERVICE, IOAPIC_EXPLICIT_EOI),
	FIX(NO_GSI, PVH_SETUP_GSI),
	TRY(NO_GSI, PVH_MAP_PIRQ, true),
	TRY(NO_GSI, VIOAPIC_MAPS_MASKED, true),
	FIX(STALE_ROUTE, QEMU_ROUTE_BEFORE_SERVICE),
	{ .quirk = QUIRK_NONE },
};

static bool is_in(uint64_t set, unsigned quirk)
{
	return set >> quirk & 1;
}

/* The fix of a fault that is asked to be off; QUIRK_NONE: none. */
static enum quirk fix_asked_off(const char *fault, const struct quirk_wishes *wishes, uint64_t known)
{
	for (const struct quirk_cure *cure = quirk_cures; cure->quirk; cure++)
		if (!strcmp(cure->fault, fault) && !cure->only_tried && is_in(wishes->named & known, cure->quirk) &&
		    !quirk_is_on(wishes->set, cure->quirk))
			return cure->quirk;
	return QUIRK_NONE;
}

bool quirk_cure_matters(const struct quirk_cure *cure, const struct quirk_wishes *wishes, uint64_t known)
{
	return is_in(known, cure->quirk) && fix_asked_off(cure->fault, wishes, known);
}

static void put_off(struct quirks *set, enum quirk quirk, uint64_t named, uint64_t *off)
{
	if (is_in(named, quirk) || !quirk_is_on(*set, quirk))
		return;
	quirk_set(set, quirk, false);
	*off |= UINT64_C(1) << quirk;
}

struct quirks quirks_wished(const struct quirk_wishes *wishes, uint64_t known, uint64_t *off)
{
	struct quirks set = quirks_normal();

	*off = 0;
	set.on = (set.on & ~wishes->named) | (wishes->set.on & wishes->named);
	for (const struct quirk_cure *cure = quirk_cures; cure->quirk; cure++) {
		if (!quirk_cure_matters(cure, wishes, known))
			continue;
		if (!cure->only_tried)
			put_off(&set, cure->quirk, wishes->named, off);
		if (cure->companion && !quirk_is_on(set, cure->quirk))
			put_off(&set, cure->companion, wishes->named, off);
	}
	return set;
}

struct quirk_wishes quirk_wish_too(struct quirk_wishes wishes, enum quirk quirk, bool on)
{
	wishes.named |= UINT64_C(1) << quirk;
	quirk_set(&wishes.set, quirk, on);
	return wishes;
}

struct quirks quirks_cured(struct quirks assumed, const struct quirk_cure *cure, uint64_t put_off)
{
	quirk_set(&assumed, cure->quirk, cure->on);
	if (cure->companion && is_in(put_off, cure->companion))
		quirk_set(&assumed, cure->companion, true);
	return assumed;
}

enum quirk quirk_put_off_with(enum quirk quirk, const struct quirk_wishes *wishes, uint64_t known, bool *as_companion)
{
	for (const struct quirk_cure *cure = quirk_cures; cure->quirk; cure++) {
		*as_companion = cure->companion == quirk;
		if (*as_companion && quirk_cure_matters(cure, wishes, known))
			return cure->quirk;
		if (cure->quirk == quirk && quirk_cure_matters(cure, wishes, known))
			return fix_asked_off(cure->fault, wishes, known);
	}
	return QUIRK_NONE;
}

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
