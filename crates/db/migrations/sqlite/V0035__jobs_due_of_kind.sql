-- What is due is looked for kind by kind: one with a backlog costs the others nothing.
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (kind, due_at, id) WHERE state = 'queued';
