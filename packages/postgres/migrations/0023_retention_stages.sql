-- Records that were not anonymised because too few others would have been like them.
ALTER TABLE varco.retention_pages ADD COLUMN identifiable integer NOT NULL DEFAULT 0;

-- What nobody may use any more, though it is kept (GDPR Art. 18): read by every node before it shows a record.
CREATE TABLE varco.restrictions (
  id text PRIMARY KEY,
  scope text NOT NULL,
  reason text NOT NULL,
  placed_by text NOT NULL,
  placed_us bigint NOT NULL,
  lifted_by text,
  lifted_us bigint,
  CHECK ((lifted_by IS NULL) = (lifted_us IS NULL))
);
CREATE INDEX restrictions_in_force ON varco.restrictions (placed_us, id) WHERE lifted_us IS NULL;
