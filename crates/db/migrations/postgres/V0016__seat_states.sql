-- A seat is active, over (its pool's capacity went; the dates say what it still is) or waiting (never had capacity).
ALTER TABLE seats ADD COLUMN state TEXT COLLATE "C" NOT NULL DEFAULT 'active';
ALTER TABLE seats ADD COLUMN usable_until BIGINT;
ALTER TABLE seats ADD COLUMN kept_until BIGINT;
ALTER TABLE seats ADD COLUMN last_used_on BIGINT;
CREATE INDEX seats_beyond ON seats (pool_id, state, since, user_id) WHERE state <> 'active';
CREATE INDEX seats_kept_until ON seats (kept_until) WHERE kept_until IS NOT NULL;

-- Which seats go first, and when a license of the pool ends next.
ALTER TABLE pools ADD COLUMN policy TEXT COLLATE "C" NOT NULL DEFAULT 'newest_first';
ALTER TABLE pools ADD COLUMN settle_at BIGINT;
CREATE INDEX pools_settle_at ON pools (settle_at) WHERE settle_at IS NOT NULL;

-- When a license ends, what its seats are then, and when both sides were told.
ALTER TABLE licenses ADD COLUMN ends_at BIGINT;
ALTER TABLE licenses ADD COLUMN usable_until BIGINT;
ALTER TABLE licenses ADD COLUMN kept_until BIGINT;
ALTER TABLE licenses ADD COLUMN told_at BIGINT;
CREATE INDEX licenses_ends_at ON licenses (ends_at) WHERE ends_at IS NOT NULL;
