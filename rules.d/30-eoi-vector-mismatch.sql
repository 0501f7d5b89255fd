-- id: eoi-vector-mismatch
-- rev: 4
-- severity: error
-- status: stable
-- title: EOI that did not match: remote IRR stays set
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: none
-- late: fail
-- says: The EOI given {when} left remote IRR of {object} set: its entry had got another vector by {who} while that
--   interrupt was in service; an EOI that matches should have followed, owed by {owner}{lasted}
-- says: [stale-route] {object} was sent {when} with a vector that is not that of its entry, made so by {who}: no EOI of it
--   clears remote IRR; one through the EOI register should have followed, owed by {owner}{lasted}
-- hop: acknowledged (EOI)
-- could: platform hypervisor kernel
-- why: an EOI clears remote IRR only of pins whose entry has its vector; an entry that got another vector while it was in
--   service never sees it, and the line is dead
-- falsepositives: a kernel that writes the EOI register afterwards, or switches the entry to edge and back, mends it; then
--   remote IRR is cleared in time
-- mend: rewrite the vector only while remote IRR is clear, or give the EOI through the IO-APIC's EOI register
-- refs: Intel 82093AA, IOREDTBL; Linux arch/x86/kernel/apic/io_apic.c eoi_ioapic_pin()
-- param: grace_ns = 50000000
--
-- What clears remote IRR otherwise comes with the interrupt that found it set. Those that took long say nothing of what is
-- usual: only the fault itself makes the obligation.
-- Where there are no times, the deadline is the line's second rise: a device that asks again was served meanwhile.
WITH owed AS (
  SELECT o.*, :grace_ns AS deadline_ns,
         NOT EXISTS (SELECT 1 FROM source s WHERE s.clock IS NOT 'order') AS by_order,
         EXISTS (SELECT 1 FROM signal g JOIN source s ON s.id = g.source
                  WHERE coalesce(g.machine, s.machine) = x.machine AND g.grade = 'complete' AND g.kind = 'ioapic.remote_irr'
                    AND (g.basis = 'declared' OR g.from_ns <= o.trigger_ns)) AS seen
    FROM obligation o JOIN object x ON x.id = o.object WHERE o.kind = 'irr-clear'),
judged AS (
  SELECT w.*, (SELECT e.kind FROM event e WHERE e.id = w.trigger_event) IN ('ioapic.remote_irr', 'kvm.line') AS stale,
         w.seen AND CASE WHEN w.by_order THEN w.missed > 1 ELSE w.owed_ns > w.deadline_ns END
              AND (w.ending = 'open' OR w.ending = 'discharged' AND w.first_missed_event IS NOT NULL) AS fails
    FROM owed w)
SELECT w.object,
       CASE WHEN w.fails THEN 'fail' WHEN w.ending = 'discharged' THEN 'pass' ELSE 'inconclusive' END AS verdict,
       CASE WHEN w.fails OR w.ending = 'discharged' THEN NULL
            WHEN NOT w.seen THEN 'no-signal' WHEN w.ending = 'unknown' THEN 'gap' ELSE 'end' END AS reason,
       w.trigger_event AS first_event, w.end_event AS last_event, w.trigger_ns AS start_ns, w.end_ns,
       (SELECT json_group_array(json_object('event', a.event, 'role', a.role)) FROM (
          SELECT w.cause_event AS event, 'cause' AS role
          UNION ALL SELECT nullif(w.trigger_event, w.cause_event), 'expected'
          UNION ALL SELECT w.first_missed_event, 'first_missed') a
         WHERE a.event IS NOT NULL) AS events,
       'platform' AS layer, CASE WHEN w.stale THEN 'stale-route' ELSE 'mismatch' END AS signature,
       CASE WHEN w.stale THEN 'platform:ioapic_service'
            ELSE coalesce((SELECT 'kernel:' || e.via FROM event e WHERE e.id = w.cause_event AND e.witness = 'shadow'), 'unrecorded')
            END AS blame,
       CASE WHEN NOT w.seen THEN '["ioapic.remote_irr@hardware"]' END AS missing, NULL AS severity
  FROM judged w
