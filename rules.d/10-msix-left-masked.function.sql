-- part-of: msix-left-masked
-- says: [function-masked] all MSI-X entries of {object} are masked by its function mask, although MSI-X is on and its driver
--   bound{lost}
-- mend: [function-masked] enabling MSI-X anew clears the function mask: unbind and bind the driver. Under Xen, a device that did
--   not answer in memory space while an entry was to be masked has it set until it is assigned again
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
-- functions: by their control word, as a dump of the device shows it; vPCI's are a guest's own registers.
functions AS (
  SELECT h.object, h.state AS mask, h.event, e.t_hi_ns AS at_ns,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'msix_function.enable') AS enable,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'pci.driver') = 'bound'
         AND (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'pci.bus_master') IS NOT 'off' AS in_use
    FROM held h CROSS JOIN event e ON e.id = h.event JOIN source s ON s.id = e.source AND s.kind <> 'xl dmesg'
   WHERE h.what = 'msix_function.fmask')

SELECT f.object, CASE WHEN f.in_use THEN 'fail' ELSE 'inconclusive' END AS verdict,
       CASE WHEN f.in_use THEN NULL ELSE 'no-stimulus' END AS reason,
       f.event AS first_event, f.event AS last_event, f.at_ns AS start_ns, f.at_ns AS end_ns,
       json_array(json_object('event', f.event, 'role', 'cause')) AS events, 'function-masked' AS signature, 'unrecorded' AS blame
  FROM functions f WHERE f.mask = 'masked' AND f.enable = 'on'
