package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// OweLatest owes a reader the latest edition; see subscription.Wishes.
func (s *Store) OweLatest(ctx context.Context, h subscription.Handle, most admission.Limit, now time.Time) (owed bool, err error) {
	err = s.forBearer(ctx, h, func(t tx, p bearer) error {
		owed = false
		if err := t.acted(p.id, now); err != nil || p.state != newsletter.Active || p.suppressed {
			return err
		}
		latest, c, err := t.latestFor(p)
		if err != nil || latest == 0 {
			return err
		}
		if owed, err = t.charge(most, now); err != nil || !owed {
			return err
		}
		if _, err := t.owe(latest, runAhead, c, now); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE editions SET state = 'sending' WHERE id = (SELECT run FROM deliveries WHERE id = ?) AND state = 'done'`, c.delivery)
		return err
	})
	return owed, err
}

// latestFor finds the latest edition of a reader's newsletter that may go out, and the copy that they are owed of it:
// their first one, or the one that did not arrive. Edition 0: they have it, or it is on its way.
func (t tx) latestFor(p bearer) (edition int64, c copyOf, err error) {
	c = copyOf{subscriber: p.subscriber}
	c.Copy = 1
	var coming bool
	err = t.row(`SELECT e.id, e.state = 'queueing' AND s.subscriber_id > e.cursor AND s.activated <= e.audience
		FROM subscriptions s JOIN editions e ON e.newsletter_id = s.newsletter_id
		WHERE s.id = ? AND e.state <> 'cancelled' AND e.paused = 0 ORDER BY e.number DESC LIMIT 1`, p.id).Scan(&edition, &coming)
	if errors.Is(err, sql.ErrNoRows) || err != nil || coming {
		return 0, c, ignore(err, sql.ErrNoRows)
	}
	err = t.row(`SELECT id, copy, state FROM deliveries WHERE edition_id = ? AND subscriber_id = ? AND kind = 'edition' ORDER BY copy DESC LIMIT 1`,
		edition, p.subscriber).Scan(&c.delivery, &c.Copy, &c.Had)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return edition, c, nil
	case err != nil:
		return 0, c, err
	case c.Copy == 1 && (c.Had == newsletter.Failed || c.Had == newsletter.Expired || c.Had == newsletter.Cancelled):
		return edition, c, nil
	}
	return 0, c, nil
}

// ignore makes one error none.
func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}
