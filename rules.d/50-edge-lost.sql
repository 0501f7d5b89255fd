-- id: edge-lost
-- rev: 1
-- severity: error
-- status: stable
-- title: Edge interrupt held pending while disabled, and never replayed
-- paths: baremetal dom0-pvh hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.enter ; irq.resend@shadow
-- late: fail
-- says: {who} left an edge of {object} pending when the irq was enabled {when}; a resend should have followed, owed
--   by {owner}{lasted}
-- hop: action entered
-- why: an edge is sent once; one that comes while its irq is disabled is kept by the kernel alone, and a device that
--   waits for it to be answered does not send another
-- falsepositives: none known
-- mend: enable_irq() must find the irq pending and have its chip send it again: look whether the depth went to 0
--   there, and whether the chip's irq_retrigger ran
-- refs: Linux kernel/irq/resend.c check_irq_resend(), kernel/irq/chip.c handle_edge_irq(),
--   arch/x86/kernel/apic/vector.c apic_retrigger_irq()
-- param: grace_ns = 50000000
--
-- From the moment at which the irq is pending and enabled it must be handled, or sent again. Both must have been
-- recorded from before that moment on.
WITH owed AS (
  SELECT o.*, x.machine, o.guard = 'true' AND o.ending IN ('discharged', 'excused') AS met,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = x.machine AND g.kind = 'irq.resend' AND g.witness = 'shadow'
                    AND g.grade = 'complete'
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS resend_seen,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = x.machine AND g.kind = 'irq.enter' AND g.grade = 'complete'
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS enter_seen
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'edge-resend'),
overdue AS (
  SELECT * FROM owed
   WHERE guard = 'true' AND ending <> 'contradicted' AND owed_before_gap_ns > deadline_ns AND cause_event IS NOT NULL)
SELECT v.object, 'fail' AS verdict, NULL AS reason, v.cause_event AS first_event,
       coalesce(v.end_event, v.trigger_event) AS last_event, v.trigger_ns AS start_ns, v.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT v.cause_event AS event, 'first_missed' AS role
          UNION ALL SELECT coalesce(v.expected_event, v.trigger_event), 'expected'
          UNION ALL SELECT m.last_event, 'last_good' FROM object_summary m
                     WHERE m.object = v.object AND m.last_ns <= v.trigger_ns) a WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, 'not-resent' AS signature, 'kernel:check_irq_resend' AS blame, NULL AS missing,
       NULL AS severity
  FROM overdue v WHERE v.resend_seen AND v.enter_seen

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', v.cause_event, v.end_event, v.trigger_ns, v.end_ns,
       NULL, NULL, NULL, NULL,
       CASE WHEN v.resend_seen THEN '["irq.enter@shadow"]' ELSE '["irq.resend@shadow"]' END, NULL
  FROM overdue v WHERE NOT (v.resend_seen AND v.enter_seen)

UNION ALL
SELECT w.object, CASE WHEN w.met THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.met THEN NULL WHEN w.ending = 'unknown' THEN 'gap' WHEN w.guard <> 'true' THEN 'start'
            ELSE 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM overdue)
