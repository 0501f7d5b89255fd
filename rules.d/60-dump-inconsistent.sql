-- id: dump-inconsistent
-- rev: 1
-- severity: warning
-- status: experimental
-- title: Dumps of Xen that contradict themselves, and went on doing so
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: snapshot.field
-- says: two dumps in a row show what cannot last: {object} {who}
-- could: platform hypervisor
-- why: what Xen keeps of an interrupt in two places must agree save for the moment of a change; where it does not, an interrupt goes
--   astray, or is acknowledged by nobody
-- falsepositives: lines of a dump are of different moments: what only one dump shows is not called a fault
-- mend: take the same dumps twice more, some seconds apart, with xentrace running, and look at what happened to the object in between
-- mend: [remote-irr-without-service] the pin waits for an EOI that nobody owes: one by its EOI register, or a switch to edge and back
--   under mask, frees it
-- mend: [pending-while-blocked] an event was lost between Xen and the guest's vCPU: look at Xen's scheduler and at the port's vCPU
-- refs: Xen xen/arch/x86/irq.c dump_irqs(), __do_IRQ_guest(); msi.c dump_msi(), msi_compose_msg(); common/event_channel.c
--
-- One dump proves nothing by itself, as keys print one after the other and irqs go on meanwhile; the same contradiction in the next
-- dump, with the same values, does, where nothing came of the object in between that could have brought it about anew.
WITH seen AS MATERIALIZED (
  SELECT c.object, c.component, c.field, c.seen, json_extract(e.args, '$.value') AS value, c.event, e.source, e.t_hi_ns AS at_ns
    FROM snapshot_check c CROSS JOIN event e ON e.id = c.event
   WHERE c.component IN ('xen_irq', 'xen_msi', 'xen_pirq', 'xen_port', 'vcpu', 'ioapic_pin')),
-- irqs: what a dump has of each, its pin's part too. A line of key i is of one moment, under the irq's lock.
irqs AS MATERIALIZED (
  SELECT s.object, s.source, s.at_ns,
         max(CASE WHEN s.component = 'xen_irq' AND s.field = 'vector' THEN s.seen END) AS vector,
         max(CASE WHEN s.component = 'xen_irq' AND s.field = 'action' THEN s.seen END) AS action,
         max(CASE WHEN s.component = 'xen_irq' AND s.field = 'in_flight' THEN s.value END) AS in_flight,
         max(CASE WHEN s.component = 'xen_irq' AND s.field = 'in_flight' THEN s.event END) AS flight_event,
         max(CASE WHEN s.component = 'xen_irq' AND s.field = 'guests' THEN s.value END) AS guests,
         max(CASE WHEN s.component = 'xen_msi' AND s.field = 'vector' THEN s.seen END) AS message_vector,
         max(CASE WHEN s.component = 'xen_msi' AND s.field = 'vector' THEN s.event END) AS message_event,
         max(CASE WHEN s.component = 'xen_msi' AND s.field = 'host_mask' THEN s.seen END) AS host,
         max(CASE WHEN s.component = 'xen_msi' AND s.field = 'guest_mask' THEN s.seen END) AS guest,
         max(CASE WHEN s.component = 'xen_msi' AND s.field = 'mask' THEN s.seen END) AS mask,
         max(CASE WHEN s.component = 'xen_msi' AND s.field = 'mask' THEN s.event END) AS mask_event
    FROM seen s JOIN object o ON o.id = s.object AND o.kind = 'xirq' GROUP BY s.object, s.source, s.at_ns),
pins AS MATERIALIZED (
  SELECT s.object, s.source, s.at_ns, max(CASE WHEN s.field = 'vector' THEN s.seen END) AS vector,
         max(CASE WHEN s.field = 'vector' THEN s.event END) AS vector_event,
         max(CASE WHEN s.field = 'mask' THEN s.seen END) AS mask, max(CASE WHEN s.field = 'mask' THEN s.event END) AS mask_event,
         min(CASE WHEN s.field = 'remote_irr' THEN s.seen = 'set' END) AS irr,
         max(CASE WHEN s.field = 'remote_irr' THEN s.event END) AS irr_event,
         max(CASE WHEN s.field = 'trigger' THEN s.seen END) AS "trigger"
    FROM seen s WHERE s.component = 'ioapic_pin' GROUP BY s.object, s.source, s.at_ns),
-- lines: pins and their irqs; debts: guests of an irq, and how many of them owe an EOI.
lines AS (
  SELECT i.*, p.object AS pin, p.vector AS pin_vector, p.vector_event, p.mask AS pin_mask, p.mask_event AS pin_mask_event, p.irr,
         p.irr_event, p."trigger"
    FROM pins p JOIN link l ON l.feeder = p.object JOIN irqs i ON i.object = l.fed AND i.source = p.source AND i.at_ns = p.at_ns
   WHERE l.to_ns IS NULL OR l.to_ns >= i.at_ns),
debts AS (
  SELECT i.object, i.source, i.at_ns, i.flight_event AS event, i.in_flight, i.guests, count(d.object) AS shown,
         coalesce(sum(d.seen = 'yes'), 0) AS owed
    FROM irqs i LEFT JOIN link l ON l.feeder = i.object AND (l.to_ns IS NULL OR l.to_ns >= i.at_ns)
    LEFT JOIN seen d ON d.object = l.fed AND d.source = i.source AND d.at_ns = i.at_ns AND d.component = 'xen_pirq' AND d.field = 'eoi_owed'
   WHERE i.in_flight IS NOT NULL AND i.guests IS NOT NULL GROUP BY i.object, i.source, i.at_ns),
-- vcpus, ports: one that waits for events, has one, and would take it. A guest that is virtualized by hardware may leave an event pending until its callback is through.
vcpus AS (
  SELECT o.name, s.source, s.at_ns, max(CASE WHEN s.field = 'run' THEN s.seen END) = 'blocked'
         AND max(CASE WHEN s.field = 'upcall_pending' THEN s.seen END) = 'yes'
         AND max(CASE WHEN s.field = 'upcall_mask' THEN s.seen END) = 'unmasked' AS asleep
    FROM seen s JOIN object o ON o.id = s.object WHERE s.component = 'vcpu' GROUP BY s.object, s.source, s.at_ns),
ports AS (
  SELECT p.object, p.source, p.at_ns, p.event, o.name GLOB '*port:0.*'
         AND EXISTS (SELECT 1 FROM path t WHERE t.machine = 'dom0' AND t.path = 'dom0-pv') AS pv, v.asleep AND p.seen = 'set' AND m.seen = 'unmasked' AS lost, v.name AS vcpu
    FROM seen p JOIN object o ON o.id = p.object
    JOIN seen m ON m.object = p.object AND m.source = p.source AND m.at_ns = p.at_ns AND m.component = 'xen_port' AND m.field = 'mask'
    JOIN seen n ON n.object = p.object AND n.source = p.source AND n.at_ns = p.at_ns AND n.component = 'xen_port' AND n.field = 'vcpu'
    JOIN vcpus v ON v.source = p.source AND v.at_ns = p.at_ns
         AND v.name = replace(rtrim(o.name, '0123456789'), 'port:', 'vcpu:') || n.value
   WHERE p.component = 'xen_port' AND p.field = 'pending' AND v.asleep IS NOT NULL),
-- judged: object, the irq that it belongs to, what could be wrong with it, whether it is, with which values.
judged AS MATERIALIZED (
  SELECT d.object, d.object AS xirq, d.source, d.at_ns, d.event, 'in-flight-count' AS kind,
         d.owed <> d.in_flight AS bad,
         'has ' || d.in_flight || ' in flight, and ' || d.owed || ' of its guests owe an EOI' AS what, NULL AS excuse
    FROM debts d WHERE d.shown = d.guests
  UNION ALL
  -- a message that is posted to a guest keeps its old vector, until Xen 4.21: of dom0's alone it is known
  SELECT i.object, i.object, i.source, i.at_ns, i.message_event, 'message-vector', i.message_vector <> i.vector,
         'has the vector ' || i.vector || ', and its message ' || i.message_vector,
         CASE WHEN NOT EXISTS (SELECT 1 FROM link l JOIN object p ON p.id = l.fed WHERE l.feeder = i.object AND p.name GLOB '*pirq:0.*')
              THEN 'quirk' END
    FROM irqs i WHERE i.message_vector IS NOT NULL AND i.vector IS NOT NULL AND length(i.message_vector) = 4
  UNION ALL
  SELECT l.pin, l.object, l.source, l.at_ns, l.vector_event, 'pin-vector', l.pin_vector <> l.vector,
         'has the vector ' || l.pin_vector || ', and its irq ' || l.vector, NULL
    FROM lines l WHERE l.pin_vector IS NOT NULL AND l.vector IS NOT NULL AND length(l.pin_vector) = 4
  UNION ALL
  SELECT i.object, i.object, i.source, i.at_ns, i.mask_event, 'unbound-unmasked',
         i.host = 'unmasked' AND i.guest = 'unmasked' AND i.mask = 'unmasked', 'is nobody''s, and unmasked', NULL
    FROM irqs i WHERE i.action = 'none' AND i.mask IS NOT NULL AND i.host IS NOT NULL AND i.guest IS NOT NULL
  UNION ALL
  -- an edge pin is not masked when it is shut down
  SELECT l.pin, l.object, l.source, l.at_ns, l.pin_mask_event, 'unbound-unmasked', l.pin_mask = 'unmasked', 'is nobody''s, and unmasked', NULL
    FROM lines l WHERE l.action = 'none' AND l."trigger" = 'level' AND l.pin_mask IS NOT NULL
  UNION ALL
  SELECT l.pin, l.object, l.source, l.at_ns, l.irr_event, 'remote-irr-without-service', l.irr AND l.in_flight = 0,
         'has remote IRR set, and no guest was given its interrupt', NULL
    FROM lines l WHERE l.action = 'guest' AND l."trigger" = 'level' AND l.irr IS NOT NULL AND l.in_flight IS NOT NULL
  UNION ALL
  SELECT p.object, p.object, p.source, p.at_ns, p.event, 'pending-while-blocked', p.lost,
         'is pending and unmasked, and ' || p.vcpu || ', which would take it, is blocked', CASE WHEN NOT p.pv THEN 'quirk' END
    FROM ports p),
-- steps: beside what the dump before it showed of the same, and whether it stays so from that one on.
steps AS MATERIALIZED (
  SELECT j.*, lag(j.event) OVER before AS first_event, lag(j.at_ns) OVER before AS first_ns,
         lag(j.bad AND j.excuse IS NULL) OVER before AND lag(j.what) OVER before = j.what
         AND min(j.bad) OVER (before ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS again,
         max(j.at_ns) OVER (PARTITION BY j.object, j.kind) AS newest_ns
    FROM judged j WINDOW before AS (PARTITION BY j.object, j.kind ORDER BY j.at_ns)),
-- lasts: where an arrival brings it about for a moment, none came in between.
lasts AS MATERIALIZED (
  SELECT s.*, s.again IS TRUE AND s.excuse IS NULL
         AND (s.kind NOT IN ('remote-irr-without-service', 'in-flight-count') OR
              EXISTS (SELECT 1 FROM signal g WHERE g.kind = 'xen.irq.handled' AND g.grade = 'complete')
              AND NOT EXISTS (SELECT 1 FROM object_summary m
                               WHERE m.object = s.xirq AND m.last_ns > s.first_ns AND m.first_ns <= s.at_ns))
         AND NOT EXISTS (SELECT 1 FROM gap g WHERE g.from_ns <= s.at_ns AND g.to_ns >= s.first_ns) AS lasts
    FROM steps s)
SELECT l.object, CASE WHEN NOT l.bad THEN 'pass' WHEN l.lasts THEN 'fail' ELSE 'inconclusive' END AS verdict,
       CASE WHEN l.bad AND NOT l.lasts THEN coalesce(l.excuse, 'order') END AS reason,
       CASE WHEN l.lasts THEN l.first_event ELSE l.event END AS first_event, l.event AS last_event,
       CASE WHEN NOT l.lasts THEN l.at_ns END AS start_ns, l.at_ns AS end_ns,
       CASE WHEN l.lasts THEN json_array(json_object('event', l.first_event, 'role', 'cause'),
                                         json_object('event', l.event, 'role', 'consequence')) END AS events,
       CASE WHEN l.lasts THEN l.kind END AS signature, CASE WHEN l.lasts THEN l.what END AS blame
  FROM lasts l WHERE NOT l.bad OR l.at_ns = l.newest_ns
