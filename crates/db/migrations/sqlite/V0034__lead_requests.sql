-- What a lead asks for that is one on a deal: more licenses, as JSON.
ALTER TABLE leads ADD COLUMN request TEXT;
