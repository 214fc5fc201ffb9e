-- A consent may end; its row stays, and there may be another one later.
ALTER TABLE relationships ADD COLUMN ended_at BIGINT;
ALTER TABLE relationships ADD COLUMN ended_by TEXT COLLATE "C";
DROP INDEX relationships_pair;
CREATE UNIQUE INDEX relationships_pair ON relationships (publisher_tenant_id, customer_tenant_id) WHERE ended_at IS NULL;

-- Users who ask their administrators for a seat.
CREATE TABLE seat_requests (
  id BYTEA NOT NULL PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  user_id BYTEA NOT NULL REFERENCES users (id),
  service_id TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C",
  state TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT COLLATE "C",
  reason TEXT COLLATE "C"
);
CREATE UNIQUE INDEX seat_requests_open ON seat_requests (user_id, service_id) WHERE state = 'open';
CREATE INDEX seat_requests_tenant ON seat_requests (tenant_id, state, id);
CREATE INDEX seat_requests_user ON seat_requests (user_id, id);

-- Customers who ask a publisher for more licenses.
CREATE TABLE license_requests (
  id BYTEA NOT NULL PRIMARY KEY,
  customer_tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  publisher_tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  deal_id BYTEA NOT NULL REFERENCES deals (id),
  service_id TEXT COLLATE "C" NOT NULL,
  seats BIGINT NOT NULL,
  note TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  requested_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX license_requests_publisher ON license_requests (publisher_tenant_id, id);
CREATE INDEX license_requests_customer ON license_requests (customer_tenant_id, id);
