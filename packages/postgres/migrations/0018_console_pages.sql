-- When the person was made to prove anew who they are, for a sensitive act; null: was not.
ALTER TABLE varco.console_sessions ADD COLUMN proved_at bigint;
