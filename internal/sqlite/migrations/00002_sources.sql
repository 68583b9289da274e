-- +goose Up

-- What is known of the sources of the settings, by their names.
CREATE TABLE sources (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL UNIQUE,
	origin       TEXT NOT NULL DEFAULT '', -- of the mark: a source that is read otherwise begins anew
	mark         TEXT NOT NULL DEFAULT '', -- with which its reader goes on
	tried_at     INTEGER,
	succeeded_at INTEGER,
	failing_at   INTEGER, -- since when
	failures     INTEGER NOT NULL DEFAULT 0, -- in a row
	next_at      INTEGER, -- not tried before by itself
	trouble      TEXT NOT NULL DEFAULT '', -- of the latest try
	remedy       TEXT NOT NULL DEFAULT '',
	told         INTEGER NOT NULL DEFAULT 0, -- the operator knows
	articles     INTEGER NOT NULL DEFAULT 0  -- that it was the first to bring
) STRICT;

-- What stands in a source and is no article.
CREATE TABLE source_faults (
	id        INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	name      TEXT NOT NULL, -- a file, an address, a row
	reason    TEXT NOT NULL,
	at        INTEGER NOT NULL,
	UNIQUE (source_id, name)
) STRICT;
