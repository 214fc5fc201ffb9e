-- What taking a seat writes, everybody waits for who takes one. A seat is known by its pool and user; what else is to
-- be said of it, its tenant and service, its pool says. Whoever takes a seat holds its pool, and pools and users are
-- never deleted, so that no reference is needed to keep them.
CREATE TABLE seats_new (
  pool_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  since INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'active',
  usable_until INTEGER,
  kept_until INTEGER,
  last_used_on INTEGER,
  PRIMARY KEY (pool_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO seats_new (pool_id, user_id, since, state, usable_until, kept_until, last_used_on)
SELECT pool_id, user_id, since, state, usable_until, kept_until, last_used_on FROM seats;
DROP TABLE seats;
ALTER TABLE seats_new RENAME TO seats;
CREATE INDEX seats_beyond ON seats (pool_id, state, since, user_id) WHERE state <> 'active';
CREATE INDEX seats_kept_until ON seats (kept_until) WHERE kept_until IS NOT NULL;

-- Paths that are open, and apart from them those that have ended.
CREATE TABLE ended_paths (
  pool_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  id BLOB NOT NULL,
  source TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  ended_by TEXT NOT NULL,
  PRIMARY KEY (pool_id, user_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO ended_paths (pool_id, user_id, id, source, started_at, started_by, ended_at, ended_by)
SELECT pool_id, user_id, id, source, started_at, started_by, ended_at, ended_by FROM seat_paths WHERE ended_at IS NOT NULL;
CREATE TABLE seat_paths_new (
  id BLOB NOT NULL,
  pool_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  source TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL,
  PRIMARY KEY (pool_id, user_id, source)
) STRICT, WITHOUT ROWID;
INSERT INTO seat_paths_new (id, pool_id, user_id, source, started_at, started_by)
SELECT id, pool_id, user_id, source, started_at, started_by FROM seat_paths WHERE ended_at IS NULL;
DROP TABLE seat_paths;
ALTER TABLE seat_paths_new RENAME TO seat_paths;
-- Who is in a group's license.
CREATE INDEX seat_paths_group ON seat_paths (pool_id, source) WHERE source <> 'direct';
