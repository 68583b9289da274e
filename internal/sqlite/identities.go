package sqlite

import (
	"cmp"
	"database/sql/driver"
	"maps"
	"slices"

	"facteur/internal/collect"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// A former is the article that something may be under another address.
type former struct {
	article int64  // 0: there is none
	url     string // where it is
	there   int64  // the article at the address; 0: none
	was     bool   // the article was at the address before
	named   bool   // its source knows it by the same identity
	other   bool   // what is at the address is another article
}

// formerly is the article that something is under another address: its source knows it by the same identity, it was there before its own source corrected
// that, or another source has it there already. Zero: there is none, or what is said is no longer of it.
func (t shelving) formerly(a collect.Brought) (f former, err error) {
	_, err = t.only(`SELECT f.id, f.url, coalesce(k.id, 0), EXISTS (SELECT 1 FROM former_addresses WHERE url = ?3 AND article_id = f.id), turn = 0 FROM (
			SELECT article_id, 0 AS turn FROM article_identities WHERE source = ?1 AND identity = ?2 AND ?2 <> ''
			UNION ALL SELECT article_id, 1 FROM former_addresses WHERE url = ?3
			UNION ALL SELECT article_id, 2 FROM offers WHERE url = ?3 AND url <> '') i
		JOIN articles f ON f.id = i.article_id LEFT JOIN articles k ON k.url = ?3 WHERE f.url <> ?3 ORDER BY turn LIMIT 1`,
		func(row []driver.Value) {
			f = former{article: row[0].(int64), url: row[1].(string), there: row[2].(int64), was: truth(row[3]), named: truth(row[4])}
		}, t.by.source, a.Identity, a.URL)
	if err != nil || f.article == 0 {
		return former{}, err
	}
	if held, err := t.holds(f.article, f.url); err != nil || held {
		return former{}, err
	}
	after := neardup.Of(a.Article, t.by.source)
	if before, err := t.printOf(f.article); err != nil || !neardup.Moved(before, after) {
		return former{}, err
	}
	if f.there != 0 {
		is, err := t.printOf(f.there)
		if err != nil {
			return former{}, err
		}
		f.other = !neardup.Moved(is, after)
	}
	return f, nil
}

// holds reports that the source has an article still where it was.
func (t shelving) holds(article int64, url string) (bool, error) {
	o, has := t.has[url]
	if !has {
		return false, nil
	}
	was, err := t.printOf(article)
	if err != nil {
		return false, err
	}
	is := neardup.Of(o.Article, t.by.source)
	if neardup.Equal(was, is) {
		return true, nil
	}
	other, err := t.only(`SELECT 1 FROM article_identities WHERE source = ? AND identity = ? AND article_id <> ?`, func([]driver.Value) {}, t.by.source, o.Identity, article)
	return !other && neardup.Moved(was, is), err
}

// A move is where an article goes.
type move struct {
	article int64
	url     string
	there   int64 // the article that was there until now; 0: none
	same    bool  // that is the same one
}

// readdress gives articles the addresses at which their source has them by now, all at once: one may come to where another one was, which goes before. What
// another source has charge of stays, and it is kept where this one has it.
func (t shelving) readdress(articles []collect.Brought) error {
	var moves []move
	queue, seen := slices.Clone(articles), map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		a := queue[0]
		if seen[a.URL] {
			continue
		}
		seen[a.URL] = true
		m, err := t.moveOf(a)
		if err != nil {
			return err
		}
		moves = append(moves, m...)
		leaving, err := t.leaving(a)
		if err != nil {
			return err
		}
		queue = append(queue, leaving...)
	}
	going := possible(moves)
	if err := t.moveAll(going); err != nil {
		return err
	}
	for _, m := range moves {
		if m.same && !slices.Contains(going, m) {
			if err := t.offered(m.there, ""); err != nil {
				return err
			}
			if err := t.unite(m.article, m.there); err != nil { // before something else comes where it was
				return err
			}
		}
	}
	return nil
}

// moveOf is the move, if any, that something tells.
func (t shelving) moveOf(a collect.Brought) ([]move, error) {
	f, err := t.formerly(a)
	if err != nil {
		return nil, err
	}
	if !f.named {
		return t.givenAway(a)
	}
	mine, err := t.own(f.article)
	switch {
	case err != nil:
		return nil, err
	case mine:
		return []move{{f.article, a.URL, f.there, f.there != 0 && !f.other}}, nil
	case f.there == 0:
		return nil, t.offered(f.article, a.URL)
	}
	return nil, nil
}

// leaving is what the source has elsewhere by now of the article that is where something comes.
func (t shelving) leaving(a collect.Brought) (at []collect.Brought, err error) {
	err = t.conn.each(`SELECT i.identity FROM articles k JOIN article_identities i ON i.article_id = k.id AND i.source = ?2
			WHERE k.url = ?1 AND NOT EXISTS (SELECT 1 FROM article_identities WHERE source = ?2 AND identity = ?3 AND article_id = k.id)`, []any{a.URL, t.by.source, a.Identity},
		func(row []driver.Value) error {
			for _, o := range t.together {
				if o.Identity == row[0].(string) && o.URL != a.URL {
					at = append(at, o)
				}
			}
			return nil
		})
	return at, err
}

// possible leaves the moves to where nothing was, or what moves as well. An article goes once, and to an address one.
func possible(moves []move) []move {
	goes, taken := map[int64]move{}, map[string]bool{}
	for _, m := range moves {
		if _, twice := goes[m.article]; !twice && !taken[m.url] {
			goes[m.article], taken[m.url] = m, true
		}
	}
	for before := 0; len(goes) != before; {
		before = len(goes)
		maps.DeleteFunc(goes, func(_ int64, m move) bool {
			_, leaves := goes[m.there]
			return m.there != 0 && !leaves
		})
	}
	return slices.SortedFunc(maps.Values(goes), func(a, b move) int { return cmp.Compare(a.article, b.article) })
}

// givenAway is what becomes of the article at an address where a source has another one by now: it goes where the source has it at the same time, by no id or by
// a new one. What another source has charge of stays, and it is kept where this one has it.
func (t shelving) givenAway(a collect.Brought) ([]move, error) {
	var there int64
	retitled, err := t.only(`SELECT id FROM articles WHERE url = ? AND title <> ?`, func(row []driver.Value) { there = row[0].(int64) }, a.URL, a.Title)
	if err != nil || !retitled {
		return nil, err
	}
	p, err := t.printOf(there)
	if err != nil || neardup.Moved(p, neardup.Of(a.Article, t.by.source)) {
		return nil, err
	}
	for _, o := range t.together {
		if o.URL == a.URL || !neardup.Moved(p, neardup.Of(o.Article, t.by.source)) {
			continue
		}
		known, err := t.only(`SELECT 1 WHERE EXISTS (SELECT 1 FROM articles WHERE url = ?1) OR EXISTS (SELECT 1 FROM article_identities WHERE source = ?2 AND identity = ?3)`,
			func([]driver.Value) {}, o.URL, t.by.source, o.Identity)
		if err != nil {
			return nil, err
		}
		if known {
			continue
		}
		mine, err := t.own(there)
		if err == nil && !mine {
			return nil, t.offered(there, o.URL)
		}
		return []move{{article: there, url: o.URL}}, err
	}
	return nil, nil
}

// moveAll gives articles other addresses, and changes nothing else.
func (t shelving) moveAll(moves []move) error {
	before := make([]newsletter.Article, len(moves))
	for i, m := range moves {
		var err error
		if before[i], err = scanArticle(t.row(`SELECT `+articleColumns+` FROM articles WHERE id = ?`, m.article)); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE articles SET url = 'moving ' || id WHERE id = ?`, m.article); err != nil { // to where another one still is
			return err
		}
	}
	for i, m := range moves {
		if _, err := t.exec(`UPDATE articles SET url = ?, updated_at = ? WHERE id = ?`, m.url, ms(t.now), m.article); err != nil {
			return err
		}
		if err := t.readdressed(m.article, before[i].URL, m.url); err != nil {
			return err
		}
		delete(t.prints, m.article)
		t.moved[m.article] = true
	}
	for i, m := range moves {
		if err := t.lookAgain(before[i]); err != nil {
			return err
		}
		if err := t.wantLink(m.article, t.now); err != nil {
			return err
		}
	}
	return nil
}

// readdressed keeps where an article was.
func (t tx) readdressed(article int64, before, after string) error {
	if before == after {
		return nil
	}
	if _, err := t.exec(`INSERT INTO former_addresses (url, article_id) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET article_id = ?2`, before, article); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM former_addresses WHERE url = ? AND article_id = ?`, after, article)
	return err
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

// unite makes one story of an article and the one that is where its source has it by now, unless an editor split the two. What an editor said of the first
// counts for the other from now on.
func (t shelving) unite(former, by int64) error {
	those, err := t.membersOf(by)
	if err != nil {
		return err
	}
	others, err := t.membersOf(former)
	if err != nil {
		return err
	}
	if !slices.Contains(those, former) {
		if apart, err := t.splitByHand(those, others); err != nil || apart {
			return err
		}
		if err := t.recordLate(others, by); err != nil {
			return err
		}
		if err := t.recordLate(those, former); err != nil {
			return err
		}
	}
	lead, own := by, neardup.Sign("")
	if _, err := t.only(`SELECT id FROM articles WHERE id IN (?1, ?2) AND sign = ?3 ORDER BY id = ?1 LIMIT 1`,
		func(row []driver.Value) { lead, own = row[0].(int64), neardup.ByHand }, those[0], others[0], neardup.ByHand); err != nil {
		return err
	}
	if lead == former {
		lead = by
	}
	if err := t.lead(lead, append(those, others...), own, neardup.ByID); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE articles SET sign = ? WHERE id = ?`, neardup.ByID, former); err != nil {
		return err
	}
	if err := t.succeed(former, by); err != nil {
		return err
	}
	return t.findLead(by, t.by)
}

// splitByHand reports that an editor split an article of one story from one of another.
func (t tx) splitByHand(one, other []int64) (apart bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM articles_apart WHERE one IN (SELECT value FROM json_each(?1)) AND other IN (SELECT value FROM json_each(?2))
		OR other IN (SELECT value FROM json_each(?1)) AND one IN (SELECT value FROM json_each(?2)))`, list(one), list(other)).Scan(&apart)
	return apart, err
}

// recordLate keeps that articles came to what an editor merged before another one into.
func (t tx) recordLate(articles []int64, merged int64) error {
	_, err := t.exec(`INSERT INTO merged_articles (merge_id, article_id, story, sign, late)
		SELECT r.merge_id, m.value, r.story, ?3, 1 FROM merged_articles r JOIN json_each(?1) m WHERE r.article_id = ?2 ON CONFLICT DO NOTHING`, list(articles), merged, neardup.ByID)
	return err
}

// succeed has what an editor said of an article count for another one, unless something was said of that: a stance, a section, that it is hidden.
func (t tx) succeed(former, by int64) error {
	for _, statement := range []string{
		`UPDATE OR IGNORE stances SET article_id = ?2 WHERE article_id = ?1`,
		`DELETE FROM stances WHERE article_id = ?1 AND ?2 <> ?1`,
		`UPDATE articles SET sourced = articles.section, section = f.section FROM articles f WHERE f.id = ?1 AND articles.id = ?2 AND f.sourced IS NOT NULL AND articles.sourced IS NULL`,
		`UPDATE articles SET hidden_at = f.hidden_at FROM articles f WHERE f.id = ?1 AND articles.id = ?2 AND articles.hidden_at IS NULL`,
	} {
		if _, err := t.exec(statement, former, by); err != nil {
			return err
		}
	}
	return nil
}
