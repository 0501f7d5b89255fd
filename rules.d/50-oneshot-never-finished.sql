-- id: oneshot-never-finished
-- rev: 1
-- severity: error
-- status: stable
-- title: Oneshot interrupt still masked for a thread that has not finished
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.exit ; irq.mask@shadow ; irq.unmask@shadow | irq.thread_done
-- says: The oneshot thread of {object} was woken {when} and {who} has not finished; irq_finalize_oneshot() and its
--   unmask should have followed, owed by the thread{lasted}
-- hop: unmasked
-- why: a oneshot line stays masked until its threads have finished; a thread that waits for ever leaves the device dead
-- falsepositives: a thread that legitimately takes longer than the grace
-- mend: see where the thread hangs (stack of irq/N-NAME in /proc/PID/stack, or sysrq-w), not at the mask
-- refs: Linux kernel/irq/manage.c irq_finalize_oneshot(), irq_thread()
-- param: grace_ns = 2000000000
WITH owed AS (
  SELECT o.*, x.driver, x.label,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = x.machine AND g.grade = 'complete' AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)
                    AND (g.kind = 'irq.thread_done' OR g.kind = 'irq.unmask' AND g.via LIKE 'unmask_ioapic%')) AS seen
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'oneshot-finish'),
judged AS (
  SELECT w.*,
         CASE WHEN w.ending IN ('discharged', 'excused') THEN 'pass'
              -- behind a hole it may have finished late, which is no fault
              WHEN w.guard = 'true' AND w.seen AND w.ending = 'open' AND w.owed_ns > w.deadline_ns THEN 'fail'
              ELSE 'inconclusive' END AS result
    FROM owed w)
SELECT j.object, j.result AS verdict,
       CASE WHEN j.result <> 'inconclusive' THEN NULL WHEN NOT j.seen THEN 'no-signal' WHEN j.guard <> 'true' THEN 'start'
            WHEN j.ending = 'unknown' THEN 'gap' ELSE 'end' END AS reason,
       j.trigger_event AS first_event, j.end_event AS last_event, j.trigger_ns AS start_ns, j.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT j.trigger_event AS event, 'cause' AS role
          UNION ALL
          SELECT p.start_event, 'consequence' FROM link l JOIN span p ON p.object = l.feeder
           WHERE l.fed = j.object AND p.component = 'ioapic_pin' AND p.field = 'mask' AND p.state = 'masked' AND p.ending = 'open'
          UNION ALL SELECT j.first_missed_event, 'first_missed') a WHERE a.event IS NOT NULL) AS events,
       'driver' AS layer, 'thread' AS signature, 'driver:' || coalesce(j.driver, j.label, 'unknown') || ' (thread)' AS blame,
       CASE WHEN j.result = 'inconclusive' AND NOT j.seen THEN '["irq.thread_done@shadow", "irq.unmask@shadow"]' END AS missing,
       NULL AS severity
  FROM judged j
