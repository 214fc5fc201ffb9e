-- Attempts to publish, what is live, and every publishing action.
CREATE TABLE submissions (
  id BLOB NOT NULL PRIMARY KEY,
  offer_id BLOB NOT NULL REFERENCES offers (id),
  number INTEGER NOT NULL,
  address TEXT NOT NULL,
  status TEXT NOT NULL,
  came_from TEXT NOT NULL,
  package_id BLOB NOT NULL REFERENCES packages (id),
  snapshot TEXT NOT NULL,
  notes TEXT,
  live_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX submissions_offer_number ON submissions (offer_id, number);
CREATE INDEX submissions_status ON submissions (status, id);

CREATE TABLE submission_phases (
  submission_id BLOB NOT NULL REFERENCES submissions (id),
  phase TEXT NOT NULL,
  place INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  findings TEXT NOT NULL,
  PRIMARY KEY (submission_id, phase)
) STRICT;

CREATE TABLE live_offers (
  offer_id BLOB NOT NULL PRIMARY KEY REFERENCES offers (id),
  address TEXT NOT NULL,
  submission_id BLOB NOT NULL REFERENCES submissions (id),
  version INTEGER NOT NULL,
  snapshot TEXT NOT NULL,
  live_since INTEGER NOT NULL,
  stopped_at INTEGER
) STRICT;
CREATE UNIQUE INDEX live_offers_address ON live_offers (address);

-- Numbered, because several actions may have the same time.
CREATE TABLE offer_history (
  offer_id BLOB NOT NULL REFERENCES offers (id),
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  what TEXT NOT NULL,
  notes TEXT,
  PRIMARY KEY (offer_id, number)
) STRICT;
