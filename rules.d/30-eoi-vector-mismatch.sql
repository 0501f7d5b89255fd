-- id: eoi-vector-mismatch
-- rev: 2
-- severity: error
-- status: stable
-- title: EOI that did not match: remote IRR stays set
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: none
-- says: The EOI given {when} left remote IRR of {object} set: its entry had got another vector by {who} while that
--   interrupt was in service; an EOI that matches should have followed, owed by {owner}{lasted}
-- hop: acknowledged (EOI)
-- could: platform hypervisor kernel
-- why: an EOI clears remote IRR only of pins whose entry has its vector; an entry that got another vector while it was in
--   service never sees it, and the line is dead
-- falsepositives: a kernel that writes the EOI register afterwards, or switches the entry to edge and back, mends it; then
--   remote IRR is cleared in time
-- mend: rewrite the vector only while remote IRR is clear, or give the EOI through the IO-APIC's EOI register
-- refs: Intel 82093AA, IOREDTBL; Linux arch/x86/kernel/apic/io_apic.c eoi_ioapic_pin()
-- param: grace_ns = 50000000
WITH owed AS (
  SELECT o.*, max(:grace_ns, coalesce((SELECT 8 * t.typical_ns FROM obligation_stat t WHERE t.kind = o.kind), 0)) AS deadline_ns,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE s.machine = x.machine AND g.grade = 'complete' AND g.kind = 'ioapic.remote_irr'
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS seen
    FROM obligation o JOIN object x ON x.id = o.object WHERE o.kind = 'irr-clear')
SELECT w.object,
       CASE WHEN w.ending = 'discharged' THEN 'pass' WHEN w.seen AND w.ending = 'open' AND w.owed_ns > w.deadline_ns THEN 'fail'
            ELSE 'inconclusive' END AS verdict,
       CASE WHEN w.ending = 'discharged' OR w.seen AND w.ending = 'open' AND w.owed_ns > w.deadline_ns THEN NULL
            WHEN NOT w.seen THEN 'no-signal' WHEN w.ending = 'unknown' THEN 'gap' ELSE 'end' END AS reason,
       w.trigger_event AS first_event, w.end_event AS last_event, w.trigger_ns AS start_ns, w.end_ns,
       CASE WHEN w.cause_event = w.trigger_event THEN json_array(json_object('event', w.cause_event, 'role', 'cause'))
            ELSE json_array(json_object('event', w.cause_event, 'role', 'cause'), json_object('event', w.trigger_event, 'role', 'expected'))
            END AS events,
       'platform' AS layer, 'mismatch' AS signature,
       coalesce((SELECT 'kernel:' || e.via FROM event e WHERE e.id = w.cause_event AND e.witness = 'shadow'), 'unrecorded') AS blame,
       CASE WHEN NOT w.seen THEN '["ioapic.remote_irr@hardware"]' END AS missing, NULL AS severity
  FROM owed w
