-- SPDX-License-Identifier: GPL-2.0-or-later
-- irqpath database, schema version 1 (user_version), application_id 0x69727170 ("irqp").
--
-- Times are ns of the reference clock; null is unknown. An event id is source << 43 | ordinal << 3 | sub; it sorts as
-- (source, ordinal, sub). Columns called object hold object.id. Every text is as recorded: escape it before showing it.
-- Facts are written once while a capture is read; everything below the line "derived" is dropped and rebuilt by replay.
-- Tables and columns whose comment says "private" may change without notice; rules cannot see them.

-- ---------------------------------------------------------------------------------------------------- facts

-- One input file.
CREATE TABLE source (
  id        INTEGER PRIMARY KEY,  -- from 1, in command-line order
  path      TEXT NOT NULL,        -- as given on the command line
  kind      TEXT,                 -- reader and version: "trace.dat 7"
  machine   TEXT NOT NULL,        -- whose events it holds: "host", "dom0", …
  layer     TEXT,                 -- layer that recorded it
  clock     TEXT,                 -- clock as the file claims it; "order": it has no times, and its lines are counted instead
  release   TEXT,                 -- release of the recorded kernel or program
  cpus      INTEGER,              -- CPUs of the capture
  cycles    INTEGER,              -- 1: times are cycles of unknown frequency, not ns
  timeless  INTEGER,              -- 1: a snapshot, which does not say when it was taken
  tsc_hz    INTEGER,              -- cycles a second of its machine's TSC, where it says so
  by_line   INTEGER,              -- 1: offsets of its events are lines, not bytes
  records   INTEGER,              -- records read
  kept      INTEGER,              -- of these, records that became events
  lost      INTEGER,              -- records lost, as the file says
  end_offset INTEGER,             -- last good position
  complete  INTEGER,              -- 1: read to its end
  first_ns  INTEGER,              -- time of the first event, source clock
  last_ns   INTEGER               -- of the last event
);

-- Source clock to reference clock.
CREATE TABLE clock (
  source    INTEGER PRIMARY KEY,  -- source.id
  method    TEXT NOT NULL,        -- "reference": it is the reference; "causality": facts that two sources recorded;
                                  -- "marks": marks too; "counter": both count one counter, which their
                                  -- interrupts confirm; "readings": of its TSC, which a guest's kernel and Xen recorded both;
                                  -- "clock": one clock by its name, which facts that both recorded confirm;
                                  -- "assumed": nothing proves it, a clock's name may tell the offset; of
                                  -- snapshots "start", "end", "between": where it is assumed to stand; "told": --at
  hz        INTEGER,              -- the source counts cycles, so many a second: its time in ns is cycles / hz; null: it has ns
  hz_source INTEGER,              -- source.id of the one that told hz, or proved it
  offset_ns INTEGER NOT NULL,     -- reference time = source time + offset_ns
  lo_ns     INTEGER,              -- proven bounds of that offset, all over the source: at least
  hi_ns     INTEGER,              -- at most
  base      INTEGER NOT NULL,     -- where rate is not 0: time of the source, in ns, at which the offset holds
  rate      INTEGER NOT NULL,     -- reference ns in 2^40 ns of the source; 0: as many, the clocks do not drift apart
  first_ns  INTEGER,              -- first event of the source, on the reference clock
  last_ns   INTEGER,              -- last one
  until_ns  INTEGER,              -- its last record, event or not: until then it recorded
  contradictions INTEGER NOT NULL -- pairs of events that the bounds contradict
);

-- Records by the format's own name, kept or not.
CREATE TABLE record_kind (
  source INTEGER NOT NULL,        -- source.id
  name   TEXT NOT NULL,           -- as the format has it
  count  INTEGER NOT NULL,        -- records read
  kept   INTEGER NOT NULL,        -- of these, records that became events
  PRIMARY KEY (source, name)
) WITHOUT ROWID;

-- What a source was able to show, and since when.
CREATE TABLE signal (
  source  INTEGER NOT NULL,       -- source.id
  kind    TEXT NOT NULL,          -- event kind
  witness TEXT NOT NULL,          -- inferred, intent, shadow, hardware
  via     TEXT NOT NULL,          -- tracepoint, function, …
  grade   TEXT NOT NULL,          -- complete, partial
  basis   TEXT NOT NULL,          -- declared: it was on all the time; seen: from from_ns on; none: it may have been off
  from_ns INTEGER,                -- null: from the beginning (declared) or never (none)
  first_ns INTEGER,               -- the first event of it; null: there was none
  machine TEXT,                   -- which its events are about, where it is another than the source's: a guest of it
  to_ns   INTEGER,                -- end of the source
  PRIMARY KEY (source, kind, witness, via)
) WITHOUT ROWID;

-- Holes: records between the two times on that CPU are missing.
CREATE TABLE gap (
  id      INTEGER PRIMARY KEY,    -- in the order in which they were found
  source  INTEGER NOT NULL,       -- source.id
  cpu     INTEGER,                -- null: any CPU
  from_ns INTEGER,                -- null: from before the first record
  to_ns   INTEGER NOT NULL,       -- the first record behind it
  count   INTEGER,                -- records lost, null: unknown
  event   INTEGER                 -- the lost event
);

-- What snapshots show, a field a row: the same as their events.
CREATE TABLE snapshot_field (
  event   INTEGER PRIMARY KEY,    -- event.id; snapshots stand in time where clock says
  source  INTEGER NOT NULL,       -- source.id
  object  TEXT NOT NULL,          -- name: "[MACHINE/]KIND:ID"
  field   TEXT NOT NULL,          -- COMPONENT.NAME as the model has it; "feeds": a link to the second object
  value   INTEGER,                -- where it is a number
  text    TEXT,                   -- where it is a word, or the state of a model's region
  fed     TEXT,                   -- of a link: name of what the object feeds
  cpu     INTEGER,                -- of counts: on which CPU
  witness TEXT NOT NULL           -- hardware: read from the register itself; shadow: software's own copy
);

-- Original text of events that are shown as evidence.
CREATE TABLE event_text (
  event INTEGER PRIMARY KEY,      -- event.id
  text  TEXT NOT NULL             -- as the format's own tool prints it
);

-- Diagnostics of reading.
CREATE TABLE diag (
  id      INTEGER PRIMARY KEY,    -- in the order in which they were given
  source  INTEGER NOT NULL,       -- source.id
  code    TEXT NOT NULL,          -- BAD_RECORD, SHORT_FILE, …
  level   TEXT NOT NULL,          -- note, warning, error
  offset  INTEGER,                -- byte, null: none
  line    INTEGER,                -- line of a text source, null: none
  text    TEXT NOT NULL           -- what happened
);

-- Private: interned strings of a source.
CREATE TABLE string (
  source INTEGER NOT NULL,
  id     INTEGER NOT NULL,
  text   TEXT NOT NULL,
  PRIMARY KEY (source, id)
) WITHOUT ROWID;

-- Private: packed events; read them through the virtual table "event".
CREATE TABLE chunk (
  id            INTEGER PRIMARY KEY,
  source        INTEGER NOT NULL,
  events        INTEGER NOT NULL,
  first_ordinal INTEGER NOT NULL,
  last_ordinal  INTEGER NOT NULL,
  t_min_ns      INTEGER NOT NULL,
  t_max_ns      INTEGER NOT NULL,
  data          BLOB NOT NULL
);
CREATE INDEX chunk_range ON chunk(source, first_ordinal, last_ordinal, t_min_ns, t_max_ns);

-- One interrupt-path fact a row. Cheap by id, by source and by a range of t_lo_ns.
-- CREATE VIRTUAL TABLE event (
--   id      INTEGER,                -- source << 43 | ordinal << 3 | sub
--   source  INTEGER,                -- source.id
--   ordinal INTEGER,                -- number of the record in its source, from 1
--   sub     INTEGER,                -- 0, or more for further events of the same record
--   offset  INTEGER,                -- byte offset, or line of a text source
--   t_lo_ns INTEGER,                -- when it can have taken effect: at the earliest
--   t_hi_ns INTEGER,                -- at the latest
--   kind    TEXT,                   -- docs/events.md lists them
--   witness TEXT,                   -- what the record proves: inferred, intent, shadow, hardware
--   cpu     INTEGER,                -- where it was recorded
--   pid     INTEGER,                -- task that ran there
--   comm    TEXT,                   -- its name
--   via     TEXT,                   -- tracepoint, function or hypercall that the record sits on
--   objects TEXT,                   -- names, separated by blanks
--   args    TEXT                    -- JSON object: names and values of what is known; numbers are signed, 64 bits
-- );

-- ---------------------------------------------------------------------------------------------------- derived

-- Things with state; one row per generation.
CREATE TABLE object (
  id          INTEGER PRIMARY KEY,  -- in the order of first sight
  name        TEXT NOT NULL UNIQUE, -- "[MACHINE/]KIND:ID[~GENERATION]"
  kind        TEXT NOT NULL,        -- "irq", "msix", …
  machine     TEXT NOT NULL,        -- "host", "dom0", …
  generation  INTEGER NOT NULL,     -- from 1; a reused irq number is a new one
  path        TEXT NOT NULL,        -- path of its interrupts, "unknown" where nothing tells
  function    INTEGER,              -- object: its PCI function
  anchor      TEXT NOT NULL,        -- the same in every capture: BDF and entry, GSI, pin, "cpu", or "capture"
  label       TEXT,                 -- action names: "nvme0q2"
  driver      TEXT,                 -- function that handles it: "nvme_irq"
  first_event INTEGER,              -- first event that names it
  last_event  INTEGER,              -- last event that names it
  born_ns     INTEGER,              -- null: before the capture
  gone_ns     INTEGER               -- null: still there at the end
);

-- Counts over an object's life.
CREATE TABLE object_summary (
  object         INTEGER PRIMARY KEY, -- that interrupts pass through
  deliveries     INTEGER NOT NULL,  -- journeys that reached a handler
  handled        INTEGER NOT NULL,  -- of these, an action claimed the interrupt
  unhandled      INTEGER NOT NULL,  -- of these, no action claimed it
  unhandled_run  INTEGER NOT NULL,  -- longest run that no action claimed, each within 100 ms of the one before
  unhandled_first_event INTEGER,    -- of that run
  unhandled_last_event  INTEGER,    -- last event of that run
  unhandled_at_end INTEGER NOT NULL,-- 1: the capture ends within that run
  first_ns       INTEGER,           -- of the deliveries
  last_ns        INTEGER,           -- last
  first_event    INTEGER,           -- first delivery
  last_event     INTEGER,           -- last good delivery
  longest_gap_ns INTEGER,           -- longest time between two deliveries
  busiest_second INTEGER NOT NULL,  -- deliveries in the busiest second, to a tenth of it
  busiest_event  INTEGER            -- the delivery that made it so
);

-- What feeds what.
CREATE TABLE link (
  feeder     INTEGER NOT NULL,      -- object nearer to the device
  fed        INTEGER NOT NULL,      -- object nearer to the driver
  proof      TEXT NOT NULL,         -- seen, inferred, guessed
  source     INTEGER,               -- source that shows it
  from_event INTEGER,               -- event that shows its beginning
  to_event   INTEGER,               -- event that shows its end
  from_ns    INTEGER,               -- null: from before the capture
  to_ns      INTEGER                -- null: to its end
);

-- Configuration changes, and inputs that the model's tables do not allow.
CREATE TABLE step (
  id         INTEGER PRIMARY KEY,   -- in the order of time
  event      INTEGER NOT NULL,      -- event that did it
  t_ns       INTEGER NOT NULL,      -- when
  object     INTEGER NOT NULL,      -- whose field
  component  TEXT NOT NULL,         -- part of the model: "irq", "msix_entry", …
  field      TEXT NOT NULL,         -- of the component
  old        TEXT NOT NULL,         -- state before
  new        TEXT NOT NULL,         -- state after
  input      TEXT NOT NULL,         -- what the event is to that component
  owner      TEXT,                  -- mask owner
  prompt     TEXT,                  -- stimulus, response, or unprompted: nothing recorded calls for that response; null: not known
  unexpected INTEGER NOT NULL       -- 1: not allowed in that state
);

-- A field's value over time.
CREATE TABLE span (
  id          INTEGER PRIMARY KEY,  -- in the order in which they end
  object      INTEGER NOT NULL,     -- whose field
  component   TEXT NOT NULL,        -- part of the model
  field       TEXT NOT NULL,        -- of the component
  state       TEXT NOT NULL,        -- its value
  start_event INTEGER,              -- event that began it
  end_event   INTEGER,              -- event that ended it
  start_ns    INTEGER,              -- null: from before the capture
  end_ns      INTEGER NOT NULL,     -- end of the capture where it did not end, or of the last trace of software before
  ending      TEXT NOT NULL,        -- open, discharged (an input ended it), unknown (records were lost; a log alone went on)
  ended_by    TEXT                  -- that input
);

-- Something that must follow a trigger, and what became of it.
CREATE TABLE obligation (
  id             INTEGER PRIMARY KEY, -- in the order in which they end
  object         INTEGER NOT NULL,  -- who is owed
  kind           TEXT NOT NULL,     -- "msix-unmask", …
  owner          TEXT,              -- whose duty it is
  trigger_event  INTEGER,           -- from here it was owed
  trigger_ns     INTEGER NOT NULL,  -- since when
  guard          TEXT NOT NULL,     -- true, or unknown: whether it was owed could not be known
  cause_event    INTEGER,           -- what brought the state about
  expected_event INTEGER,           -- the last input that should have ended it
  first_missed_event INTEGER,       -- the first interrupt held back meanwhile, or sign that one was missed
  missed         INTEGER NOT NULL,  -- how many of these were recorded
  end_event      INTEGER,           -- event that ended it
  end_ns         INTEGER NOT NULL,  -- at the latest the end of the capture
  ending         TEXT NOT NULL,     -- open, discharged, excused, contradicted, unknown
  ended_by       TEXT,              -- what discharged or excused it
  owed_ns        INTEGER NOT NULL,  -- trigger to end, excused time left out
  excuses        INTEGER NOT NULL,  -- times it was excused for a while
  opportunities  INTEGER NOT NULL,  -- inputs that should have brought it about
  gap_event      INTEGER,           -- the first hole in between
  owed_before_gap_ns INTEGER NOT NULL -- what was owed before that hole; owed_ns where there is none
);

-- How long such obligations take in this capture when they are met, those that come with every interrupt (level-eoi,
-- lapic-eoi) included. Percentiles are exact to a quarter of an octave, upwards.
CREATE TABLE obligation_stat (
  kind   TEXT PRIMARY KEY,          -- of the obligations
  met    INTEGER NOT NULL,          -- how many were discharged
  p50_ns INTEGER NOT NULL,          -- half of these took no longer
  p99_ns INTEGER NOT NULL,          -- 99 of 100
  max_ns INTEGER NOT NULL,          -- the longest
  typical_ns INTEGER NOT NULL       -- p99_ns of a hundred or more, else p50_ns: what one late instance cannot move
) WITHOUT ROWID;

-- Private: packed deliveries; read them through the virtual table "delivery".
CREATE TABLE delivery_chunk (
  id   INTEGER PRIMARY KEY,
  first_id INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  data BLOB NOT NULL
);
CREATE INDEX delivery_chunk_range ON delivery_chunk(first_id, rows);

-- One interrupt's journey a row, times null where a hop was not seen. Cheap by id.
-- CREATE VIRTUAL TABLE delivery (
--   id          INTEGER,            -- in the order in which they end
--   object      INTEGER,            -- the irq, or the last object that it reached
--   kind        TEXT,               -- fixed, lowest, nmi, extint, ipi, posted
--   result      TEXT,               -- handled, unhandled, thread (its thread was woken), unknown
--   cpu         INTEGER,            -- that handled it
--   vector      INTEGER,            -- on that CPU
--   raise_ns    INTEGER,            -- the device wanted to interrupt
--   inject_ns   INTEGER,            -- a hypervisor passed it on
--   accept_ns   INTEGER,            -- a local APIC accepted it
--   flow_ns     INTEGER,            -- flow handler entered
--   enter_ns    INTEGER,            -- first action entered
--   exit_ns     INTEGER,            -- last action returned
--   eoi_ns      INTEGER,            -- acknowledged
--   first_event INTEGER,            -- of the journey
--   last_event  INTEGER             -- of the journey
-- );

-- Interrupts that passed one hop of an object: at least lo, at most hi.
CREATE TABLE ledger (
  object INTEGER NOT NULL,          -- that interrupts pass through
  hop    TEXT NOT NULL,             -- raised, held back, lost, injected, accepted, handled, …
  lo     INTEGER NOT NULL,          -- at least
  hi     INTEGER,                   -- null: records were lost, no bound
  PRIMARY KEY (object, hop)
) WITHOUT ROWID;

-- Records that prove harm: time-outs, watchdogs.
CREATE TABLE harm (
  event  INTEGER PRIMARY KEY,       -- the record
  object INTEGER,                   -- null: of no object of the model
  kind   TEXT NOT NULL              -- event kind
);

-- Fields of dumps beside what the replay believed at that time.
CREATE TABLE snapshot_check (
  event     INTEGER PRIMARY KEY,    -- the field
  object    INTEGER NOT NULL,       -- whose it is
  component TEXT NOT NULL,          -- of the model
  field     TEXT NOT NULL,          -- region of that component, or a number beside it
  believed  TEXT,                   -- null: nothing
  seen      TEXT NOT NULL,          -- what the dump shows
  since_event INTEGER,              -- where the belief comes from, null: from before the capture
  result    TEXT NOT NULL           -- agreed; seeded (nothing was believed); news (it can change without a record); differs
);

-- Path of a machine's interrupts.
CREATE TABLE path (
  machine TEXT NOT NULL,            -- "host", "dom0", …
  path    TEXT NOT NULL,            -- "baremetal", "dom0-pv", …
  event   INTEGER,                  -- what showed it
  PRIMARY KEY (machine, path)
) WITHOUT ROWID;

-- Rules as they were loaded.
CREATE TABLE rule (
  id       TEXT PRIMARY KEY,        -- "msix-left-masked", …
  rev      INTEGER NOT NULL,        -- counts its changes
  severity TEXT NOT NULL,           -- error, warning, note
  status   TEXT NOT NULL,           -- experimental, stable, deprecated
  title    TEXT NOT NULL,           -- what it finds, in a few words
  why      TEXT NOT NULL,           -- why it matters
  mend     TEXT,                    -- what to do about it, where the kind of the fault makes no difference
  refs     TEXT,                    -- manuals, sources
  hygiene  INTEGER NOT NULL,        -- 1: it judges the capture, not the machine (90-*)
  paths    TEXT NOT NULL            -- that it applies to, separated by blanks
) WITHOUT ROWID;

-- What rules need to be recorded: every clause of a rule must be met, by any one of its rows.
CREATE TABLE rule_requires (
  rule    TEXT NOT NULL,            -- rule.id
  clause  INTEGER NOT NULL,         -- from 1, in the rule's order
  kind    TEXT NOT NULL,            -- event kind
  witness TEXT,                     -- at least that strong; null: any
  PRIMARY KEY (rule, clause, kind, witness)
);

-- One row per rule and object judged; object null: the rule as a whole could not be judged.
CREATE TABLE verdict (
  id          INTEGER PRIMARY KEY,  -- counts up
  rule        TEXT NOT NULL,        -- rule.id
  object      INTEGER,              -- that was judged; null: the rule could not be judged at all
  verdict     TEXT NOT NULL,        -- pass, fail, inconclusive
  reason      TEXT,                 -- of inconclusive: no-signal, gap, start, end, order, quirk, no-stimulus
  first_event INTEGER,              -- first of its evidence
  last_event  INTEGER,              -- last of its evidence
  start_ns    INTEGER,              -- what was judged: from when
  end_ns      INTEGER,              -- to when
  instances   INTEGER NOT NULL,     -- rows of the rule for this object
  missing     TEXT,                 -- JSON array of kind@witness that would settle it
  settle      TEXT                  -- how to record that
);

-- A fail with its evidence.
CREATE TABLE finding (
  id          TEXT PRIMARY KEY,     -- shortest unique prefix of the fingerprint, 8 or more digits
  fingerprint TEXT NOT NULL,        -- same fault, same object: the same in every capture
  rule        TEXT NOT NULL,        -- rule.id
  rev         INTEGER NOT NULL,     -- the rule's
  severity    TEXT NOT NULL,        -- error, warning, note
  object      INTEGER,              -- null: the capture as a whole
  path        TEXT NOT NULL,        -- path of its interrupts
  layer       TEXT,                 -- layer that is to blame
  signature   TEXT,                 -- which kind of this fault
  blame       TEXT,                 -- "layer:function|hypercall|actor" or "unrecorded"
  could_have  TEXT,                 -- JSON array of layers, where blame is unrecorded
  count       INTEGER NOT NULL,     -- repeats that it stands for
  first_event INTEGER,              -- first of its evidence
  last_event  INTEGER,              -- last of its evidence
  start_ns    INTEGER,              -- from when
  end_ns      INTEGER,              -- to when; the end of the capture where it goes on
  obligation  INTEGER,              -- obligation.id: what was owed and did not come; null: the rule is of another kind
  hop         TEXT,                 -- where the path stops
  mend        TEXT,                 -- what to do about this kind of the fault
  held_back   INTEGER,              -- notifications of its device that were recorded while it was masked; null: not known
  lost_lo     INTEGER,              -- of these, never sent: at least
  lost_hi     INTEGER,              -- at most, as one message stands for all before it; null: no bound
  message     TEXT NOT NULL         -- one sentence for people
) WITHOUT ROWID;

-- Evidence, in the order of time.
CREATE TABLE finding_event (
  finding TEXT NOT NULL,            -- finding.id
  seq     INTEGER NOT NULL,         -- from 1
  role    TEXT NOT NULL,            -- cause, last_good, first_missed, expected, harm, consequence
  event   INTEGER NOT NULL,         -- event.id
  text    TEXT NOT NULL,            -- original text where the source still gave it, else the event as text
  PRIMARY KEY (finding, seq)
) WITHOUT ROWID;

-- Which other behaviours were tried against a finding, each in a replay of its own. No row: nothing was tried.
CREATE TABLE what_if (
  finding     TEXT NOT NULL,        -- finding.id
  quirks      TEXT NOT NULL,        -- JSON array: "NAME=on" or "NAME=off", as tried; empty: as recorded
  fixes       INTEGER NOT NULL,     -- 1: the finding is not there, and nothing else is wrong with its object
  recomputed  INTEGER NOT NULL,     -- responses that were added or left out; 0: it changes nothing in this capture
  since       TEXT,                 -- releases and commits that they stand for
  ends_ns     INTEGER,              -- the finding is there, but ends then; null: it lasts as recorded, or is gone
  basis       TEXT,                 -- how each one's recorded setting is known: seen in records, inferred from the release, unknown
  valid_to_ns INTEGER,              -- from then on records contradict the replay; null: none does
  PRIMARY KEY (finding, quirks)
) WITHOUT ROWID;

-- Versions, origin and options: key and value.
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,           -- name
  value TEXT NOT NULL               -- text
) WITHOUT ROWID;
