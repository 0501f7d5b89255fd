-- id: bus-master-off
-- rev: 1
-- severity: error
-- status: stable
-- title: Bus mastering off while MSI or MSI-X interrupts are in use
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: pci.command@shadow ; irq.startup | irq.enter
-- says: {object} had bus mastering switched off {when} by {who} while interrupts of its MSI or MSI-X were in use;
--   switching it on again should have followed, owed by {owner}{lasted}
-- hop: bus master on
-- could: platform hypervisor kernel driver user
-- why: MSI and MSI-X messages are memory writes of the device: without bus mastering they stay in it, like all its DMA
-- falsepositives: a driver that suspends its device with the irq still requested turns bus mastering off on purpose;
--   unless the records show that the device wanted to interrupt, or somebody waited for it, that is not told from a
--   fault
-- mend: find who wrote the command register named as cause. pci_disable_device() and pci_clear_master() belong behind
--   free_irq(); after a reset, pci_restore_state() or pci_set_master() must come before the device is used
-- refs: PCI Local Bus Specification 3.0, Command Register; Linux drivers/pci/pci.c, pci_set_master()
-- param: grace_ns = 1000000000
--
-- off: every stretch of time in which bus mastering was off although an irq of the function's MSI or MSI-X was started
-- and enabled (the model's obligation bus-master).
WITH off AS (
  SELECT o.*, x.machine,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'bus-master'),
-- overdue: it lasted too long. Could it have been on again, or the device asleep, unseen? Not where the device wanted
-- to interrupt or its driver timed out meanwhile, and nothing came (else the obligation ends contradicted); else all
-- writes of the register and all changes of power must be recorded.
overdue AS (
  SELECT w.*, e.kind AS cause_kind, e.witness AS cause_witness, e.via AS cause_via,
         coalesce(' (task ' || nullif(e.comm, '') || '-' || e.pid || ')', '') AS cause_task,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = w.machine AND g.grade = 'complete' AND g.kind = 'pci.command'
                    AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns))
         AND EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                      WHERE s.machine = w.machine AND g.grade = 'complete' AND g.kind = 'pci.power'
                        AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns)) AS all_seen,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = w.machine AND g.kind IN ('irq.shutdown', 'irq.free')
                    AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns)) AS end_seen
    FROM off w LEFT JOIN event e ON e.id = w.cause_event
   WHERE w.owed_before_gap_ns > w.deadline_ns AND w.guard = 'true' AND w.ending <> 'contradicted'),
proven AS (
  SELECT v.*, v.cause_kind IS 'pci.command' AND v.end_seen AND (v.first_missed_event IS NOT NULL OR v.all_seen) AS told
    FROM overdue v)

SELECT v.object, 'fail' AS verdict, NULL AS reason, v.cause_event AS first_event, v.end_event AS last_event,
       v.trigger_ns AS start_ns, v.end_ns AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT v.cause_event AS event, 'cause' AS role
          UNION ALL
          SELECT max(m.last_event), 'last_good' FROM object i JOIN object_summary m ON m.object = i.id
           WHERE i.function = v.object AND m.last_ns <= v.trigger_ns
          UNION ALL SELECT v.first_missed_event, 'first_missed') a
        WHERE a.event IS NOT NULL) AS events,
       CASE WHEN v.cause_witness = 'hardware' THEN NULL ELSE 'kernel' END AS layer, 'written-off' AS signature,
       CASE WHEN v.cause_witness = 'hardware' THEN 'unrecorded'
            ELSE 'kernel:' || v.cause_via || v.cause_task END AS blame,
       NULL AS missing, NULL AS severity
  FROM proven v WHERE v.told

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', coalesce(v.cause_event, v.trigger_event), v.end_event,
       v.trigger_ns, v.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN v.end_seen THEN '["harm.timeout", "device.notify", "pci.command@hardware"]'
            ELSE '["irq.free"]' END, NULL
  FROM proven v WHERE NOT v.told

UNION ALL
SELECT w.object,
       CASE WHEN w.guard = 'true' AND w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'contradicted' THEN 'order'
            WHEN w.ending = 'unknown' THEN 'gap' WHEN w.ending = 'open' THEN 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM off w WHERE w.guard <> 'true' OR w.ending = 'contradicted' OR w.owed_before_gap_ns <= w.deadline_ns
