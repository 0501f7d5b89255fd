-- id: mask-owner-conflict
-- rev: 1
-- severity: error
-- status: experimental
-- title: Mask bit that is not what those who own it want
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: snapshot.field@hardware
-- says: {object} is unmasked in hardware, although Xen or its guest wants it masked; who cleared the bit is not recorded
-- says: [masked-for-nobody] {object} is masked in hardware, although neither Xen nor its guest wants it so; nobody waits for it now
-- hop: unmasked
-- could: platform hypervisor kernel user
-- why: somebody writes a register that is Xen's alone; the next one to use the interrupt finds it otherwise than Xen believes
-- falsepositives: a device that was reset a moment before the dump, whose bits Xen has not written back yet
-- mend: look for a second writer of the table: a kernel that masks natively under Xen, a device model that maps the table, user space
-- refs: Xen xen/arch/x86/msi.c msi_set_mask_bit(), dump_msi()
--
-- Both wishes and the bit are in one line of a dump, and the bit must be set where either wish is. One that is masked behind the
-- back of a guest that waits is the matter of msix-left-masked.
WITH last AS (
  SELECT c.object, c.field, c.seen, c.event, e.t_hi_ns AS at_ns,
         row_number() OVER (PARTITION BY c.object, c.field ORDER BY e.t_hi_ns DESC, c.event DESC) AS nr
    FROM snapshot_check c CROSS JOIN event e ON e.id = c.event WHERE c.component = 'xen_msi'),
bits AS (
  SELECT l.object, max(CASE l.field WHEN 'mask' THEN l.seen END) AS hw, max(CASE l.field WHEN 'mask' THEN l.event END) AS event,
         max(CASE l.field WHEN 'mask' THEN l.at_ns END) AS at_ns, max(CASE l.field WHEN 'host_mask' THEN l.seen END) AS host,
         max(CASE l.field WHEN 'guest_mask' THEN l.seen END) AS guest, count(DISTINCT l.at_ns) AS moments
    FROM last l WHERE l.nr = 1 AND l.field IN ('mask', 'host_mask', 'guest_mask') GROUP BY l.object),
whole AS (
  SELECT b.*, b.host = 'masked' OR b.guest = 'masked' AS wanted,
         EXISTS (SELECT 1 FROM span p WHERE p.object = b.object AND p.component = 'xen_irq' AND p.field = 'action'
                    AND p.state = 'none' AND p.ending = 'open') AS unbound
    FROM bits b WHERE b.hw IS NOT NULL AND b.host IS NOT NULL AND b.guest IS NOT NULL AND b.moments = 1)
SELECT w.object, 'fail' AS verdict, NULL AS reason, w.event AS first_event, w.event AS last_event, w.at_ns AS start_ns,
       w.at_ns AS end_ns, json_array(json_object('event', w.event, 'role', 'cause')) AS events, NULL AS layer,
       CASE WHEN w.wanted THEN 'unmasked-behind-xen' ELSE 'masked-for-nobody' END AS signature,
       'unrecorded' AS blame, NULL AS missing,
       CASE WHEN w.wanted THEN NULL ELSE 'warning' END AS severity
  FROM whole w WHERE w.wanted AND w.hw = 'unmasked' OR NOT w.wanted AND w.hw = 'masked' AND w.unbound
UNION ALL
SELECT w.object, 'pass', NULL, w.event, w.event, w.at_ns, w.at_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM whole w WHERE w.wanted = (w.hw = 'masked')
