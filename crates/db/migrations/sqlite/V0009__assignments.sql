-- Seats that users hold, and every path that led or leads to one: the open paths keep it, all are its history.
CREATE TABLE seats (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  pool_id BLOB NOT NULL REFERENCES pools (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  service_id TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX seats_pool_user ON seats (pool_id, user_id);
CREATE INDEX seats_tenant_user ON seats (tenant_id, user_id);

CREATE TABLE seat_paths (
  id BLOB NOT NULL PRIMARY KEY,
  pool_id BLOB NOT NULL REFERENCES pools (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  source TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL,
  ended_at INTEGER,
  ended_by TEXT
) STRICT;
CREATE UNIQUE INDEX seat_paths_open ON seat_paths (pool_id, user_id, source) WHERE ended_at IS NULL;
CREATE INDEX seat_paths_history ON seat_paths (pool_id, user_id, id);
