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

ALTER TABLE varco.contract_states DROP CONSTRAINT contract_states_state_check;
ALTER TABLE varco.contract_states ADD CONSTRAINT contract_states_state_check CHECK (
  state IN ('draft', 'active', 'notice', 'insolvent', 'terminated', 'frozen', 'returning', 'verified', 'closed')
);

-- The steps a contract has taken, and the one that waits for a second person.
CREATE TABLE varco.contract_moves (
  contract text NOT NULL,
  number integer NOT NULL,
  move text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  taken_by text NOT NULL,
  second text CHECK (second <> taken_by),
  at_us bigint NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (contract, number)
);

CREATE TABLE varco.contract_proposals (
  contract text PRIMARY KEY,
  move text NOT NULL,
  operator text NOT NULL,
  pseudonym text NOT NULL,
  at_us bigint NOT NULL,
  reason text NOT NULL,
  successor text
);

CREATE TABLE varco.exit_cases (
  contract text PRIMARY KEY,
  opened_us bigint NOT NULL,
  due_us bigint NOT NULL,
  closed_us bigint,
  revision integer NOT NULL,
  -- The whole case, 64-bit times as text.
  document json NOT NULL
);

-- What happened to a ticket, message by message; the ticket's row is what they come to.
CREATE TABLE varco.ticket_changes (
  ticket text NOT NULL,
  digest text NOT NULL,
  contract text,
  at_us bigint NOT NULL,
  received_us bigint NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'closed')),
  data_subject text,
  purpose text NOT NULL,
  category text,
  price numeric CHECK (price >= 0),
  sent_by text,
  source text NOT NULL CHECK (source IN ('feed', 'import', 'transfer')),
  PRIMARY KEY (ticket, digest)
);
CREATE INDEX ticket_changes_contract ON varco.ticket_changes (contract, at_us);
CREATE INDEX tickets_open ON varco.tickets (contract) WHERE status = 'open';

-- Copies that left as files, and what became of them.
CREATE TABLE varco.copies (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('records', 'log', 'console')),
  contract text,
  processor text,
  owner text NOT NULL,
  purpose text,
  event text NOT NULL,
  records integer,
  made_us bigint NOT NULL,
  expires_us bigint NOT NULL,
  settled_how text CHECK (settled_how IN ('returned', 'deleted', 'excepted')),
  settled_by text,
  settled_us bigint,
  settled_reason text
);
CREATE INDEX copies_contract ON varco.copies (contract, made_us);
