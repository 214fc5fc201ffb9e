-- A row of a list is written by whoever holds its batch, and nobody deletes batches: it needs no reference that is looked
-- up for each of a hundred thousand.
ALTER TABLE assignment_batch_rows DROP CONSTRAINT assignment_batch_rows_batch_id_fkey;
