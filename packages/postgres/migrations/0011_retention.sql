-- Plans as JSON: their rules, counts and approvals are read whole, and hold no key of a record.
CREATE TABLE varco.retention_plans (
  id text PRIMARY KEY,
  planned_us bigint NOT NULL,
  state text NOT NULL,
  plan text NOT NULL,
  revision integer NOT NULL,
  certificate text
);
CREATE INDEX retention_plans_planned ON varco.retention_plans (planned_us DESC, id);

-- The keys still to be settled; emptied as they are, so that no list of what went remains.
CREATE TABLE varco.retention_pages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan text NOT NULL REFERENCES varco.retention_plans ON DELETE CASCADE,
  rule text NOT NULL,
  todo text[] NOT NULL,
  begun text[],
  pass integer NOT NULL DEFAULT 0,
  open boolean NOT NULL DEFAULT true,
  done integer NOT NULL DEFAULT 0,
  held integer NOT NULL DEFAULT 0,
  referenced integer NOT NULL DEFAULT 0,
  not_due integer NOT NULL DEFAULT 0,
  busy integer NOT NULL DEFAULT 0,
  gone integer NOT NULL DEFAULT 0,
  found_again integer NOT NULL DEFAULT 0
);
CREATE INDEX retention_pages_open ON varco.retention_pages (plan, rule, pass, id) WHERE open;
CREATE INDEX retention_pages_plan ON varco.retention_pages (plan, rule);

CREATE TABLE varco.holds (
  id text PRIMARY KEY,
  scope text NOT NULL,
  "case" text NOT NULL,
  reason text NOT NULL,
  placed_by text NOT NULL,
  placed_us bigint NOT NULL,
  review_us bigint,
  released_by text,
  released_us bigint,
  CHECK ((released_by IS NULL) = (released_us IS NULL))
);
CREATE INDEX holds_in_force ON varco.holds (placed_us, id) WHERE released_us IS NULL;

-- What went, by keyed hash. Kept for as long as a backup may bring it back, and for the certificate.
CREATE TABLE varco.tombstones (
  plan text NOT NULL,
  rule text NOT NULL,
  hash bytea NOT NULL,
  resource text NOT NULL,
  action text NOT NULL,
  at_us bigint NOT NULL,
  PRIMARY KEY (plan, rule, hash)
);
CREATE INDEX tombstones_hash ON varco.tombstones (hash);
