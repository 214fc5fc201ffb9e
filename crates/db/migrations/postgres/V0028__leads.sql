-- Leads: who asked a publisher to be contacted, where leads go, and what is on its way there.
CREATE TABLE leads (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  address TEXT NOT NULL,
  offer_title TEXT NOT NULL,
  action TEXT NOT NULL,
  status TEXT NOT NULL,
  contact TEXT NOT NULL,
  customer_tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  user_id BYTEA NOT NULL REFERENCES users (id),
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX leads_tenant ON leads (tenant_id, id);

-- The latest lead of a user for an offer, by which a repeated press is known.
CREATE TABLE lead_presses (
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  user_id BYTEA NOT NULL REFERENCES users (id),
  action TEXT NOT NULL,
  lead_id BYTEA NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (offer_id, user_id, action)
);

CREATE TABLE lead_destinations (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  secret TEXT,
  created_at BIGINT NOT NULL,
  UNIQUE (tenant_id, address)
);

CREATE TABLE lead_deliveries (
  id BYTEA PRIMARY KEY,
  lead_id BYTEA NOT NULL REFERENCES leads (id),
  destination_id BYTEA NOT NULL REFERENCES lead_destinations (id),
  mail_id BYTEA,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  status BIGINT,
  error TEXT,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX lead_deliveries_lead ON lead_deliveries (lead_id, id);
CREATE INDEX lead_deliveries_due ON lead_deliveries (destination_id, due_at) WHERE state = 'pending';
