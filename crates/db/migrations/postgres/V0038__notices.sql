-- What each person was told: named by the event, so that nothing is told twice. Without words, which are those of
-- whoever reads.
CREATE TABLE notices (
  user_id BYTEA NOT NULL REFERENCES users (id),
  event_id BYTEA NOT NULL,
  tenant_id BYTEA NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  arguments TEXT NOT NULL,
  page TEXT COLLATE "C",
  told_at BIGINT NOT NULL,
  read_at BIGINT,
  forget_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, event_id)
);
CREATE INDEX notices_unread ON notices (user_id, event_id) WHERE read_at IS NULL;
CREATE INDEX notices_forget ON notices (forget_at);

-- Who wants no mail of some notices.
CREATE TABLE notice_preferences (
  user_id BYTEA NOT NULL PRIMARY KEY REFERENCES users (id),
  tenant_id BYTEA NOT NULL,
  without_mail TEXT NOT NULL,
  revision BIGINT NOT NULL
);
