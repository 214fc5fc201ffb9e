-- Groups of users and of groups, and the licenses that their members have by being in them.
CREATE TABLE groups (
  id BYTEA NOT NULL PRIMARY KEY,
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  name TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX groups_tenant_name ON groups (tenant_id, name);
CREATE INDEX groups_tenant_id ON groups (tenant_id, id);

-- A user who is deactivated stays a member and is not present.
CREATE TABLE group_members (
  group_id BYTEA NOT NULL REFERENCES groups (id),
  member_id BYTEA NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL,
  present BIGINT NOT NULL,
  PRIMARY KEY (group_id, member_id)
);
CREATE INDEX group_members_member ON group_members (member_id, group_id);

-- Pending: there is more to do. Ending: it is being taken off the group.
CREATE TABLE group_licenses (
  group_id BYTEA NOT NULL REFERENCES groups (id),
  tenant_id BYTEA NOT NULL REFERENCES tenants (id),
  service_id TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  ending BIGINT NOT NULL,
  PRIMARY KEY (group_id, service_id)
);
CREATE INDEX group_licenses_tenant ON group_licenses (tenant_id, service_id, group_id);
CREATE INDEX group_licenses_pending ON group_licenses (tenant_id, group_id) WHERE pending = 1;

-- Who is in a group's license.
CREATE INDEX seat_paths_source ON seat_paths (pool_id, source) WHERE ended_at IS NULL;
