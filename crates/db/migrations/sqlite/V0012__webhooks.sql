-- Webhooks: where a tenant wants its events sent, what is to be sent there, and every attempt.
CREATE TABLE webhook_endpoints (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  kinds TEXT NOT NULL,
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_until INTEGER,
  enabled INTEGER NOT NULL,
  disabled_because TEXT,
  from_position INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  failing_since INTEGER,
  paused_until INTEGER,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_endpoints_tenant ON webhook_endpoints (tenant_id, id);

CREATE TABLE webhook_deliveries (
  id BLOB NOT NULL PRIMARY KEY,
  endpoint_id BLOB NOT NULL REFERENCES webhook_endpoints (id),
  event_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at) WHERE state <> 'pending';

CREATE TABLE webhook_attempts (
  delivery_id BLOB NOT NULL REFERENCES webhook_deliveries (id),
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  response TEXT,
  PRIMARY KEY (delivery_id, number)
) STRICT;

-- What happened before there were webhooks is nobody's to be told of.
INSERT INTO event_cursors (reader, log, position, failures, error, retry_at)
SELECT 'webhooks', log, head, 0, NULL, NULL FROM log_heads;
