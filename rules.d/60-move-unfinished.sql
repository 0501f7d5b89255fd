-- id: move-unfinished
-- rev: 1
-- severity: warning
-- status: experimental
-- title: Irq of Xen was moved, and the move does not end
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: xen.irq.assign ; xen.irq.handled | xen.irq.move_delay
-- says: {object} was given another vector {when} and goes on arriving by the old one, on its old CPU: {who} left its message or its entry
--   as it was, which should have been written with the move, owed by {owner}{lasted}
-- says: [clean-up] the old vector of {object} was to be released {when}, and {who} has put that off again and again: the release
--   should have followed, owed by {owner}{lasted}
-- hop: [old-vector] message programmed
-- could: platform hypervisor
-- why: the irq does not go where it is meant to, further moves of it are refused (-EAGAIN), and it is lost when its old CPU goes offline;
--   a clean-up that calls itself again for ever leaves its CPU nothing else to do
-- falsepositives: none known; that a device does not interrupt again after a move is none, and one or two that were on their way either
-- mend: [clean-up] Xen 4.15 and later give no vector to devices that is below that of the clean-up interrupt
-- mend: compare the message (`xl debug-keys M`), the pin (`z`) and the remapping entry (`V`) with the vector that key i shows. Xen
--   4.21 and later do not pass over errors of remapping entries, and write every message anew on resume
-- refs: Xen xen/arch/x86/irq.c _assign_irq_vector(), irq_complete_move(), irq_move_cleanup_interrupt()
-- param: grace_ns = 10000000
-- param: arrivals = 3
-- param: delays = 100
--
-- The model's obligations xen-move (each arrival by the old vector is an opportunity) and xen-cleanup (each record that the release was
-- put off). What is counted is there: neither needs a complete record.
WITH owed AS (
  SELECT o.*, e.t_lo_ns AS last_ns, coalesce(o.opportunities, 0) AS nr
    FROM obligation o LEFT JOIN event e ON e.id = o.expected_event WHERE o.kind IN ('xen-move', 'xen-cleanup')),
broken AS (
  SELECT * FROM owed
   WHERE guard = 'true' AND ending <> 'contradicted'
     AND (kind = 'xen-move' AND nr >= :arrivals AND last_ns - trigger_ns > :grace_ns OR kind = 'xen-cleanup' AND nr >= :delays))
SELECT b.object, 'fail' AS verdict, NULL AS reason, coalesce(b.cause_event, b.trigger_event) AS first_event, b.expected_event AS last_event,
       b.trigger_ns AS start_ns, b.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(b.cause_event, b.trigger_event) AS event, 'cause' AS role
          UNION ALL SELECT b.expected_event, 'consequence') a WHERE a.event IS NOT NULL) AS events,
       CASE b.kind WHEN 'xen-cleanup' THEN 'hypervisor' END AS layer,
       CASE b.kind WHEN 'xen-cleanup' THEN 'clean-up' ELSE 'old-vector' END AS signature,
       CASE b.kind WHEN 'xen-cleanup' THEN 'hypervisor:irq_move_cleanup_interrupt' ELSE 'unrecorded' END AS blame,
       NULL AS missing, CASE b.kind WHEN 'xen-cleanup' THEN 'error' END AS severity
  FROM broken b
UNION ALL
SELECT w.object, 'inconclusive',
       CASE WHEN w.ending = 'unknown' THEN 'gap' WHEN w.guard <> 'true' THEN 'order' ELSE 'end' END,
       coalesce(w.cause_event, w.trigger_event), w.expected_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM broken) AND w.ending IN ('open', 'unknown') AND w.nr > 0
UNION ALL
SELECT w.object, 'pass', NULL, w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM broken) AND w.ending = 'discharged' AND w.guard = 'true'
