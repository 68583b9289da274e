-- +goose Up

-- 1: more entries of the source were refused than are kept; 2: and one of those that were kept came since, so that all are read anew.
ALTER TABLE sources ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
