-- Registered sales, made outside the marketplace.
CREATE TABLE deals (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  offer_id BLOB NOT NULL REFERENCES offers (id),
  status TEXT NOT NULL,
  contract_type TEXT NOT NULL,
  company TEXT NOT NULL,
  search TEXT NOT NULL,
  terms TEXT NOT NULL,
  customer_tenant_id BLOB REFERENCES tenants (id),
  review_reason TEXT,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX deals_tenant ON deals (tenant_id, id);
CREATE INDEX deals_status ON deals (status, id);
