-- id: capture-blind-spot
-- rev: 1
-- severity: note
-- status: stable
-- title: The capture cannot show all that the rules need
-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user
-- requires: none
-- why: a rule whose signals are absent can neither find its fault nor rule it out
-- falsepositives: a capture that was made for one question does not have to answer the others
-- mend: record what is named as missing, or choose the rules that matter with --rule
-- Each clause of each rule must be met by one of its signals; a clause that no source meets at any time leaves
-- all of them missing.
WITH strength (witness, rank) AS (VALUES ('inferred', 0), ('intent', 1), ('shadow', 2), ('hardware', 3)),
wanted AS (
  SELECT q.rule, q.clause, q.kind, q.witness,
         EXISTS (SELECT 1 FROM signal g JOIN strength have ON have.witness = g.witness
                  WHERE g.kind = q.kind AND (g.basis = 'declared' OR g.basis = 'seen' AND g.from_ns IS NOT NULL)
                    AND (q.witness IS NULL
                         OR have.rank >= (SELECT need.rank FROM strength need WHERE need.witness = q.witness))) AS met
    FROM rule_requires q JOIN rule r ON r.id = q.rule
   WHERE NOT r.hygiene
     AND (NOT EXISTS (SELECT 1 FROM path)
          OR EXISTS (SELECT 1 FROM path p WHERE ' ' || r.paths || ' ' LIKE '% ' || p.path || ' %'))),
lacking AS (
  SELECT DISTINCT w.kind || coalesce('@' || w.witness, '') AS name FROM wanted w
   WHERE NOT EXISTS (SELECT 1 FROM wanted x WHERE x.rule = w.rule AND x.clause = w.clause AND x.met)
   ORDER BY 1)
SELECT NULL AS object, 'fail' AS verdict, NULL AS first_event, json_group_array(name) AS missing
  FROM lacking HAVING count(*) > 0
