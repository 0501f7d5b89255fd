-- id: gsi-not-registered
-- rev: 1
-- severity: warning
-- status: experimental
-- title: GSI of a device that was given away, never registered with Xen
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: toolstack.error | pci.assign ; xen.gsi.setup | xen.irq.assign | toolstack.error
-- says: {object} was never registered with Xen, although its device was given away {when}; that should have been done, owed by
--   {owner}{lasted}
-- says: [refused] the toolstack was refused {object} {when}, as Xen does not know it: its registration should have come before, owed by
--   {owner}{lasted}
-- could: kernel user
-- why: Xen programs a pin of the IO-APIC only once it knows trigger and polarity; a guest that gets the device has no interrupt, and
--   the assignment is refused as dom0 has no irq to give a permission for
-- falsepositives: a device that uses messages alone needs no GSI
-- mend: let dom0 enable the device once before it is given away; or newer Xen (4.20), Linux (6.12) and toolstack, which register
--   the GSI at that moment
-- refs: Xen xen/arch/x86/mpparse.c mp_register_gsi(), xen/arch/x86/hvm/vioapic.c vioapic_hwdom_map_gsi(); Linux
--   drivers/xen/xen-pciback/pci_stub.c
--
-- The model's obligation gsi-register. A refusal proves that it was owed, whatever else was recorded.
WITH owed AS (
  SELECT o.*, e.kind AS cause_kind
    FROM obligation o LEFT JOIN event e ON e.id = coalesce(o.cause_event, o.trigger_event)
   WHERE o.kind = 'gsi-register'),
missing AS (SELECT * FROM owed WHERE guard = 'true' AND ending = 'open')
SELECT w.object, 'fail' AS verdict, NULL AS reason, coalesce(w.cause_event, w.trigger_event) AS first_event,
       w.trigger_event AS last_event, w.trigger_ns AS start_ns, w.end_ns,
       json_array(json_object('event', coalesce(w.cause_event, w.trigger_event), 'role', 'cause')) AS events, NULL AS layer,
       CASE w.cause_kind WHEN 'toolstack.error' THEN 'refused' ELSE 'given' END AS signature, 'unrecorded' AS blame, NULL AS missing,
       'error' AS severity
  FROM missing w
UNION ALL
SELECT w.object, CASE WHEN w.guard = 'true' AND w.ending IN ('discharged', 'excused') THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'unknown' THEN 'gap' WHEN w.ending = 'contradicted' THEN 'order' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM missing)
UNION ALL
SELECT p.object, 'pass', NULL, p.start_event, p.end_event, p.start_ns, p.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM span p WHERE p.component = 'gsi' AND p.field = 'registered' AND p.state = 'yes' AND p.start_event IS NOT NULL
               AND p.object NOT IN (SELECT object FROM owed)
