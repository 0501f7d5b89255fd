-- id: stale-message
-- rev: 1
-- severity: error
-- status: stable
-- title: Message does not hold the vector that was configured
-- paths: baremetal dom0-pvh hvm-passthrough kvm-split kvm-full qemu-user
-- requires: vector.config ; pci.msix.entry_write | pci.msi.write
-- says: {object} does not hold the vector configured {when}, left so by {who}; a write of the message should have
--   followed, owed by {owner}{lasted}
-- says: [parked] {object} is in use with the message of a parked irq{since}, left so by {who}; a vector and a write
--   of the message should have followed, owed by {owner}
-- hop: message programmed
-- why: the device goes on sending the old vector, to the old CPU: its interrupts arrive where nobody waits for them,
--   or as the spurious vector 239 where the message is still the parked one
-- falsepositives: none known; the two writes of a move are taken together, and remapped interrupts, whose message
--   does not change, are left out
-- mend: look at what stands between apic_set_affinity() and the device: the message domain's write, a device that
--   was not in D0 (only the cached copy is written then) or whose memory space was off
-- refs: Linux arch/x86/kernel/apic/msi.c msi_set_affinity(), drivers/pci/msi/msi.c __pci_write_msi_msg(),
--   arch/x86/kernel/apic/vector.c apic_update_irq_cfg()
-- param: grace_ns = 100000000
--
-- The write follows in the same task, within microseconds. A move and an activation call the writer from another
-- file than its own: where its calls were recorded at all, one of theirs cannot have gone unseen. Interrupts that come
-- on the new CPU all the same contradict it.
WITH owed AS (
  SELECT o.*, x.machine, o.guard = 'true' AND o.ending IN ('discharged', 'excused') AS met,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'message-update'),
overdue AS (
  SELECT w.*, e.kind AS cause_kind, coalesce(json_extract(e.args, '$.vector'), 0) = 239 AS parked, e.via,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = w.machine AND g.kind IN ('pci.msix.entry_write', 'pci.msi.write')
                    AND (g.grade = 'complete' OR g.via = '__pci_write_msi_msg')
                    AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns)) AS write_seen
    FROM owed w LEFT JOIN event e ON e.id = w.cause_event
   WHERE w.guard = 'true' AND w.ending IN ('open', 'unknown', 'excused') AND w.owed_before_gap_ns > w.deadline_ns),
-- What is parked while it is in use waits for a vector, not for a write.
proven AS (SELECT * FROM overdue WHERE write_seen OR parked)
SELECT v.object, 'fail' AS verdict, NULL AS reason, coalesce(v.cause_event, v.trigger_event) AS first_event,
       coalesce(v.expected_event, v.trigger_event) AS last_event, v.trigger_ns AS start_ns, v.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT v.cause_event AS event, 'cause' AS role UNION ALL SELECT v.expected_event, 'expected'
          UNION ALL
          SELECT m.last_event, 'last_good' FROM link l JOIN object_summary m ON m.object = l.fed
           WHERE l.feeder = v.object AND m.last_ns <= v.trigger_ns) a WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer,
       CASE WHEN v.parked THEN 'parked' WHEN v.expected_event IS NULL THEN 'not-written'
            ELSE 'other-vector' END AS signature,
       CASE WHEN v.parked THEN 'kernel:x86_vector_activate' ELSE 'kernel:__pci_write_msi_msg' END AS blame,
       NULL AS missing, NULL AS severity
  FROM proven v

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', coalesce(v.cause_event, v.trigger_event), v.end_event, v.trigger_ns,
       v.end_ns, NULL, NULL, NULL, NULL, '["pci.msix.entry_write@shadow", "pci.msi.write@shadow"]', NULL
  FROM overdue v WHERE v.id NOT IN (SELECT id FROM proven)

UNION ALL
SELECT w.object, CASE WHEN w.met THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.met THEN NULL WHEN w.ending = 'unknown' THEN 'gap' WHEN w.guard <> 'true' THEN 'start'
            WHEN w.ending = 'contradicted' THEN 'order' ELSE 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM overdue)
