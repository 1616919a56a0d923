-- How many different data subjects somebody has been shown in a stretch of time; what would overspend it is not counted.
CREATE TABLE varco.budgets (
  holder text NOT NULL,
  from_us bigint NOT NULL,
  most integer NOT NULL,
  seen integer NOT NULL,
  PRIMARY KEY (holder, from_us),
  CONSTRAINT budgets_not_overspent CHECK (seen <= most)
);

-- Pseudonyms that change every day: they say that somebody was counted, never who.
CREATE TABLE varco.budget_data_subjects (
  holder text NOT NULL,
  from_us bigint NOT NULL,
  data_subject uuid NOT NULL,
  PRIMARY KEY (holder, from_us, data_subject)
);
