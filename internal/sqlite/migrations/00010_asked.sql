-- +goose Up

-- By these an article is known that came with the first collection of its source, which holds the back catalogue.
ALTER TABLE sources ADD COLUMN asked_at INTEGER; -- for the first time; null: before this was noted
ALTER TABLE sources ADD COLUMN gathered_at INTEGER; -- when the first collection ended that brought all there was
UPDATE sources SET asked_at = failing_at WHERE succeeded_at IS NULL;
