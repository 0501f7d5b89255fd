-- id: irq-storm
-- rev: 4
-- severity: error
-- status: stable
-- title: Interrupt storm
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: irq.enter | irq.spurious | ioapic.throttle | xen.irq.handled
-- says: {object} interrupts again as soon as it was served{since}; an action that claims the interrupt and quiets the
--   device should have ended that, owed by {who}
-- says: [handled] {object} interrupts as fast as a storm, and its actions claim what comes: no fault by itself{since}
-- says: [throttled] {object} was still asserted at 10000 EOIs in a row, so that its IO-APIC put off sending it again{since}; a
--   handler that quiets the device should have ended that, owed by {who}
-- hop: [unclaimed] handled
-- hop: [spurious-disabled] irq enabled
-- could: device driver
-- why: an interrupt that comes again as soon as it was handled leaves its CPU nothing else to do; the kernel switches a
--   line off that nobody claims
-- falsepositives: fast devices interrupt more often than the limit and are handled: that is a note
-- mend: the device's handler must quiet the device before it returns. Where the kernel has disabled the line, it stays
--   masked until the driver is bound again; what polls it meanwhile is the kernel's own timer
-- refs: Linux kernel/irq/spurious.c, arch/x86/kvm/ioapic.c kvm_ioapic_update_eoi_one(); QEMU hw/intc/ioapic.c
--   ioapic_eoi_broadcast()
-- param: limit_per_s = 10000
-- param: unclaimed_per_s = 200
-- param: unclaimed_run = 99900
--
-- A rate that only a line that nobody quiets reaches: much lower where nobody claims the interrupts, and the kernel has
-- said so, or its limit is reached. What is handled is only noted.
WITH report AS (
  SELECT object, min(start_event) AS event, min(start_ns) AS at_ns, max(end_ns) AS end_ns
    FROM span WHERE component = 'irq' AND field = 'spurious_disabled' AND state = 'yes' GROUP BY object),
reported AS (
  SELECT p.*, (SELECT d.start_event FROM span d WHERE d.object = p.object AND d.field = 'depth' AND d.state <> '0'
                  AND d.start_ns >= p.at_ns ORDER BY d.start_ns LIMIT 1) AS disable_event
    FROM report p),
storm AS (
  SELECT m.*, r.event AS report_event, r.at_ns, r.end_ns AS report_end_ns, r.disable_event, o.driver, o.label,
         (r.object IS NOT NULL OR m.unhandled_run >= :unclaimed_run) AND m.busiest_second >= :unclaimed_per_s AS unclaimed
    FROM object_summary m JOIN object o ON o.id = m.object AND o.kind = 'irq' LEFT JOIN reported r ON r.object = m.object)
SELECT t.object, 'fail' AS verdict, NULL AS reason,
       CASE WHEN t.unclaimed THEN t.unhandled_first_event ELSE t.busiest_event END AS first_event,
       coalesce(t.report_event, t.busiest_event) AS last_event, 
       CASE WHEN t.unclaimed THEN coalesce((SELECT e.t_lo_ns FROM event e WHERE e.id = t.unhandled_first_event), t.first_ns)
            ELSE t.first_ns END AS start_ns,
       coalesce(t.report_end_ns, t.last_ns) AS end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT CASE WHEN t.unclaimed THEN t.unhandled_first_event ELSE t.busiest_event END AS event, 'cause' AS role
          UNION ALL SELECT t.report_event, 'consequence' UNION ALL SELECT t.disable_event, 'consequence') a
        WHERE a.event IS NOT NULL) AS events,
       CASE WHEN t.unclaimed THEN 'driver' END AS layer,
       CASE WHEN NOT t.unclaimed THEN 'handled' WHEN t.report_event IS NULL THEN 'unclaimed' ELSE 'spurious-disabled' END AS signature,
       CASE WHEN t.unclaimed THEN 'driver:' || coalesce(t.driver, t.label, 'unknown')
                                  || CASE WHEN t.report_event IS NULL THEN '' ELSE ' (claimed none; masked by the kernel''s spurious disable)' END
            END AS blame,
       NULL AS missing, CASE WHEN t.unclaimed THEN 'error' ELSE 'note' END AS severity
  FROM storm t WHERE t.unclaimed OR t.busiest_second >= :limit_per_s
UNION ALL
SELECT t.object, 'pass', NULL, t.first_event, t.last_event, t.first_ns, t.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM storm t WHERE t.deliveries > 0 AND NOT t.unclaimed AND t.busiest_second < :limit_per_s

-- No kernel's records at hand: the IO-APIC of QEMU or KVM itself saw no progress.
UNION ALL
SELECT o.id, 'fail', NULL, min(s.start_event), max(s.start_event), min(s.start_ns), max(coalesce(s.end_ns, s.start_ns)),
       json_array(json_object('event', min(s.start_event), 'role', 'cause')), NULL, 'throttled', 'unrecorded', NULL, 'error'
  FROM span s JOIN object o ON o.id = s.object
 WHERE s.component = 'ioapic_pin' AND s.field = 'again' AND s.state = 'put off'
   AND NOT EXISTS (SELECT 1 FROM link l JOIN object i ON i.id = l.fed AND i.kind = 'irq' WHERE l.feeder = o.id)
 GROUP BY o.id
