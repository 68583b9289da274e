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
		_, err := t.exec(`UPDATE editions SET paused = ? WHERE id = ?`, paused, id)
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

// mayReceive is what a second round asks of a reader.
const mayReceive = `EXISTS (SELECT 1 FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id
	WHERE p.newsletter_id = d.newsletter_id AND p.subscriber_id = d.subscriber_id AND p.state = 'active'
	AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash))`

// failedOnes are the letters of an edition whose reader has no copy of it and may have one: of several copies that all
// failed, the latest.
const failedOnes = ` FROM deliveries d WHERE d.edition_id = ?1 AND d.kind = 'edition' AND d.state IN ('failed', 'expired') AND ` + mayReceive + `
	AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.edition_id = d.edition_id AND o.subscriber_id = d.subscriber_id AND o.kind = 'edition'
		AND o.id <> d.id AND (o.copy > d.copy OR o.state NOT IN ('failed', 'expired', 'cancelled')))`

// CountFailed counts whom ResendFailed would reach.
func (s *Store) CountFailed(ctx context.Context, ref newsletter.EditionRef) (int, error) {
	e, err := s.Edition(ctx, ref)
	if err == nil {
		err = mayResend(ref, e.State)
	}
	if err != nil {
		return 0, err
	}
	var n int
	err = s.read.QueryRowContext(ctx, `SELECT count(*)`+failedOnes, e.ID).Scan(&n)
	return n, err
}

// mayResend says why an edition cannot be sent once more.
func mayResend(ref newsletter.EditionRef, state newsletter.EditionState) error {
	if state == newsletter.EditionCancelled {
		return fmt.Errorf("edition %s was cancelled: %w", ref, newsletter.ErrState)
	}
	return nil
}

// again makes a letter due for a new round of tries. Message-ID and Date stay.
const again = `UPDATE deliveries SET state = 'queued', reason = '', tries = 0, round_at = NULL, next_at = ?2 WHERE id `

// ResendFailed makes the failed and expired letters of an edition due again, for readers who still are readers and
// have no copy.
func (s *Store) ResendFailed(ctx context.Context, ref newsletter.EditionRef, by string, now time.Time) (letters int, err error) {
	err = s.onEdition(ctx, ref, func(t tx, id int64, state newsletter.EditionState) error {
		if err := mayResend(ref, state); err != nil {
			return err
		}
		n, err := changed(t.exec(again+`IN (SELECT d.id`+failedOnes+`)`, id, ms(now)))
		letters = int(n)
		if err != nil || n == 0 {
			return err
		}
		return t.reopen(id, outbox.Resend{What: outbox.ResendFailed, By: by, At: now, People: letters})
	})
	return letters, err
}

// reopen lets an edition send again, and writes down who asked for it.
func (t tx) reopen(id int64, r outbox.Resend) error {
	if _, err := t.exec(`UPDATE editions SET state = 'sending' WHERE id = ? AND state = 'done'`, id); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO resends (edition_id, what, asked_by, asked_at, people, delivery_id) VALUES (?, ?, ?, ?, ?, ?)`,
		id, r.What, r.By, ms(r.At), r.People, sql.NullInt64{Int64: r.Delivery, Valid: r.Delivery != 0})
	return err
}

// Resends lists who had an edition sent once more, the earliest first.
func (s *Store) Resends(ctx context.Context, edition int64) ([]outbox.Resend, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT what, asked_by, asked_at, people, coalesce(delivery_id, 0) FROM resends
		WHERE edition_id = ? ORDER BY id`, edition)
	if err != nil {
		return nil, fmt.Errorf("read resends: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r outbox.Resend, err error) {
		var at sql.NullInt64
		err = rows.Scan(&r.What, &r.By, &at, &r.People, &r.Delivery)
		r.At = instant(at)
		return r, err
	})
}

// ResendTo owes one reader an edition once more; see outbox.Ledger.
func (s *Store) ResendTo(ctx context.Context, ref newsletter.EditionRef, to address.Address, by string, now time.Time) (next outbox.NextCopy, err error) {
	err = s.onEdition(ctx, ref, func(t tx, id int64, state newsletter.EditionState) error {
		var owed copyOf
		if owed, err = t.nextCopy(ref, id, state, to); err != nil {
			return err
		}
		next = owed.NextCopy
		if owed.delivery, err = t.owe(id, id, owed, now); err != nil {
			return err
		}
		return t.reopen(id, outbox.Resend{What: outbox.ResendTo, By: by, At: now, People: 1, Delivery: owed.delivery})
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
	subscriber, delivery int64
}

// nextCopy is the reader's latest copy where it did not arrive or may not have, and the one after it where it did.
func (t tx) nextCopy(ref newsletter.EditionRef, edition int64, state newsletter.EditionState, to address.Address) (c copyOf, err error) {
	if err := mayResend(ref, state); err != nil {
		return c, err
	}
	if state == newsletter.EditionQueueing {
		return c, fmt.Errorf("edition %s is still being queued: %w", ref, newsletter.ErrBusy)
	}
	if c.subscriber, err = t.reader(ref, edition, to); err != nil {
		return c, err
	}
	err = t.row(`SELECT id, copy, state FROM deliveries WHERE edition_id = ? AND subscriber_id = ? AND kind = 'edition' ORDER BY copy DESC LIMIT 1`,
		edition, c.subscriber).Scan(&c.delivery, &c.Copy, &c.Had)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		c.Copy, err = 1, nil
	case err == nil && c.Had == newsletter.Attempting:
		err = fmt.Errorf("copy %d of %s is on the wire at this moment: %w", c.Copy, ref, newsletter.ErrState)
	case err == nil && (c.Had == newsletter.Sent || c.Had == newsletter.Bounced):
		c.Copy, c.delivery = c.Copy+1, 0
	}
	return c, err
}

// owe makes a copy due at once and returns its row. A new row becomes part of the run.
func (t tx) owe(edition, run int64, c copyOf, now time.Time) (id int64, err error) {
	if c.delivery != 0 {
		_, err = t.exec(again+`= ?1`, c.delivery, ms(now))
		return c.delivery, err
	}
	err = t.row(`INSERT INTO deliveries (kind, run, edition_id, variant_id, newsletter_id, subscriber_id, copy, state, next_at)
		SELECT 'edition', ?, e.id, v.id, e.newsletter_id, ?, ?, 'queued', ? FROM editions e JOIN variants v ON v.edition_id = e.id AND v.key = 'full'
		WHERE e.id = ? RETURNING id`, run, c.subscriber, c.Copy, ms(now), edition).Scan(&id)
	return id, err
}
