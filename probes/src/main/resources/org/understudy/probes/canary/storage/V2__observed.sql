-- What arrived with it: lines of a name, a space and what was seen.
ALTER TABLE canary ADD COLUMN observed TEXT NOT NULL DEFAULT '';
