-- Invitations to consent, and the consents given.
CREATE TABLE invitations (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  token_hash BYTEA NOT NULL,
  note TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  accepted_at BIGINT,
  accepted_by_tenant BYTEA REFERENCES tenants (id)
);
CREATE UNIQUE INDEX invitations_token_hash ON invitations (token_hash);
CREATE INDEX invitations_tenant ON invitations (tenant_id, id);

CREATE TABLE relationships (
  id BYTEA PRIMARY KEY,
  publisher_tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  customer_tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  invitation_id BYTEA NOT NULL REFERENCES invitations (id),
  accepted_by TEXT NOT NULL,
  accepted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX relationships_pair ON relationships (publisher_tenant_id, customer_tenant_id);
CREATE INDEX relationships_customer ON relationships (customer_tenant_id, id);
