-- Attempts to publish, what is live, and every publishing action.
CREATE TABLE submissions (
  id BYTEA PRIMARY KEY,
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  number BIGINT NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  status TEXT NOT NULL,
  came_from TEXT NOT NULL,
  package_id BYTEA NOT NULL REFERENCES packages (id),
  snapshot TEXT NOT NULL,
  notes TEXT,
  live_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX submissions_offer_number ON submissions (offer_id, number);
CREATE INDEX submissions_status ON submissions (status, id);

CREATE TABLE submission_phases (
  submission_id BYTEA NOT NULL REFERENCES submissions (id),
  phase TEXT NOT NULL,
  place BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  outcome TEXT,
  findings TEXT NOT NULL,
  PRIMARY KEY (submission_id, phase)
);

CREATE TABLE live_offers (
  offer_id BYTEA PRIMARY KEY REFERENCES offers (id),
  address TEXT COLLATE "C" NOT NULL,
  submission_id BYTEA NOT NULL REFERENCES submissions (id),
  version BIGINT NOT NULL,
  snapshot TEXT NOT NULL,
  live_since BIGINT NOT NULL,
  stopped_at BIGINT
);
CREATE UNIQUE INDEX live_offers_address ON live_offers (address);

-- Numbered, because several actions may have the same time.
CREATE TABLE offer_history (
  offer_id BYTEA NOT NULL REFERENCES offers (id),
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  what TEXT NOT NULL,
  notes TEXT,
  PRIMARY KEY (offer_id, number)
);
