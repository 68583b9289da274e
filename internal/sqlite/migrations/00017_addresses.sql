-- +goose Up

-- Where articles were before their source corrected their addresses. An article that is there since goes before.
CREATE TABLE former_addresses (
	url        TEXT PRIMARY KEY,
	article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT, WITHOUT ROWID;
