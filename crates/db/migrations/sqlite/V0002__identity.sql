-- Tenants, their people and machines, and how these sign in. The nil id is the marketplace's own tenant.
CREATE TABLE tenants (
  id BLOB NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  publisher_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tenants_slug ON tenants (slug);
CREATE UNIQUE INDEX tenants_publisher_id ON tenants (publisher_id);

CREATE TABLE users (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  password_hash TEXT,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_tenant_email ON users (tenant_id, email) WHERE status <> 'deleted';
CREATE INDEX users_email ON users (email);
CREATE INDEX users_tenant_id ON users (tenant_id, id);

CREATE TABLE user_roles (
  user_id BLOB NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  PRIMARY KEY (user_id, role)
) STRICT;

CREATE TABLE sessions (
  id BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES users (id),
  token_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE personal_access_tokens (
  id BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  token_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX personal_access_tokens_token_hash ON personal_access_tokens (token_hash);
CREATE INDEX personal_access_tokens_user ON personal_access_tokens (user_id, id);

CREATE TABLE api_clients (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  name TEXT NOT NULL,
  secret_hash BLOB NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX api_clients_tenant ON api_clients (tenant_id, id);

CREATE TABLE signing_keys (
  id BLOB NOT NULL PRIMARY KEY,
  private_key BLOB NOT NULL,
  public_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Answers already given, so that a repeated request does nothing twice.
CREATE TABLE idempotency_keys (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  answer TEXT,
  logs TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

INSERT INTO tenants (id, slug, name, country, publisher_id, created_at)
VALUES (x'00000000000000000000000000000000', 'marketplace', 'Marketplace', 'US', NULL, 0);
