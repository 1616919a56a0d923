-- What happened to a record and stands in none of its fields, such as an account's closing, as somebody told it: a term of
-- retention runs from it. Told again it is corrected: the last counts, and `on_day` NULL takes it back. The key is hashed.
CREATE TABLE varco.record_events (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  resource text NOT NULL,
  hash bytea NOT NULL,
  event text NOT NULL,
  on_day text,
  told_by text NOT NULL,
  told_us bigint NOT NULL
);
CREATE INDEX record_events_latest ON varco.record_events (resource, event, hash, number DESC);
