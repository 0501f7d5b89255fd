-- part-of: msix-left-masked
-- says: [masked-behind-xen] {object} is masked in hardware, although neither Xen nor its guest wants it masked, and its event
--   channel is bound and unmasked; who set the bit is not recorded{lost}
-- says: [masked-for-guest] {object} is masked because its guest or device model wants it so, although its event channel is bound
--   and unmasked: nothing in the guest will unmask it{lost}
-- says: [masked-by-dom0] {object} was masked {when} by {who}, which writes a bit that is Xen's: neither Xen nor its guest wants it
--   masked, and its event channel is bound and unmasked{lost}
-- says: [masked-by-guest] {object} was masked {when} by its guest's own write of vector control, and left so, although the
--   interrupt is in use there{lost}
-- says: [masked-by-xen] Xen keeps {object} masked, although it is bound to a guest that has not masked its event channel{lost}
-- could: [masked-by-guest] kernel driver user
-- mend: [masked-behind-xen] Xen will not clear what it believes to be clear: closing and binding the event channel again does
--   (unbind and bind the driver), or a restore of the device's MSI state. Look for a second writer of the table: a kernel that
--   masks natively under Xen (Linux before 3.13), a device model that maps the table, user space, a reset behind Xen's back
-- mend: [masked-by-dom0] under Xen the kernel's PCI core must not write mask bits (Linux 3.13 and later do not), or Xen must not
--   let it (4.2 maps the table read-only). Until then unbinding and binding the driver brings the entry back
-- mend: [masked-for-guest] see which guest or device model asked for it (xentrace's trapped stores, the device model's log). A
--   guest whose irq is an event channel masks that, and never the entry: unbinding and binding its driver brings the entry back
-- mend: [masked-by-guest] find out who in the guest stores to the table (the kernel before 5.18, user space by a mapped
--   resource file). Unbinding and binding the guest's driver brings the entry back
-- mend: [masked-by-xen] Xen masks an entry of its own accord before its guest binds it, behind its last guest, and for 10 ms when it
--   comes too often: see whether the bind succeeded (xl dmesg), and what debug key i says of the irq
-- param: grace_ns = 50000000
-- param: silent_ns = 1000000000
--
-- The bit as Xen's dumps show it, who wants it masked, and what Xen's irq had to show for it.
--
-- held: what is believed of Xen's objects in the end, and the last field of a dump that showed it.
WITH held AS (
  SELECT p.object, p.component || '.' || p.field AS what, p.state,
         (SELECT c.event FROM snapshot_check c CROSS JOIN event e ON e.id = c.event
           WHERE c.object = p.object AND c.component = p.component AND c.field = p.field AND c.seen = p.state
             AND (p.start_ns IS NULL OR e.t_hi_ns >= p.start_ns)
           ORDER BY e.t_hi_ns DESC LIMIT 1) AS event
    FROM span p WHERE p.ending = 'open' AND p.component IN ('xen_irq', 'xen_msi', 'xen_port')),
-- xen: messages with the bit itself, whoever wants it masked, and whether a guest waits for them with an open event channel.
xen AS (
  SELECT h.object, h.state AS hw, h.event, o.machine,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'xen_msi.host_mask') AS host,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'xen_msi.guest_mask') AS guest,
         (SELECT event FROM held w WHERE w.object = h.object AND w.what = 'xen_msi.guest_mask') AS guest_event,
         (SELECT p.start_event FROM span p CROSS JOIN event e ON e.id = p.start_event
           WHERE p.object = h.object AND p.component = 'xen_msi' AND p.field = 'guest_mask' AND p.state = 'masked'
             AND p.ending = 'open' AND e.kind = 'xen.mmio.write') AS guest_write,
         (SELECT count(*) FROM link l JOIN link d ON d.feeder = l.fed JOIN object x ON x.id = d.fed AND x.kind = 'dpci'
            JOIN link g ON g.feeder = x.id JOIN object i ON i.id = g.fed AND i.kind = 'irq'
            JOIN span r ON r.object = i.id AND r.component = 'irq' AND r.field = 'life' AND r.state = 'started' AND r.ending = 'open'
            JOIN span s ON s.object = i.id AND s.component = 'irq' AND s.field = 'depth' AND s.state = '0' AND s.ending = 'open'
           WHERE l.feeder = h.object AND l.to_ns IS NULL) AS guest_irq,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'xen_irq.action') AS action,
         (SELECT min(m.state = 'unmasked') FROM link l JOIN link k ON k.feeder = l.fed AND k.to_ns IS NULL
            JOIN held s ON s.object = k.fed AND s.what = 'xen_port.state' AND s.state = 'pirq'
            JOIN held m ON m.object = k.fed AND m.what = 'xen_port.mask'
           WHERE l.feeder = h.object AND l.to_ns IS NULL) AS open_port,
         m.last_event, m.last_ns
    FROM held h JOIN object o ON o.id = h.object AND o.gone_ns IS NULL LEFT JOIN object_summary m ON m.object = h.object
   WHERE h.what = 'xen_msi.mask'),
-- writes: what a guest wrote to the bit, and nothing has shown to be without effect since. What was written before the event
-- channel was bound is the matter of msix-masked-after-bind.
writes AS (
  SELECT l.feeder AS object, o.guard, o.cause_event AS write_event, o.trigger_ns AS write_ns, e.kind AS write_kind,
         e.via, e.comm, e.pid,
         o.kind = 'guest-unmask' AND
         o.expected_event IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM object_summary d WHERE d.object = l.feeder AND d.first_ns < o.trigger_ns)
         AND NOT EXISTS (SELECT 1 FROM event b JOIN event c ON c.id = o.cause_event JOIN clock k ON k.source IN (b.source, c.source)
                          WHERE b.id = o.expected_event AND b.source <> c.source AND k.method = 'assumed') AS before_bind
    FROM obligation o JOIN link l ON l.fed = o.object AND l.to_ns IS NULL JOIN object x ON x.id = l.feeder AND x.kind = 'xirq'
   CROSS JOIN event e ON e.id = o.cause_event
   WHERE o.kind IN ('guest-unmask', 'table-unmask') AND o.ending = 'open'),
xen_masked AS (
  SELECT x.*, w.*, e.t_hi_ns AS at_ns,
         CASE WHEN x.host = 'masked' THEN 'masked-by-xen' WHEN w.before_bind THEN NULL
              WHEN w.write_kind = 'xen.mmio.write' OR x.guest = 'masked' AND x.guest_write IS NOT NULL THEN 'masked-by-guest'
              WHEN x.guest = 'masked' THEN 'masked-for-guest'
              WHEN w.guard = 'true' THEN 'masked-by-dom0' ELSE 'masked-behind-xen' END AS signature
    FROM xen x CROSS JOIN event e ON e.id = x.event LEFT JOIN writes w ON w.object = x.object AND w.write_ns <= e.t_hi_ns
   WHERE x.hw = 'masked' AND x.action = 'guest' AND x.host IS NOT NULL AND x.guest IS NOT NULL),
-- told: the platform's own log tells the same, and who wrote: it is one fault.
told AS (
  SELECT l.fed AS xirq FROM obligation b JOIN link l ON l.feeder = b.object LEFT JOIN event e ON e.id = b.cause_event
   WHERE b.kind = 'msix-message' AND b.ending = 'open' AND b.owed_before_gap_ns > :silent_ns
     AND (b.guard = 'true' OR e.via = 'memory_region_ops_write' AND e.cpu IS NULL)),
-- Xen masks an irq that comes too often for 10 ms, by itself: only one that has been silent for longer is left masked.
xen_known AS (
  SELECT x.*, coalesce(x.open_port, x.guest_irq > 0)
         AND (x.host = 'unmasked' OR x.last_ns IS NULL OR x.at_ns - x.last_ns > :grace_ns) AS proven
    FROM xen_masked x WHERE x.open_port IS NOT 0 AND x.signature IS NOT NULL
     AND NOT (x.signature = 'masked-behind-xen' AND x.object IN (SELECT xirq FROM told)))

-- What Xen handled was not masked.
SELECT l.feeder AS object, 'pass' AS verdict, NULL AS reason, m.first_event, m.last_event, m.first_ns AS start_ns,
       m.last_ns AS end_ns, NULL AS events, NULL AS layer, NULL AS signature, NULL AS blame, NULL AS missing, NULL AS severity
  FROM link l JOIN object e ON e.id = l.feeder AND e.kind = 'msix' JOIN object x ON x.id = l.fed AND x.kind = 'xirq'
  JOIN object_summary m ON m.object = x.id
 WHERE l.to_ns IS NULL AND m.deliveries > 0

-- Xen: the bit as a dump shows it.
UNION ALL
SELECT x.object, CASE WHEN x.proven THEN 'fail' ELSE 'inconclusive' END, CASE WHEN NOT x.proven THEN 'no-signal' END,
       x.cause, x.last_event, CASE WHEN x.cause IN (x.write_event, x.guest_write) THEN c.t_hi_ns ELSE x.at_ns END, x.at_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT x.cause AS event, 'cause' AS role
          UNION ALL SELECT x.event, 'consequence' WHERE x.cause <> x.event
          UNION ALL SELECT x.last_event, 'last_good') a WHERE a.event IS NOT NULL AND x.proven),
       CASE WHEN x.proven THEN CASE x.signature WHEN 'masked-by-xen' THEN 'hypervisor' WHEN 'masked-by-dom0' THEN 'kernel' END END,
       x.signature,
       CASE WHEN x.proven THEN
            CASE x.signature WHEN 'masked-by-xen' THEN 'hypervisor:msi_set_mask_bit'
                 WHEN 'masked-by-dom0' THEN 'kernel:' || x.via || coalesce(' (task ' || nullif(x.comm, '') || '-' || x.pid || ')', '')
                 ELSE 'unrecorded' END END,
       CASE WHEN NOT x.proven THEN '["xen.evtchn.mask", "irq.unmask@shadow"]' END, NULL
  FROM (SELECT k.*, CASE k.signature WHEN 'masked-by-dom0' THEN k.write_event WHEN 'masked-by-guest' THEN coalesce(k.write_event, k.guest_write)
                         WHEN 'masked-for-guest' THEN coalesce(k.guest_event, k.event) ELSE k.event END AS cause FROM xen_known k) x
 CROSS JOIN event c ON c.id = x.cause
-- Nobody has looked since.
UNION ALL
SELECT x.object, 'inconclusive', 'no-signal', x.last_event, NULL, x.last_ns, NULL, NULL, NULL, NULL, NULL,
       '["snapshot.field@hardware"]', NULL
  FROM xen x WHERE x.hw = 'masked' AND x.event IS NULL AND x.action = 'guest' AND x.open_port = 1
UNION ALL
SELECT x.object, 'pass', NULL, coalesce(x.event, x.last_event), x.last_event, e.t_hi_ns, e.t_hi_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM xen x CROSS JOIN event e ON e.id = coalesce(x.event, x.last_event) WHERE x.hw = 'unmasked'

-- A guest masked its entry and left it so: meant, or not. What came of it only the bit tells, and whether the irq is in use its kernel.
UNION ALL
SELECT p.object, 'inconclusive', 'no-signal', p.start_event, NULL, p.start_ns, p.end_ns, NULL, NULL, NULL, NULL,
       '["snapshot.field@hardware"]', NULL
  FROM span p CROSS JOIN event e ON e.id = p.start_event
 WHERE p.component = 'dpci' AND p.field = 'mask' AND p.state = 'masked' AND p.ending = 'open' AND p.end_ns - p.start_ns > :silent_ns
   AND EXISTS (SELECT 1 FROM span g WHERE g.object = p.object AND g.component = 'dpci' AND g.ending = 'open'
                  AND (g.field = 'message' AND g.state = 'pirq' OR g.field = 'bound' AND g.state = 'yes'))
   AND NOT EXISTS (SELECT 1 FROM span g WHERE g.object = p.object AND g.component = 'dpci' AND g.ending = 'open'
                      AND (g.field = 'message' AND g.state = 'none' OR g.field = 'bound' AND g.state = 'no'))
   AND NOT EXISTS (SELECT 1 FROM link l JOIN link k ON k.feeder = l.fed WHERE k.fed = p.object AND l.feeder IN (SELECT object FROM xen))

-- Xen handled it before, and handles others: masked, or idle. xentrace has no mask bit; a message without one, and a pin, is
-- acknowledged late.
UNION ALL
SELECT o.id, 'inconclusive', 'no-signal', m.last_event, NULL, m.last_ns, b.last_ns, NULL, NULL, NULL, NULL,
       '["snapshot.field@hardware"]', NULL
  FROM object o JOIN object_summary m ON m.object = o.id
  JOIN (SELECT x.machine, max(s.last_ns) AS last_ns FROM object_summary s JOIN object x ON x.id = s.object AND x.kind = 'xirq'
         GROUP BY x.machine) b ON b.machine = o.machine
 WHERE o.kind = 'xirq' AND o.gone_ns IS NULL AND b.last_ns > m.last_ns + :grace_ns
   AND o.id NOT IN (SELECT x.object FROM xen x CROSS JOIN event e ON e.id = x.event WHERE e.t_hi_ns >= m.last_ns)
   AND o.id NOT IN (SELECT l.fed FROM link l JOIN object e ON e.id = l.feeder AND e.kind = 'msix' WHERE l.to_ns IS NULL)
   AND o.id NOT IN (SELECT object FROM held WHERE what = 'xen_irq.action' AND state IN ('xen', 'none')
                       OR what = 'xen_irq.ack_type' AND state IN ('eoi', 'unmask', 'late')
                    UNION SELECT l.fed FROM link l JOIN object p ON p.id = l.feeder AND p.kind = 'pin')
