package sqlite

import (
	"context"
	"database/sql"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// PurgePending forgets who did not confirm; see subscription.SignUps.
func (s *Store) PurgePending(ctx context.Context, until time.Time, limit int) (more bool, err error) {
	var scrub int64
	var letters []int64
	var addresses []address.Address
	err = s.update(ctx, func(t tx) error {
		letters, scrub, addresses = nil, 0, nil
		some, err := t.unconfirmed(until, limit)
		if err != nil {
			return err
		}
		more = len(some) == limit
		for _, u := range some {
			gone, err := t.forgetRequest(u, until)
			if err != nil {
				return err
			}
			letters = append(letters, gone...)
			if a, err := address.Parse(u.address); err == nil {
				addresses = append(addresses, a)
			}
		}
		if len(some) > 0 {
			scrub, err = t.scrubDue(until, letters)
		}
		return err
	})
	if err == nil {
		s.remember(scrub, addresses)
	}
	return more, err
}

// An unconfirmed is a pending subscription whose time is over.
type unconfirmed struct {
	id, subscriber, newsletterID int64
	before                       bool          // its person received this newsletter, or left it, before
	left                         sql.NullInt64 // when
	address                      string
}

const (
	overdue = `SELECT p.id, p.subscriber_id, p.newsletter_id,
			EXISTS (SELECT 1 FROM consents c WHERE c.subscription_id = p.id AND c.act <> 'requested'),
			(SELECT max(c.at) FROM consents c WHERE c.subscription_id = p.id AND c.act = 'withdrawn'), coalesce(b.address, '')
		FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id WHERE p.state = 'pending' AND p.since_at <= ?1
		AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE +d.subscriber_id = p.subscriber_id AND d.state = 'attempting')
		ORDER BY p.since_at LIMIT ?2`

	// askLetters are the letters that ask the subscriber ?1 to confirm a subscription to the newsletter ?2.
	askLetters = ` FROM deliveries WHERE kind <> 'edition' AND subscriber_id = ?1 AND newsletter_id = ?2 AND letter IN ('confirm', 'remind')`
)

// unconfirmed leaves out people whose letter is on the wire at this moment: their turn comes with the next purge.
func (t tx) unconfirmed(until time.Time, limit int) ([]unconfirmed, error) {
	rows, err := t.query(overdue, ms(until), limit)
	if err != nil {
		return nil, err
	}
	return collectRows(rows, func(rows *sql.Rows) (u unconfirmed, err error) {
		return u, rows.Scan(&u.id, &u.subscriber, &u.newsletterID, &u.before, &u.left, &u.address)
	})
}

func (t tx) forgetRequest(u unconfirmed, now time.Time) (letters []int64, err error) {
	if u.before {
		return nil, t.putBack(u, now)
	}
	letters, err = t.ids(`SELECT id`+askLetters+` ORDER BY id`, u.subscriber, u.newsletterID)
	if err != nil {
		return nil, err
	}
	for _, query := range []string{
		`DELETE FROM attempts WHERE delivery_id IN (SELECT id` + askLetters + `)`,
		`DELETE` + askLetters,
		`DELETE FROM consents WHERE subscription_id IN (SELECT id FROM subscriptions WHERE subscriber_id = ?1 AND newsletter_id = ?2)`,
		`DELETE FROM subscriptions WHERE subscriber_id = ?1 AND newsletter_id = ?2`,
	} {
		if _, err := t.exec(query, u.subscriber, u.newsletterID); err != nil {
			return nil, err
		}
	}
	others, err := t.forgetStranger(u.subscriber)
	return append(letters, others...), err
}

// forgetStranger deletes a subscriber of whom nothing but letters is known any more.
func (t tx) forgetStranger(subscriber int64) (letters []int64, err error) {
	var known bool
	err = t.row(`SELECT EXISTS (SELECT 1 FROM subscriptions WHERE subscriber_id = ?1) OR EXISTS (SELECT 1 FROM moves WHERE subscriber_id = ?1)`, subscriber).Scan(&known)
	if err != nil || known {
		return nil, err
	}
	if letters, err = t.ids(lettersOf+` ORDER BY id`, subscriber); err != nil {
		return nil, err
	}
	for _, query := range []string{
		`DELETE FROM attempts WHERE delivery_id IN (` + lettersOf + `)`,
		`DELETE FROM deliveries WHERE id IN (` + lettersOf + `)`,
		`DELETE FROM subscribers WHERE id = ?1`,
	} {
		if _, err := t.exec(query, subscriber); err != nil {
			return nil, err
		}
	}
	return letters, nil
}

// putBack gives a subscription the standing that it had before it was asked for again.
func (t tx) putBack(u unconfirmed, now time.Time) error {
	if !u.left.Valid {
		u.left = ms(now)
	}
	if _, err := t.exec(`UPDATE subscriptions SET state = 'unsubscribed', since_at = ?, request = NULL, reminded_at = NULL WHERE id = ?`, u.left, u.id); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE deliveries SET state = 'cancelled', reason = ?3, next_at = NULL WHERE next_at IS NOT NULL AND id IN (SELECT id`+askLetters+`)`,
		u.subscriber, u.newsletterID, newsletter.CancelOver)
	return err
}
