-- part-of: pin-left-masked
-- says: [masked-behind-xen] {object} is masked in hardware in Xen's dump, although Xen has its irq bound to a guest, neither disabled
--   nor in flight, and the guest's event channel is unmasked; who set the bit is not recorded
-- could: [masked-behind-xen] platform hypervisor user
-- mend: [masked-behind-xen] Xen will not clear what it believes to be clear: closing and binding the event channel again does
--   (unbind and bind the driver). Look for a second writer of the IO-APIC: a debugger, user space that maps its registers
-- param: silent_ns = 1000000000
--
-- An IO-APIC's entry as Xen's dumps show it (key z), beside what the same dump says of the irq (key i). Keys are handled one behind
-- the other, and Xen itself masks a level pin from an interrupt to the guest's EOI: only a pin that was silent for long before, or
-- that two dumps show so, is left masked.
WITH masked AS (
  SELECT DISTINCT p.id AS pin, x.id AS xirq, f.source, p.name AS pin_name, 
         substr(x.name, 1, instr(x.name || '~', '~') - 1) AS irq_name, q.name AS pirq_name
    FROM snapshot_field f JOIN object p ON p.name = f.object AND p.kind = 'pin' AND p.machine = 'xen'
    JOIN link l ON l.feeder = p.id AND l.to_ns IS NULL JOIN object x ON x.id = l.fed AND x.kind = 'xirq'
    JOIN link m ON m.feeder = x.id AND m.to_ns IS NULL JOIN object q ON q.id = m.fed AND q.kind = 'pirq'
   WHERE f.field = 'ioapic_pin.mask' AND f.text = 'masked'),
-- What Xen had no reason to mask. Bits of the status: in progress, disabled, pending, guest's EOI pending.
unwanted AS (
  SELECT w.pin, w.xirq, w.source, max(f.event) AS event
    FROM masked w JOIN snapshot_field f ON f.source = w.source AND f.object = w.pin_name AND f.field = 'ioapic_pin.mask'
   WHERE EXISTS (SELECT 1 FROM snapshot_field s WHERE s.source = w.source AND s.object = w.irq_name
                    AND s.field = 'xen_irq.action' AND s.text = 'guest')
     AND EXISTS (SELECT 1 FROM snapshot_field s WHERE s.source = w.source AND s.object = w.irq_name
                    AND s.field = 'xen_irq.status' AND s.value & 0x87 = 0)
     AND EXISTS (SELECT 1 FROM snapshot_field s WHERE s.source = w.source AND s.object = w.irq_name
                    AND s.field = 'xen_irq.in_flight' AND s.value = 0)
   GROUP BY w.pin, w.xirq, w.source
  -- each guest that shares it waits for it
  HAVING min(coalesce((SELECT min(s.text = 'no') FROM snapshot_field s WHERE s.source = w.source AND s.object = w.pirq_name
                          AND s.field = 'xen_pirq.eoi_owed'), 0)) = 1
     AND min(coalesce((SELECT min(s.text = 'unmasked') FROM snapshot_field s WHERE s.source = w.source AND s.object = w.pirq_name
                          AND s.field = 'xen_port.mask'), 0)) = 1
     AND max(f.text <> 'masked') = 0),
-- The last dump of each pin, and its last interrupt, as Xen recorded it or a guest's kernel.
judged AS (
  SELECT u.*, e.t_hi_ns AS at_ns, n.last_ns, n.last_event,
         EXISTS (SELECT 1 FROM unwanted b CROSS JOIN event d ON d.id = b.event
                  WHERE b.pin = u.pin AND b.source <> u.source AND d.t_hi_ns <= e.t_hi_ns
                    AND (n.last_ns IS NULL OR n.last_ns < d.t_hi_ns)) AS twice
    FROM unwanted u CROSS JOIN event e ON e.id = u.event LEFT JOIN object_summary n ON n.object = u.xirq
   WHERE NOT EXISTS (SELECT 1 FROM object p JOIN snapshot_field f ON f.object = p.name AND f.field = 'ioapic_pin.mask'
                      CROSS JOIN event d ON d.id = f.event
                      WHERE p.id = u.pin AND f.source <> u.source AND d.t_hi_ns > e.t_hi_ns)),
proven AS (
  SELECT j.*, j.twice OR j.last_ns IS NOT NULL AND j.at_ns - j.last_ns > :silent_ns AS proven FROM judged j)
SELECT p.pin AS object, CASE WHEN p.proven THEN 'fail' ELSE 'inconclusive' END AS verdict,
       CASE WHEN NOT p.proven THEN CASE WHEN p.last_ns IS NULL THEN 'no-signal' ELSE 'end' END END AS reason,
       p.event AS first_event, p.event AS last_event, p.at_ns AS start_ns, p.at_ns AS end_ns,
       CASE WHEN p.proven THEN
         (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
            SELECT p.event AS event, 'cause' AS role UNION ALL SELECT p.last_event, 'last_good') a WHERE a.event IS NOT NULL) END AS events,
       CASE WHEN p.proven THEN 'masked-behind-xen' END AS signature, CASE WHEN p.proven THEN 'unrecorded' END AS blame,
       CASE WHEN NOT p.proven AND p.last_ns IS NULL THEN '["xen.irq.handled", "snapshot.field@hardware"]' END AS missing
  FROM proven p
