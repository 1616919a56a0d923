-- What hangs on records of a plan behind an upstream, noted before the upstream is asked to let it go: no transaction spans
-- both. Forgotten with the plan's end.
CREATE TABLE varco.upstream_outbox (
  plan text NOT NULL REFERENCES varco.retention_plans ON DELETE CASCADE,
  rule text NOT NULL,
  resource text NOT NULL,
  tie text NOT NULL,
  parent text NOT NULL,
  begun text[] NOT NULL DEFAULT '{}',
  since_us bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  outcome text,
  not_before_us bigint NOT NULL,
  abandoned boolean NOT NULL DEFAULT false,
  PRIMARY KEY (plan, rule, resource, tie, parent)
);
CREATE INDEX upstream_outbox_waiting ON varco.upstream_outbox (plan, not_before_us) WHERE NOT abandoned;

-- Records that stayed because what hangs on them upstream would not go.
ALTER TABLE varco.retention_pages ADD COLUMN upstream integer NOT NULL DEFAULT 0;
