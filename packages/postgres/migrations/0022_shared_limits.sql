-- Records shown to a holder, in each of the sixty minutes that end with "minute"; "taken" of them by the last to ask.
CREATE TABLE varco.record_budgets (
  holder text PRIMARY KEY,
  minute bigint NOT NULL,
  shown integer[] NOT NULL,
  taken integer NOT NULL
);

-- Proofs of possession that were used (RFC 9449, section 11.1), until they can pass nowhere any more.
CREATE TABLE varco.used_proofs (
  proof uuid PRIMARY KEY,
  until_us bigint NOT NULL
);

CREATE INDEX used_proofs_until ON varco.used_proofs (until_us);
