-- Seats that users hold, and every path that led or leads to one: the open paths keep it, all are its history.
CREATE TABLE seats (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  pool_id BYTEA NOT NULL REFERENCES pools (id),
  user_id BYTEA NOT NULL REFERENCES users (id),
  service_id TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL
);
CREATE UNIQUE INDEX seats_pool_user ON seats (pool_id, user_id);
CREATE INDEX seats_tenant_user ON seats (tenant_id, user_id);

CREATE TABLE seat_paths (
  id BYTEA PRIMARY KEY,
  pool_id BYTEA NOT NULL REFERENCES pools (id),
  user_id BYTEA NOT NULL REFERENCES users (id),
  source TEXT COLLATE "C" NOT NULL,
  started_at BIGINT NOT NULL,
  started_by TEXT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT
);
CREATE UNIQUE INDEX seat_paths_open ON seat_paths (pool_id, user_id, source) WHERE ended_at IS NULL;
CREATE INDEX seat_paths_history ON seat_paths (pool_id, user_id, id);
