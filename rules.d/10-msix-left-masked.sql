-- id: msix-left-masked
-- rev: 1
-- severity: error
-- status: stable
-- title: MSI-X entry left masked while its interrupt is in use
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.startup | irq.enter | device.notify | xen.irq.handled | snapshot.field ;
--   pci.msix.entry_mask@hardware | snapshot.field@hardware | irq.unmask@shadow | xen.irq.handled
-- late: fail
-- says: {object} was left masked {when} by {who} although its irq is started and enabled; an unmask should have
--   followed, owed by {owner}{lasted}{lost}
-- says: [masked-outside] {object} was left masked {when} by a write that no vCPU made, so neither kernel nor hypervisor, although its
--   irq is started and enabled{lasted}{lost}
-- hop: unmasked
-- could: platform hypervisor kernel driver user
-- could: [masked-outside] device platform
-- why: a device whose entry is masked sets its pending bit and stays silent; the driver waits for an interrupt that cannot
--   come, and times out or polls
-- falsepositives: a driver that masks its entry itself for a while, through the chip's own functions, longer than the grace
-- mend: look at who called the masking function named as cause, and why nothing unmasks it: enable_irq() does not, where the
--   irq core does not know of the mask. Until then unbinding and binding the driver brings the entry back
-- mend: [masked-outside] no CPU executed the write: look at what else can reach the device's memory (a debugger on the machine, another
--   device's DMA, the device or its model itself, on reset or migration). Unbinding and binding the driver brings the entry back
-- refs: PCI Express Base Specification, MSI-X Capability and Table Structures; Linux kernel/irq/chip.c,
--   drivers/pci/msi/msi.c; Xen xen/arch/x86/msi.c msi_set_mask_bit()
-- param: grace_ns = 50000000
--
-- owed: every stretch of time in which an entry was masked although its irq was started and enabled (the model's
-- obligation msix-unmask), with the deadline that this capture's own unmasking suggests.
WITH owed AS (
  SELECT o.*, x.machine,
         max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns
    FROM obligation o JOIN object x ON x.id = o.object
   WHERE o.kind = 'msix-unmask'),
-- overdue: it lasted too long. Now it matters whether an unmask, or a disable that excuses it, could have gone unseen.
-- A mask call is answered by the unmask function of its own chip; a mask that follows from MSI-X being enabled, by any
-- unmask function of MSI-X chips, if the capture shows that it is the one in use.
overdue AS (
  SELECT w.*, e.kind AS cause_kind, e.witness AS cause_witness, e.via AS cause_via, e.comm AS cause_comm, e.pid AS cause_pid,
         e.via = 'memory_region_ops_write' AND e.cpu IS NULL AS outside,
         json_extract(e.args, '$.state') & 0x10000 AS cause_disabled
    FROM owed w LEFT JOIN event e ON e.id = w.cause_event
   WHERE w.owed_before_gap_ns > w.deadline_ns AND w.guard = 'true' AND w.ending <> 'contradicted'),
proven AS (
  SELECT v.*,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = v.machine AND g.grade = 'complete' AND g.kind = 'irq.unmask' AND g.witness = 'shadow'
                    AND CASE WHEN v.cause_kind = 'irq.mask'
                             THEN g.via = replace(v.cause_via, 'mask', 'unmask') AND (g.basis = 'declared' OR g.from_ns <= v.trigger_ns)
                             ELSE g.first_ns IS NOT NULL AND g.via IN ('pci_msi_unmask_irq', 'pci_irq_unmask_msix', 'unmask_msi_irq')
                                  AND (g.basis = 'declared' OR g.from_ns <= v.trigger_ns) END)
         OR EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                     WHERE s.machine = v.machine AND g.grade = 'complete' AND g.kind = 'pci.msix.entry_mask'
                       AND g.witness = 'hardware' AND (g.basis = 'declared' OR g.from_ns <= v.trigger_ns)) AS unmask_seen,
         v.cause_disabled = 0 OR v.cause_kind IS NOT 'irq.mask'
         OR EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                     WHERE s.machine = v.machine AND g.kind = 'irq.disable'
                       AND (g.basis = 'declared' OR g.from_ns <= v.trigger_ns)) AS disable_seen
    FROM overdue v),
-- fed: the irq that each entry feeds at the end of the capture, and what came through it.
fed AS (
  SELECT l.feeder AS entry, i.id AS irq, m.deliveries, m.first_ns, m.last_ns, m.first_event, m.last_event, x.function, x.machine
    FROM link l JOIN object i ON i.id = l.fed AND i.kind = 'irq' JOIN object x ON x.id = l.feeder AND x.kind = 'msix'
    JOIN object_summary m ON m.object = i.id
   WHERE l.to_ns IS NULL AND i.gone_ns IS NULL),
-- idle: an irq that is not in use need not deliver.
in_use AS (
  SELECT f.* FROM fed f
   WHERE NOT EXISTS (SELECT 1 FROM span p WHERE p.object = f.irq AND p.component = 'irq' AND p.ending = 'open'
                        AND ((p.field = 'life' AND p.state IN ('allocated', 'shutdown', 'gone'))
                             OR (p.field = 'depth' AND p.state <> '0')))),
busiest AS (SELECT function, max(last_ns) AS last_ns FROM fed WHERE deliveries > 0 GROUP BY function),
watched AS (
  SELECT DISTINCT s.machine FROM signal g JOIN source s ON s.id = g.source LEFT JOIN clock c ON c.source = s.id
   WHERE g.witness = 'hardware' AND (g.kind = 'pci.msix.entry_mask' AND c.method IS NOT 'assumed' OR g.kind = 'snapshot.field')
     AND (g.basis = 'declared' OR g.from_ns IS NOT NULL))

SELECT v.object, 'fail' AS verdict, NULL AS reason,
       coalesce(v.cause_event, v.trigger_event) AS first_event, v.end_event AS last_event,
       v.trigger_ns AS start_ns, v.end_ns AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(v.cause_event, v.trigger_event) AS event, 'cause' AS role
          UNION ALL
          SELECT m.last_event, 'last_good' FROM link l JOIN object_summary m ON m.object = l.fed
           WHERE l.feeder = v.object AND m.last_ns <= v.trigger_ns
             AND (l.from_ns IS NULL OR l.from_ns <= v.trigger_ns) AND (l.to_ns IS NULL OR l.to_ns >= v.trigger_ns)
          UNION ALL SELECT v.first_missed_event, 'first_missed'
          UNION ALL SELECT v.expected_event, 'expected'
          UNION ALL
          SELECT h.event, 'harm' FROM harm h
           WHERE h.object = v.object OR h.object = (SELECT x.function FROM object x WHERE x.id = v.object)
              OR h.object IN (SELECT l.fed FROM link l WHERE l.feeder = v.object)) a
        WHERE a.event IS NOT NULL) AS events,
       CASE WHEN v.cause_witness = 'hardware' THEN NULL ELSE 'kernel' END AS layer,
       CASE WHEN v.cause_kind IS 'irq.mask' THEN 'masked-by-call' WHEN v.outside THEN 'masked-outside' WHEN v.cause_witness = 'hardware' THEN 'masked-in-table'
            ELSE 'never-unmasked' END AS signature,
       CASE WHEN v.cause_kind IS 'irq.mask' THEN 'kernel:' || v.cause_via || coalesce(' (task ' || nullif(v.cause_comm, '') || '-' || v.cause_pid || ')', '')
            WHEN v.cause_witness = 'hardware' THEN 'unrecorded'
            ELSE 'kernel:irq_startup' END AS blame,
       NULL AS missing, NULL AS severity
  FROM proven v WHERE v.unmask_seen AND v.disable_seen

UNION ALL
SELECT v.object, 'inconclusive', 'no-signal', coalesce(v.cause_event, v.trigger_event), v.end_event, v.trigger_ns, v.end_ns,
       NULL, NULL, NULL, NULL,
       CASE WHEN NOT v.unmask_seen THEN '["irq.unmask@shadow", "pci.msix.entry_mask@hardware"]' ELSE '["irq.disable"]' END, NULL
  FROM proven v WHERE NOT (v.unmask_seen AND v.disable_seen)

UNION ALL
SELECT w.object,
       CASE WHEN w.guard = 'true' AND w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'contradicted' THEN 'order' WHEN w.ending = 'unknown' THEN 'gap'
            WHEN w.ending = 'open' THEN 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.guard <> 'true' OR w.ending = 'contradicted' OR w.owed_before_gap_ns <= w.deadline_ns

-- A delivery proves that the entry was unmasked until then.
UNION ALL
SELECT f.entry, 'pass', NULL, f.first_event, f.last_event, f.first_ns, f.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM fed f WHERE f.deliveries > 0

-- Silent while another entry of the function goes on: masked behind the kernel's back, or idle. Only the table can tell.
UNION ALL
SELECT f.entry, 'inconclusive', 'no-signal', f.last_event, NULL,
       max(f.last_ns, coalesce((SELECT max(o.end_ns) FROM obligation o WHERE o.object = f.entry), f.last_ns)), b.last_ns,
       NULL, NULL, NULL, NULL, '["pci.msix.entry_mask@hardware"]', NULL
  FROM in_use f JOIN busiest b ON b.function = f.function
 WHERE f.deliveries > 0 AND b.last_ns > f.last_ns + :grace_ns AND f.machine NOT IN (SELECT machine FROM watched)
   AND NOT EXISTS (SELECT 1 FROM owed w WHERE w.object = f.entry AND w.trigger_ns >= f.last_ns AND w.ending = 'unknown')
