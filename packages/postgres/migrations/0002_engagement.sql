-- Who works for whom, on what, and how each contract stands. Times in microseconds since 1970.
CREATE TABLE varco.operators (
  id text PRIMARY KEY,
  issuer text NOT NULL,
  external_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('person', 'workload'))
);
CREATE UNIQUE INDEX operators_issuer_external_id ON varco.operators (issuer, external_id);

CREATE TABLE varco.assignments (
  operator text NOT NULL REFERENCES varco.operators (id),
  contract text,
  pseudonym text NOT NULL,
  role text NOT NULL,
  unit text NOT NULL,
  attributes json NOT NULL,
  from_us bigint NOT NULL,
  to_us bigint,
  PRIMARY KEY (operator, pseudonym, from_us)
);

CREATE TABLE varco.tickets (
  id text PRIMARY KEY,
  contract text,
  data_subject text,
  purpose text NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'closed')),
  opened_us bigint NOT NULL,
  closed_us bigint
);
CREATE INDEX tickets_data_subject ON varco.tickets (data_subject);

CREATE TABLE varco.contract_states (
  contract text PRIMARY KEY,
  processor text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'active', 'notice', 'insolvent', 'frozen', 'terminated', 'closed')),
  since_us bigint NOT NULL
);
