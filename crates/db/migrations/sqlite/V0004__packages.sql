-- Uploaded packages; their bytes by SHA-256, in pieces, so that no upload holds the writer for long.
CREATE TABLE packages (
  id BLOB NOT NULL PRIMARY KEY,
  offer_id BLOB NOT NULL REFERENCES offers (id),
  sha256 BLOB NOT NULL,
  size INTEGER NOT NULL,
  report TEXT NOT NULL,
  uploaded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX packages_offer ON packages (offer_id, id);

CREATE TABLE package_chunks (
  sha256 BLOB NOT NULL,
  number INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (sha256, number)
) STRICT;
