package sqlite

import (
	"database/sql/driver"
	"time"

	"facteur/internal/collect"
	"facteur/internal/neardup"
)

// readingOf is the reading of a source that goes on.
func (t tx) readingOf(source int64) (turn int64, err error) {
	err = t.row(`SELECT readings + 1 FROM sources WHERE id = ?`, source).Scan(&turn)
	return turn, err
}

// rowShelving is for what the inbox and people bring, of which each has a turn of its own; it stands at the last one that they had.
func (t tx) rowShelving(now time.Time) (shelving, error) {
	s := t.shelving(owner{}, now)
	err := t.row(`SELECT coalesce(max(turn), 0) FROM offers WHERE source = ''`).Scan(&s.turn)
	return s, err
}

// offered keeps that the source has an article at this moment, and where, if that is not its address.
func (t shelving) offered(article int64, elsewhere string) error {
	_, err := t.exec(`INSERT INTO offers (article_id, source, turn, url) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET turn = ?3, url = ?4`,
		article, t.by.source, t.turn, elsewhere)
	return err
}

// withdraw keeps that a source no longer has what it knows by some names, unless it has just had that by others, and has the stories led by what it has still.
func (t shelving) withdraw(names []string) error {
	for _, name := range names {
		var article int64
		had, err := t.only(`UPDATE offers SET turn = 0 FROM article_identities i WHERE i.source = ?1 AND i.identity = ?2
			AND offers.source = ?1 AND offers.article_id = i.article_id AND offers.turn < ?3 RETURNING article_id`,
			func(row []driver.Value) { article = row[0].(int64) }, t.by.source, name, t.turn)
		if err == nil && had {
			err = t.leaveTo(article)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// leaveTo has an article that its source no longer has go where another one has it, and finds who leads its story.
func (t shelving) leaveTo(article int64) error {
	var elsewhere string
	known, err := t.only(`SELECT o.url FROM offers o JOIN articles a ON a.id = o.article_id WHERE a.id = ?1 AND a.brought_by = ?2
		AND o.source <> ?2 AND o.turn > 0 AND o.url NOT IN ('', a.url) AND NOT EXISTS (SELECT 1 FROM articles WHERE url = o.url) ORDER BY o.source LIMIT 1`,
		func(row []driver.Value) { elsewhere = row[0].(string) }, article, t.by.source)
	if err == nil && known {
		err = t.moveAll([]move{{article: article, url: elsewhere}})
	}
	if err != nil {
		return err
	}
	return t.findLead(article, t.by)
}

// makeWay has the article at an address go where the source said before that it is by now, if what the source brings there is another one. Whose words
// count for it makes no difference: else there would be no place for the other one. One that is known by another article, since an id tells, or the source has
// had that later and has something by a new id here, goes nowhere and leaves its address all the same: behind it stands its number then, which no article's address has (RFC 3986 §3.5).
func (t shelving) makeWay(a collect.Brought) (made bool, err error) {
	var there int64
	var to string
	known, err := t.only(`SELECT k.id, coalesce((SELECT o.url FROM offers o WHERE o.article_id = k.id AND o.source = ?2 AND o.url NOT IN ('', ?1)
			AND NOT EXISTS (SELECT 1 FROM articles WHERE url = o.url)), iif(k.sign = ?3 AND k.leader IS NOT NULL
			OR EXISTS (SELECT 1 FROM offers l JOIN articles m ON m.id = l.article_id AND m.id <> k.id AND coalesce(m.leader, m.id) = coalesce(k.leader, k.id)
				JOIN offers e ON e.source = ?2 AND e.article_id = k.id AND e.turn < l.turn WHERE l.source = ?2)
				AND ?4 <> '' AND NOT EXISTS (SELECT 1 FROM article_identities WHERE source = ?2 AND identity = ?4), k.url || '#' || k.id, '')) AS goes
		FROM articles k WHERE k.url = ?1 AND goes <> ''`,
		func(row []driver.Value) { there, to = row[0].(int64), row[1].(string) }, a.URL, t.by.source, neardup.ByID, a.Identity)
	if err != nil || !known {
		return false, err
	}
	p, err := t.printOf(there)
	if err != nil || neardup.Moved(p, neardup.Of(a.Article, t.by.source)) {
		return false, err
	}
	return true, t.moveAll([]move{{article: there, url: to}})
}

// latest has one of the articles of a story that a source has lead it: that which it offered last, where title or text tell that it was corrected there.
func (t tx) latest(source string, members []collect.Member) (collect.Member, error) {
	ids := make([]int64, 0, len(members))
	for _, m := range members {
		ids = append(ids, m.ID)
	}
	turns := map[int64]int64{}
	err := t.conn.each(`SELECT coalesce(k.id, o.article_id), max(o.turn) FROM offers o LEFT JOIN articles k ON k.url = o.url AND o.url <> ''
			WHERE o.source = ? AND o.article_id IN (SELECT value FROM json_each(?)) GROUP BY 1`, []any{source, list(ids)},
		func(row []driver.Value) error {
			turns[row[0].(int64)] = row[1].(int64)
			return nil
		})
	var best collect.Member
	for _, m := range members {
		turn, has := turns[m.ID]
		if !has && m.Source != source {
			continue
		}
		last := turns[best.ID]
		if best.ID == 0 || (turn > last || turn == last && m.ID > best.ID) && readdresses(m, best) {
			best = m
		}
	}
	return best, err
}
