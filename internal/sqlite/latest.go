package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
)

// OweLatest owes a reader the latest edition; see subscription.Wishes.
func (s *Store) OweLatest(ctx context.Context, h subscription.Handle, most admission.Limit, now time.Time) (came subscription.Latest, err error) {
	err = s.forBearer(ctx, h, func(t tx, p bearer) error {
		came = subscription.LatestNone
		if err := t.acted(p.id, now); err != nil || p.suppressed {
			return err
		}
		if p.state == newsletter.Paused && p.until.After(now) {
			came = subscription.LatestPaused
		}
		if p.state != newsletter.Active {
			return nil
		}
		latest, c, missing, err := t.latestFor(p)
		switch {
		case err != nil || latest == 0:
			return err
		case !missing:
			came = subscription.LatestHad
			return nil
		}
		ok, err := t.charge(most, now)
		if err != nil || !ok {
			came = subscription.LatestLimited
			return err
		}
		came = subscription.LatestSent
		_, err = t.owe(latest, runAhead, c, now)
		return err
	})
	return came, err
}

// latestFor finds the latest edition of a reader's newsletter that may go out, and the copy that they are owed of it:
// their first one, or the one that did not arrive. Edition 0: there is none. missing is false where they have it, or it is
// on its way.
func (t tx) latestFor(p bearer) (edition int64, c copyOf, missing bool, err error) {
	c = copyOf{NextCopy: outbox.NextCopy{Copy: 1, Subscriber: p.subscriber}, newcomer: true}
	var coming bool
	err = t.row(`SELECT e.id, e.state = 'queueing' AND s.subscriber_id > e.cursor AND s.activated <= e.audience
		FROM subscriptions s JOIN editions e ON e.newsletter_id = s.newsletter_id
		WHERE s.id = ? AND e.state <> 'cancelled' AND e.paused = 0 ORDER BY e.number DESC LIMIT 1`, p.id).Scan(&edition, &coming)
	if errors.Is(err, sql.ErrNoRows) || err != nil || coming {
		return edition, c, false, ignore(err, sql.ErrNoRows)
	}
	err = t.row(`SELECT id, copy, state FROM deliveries WHERE edition_id = ? AND subscriber_id = ? AND kind = 'edition' ORDER BY copy DESC LIMIT 1`,
		edition, p.subscriber).Scan(&c.Delivery, &c.Copy, &c.Had)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return edition, c, true, nil
	case err != nil:
		return 0, c, false, err
	case c.Copy == 1 && (c.Had == newsletter.Failed || c.Had == newsletter.Expired || c.Had == newsletter.Cancelled):
		return edition, c, true, nil
	}
	return edition, c, false, nil
}

// ignore makes one error none.
func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}
