-- Mails that wait, were sent or failed, and the language that people read.
ALTER TABLE users ADD COLUMN language TEXT;

CREATE TABLE mails (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  text_body TEXT,
  html_body TEXT,
  state TEXT NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) STRICT;
CREATE INDEX mails_state ON mails (state, id);

-- What people were told of each license last, to say whether it grew.
CREATE TABLE noticed_licenses (
  tenant_id BLOB NOT NULL,
  deal_id BLOB NOT NULL,
  service_id TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, deal_id, service_id)
) STRICT;

-- What happened before there were notices is no news.
INSERT INTO event_cursors (reader, log, position, failures, error, retry_at)
SELECT 'notices', log, head, 0, NULL, NULL FROM log_heads;
