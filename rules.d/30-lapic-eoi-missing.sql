-- id: lapic-eoi-missing
-- rev: 1
-- severity: error
-- status: stable
-- title: Edge interrupt that was never acknowledged
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.flow | lapic.accept ; irq.ack@shadow | lapic.eoi
-- says: {who} took an interrupt of {object} {when} and left it without an EOI; irq_ack of its chip should have
--   followed at once, owed by {owner}{lasted}
-- hop: acknowledged (EOI)
-- why: until its EOI a vector stays in service: on that CPU it, its priority class and all below it wait
-- falsepositives: none known; an edge is acknowledged before its actions run
-- mend: look at the chip of that irq and at what runs between its flow handler and irq_ack
-- refs: Intel SDM volume 3A, "Handling Interrupts"; Linux kernel/irq/chip.c handle_edge_irq(), arch/x86/kernel/apic
-- param: grace_ns = 50000000
WITH owed AS (
  SELECT o.*, x.machine,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         o.guard = 'true' AND EXISTS (
           SELECT 1 FROM signal g JOIN source s ON s.id = g.source
            WHERE coalesce(g.machine, s.machine) = x.machine AND g.grade = 'complete' AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)
              AND (g.kind = 'irq.ack' AND g.via LIKE 'apic_ack%' OR g.kind = 'lapic.eoi' AND g.witness = 'hardware'))
         -- that this irq's chip acknowledges through what is recorded
         AND EXISTS (SELECT 1 FROM ledger k WHERE k.object = o.object AND k.hop = 'eoied' AND k.lo > 0) AS seen
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'lapic-eoi'),
-- An irq that goes on delivering behind a hole was acknowledged in it.
open AS (
  SELECT w.* FROM owed w
   WHERE w.ending = 'open'
      OR w.ending = 'unknown' AND NOT EXISTS (
           SELECT 1 FROM object_summary m
            WHERE m.last_ns > w.end_ns
              AND (m.object = w.object OR m.object IN (SELECT l.fed FROM link l WHERE l.feeder = w.object)))),
missing AS (SELECT w.*, e.via FROM open w LEFT JOIN event e ON e.id = w.cause_event
             WHERE w.seen AND w.ending = 'open' AND w.owed_ns > w.deadline_ns)
SELECT w.object, 'fail' AS verdict, NULL AS reason, w.trigger_event AS first_event, w.expected_event AS last_event,
       w.trigger_ns AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT w.cause_event AS event, 'cause' AS role UNION ALL SELECT w.expected_event, 'expected') a
        WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, 'no-eoi' AS signature, 'kernel:' || w.via AS blame, NULL AS missing, NULL AS severity
  FROM missing w
UNION ALL
SELECT w.object, 'inconclusive',
       CASE WHEN NOT w.seen THEN 'no-signal' WHEN w.ending = 'unknown' THEN 'gap' ELSE 'end' END,
       w.trigger_event, w.expected_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN NOT w.seen THEN '["irq.ack@shadow"]' END, NULL
  FROM open w WHERE w.id NOT IN (SELECT id FROM missing)
UNION ALL
SELECT i.id, 'pass', NULL, m.first_event, m.last_event, m.first_ns, m.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM object i JOIN object_summary m ON m.object = i.id JOIN ledger k ON k.object = i.id AND k.hop = 'eoied' AND k.lo > 0
 WHERE NOT EXISTS (SELECT 1 FROM link l JOIN object p ON p.id = l.feeder AND p.kind = 'pin' WHERE l.fed = i.id)
