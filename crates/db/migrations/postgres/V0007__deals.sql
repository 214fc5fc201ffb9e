-- Registered sales, made outside the marketplace.
CREATE TABLE deals (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  status TEXT NOT NULL,
  contract_type TEXT NOT NULL,
  company TEXT NOT NULL,
  search TEXT COLLATE "C" NOT NULL,
  terms TEXT NOT NULL,
  customer_tenant_id BYTEA REFERENCES tenants (id),
  review_reason TEXT,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX deals_tenant ON deals (tenant_id, id);
CREATE INDEX deals_status ON deals (status, id);
