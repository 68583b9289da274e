-- +goose Up

ALTER TABLE verdicts ADD COLUMN sister TEXT NOT NULL DEFAULT ''; -- the newsletter of which edition is, where it is another than this one
