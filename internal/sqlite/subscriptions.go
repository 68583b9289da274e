package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// activate gives a subscription its place in the order of activations and approvals: an edition's audience is those
// whose place is before its own.
func (t tx) activate(id int64, now time.Time) error {
	var sequence int64
	if err := t.row(`UPDATE store SET sequence = sequence + 1 RETURNING sequence`).Scan(&sequence); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE subscriptions SET state = 'active', activated = ?1, since_at = ?2, confirmed_at = ?2, until_at = NULL, epoch = epoch + 1 WHERE id = ?3`,
		sequence, ms(now), id)
	return err
}

func (t tx) recordConsent(subscriptionID int64, c newsletter.Consent) error {
	return t.recordConsentIf(true, subscriptionID, c)
}

// recordConsentIf is recordConsent where it is willing, and leaves nothing where it is not: in the same statements, so that nobody
// can tell from outside which of the two it was. A row that may not be made has a NULL, and is ignored. (SELECT … WHERE would do
// the same, but SQLite prepares to undo it and copies what it changes.)
func (t tx) recordConsentIf(willing bool, subscriptionID int64, c newsletter.Consent) error {
	wording := sql.NullString{String: c.Wording.Version, Valid: c.Wording.Version != ""}
	if wording.Valid {
		if _, err := t.exec(`INSERT OR IGNORE INTO wordings (version, text) VALUES (?, iif(?, ?, NULL))`, wording, willing, c.Wording.Text); err != nil {
			return err
		}
	}
	n, err := changed(t.exec(`INSERT OR IGNORE INTO consents (subscription_id, act, at, origin, source, wording, network) VALUES (iif(?, ?, NULL), ?, ?, ?, ?, ?, nullif(?, ''))`,
		willing, subscriptionID, c.Act, ms(c.At), c.Origin, c.Source, wording, c.Network))
	if err == nil && willing && n == 0 {
		return fmt.Errorf("the consent %q of subscription %d does not fit", c.Act, subscriptionID)
	}
	return err
}

// Leave ends a subscription; see subscription.Store. It is an act of the person's own.
func (s *Store) Leave(ctx context.Context, id int64, consent newsletter.Consent) (left bool, err error) {
	err = s.update(ctx, func(t tx) error {
		if left, err = t.leave(id, consent); err != nil || !left {
			return err
		}
		return t.acted(id, consent.At)
	})
	return left, err
}

// leave ends a subscription, and keeps what is needed to take that back.
func (t tx) leave(id int64, consent newsletter.Consent) (left bool, err error) {
	var state newsletter.SubscriptionState
	if err := t.row(`SELECT state FROM subscriptions WHERE id = ?`, id).Scan(&state); err != nil {
		return false, found(err, fmt.Sprintf("subscription %d", id))
	}
	if state == newsletter.Unsubscribed {
		return false, nil
	}
	if state == newsletter.Active {
		if err := t.stepOut(id); err != nil {
			return false, err
		}
	}
	if _, err := t.exec(`UPDATE subscriptions SET was = state, state = 'unsubscribed', since_at = ?, epoch = epoch + 1 WHERE id = ?`,
		ms(consent.At), id); err != nil {
		return false, err
	}
	return true, t.recordConsent(id, consent)
}

const subscriptionSelect = `SELECT p.id, b.id, coalesce(b.address, ''), b.language, EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash), b.created_at, b.acted_at, iif(b.asked_at >= b.acted_at, b.asked_at, NULL),
		n.name, p.state, p.epoch, iif(p.state = 'paused', p.until_at, NULL), p.since_at, p.confirmed_at
	FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id JOIN newsletters n ON n.id = p.newsletter_id `

func scanSubscription(row interface{ Scan(...any) error }) (newsletter.Subscription, error) {
	var s newsletter.Subscription
	var created, acted, asked, until, since, confirmed sql.NullInt64
	err := row.Scan(&s.ID, &s.Subscriber.ID, &s.Subscriber.Address, &s.Subscriber.Language, &s.Subscriber.Silenced, &created, &acted, &asked,
		&s.Newsletter, &s.State, &s.Epoch, &until, &since, &confirmed)
	s.Subscriber.Created, s.Subscriber.Acted, s.Subscriber.Asked = instant(created), instant(acted), instant(asked)
	s.Until, s.Since, s.Confirmed = instant(until), instant(since), instant(confirmed)
	return s, err
}

func (s *Store) subscriptions(ctx context.Context, where string, args ...any) ([]newsletter.Subscription, error) {
	rows, err := s.read.QueryContext(ctx, subscriptionSelect+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Subscription, error) { return scanSubscription(rows) })
}

// Subscriptions lists subscriptions; see subscription.Store.
func (s *Store) Subscriptions(ctx context.Context, f subscription.Filter) ([]newsletter.Subscription, error) {
	if f.Limit <= 0 {
		f.Limit = 1000
	}
	return s.subscriptions(ctx, `WHERE (?1 = '' OR n.name = ?1) AND (?2 = '' OR p.state = ?2) AND p.id > ?3 ORDER BY p.id LIMIT ?4`,
		f.Newsletter, string(f.State), f.After, f.Limit)
}

// SubscriptionsOf lists what an address is subscribed to.
func (s *Store) SubscriptionsOf(ctx context.Context, a address.Address) ([]newsletter.Subscription, error) {
	subs, err := s.subscriptions(ctx, `WHERE b.hash = ? AND b.address IS NOT NULL ORDER BY p.id`, s.hashOf(a))
	if err == nil && len(subs) == 0 {
		return nil, fmt.Errorf("subscriber %s: %w", a, newsletter.ErrNotFound)
	}
	return subs, err
}

// Subscription finds one subscription.
func (s *Store) Subscription(ctx context.Context, id int64) (newsletter.Subscription, error) {
	sub, err := scanSubscription(s.read.QueryRowContext(ctx, subscriptionSelect+`WHERE p.id = ?`, id))
	return sub, found(err, fmt.Sprintf("subscription %d", id))
}

// CountSubscriptions counts a newsletter's subscriptions by state.
func (s *Store) CountSubscriptions(ctx context.Context, name string) (map[newsletter.SubscriptionState]int, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT p.state, count(*) FROM subscriptions p JOIN newsletters n ON n.id = p.newsletter_id
		WHERE n.name = ? GROUP BY p.state`, name)
	if err != nil {
		return nil, fmt.Errorf("count subscriptions: %w", err)
	}
	return counts[newsletter.SubscriptionState](rows)
}

func counts[State ~string](rows *sql.Rows) (map[State]int, error) {
	type line struct {
		state State
		n     int
	}
	lines, err := collectRows(rows, func(rows *sql.Rows) (l line, err error) { return l, rows.Scan(&l.state, &l.n) })
	byState := make(map[State]int, len(lines))
	for _, l := range lines {
		byState[l.state] = l.n
	}
	return byState, err
}

// Consents lists the record of a subscription, oldest first.
func (s *Store) Consents(ctx context.Context, id int64) ([]newsletter.Consent, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT c.act, c.at, c.origin, c.source, coalesce(w.version, ''), coalesce(w.text, ''), coalesce(c.network, '')
		FROM consents c LEFT JOIN wordings w ON w.version = c.wording
		WHERE c.subscription_id = ? ORDER BY c.id`, id)
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Consent, error) {
		var c newsletter.Consent
		var at sql.NullInt64
		err := rows.Scan(&c.Act, &at, &c.Origin, &c.Source, &c.Wording.Version, &c.Wording.Text, &c.Network)
		c.At = instant(at)
		return c, err
	})
}

// FreezeLetter keeps the text of a single letter; see subscription.Store.
func (s *Store) FreezeLetter(ctx context.Context, v newsletter.Variant) (id int64, err error) {
	err = s.update(ctx, func(t tx) error {
		return t.row(`INSERT INTO variants (key, kind, subject, html, text) VALUES (?, 'letter', ?, ?, ?)
			ON CONFLICT (key) WHERE kind = 'letter' DO UPDATE SET key = key RETURNING id`, v.Key, v.Subject, v.HTML, v.Text).Scan(&id)
	})
	return id, err
}
