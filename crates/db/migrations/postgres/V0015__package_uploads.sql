-- Uploads whose pieces are being written, by the hash of their bytes: what one leaves that broke off is found by it.
CREATE TABLE package_uploads (
  sha256 BYTEA PRIMARY KEY,
  begun_at BIGINT NOT NULL
);
CREATE INDEX package_uploads_begun ON package_uploads (begun_at);
CREATE INDEX packages_sha256 ON packages (sha256);

-- What broke off before there was this table.
INSERT INTO package_uploads (sha256, begun_at)
SELECT DISTINCT sha256, 0 FROM package_chunks WHERE sha256 NOT IN (SELECT sha256 FROM packages);
