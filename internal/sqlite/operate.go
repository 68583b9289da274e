package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// Pause holds an edition, or lets it go on. It counts from its commit: no letter is marked while the edition is held.
func (s *Store) Pause(ctx context.Context, ref newsletter.EditionRef, paused bool) error {
	return s.onEdition(ctx, ref, func(t tx, id int64, state newsletter.EditionState) error {
		if state == newsletter.EditionDone || state == newsletter.EditionCancelled {
			return fmt.Errorf("edition %s is %s: %w", ref, state, newsletter.ErrState)
		}
		_, err := t.exec(`UPDATE editions SET paused = ?, held = '' WHERE id = ?`, paused, id)
		return err
	})
}

func (s *Store) onEdition(ctx context.Context, ref newsletter.EditionRef, do func(t tx, id int64, state newsletter.EditionState) error) error {
	return s.update(ctx, func(t tx) error {
		var id int64
		var state newsletter.EditionState
		err := t.row(`SELECT e.id, e.state FROM editions e JOIN newsletters n ON n.id = e.newsletter_id WHERE n.name = ? AND e.number = ?`,
			ref.Newsletter, ref.Number).Scan(&id, &state)
		if err != nil {
			return found(err, "edition "+ref.String())
		}
		return do(t, id, state)
	})
}

// Proof queues an edition's exact bytes for an address.
func (s *Store) Proof(ctx context.Context, ref newsletter.EditionRef, to address.Address, now time.Time) error {
	return s.onEdition(ctx, ref, func(t tx, id int64, _ newsletter.EditionState) error {
		_, err := t.exec(`INSERT INTO deliveries (kind, run, edition_id, variant_id, newsletter_id, address, state, next_at)
			SELECT 'proof', 0, e.id, v.id, e.newsletter_id, ?, 'queued', ? FROM editions e JOIN variants v ON v.edition_id = e.id AND v.key = 'full'
			WHERE e.id = ?`, to.String(), ms(now), id)
		return err
	})
}

// ResendTo owes one reader an edition once more; see outbox.Ledger.
func (s *Store) ResendTo(ctx context.Context, ref newsletter.EditionRef, to address.Address, o outbox.Order) (next outbox.NextCopy, err error) {
	err = s.onEdition(ctx, ref, func(t tx, id int64, state newsletter.EditionState) error {
		var owed copyOf
		if owed, err = t.nextCopy(ref, id, state, to); err != nil {
			return err
		}
		if owed.Delivery, err = t.owe(id, id, owed, o.At); err != nil {
			return err
		}
		next = owed.NextCopy
		_, err = t.note(id, outbox.Resend{Order: o, What: outbox.ResendTo, People: 1, Whole: true, Delivery: owed.Delivery})
		return err
	})
	return next, err
}

// NextCopy says what ResendTo would do; see outbox.Ledger.
func (s *Store) NextCopy(ctx context.Context, ref newsletter.EditionRef, to address.Address) (next outbox.NextCopy, err error) {
	err = s.onEdition(ctx, ref, func(t tx, id int64, state newsletter.EditionState) error {
		owed, err := t.nextCopy(ref, id, state, to)
		next = owed.NextCopy
		return err
	})
	return next, err
}

// reader finds an active reader of an edition's newsletter.
func (t tx) reader(ref newsletter.EditionRef, edition int64, a address.Address) (int64, error) {
	var id int64
	var state newsletter.SubscriptionState
	var suppressed sql.NullString
	err := t.row(`SELECT b.id, p.state, u.kind FROM editions e JOIN subscribers b ON b.hash = ?2 AND b.address IS NOT NULL
		JOIN subscriptions p ON p.newsletter_id = e.newsletter_id AND p.subscriber_id = b.id
		LEFT JOIN suppressions u ON u.hash = b.hash WHERE e.id = ?1`, edition, t.hash(a)).Scan(&id, &state, &suppressed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, fmt.Errorf("%s as a subscriber of %s: %w", a, ref.Newsletter, newsletter.ErrNotFound)
	case err != nil:
		return 0, err
	case suppressed.Valid:
		return 0, fmt.Errorf("%s is suppressed (%s): %w", a, suppressed.String, newsletter.ErrState)
	case state != newsletter.Active:
		return 0, fmt.Errorf("%s is no reader of %s now (%s): %w", a, ref.Newsletter, state, newsletter.ErrState)
	}
	return id, nil
}

// A copyOf is the copy that a reader is owed next, and its row where there is one.
type copyOf struct {
	outbox.NextCopy
	newcomer bool
}

// nextCopy is the reader's latest copy where it did not arrive or may not have, and the one after it where it did.
func (t tx) nextCopy(ref newsletter.EditionRef, edition int64, state newsletter.EditionState, to address.Address) (c copyOf, err error) {
	if err := mayResend(ref, state); err != nil {
		return c, err
	}
	if state == newsletter.EditionQueueing {
		return c, fmt.Errorf("edition %s is still being queued: %w", ref, newsletter.ErrBusy)
	}
	if c.Subscriber, err = t.reader(ref, edition, to); err != nil {
		return c, err
	}
	err = t.row(`SELECT id, copy, state, newcomer FROM deliveries WHERE edition_id = ? AND subscriber_id = ? AND kind = 'edition' ORDER BY copy DESC LIMIT 1`,
		edition, c.Subscriber).Scan(&c.Delivery, &c.Copy, &c.Had, &c.newcomer)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		c.Copy, c.newcomer, err = 1, true, nil
	case err == nil && c.Had == newsletter.Attempting:
		err = fmt.Errorf("copy %d of %s is on the wire at this moment: %w", c.Copy, ref, newsletter.ErrState)
	case err == nil && (c.Had == newsletter.Sent || c.Had == newsletter.Bounced):
		c.Copy, c.Delivery = c.Copy+1, 0
	}
	return c, err
}

// owe makes a copy due at once, as part of a run, and returns its row. One that was made before stays in its run where this
// one only goes ahead. An edition that was done sends again.
func (t tx) owe(edition, run int64, c copyOf, now time.Time) (id int64, err error) {
	if c.Delivery != 0 {
		id = c.Delivery
		err = t.row(`UPDATE deliveries SET `+again+`, run = iif(?3 = ?4, run, ?3) WHERE id = ?1 RETURNING run`, id, ms(now), run, runAhead).Scan(&run)
	} else {
		err = t.row(`INSERT INTO deliveries (kind, group_id, run, edition_id, variant_id, newsletter_id, subscriber_id, copy, newcomer, state, next_at)
			SELECT 'edition', `+groupOf+`, ?, e.id, v.id, e.newsletter_id, b.id, ?, ?, 'queued', ? FROM editions e JOIN variants v ON v.edition_id = e.id AND v.key = 'full'
			JOIN subscribers b ON b.id = ?`+withGroup+`WHERE e.id = ? RETURNING id`, run, c.Copy, c.newcomer, ms(now), c.Subscriber, edition).Scan(&id)
	}
	if err != nil {
		return 0, err
	}
	return id, t.reopen(run, now)
}
