-- id: irq-unhandled
-- rev: 1
-- severity: error
-- status: stable
-- title: Interrupts that no handler claims
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.exit | irq.spurious
-- says: {object} interrupts and no action claims it{since}; an action that claims the interrupt and quiets the device
--   should have answered, owed by {who} or by the driver of whatever else raises the line
-- hop: [run] handled
-- hop: [reported] irq enabled
-- why: the kernel switches an irq off once 99,900 of 100,000 interrupts were claimed by no action; everything that shares
--   the line is then dead
-- falsepositives: a test that provokes it
-- mend: find the device that raises the line: one that shares it with the drivers named here, has no driver, or was left
--   asserting after a failed probe, a reset or a resume
-- refs: Linux kernel/irq/spurious.c, note_interrupt(), __report_bad_irq()
-- param: limit = 99900
-- param: suspect = 100
-- param: storm_per_s = 200
--
-- A storm is told by irq-storm, with the same evidence and more: one cause, one finding.
-- The kernel's own report is one proof, a run as long as its limit another. A shorter run that the capture or a hole
-- cuts off may have gone on; runs that ended are the noise of shared lines.
WITH reported AS (
  SELECT object, min(start_event) AS event, min(start_ns) AS at_ns, max(end_ns) AS end_ns
    FROM span WHERE component = 'irq' AND field = 'spurious_disabled' AND state = 'yes' GROUP BY object),
run AS (
  SELECT m.object, m.unhandled_run, m.unhandled_at_end, m.unhandled_first_event, m.unhandled_last_event,
         m.handled + m.unhandled AS told, m.first_event, m.last_event, m.last_ns, o.driver, o.label,
         -- the first action may run before the first result that proves that results are recorded
         max(m.first_ns, coalesce((SELECT min(g.from_ns) FROM signal g WHERE g.kind = 'irq.exit'), m.first_ns)) AS first_ns
    FROM object_summary m JOIN object o ON o.id = m.object AND o.kind = 'irq'
   WHERE m.busiest_second < :storm_per_s OR m.unhandled_run < :limit AND m.object NOT IN (SELECT object FROM reported))
SELECT r.object, 'fail' AS verdict, NULL AS reason,
       coalesce(p.event, r.unhandled_first_event) AS first_event, coalesce(p.event, r.unhandled_last_event) AS last_event,
       coalesce(p.at_ns, r.first_ns) AS start_ns, coalesce(p.end_ns, r.last_ns) AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT r.unhandled_first_event AS event, 'first_missed' AS role
          UNION ALL SELECT coalesce(p.event, r.unhandled_last_event), 'cause') a WHERE a.event IS NOT NULL) AS events,
       'driver' AS layer, CASE WHEN p.object IS NULL THEN 'run' ELSE 'reported' END AS signature,
       'driver:' || coalesce(r.driver, r.label, 'unknown') AS blame, NULL AS missing, NULL AS severity
  FROM run r LEFT JOIN reported p ON p.object = r.object
 WHERE p.object IS NOT NULL OR r.unhandled_run >= :limit

UNION ALL
SELECT r.object, 'inconclusive', CASE WHEN r.unhandled_at_end THEN 'end' ELSE 'gap' END, r.unhandled_first_event,
       r.unhandled_last_event, r.first_ns, r.last_ns, NULL, NULL, NULL, NULL, '["irq.spurious"]', NULL
  FROM run r
 WHERE r.unhandled_run >= :suspect AND r.unhandled_run < :limit AND r.object NOT IN (SELECT object FROM reported)
   AND (r.unhandled_at_end OR EXISTS (SELECT 1 FROM gap g WHERE g.event > r.unhandled_last_event))

UNION ALL
SELECT r.object, 'pass', NULL, r.first_event, r.last_event, r.first_ns, r.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM run r
 WHERE r.told > 0 AND r.object NOT IN (SELECT object FROM reported)
   AND NOT (r.unhandled_run >= :suspect
            AND (r.unhandled_run >= :limit OR r.unhandled_at_end OR EXISTS (SELECT 1 FROM gap g WHERE g.event > r.unhandled_last_event)))
