package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"facteur/internal/collect"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// An owner is who brings an article. What the inbox and people bring goes before what sources do, and among sources that of the highest priority;
// of equals the first keeps what it brought, as long as it stands in the settings.
type owner struct {
	source   string         // empty: the inbox or a person
	declared map[string]int // priorities of the sources of the settings
}

// rank orders sources as one that brings an article knows them.
func (by owner) rank(source string) int {
	priority, declared := by.declared[source]
	switch {
	case source == "":
		return math.MaxInt
	case declared || source == by.source:
		return priority
	}
	return math.MinInt
}

// A shelving puts articles that come together among those that are there. It lives no longer than its transaction.
type shelving struct {
	tx
	by   owner
	turn int64 // of the source, or of the inbox, in which it offers what comes

	together []collect.Brought          // what the source has at this moment, as far as it was read in one
	has      map[string]collect.Brought // that by its addresses, whoever brought them first
	whole    bool                       // that is all that it has
	gone     map[int64]bool             // articles of which it tells that it has them no longer

	now    time.Time
	prints map[int64]neardup.Print // of articles, taken in this transaction
	moved  map[int64]bool          // articles that got another address in it
}

func (t tx) shelving(by owner, now time.Time) shelving {
	return shelving{tx: t, by: by, now: now, prints: map[int64]neardup.Print{}, moved: map[int64]bool{}}
}

// own reports whether an article that another brought may be changed, and makes it so.
func (t shelving) own(article int64) (bool, error) {
	var before sql.NullString
	if err := t.row(`SELECT brought_by FROM articles WHERE id = ?`, article).Scan(&before); err != nil {
		return false, err
	}
	switch {
	case before.Valid && before.String == t.by.source:
		return true, nil
	case before.Valid && t.by.rank(t.by.source) <= t.by.rank(before.String):
		return false, nil
	}
	_, err := t.exec(`UPDATE articles SET brought_by = ? WHERE id = ?`, t.by.source, article)
	return true, err
}

// mostPrints bounds what a shelving remembers: some twenty kilobytes for each of 600 words.
const mostPrints = 50

// printOf takes the print of a stored article, once: articles of one pattern are compared with the same few others.
func (t shelving) printOf(id int64) (neardup.Print, error) {
	if p, taken := t.prints[id]; taken {
		return p, nil
	}
	a, err := scanArticle(t.row(`SELECT `+articleColumns+` FROM articles WHERE id = ?`, id))
	if err != nil {
		return neardup.Print{}, err
	}
	var source string  // empty: the inbox or a person
	var gone, had bool // by the source that brought it, and by this one
	if err := t.row(`SELECT coalesce(brought_by, ''), `+hasNoMore+`, EXISTS (SELECT 1 FROM offers WHERE article_id = a.id AND source = ?2) FROM articles a WHERE id = ?1`,
		id, t.by.source).Scan(&source, &gone, &had); err != nil {
		return neardup.Print{}, err
	}
	_, has := t.has[a.URL]
	sources := []string{source}
	if has && source != t.by.source {
		sources = []string{t.by.source, source}
	}
	p := t.print(a, sources...)
	switch {
	case has:
		p = p.As(neardup.Here)
	case gone, t.gone[id]:
		p = p.As(neardup.Gone)
	case t.whole && had:
		p = p.As(neardup.Missing)
	}
	t.prints[id] = p
	return p, nil
}

// hasNoMore says of an article a that who brought it has it no longer.
const hasNoMore = `EXISTS (SELECT 1 FROM offers WHERE article_id = a.id AND source = a.brought_by AND turn = 0)`

// print takes the print of an article that some sources have, and keeps it.
func (t shelving) print(a newsletter.Article, sources ...string) neardup.Print {
	if len(t.prints) >= mostPrints {
		clear(t.prints)
	}
	p := neardup.Of(a, sources...)
	t.prints[a.ID] = p
	return p
}

// place keeps the keys of an article that was stored just now, and joins it with one that is the same story.
func (t shelving) place(a newsletter.Article) error {
	a.Published, a.Arrived = instant(ms(a.Published)), instant(ms(t.now)) // as they are read again
	p := t.print(a, t.by.source)
	if _, has := t.has[a.URL]; has {
		t.prints[a.ID] = p.As(neardup.Here) // to whatever comes after
	}
	keys := p.Keys()
	if err := t.putKeys(a.ID, keys); err != nil {
		return err
	}
	return t.findStory(a.ID, p, keys)
}

// lookAgain looks at the story of an article that was changed by who owns it: an update may have it say something else than what it went with. Where it has no company
// it joins one that is the same story; of a story that there is, it finds who leads.
func (t shelving) lookAgain(before newsletter.Article) error {
	delete(t.prints, before.ID)
	if err := t.part(before); err != nil {
		return err
	}
	p, err := t.printOf(before.ID)
	if err != nil {
		return err
	}
	keys := p.Keys()
	if err := t.renewKeys(before.ID, keys); err != nil {
		return err
	}
	if accompanied, err := t.accompanied(before.ID); err != nil {
		return err
	} else if accompanied {
		return t.findLead(before.ID, t.by)
	}
	return t.findStory(before.ID, p, keys)
}

// findStory joins an article that has no company with one that is the same story.
func (t shelving) findStory(id int64, p neardup.Print, keys []int64) error {
	similar, err := t.similar(id, keys)
	if err != nil {
		return err
	}
	same, err := t.nearest(p, similar)
	if err != nil {
		return err
	}
	for _, find := range []func(id int64, p neardup.Print, other int64) (bool, error){t.join, t.win} {
		for _, other := range same {
			if joined, err := find(id, p, other); err != nil {
				return err
			} else if joined {
				return t.findLead(id, t.by)
			}
		}
	}
	return nil
}

// findLead has that article lead a story which comes from where goes before all others, of equals from where it came first, unless an editor chose one. Of what
// one source has twice that is the latest. Of a story of very many, those that came first are looked at, and the article itself.
func (t tx) findLead(id int64, by owner) error {
	rows, err := t.query(`WITH s AS (SELECT coalesce(leader, id) AS story FROM articles WHERE id = ?1)
		SELECT id, url, coalesce(brought_by, ''), sign, `+hasNoMore+`
		FROM articles a WHERE id IN (SELECT story FROM s UNION SELECT ?1
			UNION SELECT id FROM (SELECT id FROM articles WHERE leader = (SELECT story FROM s) ORDER BY id LIMIT ?2)) ORDER BY leader IS NOT NULL, id`, id, crowd)
	if err != nil {
		return err
	}
	gone := map[int64]int{} // 1: who brought it has it no longer
	members, err := collectRows(rows, func(rows *sql.Rows) (m collect.Member, err error) {
		var is int
		err = rows.Scan(&m.ID, &m.URL, &m.Source, &m.Sign, &is)
		gone[m.ID] = is
		return m, err
	})
	if err != nil || len(members) == 1 || members[0].Sign == neardup.ByHand {
		return err
	}
	first := slices.MinFunc(members, func(a, b collect.Member) int {
		return cmp.Or(cmp.Compare(gone[a.ID], gone[b.ID]), cmp.Compare(by.rank(b.Source), by.rank(a.Source)), cmp.Compare(a.ID, b.ID))
	})
	still := slices.DeleteFunc(slices.Clone(members), func(m collect.Member) bool { return gone[m.ID] > gone[first.ID] })
	best, err := t.latest(first.Source, still)
	if err != nil || best.ID == members[0].ID {
		return err
	}
	ids, err := t.membersOf(id)
	if err != nil {
		return err
	}
	return t.lead(best.ID, ids, "", best.Sign)
}

// readdresses reports what its source knows by one id with the article that leads, or what has the title or the text of that under another address of its site: a
// source that has one article twice corrected where it stands. Another spelling of the address is no correction, nor what one of them names as its original.
func readdresses(m, lead collect.Member) bool {
	return m.Sign == neardup.ByID || (m.Sign == neardup.ByTitle || m.Sign == neardup.ByText) && neardup.SameHost(m.URL, lead.URL)
}

// join makes an article one of the story of another, if it is the same and was not split from that.
func (t shelving) join(id int64, p neardup.Print, other int64) (bool, error) {
	o, err := t.printOf(other)
	if err != nil {
		return false, err
	}
	sign := neardup.Same(p, o)
	if sign == "" {
		return false, nil
	}
	if sign == neardup.ByTitle || sign == neardup.ByText { // what has one address is a correction, whatever it says
		if contradicted, err := t.contradicted(p, o, other); err != nil || contradicted {
			return false, err
		}
	}
	n, err := changed(t.exec(`UPDATE articles SET leader = o.story, sign = ?3 FROM (SELECT coalesce(leader, id) AS story FROM articles WHERE id = ?2) o
		WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM articles_apart p JOIN articles m ON m.id = iif(p.one = ?1, p.other, p.one)
			WHERE (p.one = ?1 OR p.other = ?1) AND coalesce(m.leader, m.id) = o.story)`, id, other, sign))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = t.exec(`INSERT INTO merged_articles (merge_id, article_id, story, sign, late)
		SELECT merge_id, ?1, story, ?3, 1 FROM merged_articles WHERE article_id = ?2`, id, other, sign)
	if err == nil && sign == neardup.ByTitle {
		err = t.replaced(p, other)
	}
	return true, err
}

// leadAnew finds who leads the story of an article that its source has still, and another one of it perhaps no longer.
func (t shelving) leadAnew(id int64) error {
	if t.whole {
		accompanied, err := t.accompanied(id)
		if err != nil {
			return err
		}
		if accompanied {
			p, err := t.printOf(id)
			if err == nil {
				err = t.replaced(p, id)
			}
			if err != nil {
				return err
			}
		}
	}
	return t.findLead(id, t.by)
}

// accompanied reports an article that is one story with others.
func (t tx) accompanied(id int64) (is bool, err error) {
	err = t.row(`SELECT leader IS NOT NULL OR EXISTS (SELECT 1 FROM articles WHERE leader = ?1) FROM articles WHERE id = ?1`, id).Scan(&is)
	return is, err
}

// replaced keeps of the story of an article which others its source has no longer, since it has the same under another address.
func (t shelving) replaced(by neardup.Print, story int64) error {
	members, _, err := t.fellows(story)
	if err != nil {
		return err
	}
	for _, id := range members {
		m, err := t.printOf(id)
		if err != nil {
			return err
		}
		if !by.Replaces(m) {
			continue
		}
		if _, err := t.exec(`UPDATE offers SET turn = 0 WHERE article_id = ? AND source = ?`, id, t.by.source); err != nil {
			return err
		}
		delete(t.prints, id)
	}
	return nil
}

// contradicted reports that of the story of an article another one tells what an article that is like the first does not: which two of three become one
// story does not depend on which came first. What an editor put there speaks against nobody, nor does what was edited since it was one with that. A story with more
// articles than an arrival is compared with takes what one of them says word for word, for the others were held against that, and nothing else.
func (t shelving) contradicted(p, like neardup.Print, story int64) (bool, error) {
	members, whole, err := t.fellows(story)
	if err != nil {
		return false, err
	}
	known := whole
	for _, id := range members {
		m, err := t.printOf(id)
		if err != nil {
			return false, err
		}
		if id != story && (neardup.Beside(p, m) || neardup.Contradict(p, m) && !neardup.Edited(like, m)) {
			byHand := false
			if err := t.row(`SELECT sign = ? FROM articles WHERE id = ?`, neardup.ByHand, id).Scan(&byHand); err != nil || !byHand {
				return true, err
			}
		}
		known = known || neardup.Equal(p, m)
	}
	return !known, nil
}

// compared is how many articles of a story are held against one that comes or changes, beside the one that leads: what is one story comes in a few ways,
// and what comes in very many is made by a program.
const compared = 12

// fellows are the articles of a story that another one is held against, in the order in which they came: the one that leads and the latest. It reports
// whether these are the whole story.
func (t tx) fellows(of int64) (ids []int64, whole bool, err error) {
	var lead int64
	if err := t.row(storyOf, of).Scan(&lead); err != nil {
		return nil, false, err
	}
	ids, err = t.ids(`SELECT id FROM articles WHERE leader = ? ORDER BY id DESC LIMIT ?`, lead, compared+1)
	whole = len(ids) <= compared
	ids = append(ids[:min(len(ids), compared)], lead)
	slices.Sort(ids)
	return ids, whole, err
}

// putKeys keeps the keys of an article that has none.
func (t tx) putKeys(id int64, keys []int64) error {
	for _, key := range keys {
		if _, err := t.exec(`INSERT INTO article_keys (key, article_id) VALUES (?, ?)`, key, id); err != nil {
			return err
		}
	}
	return nil
}

// renewKeys keeps the keys of an article that may have had others, or none as earlier versions stored it.
func (t tx) renewKeys(id int64, keys []int64) error {
	if _, err := t.exec(`DELETE FROM article_keys WHERE article_id = ?`, id); err != nil {
		return err
	}
	if err := t.putKeys(id, keys); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE articles SET keyed = 1 WHERE id = ? AND keyed = 0`, id)
	return err
}

const (
	mostAlike = 16 // of the articles that share keys with one are looked at
	crowd     = 32 // of those that have a key are found by it, the latest: what is the same comes within days
)

// similar are the articles that share keys with one, the first stored first. Of many, they are those that share what few others have, and the latest.
func (t tx) similar(id int64, keys []int64) ([]int64, error) {
	near := map[int64]float64{}
	for _, key := range keys {
		var holders []int64
		err := t.conn.each(`SELECT article_id FROM article_keys WHERE key = ? AND article_id <> ? ORDER BY article_id DESC LIMIT ?`, []any{key, id, crowd},
			func(values []driver.Value) error {
				holders = append(holders, values[0].(int64))
				return nil
			})
		if err != nil {
			return nil, err
		}
		for _, h := range holders {
			near[h] += 1 / float64(len(holders))
		}
	}
	ids := slices.SortedFunc(maps.Keys(near), func(a, b int64) int { return cmp.Or(cmp.Compare(near[b], near[a]), cmp.Compare(b, a)) })
	ids = ids[:min(len(ids), mostAlike)]
	slices.Sort(ids)
	return ids, nil
}

// keyedAtOnce is how many articles of earlier versions get their keys in one transaction.
const keyedAtOnce = 100

// keyEarlier gives keys to articles that earlier versions stored, the latest first.
func (t tx) keyEarlier() error {
	rows, err := t.query(`SELECT `+articleColumns+` FROM articles WHERE keyed = 0 ORDER BY id DESC LIMIT ?`, keyedAtOnce)
	if err != nil {
		return err
	}
	articles, err := collectRows(rows, func(rows *sql.Rows) (newsletter.Article, error) { return scanArticle(rows) })
	if err != nil {
		return err
	}
	for _, a := range articles {
		if err := t.renewKeys(a.ID, neardup.Of(a, "").Keys()); err != nil {
			return err
		}
	}
	return nil
}

const storyOf = `SELECT coalesce(leader, id) FROM articles WHERE id = ?`

// withStory are all articles of the story of ?1.
const withStory = `SELECT m.id FROM articles a JOIN articles m ON m.id = coalesce(a.leader, a.id) OR m.leader = coalesce(a.leader, a.id) WHERE a.id = ?1`

// Story lists the articles that are one story with another, that one among them; the one that leads comes first.
func (s *Store) Story(ctx context.Context, id int64) ([]collect.Member, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, url, title, coalesce(brought_by, ''), sign, `+carriedBy+` FROM articles a
		WHERE id IN (`+withStory+`) ORDER BY leader IS NOT NULL, id`, id)
	if err != nil {
		return nil, fmt.Errorf("story of article %d: %w", id, err)
	}
	return collectRows(rows, func(rows *sql.Rows) (m collect.Member, err error) {
		var carried string
		err = rows.Scan(&m.ID, &m.URL, &m.Title, &m.Source, &m.Sign, &carried)
		m.CarriedBy = strings.Fields(carried)
		return m, err
	})
}
