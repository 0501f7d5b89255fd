-- id: enable-failed
-- rev: 1
-- severity: error
-- status: stable
-- title: Device left without an interrupt after one was refused
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: pci.msix.enable@shadow | pci.msi.enable@shadow | irq.setup_result@shadow ; irq.setup | irq.setup_result
-- says: {object} is without an interrupt{since}, refused by {who}; another kind of interrupt should have been asked
--   for, owed by its driver
-- hop: MSI-X enabled
-- hop: [msi] MSI enabled
-- hop: [request] irq requested
-- why: drivers try MSI-X, then MSI, then the line, and drop to fewer vectors; a device for which every way was refused
--   has no interrupt at all
-- falsepositives: a driver that polls where it gets no vector
-- mend: the refusal's errno says which way to look: -28 vectors or table entries ran out (see vector-exhausted), -12
--   memory, -22 not supported or switched off (pci=nomsi, a quirk, an IOMMU domain without MSI), -16 the line is taken
--   by an action that does not share it
-- refs: Linux drivers/pci/msi/api.c, pci_alloc_irq_vectors(); kernel/irq/manage.c, __setup_irq()
-- param: grace_ns = 1000000000
--
-- went: functions that were refused an interrupt while they had none (the model's obligation enable). What shows that
-- it hurt (a request that failed as well, a failed probe, a time-out) is its first_missed_event; requests by others
-- for irqs that no function is known to have, which may be its line, are its opportunities.
WITH went AS (
  SELECT o.*, x.machine FROM obligation o JOIN object x ON x.id = o.object WHERE o.kind = 'enable'),
left_without AS (
  SELECT w.*, e.kind AS cause_kind, e.via AS cause_via, e.comm AS cause_comm, e.pid AS cause_pid,
         json_extract(e.args, '$.ret') AS ret,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = w.machine AND g.grade = 'complete' AND g.kind = 'irq.setup'
                    AND (g.basis = 'declared' OR g.from_ns <= w.trigger_ns)) AS setup_seen
    FROM went w LEFT JOIN event e ON e.id = w.cause_event
   WHERE w.ending = 'open' AND w.guard = 'true' AND w.owed_before_gap_ns > :grace_ns),
-- A function that cannot do MSI-X or MSI at all (EINVAL, ENODEV, ENOSYS, EOPNOTSUPP, ENOTSUPP) is no fault as such: its
-- driver may never want an interrupt, like that of a port without services.
proven AS (
  SELECT v.*, v.first_missed_event IS NOT NULL
              OR (v.opportunities = 0 AND v.setup_seen AND v.ret NOT IN (-22, -19, -38, -95, -524)) AS told
    FROM left_without v)

SELECT v.object, 'fail' AS verdict, NULL AS reason, v.cause_event AS first_event, v.first_missed_event AS last_event,
       v.trigger_ns AS start_ns, v.end_ns AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT v.cause_event AS event, 'cause' AS role
          UNION ALL SELECT v.trigger_event, 'expected' WHERE v.trigger_event <> v.cause_event
          UNION ALL SELECT v.first_missed_event, 'harm' WHERE v.first_missed_event <> v.cause_event) a
        WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer,
       CASE WHEN v.cause_kind = 'irq.setup_result' THEN 'request' WHEN v.cause_kind = 'pci.msi.enable' THEN 'msi'
            ELSE 'msix' END AS signature,
       'kernel:' || coalesce(v.cause_via, 'unknown') || ' (returned ' || v.ret
         || coalesce(', task ' || nullif(v.cause_comm, '') || '-' || v.cause_pid, '') || ')' AS blame,
       NULL AS missing, NULL AS severity
  FROM proven v WHERE v.told

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', v.cause_event, NULL, v.trigger_ns, v.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN v.setup_seen THEN '["harm.timeout", "irq.setup_result@shadow"]' ELSE '["irq.setup"]' END, NULL
  FROM proven v WHERE NOT v.told

UNION ALL
SELECT w.object, CASE WHEN w.ending = 'discharged' THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.ending = 'discharged' THEN NULL WHEN w.guard <> 'true' THEN 'start'
            WHEN w.ending = 'unknown' THEN 'gap' ELSE 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM went w
 WHERE NOT (w.ending = 'open' AND w.guard = 'true' AND w.owed_before_gap_ns > :grace_ns)
