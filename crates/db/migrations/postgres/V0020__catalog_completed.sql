-- What went live beside the draft; files of listings; private plans and their audiences; features of plans.
ALTER TABLE offers ADD COLUMN published TEXT;

ALTER TABLE plans ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';
ALTER TABLE plans ADD COLUMN enforcement TEXT NOT NULL DEFAULT 'block';
ALTER TABLE plans ADD COLUMN features TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plans ADD COLUMN audience_size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN audience_changed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE plans ADD COLUMN public_since BIGINT;
ALTER TABLE plans ADD COLUMN stopped_at BIGINT;
-- Until now every plan was public.
UPDATE plans SET public_since = published_at;

-- Whom a private plan is for: as drafted, and as it is in effect.
CREATE TABLE plan_audiences (
  plan_id BYTEA NOT NULL REFERENCES plans (id),
  tenant_id BYTEA NOT NULL,
  description TEXT NOT NULL,
  PRIMARY KEY (plan_id, tenant_id)
);
CREATE TABLE live_audiences (
  plan_id BYTEA NOT NULL REFERENCES plans (id),
  tenant_id BYTEA NOT NULL,
  PRIMARY KEY (plan_id, tenant_id)
);
CREATE INDEX live_audiences_tenant ON live_audiences (tenant_id);

-- Images and documents by the hash of what is served.
CREATE TABLE file_contents (
  sha256 TEXT COLLATE "C" PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes BYTEA NOT NULL
);
CREATE TABLE offer_files (
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  sha256 TEXT COLLATE "C" NOT NULL REFERENCES file_contents (sha256),
  content_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  width BIGINT,
  height BIGINT,
  uploaded_at BIGINT NOT NULL,
  PRIMARY KEY (offer_id, sha256)
);
-- What the live version of an offer shows.
CREATE TABLE live_files (
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  sha256 TEXT COLLATE "C" NOT NULL REFERENCES file_contents (sha256),
  PRIMARY KEY (sha256, offer_id)
);
CREATE INDEX live_files_offer ON live_files (offer_id);
