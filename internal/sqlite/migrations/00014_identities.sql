-- +goose Up

-- By what a source knows an article for good: where it gives one another address, that is corrected.
CREATE TABLE article_identities (
	source     TEXT NOT NULL, -- sources.name
	identity   TEXT NOT NULL, -- an id, a guid, a file
	article_id INTEGER NOT NULL REFERENCES articles (id),
	PRIMARY KEY (source, identity)
) STRICT, WITHOUT ROWID;
