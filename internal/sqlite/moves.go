package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// OpenMove writes a change of address down; see subscription.Wishes.
func (s *Store) OpenMove(ctx context.Context, h subscription.Handle, m subscription.NewAddress) error {
	return s.forBearer(ctx, h, func(t tx, p bearer) error {
		reason, err := t.mayMove(p.subscriber, m)
		if err != nil {
			return err
		}
		if err := t.dropMoves(`subscriber_id = ?`, p.subscriber); err != nil {
			return err
		}
		l := singleLetter{
			kind: newsletter.LetterMove, run: runAhead, variant: m.Variant, newsletterID: p.newsletterID, subscriber: p.subscriber,
			address: m.Address.String(), at: m.At, reason: reason,
		}
		if err := t.row(`INSERT INTO moves (subscriber_id, hash, address, at) VALUES (?, ?, ?, ?) RETURNING id`,
			p.subscriber, t.hash(m.Address), l.address, ms(m.At)).Scan(&l.move); err != nil {
			return err
		}
		if _, err := t.queueLetter(l); err != nil {
			return err
		}
		return t.acted(p.id, m.At)
	})
}

// mayMove says why no letter goes to a new address, if so. All that is asked is asked whatever the answer is, so that
// addresses cannot be told apart by it.
func (t tx) mayMove(subscriber int64, m subscription.NewAddress) (reason newsletter.CancelReason, err error) {
	for _, l := range m.Limits {
		ok, err := t.charge(l, m.At)
		if err != nil {
			return "", err
		}
		if !ok {
			reason = newsletter.CancelLimited
		}
	}
	taken, suppressed, err := t.taken(t.hash(m.Address), subscriber)
	switch {
	case suppressed:
		reason = newsletter.CancelSuppressed
	case taken:
		reason = newsletter.CancelTaken
	}
	return reason, err
}

// taken tells whether an address is another person's, or suppressed.
func (t tx) taken(hash []byte, subscriber int64) (taken, suppressed bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM subscribers WHERE hash = ?1 AND id <> ?2), EXISTS (SELECT 1 FROM suppressions WHERE hash = ?1)`,
		hash, subscriber).Scan(&taken, &suppressed)
	return taken, suppressed, err
}

// dropMoves forgets changes of address, and the address in the record of their letters. A letter that waits does not
// leave any more.
func (t tx) dropMoves(where string, args ...any) error {
	if _, err := t.exec(`UPDATE deliveries SET address = iif(address IS NULL, NULL, ''), reason = iif(next_at IS NULL, reason, 'over'), state = iif(next_at IS NULL, state, 'cancelled'), next_at = NULL
		WHERE id IN (SELECT d.id FROM moves m JOIN deliveries d ON d.subscriber_id = m.subscriber_id AND d.move_id = m.id
			WHERE m.id IN (SELECT id FROM moves WHERE `+where+`))`, args...); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM moves WHERE id IN (SELECT id FROM moves WHERE `+where+`)`, args...)
	return err
}

// MoveTo tells where a change of address leads; see subscription.Wishes.
func (s *Store) MoveTo(ctx context.Context, move int64) (to address.Address, language string, err error) {
	var text string
	err = s.read.QueryRowContext(ctx, `SELECT m.address, b.language FROM moves m JOIN subscribers b ON b.id = m.subscriber_id WHERE m.id = ?`, move).
		Scan(&text, &language)
	if err != nil {
		return to, "", found(err, fmt.Sprintf("change of address %d", move))
	}
	to, err = address.Parse(text)
	return to, language, err
}

// Move makes a new address the reader's; see subscription.Wishes.
func (s *Store) Move(ctx context.Context, move int64, consent newsletter.Consent) (id int64, err error) {
	err = s.update(ctx, func(t tx) error {
		subscriber, err := t.movable(move)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE subscribers SET address = m.address, hash = m.hash FROM moves m WHERE m.id = ? AND subscribers.id = m.subscriber_id`, move); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE deliveries SET address = NULL WHERE subscriber_id = ? AND move_id = ?`, subscriber, move); err != nil { // their own by now
			return err
		}
		if err := t.dropMoves(`id = ?`, move); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE subscriptions SET epoch = epoch + 1 WHERE subscriber_id = ?`, subscriber); err != nil {
			return err
		}
		if id, err = t.confirmAll(subscriber, consent); err != nil {
			return err
		}
		return t.acted(id, consent.At)
	})
	return id, err
}

// movable finds whose an open change of address is, where it may be done.
func (t tx) movable(move int64) (subscriber int64, err error) {
	var hash []byte
	var silenced bool
	err = t.row(`SELECT m.subscriber_id, m.hash, EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash AND u.kind <> 'hard-bounce')
		FROM moves m JOIN subscribers b ON b.id = m.subscriber_id WHERE m.id = ? AND b.address IS NOT NULL`, move).Scan(&subscriber, &hash, &silenced)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("the change of address %d is done or forgotten: %w", move, newsletter.ErrState)
	}
	if err != nil {
		return 0, err
	}
	taken, suppressed, err := t.taken(hash, subscriber)
	if err == nil && (taken || suppressed || silenced) {
		err = fmt.Errorf("the change of address %d is not possible any more: %w", move, newsletter.ErrState)
	}
	return subscriber, err
}

// confirmAll records a consent for all that a person receives, and returns one of their subscriptions: of those, if any.
func (t tx) confirmAll(subscriber int64, consent newsletter.Consent) (id int64, err error) {
	rows, err := t.query(`SELECT id, state IN ('active', 'paused') FROM subscriptions WHERE subscriber_id = ? ORDER BY 2, id DESC`, subscriber)
	if err != nil {
		return 0, err
	}
	type one struct {
		id       int64
		receives bool
	}
	all, err := collectRows(rows, func(rows *sql.Rows) (o one, err error) { return o, rows.Scan(&o.id, &o.receives) })
	for _, o := range all {
		if id = o.id; o.receives && err == nil {
			err = t.recordConsent(o.id, consent)
		}
	}
	return id, err
}

// SweepMoves forgets old changes of address; see subscription.Wishes.
func (s *Store) SweepMoves(ctx context.Context, until time.Time, limit int) (n int, err error) {
	err = s.update(ctx, func(t tx) error {
		if err := t.row(`SELECT count(*) FROM (SELECT 1 FROM moves WHERE at <= ? LIMIT ?)`, ms(until), limit).Scan(&n); err != nil || n == 0 {
			return err
		}
		return t.dropMoves(`at <= ? ORDER BY id LIMIT ?`, ms(until), limit)
	})
	return n, err
}
