-- Offers and their plans, as their publisher drafts them.
CREATE TABLE offers (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  publisher_id TEXT COLLATE "C" NOT NULL,
  slug TEXT COLLATE "C" NOT NULL,
  alias TEXT NOT NULL,
  state TEXT NOT NULL,
  draft TEXT NOT NULL,
  package_id BYTEA,
  first_published_at BIGINT,
  live_version BIGINT,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX offers_tenant_slug ON offers (tenant_id, slug);
CREATE INDEX offers_tenant_id ON offers (tenant_id, id);

CREATE TABLE plans (
  id BYTEA PRIMARY KEY,
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  slug TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  published_at BIGINT,
  revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX plans_offer_slug ON plans (offer_id, slug);
CREATE UNIQUE INDEX plans_offer_name ON plans (offer_id, name);
CREATE UNIQUE INDEX plans_service_id ON plans (service_id);
