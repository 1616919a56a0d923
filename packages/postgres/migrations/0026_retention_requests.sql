-- What was placed and may not be in the log: a process that ended in between leaves it to the next to say so.
ALTER TABLE varco.restrictions ADD COLUMN request text, ADD COLUMN recorded boolean NOT NULL DEFAULT true;
ALTER TABLE varco.restrictions ALTER COLUMN recorded SET DEFAULT false;
CREATE INDEX restrictions_unrecorded ON varco.restrictions (placed_us, id) WHERE NOT recorded;
ALTER TABLE varco.holds ADD COLUMN recorded boolean NOT NULL DEFAULT true;
ALTER TABLE varco.holds ALTER COLUMN recorded SET DEFAULT false;
CREATE INDEX holds_unrecorded ON varco.holds (placed_us, id) WHERE NOT recorded;

-- What became of each record of a data subject who asked for erasure (GDPR Art. 17).
ALTER TABLE varco.retention_plans ADD COLUMN outcome text;

-- What recipients are still to be told (GDPR Art. 19); whose data it is about is forgotten once they were.
CREATE TABLE varco.recipient_notices (
  id text PRIMARY KEY,
  request text NOT NULL,
  act text NOT NULL,
  processor text NOT NULL,
  contract text NOT NULL,
  data_subject_kind text,
  data_subject_id text,
  resources text[] NOT NULL,
  copies text[] NOT NULL,
  queued_us bigint NOT NULL,
  settled_how text,
  settled_by text,
  settled_us bigint,
  settled_note text,
  CHECK ((settled_how IS NULL) = (data_subject_id IS NOT NULL))
);
CREATE INDEX recipient_notices_waiting ON varco.recipient_notices (queued_us, id) WHERE settled_how IS NULL;

-- Of each rule with a schedule: until when its occurrences have been seen to, and what came of the last one.
CREATE TABLE varco.retention_schedules (
  rule text PRIMARY KEY,
  seen_us bigint NOT NULL,
  plan text
);
