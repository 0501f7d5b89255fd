-- id: stale-route-delivery
-- rev: 2
-- severity: error
-- status: stable
-- title: Interrupt sent through a route that its redirection entry no longer had
-- paths: kvm-split
-- requires: ioapic.rte_write@hardware ; kvm.route_update | kvm.route_commit ; ioapic.remote_irr | kvm.line
-- says: {object} was sent by the route that KVM still had, to another destination than its redirection entry, written
--   {when}, had by then; the route should have followed before, owed by {owner}
-- says: [vector] {object} was sent by the route that KVM still had, as another vector than its redirection entry, written
--   {when}, had by then; the route should have followed before, owed by {owner}
-- hop: sent by the pin
-- why: KVM takes a pin's message from the route that it was handed last, not from the redirection entry: it arrives as
--   the old vector or on the old CPU. An EOI of another vector never clears remote IRR; and one on another CPU than the new
--   route's is kept by a host before Linux 6.3 (fceb3a36c29a), whose KVM only hands on EOIs of vectors that routes of now send to
--   that CPU. With remote IRR set nothing comes any more, however long the line is asserted
-- falsepositives: none known. A pin that an EOI fires in another thread, while its entry is being written, is not counted
-- mend: update to QEMU 8.0 or later, which hands the routes over before it looks at the pins (54ad31fb0a0a); until then
--   kernel-irqchip=on, where the IO-APIC is KVM's own
-- refs: QEMU hw/intc/ioapic.c ioapic_mem_write(), ioapic_update_kvm_routes(), commit 54ad31fb0a0a; Linux
--   virt/kvm/irqchip.c kvm_set_irq()
--
-- What fired before the route had followed is the obligation's first_missed_event: order alone decides, no deadline.
WITH owed AS (
  SELECT o.*, x.machine FROM obligation o JOIN object x ON x.id = o.object WHERE o.kind = 'kroute-update')
SELECT w.object, 'fail' AS verdict, NULL AS reason, w.cause_event AS first_event,
       coalesce(w.end_event, w.first_missed_event) AS last_event, w.trigger_ns AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT w.cause_event AS event, 'cause' AS role
          UNION ALL SELECT w.first_missed_event, 'first_missed'
          UNION ALL SELECT coalesce(w.expected_event, w.end_event), 'expected'
          UNION ALL SELECT CASE WHEN w.expected_event IS NOT NULL THEN w.end_event END, 'consequence') a
         WHERE a.event IS NOT NULL) AS events,
       'platform' AS layer,
       coalesce((SELECT 'vector' FROM link l JOIN span s ON s.object = l.fed
                  WHERE l.feeder = w.object AND s.component = 'kroute' AND s.field = 'route' AND s.start_event <= w.cause_event
                    AND (s.end_event IS NULL OR s.end_event >= w.cause_event) AND s.state = 'vector'), 'destination') AS signature,
       'platform:ioapic_service' AS blame, NULL AS missing, NULL AS severity
  FROM owed w WHERE w.first_missed_event IS NOT NULL AND w.guard = 'true'

UNION ALL
SELECT w.object,
       CASE WHEN w.guard = 'true' AND w.first_missed_event IS NULL AND w.ending IN ('discharged', 'excused') THEN 'pass'
            ELSE 'inconclusive' END,
       CASE WHEN w.guard <> 'true' THEN 'start' WHEN w.ending = 'unknown' THEN 'gap' WHEN w.ending = 'open' THEN 'end' END,
       w.trigger_event, w.end_event, w.trigger_ns, w.end_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM owed w WHERE w.first_missed_event IS NULL OR w.guard <> 'true'
