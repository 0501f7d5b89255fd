/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/machines.h"

#include "cli/feed.h"
#include "cli/whose.h"
#include "core/diag.h"
#include "core/object.h"

/* Domains that sources show and that no source is known to be of; false where there may be more than a bit each. */
static bool unclaimed(struct feed *const *feeds, int nr, uint64_t *domains)
{
	bool complete = true;

	*domains = 0;
	for (int i = 0; i < nr; i++) {
		*domains |= feed_whose(feeds[i])->domains;
		complete &= !feed_whose(feeds[i])->more;
	}
	for (int i = 0; i < nr; i++) {
		uint16_t machine = feed_machine(feeds[i]);

		if (machine == MACHINE_DOM0)
			*domains |= 1;
		if (machine > MACHINE_DOMAIN && machine - MACHINE_DOMAIN < WHOSE_MAX_DOMAINS)
			*domains &= ~(UINT64_C(1) << (machine - MACHINE_DOMAIN));
	}
	return complete;
}

static int count_undecided(struct feed *const *feeds, int nr)
{
	int count = 0;

	for (int i = 0; i < nr; i++)
		count += feed_is_undecided(feeds[i]) && !feed_is_timeless(feeds[i]);
	return count;
}

static void remark(const struct feed *feed, struct diag_sink *diag, const char *text)
{
	diag_report(diag, DIAG_REMARK, (struct diag_pos){ feed_path(feed), 0, 0 }, "%s", text);
}

/* Do sources show Xen, and no domain but the initial one? */
static bool is_xen_with_dom0_alone(struct feed *const *feeds, int nr)
{
	bool xen = false, alone = true;

	for (int i = 0; i < nr; i++) {
		uint16_t machine = feed_machine(feeds[i]);

		xen |= machine == MACHINE_XEN;
		alone &= !feed_whose(feeds[i])->more && !(feed_whose(feeds[i])->domains & ~UINT64_C(1)) && machine < MACHINE_GUEST;
	}
	return xen && alone;
}

/* The functions that dom0 lists are the machine's; a guest lists some of them, or others, under numbers of its own. */
static bool settle_listings(struct feed *const *feeds, int nr, struct diag_sink *diag)
{
	bool xen = false, dom0_alone = is_xen_with_dom0_alone(feeds, nr);

	for (int i = 0; i < nr; i++)
		xen |= feed_machine(feeds[i]) == MACHINE_XEN;
	for (int i = 0; i < nr && xen; i++) {
		if (!feed_is_open_listing(feeds[i]))
			continue;
		if (!dom0_alone)
			remark(feeds[i], diag, "lists functions of the machine, or of a domain: it does not tell of which (--machine)");
		else if (!feed_set_machine(feeds[i], MACHINE_XEN))
			return false;
	}
	return true;
}

bool machines_settle(struct feed *const *feeds, int nr, struct diag_sink *diag)
{
	uint64_t domains;
	bool only_dom0;

	for (int i = 0; i < nr; i++)
		if (feed_is_undecided(feeds[i]) && feed_whose(feeds[i])->initial && !feed_set_machine(feeds[i], MACHINE_DOM0))
			return false;
	only_dom0 = unclaimed(feeds, nr, &domains) && domains == 1 && count_undecided(feeds, nr) <= 1;
	for (int i = 0; i < nr; i++) {
		if (!feed_is_undecided(feeds[i]) || !feed_whose(feeds[i])->domain)
			continue;
		remark(feeds[i], diag, only_dom0 ? "taken for dom0's: the only domain that the other sources leave (--machine)"
						 : "is of a domain of Xen, but does not tell of which (--machine)");
		if (only_dom0 && !feed_set_machine(feeds[i], MACHINE_DOM0))
			return false;
	}
	return settle_listings(feeds, nr, diag);
}

static bool is_platform_of_xen(struct feed *const *feeds, int platform, int xen)
{
	return feed_is_open_platform(feeds[platform]) && feed_machine(feeds[xen]) == MACHINE_XEN;
}

bool machines_settle_platforms(struct feed *const *feeds, int nr, const uint32_t *related)
{
	for (int i = 0; i < nr; i++) {
		int other = (int)related[i] - 1;

		if (other < 0 || other >= nr)
			continue;
		if (is_platform_of_xen(feeds, i, other) && !feed_set_machine(feeds[i], MACHINE_XEN))
			return false;
		if (is_platform_of_xen(feeds, other, i) && !feed_set_machine(feeds[other], MACHINE_XEN))
			return false;
	}
	return true;
}
