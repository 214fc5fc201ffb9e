-- Each reference is looked up and its row locked when a seat is taken, so only those stay that say something.
-- A seat's tenant is its pool's; a reference to the tenant as well would also make whoever takes a seat wait for
-- whoever holds the tenant. A path goes with a seat of the same pool and user, and neither is ever deleted.
ALTER TABLE seats DROP CONSTRAINT seats_tenant_id_fkey;
ALTER TABLE seat_paths DROP CONSTRAINT seat_paths_pool_id_fkey;
ALTER TABLE seat_paths DROP CONSTRAINT seat_paths_user_id_fkey;
-- One index for both: paths are only ever looked up by pool and user.
DROP INDEX seat_paths_history;
ALTER TABLE seat_paths DROP CONSTRAINT seat_paths_pkey;
ALTER TABLE seat_paths ADD PRIMARY KEY (pool_id, user_id, id);
