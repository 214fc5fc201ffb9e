-- Where a package was fetched from; absent for those that were uploaded.
ALTER TABLE packages ADD COLUMN source_url TEXT;
