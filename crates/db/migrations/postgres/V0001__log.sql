-- Logs: entries at positions without gaps; the head is advanced in the transaction that appends.
CREATE TABLE log_heads (
  log BYTEA PRIMARY KEY,
  head BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX log_heads_changed ON log_heads (changed_at);

CREATE TABLE log_entries (
  log BYTEA NOT NULL,
  position BIGINT NOT NULL,
  id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (log, position)
);
