-- Work that is done later: queue jobs, and when each reconciler last ran.
CREATE TABLE jobs (
  id BYTEA PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C",
  payload TEXT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  attempts_max BIGINT NOT NULL,
  lease_seconds BIGINT NOT NULL,
  lease_until BIGINT,
  node TEXT,
  error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
-- One that was not tried yet stands for all that ask for the same.
CREATE UNIQUE INDEX jobs_fresh ON jobs (kind, key) WHERE state = 'queued' AND attempts = 0;
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_of_key ON jobs (kind, key) WHERE state = 'running' OR state = 'queued';
CREATE INDEX jobs_state ON jobs (state, id);
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE state = 'done';

CREATE TABLE reconcilers (
  name TEXT COLLATE "C" PRIMARY KEY,
  ran_at BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  failed BOOLEAN NOT NULL,
  error TEXT,
  node TEXT NOT NULL
);

-- How far each reader of a log has come.
CREATE TABLE event_cursors (
  reader TEXT COLLATE "C" NOT NULL,
  log BYTEA NOT NULL,
  position BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  error TEXT,
  retry_at BIGINT,
  PRIMARY KEY (reader, log)
);
