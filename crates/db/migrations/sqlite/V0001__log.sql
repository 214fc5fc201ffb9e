-- Logs: entries at positions without gaps; the head is advanced in the transaction that appends.
CREATE TABLE log_heads (
  log BLOB NOT NULL PRIMARY KEY,
  head INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX log_heads_changed ON log_heads (changed_at);

CREATE TABLE log_entries (
  log BLOB NOT NULL,
  position INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (log, position)
) STRICT;
