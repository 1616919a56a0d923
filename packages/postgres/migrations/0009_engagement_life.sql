-- How the engagement lives: grants, the steps of a contract, its exit. Times in microseconds since 1970.
CREATE TABLE varco.grants (
  id text PRIMARY KEY,
  operator text NOT NULL,
  pseudonym text NOT NULL,
  processor text,
  contract text,
  role text NOT NULL,
  unit text NOT NULL,
  resource text NOT NULL,
  record text,
  data_subject text,
  action text NOT NULL,
  purpose text NOT NULL,
  ticket text NOT NULL,
  reason text NOT NULL,
  owner text NOT NULL,
  asked_us bigint NOT NULL,
  minutes integer NOT NULL CHECK (minutes > 0),
  state text NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'revoked')),
  decided_by text,
  decided_us bigint,
  expires_us bigint,
  revoked_by text,
  revoked_us bigint,
  review_due_us bigint,
  reviewed_by text,
  reviewed_us bigint,
  review_outcome text CHECK (review_outcome IN ('justified', 'unjustified')),
  review_note text,
  revision integer NOT NULL,
  CHECK (record IS NOT NULL OR data_subject IS NOT NULL),
  CHECK ((state = 'approved') <= (expires_us IS NOT NULL)),
  -- Nobody approves their own request; an emergency has no approver at all, and a review instead.
  CHECK (decided_by IS NULL OR decided_by <> pseudonym),
  CHECK (state <> 'approved' OR decided_by IS NOT NULL OR review_due_us IS NOT NULL)
);
CREATE INDEX grants_waiting ON varco.grants (owner, asked_us) WHERE state = 'asked';
CREATE INDEX grants_operator ON varco.grants (operator, asked_us);
CREATE INDEX grants_unreviewed ON varco.grants (review_due_us) WHERE review_due_us IS NOT NULL AND reviewed_us IS NULL;
