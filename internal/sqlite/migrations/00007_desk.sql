-- +goose Up

-- Of a story that an editor put together, the article that led what this one was of before; null: no editor did. By that it can be undone.
ALTER TABLE articles ADD COLUMN part INTEGER REFERENCES articles (id);

-- The texts of articles as an edition had them, where its section brings back what was updated. The latest edition that left is the one that counts.
CREATE TABLE texts (
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	article_id INTEGER NOT NULL REFERENCES articles (id),
	brought_by TEXT, -- as articles had it then: another source has another text
	text       TEXT NOT NULL,
	PRIMARY KEY (edition_id, article_id)
) STRICT;
INSERT INTO texts (edition_id, article_id, brought_by, text)
	SELECT max(e.id), c.article_id, c.brought_by, c.text FROM carried_texts c JOIN edition_articles ea ON ea.article_id = c.article_id
	JOIN editions e ON e.id = ea.edition_id AND e.newsletter_id = c.newsletter_id GROUP BY c.newsletter_id, c.article_id;
DROP TABLE carried_texts;
ALTER TABLE texts RENAME TO carried_texts;

-- Of an article that is to lead and was pinned before: what id and at were then. It is pinned again once it is not to lead.
ALTER TABLE stances ADD COLUMN pin INTEGER;
ALTER TABLE stances ADD COLUMN pinned_at INTEGER;

-- What articles were when slots were decided, as far as they were changed since: as of the slot that was decided last before the change, and of
-- those before it, back to the row before.
CREATE TABLE article_pasts (
	article_id   INTEGER NOT NULL REFERENCES articles (id),
	slot_id      INTEGER NOT NULL REFERENCES slots (id),
	title        TEXT NOT NULL,
	section      TEXT NOT NULL,
	published_at INTEGER,
	updated_at   INTEGER NOT NULL,
	PRIMARY KEY (article_id, slot_id)
) STRICT, WITHOUT ROWID;
-- +goose StatementBegin
CREATE TRIGGER articles_change BEFORE UPDATE OF title, section, published_at, updated_at ON articles BEGIN
	INSERT INTO article_pasts SELECT OLD.id, id, OLD.title, OLD.section, OLD.published_at, OLD.updated_at FROM slots
		WHERE state <> 'failed' ORDER BY id DESC LIMIT 1 ON CONFLICT DO NOTHING;
END;
-- +goose StatementEnd
