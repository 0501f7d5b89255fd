-- part-of: msix-left-masked
-- says: [held-message] {object} was left masked by {who}, its device notified in vain, and went on through other entries
--   {when}; an unmask should have followed, owed by {owner}{lasted}{lost}
-- says: [held-outside] {object} was masked by a write that no vCPU made, so neither kernel nor hypervisor, and left so: its device
--   notified in vain {when}{lasted}{lost}
-- says: [function-held] all MSI-X entries of {object} are masked by its function mask, set by {who}, although MSI-X is on: its device
--   notified in vain {when}; the mask should have been cleared{lasted}{lost}
-- could: [held-outside] device platform
-- could: [function-held] hypervisor kernel driver user
-- mend: [held-outside] no CPU executed the write: look at what else can reach the device's memory (a debugger on the machine, another
--   device's DMA, the device or its model itself, on reset or migration). Unbinding and binding the driver brings the entry back
-- mend: [function-held] find out who writes the device's message control word (the kernel's enabling of MSI-X, a hypervisor, user
--   space by setpci), and why nothing clears the bit again. Enabling MSI-X anew does: unbind and bind the driver
-- param: silent_ns = 1000000000
--
-- No kernel's records at hand: the device notified while the entry was masked in the table, the message never left, and either it
-- went on through others of its entries, or no software can have set the bit. The same for a function mask.
--
-- unsent: messages that a device wanted to send and that something held back; memory_region_ops_write tells the vCPU that writes,
-- and none where it is somebody else: a debugger, another device.
WITH unsent AS (
  SELECT n.*, n.ending = 'open' AND n.owed_before_gap_ns > :silent_ns AND (n.guard = 'true' OR n.outside) AS proven
    FROM (SELECT o.*, coalesce(e.via = 'memory_region_ops_write' AND e.cpu IS NULL, 0) AS outside
            FROM obligation o LEFT JOIN event e ON e.id = o.cause_event
           WHERE o.kind IN ('msix-message', 'function-message') AND o.ending IN ('unknown', 'open')) n)

SELECT u.object, CASE WHEN u.proven THEN 'fail' ELSE 'inconclusive' END AS verdict,
       CASE WHEN u.proven THEN NULL WHEN u.guard <> 'true' THEN 'no-signal' WHEN u.ending = 'unknown' THEN 'gap' ELSE 'end' END AS reason,
       coalesce(u.cause_event, u.trigger_event) AS first_event, u.end_event AS last_event, u.trigger_ns AS start_ns, u.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(u.cause_event, u.trigger_event) AS event, 'cause' AS role UNION ALL
          SELECT u.first_missed_event, 'first_missed') a WHERE a.event IS NOT NULL) AS events,
       CASE WHEN u.kind = 'function-message' THEN 'function-held' WHEN u.outside THEN 'held-outside' ELSE 'held-message' END AS signature,
       'unrecorded' AS blame,
       CASE WHEN NOT u.proven AND u.guard <> 'true' THEN '["irq.startup", "irq.disable"]' END AS missing
  FROM unsent u
-- What Xen or its guest wants masked is held back with reason, or the matter of what Xen's dump shows.
 WHERE NOT EXISTS (SELECT 1 FROM link l JOIN span p ON p.object = l.fed AND p.component = 'xen_msi' AND p.ending = 'open'
                      AND p.field IN ('host_mask', 'guest_mask') AND p.state = 'masked' WHERE l.feeder = u.object)
