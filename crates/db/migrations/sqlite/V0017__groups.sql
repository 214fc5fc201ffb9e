-- Groups of users and of groups, and the licenses that their members have by being in them.
CREATE TABLE groups (
  id BLOB NOT NULL PRIMARY KEY,
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX groups_tenant_name ON groups (tenant_id, name);
CREATE INDEX groups_tenant_id ON groups (tenant_id, id);

-- A user who is deactivated stays a member and is not present.
CREATE TABLE group_members (
  group_id BLOB NOT NULL REFERENCES groups (id),
  member_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  since INTEGER NOT NULL,
  present INTEGER NOT NULL,
  PRIMARY KEY (group_id, member_id)
) STRICT;
CREATE INDEX group_members_member ON group_members (member_id, group_id);

-- Pending: there is more to do. Ending: it is being taken off the group.
CREATE TABLE group_licenses (
  group_id BLOB NOT NULL REFERENCES groups (id),
  tenant_id BLOB NOT NULL REFERENCES tenants (id),
  service_id TEXT NOT NULL,
  since INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  ending INTEGER NOT NULL,
  PRIMARY KEY (group_id, service_id)
) STRICT;
CREATE INDEX group_licenses_tenant ON group_licenses (tenant_id, service_id, group_id);
CREATE INDEX group_licenses_pending ON group_licenses (tenant_id, group_id) WHERE pending = 1;

-- Who is in a group's license.
CREATE INDEX seat_paths_source ON seat_paths (pool_id, source) WHERE ended_at IS NULL;
