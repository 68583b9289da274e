-- +goose Up

-- Of what was too old, which was so as a part of the back catalogue; 0: it was not, or this was not noted yet.
ALTER TABLE verdicts ADD COLUMN catalogue INTEGER NOT NULL DEFAULT 0;
