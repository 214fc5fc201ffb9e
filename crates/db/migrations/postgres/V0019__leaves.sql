-- Users who are away: what they do not use is not idle.
CREATE TABLE leaves (
  user_id BYTEA NOT NULL PRIMARY KEY REFERENCES users (id),
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  starts_at BIGINT NOT NULL,
  ends_at BIGINT
);
CREATE INDEX leaves_tenant ON leaves (tenant_id, starts_at);
