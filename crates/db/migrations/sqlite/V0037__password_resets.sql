-- Who may choose a new password without the old one: the last link that was mailed, by its hash.
CREATE TABLE password_resets (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
  token_hash BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX password_resets_token_hash ON password_resets (token_hash);
