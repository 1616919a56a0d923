-- The access log. Events and side rows lie in monthly partitions on the time, made by the log store as they
-- are needed. The writer is in every key: on Citus all tables but none other are distributed by it. No foreign keys, no sequences.

-- Where each tree stands. `frontier`: hashes of the complete subtrees, largest first, 32 bytes each (RFC 6962).
CREATE TABLE varco.heads (
  writer text COLLATE "C" NOT NULL,
  epoch int NOT NULL,
  size bigint NOT NULL,
  at_us bigint NOT NULL,
  frontier bytea NOT NULL,
  PRIMARY KEY (writer, epoch)
);

-- `body` is the event's canonical JSON, byte for byte what the leaf hashes: type json keeps bytes, jsonb does not.
CREATE TABLE varco.events (
  writer text COLLATE "C" NOT NULL,
  epoch int NOT NULL,
  seq bigint NOT NULL,
  at_us bigint NOT NULL,
  body json NOT NULL,
  PRIMARY KEY (writer, epoch, seq, at_us)
) PARTITION BY RANGE (at_us);

CREATE INDEX events_at ON varco.events (at_us, writer, epoch, seq);
CREATE INDEX events_operator ON varco.events ((body ->> 'operator'), at_us);
CREATE INDEX events_ticket ON varco.events ((body ->> 'ticket'), at_us);
CREATE INDEX events_denied ON varco.events (at_us) WHERE (body ->> 'decision') = 'deny';
CREATE INDEX events_acts ON varco.events ((body ->> 'kind'), at_us) WHERE (body ->> 'kind') <> 'access';

-- What can be forgotten: whose record an event showed, and the salts. `subject` is a keyed lookup, the key outside the database.
-- A row without resource holds the salt of the event's filters.
CREATE TABLE varco.disclosures (
  writer text COLLATE "C" NOT NULL,
  epoch int NOT NULL,
  seq bigint NOT NULL,
  pos int NOT NULL,
  at_us bigint NOT NULL,
  subject uuid,
  resource text,
  record_key text,
  salt bytea NOT NULL,
  PRIMARY KEY (writer, epoch, seq, pos, at_us)
) PARTITION BY RANGE (at_us);

CREATE INDEX disclosures_subject ON varco.disclosures (subject, at_us) WHERE subject IS NOT NULL;
CREATE INDEX disclosures_record ON varco.disclosures (record_key, at_us) WHERE record_key IS NOT NULL;

-- One signed tree head (C2SP tlog-checkpoint) for each batch, with the leaf hashes the batch added.
CREATE TABLE varco.checkpoints (
  writer text COLLATE "C" NOT NULL,
  epoch int NOT NULL,
  size bigint NOT NULL,
  at_us bigint NOT NULL,
  note text NOT NULL,
  leaves bytea NOT NULL,
  PRIMARY KEY (writer, epoch, size)
);

-- Hashes of complete subtrees of 256 ** (level / 8) leaves; they outlive a prune, so that proofs stay cheap.
CREATE TABLE varco.tiles (
  writer text COLLATE "C" NOT NULL,
  epoch int NOT NULL,
  level int NOT NULL,
  idx bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (writer, epoch, level, idx)
);

-- Who is behind a pseudonym, sealed with a key outside the database.
CREATE TABLE varco.identities (
  pseudonym text PRIMARY KEY,
  sealed bytea NOT NULL
);

-- Wishes to know: opened only by a second person; every opening is an event of the log besides.
CREATE TABLE varco.identity_requests (
  id text PRIMARY KEY,
  pseudonym text NOT NULL,
  case_id text NOT NULL,
  reason text NOT NULL,
  requested_by text NOT NULL,
  requested_us bigint NOT NULL,
  outcome text CHECK (outcome IN ('opened', 'refused')),
  decided_by text,
  decided_us bigint,
  CHECK (decided_by <> requested_by OR outcome <> 'opened')
);
