-- Invitations to consent, and the consents given.
CREATE TABLE invitations (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  token_hash BLOB NOT NULL,
  note TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  accepted_at INTEGER,
  accepted_by_tenant BLOB REFERENCES tenants (id)
) STRICT;
CREATE UNIQUE INDEX invitations_token_hash ON invitations (token_hash);
CREATE INDEX invitations_tenant ON invitations (tenant_id, id);

CREATE TABLE relationships (
  id BLOB NOT NULL PRIMARY KEY,
  publisher_tenant_id BLOB NOT NULL REFERENCES tenants (id),
  customer_tenant_id BLOB NOT NULL REFERENCES tenants (id),
  invitation_id BLOB NOT NULL REFERENCES invitations (id),
  accepted_by TEXT NOT NULL,
  accepted_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX relationships_pair ON relationships (publisher_tenant_id, customer_tenant_id);
CREATE INDEX relationships_customer ON relationships (customer_tenant_id, id);
