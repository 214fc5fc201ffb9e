-- Uploaded packages; their bytes by SHA-256, in pieces, so that no upload holds the writer for long.
CREATE TABLE packages (
  id BYTEA PRIMARY KEY,
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  sha256 BYTEA NOT NULL,
  size BIGINT NOT NULL,
  report TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL
);
CREATE INDEX packages_offer ON packages (offer_id, id);

CREATE TABLE package_chunks (
  sha256 BYTEA NOT NULL,
  number BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (sha256, number)
);
