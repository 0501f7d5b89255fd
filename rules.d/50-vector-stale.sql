-- id: vector-stale
-- rev: 1
-- severity: warning
-- status: stable
-- title: Old vector of a move never freed
-- paths: baremetal dom0-pvh hvm-passthrough kvm-split kvm-full qemu-user
-- requires: vector.update ; vector.free_moved | irq.ack@shadow
-- says: {who} left the old vector of {object} allocated, although an interrupt came on the new CPU {when}; its
--   freeing should have followed, owed by {owner}{lasted}
-- why: the irq holds a vector on a CPU that it has left; until it is freed every further move of the irq is refused
--   (-EBUSY), and a CPU has only about two hundred of them
-- falsepositives: none known; a device that did not interrupt again since the move may keep its old vector, and is not
--   reported
-- mend: look for what keeps the old CPU from cleaning up: its timer or clean-up IPI, or an interrupt that stays
--   pending in its local APIC. A vector that was left behind by a CPU that went offline is lost until the next boot
--   (fixed in Linux 6.10)
-- refs: Linux arch/x86/kernel/apic/vector.c, irq_complete_move(), free_moved_vector(), irq_force_complete_move()
-- param: grace_ns = 100000000
-- param: interrupts = 2
--
-- The model's obligation vector-cleanup begins with the first interrupt on the new CPU. It is contradicted where a later
-- acknowledgement shows no old vector: where its freeing should have been recorded, it may have been forgotten instead.
WITH duty AS (
  SELECT o.*, x.machine, o.ended_by IS 'old CPU went offline without freeing it' AS leaked,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = x.machine AND g.kind = 'vector.free_moved' AND g.grade = 'complete'
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS free_seen,
         -- an old CPU that was offline already shows itself only here
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = x.machine AND g.grade = 'complete'
                    AND (g.kind = 'cpu.offline' OR g.kind = 'vector.matrix' AND g.via = 'irq_matrix_free')
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS offline_seen
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'vector-cleanup'),
owed AS (
  SELECT *, ending IN ('discharged', 'excused') OR ending = 'contradicted' AND NOT free_seen AS met FROM duty),
-- The last interrupt that should have brought it about may itself have been recorded with the old vector: that is
-- proof.
late AS (
  SELECT w.*, e.t_lo_ns AS last_ns, coalesce(json_extract(e.args, '$.prev_vector'), 0) > 0 AS shown
    FROM owed w LEFT JOIN event e ON e.id = w.expected_event
   WHERE w.leaked OR w.ending <> 'contradicted' AND w.owed_before_gap_ns > w.deadline_ns
                     AND w.opportunities >= :interrupts),
overdue AS (SELECT * FROM late WHERE leaked OR last_ns - trigger_ns > deadline_ns),
proven AS (SELECT * FROM overdue WHERE free_seen AND (leaked OR offline_seen) OR shown AND NOT leaked)
SELECT p.object, 'fail' AS verdict, NULL AS reason, coalesce(p.cause_event, p.trigger_event) AS first_event,
       coalesce(p.end_event, p.expected_event) AS last_event, p.trigger_ns AS start_ns, p.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT p.cause_event AS event, 'cause' AS role UNION ALL SELECT p.expected_event, 'expected'
          UNION ALL SELECT CASE WHEN p.leaked THEN p.end_event END, 'consequence') a
         WHERE a.event IS NOT NULL) AS events,
       'kernel' AS layer, CASE WHEN p.leaked THEN 'left-on-offline-cpu' ELSE 'not-freed' END AS signature,
       CASE WHEN p.leaked THEN 'kernel:irq_force_complete_move' ELSE 'kernel:free_moved_vector' END AS blame,
       NULL AS missing, NULL AS severity
  FROM proven p

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', coalesce(v.cause_event, v.trigger_event), v.expected_event,
       v.trigger_ns, v.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN v.free_seen THEN '["vector.matrix@shadow", "cpu.offline"]' ELSE '["vector.free_moved@shadow"]' END,
       NULL
  FROM overdue v WHERE v.id NOT IN (SELECT id FROM proven)

UNION ALL
SELECT w.object, CASE WHEN w.met THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.met THEN NULL WHEN w.ending = 'unknown' THEN 'gap' WHEN w.ending = 'open' THEN 'end' ELSE 'order' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w
 WHERE w.id NOT IN (SELECT id FROM overdue)
   -- without another interrupt nothing was due
   AND (w.ending <> 'open' OR w.opportunities >= :interrupts)
