-- Permitted accesses day by day (of UTC), with, without and under an unknown ticket: what the log says of a day that is over
-- changes no more, so it is added up once, and the report on tickets need not read a year of the log each time. Dropped with the
-- part of the log it comes from. `ticket`: '' none, '=' one that was known, whichever; ':' and its id, one that nobody knew.
CREATE TABLE varco.ticket_uses (
  contract text NOT NULL,
  day date NOT NULL,
  purpose text NOT NULL,
  ticket text COLLATE "C" NOT NULL,
  accesses bigint NOT NULL,
  PRIMARY KEY (contract, day, purpose, ticket)
);
CREATE TABLE varco.ticket_use_days (
  day date PRIMARY KEY
);
