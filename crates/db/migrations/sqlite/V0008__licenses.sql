-- Licenses that deals grant, and the pools they add up to.
CREATE TABLE pools (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  plan_id BLOB NOT NULL REFERENCES plans (id),
  service_id TEXT NOT NULL,
  granted INTEGER NOT NULL,
  in_use INTEGER NOT NULL,
  CHECK (in_use >= 0 AND in_use <= granted)
) STRICT;
CREATE UNIQUE INDEX pools_tenant_service ON pools (tenant_id, service_id);

CREATE TABLE licenses (
  id BLOB NOT NULL PRIMARY KEY,
  deal_id BLOB NOT NULL REFERENCES deals (id),
  plan_id BLOB NOT NULL REFERENCES plans (id),
  pool_id BLOB NOT NULL REFERENCES pools (id),
  service_id TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  CHECK (quantity >= 1)
) STRICT;
CREATE UNIQUE INDEX licenses_deal_plan ON licenses (deal_id, plan_id);
CREATE INDEX licenses_pool ON licenses (pool_id);
