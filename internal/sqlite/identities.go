package sqlite

import (
	"database/sql/driver"
	"slices"

	"facteur/internal/collect"
	"facteur/internal/neardup"
)

// A formerNote is what is known of the article that something may be under another address.
type formerNote struct {
	article int64  // 0: there is none
	url     string // where it is
	known   int64  // the article at the address; 0: none
	was     bool   // the article was at the address
	named   bool   // its source knows it by the same identity
}

func (t shelving) formerNote(a collect.Brought) (n formerNote, err error) {
	_, err = t.only(`SELECT f.id, f.url, coalesce(k.id, 0), EXISTS (SELECT 1 FROM former_addresses WHERE url = ?3 AND article_id = f.id), turn = 0 FROM (
			SELECT article_id, 0 AS turn FROM article_identities WHERE source = ?1 AND identity = ?2 AND ?2 <> ''
			UNION ALL SELECT article_id, 1 FROM former_addresses WHERE url = ?3) i
		JOIN articles f ON f.id = i.article_id LEFT JOIN articles k ON k.url = ?3 WHERE f.url <> ?3 ORDER BY turn LIMIT 1`,
		func(row []driver.Value) {
			n = formerNote{row[0].(int64), row[1].(string), row[2].(int64), truth(row[3]), truth(row[4])}
		}, t.by.source, a.Identity, a.URL)
	return n, err
}

// formerly is the article that something is under another address: its source knows it by the same identity, or it was there before its own source corrected that.
// 0: there is none, or its address is not the source's to correct and another article is there. mine says whether it is.
func (t shelving) formerly(a collect.Brought) (former int64, mine bool, err error) {
	n, err := t.formerNote(a)
	if err != nil || n.article == 0 {
		return 0, false, err
	}
	if held, err := t.holds(n.article, n.url); err != nil || held {
		return 0, false, err
	}
	after := neardup.Of(a.Article, t.by.source)
	before, err := t.printOf(n.article)
	if err != nil || !neardup.Moved(before, after) {
		return 0, false, err
	}
	if n.known != 0 {
		there, err := t.printOf(n.known)
		switch {
		case err != nil:
			return 0, false, err
		case !neardup.Moved(there, after) && n.was: // what is there since is another one
			return n.article, false, nil
		case !neardup.Moved(there, after) || !n.named:
			return 0, false, nil
		}
	}
	if mine, err = t.own(n.article); err != nil || !mine && n.known != 0 {
		return 0, false, err
	}
	return n.article, mine, nil
}

// holds reports that the source has an article still where it was, as far as what it has there now is known.
func (t shelving) holds(article int64, url string) (bool, error) {
	if !t.has[url] {
		return false, nil
	}
	i := slices.IndexFunc(t.together, func(o collect.Brought) bool { return o.URL == url })
	if i < 0 {
		return true, nil
	}
	p, err := t.printOf(article)
	return err == nil && neardup.Moved(p, neardup.Of(t.together[i].Article, t.by.source)), err
}

// movedFirst orders articles so that one leaves its address before another comes there.
func (t shelving) movedFirst(all []collect.Brought) (order []int, err error) {
	var rest []int
	for i, a := range all {
		moved := false
		if a.Identity != "" {
			moved, err = t.only(`SELECT 1 FROM article_identities i JOIN articles f ON f.id = i.article_id WHERE i.source = ?1 AND i.identity = ?2 AND f.url <> ?3`,
				func([]driver.Value) {}, t.by.source, a.Identity, a.URL)
		}
		if err != nil {
			return nil, err
		}
		if moved {
			order = append(order, i)
		} else {
			rest = append(rest, i)
		}
	}
	return append(order, rest...), nil
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
	err = t.row(`SELECT EXISTS (SELECT 1 FROM json_each(?) m WHERE `+joinedByHand+`)`, list(members)).Scan(&said)
	if err != nil || said {
		return err
	}
	if err := t.lead(by, members, "", neardup.ByAddress); err != nil {
		return err
	}
	_, err = t.exec(`UPDATE articles SET sign = ? WHERE id = ?`, neardup.ByAddress, former)
	return err
}
