-- id: model-disagrees
-- rev: 1
-- severity: warning
-- status: experimental
-- title: A dump shows something else than its records lead to
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: snapshot.field
-- says: {object} is otherwise in a dump than its records led to: {who}
-- could: platform hypervisor kernel user
-- why: either the dump and the records are not of the same run or moment, or the software's own state has gone astray, or this
--   program's model has: whatever else is concluded about the object may be wrong
-- falsepositives: a dump that was taken long behind the last record
-- mend: look at both records. Where the dump was taken at another time than assumed, say so: --at FILE=TIME
-- refs: Xen xen/arch/x86/irq.c dump_irqs(), _assign_irq_vector()
--
-- Only what every change of is recorded can disagree (snapshot_check.result). An irq that has moved since the last record has
-- other CPUs as well as another vector: where the time of a dump is only assumed, that is no disagreement.
WITH checked AS (
  SELECT c.*, e.t_hi_ns AS at_ns, e.source, s.timeless = 1 AND coalesce(k.method, '') <> 'told' AS assumed,
         b.t_hi_ns AS since_ns, y.timeless IS NOT 1 AS since_recorded
    FROM snapshot_check c CROSS JOIN event e ON e.id = c.event JOIN source s ON s.id = e.source LEFT JOIN clock k ON k.source = s.id
    LEFT JOIN event b ON b.id = c.since_event LEFT JOIN source y ON y.id = b.source
   WHERE c.component = 'xen_irq' AND c.believed IS NOT NULL AND c.field IN ('vector', 'cpus', 'life', 'move')),
-- anchors: a dump whose time is assumed is behind every record that it knows of: it has the vector that the record gave.
anchors AS (
  SELECT source, max(since_ns) AS anchor_ns FROM checked
   WHERE field = 'vector' AND result = 'agreed' AND since_recorded GROUP BY source),
-- assumed: what is believed may have become so behind the dump, or before it and behind another one. Then they need not agree.
judged AS (
  SELECT c.event, c.object, c.field, c.believed, c.seen, c.since_event, c.result, c.at_ns,
         c.assumed AND (coalesce(NOT c.since_recorded OR a.anchor_ns < c.since_ns, 1) OR EXISTS (
           SELECT 1 FROM checked o WHERE o.object = c.object AND o.field = 'cpus' AND o.result = 'differs' AND o.source = c.source)) AS unsure
    FROM checked c LEFT JOIN anchors a ON a.source = c.source),
differs AS (SELECT * FROM judged WHERE result = 'differs')
SELECT d.object, 'fail' AS verdict, NULL AS reason, coalesce(d.since_event, d.event) AS first_event, d.event AS last_event,
       d.at_ns AS start_ns, d.at_ns AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT d.since_event AS event, 'expected' AS role UNION ALL SELECT d.event, 'cause') a WHERE a.event IS NOT NULL) AS events,
       NULL AS layer, d.field AS signature, d.field || ' is ' || d.seen || ', not ' || d.believed AS blame, NULL AS missing,
       NULL AS severity
  FROM differs d WHERE NOT d.unsure
UNION ALL
SELECT d.object, 'inconclusive', 'order', coalesce(d.since_event, d.event), d.event, d.at_ns, d.at_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM differs d WHERE d.unsure
UNION ALL
SELECT j.object, 'pass', NULL, max(j.event), max(j.event), max(j.at_ns), max(j.at_ns), NULL, NULL, NULL, NULL, NULL, NULL
  FROM judged j WHERE j.result = 'agreed' AND j.object NOT IN (SELECT object FROM differs) GROUP BY j.object
