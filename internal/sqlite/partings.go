package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"facteur/internal/collect"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// part has an article that an update turned against another of its story leave that, unless an editor put it there. Others of its own page go with it,
// and what its source had in its place: what has one address is a correction, whatever it says.
func (t shelving) part(before newsletter.Article) error {
	is, err := t.printOf(before.ID)
	if err != nil {
		return err
	}
	others, whole, err := t.others(before.ID, is)
	if err != nil || len(others) == 0 {
		return err
	}
	pages, err := t.ids(`SELECT id FROM articles WHERE leader = ? AND sign IN (?, ?)`, before.ID, neardup.ByAddress, neardup.ByID) // of which it may be a correction
	if err != nil {
		return err
	}
	was, against, known := neardup.Of(before, t.by.source), int64(0), whole
	out := []int64{before.ID}
	for _, id := range others {
		other, err := t.printOf(id)
		if err != nil {
			return err
		}
		if sign := neardup.Same(is, other); sign == neardup.ByAddress || sign == neardup.ByCanonical || slices.Contains(pages, id) || other.Former(is) {
			out = append(out, id)
			continue
		}
		if against == 0 && neardup.Turns(was, is, other) {
			against = id
		}
		known = known || neardup.Equal(is, other)
	}
	if against == 0 && (known || !neardup.Turns(was, is, was)) { // what it says else than before it says else than those, too, that it is not held against
		return nil
	}
	byHand, err := t.ids(`SELECT article_id FROM merged_articles WHERE late = 0 AND article_id IN (SELECT value FROM json_each(?))`, list(out))
	if err != nil || len(byHand) > 0 {
		return err
	}
	rest, err := t.ids(`SELECT id FROM articles WHERE id IN (`+withStory+`) AND id NOT IN (SELECT value FROM json_each(?2)) ORDER BY id`, before.ID, list(out))
	if err != nil || len(rest) == 0 {
		return err
	}
	if err := t.leave(out, rest); err != nil {
		return err
	}
	_, err = t.exec(`INSERT OR REPLACE INTO partings (article_id, other, at) VALUES (?, ?, ?)`, before.ID, cmp.Or(against, rest[0]), ms(t.now))
	return err
}

// others are the articles of the story of one that it is held against. Of a story with more than these, those are among them that share its rarest keys, as
// of one page.
func (t shelving) others(id int64, p neardup.Print) (ids []int64, whole bool, err error) {
	ids, whole, err = t.fellows(id)
	if err == nil && !whole {
		var near, with []int64
		if near, err = t.similar(id, p.Keys()); err != nil {
			return nil, false, err
		}
		with, err = t.ids(`SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND coalesce(leader, id) = (`+storyOf+`)`, list(near), id)
		ids = append(ids, with...)
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	return slices.DeleteFunc(ids, func(other int64) bool { return other == id }), whole, err
}

// leave makes articles of one page a story of their own, which no edition brought but those that have them. For what stays, all counts still that was
// carried of the story, and that an editor excluded it.
func (t shelving) leave(out, rest []int64) error {
	if err := t.keepCarried(out, rest); err != nil {
		return err
	}
	for i, id := range out {
		if err := t.takeOut(id, slices.Concat(out[i+1:], rest)); err != nil {
			return err
		}
	}
	if err := t.findLead(rest[0], t.by); err != nil {
		return err
	}
	if err := t.keepExcluded(out, rest); err != nil {
		return err
	}
	for _, id := range out[1:] {
		p, err := t.printOf(id)
		if err != nil {
			return err
		}
		joined, err := t.join(id, p, out[0])
		if err == nil && !joined { // it was of the page before that was corrected
			err = t.lead(out[0], []int64{out[0], id}, "", neardup.ByAddress)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// carriages are the editions of which each article is known: those that have it, and those that had its story by another article, which left that since.
const carriages = `(SELECT article_id, edition_id, article_id AS carrier FROM edition_articles UNION ALL SELECT article_id, edition_id, carrier FROM carried_stories)`

func (t tx) keepCarried(out, rest []int64) error {
	_, err := t.exec(`INSERT INTO carried_stories (article_id, edition_id, carrier) SELECT r.value, c.edition_id, c.carrier FROM json_each(?) r
		JOIN `+carriages+` c ON c.article_id IN (SELECT value FROM json_each(?)) WHERE true ON CONFLICT DO NOTHING`, list(rest), list(out))
	if err == nil {
		_, err = t.exec(`DELETE FROM carried_stories WHERE article_id IN (SELECT value FROM json_each(?))`, list(out))
	}
	return err
}

// keepExcluded says of who leads the rest what an editor said last of the story by one that left, if that was to keep it out.
func (t tx) keepExcluded(out, rest []int64) error {
	_, err := t.exec(`INSERT OR REPLACE INTO stances (newsletter_id, article_id, stance, at)
		SELECT s.newsletter_id, (SELECT coalesce(leader, id) FROM articles WHERE id = ?1), s.stance, s.at FROM stances s
		WHERE s.stance = 'excluded' AND s.article_id IN (SELECT value FROM json_each(?2))
			AND NOT EXISTS (SELECT 1 FROM stances o WHERE o.newsletter_id = s.newsletter_id AND o.id > s.id AND o.article_id IN (SELECT value FROM json_each(?3)))`,
		rest[0], list(out), list(slices.Concat(out, rest)))
	return err
}

// Partings lists what updates parted from a story, and it from others; see collect.Shelf.
func (s *Store) Partings(ctx context.Context, id int64) ([]collect.Parting, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT p.article_id, p.other, p.at FROM partings p JOIN articles a ON a.id = p.article_id JOIN articles o ON o.id = p.other
		WHERE (?1 = 0 OR a.id IN (`+withStory+`) OR o.id IN (`+withStory+`)) AND coalesce(a.leader, a.id) <> coalesce(o.leader, o.id) ORDER BY p.at, p.article_id`, id)
	if err != nil {
		return nil, fmt.Errorf("what left the story of article %d: %w", id, err)
	}
	return collectRows(rows, func(rows *sql.Rows) (p collect.Parting, err error) {
		var at sql.NullInt64
		err = rows.Scan(&p.Article, &p.From, &at)
		p.At = instant(at)
		return p, err
	})
}
