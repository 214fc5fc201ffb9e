-- Counts what there is to follow: whoever found nothing left says so only of what was looked at.
ALTER TABLE group_licenses ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
