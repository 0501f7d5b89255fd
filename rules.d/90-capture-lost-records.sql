-- id: capture-lost-records
-- rev: 1
-- severity: note
-- status: stable
-- title: Records were lost while the capture was made
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: none
-- why: what a lost record could have changed is unknown from there on, so verdicts that rest on it are inconclusive
--   (gap)
-- falsepositives: a buffer that overwrites its oldest records loses them on purpose; the capture then
--   begins late, and that is all
-- mend: larger buffers (trace-cmd record -b KB, xentrace -S PAGES), fewer kinds of records, or a filter on the
--   irq in question
SELECT (SELECT o.id FROM object o
         WHERE o.name = (CASE WHEN s.machine = 'host' THEN '' ELSE s.machine || '/' END) || 'cpu:' || g.cpu) AS object,
       'fail' AS verdict, g.event AS first_event, g.event AS last_event, g.from_ns AS start_ns, g.to_ns AS end_ns
  FROM gap g JOIN source s ON s.id = g.source
