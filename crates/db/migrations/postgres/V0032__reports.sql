-- What is granted and in use by customer and plan, as the reader "reports" has it from the logs. Nothing here is
-- known here alone: all of it can be made anew.
CREATE TABLE report_pools (
  tenant_id BYTEA NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  publisher_id TEXT COLLATE "C" NOT NULL,
  offer_id TEXT COLLATE "C" NOT NULL,
  plan_id TEXT COLLATE "C" NOT NULL,
  country TEXT COLLATE "C" NOT NULL,
  activated_at BIGINT,
  PRIMARY KEY (tenant_id, service_id)
);
CREATE INDEX report_pools_publisher ON report_pools (publisher_id, tenant_id, service_id);

-- How a day ended on which something changed; "beyond" are the seats that are over or wait, by state and dates.
CREATE TABLE report_points (
  tenant_id BYTEA NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  granted BIGINT NOT NULL,
  assigned BIGINT NOT NULL,
  beyond TEXT NOT NULL,
  PRIMARY KEY (tenant_id, service_id, day)
);

-- The seats beyond what is granted: events say what seats become, not what they were.
CREATE TABLE report_seats (
  tenant_id BYTEA NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  user_id BYTEA NOT NULL,
  state TEXT NOT NULL,
  usable_until BIGINT,
  kept_until BIGINT,
  PRIMARY KEY (tenant_id, service_id, user_id)
);
