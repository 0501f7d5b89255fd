-- id: gsi-not-registered
-- rev: 2
-- severity: warning
-- status: experimental
-- title: GSI of a device that was given away, never registered with Xen
-- paths: dom0-pv dom0-pvh hvm-pirq hvm-passthrough
-- requires: toolstack.error | pci.assign
-- says: {object} was never registered with Xen, although its device was given away: a guest that gets the device has no line; that
--   should have been done, owed by {owner}
-- says: [refused] the toolstack was refused {object} {when}, as Xen does not know it: its registration should have come before, owed by
--   {owner}{lasted}
-- hop: pirq mapped
-- could: kernel user
-- why: Xen programs a pin of the IO-APIC only once it knows trigger and polarity; a guest that gets the device has no interrupt, and
--   the assignment is refused as dom0 has no irq to give a permission for
-- falsepositives: a device that uses messages alone needs no GSI
-- mend: let dom0 enable the device once before it is given away; or newer Xen (4.20), Linux (6.12) and toolstack, which register
--   the GSI at that moment
-- refs: Xen xen/arch/x86/mpparse.c mp_register_gsi(), xen/arch/x86/hvm/vioapic.c vioapic_hwdom_map_gsi(); Linux
--   drivers/xen/xen-pciback/pci_stub.c
--
-- The model's obligation gsi-register. A refusal proves that it was owed, whatever else was recorded; that a device was given away
-- does so only where it uses its line, and where a later registration would show.
WITH by_message AS (
  SELECT substr(x.anchor, 1, 12) AS bdf FROM object x JOIN link l ON l.feeder = x.id WHERE x.kind IN ('msix', 'msi')
  UNION
  SELECT substr(x.anchor, 1, 12) FROM span p JOIN object x ON x.id = p.object
   WHERE p.component IN ('msix_function', 'msi_function') AND p.field = 'enable' AND p.state = 'on'),
owed AS (
  SELECT o.*, r.start_event AS refusal, r.start_ns AS refusal_ns, coalesce(o.cause_event, o.trigger_event) AS cause,
         r.start_event IS NULL AND EXISTS (SELECT 1 FROM by_message b WHERE e.kind = 'pci.assign' AND instr(e.objects, b.bdf)) AS uses_messages,
         r.start_event IS NOT NULL
         OR EXISTS (SELECT 1 FROM signal g WHERE g.kind = 'xen.irq.assign' AND g.grade = 'complete')
         OR EXISTS (SELECT 1 FROM clock c JOIN source s ON s.id = c.source WHERE s.kind = 'xl dmesg' AND c.method IN ('end', 'told'))
           AS would_show
    FROM obligation o CROSS JOIN event e ON e.id = coalesce(o.cause_event, o.trigger_event)
    LEFT JOIN span r ON r.object = o.object AND r.component = 'assignment' AND r.field = 'request' AND r.state = 'refused'
                     AND r.ending = 'open'
   WHERE o.kind = 'gsi-register'),
missing AS (SELECT * FROM owed WHERE guard = 'true' AND ending = 'open' AND would_show AND NOT uses_messages)
SELECT w.object, 'fail' AS verdict, NULL AS reason, w.cause AS first_event, coalesce(w.refusal, w.trigger_event) AS last_event,
       coalesce(w.refusal_ns, w.trigger_ns) AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT w.cause AS event, 'cause' AS role UNION ALL SELECT w.refusal, 'harm' WHERE w.refusal <> w.cause) a
        WHERE a.event IS NOT NULL) AS events, NULL AS layer,
       CASE WHEN w.refusal IS NOT NULL THEN 'refused' ELSE 'given' END AS signature, 'unrecorded' AS blame, NULL AS missing,
       CASE WHEN w.refusal IS NOT NULL THEN 'error' END AS severity
  FROM missing w
UNION ALL
SELECT w.object, CASE WHEN w.ending = 'discharged' OR w.guard = 'true' AND w.ending = 'excused' THEN 'pass' ELSE 'inconclusive' END,
       CASE WHEN w.ending = 'discharged' THEN NULL WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'unknown' THEN 'gap'
            WHEN w.ending = 'contradicted' THEN 'order' WHEN w.ending = 'open' THEN 'no-signal' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL,
       CASE WHEN w.ending <> 'discharged' AND (w.guard <> 'true' OR w.ending = 'open')
            THEN '["xen.irq.assign", "snapshot.field@hardware"]' END, NULL
  FROM owed w WHERE w.id NOT IN (SELECT id FROM missing) AND NOT w.uses_messages
UNION ALL
SELECT w.object, 'pass', NULL, w.start_event, w.end_event, w.start_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM span w JOIN span p ON p.object = w.object AND p.component = 'gsi' AND p.field = 'registered' AND p.state = 'yes'
 WHERE w.component = 'gsi' AND w.field = 'wanted' AND w.state = 'yes' AND w.start_event IS NOT NULL
   AND w.object NOT IN (SELECT object FROM owed)
