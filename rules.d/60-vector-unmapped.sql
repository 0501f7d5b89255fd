-- id: vector-unmapped
-- rev: 1
-- severity: warning
-- status: experimental
-- title: Interrupt arrived at a CPU of Xen on a vector that no irq has there
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: xen.irq.unmapped
-- says: An interrupt of {object} arrived {when} on the vector that it had before it moved, although that was released before: {who}
--   left a message or an entry as it was, which should have been written with the move, owed by the hypervisor
-- says: [released] An interrupt of {object} arrived {when}, although the irq was released before: {who} left what sends it on, which
--   should have been masked with the release, owed by the hypervisor
-- says: [not-in-table] An interrupt arrived {when} on the vector that {object} was given on that CPU, and Xen found no irq there:
--   {who} took it out of the CPU's table
-- says: [unknown-sender] An interrupt arrived {when} on {object}, which no irq of Xen has: who sent it is {who}
-- hop: [released] unmasked
-- hop: [left] message programmed
-- could: platform hypervisor
-- could: [released] device platform hypervisor
-- could: [unknown-sender] device platform hypervisor
-- why: Xen acknowledges such an interrupt and forgets it: a guest waits for it in vain, or a device sends what it should not
-- falsepositives: a message that was on its way when its vector was released is none, and is not reported; single arrivals from
--   nobody that is known are a note, as boards send some when a CPU comes up
-- mend: compare the message of the device (lspci -vv, `xl debug-keys M`) and its remapping entry (`xl debug-keys V`) with the vector
--   that Xen has for the irq (`xl debug-keys i`)
-- refs: Xen xen/arch/x86/irq.c do_IRQ(), irq_move_cleanup_interrupt(), _clear_irq_vector()
-- param: race_ns = 1000000
-- param: unknown = 3
--
-- Which irq had the vector last the model tells, by the table of the CPU as ASSIGN, CLEANUP and CLEAR change it (vector_slot.owner).
-- The 8259's spurious vectors are told by Xen itself to be no fault. CROSS JOIN: harm is the small table, and drives.
WITH arrived AS (
  SELECT h.event, h.object, x.kind, x.name, e.t_lo_ns, e.t_hi_ns, e.source, v.id AS vector, json_extract(e.args, '$.vector') AS number
    FROM harm h CROSS JOIN event e ON e.id = h.event JOIN object x ON x.id = h.object
    JOIN object v ON v.kind = 'vector' AND v.name = substr(e.objects, 1, instr(e.objects || ' ', ' ') - 1)
   WHERE h.kind = 'xen.irq.unmapped'),
last AS (
  SELECT a.*, s.event AS left_event, s.t_ns AS left_ns, s.new, l.kind AS left_by,
         EXISTS (SELECT 1 FROM gap g WHERE g.source = a.source AND coalesce(g.from_ns, a.t_lo_ns) <= a.t_hi_ns
                    AND g.to_ns >= a.t_lo_ns - :race_ns) AS gap,
         count(*) OVER (PARTITION BY a.object) AS times
    FROM arrived a
    LEFT JOIN step s ON a.kind = 'xirq' AND s.id = (
         SELECT max(i.id) FROM step i WHERE i.object = a.vector AND i.component = 'vector_slot' AND i.field = 'owner'
            AND i.input <> 'arrived without a handler' AND i.t_ns <= a.t_hi_ns)
    LEFT JOIN event l ON l.id = s.event
   WHERE NOT (a.kind = 'vector' AND a.number IN (0x27, 0x2f))),
judged AS (
  SELECT t.*, CASE WHEN t.left_event IS NULL THEN 'unknown-sender' WHEN t.new = 'owned' THEN 'not-in-table'
                   WHEN t.left_by IN ('xen.irq.clear', 'xen.irq.move_finish') THEN 'released' ELSE 'left' END AS signature,
         t.gap AND (t.left_event IS NULL OR t.t_lo_ns - t.left_ns <= :race_ns) AS doubted,
         coalesce(NOT t.gap AND t.new = 'unused' AND t.t_lo_ns - t.left_ns <= :race_ns, 0) AS race
    FROM last t)
SELECT j.object, 'fail' AS verdict, NULL AS reason, j.event AS first_event, j.event AS last_event, j.t_lo_ns AS start_ns, j.t_hi_ns AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT j.left_event AS event, 'expected' AS role UNION ALL SELECT j.event, 'cause') a WHERE a.event IS NOT NULL) AS events,
       NULL AS layer, j.signature AS signature, 'unrecorded' AS blame, NULL AS missing,
       CASE WHEN j.signature = 'unknown-sender' AND j.times < :unknown THEN 'note' END AS severity
  FROM judged j WHERE NOT j.doubted AND NOT j.race
UNION ALL
SELECT j.object, CASE WHEN j.race THEN 'pass' ELSE 'inconclusive' END, CASE WHEN NOT j.race THEN 'gap' END, j.left_event, j.event, j.t_lo_ns,
       j.t_hi_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM judged j WHERE j.doubted OR j.race
