-- id: msix-masked-after-bind
-- rev: 1
-- severity: error
-- status: experimental
-- title: MSI-X entry of a guest with pirqs masked by its own set-up, and never unmasked
-- paths: hvm-pirq
-- requires: xen.mmio.write ; snapshot.field@hardware | xen.irq.handled
-- says: {object} was masked {when} by its guest's own store to the table, after it had been bound and before request_irq() bound its
--   event channel: nothing in the guest unmasks it, and Xen has not
-- says: [kept-as-wish] {object} was masked {when} by its guest's own store to the table, after it had been bound and before
--   request_irq() bound its event channel: Xen keeps that as the guest's wish, which nothing in the guest takes back
-- hop: unmasked
-- why: the chip of a pirq masks its event channel and never the entry, so that what a guest's PCI core masks stays masked: the device
--   sets its pending bit, and its driver times out
-- falsepositives: a guest whose chip unmasks entries of pirqs, of which none is known
-- mend: a guest's kernel of 5.18 or later (or a stable release with 7e0815b3e099) writes no mask bit of a pirq; Xen 4.6 and later take
--   such a mask back when the event channel is bound; a guest that is not offered pirqs (Xen 4.19 by default) masks and unmasks itself
-- refs: Linux 83dbf898a2d4, 7e0815b3e099, drivers/pci/msi, arch/x86/pci/xen.c; Xen xen/arch/x86/hvm/vmsi.c msixtbl_write(),
--   xen/arch/x86/irq.c arch_evtchn_bind_pirq()
-- param: grace_ns = 50000000
--
-- stores: of a guest whose pirq was bound to an event channel later, on one clock, and never delivered before (the model's
-- obligation guest-unmask, which an arrival, a dump that shows the bit clear, the guest's unmask or Xen's at the bind ends). Where
-- that order is not proven, an entry that is masked is the matter of msix-left-masked.
WITH stores AS (
  SELECT o.*, l.feeder AS xirq,
         o.expected_event IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM object_summary d WHERE d.object = l.feeder AND d.first_ns < o.trigger_ns)
         AND NOT EXISTS (SELECT 1 FROM event b JOIN event c ON c.id = o.cause_event JOIN clock k ON k.source IN (b.source, c.source)
                          WHERE b.id = o.expected_event AND b.source <> c.source AND k.method = 'assumed') AS before_bind
    FROM obligation o
    LEFT JOIN (SELECT l.feeder, l.fed FROM link l JOIN object x ON x.id = l.feeder AND x.kind = 'xirq' WHERE l.to_ns IS NULL) l ON l.fed = o.object
   WHERE o.kind = 'guest-unmask'),
-- held: what is believed in the end, and the last dump that showed it.
held AS (
  SELECT p.object, p.component || '.' || p.field AS what, p.state,
         (SELECT c.event FROM snapshot_check c CROSS JOIN event e ON e.id = c.event
           WHERE c.object = p.object AND c.component = p.component AND c.field = p.field AND c.seen = p.state
             AND (p.start_ns IS NULL OR e.t_hi_ns >= p.start_ns)
           ORDER BY e.t_hi_ns DESC LIMIT 1) AS event
    FROM span p WHERE p.ending = 'open' AND p.component IN ('xen_msi', 'xen_port', 'xen_pirq')),
-- known: is it used through an event channel that is not masked, and what is in the table? One that nobody has asked for may
-- stay masked.
known AS (
  SELECT s.*, h.event AS dump, e.t_hi_ns AS dump_ns,
         (SELECT state FROM held w WHERE w.object = s.xirq AND w.what = 'xen_msi.host_mask') AS host,
         (SELECT state FROM held w WHERE w.object = s.xirq AND w.what = 'xen_msi.guest_mask') AS guest,
         (SELECT min(m.state = 'unmasked') FROM link k JOIN held u ON u.object = k.fed AND u.what = 'xen_port.state' AND u.state = 'pirq'
            JOIN held m ON m.object = k.fed AND m.what = 'xen_port.mask' WHERE k.feeder = s.object AND k.to_ns IS NULL) AS open_port,
         (SELECT state FROM held w WHERE w.object = s.object AND w.what = 'xen_pirq.bound') AS bound
    FROM stores s LEFT JOIN held h ON h.object = s.xirq AND h.what = 'xen_msi.mask' AND h.state = 'masked'
    LEFT JOIN event e ON e.id = h.event
   WHERE s.ending = 'open' AND s.guard = 'true' AND s.before_bind)
SELECT coalesce(k.xirq, k.object) AS object, 'fail' AS verdict, NULL AS reason, k.cause_event AS first_event, k.dump AS last_event,
       k.trigger_ns AS start_ns, k.dump_ns AS end_ns,
       json_array(json_object('event', k.cause_event, 'role', 'cause'), json_object('event', k.dump, 'role', 'consequence')) AS events,
       'kernel' AS layer, CASE WHEN k.guest = 'masked' THEN 'kept-as-wish' ELSE 'not-kept' END AS signature,
       'kernel:vector control' AS blame, NULL AS missing, NULL AS severity
  FROM known k WHERE k.open_port = 1 AND k.dump_ns > k.trigger_ns AND k.host IS NOT 'masked'
UNION ALL
SELECT coalesce(k.xirq, k.object), 'inconclusive', 'no-signal', k.cause_event, NULL, k.trigger_ns, k.end_ns, NULL, NULL, NULL, NULL,
       '["snapshot.field@hardware"]', NULL
  FROM known k
 WHERE NOT coalesce(k.open_port = 1 AND k.dump_ns > k.trigger_ns AND k.host IS NOT 'masked', 0)
   AND (k.bound = 'yes' OR k.open_port = 1) AND k.owed_before_gap_ns > :grace_ns
UNION ALL
SELECT coalesce(s.xirq, s.object), CASE WHEN s.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE s.ending WHEN 'unknown' THEN 'gap' WHEN 'open' THEN 'start' END, s.cause_event, s.end_event, s.trigger_ns, s.end_ns,
       NULL, NULL, NULL, NULL, NULL, NULL
  FROM stores s WHERE s.ending <> 'open' OR s.guard <> 'true'
