-- id: mask-owner-conflict
-- rev: 1
-- severity: error
-- status: experimental
-- title: Mask bit that is not what those who own it want
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: snapshot.field@hardware
-- says: {object} is unmasked in hardware, although Xen or its guest wants it masked; who cleared the bit is not recorded
-- says: [masked-for-nobody] {object} is masked in hardware, although neither Xen nor its guest wants it so; nobody waits for it now
-- says: [masked-by-dom0] {object} was masked {when} by {who}, which writes a bit that is Xen's; nobody waits for it now
-- hop: unmasked
-- could: platform hypervisor kernel user
-- why: somebody writes a register that is Xen's alone; the next one to use the interrupt finds it otherwise than Xen believes
-- falsepositives: a device that was reset a moment before the dump, whose bits Xen has not written back yet
-- mend: [masked-by-dom0] under Xen the kernel's PCI core must not write mask bits (Linux 3.13 and later do not), or Xen must not
--   let it (4.2 maps the table read-only)
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
-- writes: of dom0's kernel, which nothing has shown to be without effect since.
writes AS (
  SELECT o.object AS pirq, l.feeder AS object, o.cause_event AS write_event, o.trigger_ns AS write_ns, o.end_ns, e.via, e.comm, e.pid
    FROM obligation o
    LEFT JOIN (SELECT l.feeder, l.fed FROM link l JOIN object x ON x.id = l.feeder AND x.kind = 'xirq' WHERE l.to_ns IS NULL) l ON l.fed = o.object
   CROSS JOIN event e ON e.id = o.cause_event
   WHERE o.kind = 'table-unmask' AND o.ending = 'open' AND o.guard = 'true' AND e.kind = 'pci.msix.entry_mask'),
whole AS (
  SELECT b.*, b.host = 'masked' OR b.guest = 'masked' AS wanted,
         EXISTS (SELECT 1 FROM span p WHERE p.object = b.object AND p.component = 'xen_irq' AND p.field = 'action'
                    AND p.state = 'none' AND p.ending = 'open') AS unbound
    FROM bits b WHERE b.hw IS NOT NULL AND b.host IS NOT NULL AND b.guest IS NOT NULL AND b.moments = 1)
SELECT w.object, 'fail' AS verdict, NULL AS reason, coalesce(k.write_event, w.event) AS first_event, w.event AS last_event,
       coalesce(k.write_ns, w.at_ns) AS start_ns, w.at_ns AS end_ns,
       CASE WHEN k.write_event IS NULL THEN json_array(json_object('event', w.event, 'role', 'cause'))
            ELSE json_array(json_object('event', k.write_event, 'role', 'cause'), json_object('event', w.event, 'role', 'consequence'))
       END AS events, CASE WHEN k.write_event IS NOT NULL THEN 'kernel' END AS layer,
       CASE WHEN w.wanted THEN 'unmasked-behind-xen' WHEN k.write_event IS NOT NULL THEN 'masked-by-dom0'
            ELSE 'masked-for-nobody' END AS signature,
       CASE WHEN k.write_event IS NULL THEN 'unrecorded'
            ELSE 'kernel:' || k.via || coalesce(' (task ' || nullif(k.comm, '') || '-' || k.pid || ')', '') END AS blame,
       NULL AS missing, CASE WHEN w.wanted THEN NULL ELSE 'warning' END AS severity
  FROM whole w LEFT JOIN writes k ON k.object = w.object AND k.write_ns <= w.at_ns AND NOT w.wanted
 WHERE w.wanted AND w.hw = 'unmasked' OR NOT w.wanted AND w.hw = 'masked' AND w.unbound
-- What dom0 writes may be discarded: only the bit itself tells, and it has not been looked at since.
UNION ALL
SELECT coalesce(k.object, k.pirq), 'inconclusive', 'no-signal', k.write_event, NULL, k.write_ns, k.end_ns, NULL, NULL, NULL, NULL,
       '["snapshot.field@hardware"]', NULL
  FROM writes k WHERE NOT EXISTS (SELECT 1 FROM whole w WHERE w.object = k.object AND w.at_ns >= k.write_ns)
UNION ALL
SELECT w.object, 'pass', NULL, w.event, w.event, w.at_ns, w.at_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM whole w WHERE w.wanted = (w.hw = 'masked')
