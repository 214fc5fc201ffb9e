-- Tenants, their people and machines, and how these sign in. The nil id is the marketplace's own tenant.
CREATE TABLE tenants (
  id BYTEA PRIMARY KEY,
  slug TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  publisher_id TEXT COLLATE "C",
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tenants_slug ON tenants (slug);
CREATE UNIQUE INDEX tenants_publisher_id ON tenants (publisher_id);

CREATE TABLE users (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  email TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  password_hash TEXT,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_tenant_email ON users (tenant_id, email) WHERE status <> 'deleted';
CREATE INDEX users_email ON users (email);
CREATE INDEX users_tenant_id ON users (tenant_id, id);

CREATE TABLE user_roles (
  user_id BYTEA NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  PRIMARY KEY (user_id, role)
);

CREATE TABLE sessions (
  id BYTEA PRIMARY KEY,
  user_id BYTEA NOT NULL REFERENCES users (id),
  token_hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE personal_access_tokens (
  id BYTEA PRIMARY KEY,
  user_id BYTEA NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX personal_access_tokens_token_hash ON personal_access_tokens (token_hash);
CREATE INDEX personal_access_tokens_user ON personal_access_tokens (user_id, id);

CREATE TABLE api_clients (
  id BYTEA PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  name TEXT NOT NULL,
  secret_hash BYTEA NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX api_clients_tenant ON api_clients (tenant_id, id);

CREATE TABLE signing_keys (
  id BYTEA PRIMARY KEY,
  private_key BYTEA NOT NULL,
  public_key BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);

-- Answers already given, so that a repeated request does nothing twice.
CREATE TABLE idempotency_keys (
  actor TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  fingerprint BYTEA NOT NULL,
  answer TEXT,
  logs TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

INSERT INTO tenants (id, slug, name, country, publisher_id, created_at)
VALUES ('\x00000000000000000000000000000000', 'marketplace', 'Marketplace', 'US', NULL, 0);
