-- Webhooks: where a tenant wants its events sent, what is to be sent there, and every attempt.
CREATE TABLE webhook_endpoints (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  kinds TEXT NOT NULL,
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_until BIGINT,
  enabled BOOLEAN NOT NULL,
  disabled_because TEXT,
  from_position BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  failing_since BIGINT,
  paused_until BIGINT,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_tenant ON webhook_endpoints (tenant_id, id);

CREATE TABLE webhook_deliveries (
  id BYTEA PRIMARY KEY,
  endpoint_id BYTEA NOT NULL REFERENCES webhook_endpoints (id),
  event_id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at) WHERE state <> 'pending';

CREATE TABLE webhook_attempts (
  delivery_id BYTEA NOT NULL REFERENCES webhook_deliveries (id),
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  status BIGINT,
  error TEXT,
  response TEXT,
  PRIMARY KEY (delivery_id, number)
);

-- What happened before there were webhooks is nobody's to be told of.
INSERT INTO event_cursors (reader, log, position, failures, error, retry_at)
SELECT 'webhooks', log, head, 0, NULL, NULL FROM log_heads;
