-- id: parked-vector-fired
-- rev: 1
-- severity: warning
-- status: stable
-- title: Interrupt arrived on the vector of parked irqs
-- paths: baremetal kvm-split kvm-full qemu-user
-- requires: lapic.deliver@hardware
-- says: {object} interrupted {when} with the message of a parked irq, left unmasked by {who}; a vector should have
--   been assigned before, owed by the kernel
-- says: [unknown-sender] An interrupt arrived {when} on the vector of parked irqs, {object}, from a message left
--   unmasked by {who}; a vector should have been assigned before, owed by the kernel
-- hop: vector assigned
-- could: platform hypervisor kernel driver
-- why: a device sends the message of an irq that has no vector yet: it is unmasked too early, or cannot be masked; the
--   interrupt is counted as spurious and lost
-- falsepositives: a message that was on its way when the irq was freed
-- mend: find the device whose entry is unmasked before its irq is requested, or that has no mask bit: such a one
--   must not be reserved for later (fixed in Linux 4.15 for MSI without mask bit)
-- refs: Linux arch/x86/kernel/apic/vector.c vector_assign_managed_shutdown(), arch/x86/kernel/apic/apic.c
--   handle_spurious_interrupt()
--
-- The model says which irq it was where only one can have sent it, else on which CPU it came. CROSS JOIN: harm is the small
-- table, and drives.
SELECT h.object, 'fail' AS verdict, h.event AS first_event, h.event AS last_event, e.t_lo_ns AS start_ns,
       e.t_hi_ns AS end_ns, json_array(json_object('event', h.event, 'role', 'cause')) AS events, NULL AS layer,
       CASE x.kind WHEN 'irq' THEN 'parked' ELSE 'unknown-sender' END AS signature, NULL AS blame
  FROM harm h CROSS JOIN event e ON e.id = h.event JOIN object x ON x.id = h.object
 WHERE h.kind = 'lapic.deliver'
