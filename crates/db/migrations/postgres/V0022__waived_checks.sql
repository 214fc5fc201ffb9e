-- Who would have been refused, were it enforced: noted at most once a day.
CREATE TABLE waived_checks (
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  user_id BYTEA NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  component TEXT COLLATE "C" NOT NULL,
  reason TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, service_id, component)
);
