-- A row of a list is written by whoever holds its batch, and nobody deletes batches: it needs no reference that is looked
-- up for each of a hundred thousand, and no row besides its key.
CREATE TABLE assignment_batch_rows_new (
  batch_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  named TEXT NOT NULL,
  service_id TEXT NOT NULL,
  action TEXT NOT NULL,
  user_id BLOB,
  outcome TEXT NOT NULL,
  error TEXT,
  at INTEGER NOT NULL,
  undo TEXT,
  undo_error TEXT,
  PRIMARY KEY (batch_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO assignment_batch_rows_new (batch_id, number, named, service_id, action, user_id, outcome, error, at, undo, undo_error)
SELECT batch_id, number, named, service_id, action, user_id, outcome, error, at, undo, undo_error FROM assignment_batch_rows
ORDER BY batch_id, number;
DROP TABLE assignment_batch_rows;
ALTER TABLE assignment_batch_rows_new RENAME TO assignment_batch_rows;
