-- Keys of either algorithm, published before they sign and after.
ALTER TABLE signing_keys ADD COLUMN algorithm TEXT COLLATE "C" NOT NULL DEFAULT 'ES256';
ALTER TABLE signing_keys ADD COLUMN signs_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE signing_keys ADD COLUMN retires_at BIGINT;

-- Seats of a pool that leases hold until a time: of a user (`held` is 0 as long as the user has the seat, which counts
-- then, and 1 when it was freed), or of a block (as many as it has).
CREATE TABLE seat_holds (
  pool_id BYTEA NOT NULL,
  holder_id BYTEA NOT NULL,
  held BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (pool_id, holder_id)
);
CREATE INDEX seat_holds_until ON seat_holds (until);

-- What was leased to whom. Without a user it is a block of seats.
CREATE TABLE leases (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL,
  publisher_tenant_id BYTEA NOT NULL,
  publisher_id TEXT COLLATE "C" NOT NULL,
  user_id BYTEA,
  services TEXT COLLATE "C" NOT NULL,
  seats BIGINT,
  version BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  returned_at BIGINT
);
CREATE INDEX leases_tenant ON leases (tenant_id, id);
CREATE INDEX leases_user ON leases (tenant_id, user_id, id);
CREATE INDEX leases_pair ON leases (publisher_tenant_id, tenant_id, id);
CREATE INDEX leases_ended ON leases (publisher_tenant_id, tenant_id, expires_at)
  WHERE revoked_at IS NOT NULL OR returned_at IS NOT NULL;

-- The number of the last revocation list of a publisher and a customer.
CREATE TABLE lease_lists (
  publisher_tenant_id BYTEA NOT NULL,
  tenant_id BYTEA NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (publisher_tenant_id, tenant_id)
);
