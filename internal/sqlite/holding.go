package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

const spanMinutes = int64(admission.Span / time.Minute)

// Holding tells how holding stands; see subscription.SignUps. What an attack brought is not usual while it lasts.
func (s *Store) Holding(ctx context.Context, now time.Time) (h subscription.Hold, err error) {
	var since sql.NullInt64
	err = s.read.QueryRowContext(ctx, `SELECT holding, held_at FROM store`).Scan(&h.State, &since)
	if err != nil {
		return h, fmt.Errorf("holding: %w", err)
	}
	h.Since = instant(since)
	quiet := minute(now) - spanMinutes
	if h.State == subscription.HoldAttack {
		quiet = min(quiet, minute(h.Since)-spanMinutes)
	}
	err = s.read.QueryRowContext(ctx, `SELECT
		(SELECT coalesce(sum(asked), 0) FROM signups WHERE minute > ?1 AND minute <= ?2),
		(SELECT coalesce(sum(asked), 0) FROM signups WHERE minute > ?3 AND minute <= ?4),
		(SELECT coalesce(sum(worked), 0) FROM signups WHERE minute > ?1 AND minute <= ?2),
		(SELECT coalesce(sum(worked), 0) FROM signups WHERE minute > ?3 AND minute <= ?4),
		EXISTS (SELECT 1 FROM deliveries WHERE run = ?5 AND next_at IS NOT NULL)`,
		minute(now)-spanMinutes, minute(now), quiet-int64(admission.Usual/time.Minute), quiet, runHeld).
		Scan(&h.Traffic.Recent, &h.Traffic.Before, &h.Worked.Recent, &h.Worked.Before, &h.Keeps)
	if err != nil {
		return h, fmt.Errorf("sign-ups so far: %w", err)
	}
	return h, nil
}

// SetHolding changes how holding stands; see subscription.SignUps.
func (s *Store) SetHolding(ctx context.Context, from, to subscription.HoldState, now time.Time, about string, notice *newsletter.Notice) (held bool, err error) {
	err = s.update(ctx, func(t tx) error {
		var since sql.NullInt64
		if to != subscription.HoldNothing {
			since = ms(now)
		}
		if from == subscription.HoldAttack {
			if _, err := t.exec(`DELETE FROM signups WHERE minute > (SELECT held_at / 60000 - ? FROM store WHERE holding = ?)`, spanMinutes, from); err != nil {
				return err
			}
		}
		n, err := changed(t.exec(`UPDATE store SET holding = ?, held_at = ? WHERE holding = ?`, to, since, from))
		held = n > 0
		if err != nil || !held {
			return err
		}
		if err := t.holdQueued(to, now); err != nil || notice == nil {
			return err
		}
		newsletterID, err := t.newsletterID(about)
		if err != nil {
			return err
		}
		return t.notify(newsletterID, sql.NullInt64{}, "signups", *notice, now)
	})
	return held, err
}

// holdQueued holds back what has not left: in an attack the letters that leave later, because their form came without
// its work, and all of them when the operator says so.
func (t tx) holdQueued(to subscription.HoldState, now time.Time) error {
	if to == subscription.HoldNothing {
		return nil
	}
	_, err := t.exec(`UPDATE deliveries SET run = iif(next_at > ?1, ?4, ?5)
		WHERE run = ?3 AND next_at > iif(?2, 0, ?1) AND letter = 'confirm' AND state = 'queued'`,
		ms(now), to == subscription.HoldOperator, runAhead, runDoubted, runHeld)
	return err
}

// Release lets letters go that are held back; see subscription.SignUps.
func (s *Store) Release(ctx context.Context, all bool, now time.Time, limit int) (letters int, err error) {
	err = s.update(ctx, func(t tx) error {
		least := runHeld
		if all {
			least = runDoubted
		}
		n, err := changed(t.exec(`UPDATE deliveries SET run = ?4, next_at = ?1 WHERE id IN (SELECT id FROM deliveries
			WHERE `+heldBack+` AND run >= ?5 AND (?2 OR (SELECT holding FROM store) <> 'hold') ORDER BY id LIMIT ?3)`,
			ms(now), all, limit, runAhead, least))
		letters = int(n)
		return err
	})
	return letters, err
}

// Discard cancels letters that are held back; see subscription.SignUps.
func (s *Store) Discard(ctx context.Context, charged func(address.Address) admission.Limit, limit int) (letters int, err error) {
	err = s.update(ctx, func(t tx) error {
		held, err := t.held(limit)
		letters = len(held)
		for _, d := range held {
			if err == nil {
				_, err = t.exec(`UPDATE deliveries SET state = 'cancelled', reason = ?, next_at = NULL WHERE id = ?`, newsletter.CancelOperator, d.ID)
			}
			if who, wrong := address.Parse(d.Address); err == nil && wrong == nil {
				err = t.refund(charged(who))
			}
		}
		return err
	})
	return letters, err
}

// held lists letters that are held back, the earliest first: number, and address where it is not forgotten.
func (t tx) held(limit int) ([]newsletter.Delivery, error) {
	rows, err := t.query(`SELECT d.id, coalesce(b.address, '') FROM deliveries d LEFT JOIN subscribers b ON b.id = d.subscriber_id
		WHERE d.run < 0 AND d.next_at IS NOT NULL ORDER BY d.id LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	return collectRows(rows, func(rows *sql.Rows) (d newsletter.Delivery, err error) { return d, rows.Scan(&d.ID, &d.Address) })
}

// signUpNumbers and letterNumbers look at no more than the consents from ?1 on and who gave them, besides what waits. ?4 is runDoubted.
const (
	signUpNumbers = `SELECT (SELECT count(*) FROM deliveries WHERE run < 0 AND next_at IS NOT NULL), (SELECT count(*) FROM deliveries WHERE run = ?4 AND next_at IS NOT NULL),
			(SELECT count(*) FROM subscriptions WHERE state = 'pending'), count(*), coalesce(sum(state = 'pending'), 0),
			(SELECT count(*) FROM suppressions u WHERE kind = 'complaint' AND u.at > ?2
				AND (EXISTS (SELECT 1` + writtenTo + `AND b.address IS NOT NULL) OR EXISTS (SELECT 1` + writtenTo + `AND b.address IS NULL))
				AND NOT EXISTS (SELECT 1` + confirmedOnce + `AND b.address IS NOT NULL) AND NOT EXISTS (SELECT 1` + confirmedOnce + `AND b.address IS NULL))
		FROM subscriptions WHERE id IN (SELECT subscription_id FROM consents WHERE id >= ?1 AND act = 'requested' AND at > ?2 AND at <= ?3)`
	confirmedOnce = ` FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id WHERE b.hash = u.hash AND p.confirmed_at IS NOT NULL `
	writtenTo     = ` FROM subscribers b JOIN deliveries d ON d.kind <> 'edition' AND d.subscriber_id = b.id JOIN attempts a ON a.delivery_id = d.id
		WHERE b.hash = u.hash AND d.letter IN ('confirm', 'remind') AND a.state = 'sent' AND a.ended_at > ?2 AND a.ended_at <= u.at `
	letterNumbers = `SELECT state, count(*) FROM deliveries WHERE kind <> 'edition' AND letter IN ('confirm', 'remind') AND request > ?2 AND subscriber_id IN (SELECT subscriber_id FROM subscriptions
			WHERE id IN (SELECT subscription_id FROM consents WHERE id >= ?1 AND act = 'requested' AND at > ?2))
		GROUP BY state`
)

// SignUpCounts counts for the operator; see subscription.SignUps.
func (s *Store) SignUpCounts(ctx context.Context, now time.Time) (c subscription.SignUpCounts, err error) {
	day := 24 * time.Hour
	week := now.Add(-7 * day)
	first, err := s.firstAfter(ctx, consentAt, week)
	if err != nil {
		return c, fmt.Errorf("find the consents of the last week: %w", err)
	}
	err = s.read.QueryRowContext(ctx, signUpNumbers, first, ms(week), ms(now.Add(-day)), runDoubted).Scan(&c.Held, &c.Doubted, &c.Pending, &c.Asked, &c.Unconfirmed, &c.Complaints)
	if err != nil {
		return c, fmt.Errorf("count sign-ups: %w", err)
	}
	rows, err := s.read.QueryContext(ctx, letterNumbers, first, ms(week))
	if err != nil {
		return c, fmt.Errorf("count confirmation letters: %w", err)
	}
	c.Letters, err = counts[newsletter.DeliveryState](rows)
	return c, err
}

// sweepLinks deletes up to ?2 letters with a link that nobody was owed: their addresses are empty in the index of
// addresses.
const sweepLinks = `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries
	WHERE address IS NOT NULL AND lower(address) = '' AND subscriber_id IS NULL AND letter = 'link' LIMIT ?2)`

// SweepSignUps forgets what the guards need no longer; see subscription.SignUps.
func (s *Store) SweepSignUps(ctx context.Context, now time.Time, limit int) (more bool, err error) {
	if err := s.sweepLimits(ctx, now, limit); err != nil {
		return false, err
	}
	err = s.update(ctx, func(t tx) error {
		more = false
		oldest := minute(now) - int64((admission.Usual+24*time.Hour)/time.Minute) - 2*spanMinutes
		for _, sweep := range []struct {
			query string
			over  int64
		}{
			{`DELETE FROM stamps WHERE (until, nonce) IN (SELECT until, nonce FROM stamps WHERE until <= ? LIMIT ?)`, now.UnixMilli()},
			{`DELETE FROM signups WHERE minute IN (SELECT minute FROM signups WHERE minute <= ? AND (SELECT holding FROM store) <> 'attack' LIMIT ?)`, oldest},
			{sweepLinks, 0},
		} {
			n, err := changed(t.exec(sweep.query, sweep.over, limit))
			if err != nil {
				return err
			}
			more = more || n == int64(limit)
		}
		return nil
	})
	return more, err
}

// sweepLimits forgets all limits that are as if nothing had been asked. They stand in the order of their keys: so all of
// them are looked through, without holding up anybody, and limit at a time deleted.
func (s *Store) sweepLimits(ctx context.Context, now time.Time, limit int) error {
	over, err := s.overLimits(ctx, now, nil, limit)
	for ; err == nil && len(over) > 0; over, err = s.overLimits(ctx, now, over[len(over)-1], limit) {
		err := s.update(ctx, func(t tx) error {
			for _, key := range over {
				if _, err := t.exec(`DELETE FROM limits WHERE key = ? AND at <= ?`, key, now.UnixMilli()); err != nil { // unless it was charged meanwhile
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err != nil {
		return fmt.Errorf("limits that are over: %w", err)
	}
	return nil
}

// overLimits lists keys of limits that are over, those after a key.
func (s *Store) overLimits(ctx context.Context, now time.Time, after []byte, limit int) ([][]byte, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT key FROM limits WHERE key > ? AND at <= ? ORDER BY key LIMIT ?`, append([]byte{}, after...), now.UnixMilli(), limit)
	if err != nil {
		return nil, err
	}
	return collectRows(rows, func(rows *sql.Rows) (key []byte, err error) { return key, rows.Scan(&key) })
}
