/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quirks: behaviours that a version of Linux, Xen or QEMU has or has not, and faults that somebody outside can bring
 * about. A quirk changes nothing by itself: reactions and operations of a path name the setting under which they exist.
 */
#ifndef IRQPATH_MODEL_QUIRKS_H
#define IRQPATH_MODEL_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * X(SYMBOL, "name", CLASS, normally, from, until, "stands for", "what it is")
 * CLASS: FIX, a behaviour with which a fault is prevented or rescued; VARIANT, one of two sound ways; FAULT, what no
 * sound system does. normally: the setting of a model check that is told nothing. from, until: releases that have it, of
 * Linux or, with XEN_RELEASE(), of Xen; until 0: open. RELEASE_NEVER where no release had it or a driver decides.
 */
#define QUIRK_LIST(X) \
	X(UNMASK_ONLY_IF_MASKED, "unmask-only-if-masked", VARIANT, true, RELEASE(4, 13), 0, "Linux 4.13, bf22ff45bed6", \
	  "the irq core calls its chip's mask and unmask functions only where its own flag says otherwise") \
	X(ENABLE_RESENDS_EDGE, "enable-resends-edge", FIX, true, RELEASE(2, 6), 0, "Linux, check_irq_resend()", \
	  "an edge that came while the irq was disabled is sent again when it is enabled") \
	X(ENABLE_RESENDS_LEVEL, "enable-resends-level", VARIANT, false, RELEASE_NEVER, 0, "no Linux release", \
	  "a level line's interrupt is sent again when the irq is enabled; Linux leaves that to the line") \
	X(DISABLE_UNLAZY, "disable-unlazy", VARIANT, false, RELEASE_NEVER, 0, "IRQ_DISABLE_UNLAZY, a driver's choice", \
	  "disable_irq() masks at once, not at the next interrupt") \
	X(EDGE_SPIN_WAIT, "edge-spin-wait", VARIANT, false, RELEASE(6, 17), 0, "Linux 6.17, 8d39d6ec4db5", \
	  "an edge that arrives on its new CPU while the old one still handles the last waits, instead of being held pending") \
	X(DELAYED_MOVE, "delayed-move", VARIANT, true, RELEASE(2, 6), 0, "Linux, irq_move_irq()", \
	  "a requested affinity of an MSI is applied in the acknowledgement of the next interrupt, on the old CPU, masked") \
	X(IOAPIC_DELAYED_MOVE, "ioapic-delayed-move", FIX, true, RELEASE(2, 6), 0, "Linux, ioapic_ack_level()", \
	  "the vector of a level pin is rewritten behind an EOI, masked, with remote IRR clear, not when affinity is asked for") \
	X(IOAPIC_EXPLICIT_EOI, "ioapic-explicit-eoi", FIX, true, RELEASE(2, 6), 0, "Linux, eoi_ioapic_pin()", \
	  "where the vector was not accepted as level, a level pin's acknowledgement also clears remote IRR by the EOI register") \
	X(IOAPIC_KEEPS_CORE_MASK, "ioapic-keeps-core-mask", FIX, true, RELEASE(5, 5), 0, "Linux 5.5, df4393424af3", \
	  "a level pin that was masked by the irq core stays masked behind a move") \
	X(QEMU_ROUTE_BEFORE_SERVICE, "qemu-route-before-service", FIX, true, RELEASE_NEVER, 0, "QEMU 8.0, 54ad31fb0a0a", \
	  "a write of a redirection entry hands KVM the routes before the pins are looked at, not behind that") \
	X(KVM_EOI_SCAN_PENDING, "kvm-eoi-scan-pending", FIX, true, RELEASE_NEVER, 0, "Linux 6.3 as the host, fceb3a36c29a", \
	  "the EOI of a vector that was in service when its route changed still reaches the IO-APIC") \
	X(XEN_MSI_MASK_NOP, "xen-msi-mask-nop", FIX, true, RELEASE(3, 13), 0, "Linux 3.13, 0e4ccb1505a9", \
	  "under Xen, a PV dom0's mask functions of MSI and MSI-X write no mask bit: that is Xen's") \
	X(HVM_NO_MASK, "hvm-no-mask", FIX, true, RELEASE(5, 18), 0, "Linux 5.18, 7e0815b3e099", \
	  "a guest whose MSI-X entries are pirqs writes no mask bit either") \
	X(MSIX_MASK_ALL_EARLY, "msix-mask-all-early", FIX, false, RELEASE(2, 6), RELEASE(5, 16), "Linux before 5.16, 83dbf898a2d4", \
	  "enabling MSI-X masks all entries before their messages are written, not behind that") \
	X(XEN_TABLE_READ_ONLY, "xen-table-read-only", FIX, true, XEN_RELEASE(4, 2), 0, "Xen 4.2", \
	  "dom0's writes to the MSI-X table of a device are discarded") \
	X(DOM0_MAPS_TABLE_FIRST, "dom0-maps-table-first", VARIANT, false, RELEASE_NEVER, 0, "Linux, msix_map_region() before map_pirq", \
	  "dom0 mapped the table before Xen registered it as read-only: what it writes by that mapping gets through") \
	X(XEN_GUEST_MASK, "xen-guest-mask", FIX, true, XEN_RELEASE(4, 6), 0, "Xen 4.6, 84d6add559", \
	  "Xen keeps the guest's wish beside its own, follows what the guest writes, and masks where either of the two is set") \
	X(XEN_GUEST_MASK_DROPPED, "xen-guest-mask-dropped", VARIANT, false, XEN_RELEASE(4, 2), XEN_RELEASE(4, 4), "Xen 4.2 and 4.3", \
	  "what a guest writes to the mask bit of an entry that is bound changes nothing") \
	X(XEN_BIND_CLEARS_GUEST_MASK, "xen-bind-clears-guest-mask", FIX, true, XEN_RELEASE(4, 6), 0, "Xen 4.6, ad28e42bd1", \
	  "binding a pirq to an event channel clears the guest's wish to mask it, and the bit") \
	X(XEN_HVM_PIRQS, "xen-hvm-pirqs", VARIANT, true, XEN_RELEASE(4, 1), XEN_RELEASE(4, 19), "Xen 4.1 to 4.18, 024e7131be", \
	  "HVM guests are offered pirqs, without being asked to") \
	X(PVH_SETUP_GSI, "pvh-setup-gsi", FIX, true, XEN_RELEASE(4, 20), 0, \
	  "Xen 4.20, 43a1f8b38e, 035baa203b; Linux 6.12, 88801d043b1d", \
	  "a PVH dom0 registers the GSI of a device that it gives away, and the toolstack maps it") \
	X(PVH_MAP_PIRQ, "pvh-map-pirq", FIX, false, RELEASE_NEVER, 0, "Xen 4.20, 035baa203b alone", \
	  "the toolstack may map a GSI for a PVH dom0; nobody registers it") \
	X(VIOAPIC_MAPS_MASKED, "vioapic-maps-masked", FIX, false, RELEASE_NEVER, 0, "no Xen release, discussed in 2023", \
	  "Xen registers and maps a GSI at each write of its virtual entry, masked or not") \
	X(VIOAPIC_MAPS_REGISTERED, "vioapic-maps-registered", FIX, false, RELEASE_NEVER, 0, "no Xen release", \
	  "the unmask of a virtual entry maps its GSI also where that is registered already") \
	X(XEN_MASK_MSI_ON_ACK, "xen-mask-msi-on-ack", FIX, true, XEN_RELEASE(3, 3), 0, "Xen 3.3, 7901b28ea0", \
	  "Xen owns the mask bits, and gives a message that has one its EOI at once") \
	X(XEN_MSI_OFF_AS_MASK, "xen-msi-off-as-mask", VARIANT, false, XEN_RELEASE(3, 3), XEN_RELEASE(3, 4), "Xen 3.3, up to f250210b16", \
	  "a message without a mask bit gets its EOI at once, too, and where it must not come again, MSI is disabled") \
	X(XEN_STORM_MASK, "xen-storm-mask", FIX, false, XEN_RELEASE(3, 3), XEN_RELEASE(4, 2), "Xen 3.3 to 4.1, 2521c9ab94, cebdd97736", \
	  "a message that comes again before its guest has served the last is masked until then, or for 1 ms") \
	X(XEN_RATE_LIMIT, "xen-rate-limit", FIX, true, XEN_RELEASE(4, 0), 0, "Xen 4.0, 74ebd6f959", \
	  "what can be masked and comes too often, 10000 times in 10 ms, is masked for 10 ms; the check takes the second time for that") \
	X(XEN_EOI_TIMEOUT, "xen-eoi-timeout", FIX, true, XEN_RELEASE(4, 1), 0, "Xen 4.1, 37eb6d05fe", \
	  "Xen acknowledges for guests that have not done so within 1 ms") \
	X(XEN_DPCI_TIMEOUT, "xen-dpci-timeout", VARIANT, false, XEN_RELEASE(3, 0), XEN_RELEASE(4, 16), "Xen up to 4.15", \
	  "the line of a device that is passed through is acknowledged for a guest that has not done so within 8 ms") \
	X(XEN_MOVE_MASKED, "xen-move-masked", FIX, true, XEN_RELEASE(4, 0), 0, "Xen 4.0, f821102450", \
	  "Xen writes the message of an irq that moves while its source is masked") \
	X(XEN_RELEASE_FREES_OLD, "xen-release-frees-old", FIX, true, XEN_RELEASE(4, 2), 0, "Xen 4.2, 1a9b16687d", \
	  "an irq that is released in a move releases its old vector, too") \
	X(XEN_OWN_IRQS_ON_STACK, "xen-own-irqs-on-stack", FIX, true, XEN_RELEASE(4, 13), 0, "Xen 4.13, 5655ce8b1e", \
	  "the EOI of an irq that Xen itself handles waits for those that stand above it") \
	X(XEN_IOAPIC_ACK_NEW, "xen-ioapic-ack-new", VARIANT, true, RELEASE_NEVER, 0, "Xen's option ioapic_ack", \
	  "a level pin of a guest gets its EOI when the guest acknowledges (new), instead of being masked until then (old)") \
	X(XEN_IOAPIC_DIRECTED, "xen-ioapic-directed", VARIANT, false, RELEASE_NEVER, 0, "Xen 4.0, 8594809ef2, where local APICs can", \
	  "with ioapic_ack=old: no EOI is broadcast; instead of masking a level pin, Xen gives its EOI by register when the guest has") \
	X(XEN_DOM0_CPU, "xen-dom0-cpu", VARIANT, false, RELEASE_NEVER, 0, "affinities, a user's choice", \
	  "dom0's interrupts go to another CPU than those of its guests") \
	X(MSI_WITHOUT_MASK, "msi-without-mask", VARIANT, true, RELEASE_NEVER, 0, "a device's choice", \
	  "there are devices whose MSI has no mask bits") \
	X(LEVEL_LINES, "level-lines", VARIANT, true, RELEASE_NEVER, 0, "a device's choice", \
	  "there are devices on level lines") \
	X(XEN_EOI_AT_ONCE, "xen-eoi-at-once", FAULT, false, RELEASE_NEVER, 0, "no release", \
	  "Xen gives messages their EOI at once and masks nothing") \
	X(MASK_ALL_AFTER_STARTUP, "mask-all-after-startup", FAULT, false, RELEASE_NEVER, 0, \
	  "83dbf898a2d4 where binding is startup", "enabling MSI-X masks all entries when some are in use already") \
	X(DEVICE_RETURNS, "device-returns", FAULT, false, RELEASE_NEVER, 0, "an administrator", \
	  "a device that was given away goes back to a driver of dom0") \
	X(SECOND_WRITER, "second-writer", FAULT, false, RELEASE_NEVER, 0, "no release", \
	  "somebody beside the irq core masks an MSI-X entry or an IO-APIC pin")

#define RELEASE(major, minor) ((major) << 16 | (minor) << 8)
#define XEN_RELEASE(major, minor) (RELEASE_OF_XEN | RELEASE(major, minor))
enum { RELEASE_OF_XEN = 1 << 28, RELEASE_NEVER = 0x7fffffff };

/* Whose releases those are. */
enum product { PRODUCT_LINUX, PRODUCT_XEN };

enum quirk {
	QUIRK_NONE,
#define X(sym, name, class, normally, from, until, stands, what) QUIRK_##sym,
	QUIRK_LIST(X)
#undef X
	NR_QUIRKS
};

enum quirk_class { QUIRK_CLASS_FIX, QUIRK_CLASS_VARIANT, QUIRK_CLASS_FAULT };

struct quirk_info {
	const char *name, *stands_for, *what;
	enum quirk_class class;
	bool normally;
	int32_t from, until;
};

extern const struct quirk_info quirk_table[NR_QUIRKS];	/* [QUIRK_NONE] is empty */

/* QUIRK_NONE where there is no such name. */
enum quirk quirk_by_name(const char *name, size_t len);

/* "fix", "variant", "fault". */
const char *quirk_class_name(enum quirk_class class);

/* Settings: a bit each. */
struct quirks {
	uint64_t on;
};

static inline bool quirk_is_on(struct quirks set, enum quirk quirk)
{
	return set.on >> quirk & 1;
}

static inline void quirk_set(struct quirks *set, enum quirk quirk, bool on)
{
	set->on = on ? set->on | UINT64_C(1) << quirk : set->on & ~(UINT64_C(1) << quirk);
}

/* What a sound system of today has. */
struct quirks quirks_normal(void);

/*
 * Puts into *set what a release ("6.1.0-18-amd64", "4.17.4") has, and leaves alone what it says nothing about; *known gets
 * the quirks that follow from it beside those that it has. Nothing where the text is no release.
 */
void quirks_of_release(enum product product, const char *release, struct quirks *set, struct quirks *known);

/* Settings that somebody asked for by name. */
struct quirk_wishes {
	uint64_t named;		/* a bit each; what follows says how */
	struct quirks set;
};

/*
 * A setting that prevents a fault by itself, or might. Where several do, the fault is seen only as long as none of them is
 * there, as in the releases in which it was met.
 */
struct quirk_cure {
	const char *fault;	/* the same text for all of one fault, which stand together */
	uint8_t quirk;
	bool on;		/* the setting */
	bool only_tried;	/* no fix of it: it comes and goes with nothing, and may help or not */
	uint8_t companion;	/* has no sense without it: off where it is; QUIRK_NONE: none */
	uint8_t undone_by;	/* prevents nothing where that is on; QUIRK_NONE: nothing does */
};

extern const struct quirk_cure quirk_cures[];	/* ends with a quirk of QUIRK_NONE */

/*
 * What a check of something that has the quirks in known is to assume. Where a fix is asked to be off, the other fixes of
 * the same fault are off with it, unless they are asked for; *put_off gets those, and their companions.
 */
struct quirks quirks_wished(const struct quirk_wishes *wishes, uint64_t known, uint64_t *put_off);

/* A cure of a fault that is looked for: one of its fixes is asked to be off, and it is itself among the known. */
bool quirk_cure_matters(const struct quirk_cure *cure, const struct quirk_wishes *wishes, uint64_t known);

/* The same wishes, with that setting instead. */
struct quirk_wishes quirk_wish_too(struct quirk_wishes wishes, enum quirk quirk, bool on);

/* What is assumed, with one cure of what it leaves to happen: its companion is back where that was only put off. */
struct quirks quirks_cured(struct quirks assumed, const struct quirk_cure *cure, uint64_t put_off);

/* For whose sake a quirk is put off: the fix that is asked to be off, or its companion's. QUIRK_NONE: for none's. */
enum quirk quirk_put_off_with(enum quirk quirk, const struct quirk_wishes *wishes, uint64_t known, bool *as_companion);

/* "NAME", "NAME=on" or "NAME=off"; false where it is none of these, or the name unknown. */
bool quirk_parse(const char *text, enum quirk *quirk, bool *on);

#endif
