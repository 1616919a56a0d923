-- Who kept a hold on when they looked at it last, and why.
ALTER TABLE varco.holds ADD COLUMN reviewed_by text, ADD COLUMN reviewed_us bigint, ADD COLUMN review_reason text;
-- What was told of a record is held against the log before anything goes by it: its entries are found by the record. Where the
-- log was pruned a seal tells, whose key is not in the database.
ALTER TABLE varco.record_events ADD COLUMN seal text;
CREATE INDEX events_of_records ON varco.events ((body -> 'detail' ->> 'record'))
  WHERE act IN ('retention-event-told', 'retention-event-withdrawn');
