-- +goose Up

-- Of the latest trouble that is over, the first try that failed, and the one that went well again.
ALTER TABLE sources ADD COLUMN broke_at INTEGER;
ALTER TABLE sources ADD COLUMN mended_at INTEGER;

-- The address at which its server says that it is for good; empty: at that of the settings.
ALTER TABLE sources ADD COLUMN moved TEXT NOT NULL DEFAULT '';
