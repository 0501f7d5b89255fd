-- part-of: msix-left-masked
-- says: [function-masked] all MSI-X entries of {object} are masked by its function mask, although MSI-X is on and its driver
--   bound{lost}
-- says: [function-masked-by-dom0] all MSI-X entries of {object} are masked by its function mask, which dom0 itself set {when} and did
--   not clear, although MSI-X is on and its driver bound{lost}
-- could: [function-masked-by-dom0] kernel driver user
-- mend: [function-masked-by-dom0] find out who in dom0 wrote the control word of MSI-X (user space through sysfs, as setpci does, or
--   the driver). Enabling MSI-X anew clears the function mask: unbind and bind the driver
-- mend: [function-masked] enabling MSI-X anew clears the function mask: unbind and bind the driver. Under Xen, a device that did
--   not answer in memory space while an entry was to be masked has it set until it is assigned again
-- param: silent_ns = 1000000000
--
-- The function mask as a dump of the device's own registers shows it: no dump of Xen's does, and no entry's bit.
--
-- held: what is believed of functions in the end, and the last field of a dump that showed it.
WITH held AS (
  SELECT p.object, p.component || '.' || p.field AS what, p.state,
         (SELECT c.event FROM snapshot_check c CROSS JOIN event e ON e.id = c.event
           WHERE c.object = p.object AND c.component = p.component AND c.field = p.field AND c.seen = p.state
             AND (p.start_ns IS NULL OR e.t_hi_ns >= p.start_ns)
           ORDER BY e.t_hi_ns DESC LIMIT 1) AS event
    FROM span p WHERE p.ending = 'open' AND p.component IN ('msix_function', 'pci')),
-- idle: functions whose messages are known, and given to nobody; written: the guest's write that set the function mask.
idle AS (
  SELECT l.feeder AS object FROM link l JOIN span p ON p.object = l.fed AND p.component = 'xen_irq' AND p.field = 'action'
                                                   AND p.ending = 'open'
   WHERE l.to_ns IS NULL GROUP BY l.feeder HAVING max(p.state IS NOT 'none') = 0),
written AS (
  SELECT p.object, p.start_event AS event, e.t_hi_ns AS at_ns
    FROM span p CROSS JOIN event e ON e.id = p.start_event
   WHERE p.component = 'msix_function' AND p.field = 'fmask' AND p.state = 'masked' AND p.ending = 'open' AND e.kind = 'vpci.write'),
-- functions: by their control word, as a dump of the device shows it; vPCI's are a guest's own registers.
functions AS (
  SELECT h.object, h.state AS mask, h.event, e.t_hi_ns AS at_ns,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'msix_function.enable') AS enable,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'pci.driver') = 'bound'
         AND (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'pci.bus_master') IS NOT 'off'
         AND h.object NOT IN (SELECT object FROM idle) AS in_use
    FROM held h CROSS JOIN event e ON e.id = h.event JOIN source s ON s.id = e.source AND s.kind <> 'xl dmesg'
   WHERE h.what = 'msix_function.fmask')

SELECT f.object, CASE WHEN f.in_use THEN 'fail' ELSE 'inconclusive' END AS verdict,
       CASE WHEN f.in_use THEN NULL ELSE 'no-stimulus' END AS reason,
       coalesce(w.event, f.event) AS first_event, f.event AS last_event, coalesce(w.at_ns, f.at_ns) AS start_ns, f.at_ns AS end_ns,
       CASE WHEN w.event IS NULL THEN json_array(json_object('event', f.event, 'role', 'cause'))
            ELSE json_array(json_object('event', w.event, 'role', 'cause'), json_object('event', f.event, 'role', 'consequence')) END AS events,
       CASE WHEN w.event IS NULL THEN 'function-masked' ELSE 'function-masked-by-dom0' END AS signature, 'unrecorded' AS blame
  FROM functions f LEFT JOIN written w ON w.object = f.object WHERE f.mask = 'masked' AND f.enable = 'on'
-- The platform's own log tells the same, and since when: it is one fault.
   AND (w.event IS NOT NULL OR NOT EXISTS (
     SELECT 1 FROM obligation b WHERE b.object = f.object AND b.kind = 'function-message' AND b.ending = 'open'
        AND b.guard = 'true' AND b.owed_before_gap_ns > :silent_ns))
