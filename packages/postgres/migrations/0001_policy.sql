-- Bundles by the SHA-256 of their canonical JSON; type json keeps the bytes that were hashed.
CREATE TABLE varco.policies (
  version text PRIMARY KEY CHECK (version ~ '^[0-9a-f]{64}$'),
  document json NOT NULL,
  put_by text NOT NULL,
  put_at_us bigint NOT NULL
);

-- Every switch of the bundle in force; the last number is what is in force.
CREATE TABLE varco.policy_activations (
  number integer PRIMARY KEY CHECK (number > 0),
  version text NOT NULL REFERENCES varco.policies (version),
  activated_by text NOT NULL,
  activated_at_us bigint NOT NULL,
  previous text REFERENCES varco.policies (version)
);
