-- What is granted and in use by customer and plan, as the reader "reports" has it from the logs. Nothing here is
-- known here alone: all of it can be made anew.
CREATE TABLE report_pools (
  tenant_id BLOB NOT NULL,
  service_id TEXT NOT NULL,
  publisher_id TEXT NOT NULL,
  offer_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  country TEXT NOT NULL,
  activated_at INTEGER,
  PRIMARY KEY (tenant_id, service_id)
) STRICT;
CREATE INDEX report_pools_publisher ON report_pools (publisher_id, tenant_id, service_id);

-- How a day ended on which something changed; "beyond" are the seats that are over or wait, by state and dates.
CREATE TABLE report_points (
  tenant_id BLOB NOT NULL,
  service_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  granted INTEGER NOT NULL,
  assigned INTEGER NOT NULL,
  beyond TEXT NOT NULL,
  PRIMARY KEY (tenant_id, service_id, day)
) STRICT;

-- The seats beyond what is granted: events say what seats become, not what they were.
CREATE TABLE report_seats (
  tenant_id BLOB NOT NULL,
  service_id TEXT NOT NULL,
  user_id BLOB NOT NULL,
  state TEXT NOT NULL,
  usable_until INTEGER,
  kept_until INTEGER,
  PRIMARY KEY (tenant_id, service_id, user_id)
) STRICT;
