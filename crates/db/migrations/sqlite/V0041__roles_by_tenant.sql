-- Who of a tenant has a role is asked wherever somebody is told of something, and before a global admin goes: with the
-- tenant beside it, the few who have it are found without going through all users.
CREATE TABLE user_roles_new (
  user_id BLOB NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  tenant_id BLOB NOT NULL,
  PRIMARY KEY (user_id, role)
) STRICT;
INSERT INTO user_roles_new (user_id, role, tenant_id)
SELECT r.user_id, r.role, u.tenant_id FROM user_roles r JOIN users u ON u.id = r.user_id;
DROP TABLE user_roles;
ALTER TABLE user_roles_new RENAME TO user_roles;
CREATE INDEX user_roles_tenant ON user_roles (tenant_id, role, user_id);
