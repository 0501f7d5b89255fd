-- id: pirq-eoi-missing
-- rev: 1
-- severity: error
-- status: experimental
-- title: pirq whose interrupt the guest never acknowledged
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: xen.irq.handled | snapshot.field ; xen.pirq.eoi | snapshot.field
-- says: Xen gave an interrupt of {object} to its guest {when}, and no EOI followed, owed by {owner}{lasted}
-- says: [never-forced] Xen still waits {when} for the guest's EOI of {object}, although nothing came of it since an earlier dump:
--   its own timer should have ended that after 1 ms
-- hop: acknowledged (EOI)
-- could: hypervisor kernel
-- why: until the EOI a level pin stays masked or its remote IRR set, and a message without a mask bit keeps its vector and all of
--   lower priority waiting on that CPU; Xen's timer of 1 ms bounds that, at the price of a stall each time
-- falsepositives: a handler that still runs when the capture ends is not one: it is reported as inconclusive
-- mend: look at the guest's irq chip: eoi_pirq does nothing where it believes that Xen wants no EOI of that pirq
-- refs: Xen xen/arch/x86/irq.c desc_guest_eoi(), irq_guest_eoi_timer_fn(); Linux drivers/xen/events/events_base.c eoi_pirq()
-- param: grace_ns = 50000000
--
-- The model's obligation pirq-eoi begins where Xen hands over what is acknowledged late. That it is missing is proven only where
-- every EOI of the guest is recorded, or where two dumps show the same debt and nothing came in between.
WITH owed AS (
  SELECT o.*, x.machine,
         o.guard = 'true' AND EXISTS (
           SELECT 1 FROM signal g WHERE g.kind = 'xen.pirq.eoi' AND g.grade = 'complete'
              AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS seen
    FROM obligation o JOIN object x ON x.id = o.object WHERE o.kind = 'pirq-eoi'),
debt AS (
  SELECT c.object, c.event, e.t_hi_ns AS at_ns, c.believed,
         (SELECT m.last_ns FROM link l JOIN object_summary m ON m.object = l.feeder WHERE l.fed = c.object
           ORDER BY m.last_ns DESC LIMIT 1) AS last_ns
    FROM snapshot_check c CROSS JOIN event e ON e.id = c.event
   WHERE c.component = 'xen_pirq' AND c.field = 'eoi_owed' AND c.seen = 'yes'),
stuck AS (
  SELECT b.object, a.event AS first_event, b.event, a.at_ns AS first_ns, b.at_ns
    FROM debt a JOIN debt b ON b.object = a.object AND b.at_ns > a.at_ns + :grace_ns AND b.believed = 'yes'
   WHERE (b.last_ns IS NULL OR b.last_ns <= a.at_ns)
     AND NOT EXISTS (SELECT 1 FROM gap g WHERE g.from_ns <= b.at_ns AND g.to_ns >= a.at_ns)),
missing AS (
  SELECT w.* FROM owed w
   WHERE w.seen AND w.ending = 'open' AND w.owed_before_gap_ns > :grace_ns AND w.object NOT IN (SELECT object FROM stuck)),
-- What waits for that EOI may be what the guest waits for: eoi-stack-inversion says it.
blocking AS (
  SELECT w.id FROM owed w JOIN obligation s ON s.kind = 'eoi-stack' AND s.cause_event = w.cause_event
   WHERE s.guard = 'true' AND s.ending = 'open' AND s.owed_ns > 4 * :grace_ns)
SELECT w.object, 'fail' AS verdict, NULL AS reason, coalesce(w.cause_event, w.trigger_event) AS first_event,
       w.first_missed_event AS last_event, w.trigger_ns AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(w.cause_event, w.trigger_event) AS event, 'cause' AS role
          UNION ALL SELECT w.first_missed_event, 'consequence') a WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, 'no-eoi' AS signature, 'kernel:eoi_pirq' AS blame, NULL AS missing, NULL AS severity
  FROM missing w WHERE w.id NOT IN (SELECT id FROM blocking)
UNION ALL
SELECT s.object, 'fail', NULL, s.first_event, s.event, s.first_ns, s.at_ns,
       json_array(json_object('event', s.first_event, 'role', 'cause'), json_object('event', s.event, 'role', 'consequence')),
       NULL, 'never-forced', 'unrecorded', NULL, NULL
  FROM stuck s GROUP BY s.object
UNION ALL
SELECT w.object, 'inconclusive',
       CASE WHEN w.guard <> 'true' OR NOT w.seen THEN 'no-signal' WHEN w.ending = 'unknown' THEN 'gap' ELSE 'end' END,
       w.trigger_event, w.first_missed_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN w.guard <> 'true' OR NOT w.seen THEN '["xen.pirq.eoi@shadow"]' END, NULL
  FROM owed w WHERE w.ending IN ('open', 'unknown') AND w.id NOT IN (SELECT id FROM missing UNION ALL SELECT id FROM blocking)
                AND w.object NOT IN (SELECT object FROM stuck)
UNION ALL
SELECT o.id, 'pass', NULL, o.first_event, o.last_event, e.t_hi_ns, e.t_hi_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM object o JOIN snapshot_check c ON c.object = o.id AND c.component = 'xen_pirq' AND c.field = 'eoi_owed' AND c.seen = 'no'
  CROSS JOIN event e ON e.id = c.event
 WHERE NOT EXISTS (SELECT 1 FROM owed w WHERE w.object = o.id) GROUP BY o.id
