-- id: level-eoi-missing
-- rev: 3
-- severity: error
-- status: stable
-- title: Level interrupt that was never acknowledged
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.flow | ioapic.deliver | ioapic.remote_irr | kvm.pin | kvm.accept ;
--   irq.ack@shadow | ioapic.eoi | lapic.eoi | kvm.ack | kvm.eoi_exit
-- late: fail
-- says: {who} took a level interrupt of {object} {when}, its last action returned, and no EOI was given; irq_eoi of
--   its chip should have followed, owed by {owner}{lasted}
-- says: [remote-irr-stuck] A level interrupt of {object} was accepted {when} and left without an EOI by {who}; an EOI with
--   its vector should have followed before the line rose again, owed by {owner}{lasted}
-- says: [remote-irr-late] The EOI of a level interrupt of {object} that was accepted {when} came late: the line rose meanwhile for
--   nothing. It was owed by {owner}{lasted}
-- hop: acknowledged (EOI)
-- could: hypervisor kernel driver
-- why: until its EOI a level pin keeps remote IRR set and sends nothing, and on that CPU the vector, its priority class and
--   all below it wait in the local APIC
-- falsepositives: a handler that is still running when the capture ends, for longer than the grace, is not one: it is
--   reported as inconclusive
-- mend: look at the chip of that irq: its irq_eoi callback did not run, or did nothing. A move, a kexec or explicit EOI of
--   the pin brings the line back
-- refs: Intel 82093AA, IOREDTBL; Intel SDM volume 3A, "EOI-Broadcast"; Linux kernel/irq/chip.c handle_fasteoi_irq(),
--   arch/x86/kernel/apic/io_apic.c ioapic_ack_level()
-- param: grace_ns = 50000000
-- param: silent_ns = 1000000000
--
-- The model's obligation level-eoi is opened by the flow handler and met by the chip's acknowledgement. It is proven to be
-- missing where that acknowledgement could not have gone unseen, and the last action has returned.
WITH owed AS (
  SELECT o.*, x.machine,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         o.guard = 'true' AND EXISTS (
           SELECT 1 FROM signal g JOIN source s ON s.id = g.source
            WHERE coalesce(g.machine, s.machine) = x.machine AND g.grade = 'complete' AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)
              AND (g.kind = 'irq.ack' AND g.via LIKE 'ioapic%' OR g.kind = 'ioapic.eoi' AND g.witness = 'hardware')) AS seen
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'level-eoi'),
-- An irq that goes on delivering behind a hole was acknowledged in it.
open AS (
  SELECT w.* FROM owed w
   WHERE w.ending = 'open'
      OR w.ending = 'unknown' AND NOT EXISTS (
           SELECT 1 FROM object_summary m
            WHERE m.last_ns > w.end_ns
              AND (m.object = w.object OR m.object IN (SELECT l.fed FROM link l WHERE l.feeder = w.object)))),
missing AS (SELECT w.*, e.via FROM open w LEFT JOIN event e ON e.id = w.cause_event
             WHERE w.seen AND w.expected_event IS NOT NULL AND w.ending = 'open' AND w.owed_ns > w.deadline_ns)
SELECT w.object, 'fail' AS verdict, NULL AS reason, w.trigger_event AS first_event, w.expected_event AS last_event,
       w.trigger_ns AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT w.cause_event AS event, 'cause' AS role UNION ALL SELECT w.expected_event, 'expected'
          UNION ALL SELECT w.first_missed_event, 'first_missed') a WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, 'no-eoi' AS signature, 'kernel:' || w.via AS blame, NULL AS missing, NULL AS severity
  FROM missing w
UNION ALL
SELECT w.object, 'inconclusive',
       CASE WHEN NOT w.seen THEN 'no-signal' WHEN w.ending = 'unknown' THEN 'gap' ELSE 'end' END,
       w.trigger_event, w.expected_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN NOT w.seen THEN '["irq.ack@shadow"]' END, NULL
  FROM open w WHERE w.id NOT IN (SELECT id FROM missing)
UNION ALL
SELECT coalesce((SELECT l.feeder FROM link l JOIN object p ON p.id = l.feeder AND p.kind = 'pin' WHERE l.fed = i.id
                  ORDER BY l.from_event DESC LIMIT 1), i.id),
       'pass', NULL, m.first_event, m.last_event, m.first_ns, m.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM object i JOIN object_summary m ON m.object = i.id JOIN ledger k ON k.object = i.id AND k.hop = 'eoied' AND k.lo > 0
 WHERE EXISTS (SELECT 1 FROM link l JOIN object p ON p.id = l.feeder AND p.kind = 'pin' WHERE l.fed = i.id)

-- What the IO-APIC itself, QEMU's or KVM's, was given.
UNION ALL
SELECT o.id, 'pass', NULL, o.last_event, o.last_event, e.t_lo_ns, e.t_lo_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM object o JOIN ledger k ON k.object = o.id AND k.hop = 'eoied' AND k.lo > 0 CROSS JOIN event e ON e.id = o.last_event
 WHERE o.kind = 'pin' AND NOT EXISTS (SELECT 1 FROM obligation b WHERE b.object = o.id AND b.kind = 'pin-eoi' AND b.ending = 'open')

-- No kernel's records at hand: the platform saw the message accepted and the line rise once more, and no EOI with its vector.
UNION ALL
SELECT o.object, 'fail', NULL, coalesce(o.cause_event, o.trigger_event), o.expected_event, o.trigger_ns, o.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(o.cause_event, o.trigger_event) AS event, 'cause' AS role UNION ALL
          SELECT o.first_missed_event, 'first_missed') a WHERE a.event IS NOT NULL),
       NULL, 'remote-irr-stuck', 'unrecorded', NULL, NULL
  FROM obligation o
 WHERE o.kind = 'pin-eoi' AND o.ending = 'open' AND o.guard = 'true' AND o.expected_event IS NOT NULL AND o.owed_ns > :silent_ns

-- Open, and not for long, or nothing was held back since.
UNION ALL
SELECT o.object, 'inconclusive', 'end', coalesce(o.cause_event, o.trigger_event), NULL, o.trigger_ns, o.end_ns,
       NULL, NULL, NULL, NULL, NULL, NULL
  FROM obligation o
 WHERE o.kind = 'pin-eoi' AND o.ending = 'open' AND o.guard = 'true' AND (o.expected_event IS NULL OR o.owed_ns <= :silent_ns)

-- Missing for as long, and it came at last: a line that rose while remote IRR was set was held back for that long.
UNION ALL
SELECT o.object, 'fail', NULL, coalesce(o.cause_event, o.trigger_event), o.end_event, o.trigger_ns, o.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(o.cause_event, o.trigger_event) AS event, 'cause' AS role UNION ALL
          SELECT o.first_missed_event, 'first_missed' UNION ALL SELECT o.end_event, 'expected') a WHERE a.event IS NOT NULL),
       NULL, 'remote-irr-late', 'unrecorded', NULL, NULL
  FROM obligation o
 WHERE o.kind = 'pin-eoi' AND o.ending = 'discharged' AND o.guard = 'true' AND o.first_missed_event IS NOT NULL
   AND o.owed_ns > max(:silent_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0))
