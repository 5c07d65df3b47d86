-- What next hops have said of recipients. A memory, not a truth: it may be deleted at any time.
-- Times are milliseconds since 1970.

CREATE TABLE recipient (
  key TEXT PRIMARY KEY,            -- the address in lower case
  local_part TEXT NOT NULL,        -- as it was last heard of
  domain TEXT NOT NULL,
  taken_at INTEGER,
  taken_words TEXT,
  refused_at INTEGER,
  refused_words TEXT,
  doubted_since INTEGER
) WITHOUT ROWID;

-- Domains whose next hop takes any local part, and those whose next hop does not.
CREATE TABLE catch_all (
  domain TEXT PRIMARY KEY,
  takes_all INTEGER NOT NULL,
  checked_at INTEGER NOT NULL
) WITHOUT ROWID;

PRAGMA user_version = 1;
