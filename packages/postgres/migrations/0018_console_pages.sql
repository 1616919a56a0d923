-- When the person was made to prove anew who they are, for a sensitive act; null: was not.
ALTER TABLE varco.console_sessions ADD COLUMN proved_at bigint;

-- Filters of the access log that somebody keeps, by the pseudonym they act under. Filters alone: no data subject.
CREATE TABLE varco.console_searches (
  owner text NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  saved_at bigint NOT NULL,
  PRIMARY KEY (owner, name)
);
