-- id: pin-left-masked
-- rev: 1
-- severity: error
-- status: stable
-- title: IO-APIC pin left masked while its interrupt is in use
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.startup | irq.enter | irq.flow | snapshot.field ; irq.mask@shadow | ioapic.rte_write | snapshot.field@hardware ;
--   irq.unmask@shadow | ioapic.rte_write | snapshot.field@hardware
-- late: fail
-- says: {object} was left masked {when} by {who} although its irq is started and enabled; an unmask should have
--   followed, owed by {owner}{lasted}
-- hop: unmasked
-- could: platform hypervisor kernel
-- why: a masked pin sends nothing, and an edge that comes meanwhile may be lost for good
-- falsepositives: a line that the kernel itself switched off (spurious disable), that is kept masked for its oneshot
--   threads, or whose irq is disabled is excused
-- mend: look at who called the masking function named as cause. enable_irq() does not unmask what the irq core does not
--   know to be masked
-- refs: Linux arch/x86/kernel/apic/io_apic.c mask_ioapic_irq(), unmask_ioapic_irq(); kernel/irq/chip.c
-- param: grace_ns = 50000000
WITH owed AS (
  SELECT o.*, x.machine,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'pin-unmask'),
overdue AS (
  SELECT w.*, e.kind AS cause_kind, e.witness AS cause_witness, e.via AS cause_via, e.comm AS cause_comm, e.pid AS cause_pid,
         json_extract(e.args, '$.state') & 0x10000 AS cause_disabled
    FROM owed w LEFT JOIN event e ON e.id = w.cause_event
   WHERE w.owed_before_gap_ns > w.deadline_ns AND w.guard = 'true' AND w.ending <> 'contradicted'),
proven AS (
  SELECT v.*,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE coalesce(g.machine, s.machine) = v.machine AND g.grade = 'complete' AND (g.basis = 'declared' OR g.from_ns <= v.trigger_ns)
                    AND (g.kind = 'irq.unmask' AND g.witness = 'shadow' AND g.via LIKE 'unmask_ioapic%'
                         OR g.kind = 'ioapic.rte_write' AND g.witness = 'hardware')) AS unmask_seen,
         v.cause_disabled = 0
         OR EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                     WHERE s.machine = v.machine AND g.kind = 'irq.disable'
                       AND (g.basis = 'declared' OR g.from_ns <= v.trigger_ns)) AS disable_seen
    FROM overdue v)
SELECT v.object, 'fail' AS verdict, NULL AS reason, coalesce(v.cause_event, v.trigger_event) AS first_event,
       v.end_event AS last_event, v.trigger_ns AS start_ns, v.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(v.cause_event, v.trigger_event) AS event, 'cause' AS role
          UNION ALL
          SELECT m.last_event, 'last_good' FROM link l JOIN object_summary m ON m.object = l.fed
           WHERE l.feeder = v.object AND m.last_ns <= v.trigger_ns
          UNION ALL SELECT v.first_missed_event, 'first_missed'
          UNION ALL SELECT v.expected_event, 'expected') a WHERE a.event IS NOT NULL) AS events,
       CASE WHEN v.cause_witness = 'hardware' THEN NULL ELSE 'kernel' END AS layer, 'masked-by-call' AS signature,
       CASE WHEN v.cause_witness = 'hardware' THEN 'unrecorded'
            ELSE 'kernel:' || v.cause_via || coalesce(' (task ' || nullif(v.cause_comm, '') || '-' || v.cause_pid || ')', '')
            END AS blame,
       NULL AS missing, NULL AS severity
  FROM proven v WHERE v.unmask_seen AND v.disable_seen
UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', coalesce(v.cause_event, v.trigger_event), v.end_event, v.trigger_ns, v.end_ns,
       NULL, NULL, NULL, NULL, CASE WHEN NOT v.unmask_seen THEN '["irq.unmask@shadow"]' ELSE '["irq.disable"]' END, NULL
  FROM proven v WHERE NOT (v.unmask_seen AND v.disable_seen)
UNION ALL
SELECT w.object, CASE WHEN w.guard = 'true' AND w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'contradicted' THEN 'order' WHEN w.ending = 'unknown' THEN 'gap'
            WHEN w.ending = 'open' THEN 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.guard <> 'true' OR w.ending = 'contradicted' OR w.owed_before_gap_ns <= w.deadline_ns
UNION ALL
SELECT l.feeder, 'pass', NULL, m.first_event, m.last_event, m.first_ns, m.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM link l JOIN object p ON p.id = l.feeder AND p.kind = 'pin' JOIN object i ON i.id = l.fed AND i.kind = 'irq'
  JOIN object_summary m ON m.object = l.fed
 WHERE m.deliveries > 0
