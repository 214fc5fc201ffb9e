-- What users are found by while somebody types: how the name begins, or what follows its first word.
ALTER TABLE users ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN rest_key TEXT NOT NULL DEFAULT '';
UPDATE users SET name_key = lower(name),
  rest_key = CASE WHEN instr(name, ' ') > 0 THEN lower(substr(name, instr(name, ' ') + 1)) ELSE '' END;
CREATE INDEX users_name_key ON users (tenant_id, name_key) WHERE status <> 'deleted';
CREATE INDEX users_rest_key ON users (tenant_id, rest_key) WHERE status <> 'deleted';
