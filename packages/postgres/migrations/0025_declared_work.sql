-- What workers declare of their work off the system: one row a contract and month. Takers and declarations stand in one
-- value each, which is written anew as a whole and keeps its keys in an order of its own: no row, transaction id or time
-- tells in which order anything came, so that nobody can lay takings beside declarations.
CREATE TABLE varco.work_months (
  contract text NOT NULL,
  month text NOT NULL,
  public_key bytea NOT NULL,
  -- Under a key that is not in the database.
  sealed_key bytea NOT NULL,
  announced_event text,
  closed_event text,
  -- Keyed hash of who took their token: digest of the blinded message.
  taken jsonb NOT NULL DEFAULT '{}',
  -- Name of the token: its message and signature (base64url) and the hours by purpose.
  handed_in jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (contract, month)
);
