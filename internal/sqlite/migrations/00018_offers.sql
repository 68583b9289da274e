-- +goose Up

-- Which articles a source has offered, and when last: of what it has twice it means the one that it offered last. Of earlier versions none is known: turn 0.
CREATE TABLE offers (
	article_id INTEGER NOT NULL REFERENCES articles (id),
	source     TEXT NOT NULL, -- sources.name; empty: the inbox or a person
	turn       INTEGER NOT NULL, -- a reading of the source; of the inbox each row is one
	url        TEXT NOT NULL, -- where the source has it, although it is elsewhere; empty: there
	PRIMARY KEY (article_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_by_turn ON offers (source, turn);
CREATE INDEX offers_elsewhere ON offers (url) WHERE url <> '';

CREATE INDEX identities_of_article ON article_identities (article_id);

-- How many readings of a source have ended.
ALTER TABLE sources ADD COLUMN readings INTEGER NOT NULL DEFAULT 0;
