-- Who of a tenant has a role is asked wherever somebody is told of something, and before a global admin goes: with the
-- tenant beside it, the few who have it are found without going through all users.
ALTER TABLE user_roles ADD COLUMN tenant_id BYTEA;
UPDATE user_roles r SET tenant_id = u.tenant_id FROM users u WHERE u.id = r.user_id;
ALTER TABLE user_roles ALTER COLUMN tenant_id SET NOT NULL;
CREATE INDEX user_roles_tenant ON user_roles (tenant_id, role, user_id);
