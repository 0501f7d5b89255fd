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
--   followed, owed by {owner}{lasted}
-- says: [masked-behind-xen] {object} is masked in hardware, although neither Xen nor its guest wants it masked, and its event
--   channel is bound and unmasked; who set the bit is not recorded
-- says: [masked-for-guest] {object} is masked because its guest or device model wants it so, although its event channel is bound
--   and unmasked: nothing in the guest will unmask it
-- says: [masked-by-dom0] {object} was masked {when} by {who}, which writes a bit that is Xen's: neither Xen nor its guest wants it
--   masked, and its event channel is bound and unmasked
-- says: [masked-by-guest] {object} was masked {when} by its guest's own write of vector control, and left so, although the
--   interrupt is in use there
-- says: [masked-by-xen] Xen keeps {object} masked, although it is bound to a guest that has not masked its event channel
-- says: [function-masked] all MSI-X entries of {object} are masked by its function mask, although MSI-X is on and its driver
--   bound
-- says: [held-message] {object} was left masked by {who}, its device notified in vain, and went on through other entries
--   {when}; an unmask should have followed, owed by {owner}{lasted}
-- says: [held-outside] {object} was masked by a write that no vCPU made, so neither kernel nor hypervisor, and left so: its device
--   notified in vain {when}{lasted}
-- says: [masked-outside] {object} was left masked {when} by a write that no vCPU made, so neither kernel nor hypervisor, although its
--   irq is started and enabled{lasted}
-- says: [function-held] all MSI-X entries of {object} are masked by its function mask, set by {who}, although MSI-X is on: its device
--   notified in vain {when}; the mask should have been cleared{lasted}
-- hop: unmasked
-- could: platform hypervisor kernel driver user
-- could: [masked-by-guest] kernel driver user
-- could: [held-outside] device platform
-- could: [masked-outside] device platform
-- could: [function-held] hypervisor kernel driver user
-- why: a device whose entry is masked sets its pending bit and stays silent; the driver waits for an interrupt that cannot
--   come, and times out or polls
-- falsepositives: a driver that masks its entry itself for a while, through the chip's own functions, longer than the grace
-- mend: look at who called the masking function named as cause, and why nothing unmasks it: enable_irq() does not, where the
--   irq core does not know of the mask. Until then unbinding and binding the driver brings the entry back
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
-- mend: [function-masked] enabling MSI-X anew clears the function mask: unbind and bind the driver. Under Xen, a device that did
--   not answer in memory space while an entry was to be masked has it set until it is assigned again
-- refs: PCI Express Base Specification, MSI-X Capability and Table Structures; Linux kernel/irq/chip.c,
--   drivers/pci/msi/msi.c; Xen xen/arch/x86/msi.c msi_set_mask_bit()
-- param: grace_ns = 50000000
-- param: silent_ns = 1000000000
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
                             ELSE g.first_ns IS NOT NULL AND g.via IN ('pci_msi_unmask_irq', 'pci_irq_unmask_msix')
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
  SELECT DISTINCT s.machine FROM signal g JOIN source s ON s.id = g.source
   WHERE g.witness = 'hardware' AND g.kind IN ('pci.msix.entry_mask', 'snapshot.field')
     AND (g.basis = 'declared' OR g.from_ns IS NOT NULL)),
-- unsent: messages that a device wanted to send and that something held back; memory_region_ops_write tells the vCPU that writes,
-- and none where it is somebody else: a debugger, another device.
unsent AS (
  SELECT n.*, n.ending = 'open' AND n.owed_before_gap_ns > :silent_ns AND (n.guard = 'true' OR n.outside) AS proven
    FROM (SELECT o.*, coalesce(e.via = 'memory_region_ops_write' AND e.cpu IS NULL, 0) AS outside
            FROM obligation o LEFT JOIN event e ON e.id = o.cause_event
           WHERE o.kind IN ('msix-message', 'function-message') AND o.ending IN ('unknown', 'open')) n),
-- held: what is believed of Xen's objects in the end, and the last field of a dump that showed it.
held AS (
  SELECT p.object, p.component || '.' || p.field AS what, p.state,
         (SELECT c.event FROM snapshot_check c CROSS JOIN event e ON e.id = c.event
           WHERE c.object = p.object AND c.component = p.component AND c.field = p.field AND c.seen = p.state
             AND (p.start_ns IS NULL OR e.t_hi_ns >= p.start_ns)
           ORDER BY e.t_hi_ns DESC LIMIT 1) AS event
    FROM span p WHERE p.ending = 'open' AND p.component IN ('xen_irq', 'xen_msi', 'xen_port', 'msix_function', 'pci')),
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
-- Xen masks an irq that comes too often for 10 ms, by itself: only one that has been silent for longer is left masked.
xen_known AS (
  SELECT x.*, coalesce(x.open_port, x.guest_irq > 0)
         AND (x.host = 'unmasked' OR x.last_ns IS NULL OR x.at_ns - x.last_ns > :grace_ns) AS proven
    FROM xen_masked x WHERE x.open_port IS NOT 0 AND x.signature IS NOT NULL),
-- functions: by their control word, as a dump of the device shows it; vPCI's are a guest's own registers.
functions AS (
  SELECT h.object, h.state AS mask, h.event, e.t_hi_ns AS at_ns, o.driver,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'msix_function.enable') AS enable,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'pci.bus_master') AS master,
         (SELECT state FROM held w WHERE w.object = h.object AND w.what = 'pci.driver') AS bound
    FROM held h CROSS JOIN event e ON e.id = h.event JOIN source s ON s.id = e.source AND s.kind <> 'xl dmesg'
    JOIN object o ON o.id = h.object
   WHERE h.what = 'msix_function.fmask')

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

UNION ALL
SELECT l.feeder, 'pass', NULL, m.first_event, m.last_event, m.first_ns, m.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM link l JOIN object e ON e.id = l.feeder AND e.kind = 'msix' JOIN object x ON x.id = l.fed AND x.kind = 'xirq'
  JOIN object_summary m ON m.object = x.id
 WHERE l.to_ns IS NULL AND m.deliveries > 0

-- No kernel's records at hand: the device notified while the entry was masked in the table, the message never left, and either it
-- went on through others of its entries, or no software can have set the bit. The same for a function mask.
UNION ALL
SELECT u.object, CASE WHEN u.proven THEN 'fail' ELSE 'inconclusive' END,
       CASE WHEN u.proven THEN NULL WHEN u.guard <> 'true' THEN 'no-signal' WHEN u.ending = 'unknown' THEN 'gap' ELSE 'end' END,
       coalesce(u.cause_event, u.trigger_event), u.end_event, u.trigger_ns, u.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT coalesce(u.cause_event, u.trigger_event) AS event, 'cause' AS role UNION ALL
          SELECT u.first_missed_event, 'first_missed') a WHERE a.event IS NOT NULL),
       NULL,
       CASE WHEN u.kind = 'function-message' THEN 'function-held' WHEN u.outside THEN 'held-outside' ELSE 'held-message' END,
       'unrecorded', CASE WHEN NOT u.proven AND u.guard <> 'true' THEN '["irq.startup", "irq.disable"]' END, NULL
  FROM unsent u

-- Silent while another entry of the function goes on: masked behind the kernel's back, or idle. Only the table can tell.
UNION ALL
SELECT f.entry, 'inconclusive', 'no-signal', f.last_event, NULL,
       max(f.last_ns, coalesce((SELECT max(o.end_ns) FROM obligation o WHERE o.object = f.entry), f.last_ns)), b.last_ns,
       NULL, NULL, NULL, NULL, '["pci.msix.entry_mask@hardware"]', NULL
  FROM in_use f JOIN busiest b ON b.function = f.function
 WHERE f.deliveries > 0 AND b.last_ns > f.last_ns + :grace_ns AND f.machine NOT IN (SELECT machine FROM watched)
   AND NOT EXISTS (SELECT 1 FROM owed w WHERE w.object = f.entry AND w.trigger_ns >= f.last_ns AND w.ending = 'unknown')

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

-- The function mask: no dump of Xen's shows it, and no entry's bit.
UNION ALL
SELECT f.object, CASE WHEN f.bound = 'bound' AND f.master IS NOT 'off' THEN 'fail' ELSE 'inconclusive' END,
       CASE WHEN f.bound = 'bound' AND f.master IS NOT 'off' THEN NULL ELSE 'no-stimulus' END, f.event, f.event, f.at_ns, f.at_ns,
       json_array(json_object('event', f.event, 'role', 'cause')), NULL, 'function-masked', 'unrecorded', NULL, NULL
  FROM functions f WHERE f.mask = 'masked' AND f.enable = 'on'

-- Xen handled it before, and handles others: masked, or idle. xentrace has no mask bit.
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
                    UNION SELECT l.fed FROM link l JOIN object p ON p.id = l.feeder AND p.kind = 'pin')
