-- Whose orders somebody follows, as they said beforehand: one at a time each, an id and never a name. Times in
-- microseconds since 1970.
CREATE TABLE varco.instructions (
  pseudonym text PRIMARY KEY,
  operator text NOT NULL,
  instructed_by text NOT NULL,
  from_us bigint NOT NULL,
  until_us bigint NOT NULL,
  CHECK (until_us > from_us)
);
