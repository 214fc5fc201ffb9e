-- Licenses that deals grant, and the pools they add up to.
CREATE TABLE pools (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  plan_id BYTEA NOT NULL REFERENCES plans (id),
  service_id TEXT COLLATE "C" NOT NULL,
  granted BIGINT NOT NULL,
  in_use BIGINT NOT NULL,
  CHECK (in_use >= 0 AND in_use <= granted)
);
CREATE UNIQUE INDEX pools_tenant_service ON pools (tenant_id, service_id);

CREATE TABLE licenses (
  id BYTEA PRIMARY KEY,
  deal_id BYTEA NOT NULL REFERENCES deals (id),
  plan_id BYTEA NOT NULL REFERENCES plans (id),
  pool_id BYTEA NOT NULL REFERENCES pools (id),
  service_id TEXT COLLATE "C" NOT NULL,
  quantity BIGINT NOT NULL,
  CHECK (quantity >= 1)
);
CREATE UNIQUE INDEX licenses_deal_plan ON licenses (deal_id, plan_id);
CREATE INDEX licenses_pool ON licenses (pool_id);
