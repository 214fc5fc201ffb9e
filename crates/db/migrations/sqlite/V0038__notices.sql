-- What each person was told: named by the event, so that nothing is told twice. Without words, which are those of
-- whoever reads.
CREATE TABLE notices (
  user_id BLOB NOT NULL REFERENCES users (id),
  event_id BLOB NOT NULL,
  tenant_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  arguments TEXT NOT NULL,
  page TEXT,
  told_at INTEGER NOT NULL,
  read_at INTEGER,
  forget_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, event_id)
) STRICT;
CREATE INDEX notices_unread ON notices (user_id, event_id) WHERE read_at IS NULL;
CREATE INDEX notices_forget ON notices (forget_at);

-- Who wants no mail of some notices.
CREATE TABLE notice_preferences (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
  tenant_id BLOB NOT NULL,
  without_mail TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
