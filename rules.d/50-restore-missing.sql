-- id: restore-missing
-- rev: 1
-- severity: warning
-- status: stable
-- title: MSI or MSI-X not written back after a reset or low power
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: pci.reset@shadow | pci.power@shadow ; pci.restore | pci.msix.entry_write | pci.msi.write
-- says: {object} lost what MSI or MSI-X it had {when} to {who}; writing it back (pci_restore_state()) should have
--   followed, owed by {owner}{lasted}
-- hop: message programmed
-- why: a reset switches MSI and MSI-X off and empties messages and masks, low power only keeps what is written
--   meanwhile; the irqs that the driver holds stay silent until somebody writes them back
-- falsepositives: a driver that sets the device up anew by itself, without freeing its irqs, through register writes of
--   its own
-- mend: who resets the function must save and restore around it: pci_save_state() and pci_restore_state(), or
--   pci_reset_function() instead of pcie_flr()
-- refs: PCI Express Base Specification, Function Level Reset; Linux drivers/pci/pci.c, pci_restore_state();
--   drivers/pci/msi/msi.c, pci_restore_msi_state()
-- param: grace_ns = 2000000000
--
-- owed: every stretch of time in which a function had lost its set-up while irqs of it were started (the model's
-- obligations msix-restore and msi-restore).
WITH owed AS (
  SELECT o.*, x.machine,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind IN ('msix-restore', 'msi-restore')),
-- overdue: it lasted too long. A restore, or the irqs' end, must not have gone unseen.
overdue AS (
  SELECT w.*, e.kind AS cause_kind, e.via AS cause_via,
         coalesce(' (task ' || nullif(e.comm, '') || '-' || e.pid || ')', '') AS cause_task,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = w.machine AND g.grade = 'complete' AND g.kind = 'pci.restore'
                    AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns)) AS restore_seen,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = w.machine AND g.grade = 'complete'
                    AND g.kind IN ('irq.shutdown', 'irq.free', 'vector.teardown')
                    AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns)) AS end_seen
    FROM owed w LEFT JOIN event e ON e.id = w.cause_event
   WHERE w.owed_before_gap_ns > w.deadline_ns AND w.guard = 'true' AND w.ending <> 'contradicted')

SELECT v.object, 'fail' AS verdict, NULL AS reason, coalesce(v.cause_event, v.trigger_event) AS first_event,
       v.end_event AS last_event, v.trigger_ns AS start_ns, v.end_ns AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(v.cause_event, v.trigger_event) AS event, 'cause' AS role
          UNION ALL
          SELECT max(m.last_event), 'last_good' FROM object i JOIN object_summary m ON m.object = i.id
           WHERE i.function = v.object AND m.last_ns <= v.trigger_ns
          UNION ALL SELECT v.first_missed_event, 'first_missed') a
        WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, CASE WHEN v.cause_kind = 'pci.reset' THEN 'reset' ELSE 'low-power' END AS signature,
       'kernel:' || coalesce(v.cause_via, 'unknown') || v.cause_task AS blame,
       NULL AS missing, NULL AS severity
  FROM overdue v WHERE v.restore_seen AND v.end_seen

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', coalesce(v.cause_event, v.trigger_event), v.end_event,
       v.trigger_ns, v.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN v.restore_seen THEN '["irq.free"]' ELSE '["pci.restore"]' END, NULL
  FROM overdue v WHERE NOT (v.restore_seen AND v.end_seen)

UNION ALL
SELECT w.object,
       CASE WHEN w.guard = 'true' AND w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'contradicted' THEN 'order'
            WHEN w.ending = 'unknown' THEN 'gap' WHEN w.ending = 'open' THEN 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.guard <> 'true' OR w.ending = 'contradicted' OR w.owed_before_gap_ns <= w.deadline_ns
