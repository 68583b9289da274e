-- +goose Up

ALTER TABLE inbox ADD COLUMN canonical TEXT; -- another address that the article's program gives it for its own
