-- id: rte-irte-mismatch
-- rev: 1
-- severity: warning
-- status: stable
-- title: Remapping entry does not hold the vector that was configured
-- paths: baremetal kvm-split kvm-full qemu-user
-- requires: vector.config ; irte.write
-- says: {object} does not hold the vector configured {when}, left so by {who}; a write of the remapping entry should
--   have followed, owed by {owner}{lasted}
-- hop: remapping entry set
-- why: behind a remapping unit the entry alone decides where an interrupt goes: it arrives on the old CPU or as a
--   vector that nobody owns
-- falsepositives: an entry that was posted to a guest before the capture began
-- mend: look at the IOMMU's set_affinity callback: whether it ran, whether its write was atomic, and whether the
--   entry is posted to a guest. An IOMMU fault log names entries that were not present
-- refs: Intel VT-d specification, "Interrupt Remapping Table Entry"; Linux drivers/iommu/intel/irq_remapping.c
--   intel_ir_set_affinity(), drivers/iommu/amd/iommu.c amd_ir_set_affinity()
-- param: grace_ns = 100000000
--
-- A vector that is configured while the entry is present is a move, which the chip's set_affinity callback writes.
WITH owed AS (
  SELECT o.*, x.machine, o.guard = 'true' AND o.ending IN ('discharged', 'excused') AS met,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = x.machine AND g.kind = 'irte.write' AND g.grade = 'complete'
                    AND (g.via LIKE '%set_affinity' OR g.witness = 'hardware')
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS write_seen
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'irte-update'),
overdue AS (
  SELECT * FROM owed
   WHERE guard = 'true' AND ending IN ('open', 'unknown', 'excused') AND owed_before_gap_ns > deadline_ns)
SELECT v.object, 'fail' AS verdict, NULL AS reason, coalesce(v.cause_event, v.trigger_event) AS first_event,
       coalesce(v.expected_event, v.trigger_event) AS last_event, v.trigger_ns AS start_ns, v.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT v.cause_event AS event, 'cause' AS role
          UNION ALL SELECT coalesce(v.expected_event, nullif(v.trigger_event, v.cause_event)), 'expected') a
         WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer,
       CASE WHEN coalesce(v.expected_event, v.trigger_event) = v.cause_event THEN 'not-written'
            ELSE 'other-vector' END AS signature,
       'kernel:irq_chip_set_affinity' AS blame, NULL AS missing, NULL AS severity
  FROM overdue v WHERE v.write_seen

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', coalesce(v.cause_event, v.trigger_event), v.end_event, v.trigger_ns,
       v.end_ns, NULL, NULL, NULL, NULL, '["irte.write@shadow"]', NULL
  FROM overdue v WHERE NOT v.write_seen

UNION ALL
SELECT w.object, CASE WHEN w.met THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.met THEN NULL WHEN w.ending = 'unknown' THEN 'gap' WHEN w.guard <> 'true' THEN 'start'
            ELSE 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM overdue)
