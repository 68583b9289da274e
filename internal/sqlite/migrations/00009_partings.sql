-- +goose Up

-- Articles that left their story by themselves: an update had them say something else than one that they went with.
CREATE TABLE partings (
	article_id INTEGER PRIMARY KEY REFERENCES articles (id),
	other      INTEGER NOT NULL REFERENCES articles (id), -- what it said something else than
	at         INTEGER NOT NULL -- the last time
) STRICT;
CREATE INDEX partings_other ON partings (other);

-- What an edition carried of a story counts for all that stayed in it when the article left that was carried.
CREATE TABLE carried_stories (
	article_id INTEGER NOT NULL REFERENCES articles (id),
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	carrier    INTEGER NOT NULL REFERENCES articles (id), -- that the edition has
	PRIMARY KEY (article_id, edition_id)
) STRICT, WITHOUT ROWID;
