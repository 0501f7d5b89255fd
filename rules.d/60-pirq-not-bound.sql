-- id: pirq-not-bound
-- rev: 1
-- severity: error
-- status: experimental
-- title: pirq that its guest could not bind to an event channel
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: xen.pirq.bind | snapshot.field
-- says: Xen refused {when} to bind {object} to an event channel, and no later call did{lasted}: the irq that was started on it
--   cannot be delivered
-- could: hypervisor kernel
-- why: a guest's driver waits for an irq that has no event channel; the device's interrupts reach Xen at most
-- falsepositives: none known; a guest that gives the pirq up again is not reported
-- mend: look at the result of the bind: -EEXIST where the pirq is bound already, -EPERM or -EINVAL where it was never mapped
--   for this domain, -EBUSY where Xen or another guest has the irq and does not share it
-- refs: Xen xen/common/event_channel.c evtchn_bind_pirq(), xen/arch/x86/irq.c pirq_guest_bind()
-- param: grace_ns = 50000000
--
-- The model's obligation pirq-bind begins with a bind that was refused.
WITH owed AS (
  SELECT o.*, json_extract(e.args, '$.ret') AS ret, e.via FROM obligation o LEFT JOIN event e ON e.id = o.cause_event
   WHERE o.kind = 'pirq-bind')
SELECT w.object, 'fail' AS verdict, NULL AS reason, w.cause_event AS first_event, w.end_event AS last_event,
       w.trigger_ns AS start_ns, w.end_ns,
       json_array(json_object('event', w.cause_event, 'role', 'cause')) AS events, 'hypervisor' AS layer,
       'refused' AS signature, 'hypervisor:evtchn_bind_pirq (' || w.ret || ')' AS blame, NULL AS missing, NULL AS severity
  FROM owed w WHERE w.ending = 'open' AND w.owed_ns > :grace_ns
UNION ALL
SELECT w.object, CASE WHEN w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE w.ending WHEN 'open' THEN 'end' WHEN 'unknown' THEN 'gap' WHEN 'contradicted' THEN 'order' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE NOT (w.ending = 'open' AND w.owed_ns > :grace_ns)
UNION ALL
SELECT p.object, 'pass', NULL, coalesce(p.start_event, o.first_event), p.end_event, coalesce(p.start_ns, p.end_ns), p.end_ns,
       NULL, NULL, NULL, NULL, NULL, NULL
  FROM span p JOIN object o ON o.id = p.object
 WHERE p.component = 'xen_pirq' AND p.field = 'bound' AND p.state = 'yes' AND p.object NOT IN (SELECT object FROM owed)
