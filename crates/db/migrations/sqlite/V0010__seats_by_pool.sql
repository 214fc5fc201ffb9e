-- A seat's tenant is its pool's: the reference to the pool says so, and one to the tenant as well would make
-- whoever takes a seat wait for whoever holds the tenant.
CREATE TABLE seats_by_pool (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  pool_id BLOB NOT NULL REFERENCES pools (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  service_id TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
INSERT INTO seats_by_pool (id, tenant_id, pool_id, user_id, service_id, since)
SELECT id, tenant_id, pool_id, user_id, service_id, since FROM seats;
DROP TABLE seats;
ALTER TABLE seats_by_pool RENAME TO seats;
CREATE UNIQUE INDEX seats_pool_user ON seats (pool_id, user_id);
CREATE INDEX seats_tenant_user ON seats (tenant_id, user_id);
