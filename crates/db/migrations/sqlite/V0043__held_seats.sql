-- How many of the seats in use are held for leases and nobody's: whoever takes a seat learns it from the pool.
ALTER TABLE pools ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
UPDATE pools SET held = (SELECT COALESCE(sum(h.held), 0) FROM seat_holds h WHERE h.pool_id = pools.id);
