-- Each reference is looked up and its row locked when a seat is taken, so only those stay that say something.
-- A seat's tenant is its pool's; a reference to the tenant as well would also make whoever takes a seat wait for
-- whoever holds the tenant. A path goes with a seat of the same pool and user, and neither is ever deleted.
CREATE TABLE seats_new (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  pool_id BLOB NOT NULL REFERENCES pools (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  service_id TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
INSERT INTO seats_new (id, tenant_id, pool_id, user_id, service_id, since)
SELECT id, tenant_id, pool_id, user_id, service_id, since FROM seats;
DROP TABLE seats;
ALTER TABLE seats_new RENAME TO seats;
CREATE UNIQUE INDEX seats_pool_user ON seats (pool_id, user_id);
CREATE INDEX seats_tenant_user ON seats (tenant_id, user_id);

-- One index for both: paths are only ever looked up by pool and user.
CREATE TABLE seat_paths_new (
  id BLOB NOT NULL,
  pool_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  source TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL,
  ended_at INTEGER,
  ended_by TEXT,
  PRIMARY KEY (pool_id, user_id, id)
) STRICT;
INSERT INTO seat_paths_new (id, pool_id, user_id, source, started_at, started_by, ended_at, ended_by)
SELECT id, pool_id, user_id, source, started_at, started_by, ended_at, ended_by FROM seat_paths;
DROP TABLE seat_paths;
ALTER TABLE seat_paths_new RENAME TO seat_paths;
CREATE UNIQUE INDEX seat_paths_open ON seat_paths (pool_id, user_id, source) WHERE ended_at IS NULL;
