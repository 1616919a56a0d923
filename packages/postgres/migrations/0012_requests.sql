-- Requests of data subjects (GDPR Art. 15 to 21). Identifier and address are personal data and stand here alone; times in
-- microseconds. A change takes the place of the version before it, so that two people cannot both decide.
CREATE TABLE varco.requests (
  id text PRIMARY KEY,
  "right" text NOT NULL,
  received_us bigint NOT NULL,
  channel text NOT NULL,
  identifier text,
  reply_to text,
  identity_state text NOT NULL,
  identity_asked_us bigint,
  identity_settled_us bigint,
  extended_us bigint,
  extended_by text,
  extension_reason text,
  outcome text,
  outcome_us bigint,
  outcome_by text,
  answer text,
  ground text,
  refusal_reason text,
  reminded integer,
  version integer NOT NULL,
  CHECK (outcome IS NULL OR (outcome_us IS NOT NULL AND outcome_by IS NOT NULL)),
  CHECK (extended_us IS NULL OR (extended_by IS NOT NULL AND extension_reason IS NOT NULL))
);

CREATE INDEX requests_open ON varco.requests (received_us, id) WHERE outcome IS NULL;
CREATE INDEX requests_received ON varco.requests (received_us, id);

-- The last number given in each year.
CREATE TABLE varco.request_numbers (
  year integer PRIMARY KEY,
  last integer NOT NULL
);
