-- What was sent apart from the batch, whose row is written with every step.
CREATE TABLE assignment_batch_uploads (
  batch_id BLOB NOT NULL PRIMARY KEY REFERENCES assignment_batches (id),
  body TEXT NOT NULL
) STRICT;
INSERT INTO assignment_batch_uploads (batch_id, body)
SELECT id, upload FROM assignment_batches WHERE upload IS NOT NULL;
ALTER TABLE assignment_batches DROP COLUMN upload;

-- Whoever holds a pool asks what of it is gone.
CREATE INDEX seats_gone ON seats (pool_id, kept_until, user_id) WHERE kept_until IS NOT NULL;
