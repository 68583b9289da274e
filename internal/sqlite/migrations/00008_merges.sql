-- +goose Up

-- What editors merged, the latest last, and how each article of it was before: so that it can be undone, and the merge before it.
CREATE TABLE merges (
	id   INTEGER PRIMARY KEY AUTOINCREMENT,
	lead INTEGER NOT NULL REFERENCES articles (id), -- the article that was chosen for it
	said INTEGER NOT NULL -- the last of stances.id until then; such a one counts for whoever leads
) STRICT;
CREATE TABLE merged_articles (
	merge_id   INTEGER NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
	article_id INTEGER NOT NULL REFERENCES articles (id),
	story      INTEGER NOT NULL, -- the article that led the one it was of; all of one story: the lead was changed, no more
	sign       TEXT NOT NULL, -- by what it was of that
	late       INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)), -- it was recognised since, and goes with what it is like
	PRIMARY KEY (merge_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX merged_articles_of ON merged_articles (article_id);

-- articles.part knew no order: it is as if the other parts had been merged with that of the lead one after the other.
CREATE TABLE parts AS
	SELECT id, story, sign, part, dense_rank() OVER (PARTITION BY story ORDER BY part <> first, part) AS turn FROM (
		SELECT a.id, l.id AS story, a.sign, coalesce(a.part, l.part, l.id) AS part, coalesce(l.part, l.id) AS first
		FROM articles a JOIN articles l ON l.id = coalesce(a.leader, a.id)
		WHERE l.id IN (SELECT coalesce(leader, id) FROM articles WHERE part IS NOT NULL));
UPDATE parts AS p SET part = (SELECT min(o.id) FROM parts o WHERE o.story = p.story AND o.turn = p.turn)
	WHERE NOT EXISTS (SELECT 1 FROM parts o WHERE o.id = p.part AND o.story = p.story AND o.turn = p.turn);
CREATE TABLE joins AS SELECT row_number() OVER (ORDER BY story, turn) AS id, story, turn FROM parts WHERE turn > 1 GROUP BY story, turn;
INSERT INTO merges (id, lead, said) SELECT id, story, 0 FROM joins;
INSERT INTO merged_articles (merge_id, article_id, story, sign)
	SELECT id, article, led, iif(article <> led, iif(sign = '', 'hand', sign), iif(led = story AND turn > 2, 'hand', '')) FROM (
		SELECT j.id, j.story, j.turn, p.id AS article, p.sign, iif(p.turn = j.turn OR j.turn = 2, p.part, p.story) AS led
		FROM joins j JOIN parts p ON p.story = j.story AND p.turn <= j.turn);
DROP TABLE joins;
DROP TABLE parts;
ALTER TABLE articles DROP COLUMN part;

-- What an editor decided by hand is said in an order, which numbers used twice would blur.
ALTER TABLE stances RENAME TO stances_before;
CREATE TABLE stances (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	article_id    INTEGER NOT NULL REFERENCES articles (id),
	stance        TEXT NOT NULL CHECK (stance IN ('pinned', 'lead', 'excluded')),
	at            INTEGER NOT NULL,
	pin           INTEGER, -- of an article that is to lead and was pinned before: what id and at were then
	pinned_at     INTEGER,
	UNIQUE (newsletter_id, article_id)
) STRICT;
INSERT INTO stances SELECT id, newsletter_id, article_id, stance, at, pin, pinned_at FROM stances_before;
DROP TABLE stances_before;
CREATE UNIQUE INDEX stances_lead ON stances (newsletter_id) WHERE stance = 'lead';

-- What an edition ended by bringing the article, as it stood: again it does, once nothing left of the edition.
CREATE TABLE spent_stances (
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	id         INTEGER NOT NULL, -- from here on as in stances
	article_id INTEGER NOT NULL REFERENCES articles (id),
	stance     TEXT NOT NULL,
	at         INTEGER NOT NULL,
	pin        INTEGER,
	pinned_at  INTEGER,
	PRIMARY KEY (edition_id, id)
) STRICT, WITHOUT ROWID;

-- Of editions that may still be cancelled only the verdicts are known. All that was said since comes later.
INSERT INTO spent_stances (edition_id, id, article_id, stance, at)
	SELECT e.id, -row_number() OVER (ORDER BY e.id DESC, v.position DESC), v.article_id, iif(v.lead = 'hand', 'lead', 'pinned'), e.approved_at
	FROM editions e JOIN verdicts v ON v.newsletter_id = e.newsletter_id AND v.slot_id = e.slot_id
	WHERE e.state NOT IN ('done', 'cancelled') AND (v.rule = 'pinned' OR v.lead = 'hand');
