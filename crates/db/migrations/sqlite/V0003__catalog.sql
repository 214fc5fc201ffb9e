-- Offers and their plans, as their publisher drafts them.
CREATE TABLE offers (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  publisher_id TEXT NOT NULL,
  slug TEXT NOT NULL,
  alias TEXT NOT NULL,
  state TEXT NOT NULL,
  draft TEXT NOT NULL,
  package_id BLOB,
  first_published_at INTEGER,
  live_version INTEGER,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX offers_tenant_slug ON offers (tenant_id, slug);
CREATE INDEX offers_tenant_id ON offers (tenant_id, id);

CREATE TABLE plans (
  id BLOB NOT NULL PRIMARY KEY,
  offer_id BLOB NOT NULL REFERENCES offers (id),
  slug TEXT NOT NULL,
  service_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  published_at INTEGER,
  revision INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX plans_offer_slug ON plans (offer_id, slug);
CREATE UNIQUE INDEX plans_offer_name ON plans (offer_id, name);
CREATE UNIQUE INDEX plans_service_id ON plans (service_id);
