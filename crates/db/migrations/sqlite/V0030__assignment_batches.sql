-- Lists of seats to assign and to unassign, applied some rows at a time.
CREATE TABLE assignment_batches (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  state TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  undone INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  upload TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  finished_at INTEGER,
  undone_by TEXT,
  undo_before INTEGER NOT NULL
) STRICT;
CREATE INDEX assignment_batches_tenant ON assignment_batches (tenant_id, id);

-- What became of each row; a row is here once it was applied.
CREATE TABLE assignment_batch_rows (
  batch_id BLOB NOT NULL REFERENCES assignment_batches (id),
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
) STRICT;

