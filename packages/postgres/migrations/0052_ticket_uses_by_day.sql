-- Permitted accesses by the days of the body's own calendar, so that its months are sums of whole days and nobody who looks at one
-- waits for the log to be counted: a process that watches counts each day once it is over. Under a ticket that nobody knows an
-- access counts as without; which it was stands apart until the ticket is told of.
DROP TABLE varco.ticket_uses, varco.ticket_use_days;
CREATE TABLE varco.ticket_uses (
  contract text NOT NULL,
  day date NOT NULL,
  purpose text NOT NULL,
  accesses bigint NOT NULL,
  without bigint NOT NULL,
  PRIMARY KEY (contract, day, purpose),
  CHECK (without BETWEEN 0 AND accesses)
);
CREATE TABLE varco.ticket_uses_unknown (
  ticket text COLLATE "C" NOT NULL,
  contract text NOT NULL,
  day date NOT NULL,
  purpose text NOT NULL,
  accesses bigint NOT NULL,
  PRIMARY KEY (ticket, contract, day, purpose)
);
-- When each ticket was first and last named by an access that showed something: between them one looks into the log.
CREATE TABLE varco.ticket_spans (
  ticket text COLLATE "C" PRIMARY KEY,
  first_us bigint NOT NULL,
  last_us bigint NOT NULL
);
-- One row. All days before `counted_to` are counted, by the calendar of `zone`; in another zone they are counted anew.
CREATE TABLE varco.ticket_use_progress (
  job text PRIMARY KEY,
  zone text NOT NULL,
  counted_to date
);
INSERT INTO varco.ticket_use_progress (job, zone) VALUES ('ticket-uses', '');
