package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// TakeStance keeps what an editor decided of articles in a newsletter; see digest.Store.
func (s *Store) TakeStance(ctx context.Context, name string, articles []int64, stance newsletter.Stance, now time.Time) error {
	return s.update(ctx, func(t tx) error {
		newsletterID, err := t.newsletterID(name)
		if err != nil {
			return err
		}
		for _, article := range articles {
			if err := t.takeStance(newsletterID, article, stance, now); err != nil {
				return fmt.Errorf("article %d: %w", article, err)
			}
		}
		return nil
	})
}

func (t tx) takeStance(newsletterID, article int64, stance newsletter.Stance, now time.Time) error {
	var before newsletter.Stance
	var turn, at sql.NullInt64
	var overruled bool // by a later word on another article of its story
	err := t.row(`SELECT stance, id, at, EXISTS (SELECT 1 FROM stances o JOIN articles a ON a.id = o.article_id
			WHERE o.newsletter_id = s.newsletter_id AND o.id > s.id AND coalesce(a.leader, a.id) = (`+storyOf+`))
		FROM stances s WHERE newsletter_id = ? AND article_id = ?`, article, newsletterID, article).Scan(&before, &turn, &at, &overruled)
	switch {
	case ignore(err, sql.ErrNoRows) != nil || before == stance && !overruled:
		return err
	case before == newsletter.StanceLead && stance == newsletter.StancePinned:
		_, err := t.noLonger(newsletterID, article)
		return err
	case before != newsletter.StancePinned || stance != newsletter.StanceLead:
		turn, at = sql.NullInt64{}, sql.NullInt64{}
	}
	if stance == newsletter.StanceLead {
		if _, err := t.noLonger(newsletterID, 0); err != nil {
			return err
		}
	}
	if _, err := t.exec(`DELETE FROM stances WHERE newsletter_id = ? AND article_id = ?`, newsletterID, article); err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO stances (newsletter_id, article_id, stance, at, pin, pinned_at) VALUES (?, ?, ?, ?, ?, ?)`, newsletterID, article, stance, ms(now), turn, at)
	return err
}

// noLonger has that article lead no more which is to, if it is the one named or 0 is; it is pinned still, in its turn.
func (t tx) noLonger(newsletterID, article int64) (int64, error) {
	return changed(t.exec(`UPDATE stances SET stance = 'pinned', id = coalesce(pin, id), at = coalesce(pinned_at, at), pin = NULL, pinned_at = NULL
		WHERE newsletter_id = ?1 AND stance = 'lead' AND ?2 IN (0, article_id)`, newsletterID, article))
}

// DropStance takes a stance back; see digest.Store.
func (s *Store) DropStance(ctx context.Context, name string, articles []int64, stance newsletter.Stance) error {
	return s.update(ctx, func(t tx) error {
		newsletterID, err := t.newsletterID(name)
		if err != nil {
			return err
		}
		for _, article := range articles {
			n, err := t.dropStance(newsletterID, article, stance)
			if err == nil && n == 0 {
				err = fmt.Errorf("article %d is not %s in %s: %w", article, stance.Said(), name, newsletter.ErrNotFound)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// dropStance takes a stance back. What was pinned before it was to lead is pinned again, in its turn.
func (t tx) dropStance(newsletterID, article int64, stance newsletter.Stance) (int64, error) {
	n, err := changed(t.exec(`DELETE FROM stances WHERE newsletter_id = ? AND article_id = ? AND stance = ? AND pin IS NULL`, newsletterID, article, stance))
	if err == nil && n == 0 && stance == newsletter.StanceLead {
		n, err = t.noLonger(newsletterID, article)
	}
	return n, err
}

// Stands lists the stances on an article, or on all where it is 0; see collect.Shelf.
func (s *Store) Stands(ctx context.Context, article int64) ([]newsletter.Stand, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT s.article_id, n.name, s.stance, s.at FROM stances s JOIN newsletters n ON n.id = s.newsletter_id
		WHERE ?1 = 0 OR s.article_id = ?1 ORDER BY n.name, s.id`, article)
	if err != nil {
		return nil, fmt.Errorf("what was decided by hand: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (one newsletter.Stand, err error) {
		var at sql.NullInt64
		err = rows.Scan(&one.Article, &one.Newsletter, &one.Stance, &at)
		one.Since = instant(at)
		return one, err
	})
}

// A stood is a stance and its turn.
type stood struct {
	article, id int64
	stance      newsletter.Stance
}

// stances are those of a newsletter by article. They are few, where articles are many.
func (s *Store) stances(ctx context.Context, name string) (map[int64]stood, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT s.article_id, s.id, s.stance FROM stances s JOIN newsletters n ON n.id = s.newsletter_id WHERE n.name = ?`, name)
	if err != nil {
		return nil, err
	}
	all, err := collectRows(rows, func(rows *sql.Rows) (one stood, err error) { return one, rows.Scan(&one.article, &one.id, &one.stance) })
	found := make(map[int64]stood, len(all))
	for _, one := range all {
		found[one.article] = one
	}
	return found, err
}

// dropBrought ends what wanted an article in, or another of its story: an edition brings it.
func (t tx) dropBrought(newsletterID, article int64) error {
	_, err := t.exec(`DELETE FROM stances WHERE newsletter_id = ?2 AND stance <> 'excluded' AND article_id IN (`+withStory+`)`, article, newsletterID)
	return err
}

// standFor has an article be wanted in where another of its story was, if that was said last: whoever merges says which one goes out.
func (t tx) standFor(article int64) error {
	rows, err := t.query(`SELECT max(id), newsletter_id, stance FROM stances WHERE article_id IN (`+withStory+`) GROUP BY newsletter_id`, article)
	if err != nil {
		return err
	}
	type last struct {
		id, newsletter int64
		stance         newsletter.Stance
	}
	all, err := collectRows(rows, func(rows *sql.Rows) (l last, err error) { return l, rows.Scan(&l.id, &l.newsletter, &l.stance) })
	for _, l := range all {
		if err != nil || !l.stance.In() {
			continue
		}
		if _, err = t.exec(`DELETE FROM stances WHERE newsletter_id = ? AND article_id = ? AND id <> ?`, l.newsletter, article, l.id); err == nil {
			_, err = t.exec(`UPDATE stances SET article_id = ? WHERE id = ?`, article, l.id)
		}
	}
	return err
}

// standAgain gives articles that were pinned in an edition of which nothing left their stances back, unless one was taken of their story since.
func (t tx) standAgain(edition int64) error {
	rows, err := t.query(`SELECT e.newsletter_id, v.article_id, v.lead = 'hand' FROM editions e JOIN verdicts v ON v.newsletter_id = e.newsletter_id AND v.slot_id = e.slot_id
		WHERE e.id = ? AND (v.rule = 'pinned' OR v.lead = 'hand') ORDER BY v.position`, edition)
	if err != nil {
		return err
	}
	type wanted struct {
		newsletter, article int64
		led                 bool
	}
	all, err := collectRows(rows, func(rows *sql.Rows) (w wanted, err error) { return w, rows.Scan(&w.newsletter, &w.article, &w.led) })
	for _, w := range all {
		if err == nil {
			_, err = t.exec(`INSERT INTO stances (newsletter_id, article_id, stance, at)
				SELECT ?2, ?1, iif(?3 AND NOT EXISTS (SELECT 1 FROM stances WHERE newsletter_id = ?2 AND stance = 'lead'), 'lead', 'pinned'), approved_at
				FROM editions WHERE id = ?4 AND NOT EXISTS (SELECT 1 FROM stances WHERE newsletter_id = ?2 AND article_id IN (`+withStory+`))`, w.article, w.newsletter, w.led, edition)
		}
	}
	return err
}
