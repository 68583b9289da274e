package sqlite

import (
	"database/sql"
	"slices"

	"facteur/internal/collect"
	"facteur/internal/neardup"
)

// formerly is the article that its source has given another address since, and still is the one that knows it; 0: there is none. What stands at
// that address already must be the same.
func (t shelving) formerly(a collect.Brought) (former int64, err error) {
	if a.Identity == "" {
		return 0, nil
	}
	var known sql.NullInt64 // at the address
	err = t.row(`SELECT i.article_id, k.id FROM article_identities i JOIN articles f ON f.id = i.article_id LEFT JOIN articles k ON k.url = ?3
		WHERE i.source = ?1 AND i.identity = ?2 AND f.url <> ?3`, t.by.source, a.Identity, a.URL).Scan(&former, &known)
	if err != nil {
		return 0, ignore(err, sql.ErrNoRows)
	}
	after := neardup.Of(a.Article, t.by.source)
	for _, id := range []int64{former, known.Int64} {
		if id == 0 {
			continue
		}
		before, err := t.printOf(id)
		if err != nil || !neardup.Moved(before, after) {
			return 0, err
		}
	}
	if own, err := t.own(former); err != nil || !own {
		return 0, err
	}
	return former, nil
}

// identify keeps by what a source knows an article.
func (t shelving) identify(a collect.Brought, article int64) error {
	if a.Identity == "" {
		return nil
	}
	_, err := t.exec(`INSERT INTO article_identities (source, identity, article_id) VALUES (?1, ?2, ?3)
		ON CONFLICT DO UPDATE SET article_id = excluded.article_id WHERE article_id <> excluded.article_id`, t.by.source, a.Identity, article)
	return err
}

// replace has an article lead the story of the one that it is under another address, unless an editor has had a say in who goes with whom.
func (t shelving) replace(former, by int64) error {
	members, err := t.membersOf(by)
	if err != nil {
		return err
	}
	others, err := t.membersOf(former)
	if err != nil {
		return err
	}
	if !slices.Contains(members, former) {
		members = append(members, others...)
	}
	var said bool
	err = t.row(`SELECT EXISTS (SELECT 1 FROM json_each(?) m WHERE EXISTS (SELECT 1 FROM merged_articles WHERE article_id = m.value)
		OR EXISTS (SELECT 1 FROM articles_apart WHERE m.value IN (one, other)))`, list(members)).Scan(&said)
	if err != nil || said {
		return err
	}
	return t.lead(by, members, "", neardup.ByAddress)
}
