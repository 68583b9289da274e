-- +goose Up

-- What an editor decided by hand of an article in one newsletter, in the order in which it was decided. An edition that brings the article ends
-- what wanted it in.
CREATE TABLE stances (
	id            INTEGER PRIMARY KEY,
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	article_id    INTEGER NOT NULL REFERENCES articles (id),
	stance        TEXT NOT NULL CHECK (stance IN ('pinned', 'lead', 'excluded')),
	at            INTEGER NOT NULL,
	UNIQUE (newsletter_id, article_id)
) STRICT;
CREATE UNIQUE INDEX stances_lead ON stances (newsletter_id) WHERE stance = 'lead';

ALTER TABLE verdicts ADD COLUMN lead TEXT NOT NULL DEFAULT ''; -- of the lead story, by which rule it is

-- The texts of articles as the latest edition of a newsletter with them had them, where its section brings back what was updated.
CREATE TABLE carried_texts (
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	article_id    INTEGER NOT NULL REFERENCES articles (id),
	brought_by    TEXT, -- as articles had it then: another source has another text
	text          TEXT NOT NULL,
	PRIMARY KEY (newsletter_id, article_id)
) STRICT;
ALTER TABLE verdicts ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0; -- of one that comes back updated, how many of 100 words are new
