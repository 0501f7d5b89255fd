-- id: eoi-stack-inversion
-- rev: 2
-- severity: error
-- status: experimental
-- title: Interrupts wait for an EOI that Xen has put off for a guest
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: xen.irq.handled ; xen.vector.pending | lapic.accept@hardware
-- late: fail
-- says: on the CPU of {object} an interrupt waits {when} for the EOI of one of a higher class, which {who} has put off until
--   its guest acknowledges; Xen should have given it after 1 ms at the latest{lasted}
-- hop: acknowledged (EOI)
-- could: hypervisor kernel
-- why: what waits may be what the guest itself waits for: its device model's disk, say. Then nothing ends it, and the CPU is
--   dead for all interrupts of that class and below
-- falsepositives: none known; that an interrupt is in the IRR once proves nothing, and is not enough
-- mend: Xen 4.1 and later force the EOI after 1 ms; Xen 3.3 and later do not put it off for messages that have mask bits. Where
--   neither helps, keep the devices of guests and of dom0 on different CPUs
-- refs: Xen xen/arch/x86/irq.c do_IRQ_guest(), flush_ready_eoi(), irq_guest_eoi_timer_fn(); Intel SDM volume 3A, "Interrupt,
--   Task, and Processor Priority"
-- param: grace_ns = 200000000
--
-- The model's obligation eoi-stack begins when a vector is in the IRR of a CPU on whose stack an irq of a higher class stands, and
-- was seen there again with nothing of it handled in between (opportunities). Each time that it is seen there proves that it
-- still waits; whether it was handled after the last one only a complete record of what is handled can tell. Evidence besides: where
-- the scheduler's records show that a vCPU of the guest that owes the EOI was not running then, and since when.
WITH held AS (
  SELECT o.*, s.t_lo_ns AS seen_ns,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         EXISTS (SELECT 1 FROM signal g WHERE g.kind = 'xen.irq.handled' AND g.grade = 'complete'
                  AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS handled_seen
    FROM obligation o LEFT JOIN event s ON s.id = o.expected_event WHERE o.kind = 'eoi-stack'),
blocked AS (
  SELECT h.* FROM held h
   WHERE h.guard = 'true' AND h.handled_seen AND h.opportunities > 0 AND h.seen_ns - h.trigger_ns > h.deadline_ns),
stopped AS (
  SELECT DISTINCT b.id, s.start_event AS event
    FROM blocked b JOIN link i ON i.fed = b.object JOIN object x ON x.id = i.feeder AND x.kind = 'xirq'
    JOIN link l ON l.feeder = x.id JOIN object p ON p.id = l.fed AND p.kind = 'pirq'
    JOIN object v ON v.kind = 'vcpu' AND substr(v.name, 1, instr(v.name, '.')) = replace(substr(p.name, 1, instr(p.name, '.')), 'pirq:', 'vcpu:')
    JOIN span s ON s.object = v.id AND s.component = 'vcpu' AND s.field = 'run' AND s.state IN ('blocked', 'offline', 'runnable')
                AND s.start_ns <= b.seen_ns AND s.end_ns >= b.seen_ns)
SELECT b.object, 'fail' AS verdict, NULL AS reason, coalesce(b.cause_event, b.trigger_event) AS first_event,
       b.expected_event AS last_event, b.trigger_ns AS start_ns, b.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT b.cause_event AS event, 'cause' AS role UNION ALL SELECT b.first_missed_event, 'first_missed'
          UNION ALL SELECT b.expected_event, 'consequence'
          UNION ALL SELECT s.event, 'harm' FROM stopped s WHERE s.id = b.id) a WHERE a.event IS NOT NULL) AS events,
       'hypervisor' AS layer, 'put-off' AS signature, 'hypervisor:do_IRQ_guest' AS blame, NULL AS missing, NULL AS severity
  FROM blocked b
UNION ALL
SELECT h.object, 'inconclusive',
       CASE WHEN h.guard <> 'true' OR NOT h.handled_seen THEN 'no-signal' WHEN h.ending = 'unknown' THEN 'gap' ELSE 'end' END,
       h.trigger_event, h.expected_event, h.trigger_ns, h.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN NOT h.handled_seen THEN '["xen.irq.handled@shadow"]' WHEN h.guard <> 'true' THEN '["snapshot.field@shadow"]' END, NULL
  FROM held h WHERE h.ending IN ('open', 'unknown') AND h.id NOT IN (SELECT id FROM blocked)
UNION ALL
SELECT h.object, 'pass', NULL, h.trigger_event, h.end_event, h.trigger_ns, h.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM held h WHERE h.ending = 'discharged' AND h.guard = 'true' AND h.id NOT IN (SELECT id FROM blocked)
