-- Leads: who asked a publisher to be contacted, where leads go, and what is on its way there.
CREATE TABLE leads (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  offer_id BLOB NOT NULL REFERENCES offers (id),
  address TEXT NOT NULL,
  offer_title TEXT NOT NULL,
  action TEXT NOT NULL,
  status TEXT NOT NULL,
  contact TEXT NOT NULL,
  customer_tenant_id BLOB NOT NULL REFERENCES tenants (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX leads_tenant ON leads (tenant_id, id);

-- The latest lead of a user for an offer, by which a repeated press is known.
CREATE TABLE lead_presses (
  offer_id BLOB NOT NULL REFERENCES offers (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  action TEXT NOT NULL,
  lead_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (offer_id, user_id, action)
) STRICT;

CREATE TABLE lead_destinations (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  secret TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (tenant_id, address)
) STRICT;

CREATE TABLE lead_deliveries (
  id BLOB NOT NULL PRIMARY KEY,
  lead_id BLOB NOT NULL REFERENCES leads (id),
  destination_id BLOB NOT NULL REFERENCES lead_destinations (id),
  mail_id BLOB,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX lead_deliveries_lead ON lead_deliveries (lead_id, id);
CREATE INDEX lead_deliveries_due ON lead_deliveries (destination_id, due_at) WHERE state = 'pending';
