-- Keys of either algorithm, published before they sign and after.
ALTER TABLE signing_keys ADD COLUMN algorithm TEXT NOT NULL DEFAULT 'ES256';
ALTER TABLE signing_keys ADD COLUMN signs_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE signing_keys ADD COLUMN retires_at INTEGER;

-- Seats of a pool that leases hold until a time: of a user (`held` is 0 as long as the user has the seat, which counts
-- then, and 1 when it was freed), or of a block (as many as it has).
CREATE TABLE seat_holds (
  pool_id BLOB NOT NULL,
  holder_id BLOB NOT NULL,
  held INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (pool_id, holder_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seat_holds_until ON seat_holds (until);

-- What was leased to whom. Without a user it is a block of seats.
CREATE TABLE leases (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL,
  publisher_tenant_id BLOB NOT NULL,
  publisher_id TEXT NOT NULL,
  user_id BLOB,
  services TEXT NOT NULL,
  seats INTEGER,
  version INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  returned_at INTEGER
) STRICT;
CREATE INDEX leases_tenant ON leases (tenant_id, id);
CREATE INDEX leases_user ON leases (tenant_id, user_id, id);
CREATE INDEX leases_pair ON leases (publisher_tenant_id, tenant_id, id);
CREATE INDEX leases_ended ON leases (publisher_tenant_id, tenant_id, expires_at)
  WHERE revoked_at IS NOT NULL OR returned_at IS NOT NULL;

-- The number of the last revocation list of a publisher and a customer.
CREATE TABLE lease_lists (
  publisher_tenant_id BLOB NOT NULL,
  tenant_id BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (publisher_tenant_id, tenant_id)
) STRICT, WITHOUT ROWID;
