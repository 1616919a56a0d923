-- Who is behind a count is added to together and asked for together: a row for each count. One for each person and count, under
-- two indexes, was most of what the watch wrote. `fifth_us`: by when there were five of them, where it was counted then.
CREATE TEMPORARY TABLE workers_before ON COMMIT DROP AS
  SELECT counted, array_agg(worker::uuid) AS workers FROM varco.oversight_workers GROUP BY counted;
DROP TABLE varco.oversight_workers;
CREATE TABLE varco.oversight_workers (
  counted text COLLATE "C" PRIMARY KEY,
  workers uuid[] NOT NULL,
  fifth_us bigint
);
INSERT INTO varco.oversight_workers SELECT counted, workers FROM workers_before;
