-- Users who are away: what they do not use is not idle.
CREATE TABLE leaves (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  starts_at INTEGER NOT NULL,
  ends_at INTEGER
) STRICT;
CREATE INDEX leaves_tenant ON leaves (tenant_id, starts_at);
