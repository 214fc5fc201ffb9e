-- Who may choose a new password without the old one: the last link that was mailed, by its hash.
CREATE TABLE password_resets (
  user_id BYTEA PRIMARY KEY REFERENCES users (id),
  token_hash BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX password_resets_token_hash ON password_resets (token_hash);
