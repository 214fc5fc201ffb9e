-- A seat's tenant is its pool's: the reference to the pool says so, and one to the tenant as well would make
-- whoever takes a seat wait for whoever holds the tenant.
ALTER TABLE seats DROP CONSTRAINT seats_tenant_id_fkey;
