-- id: clock-unsafe
-- rev: 1
-- severity: note
-- status: stable
-- title: Order of events between sources that is not proven
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: none
-- says: [unrelated] the clock of {who} could not be related to those of the other sources: what it shows stands by itself, and in which
--   order with theirs is not known
-- says: [contradicted] facts that {who} and another source recorded contradict how their clocks were related
-- says: [wide] the clock of {who} is related to the first one's only roughly: events of both may be in the other order
-- why: what one source shows of a moment explains another only where their order is proven
-- falsepositives: sources that each show all of a fault need no common clock
-- mend: record both with one clock (trace-cmd -C x86-tsc beside xentrace, -C tai beside QEMU's log), or what both see: vectors given and
--   messages written (msix-table, ioapic_*), or marks ("irqpath-sync N begin" and "end" around a write to 00:00.0, offset 0x3c)
-- param: wide_ns = 100000000
-- param: few_contradictions = 8
WITH timed AS (
  SELECT s.path, s.layer, c.method, c.hi_ns - c.lo_ns AS width_ns, c.contradictions, c.first_ns, c.last_ns
    FROM source s JOIN clock c ON c.source = s.id
   WHERE s.timeless IS NOT 1 AND s.first_ns IS NOT NULL)
SELECT NULL AS object, 'fail' AS verdict, NULL AS first_event, t.first_ns AS start_ns, t.last_ns AS end_ns, t.layer AS layer,
       CASE WHEN t.method = 'assumed' THEN 'unrelated' WHEN t.contradictions > :few_contradictions THEN 'contradicted' ELSE 'wide' END AS signature,
       t.path AS blame
  FROM timed t
 WHERE (SELECT count(*) FROM timed) > 1 AND (t.method = 'assumed' OR t.contradictions > :few_contradictions OR t.width_ns > :wide_ns)
