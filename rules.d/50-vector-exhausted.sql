-- id: vector-exhausted
-- rev: 1
-- severity: warning
-- status: stable
-- title: No vector left for an interrupt
-- paths: baremetal dom0-pvh hvm-passthrough kvm-split kvm-full qemu-user
-- requires: vector.alloc
-- says: {object} was left without a vector {when} by {who}; a successful allocation should have followed, owed by
--   {owner}{lasted}
-- says: [target-offline] {object} was left on a CPU that went offline {when} by {who}; a vector on another CPU should
--   have followed, owed by {owner}{lasted}
-- hop: vector assigned
-- why: request_irq() fails, or a device stays routed to a CPU that has gone offline; either way it gets no interrupt
-- falsepositives: a driver that asks for more vectors than it needs and gets along with fewer
-- mend: each CPU has about two hundred vectors: spread affinities, let drivers use fewer queues, or remap
--   interrupts; the irq_matrix records and /sys/kernel/debug/irq/domains say who holds them. That a failing move away
--   from a CPU that goes offline is not tried again on all CPUs was fixed in Linux 6.10
-- refs: Linux arch/x86/kernel/apic/vector.c assign_irq_vector_any_locked(), kernel/irq/matrix.c,
--   kernel/irq/cpuhotplug.c
-- param: grace_ns = 100000000
--
-- An activation makes several tries, on ever more CPUs; only one that no success follows leaves the irq without a
-- vector.
WITH owed AS (
  SELECT o.*,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns
    FROM obligation o WHERE o.kind IN ('vector-assign', 'vector-offline')),
failed AS (
  SELECT * FROM owed
   WHERE guard = 'true' AND (ended_by IS 'activation failed'
                             OR ending IN ('open', 'unknown') AND owed_before_gap_ns > deadline_ns))
SELECT f.object, 'fail' AS verdict, NULL AS reason, coalesce(f.cause_event, f.trigger_event) AS first_event,
       coalesce(f.expected_event, f.trigger_event) AS last_event, f.trigger_ns AS start_ns, f.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT f.cause_event AS event, 'cause' AS role UNION ALL SELECT f.expected_event, 'expected'
          UNION ALL SELECT CASE f.kind WHEN 'vector-offline' THEN f.trigger_event ELSE f.end_event END, 'consequence') a
         WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, CASE f.kind WHEN 'vector-offline' THEN 'target-offline' ELSE 'no-vector' END AS signature,
       CASE f.kind WHEN 'vector-offline' THEN 'kernel:migrate_one_irq' ELSE 'kernel:irq_matrix_alloc' END AS blame,
       NULL AS missing, NULL AS severity
  FROM failed f

UNION ALL
SELECT w.object, CASE WHEN w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.ending IN ('discharged', 'excused') THEN NULL WHEN w.ending = 'unknown' THEN 'gap'
            WHEN w.guard <> 'true' THEN 'start' ELSE 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM failed)
