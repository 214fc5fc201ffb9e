-- Places where apps run, and what is installed in them.
CREATE TABLE environments (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  name TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX environments_tenant_name ON environments (tenant_id, name);
CREATE INDEX environments_tenant_id ON environments (tenant_id, id);

CREATE TABLE installations (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  environment_id BYTEA NOT NULL REFERENCES environments (id),
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  address TEXT COLLATE "C" NOT NULL,
  live_version BIGINT NOT NULL,
  app_version TEXT NOT NULL,
  package_sha256 TEXT NOT NULL,
  terms_accepted_by TEXT NOT NULL,
  installed_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX installations_environment_offer ON installations (environment_id, offer_id);
CREATE INDEX installations_tenant_id ON installations (tenant_id, id);
