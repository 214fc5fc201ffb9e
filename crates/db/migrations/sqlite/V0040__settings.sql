-- What the operator has set of the marketplace instead of what is configured: each with who changed it last.
CREATE TABLE settings (
  tenant_id BLOB NOT NULL PRIMARY KEY,
  changes TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
