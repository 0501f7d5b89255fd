-- id: evtchn-left-masked
-- rev: 1
-- severity: error
-- status: experimental
-- title: Event channel left masked while its irq is in use
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: irq.startup | irq.enter ; xen.evtchn.mask | xen.evtchn.unmask | snapshot.field
-- late: fail
-- says: {who} left {object} masked {when}, although the irq that it feeds is started and enabled; an unmask should have followed,
--   owed by {owner}{lasted}
-- hop: unmasked
-- could: kernel
-- why: Xen sets the pending bit of a masked event channel and calls nobody; the driver waits for an interrupt that has come
-- falsepositives: an event channel that its handler keeps masked on purpose until its work is done (late EOI), for longer than
--   the grace
-- mend: look at who masked it. A kernel that unmasks a pending event channel must do so by the hypercall, or the event is lost
-- refs: Linux drivers/xen/events/events_base.c do_mask(), do_unmask(); Xen xen/common/event_channel.c evtchn_unmask()
-- param: grace_ns = 50000000
--
-- The model's obligation evtchn-unmask: a masked event channel whose irq is started and enabled.
WITH owed AS (
  SELECT o.*, e.via,
         EXISTS (SELECT 1 FROM signal g WHERE g.kind = 'xen.evtchn.unmask' AND g.grade = 'complete'
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS unmask_seen,
         EXISTS (SELECT 1 FROM signal g WHERE g.kind = 'irq.disable'
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS disable_seen
    FROM obligation o LEFT JOIN event e ON e.id = o.cause_event WHERE o.kind = 'evtchn-unmask'),
overdue AS (
  SELECT * FROM owed WHERE guard = 'true' AND ending <> 'contradicted' AND owed_before_gap_ns > :grace_ns)
SELECT w.object, 'fail' AS verdict, NULL AS reason, coalesce(w.cause_event, w.trigger_event) AS first_event,
       w.end_event AS last_event, w.trigger_ns AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(w.cause_event, w.trigger_event) AS event, 'cause' AS role
          UNION ALL SELECT w.first_missed_event, 'first_missed') a WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, 'left-masked' AS signature, coalesce('kernel:' || w.via, 'unrecorded') AS blame, NULL AS missing,
       NULL AS severity
  FROM overdue w WHERE w.unmask_seen AND w.disable_seen
UNION ALL
SELECT w.object, 'inconclusive', 'no-signal', coalesce(w.cause_event, w.trigger_event), w.end_event, w.trigger_ns, w.end_ns,
       NULL, NULL, NULL, NULL, CASE WHEN w.unmask_seen THEN '["irq.disable"]' ELSE '["xen.evtchn.unmask"]' END, NULL
  FROM overdue w WHERE NOT (w.unmask_seen AND w.disable_seen)
UNION ALL
SELECT w.object, CASE WHEN w.guard = 'true' AND w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'contradicted' THEN 'order' WHEN w.ending = 'unknown' THEN 'gap'
            WHEN w.ending = 'open' THEN 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM overdue)
