-- Each transaction's entries are linked to those before: the link is kept with the last of them and at the head.
ALTER TABLE log_heads ADD COLUMN link BYTEA NOT NULL DEFAULT '';
ALTER TABLE log_entries ADD COLUMN link BYTEA;

CREATE FUNCTION log_link(before BYTEA, digest BYTEA) RETURNS BYTEA
  LANGUAGE SQL IMMUTABLE PARALLEL SAFE RETURN sha256(before || digest);
