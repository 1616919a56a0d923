-- Which candidate is asked beside the bundle in force; the last number is what runs, NULL that none does.
CREATE TABLE varco.policy_shadow_runs (
  number integer PRIMARY KEY CHECK (number > 0),
  candidate text REFERENCES varco.policies (version),
  set_by text NOT NULL,
  set_at_us bigint NOT NULL
);

-- What all nodes counted beside one bundle in force, added up.
CREATE TABLE varco.policy_shadow_tallies (
  run integer NOT NULL REFERENCES varco.policy_shadow_runs (number),
  active text NOT NULL,
  asked bigint NOT NULL,
  differing bigint NOT NULL,
  records_not_compared bigint NOT NULL,
  left_out bigint NOT NULL,
  failed bigint NOT NULL,
  PRIMARY KEY (run, active)
);

-- Each kind of difference under the SHA-256 of its canonical JSON; no values, no people.
CREATE TABLE varco.policy_shadow_differences (
  run integer NOT NULL,
  active text NOT NULL,
  kind text NOT NULL,
  difference json NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (run, active, kind),
  FOREIGN KEY (run, active) REFERENCES varco.policy_shadow_tallies (run, active)
);
