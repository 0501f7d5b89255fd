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
  clock     TEXT,                 -- clock as the file claims it
  release   TEXT,                 -- release of the recorded kernel or program
  cpus      INTEGER,              -- CPUs of the capture
  cycles    INTEGER,              -- 1: times are cycles of unknown frequency, not ns
  records   INTEGER,              -- records read
  kept      INTEGER,              -- of these, records that became events
  lost      INTEGER,              -- records lost, as the file says
  end_offset INTEGER,             -- last good position
  complete  INTEGER,              -- 1: read to its end
  first_ns  INTEGER,              -- time of the first and the last event, source clock
  last_ns   INTEGER
);

-- Source clock to reference clock.
CREATE TABLE clock (
  source    INTEGER PRIMARY KEY,
  method    TEXT NOT NULL,        -- "reference": this source is the reference; "same-clock"; "assumed": nothing proves it
  offset_ns INTEGER NOT NULL,     -- reference time = source time + offset_ns
  lo_ns     INTEGER,              -- proven bounds of that offset
  hi_ns     INTEGER,
  contradictions INTEGER NOT NULL -- pairs of events that the bounds contradict
);

-- Records by the format's own name, kept or not.
CREATE TABLE record_kind (
  source INTEGER NOT NULL,
  name   TEXT NOT NULL,
  count  INTEGER NOT NULL,
  kept   INTEGER NOT NULL,
  PRIMARY KEY (source, name)
) WITHOUT ROWID;

-- What a source was able to show, and since when.
CREATE TABLE signal (
  source  INTEGER NOT NULL,
  kind    TEXT NOT NULL,          -- event kind
  witness TEXT NOT NULL,          -- inferred, intent, shadow, hardware
  via     TEXT NOT NULL,          -- tracepoint, function, …
  grade   TEXT NOT NULL,          -- complete, partial
  basis   TEXT NOT NULL,          -- declared: it was on all the time; seen: from from_ns on; none: it may have been off
  from_ns INTEGER,                -- null: from the beginning (declared) or never (none)
  to_ns   INTEGER,                -- end of the source
  PRIMARY KEY (source, kind, witness, via)
) WITHOUT ROWID;

-- Holes: records between the two times on that CPU are missing.
CREATE TABLE gap (
  id      INTEGER PRIMARY KEY,
  source  INTEGER NOT NULL,
  cpu     INTEGER,                -- null: any CPU
  from_ns INTEGER,                -- null: from before the first record
  to_ns   INTEGER NOT NULL,
  count   INTEGER,                -- records lost, null: unknown
  event   INTEGER                 -- the lost event
);

-- Original text of events that are shown as evidence.
CREATE TABLE event_text (
  event INTEGER PRIMARY KEY,
  text  TEXT NOT NULL             -- as the format's own tool prints it
);

-- Diagnostics of reading.
CREATE TABLE diag (
  id      INTEGER PRIMARY KEY,
  source  INTEGER NOT NULL,
  code    TEXT NOT NULL,
  level   TEXT NOT NULL,          -- note, warning, error
  offset  INTEGER,
  line    INTEGER,
  text    TEXT NOT NULL
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

-- CREATE VIRTUAL TABLE event: one interrupt-path fact a row. Cheap by id, by source and by a range of t_lo_ns.
--   id, source, ordinal, sub,
--   offset,           byte offset, or line of a text source
--   t_lo_ns, t_hi_ns, when it can have taken effect, reference clock
--   kind, witness,
--   cpu, pid, comm,   who
--   via,              tracepoint, function or hypercall
--   objects,          text: names separated by blanks
--   args              JSON object: names and values of what is known; numbers are SQLite's integers: 64 bits, signed

-- ---------------------------------------------------------------------------------------------------- derived

-- Things with state; one row per generation.
CREATE TABLE object (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE, -- "[MACHINE/]KIND:ID[~GENERATION]"
  kind        TEXT NOT NULL,
  machine     TEXT NOT NULL,
  generation  INTEGER NOT NULL,     -- from 1; a reused irq number is a new one
  path        TEXT NOT NULL,        -- path of its interrupts, "unknown" where nothing tells
  function    INTEGER,              -- object: its PCI function
  anchor      TEXT NOT NULL,        -- what identifies it in another capture: BDF and entry, else GSI, else pin, else "cpu" or "capture"
  label       TEXT,                 -- action names: "nvme0q2"
  driver      TEXT,                 -- function that handles it: "nvme_irq"
  first_event INTEGER,
  last_event  INTEGER,
  born_ns     INTEGER,              -- null: before the capture
  gone_ns     INTEGER               -- null: still there at the end
);

-- Counts over an object's life.
CREATE TABLE object_summary (
  object         INTEGER PRIMARY KEY,
  deliveries     INTEGER NOT NULL,  -- journeys that reached a handler
  handled        INTEGER NOT NULL,
  unhandled      INTEGER NOT NULL,
  unhandled_run  INTEGER NOT NULL,  -- longest run that no action claimed, each within 100 ms of the one before
  unhandled_first_event INTEGER,    -- of that run
  unhandled_last_event  INTEGER,
  unhandled_at_end INTEGER NOT NULL,-- 1: the capture ends within that run
  first_ns       INTEGER,           -- of the deliveries
  last_ns        INTEGER,
  first_event    INTEGER,
  last_event     INTEGER,           -- last good delivery
  longest_gap_ns INTEGER            -- longest time between two deliveries
);

-- What feeds what.
CREATE TABLE link (
  feeder     INTEGER NOT NULL,      -- object nearer to the device
  fed        INTEGER NOT NULL,
  proof      TEXT NOT NULL,         -- seen, inferred, guessed
  source     INTEGER,
  from_event INTEGER,
  to_event   INTEGER,
  from_ns    INTEGER,               -- null: from before the capture
  to_ns      INTEGER                -- null: to its end
);

-- Configuration changes, and inputs that the model's tables do not allow.
CREATE TABLE step (
  id         INTEGER PRIMARY KEY,
  event      INTEGER NOT NULL,
  t_ns       INTEGER NOT NULL,
  object     INTEGER NOT NULL,
  component  TEXT NOT NULL,
  field      TEXT NOT NULL,
  old        TEXT NOT NULL,
  new        TEXT NOT NULL,
  input      TEXT NOT NULL,
  owner      TEXT,                  -- mask owner
  unexpected INTEGER NOT NULL       -- 1: not allowed in that state
);

-- A field's value over time.
CREATE TABLE span (
  id          INTEGER PRIMARY KEY,
  object      INTEGER NOT NULL,
  component   TEXT NOT NULL,
  field       TEXT NOT NULL,
  state       TEXT NOT NULL,
  start_event INTEGER,
  end_event   INTEGER,
  start_ns    INTEGER,              -- null: from before the capture
  end_ns      INTEGER NOT NULL,     -- end of the capture where it did not end
  ending      TEXT NOT NULL,        -- open, discharged (an input ended it), unknown (records were lost)
  ended_by    TEXT                  -- that input
);

-- Something that must follow a trigger, and what became of it.
CREATE TABLE obligation (
  id             INTEGER PRIMARY KEY,
  object         INTEGER NOT NULL,  -- who is owed
  kind           TEXT NOT NULL,     -- "msix-unmask", …
  owner          TEXT,              -- whose duty it is
  trigger_event  INTEGER,
  trigger_ns     INTEGER NOT NULL,
  guard          TEXT NOT NULL,     -- true, or unknown: whether it was owed could not be known
  cause_event    INTEGER,           -- what brought the state about
  expected_event INTEGER,           -- the last input that should have ended it
  first_missed_event INTEGER,       -- the first interrupt that was held back meanwhile
  end_event      INTEGER,
  end_ns         INTEGER NOT NULL,
  ending         TEXT NOT NULL,     -- open, discharged, excused, contradicted, unknown
  ended_by       TEXT,              -- what discharged or excused it
  owed_ns        INTEGER NOT NULL,  -- trigger to end, excused time left out
  excuses        INTEGER NOT NULL,  -- times it was excused for a while
  opportunities  INTEGER NOT NULL,  -- inputs that should have brought it about
  gap_event      INTEGER,           -- the first hole in between
  owed_before_gap_ns INTEGER NOT NULL -- what was owed before that hole; owed_ns where there is none
);

-- How long such obligations take in this capture when they are met.
CREATE TABLE obligation_stat (
  kind   TEXT PRIMARY KEY,
  met    INTEGER NOT NULL,
  p50_ns INTEGER NOT NULL,
  p99_ns INTEGER NOT NULL,
  max_ns INTEGER NOT NULL
) WITHOUT ROWID;

-- Private: packed deliveries; read them through the virtual table "delivery".
CREATE TABLE delivery_chunk (
  id   INTEGER PRIMARY KEY,
  first_id INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  data BLOB NOT NULL
);
CREATE INDEX delivery_chunk_range ON delivery_chunk(first_id, rows);

-- CREATE VIRTUAL TABLE delivery: one interrupt's journey a row, times null where a hop was not seen. Cheap by id.
--   id, object, kind (fixed, lowest, nmi, extint, ipi, posted), result (handled, unhandled, thread, unknown), cpu, vector,
--   raise_ns, inject_ns, accept_ns, flow_ns, enter_ns, exit_ns, eoi_ns, first_event, last_event

-- Interrupts that passed one hop of an object: at least lo, at most hi.
CREATE TABLE ledger (
  object INTEGER NOT NULL,
  hop    TEXT NOT NULL,             -- raised, injected, accepted, handled, eoied
  lo     INTEGER NOT NULL,
  hi     INTEGER,                   -- null: records were lost, no bound
  PRIMARY KEY (object, hop)
) WITHOUT ROWID;

-- Records that prove harm: time-outs, watchdogs.
CREATE TABLE harm (
  event  INTEGER PRIMARY KEY,
  object INTEGER,
  kind   TEXT NOT NULL
);

-- Path of a machine's interrupts.
CREATE TABLE path (
  machine TEXT NOT NULL,
  path    TEXT NOT NULL,
  event   INTEGER,                  -- what showed it
  PRIMARY KEY (machine, path)
) WITHOUT ROWID;

-- Rules as they were loaded.
CREATE TABLE rule (
  id       TEXT PRIMARY KEY,
  rev      INTEGER NOT NULL,
  severity TEXT NOT NULL,
  status   TEXT NOT NULL,
  title    TEXT NOT NULL,
  why      TEXT NOT NULL,
  mend     TEXT,
  refs     TEXT,
  hygiene  INTEGER NOT NULL,        -- 1: it judges the capture, not the machine (90-*)
  paths    TEXT NOT NULL            -- that it applies to, separated by blanks
) WITHOUT ROWID;

-- What rules need to be recorded: every clause of a rule must be met, by any one of its rows.
CREATE TABLE rule_requires (
  rule    TEXT NOT NULL,
  clause  INTEGER NOT NULL,         -- from 1, in the rule's order
  kind    TEXT NOT NULL,            -- event kind
  witness TEXT,                     -- at least that strong; null: any
  PRIMARY KEY (rule, clause, kind, witness)
);

-- One row per rule and object judged; object null: the rule as a whole could not be judged.
CREATE TABLE verdict (
  id          INTEGER PRIMARY KEY,
  rule        TEXT NOT NULL,
  object      INTEGER,
  verdict     TEXT NOT NULL,        -- pass, fail, inconclusive
  reason      TEXT,                 -- of inconclusive: no-signal, gap, start, end, order, quirk, no-stimulus
  first_event INTEGER,
  last_event  INTEGER,
  start_ns    INTEGER,
  end_ns      INTEGER,
  instances   INTEGER NOT NULL,     -- rows of the rule for this object
  missing     TEXT,                 -- JSON array of kind@witness that would settle it
  settle      TEXT                  -- how to record that
);

-- A fail with its evidence.
CREATE TABLE finding (
  id          TEXT PRIMARY KEY,     -- shortest unique prefix of the fingerprint, 8 or more digits
  fingerprint TEXT NOT NULL,
  rule        TEXT NOT NULL,
  rev         INTEGER NOT NULL,
  severity    TEXT NOT NULL,
  object      INTEGER,
  path        TEXT NOT NULL,
  layer       TEXT,                 -- layer that is to blame
  signature   TEXT,                 -- which kind of this fault
  blame       TEXT,                 -- "layer:function|hypercall|actor" or "unrecorded"
  could_have  TEXT,                 -- JSON array of layers, where blame is unrecorded
  count       INTEGER NOT NULL,
  first_event INTEGER,
  last_event  INTEGER,
  start_ns    INTEGER,
  end_ns      INTEGER,
  hop         TEXT,                 -- where the path stops
  message     TEXT NOT NULL
) WITHOUT ROWID;

-- Evidence, in the order of time.
CREATE TABLE finding_event (
  finding TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  role    TEXT NOT NULL,            -- cause, last_good, first_missed, expected, harm, consequence
  event   INTEGER NOT NULL,
  text    TEXT NOT NULL,            -- original text where the source still gave it, else the event as text
  PRIMARY KEY (finding, seq)
) WITHOUT ROWID;

-- Versions, origin and options: key and value.
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
