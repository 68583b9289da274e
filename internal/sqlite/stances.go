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
	var overruled bool // by a merge that has it count for another article, or a later word on another one of its story
	err := t.row(`SELECT stance, id, at, `+countsFor+` <> article_id OR EXISTS (SELECT 1 FROM stances o JOIN articles a ON a.id = o.article_id
			WHERE o.newsletter_id = s.newsletter_id AND o.id > s.id AND coalesce(a.leader, a.id) = (`+storyOf+`))
		FROM stances s WHERE newsletter_id = ? AND article_id = ?`, article, newsletterID, article).Scan(&before, &turn, &at, &overruled)
	switch {
	case ignore(err, sql.ErrNoRows) != nil || before == stance && !overruled:
		return err
	case before == newsletter.StanceLead && stance == newsletter.StancePinned && !overruled:
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

// Stands lists the stances on an article and those that count for it, or all where it is 0; see collect.Shelf.
func (s *Store) Stands(ctx context.Context, article int64) ([]newsletter.Stand, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT s.article_id, `+countsFor+` AS counts, n.name, s.stance, s.at, s.under
		FROM (SELECT newsletter_id, article_id, id, stance, at, 0 AS under FROM stances
			UNION ALL SELECT newsletter_id, article_id, pin, 'pinned', pinned_at, 1 FROM stances WHERE pin IS NOT NULL) s
		JOIN newsletters n ON n.id = s.newsletter_id WHERE ?1 IN (0, s.article_id, counts) ORDER BY n.name, s.id`, article)
	if err != nil {
		return nil, fmt.Errorf("what was decided by hand: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (one newsletter.Stand, err error) {
		var at sql.NullInt64
		err = rows.Scan(&one.Article, &one.For, &one.Newsletter, &one.Stance, &at, &one.Under)
		one.Since = instant(at)
		return one, err
	})
}

// A stood is a stance and its turn.
type stood struct {
	article, id int64
	stance      newsletter.Stance
}

// countsFor is the article for which stance s counts: what was said before a merge counts for the one that leads the story since, for whoever merges
// says which one goes out.
const countsFor = `coalesce((SELECT a.leader FROM articles a WHERE a.id = s.article_id
	AND s.id <= (SELECT max(m.said) FROM merged_articles r JOIN merges m ON m.id = r.merge_id WHERE r.article_id = a.id AND r.late = 0)), s.article_id)`

// stancesOf are those of a newsletter by the article for which they count, the last one of each. They are few, where articles are many.
func stancesOf(ctx context.Context, q querier, name string) (map[int64]stood, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+countsFor+`, s.id, s.stance FROM stances s JOIN newsletters n ON n.id = s.newsletter_id WHERE n.name = ? ORDER BY s.id`, name)
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

// dropBrought ends what wanted an article in, or another of its story, and keeps it with the edition that brings that.
func (t tx) dropBrought(edition, newsletterID, article int64) error {
	const brought = ` FROM stances WHERE newsletter_id = ?2 AND stance <> 'excluded' AND article_id IN (` + withStory + `)`
	_, err := t.exec(`INSERT INTO spent_stances (edition_id, id, article_id, stance, at, pin, pinned_at)
		SELECT ?3, id, article_id, stance, at, pin, pinned_at`+brought, article, newsletterID, edition)
	if err == nil {
		_, err = t.exec(`DELETE`+brought, article, newsletterID)
	}
	return err
}

// standAgain gives back what an edition ended of which nothing left, unless a stance was taken of the story since. Where another article is to lead
// by now, the one that was is pinned still, in its turn.
func (t tx) standAgain(edition int64) error {
	_, err := t.exec(`INSERT INTO stances (id, newsletter_id, article_id, stance, at, pin, pinned_at)
		SELECT iif(led, coalesce(pin, id), id), newsletter_id, article_id, iif(led, 'pinned', stance), iif(led, coalesce(pinned_at, at), at), iif(led, NULL, pin), iif(led, NULL, pinned_at)
		FROM (SELECT p.*, e.newsletter_id, coalesce(a.leader, a.id) AS story,
				p.stance = 'lead' AND EXISTS (SELECT 1 FROM stances WHERE newsletter_id = e.newsletter_id AND stance = 'lead') AS led
			FROM spent_stances p JOIN editions e ON e.id = p.edition_id JOIN articles a ON a.id = p.article_id WHERE p.edition_id = ?) s
		WHERE NOT EXISTS (SELECT 1 FROM stances o JOIN articles a ON a.id = o.article_id
			WHERE o.newsletter_id = s.newsletter_id AND o.id > s.id AND coalesce(a.leader, a.id) = s.story)`, edition)
	return err
}

// forgetSpent lets go of what editions ended that are done and of which something left: it cannot be given back any more. One of which nothing did may
// be sent once more, and cancelled then.
func (t tx) forgetSpent() error {
	_, err := t.exec(`DELETE FROM spent_stances WHERE edition_id IN (SELECT id FROM editions
		WHERE id IN (SELECT edition_id FROM spent_stances) AND state = 'done' AND ` + mayHaveLeft + `)`)
	return err
}
