-- Who would have been refused, were it enforced: noted at most once a day.
CREATE TABLE waived_checks (
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  user_id BLOB NOT NULL,
  service_id TEXT NOT NULL,
  component TEXT NOT NULL,
  reason TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, user_id, service_id, component)
) STRICT;
