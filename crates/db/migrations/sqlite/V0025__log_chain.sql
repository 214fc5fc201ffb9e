-- Each transaction's entries are linked to those before: the link is kept with the last of them and at the head.
ALTER TABLE log_heads ADD COLUMN link BLOB NOT NULL DEFAULT x'';
ALTER TABLE log_entries ADD COLUMN link BLOB;
