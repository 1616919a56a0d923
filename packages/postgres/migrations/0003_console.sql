-- Sessions of the console. The key is the SHA-256 of the cookie's secret: whoever reads the table can take over no session.
CREATE TABLE varco.console_sessions (
  key text PRIMARY KEY,
  issuer text NOT NULL,
  external_id text NOT NULL,
  name text,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL
);

CREATE INDEX console_sessions_seen_at ON varco.console_sessions (seen_at);
