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

-- How often each value stands in the log's events: without it the planner takes any of them for rare, and sorts a year to show
-- fifty. One by one, for combinations take minutes to gather. New partitions are made like the table and take these over; those
-- there are get them here.
DO $$
DECLARE
  part regclass;
  member text;
BEGIN
  FOR part IN
    SELECT 'varco.events'::regclass
    UNION ALL SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'varco.events'::regclass
  LOOP
    FOREACH member IN ARRAY ARRAY['kind', 'decision', 'processor', 'contract', 'purpose', 'resource'] LOOP
      -- Named, as PostgreSQL 15 wants it.
      EXECUTE format(
        'CREATE STATISTICS varco.%I ON (body ->> %L) FROM %s',
        (SELECT relname FROM pg_class WHERE oid = part) || '_' || member, member, part
      );
    END LOOP;
  END LOOP;
END $$;
