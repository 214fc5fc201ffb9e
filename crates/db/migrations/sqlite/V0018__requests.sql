-- A consent may end; its row stays, and there may be another one later.
ALTER TABLE relationships ADD COLUMN ended_at INTEGER;
ALTER TABLE relationships ADD COLUMN ended_by TEXT;
DROP INDEX relationships_pair;
CREATE UNIQUE INDEX relationships_pair ON relationships (publisher_tenant_id, customer_tenant_id) WHERE ended_at IS NULL;

-- Users who ask their administrators for a seat.
CREATE TABLE seat_requests (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  service_id TEXT NOT NULL,
  note TEXT,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  reason TEXT
) STRICT;
CREATE UNIQUE INDEX seat_requests_open ON seat_requests (user_id, service_id) WHERE state = 'open';
CREATE INDEX seat_requests_tenant ON seat_requests (tenant_id, state, id);
CREATE INDEX seat_requests_user ON seat_requests (user_id, id);

-- Customers who ask a publisher for more licenses.
CREATE TABLE license_requests (
  id BLOB NOT NULL PRIMARY KEY,
  customer_tenant_id BLOB NOT NULL REFERENCES tenants (id),
  publisher_tenant_id BLOB NOT NULL REFERENCES tenants (id),
  deal_id BLOB NOT NULL REFERENCES deals (id),
  service_id TEXT NOT NULL,
  seats INTEGER NOT NULL,
  note TEXT,
  created_at INTEGER NOT NULL,
  requested_by TEXT NOT NULL
) STRICT;
CREATE INDEX license_requests_publisher ON license_requests (publisher_tenant_id, id);
CREATE INDEX license_requests_customer ON license_requests (customer_tenant_id, id);
