-- id: eoi-not-handed-on
-- rev: 1
-- severity: note
-- status: experimental
-- title: EOI that KVM did not hand on to the IO-APIC in user space
-- paths: kvm-split
-- requires: kvm.accept ; lapic.eoi ; kvm.eoi_exit
-- says: the EOI of a level interrupt of {object} was given {when} and stayed in KVM; an exit to user space should have followed before
--   its vCPU went on, owed by {owner}
-- hop: acknowledged (EOI)
-- why: QEMU's IO-APIC clears remote IRR only when KVM hands the EOI on: without it nothing comes from the pin any more, however long its
--   line is asserted
-- falsepositives: a guest that then clears remote IRR through the IO-APIC's EOI register, as Linux does, has lost nothing
-- mend: Linux 6.3 or later on the host, which goes on intercepting the EOI of a vector that was pending or in service when its route
--   changed (fceb3a36c29a); and look for a route that was changed then, as stale-route-delivery tells
-- refs: Linux arch/x86/kvm/irq_comm.c kvm_scan_ioapic_routes(), arch/x86/kvm/lapic.c kvm_ioapic_send_eoi()
--
-- What the vCPU did next without an exit is the proof: KVM looks at the request for it first.
WITH owed AS (SELECT * FROM obligation WHERE kind = 'eoi-exit')
SELECT w.object,
       CASE WHEN w.ending = 'discharged' THEN 'pass'
            WHEN w.ending IN ('open', 'excused') AND w.expected_event IS NOT NULL THEN 'fail' ELSE 'inconclusive' END AS verdict,
       CASE WHEN w.ending = 'unknown' THEN 'gap'
            WHEN w.ending <> 'discharged' AND w.expected_event IS NULL THEN 'end' END AS reason,
       w.trigger_event AS first_event, coalesce(w.end_event, w.expected_event) AS last_event, w.trigger_ns AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT w.trigger_event AS event, 'cause' AS role UNION ALL SELECT w.expected_event, 'expected') a
         WHERE a.event IS NOT NULL) AS events,
       'hypervisor' AS layer, 'no-exit' AS signature, 'hypervisor:kvm_ioapic_send_eoi' AS blame, NULL AS missing, NULL AS severity
  FROM owed w
UNION ALL
SELECT o.id, 'pass', NULL, o.last_event, o.last_event, e.t_lo_ns, e.t_lo_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM object o JOIN ledger k ON k.object = o.id AND k.hop = 'handed on' AND k.lo > 0 CROSS JOIN event e ON e.id = o.last_event
 WHERE o.kind = 'pin' AND o.path = 'kvm-split' AND o.id NOT IN (SELECT object FROM owed)
