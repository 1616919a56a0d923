-- What the watch over the log goes on from. No field value and nobody's name: pseudonyms, codes and keyed hashes, the key
-- outside the database. Times in microseconds since 1970.

-- One row: every batch moves `version` by one, in the same transaction as all it counts.
CREATE TABLE varco.oversight_watch (
  job text PRIMARY KEY,
  version bigint NOT NULL,
  position json NOT NULL,
  tickets_to_us bigint NOT NULL,
  refusals json NOT NULL
);

-- A pseudonym's day, kept only as long as a rule may look back.
CREATE TABLE varco.oversight_days (
  operator text NOT NULL,
  day int NOT NULL,
  contract text,
  role text NOT NULL,
  unit text NOT NULL,
  profile json NOT NULL,
  PRIMARY KEY (operator, day)
);
CREATE INDEX oversight_days_day ON varco.oversight_days (day);

-- What kinds of work each contract does, month by month; `contract` is empty for the body's own staff.
CREATE TABLE varco.oversight_work (
  contract text NOT NULL,
  month text NOT NULL,
  dimension text NOT NULL CHECK (dimension IN ('purpose', 'action', 'category')),
  value text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('permit', 'deny')),
  accesses bigint NOT NULL,
  first_us bigint NOT NULL,
  last_us bigint NOT NULL,
  evidence text[] NOT NULL,
  PRIMARY KEY (contract, month, dimension, value, decision)
);

CREATE TABLE varco.oversight_refusals (
  contract text NOT NULL,
  month text NOT NULL,
  purpose text NOT NULL,
  resource text NOT NULL,
  reason text NOT NULL,
  field text NOT NULL,
  refusals bigint NOT NULL,
  granted bigint NOT NULL,
  minutes bigint NOT NULL,
  PRIMARY KEY (contract, month, purpose, resource, reason, field)
);

-- How many people are behind a count: hashes under another key for each, so that none tells of another.
CREATE TABLE varco.oversight_workers (
  worker text PRIMARY KEY,
  counted text NOT NULL
);
CREATE INDEX oversight_workers_counted ON varco.oversight_workers (counted);

CREATE TABLE varco.alerts (
  id text PRIMARY KEY,
  key text NOT NULL,
  generation int NOT NULL,
  rule text NOT NULL,
  operator text,
  contract text,
  facts json NOT NULL,
  events text[] NOT NULL,
  event_count bigint NOT NULL,
  first_us bigint NOT NULL,
  last_us bigint NOT NULL,
  raised_us bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'explained', 'confirmed')),
  answered_by text,
  answered_us bigint,
  reason text,
  notify_by_us bigint,
  UNIQUE (key, generation),
  CHECK ((state = 'open') = (answered_by IS NULL)),
  CHECK (answered_by <> operator),
  CHECK ((state = 'confirmed') = (notify_by_us IS NOT NULL))
);
CREATE INDEX alerts_raised ON varco.alerts (raised_us DESC, id);
CREATE INDEX alerts_operator ON varco.alerts (operator) WHERE operator IS NOT NULL;

CREATE TABLE varco.alert_contests (
  alert text NOT NULL REFERENCES varco.alerts (id),
  at_us bigint NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (alert, at_us)
);

-- What may be compared of data subjects: keyed hashes under the same lookup as the log's side rows.
CREATE TABLE varco.oversight_people (
  lookup uuid PRIMARY KEY,
  identity uuid,
  household uuid,
  family uuid,
  chance double precision,
  place uuid,
  region text,
  vip boolean NOT NULL
);

-- People to be told of whoever looks at them, put here by hand.
CREATE TABLE varco.oversight_lists (
  lookup uuid NOT NULL,
  list text NOT NULL CHECK (list IN ('vip', 'canary')),
  put_by text NOT NULL,
  put_us bigint NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (lookup, list)
);

-- The same hashes of those who work, by pseudonym.
CREATE TABLE varco.oversight_staff (
  pseudonym text PRIMARY KEY,
  identity uuid,
  household uuid,
  family uuid
);

-- Tickets are watched by when they were opened.
CREATE INDEX tickets_opened ON varco.tickets (opened_us);
CREATE INDEX tickets_contract_opened ON varco.tickets (contract, opened_us);
