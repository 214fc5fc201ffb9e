-- What taking a seat writes, everybody waits for who takes one. A seat is known by its pool and user; what else is to
-- be said of it, its tenant and service, its pool says. Whoever takes a seat holds its pool, and pools and users are
-- never deleted, so that no reference is needed to keep them.
ALTER TABLE seats DROP CONSTRAINT seats_pool_id_fkey;
ALTER TABLE seats DROP CONSTRAINT seats_user_id_fkey;
DROP INDEX seats_pool_user;
DROP INDEX seats_tenant_user;
ALTER TABLE seats DROP CONSTRAINT seats_pkey;
ALTER TABLE seats DROP COLUMN id;
ALTER TABLE seats DROP COLUMN tenant_id;
ALTER TABLE seats DROP COLUMN service_id;
ALTER TABLE seats ADD PRIMARY KEY (pool_id, user_id);

-- Paths that are open, and apart from them those that have ended.
CREATE TABLE ended_paths (
  pool_id BYTEA NOT NULL,
  user_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  started_at BIGINT NOT NULL,
  started_by TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  ended_by TEXT NOT NULL,
  PRIMARY KEY (pool_id, user_id, id)
);
INSERT INTO ended_paths (pool_id, user_id, id, source, started_at, started_by, ended_at, ended_by)
SELECT pool_id, user_id, id, source, started_at, started_by, ended_at, ended_by FROM seat_paths WHERE ended_at IS NOT NULL;
DELETE FROM seat_paths WHERE ended_at IS NOT NULL;
DROP INDEX seat_paths_open;
DROP INDEX seat_paths_source;
ALTER TABLE seat_paths DROP CONSTRAINT seat_paths_pkey;
ALTER TABLE seat_paths DROP COLUMN ended_at;
ALTER TABLE seat_paths DROP COLUMN ended_by;
ALTER TABLE seat_paths ADD PRIMARY KEY (pool_id, user_id, source);
-- Who is in a group's license.
CREATE INDEX seat_paths_group ON seat_paths (pool_id, source) WHERE source <> 'direct';

-- Rows that change all the time and never grow: room beside them, for the next version on the same page.
ALTER TABLE pools SET (fillfactor = 50);
ALTER TABLE log_heads SET (fillfactor = 50);
