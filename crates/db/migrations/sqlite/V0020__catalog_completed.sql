-- What went live beside the draft; files of listings; private plans and their audiences; features of plans.
ALTER TABLE offers ADD COLUMN published TEXT;

ALTER TABLE plans ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';
ALTER TABLE plans ADD COLUMN enforcement TEXT NOT NULL DEFAULT 'block';
ALTER TABLE plans ADD COLUMN features TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plans ADD COLUMN audience_size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN audience_changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN public_since INTEGER;
ALTER TABLE plans ADD COLUMN stopped_at INTEGER;
-- Until now every plan was public.
UPDATE plans SET public_since = published_at;

-- Whom a private plan is for: as drafted, and as it is in effect.
CREATE TABLE plan_audiences (
  plan_id BLOB NOT NULL REFERENCES plans (id),
  tenant_id BLOB NOT NULL,
  description TEXT NOT NULL,
  PRIMARY KEY (plan_id, tenant_id)
) STRICT;
CREATE TABLE live_audiences (
  plan_id BLOB NOT NULL REFERENCES plans (id),
  tenant_id BLOB NOT NULL,
  PRIMARY KEY (plan_id, tenant_id)
) STRICT;
CREATE INDEX live_audiences_tenant ON live_audiences (tenant_id);

-- Images and documents by the hash of what is served.
CREATE TABLE file_contents (
  sha256 TEXT NOT NULL PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE offer_files (
  offer_id BLOB NOT NULL REFERENCES offers (id),
  sha256 TEXT NOT NULL REFERENCES file_contents (sha256),
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  uploaded_at INTEGER NOT NULL,
  PRIMARY KEY (offer_id, sha256)
) STRICT;
-- What the live version of an offer shows.
CREATE TABLE live_files (
  offer_id BLOB NOT NULL REFERENCES offers (id),
  sha256 TEXT NOT NULL REFERENCES file_contents (sha256),
  PRIMARY KEY (sha256, offer_id)
) STRICT;
CREATE INDEX live_files_offer ON live_files (offer_id);
