-- Work that is done later: queue jobs, and when each reconciler last ran.
CREATE TABLE jobs (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  attempts_max INTEGER NOT NULL,
  lease_seconds INTEGER NOT NULL,
  lease_until INTEGER,
  node TEXT,
  error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
-- One that was not tried yet stands for all that ask for the same.
CREATE UNIQUE INDEX jobs_fresh ON jobs (kind, key) WHERE state = 'queued' AND attempts = 0;
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_of_key ON jobs (kind, key) WHERE state = 'running' OR state = 'queued';
CREATE INDEX jobs_state ON jobs (state, id);
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE state = 'done';

CREATE TABLE reconcilers (
  name TEXT NOT NULL PRIMARY KEY,
  ran_at INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  error TEXT,
  node TEXT NOT NULL
) STRICT;

-- How far each reader of a log has come.
CREATE TABLE event_cursors (
  reader TEXT NOT NULL,
  log BLOB NOT NULL,
  position INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  error TEXT,
  retry_at INTEGER,
  PRIMARY KEY (reader, log)
) STRICT;
