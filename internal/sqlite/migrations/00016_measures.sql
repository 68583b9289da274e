-- +goose Up

-- By what a verdict measured the article, as far as its rule does. Of those that were recorded before, this is not known: 0 or empty.
ALTER TABLE verdicts ADD COLUMN place TEXT NOT NULL DEFAULT ''; -- the section of the newsletter in which it was judged
ALTER TABLE verdicts ADD COLUMN stance TEXT NOT NULL DEFAULT ''; -- of an editor, that counted
ALTER TABLE verdicts ADD COLUMN quota INTEGER NOT NULL DEFAULT 0; -- under waiting, of its section
ALTER TABLE verdicts ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0; -- under too-old, in milliseconds
ALTER TABLE verdicts ADD COLUMN takes INTEGER NOT NULL DEFAULT 0; -- under below-minimum, the fewest articles that are needed
ALTER TABLE verdicts ADD COLUMN had INTEGER NOT NULL DEFAULT 0; -- under below-minimum, how many there were
ALTER TABLE verdicts ADD COLUMN whole INTEGER NOT NULL DEFAULT 0; -- under below-minimum, 1: of the edition; 0: of its section
ALTER TABLE verdicts ADD COLUMN found_by TEXT NOT NULL DEFAULT ''; -- under duplicate-of, as sign in articles

-- Of an article that an editor gave another section, the one that its source names; null: none did.
ALTER TABLE articles ADD COLUMN sourced TEXT;
-- By what an article was dated when it came, where it is dated otherwise since; null: it is not.
ALTER TABLE articles ADD COLUMN came_at INTEGER;
