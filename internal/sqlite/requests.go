package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// ofRequest are the subscriptions q that a letter names whose link is about a subscription p: those of the same request.
// A letter made before that request named p, and nobody knows what else: of its link it is that one alone.
const ofRequest = ` FROM subscriptions p JOIN subscriptions q ON q.subscriber_id = p.subscriber_id AND (q.id = p.id OR q.request = p.request AND p.request < ?2)
	JOIN newsletters n ON n.id = q.newsletter_id WHERE p.id = ?1 `

// standAlike are those of them that stand as p does: pending, or receiving.
const standAlike = ofRequest + `AND (q.state = 'pending') = (p.state = 'pending') AND q.state <> 'unsubscribed' ORDER BY q.id`

// madeBefore is the first instant at which a letter of that time was made certainly: links know whole seconds.
func madeBefore(letter time.Time) int64 { return (letter.Unix() + 1) * 1000 }

// Request tells where a request stands; see subscription.SignUps.
func (s *Store) Request(ctx context.Context, id int64, letter time.Time) (r subscription.Requested, err error) {
	if r.Subscription, err = s.Subscription(ctx, id); err != nil {
		return r, err
	}
	var at sql.NullInt64
	err = s.read.QueryRowContext(ctx, `SELECT u.kind, u.at FROM subscribers b JOIN suppressions u ON u.hash = b.hash WHERE b.id = ?`, r.Subscriber.ID).
		Scan(&r.Suppression.Kind, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("request of subscription %d: %w", id, err)
	}
	r.Suppression.At = instant(at)
	rows, err := s.read.QueryContext(ctx, `SELECT n.name`+standAlike, id, madeBefore(letter))
	if err != nil {
		return r, fmt.Errorf("request of subscription %d: %w", id, err)
	}
	r.Newsletters, err = collectRows(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	return r, err
}

// A member is one subscription of a request.
type member struct {
	id, newsletterID int64
	name             string
	state            newsletter.SubscriptionState
}

// members lists those of a request that stand as its first does: pending, or receiving.
func (t tx) members(id int64, letter time.Time) ([]member, error) {
	rows, err := t.query(`SELECT q.id, q.newsletter_id, n.name, q.state`+standAlike, id, madeBefore(letter))
	if err != nil {
		return nil, err
	}
	return collectRows(rows, func(rows *sql.Rows) (m member, err error) {
		return m, rows.Scan(&m.id, &m.newsletterID, &m.name, &m.state)
	})
}

// A standing is a subscription with what is known of its address, read in a transaction.
type standing struct {
	newsletterID int64
	state        newsletter.SubscriptionState
	epoch        uint32
	hash         []byte
	request      sql.NullInt64
	asker
}

func (t tx) standing(id int64, now time.Time) (s standing, err error) {
	var at sql.NullInt64
	err = t.row(`SELECT p.newsletter_id, p.state, p.epoch, p.request, b.id, b.hash, s.holding, coalesce(u.kind, ''), u.at
		FROM store s, subscriptions p JOIN subscribers b ON b.id = p.subscriber_id LEFT JOIN suppressions u ON u.hash = b.hash WHERE p.id = ?`, id).
		Scan(&s.newsletterID, &s.state, &s.epoch, &s.request, &s.subscriber, &s.hash, &s.holding, &s.silence.Kind, &at)
	s.silence.At = instant(at)
	s.lifts = s.silence.Lifts(now)
	return s, found(err, fmt.Sprintf("subscription %d", id))
}

// ConfirmRequest makes a request active; see subscription.SignUps.
func (s *Store) ConfirmRequest(ctx context.Context, c subscription.Confirmation) (epoch uint32, done bool, err error) {
	err = s.update(ctx, func(t tx) error {
		epoch, done = 0, false
		p, err := t.standing(c.Subscription, c.Consent.At)
		if errors.Is(err, newsletter.ErrNotFound) {
			return nil
		}
		if err != nil || p.epoch != c.Epoch || p.state == newsletter.Unsubscribed || p.state != newsletter.Pending && !p.lifts {
			return err
		}
		all, err := t.members(c.Subscription, c.Letter)
		if err != nil {
			return err
		}
		for _, m := range all {
			if err := t.confirm(m, c.Consent, c.Letter); err != nil {
				return err
			}
		}
		if err := t.heard(p, c); err != nil {
			return err
		}
		epoch, done = p.epoch+1, true
		return t.welcome(p, all, c)
	})
	return epoch, done, err
}

// confirm records the consent to one subscription of a request. Its wording is that of the request, which the person
// had before their eyes when they asked; not that of somebody who asked after the letter, or for whom none left.
func (t tx) confirm(m member, c newsletter.Consent, letter time.Time) error {
	err := t.row(`SELECT coalesce(c.wording, '') FROM consents c JOIN subscriptions p ON p.id = c.subscription_id WHERE p.id = ?1 AND c.act = 'requested'
		ORDER BY c.at > coalesce(p.request, ?2) OR c.at >= ?2, c.id DESC LIMIT 1`, m.id, madeBefore(letter)).Scan(&c.Wording.Version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if m.state == newsletter.Pending {
		err = t.activate(m.id, c.At)
	} else {
		_, err = t.exec(`UPDATE subscriptions SET epoch = epoch + 1, confirmed_at = ? WHERE id = ?`, ms(c.At), m.id)
	}
	if err != nil {
		return err
	}
	return t.recordConsent(m.id, c)
}

// heard ends what a confirmation ends: a silence that lifts, that the address was left once, and the limits of the letters
// that asked for it.
func (t tx) heard(p standing, c subscription.Confirmation) error {
	if p.lifts {
		if _, err := t.exec(`DELETE FROM suppressions WHERE hash = ?`, p.hash); err != nil {
			return err
		}
	}
	if err := t.used(p.hash); err != nil {
		return err
	}
	if err := t.forgetLimits(c.Forget); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE subscribers SET acted_at = ?, asked_at = NULL WHERE id = ?`, ms(c.Consent.At), p.subscriber)
	return err
}

func (t tx) welcome(p standing, all []member, c subscription.Confirmation) error {
	about := make([]string, len(all))
	for i, m := range all {
		about[i] = m.name
	}
	letter := singleLetter{kind: newsletter.LetterWelcome, newsletterID: p.newsletterID, subscriber: p.subscriber, at: c.Consent.At}
	var ok bool
	if letter.variant, ok = c.Letters.Text(letter.kind, about); !ok {
		return &subscription.Unwritten{Kind: letter.kind, About: about}
	}
	if p.silence.Kind != "" && !p.lifts {
		letter.reason = newsletter.CancelSuppressed
	}
	_, err := t.queueLetter(letter)
	return err
}

// pendingOf is the request that a pending subscription is part of.
func (t tx) pendingOf(id int64, now time.Time) (r pendingRequest, all []member, err error) {
	p, err := t.standing(id, now)
	if err != nil {
		return r, nil, err
	}
	if p.state != newsletter.Pending {
		return r, nil, fmt.Errorf("subscription %d is %s: %w", id, p.state, newsletter.ErrState)
	}
	r.asker, r.at, r.first = p.asker, p.request, p.newsletterID
	all, err = t.members(id, now)
	for _, m := range all {
		r.pending = append(r.pending, m.name)
	}
	return r, all, err
}

// RenewRequest owes a confirmation letter once more; see subscription.SignUps.
func (s *Store) RenewRequest(ctx context.Context, n subscription.Renewal) (subscription.Admission, error) {
	f := s.form(subscription.Asking{Spending: n.Spending}, ``)
	return s.admit(ctx, func(t tx) (subscription.Admission, error) {
		if why, err := t.refused(f); err != nil || why != "" {
			return why, err
		}
		if err := t.spend(n.Spending); err != nil {
			return "", err
		}
		r, all, err := t.pendingOf(n.Subscription, n.Now)
		if err != nil {
			return "", err
		}
		for _, m := range all { // it waits for its confirmation anew, once
			if _, err := t.exec(`UPDATE subscriptions SET since_at = max(since_at, min(?, since_at + ?)), renewed = 1 WHERE id = ? AND renewed = 0`,
				ms(n.Now), n.Extend.Milliseconds(), m.id); err != nil {
				return "", err
			}
		}
		kept, err := t.oweRequest(r, newsletter.LetterConfirm, n)
		if err == nil && kept == newsletter.CancelLimited {
			return "", errBeyond
		}
		return subscription.Admitted, err
	})
}

const unreminded = `SELECT min(p.id), b.address FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id
	WHERE p.state = 'pending' AND p.since_at <= ?1 AND p.reminded_at IS NULL AND b.address IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash)
	AND EXISTS (SELECT 1 FROM deliveries d WHERE d.kind <> 'edition' AND d.subscriber_id = b.id AND d.letter = 'confirm' AND d.state = 'sent' AND d.request = p.request)
	AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.kind <> 'edition' AND d.subscriber_id = b.id AND d.run < 0 AND d.next_at IS NOT NULL)
	GROUP BY p.subscriber_id, p.request HAVING min(p.id) > ?2 ORDER BY 1 LIMIT ?3`

// Unreminded lists requests that may be reminded of; see subscription.SignUps.
func (s *Store) Unreminded(ctx context.Context, until time.Time, after int64, limit int) ([]subscription.Requested, error) {
	rows, err := s.read.QueryContext(ctx, unreminded, ms(until), after, limit)
	if err != nil {
		return nil, fmt.Errorf("sign-ups to remind of: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r subscription.Requested, err error) {
		return r, rows.Scan(&r.ID, &r.Subscriber.Address)
	})
}

// Remind owes the reminder of a request; see subscription.SignUps.
func (s *Store) Remind(ctx context.Context, n subscription.Renewal) error {
	return s.update(ctx, func(t tx) error {
		r, all, err := t.pendingOf(n.Subscription, n.Now)
		if err != nil {
			return err
		}
		for _, m := range all {
			if _, err := t.exec(`UPDATE subscriptions SET reminded_at = ? WHERE id = ?`, ms(n.Now), m.id); err != nil {
				return err
			}
		}
		_, err = t.oweRequest(r, newsletter.LetterRemind, n)
		return err
	})
}
