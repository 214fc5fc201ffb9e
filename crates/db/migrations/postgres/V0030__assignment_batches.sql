-- Lists of seats to assign and to unassign, applied some rows at a time.
CREATE TABLE assignment_batches (
  id BYTEA NOT NULL PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  state TEXT COLLATE "C" NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  undone BIGINT NOT NULL,
  kept BIGINT NOT NULL,
  upload TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL,
  finished_at BIGINT,
  undone_by TEXT COLLATE "C",
  undo_before BIGINT NOT NULL
);
CREATE INDEX assignment_batches_tenant ON assignment_batches (tenant_id, id);

-- What became of each row; a row is here once it was applied.
CREATE TABLE assignment_batch_rows (
  batch_id BYTEA NOT NULL REFERENCES assignment_batches (id),
  number BIGINT NOT NULL,
  named TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  user_id BYTEA,
  outcome TEXT COLLATE "C" NOT NULL,
  error TEXT COLLATE "C",
  at BIGINT NOT NULL,
  undo TEXT COLLATE "C",
  undo_error TEXT COLLATE "C",
  PRIMARY KEY (batch_id, number)
);

