-- +goose Up

-- One story may come in several ways. Each way is an article of its own, so that its source can go on correcting it.
ALTER TABLE articles ADD COLUMN canonical TEXT NOT NULL DEFAULT ''; -- another address that its source gives it for its own
ALTER TABLE articles ADD COLUMN brought_by TEXT; -- sources.name that may change it; empty: the inbox or a person; null: not known
ALTER TABLE articles ADD COLUMN leader INTEGER REFERENCES articles (id); -- whose story this is; null: its own
ALTER TABLE articles ADD COLUMN sign TEXT NOT NULL DEFAULT ''; -- by what that was found
ALTER TABLE articles ADD COLUMN keyed INTEGER NOT NULL DEFAULT 0; -- 1: its keys stand in article_keys
CREATE INDEX articles_by_leader ON articles (leader) WHERE leader IS NOT NULL;
CREATE INDEX articles_unkeyed ON articles (id) WHERE keyed = 0;

-- By what articles that may be the same are found: two that are have a key in common.
CREATE TABLE article_keys (
	key        INTEGER NOT NULL, -- a hash
	article_id INTEGER NOT NULL REFERENCES articles (id),
	PRIMARY KEY (key, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_keys_of ON article_keys (article_id);

-- Articles that an editor split: nothing but an editor brings them together again.
CREATE TABLE articles_apart (
	one   INTEGER NOT NULL REFERENCES articles (id),
	other INTEGER NOT NULL REFERENCES articles (id),
	PRIMARY KEY (one, other),
	CHECK (one < other)
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_apart_other ON articles_apart (other);

ALTER TABLE verdicts ADD COLUMN original INTEGER NOT NULL DEFAULT 0; -- under duplicate-of, the article that goes for this one
