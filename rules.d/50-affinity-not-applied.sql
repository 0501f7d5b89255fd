-- id: affinity-not-applied
-- rev: 1
-- severity: warning
-- status: stable
-- title: Requested affinity is not applied
-- paths: baremetal dom0-pvh hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.affinity ; irq.flow | vector.alloc
-- says: {object} was asked {when} to move, and {who} left it where it was; the move should have followed with the
--   next interrupt, owed by {owner}{lasted}
-- why: the interrupt goes on to a CPU that it was moved away from: isolation, balancing and CPU hotplug rest on the
--   move
-- falsepositives: none known; moves wait for the next interrupt, for the clean-up of the last move and for an irq
--   that is disabled, and none of these is reported
-- mend: look at the irq's acknowledgement: it is what applies a pending affinity (irq_move_irq()), with the irq
--   masked. A request that is only stored shows in /proc/irq/N/smp_affinity, what is in effect in effective_affinity
-- refs: Linux kernel/irq/migration.c __irq_move_irq(), kernel/irq/manage.c irq_set_affinity_locked(),
--   arch/x86/kernel/apic/vector.c apic_set_affinity()
-- param: interrupts = 3
--
-- Interrupts that came while it could have been applied are its opportunities. The request is still pending where
-- the last one's state word says so, or where no allocation of a vector, which a move begins with, could have gone
-- unseen.
WITH owed AS (
  SELECT o.*, x.machine, o.guard = 'true' AND o.opportunities >= :interrupts AS late,
         -- a level line may put it off for as long as its remote IRR is set again at once, which nothing here shows
         EXISTS (SELECT 1 FROM link l JOIN object p ON p.id = l.feeder AND p.kind = 'pin' WHERE l.fed = o.object) AS level
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'affinity'),
seen AS (
  SELECT w.*, e.cpu AS on_cpu,
         NOT w.level
         AND (coalesce(json_extract(e.args, '$.state') & 0x100, 0) <> 0
         OR EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                     WHERE s.machine = w.machine AND g.kind = 'vector.alloc' AND g.via = 'vector_alloc'
                       AND g.grade = 'complete'
                       AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns))) AS proven
    FROM owed w LEFT JOIN event e ON e.id = w.expected_event
   WHERE w.late)
SELECT v.object, 'fail' AS verdict, NULL AS reason, coalesce(v.cause_event, v.trigger_event) AS first_event,
       v.expected_event AS last_event, v.trigger_ns AS start_ns, v.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT v.cause_event AS event, 'cause' AS role UNION ALL SELECT v.expected_event, 'expected') a
         WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, 'pending' AS signature, 'kernel:irq_move_irq' AS blame, NULL AS missing, NULL AS severity
  FROM seen v WHERE v.proven

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', v.trigger_event, v.expected_event, v.trigger_ns, v.end_ns,
       NULL, NULL, NULL, NULL,
       CASE WHEN v.level THEN '["ioapic.remote_irr"]' ELSE '["vector.alloc@shadow", "irq.flow@shadow"]' END, NULL
  FROM seen v WHERE NOT v.proven

UNION ALL
SELECT w.object, CASE WHEN w.ending = 'discharged' THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.ending = 'discharged' THEN NULL WHEN w.ending = 'unknown' THEN 'gap'
            WHEN w.guard <> 'true' THEN 'start' ELSE 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w
 WHERE NOT w.late
   -- without an interrupt nothing was due
   AND (w.ending = 'discharged' OR w.ending IN ('open', 'unknown') AND w.opportunities > 0)
