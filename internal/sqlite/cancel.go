package sqlite

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

const (
	cancelMost  = 2000                             // letters cancelled in one transaction, so that others need not wait for a million
	cancelPause = 2 * lookEvery * time.Millisecond // between two of them: other programs look for their turn, and do not queue for it
)

// Cancel ends an edition: open letters are cancelled, those on the wire are brought to their end. It returns how many
// letters will not leave, readers whose row was not made yet included.
//
// Its first transaction holds the edition, and its last one ends it. An order that is cut off in between leaves the
// edition held, with its counts whole, and is to be given again. After each transaction tell is told of the letters so far.
func (s *Store) Cancel(ctx context.Context, ref newsletter.EditionRef, tell func(letters int)) (letters int, err error) {
	for over := false; !over; {
		var some int64
		err = s.onEdition(ctx, ref, func(t tx, id int64, state newsletter.EditionState) error {
			if state == newsletter.EditionDone || state == newsletter.EditionCancelled {
				return fmt.Errorf("edition %s is %s: %w", ref, state, newsletter.ErrState)
			}
			some, over, err = t.cancelSome(id)
			return err
		})
		if err == nil {
			letters += int(some)
			tell(letters)
			if !over {
				err = rest(ctx, cancelPause)
			}
		}
		if err != nil && letters > 0 {
			err = fmt.Errorf("edition %s is held, and only %d of its letters are cancelled yet; order it again: %w", ref, letters, err)
		}
		if err != nil {
			return letters, err
		}
	}
	return letters, nil
}

// endedByOperator is what becomes of an open letter whose edition is cancelled. One that may have arrived stays known for that.
const endedByOperator = `state = iif(unknowns > 0, 'unknown', 'cancelled'), reason = iif(unknowns > 0, '', 'operator'), next_at = NULL`

// cancelSome cancels as many letters as one transaction may, and the edition together with the last of them: one that
// owes nothing and is not over would be taken for done.
func (t tx) cancelSome(id int64) (letters int64, over bool, err error) {
	unmade, err := t.cancelUnmade(id)
	if err != nil {
		return 0, false, err
	}
	open, err := changed(t.exec(`UPDATE deliveries SET `+endedByOperator+`
		WHERE id IN (SELECT id FROM deliveries WHERE run = ? AND next_at IS NOT NULL LIMIT ?)`, id, cancelMost))
	if err != nil {
		return 0, false, err
	}
	var owes bool
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM deliveries WHERE run = ? AND next_at IS NOT NULL)`, id).Scan(&owes); err != nil {
		return 0, false, err
	}
	over = !owes && unmade < cancelMost
	var unsent bool
	err = t.row(`UPDATE editions SET state = iif(?2, 'cancelled', state), paused = NOT ?2, held = '', unsent = ?2 AND NOT `+mayHaveLeft+` WHERE id = ?1
		RETURNING unsent`, id, over).Scan(&unsent)
	if err == nil && unsent {
		err = t.standAgain(id)
	}
	if err == nil && over {
		_, err = t.exec(`DELETE FROM spent_stances WHERE edition_id = ?`, id)
	}
	return unmade + open, over, err
}

// mayHaveLeft reports whether somebody has, or may have, a letter of the edition editions.id. What is on the wire counts.
const mayHaveLeft = `EXISTS (SELECT 1 FROM deliveries WHERE edition_id = editions.id AND kind = 'edition'
	AND (state IN ('attempting', 'sent', 'unknown', 'bounced') OR unknowns > 0))`

const makeCancelled = `INSERT INTO deliveries (kind, group_id, run, edition_id, variant_id, newsletter_id, subscriber_id, state, reason)
	SELECT 'edition', ` + groupOf + `, e.id, e.id, v.id, e.newsletter_id, p.subscriber_id, 'cancelled', 'operator'` + unmade + `
	JOIN variants v ON v.edition_id = e.id AND v.key = 'full' JOIN subscribers b ON b.id = p.subscriber_id` + withGroup + `
	WHERE e.id = ?1 AND e.state = 'queueing' ORDER BY p.subscriber_id LIMIT ?2`

// cancelUnmade makes rows that a queueing edition still owes, cancelled from birth, so that its counts stay whole and
// each reader's history tells of it.
func (t tx) cancelUnmade(id int64) (int64, error) {
	rows, latest, err := made(t.exec(makeCancelled, id, cancelMost))
	if err == nil && rows > 0 {
		_, err = t.exec(moveOn, id, latest)
	}
	return int64(rows), err
}

// rest waits, but no longer than ctx lasts.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
