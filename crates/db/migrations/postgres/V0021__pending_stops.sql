-- When an offer leaves the storefront that was told to, and how its preview is found.
ALTER TABLE live_offers ADD COLUMN stops_at BIGINT;
CREATE INDEX submissions_address ON submissions (address, number);
