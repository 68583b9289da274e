package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// A bearer is whoever holds a good link: the subscription that it is about, as it stands in the transaction.
type bearer struct {
	id, newsletterID, subscriber int64
	state, was                   newsletter.SubscriptionState
	until                        time.Time
	suppressed                   bool
}

// bearer reads the subscription of a link. A link that was overtaken is newsletter.ErrState.
func (t tx) bearer(h subscription.Handle) (bearer, error) {
	s := bearer{id: h.Subscription}
	var epoch uint32
	var until sql.NullInt64
	err := t.row(`SELECT p.newsletter_id, p.subscriber_id, p.state, coalesce(p.was, ''), p.until_at, u.hash IS NOT NULL, p.epoch
		FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id LEFT JOIN suppressions u ON u.hash = b.hash
		WHERE p.id = ? AND b.address IS NOT NULL`, s.id).Scan(&s.newsletterID, &s.subscriber, &s.state, &s.was, &until, &s.suppressed, &epoch)
	s.until = instant(until)
	if errors.Is(err, sql.ErrNoRows) || err == nil && epoch != h.Epoch {
		return s, fmt.Errorf("the link to subscription %d was overtaken: %w", s.id, newsletter.ErrState)
	}
	return s, err
}

// forBearer does something for the holder of a link, in one transaction.
func (s *Store) forBearer(ctx context.Context, h subscription.Handle, do func(tx, bearer) error) error {
	return s.update(ctx, func(t tx) error {
		p, err := t.bearer(h)
		if err != nil {
			return err
		}
		return do(t, p)
	})
}

// Beside lists what a person is subscribed to; see subscription.Wishes.
func (s *Store) Beside(ctx context.Context, id int64) ([]newsletter.Subscription, error) {
	all, err := s.subscriptions(ctx, `WHERE p.subscriber_id = (SELECT subscriber_id FROM subscriptions WHERE id = ?) AND b.address IS NOT NULL ORDER BY p.id`, id)
	if err == nil && len(all) == 0 {
		return nil, fmt.Errorf("subscription %d: %w", id, newsletter.ErrNotFound)
	}
	return all, err
}

// TakeBack undoes a leave; see subscription.Wishes.
func (s *Store) TakeBack(ctx context.Context, h subscription.Handle, until time.Time, consent newsletter.Consent) (names []string, err error) {
	err = s.forBearer(ctx, h, func(t tx, p bearer) error {
		if p.state != newsletter.Unsubscribed || p.was == "" || p.was == newsletter.Pending && !until.IsZero() {
			return fmt.Errorf("subscription %d is %s and was %q: %w", p.id, p.state, p.was, newsletter.ErrState)
		}
		together, err := t.leftWith(p)
		if err != nil {
			return err
		}
		names = nil
		for _, left := range together {
			if err := t.takeBack(left.bearer, until, consent); err != nil {
				return err
			}
			names = append(names, left.newsletter)
		}
		return t.acted(p.id, consent.At)
	})
	return names, err
}

// A leaver is a subscription that was left.
type leaver struct {
	bearer
	newsletter string // name
}

// leftWith lists a subscription that was left and, after it, the person's others that the same act ended: it left its
// moment in all of them. A request that was never confirmed is ended by an act of its own.
func (t tx) leftWith(p bearer) ([]leaver, error) {
	rows, err := t.query(`SELECT p.id, p.newsletter_id, p.state, coalesce(p.was, ''), p.until_at, n.name FROM subscriptions p JOIN newsletters n ON n.id = p.newsletter_id
		WHERE p.id = ?1 OR p.subscriber_id = ?2 AND p.state = 'unsubscribed' AND p.was IN ('active', 'paused') AND ?3 <> 'pending'
			AND p.since_at = (SELECT since_at FROM subscriptions WHERE id = ?1)
		ORDER BY p.id <> ?1, p.id`, p.id, p.subscriber, p.was)
	if err != nil {
		return nil, fmt.Errorf("find what else was left: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (leaver, error) {
		l := leaver{bearer: p}
		var until sql.NullInt64
		err := rows.Scan(&l.id, &l.newsletterID, &l.state, &l.was, &until, &l.newsletter)
		l.until = instant(until)
		return l, err
	})
}

func (t tx) takeBack(p bearer, until time.Time, consent newsletter.Consent) error {
	if until.IsZero() && p.was == newsletter.Paused && p.until.After(consent.At) {
		until = p.until
	}
	if err := t.restore(p, until, &consent); err != nil {
		return err
	}
	if err := t.raise(p.id); err != nil {
		return err
	}
	return t.recordConsent(p.id, consent)
}

// restore makes a subscription what it was before it was left. A request that was never confirmed is one again.
func (t tx) restore(p bearer, until time.Time, consent *newsletter.Consent) error {
	switch {
	case p.was == newsletter.Pending:
		consent.Act = newsletter.ConsentRequested
		_, err := t.exec(`UPDATE subscriptions SET state = 'pending', since_at = ?, was = NULL WHERE id = ?`, ms(consent.At), p.id)
		return err
	case !until.IsZero():
		return t.pause(p.id, until, consent.At)
	default:
		return t.comeBack(p.id, consent.At)
	}
}

// raise makes the links of a subscription worthless that need the current epoch.
func (t tx) raise(id int64) error {
	_, err := t.exec(`UPDATE subscriptions SET epoch = epoch + 1 WHERE id = ?`, id)
	return err
}

// SayGoodbye keeps a reason for a leave; see subscription.Wishes. Its day is all that is kept of its time, so that it
// cannot be laid beside the record of who left when.
func (s *Store) SayGoodbye(ctx context.Context, h subscription.Handle, reason string, once admission.Limit, now time.Time) error {
	return s.forBearer(ctx, h, func(t tx, p bearer) error {
		if p.state != newsletter.Unsubscribed {
			return fmt.Errorf("subscription %d is %s: %w", p.id, p.state, newsletter.ErrState)
		}
		ok, err := t.charge(once, now)
		if err != nil || !ok {
			return err
		}
		together, err := t.leftWith(p)
		for _, left := range together {
			if err == nil {
				_, err = t.exec(`INSERT INTO goodbyes (newsletter_id, reason, at) VALUES (?, ?, ?)`, left.newsletterID, reason, ms(now.UTC().Truncate(24*time.Hour)))
			}
		}
		return err
	})
}

// Prefer gives a reader what they chose; see subscription.Wishes.
func (s *Store) Prefer(ctx context.Context, h subscription.Handle, w subscription.Preference) error {
	return s.forBearer(ctx, h, func(t tx, p bearer) error {
		for _, name := range w.Shown {
			newsletterID, err := t.newsletterID(name)
			if err != nil {
				return err
			}
			if slices.Contains(w.Chosen, name) {
				err = t.choose(newsletterID, p.subscriber, w)
			} else {
				err = t.refuse(newsletterID, p.subscriber, w.Withdrawn)
			}
			if err != nil {
				return fmt.Errorf("newsletter %s: %w", name, err)
			}
		}
		return t.acted(p.id, w.Given.At)
	})
}

// choose has a person receive a newsletter, or pause it.
func (t tx) choose(newsletterID, subscriber int64, w subscription.Preference) error {
	if _, err := t.exec(`INSERT INTO subscriptions (newsletter_id, subscriber_id, state, since_at) VALUES (?, ?, 'pending', ?) ON CONFLICT DO NOTHING`,
		newsletterID, subscriber, ms(w.Given.At)); err != nil {
		return err
	}
	var id int64
	var state newsletter.SubscriptionState
	if err := t.row(`SELECT id, state FROM subscriptions WHERE newsletter_id = ? AND subscriber_id = ?`, newsletterID, subscriber).Scan(&id, &state); err != nil {
		return err
	}
	if state == newsletter.Pending || state == newsletter.Unsubscribed {
		if _, err := t.exec(`UPDATE subscriptions SET confirmed_at = ?, epoch = epoch + 1 WHERE id = ?`, ms(w.Given.At), id); err != nil {
			return err
		}
		if err := t.recordConsent(id, w.Given); err != nil {
			return err
		}
	}
	switch {
	case w.Until.IsZero() && state == newsletter.Active, w.KeepPauses && state == newsletter.Paused:
		return nil
	case w.Until.IsZero():
		return t.comeBack(id, w.Given.At)
	case state == newsletter.Active:
		if err := t.stepOut(id); err != nil {
			return err
		}
	}
	return t.pause(id, w.Until, w.Given.At)
}

// refuse ends what a person receives of a newsletter. What they only asked for waits for its confirmation as before.
func (t tx) refuse(newsletterID, subscriber int64, consent newsletter.Consent) error {
	var id int64
	err := t.row(`SELECT id FROM subscriptions WHERE newsletter_id = ? AND subscriber_id = ? AND state IN ('active', 'paused')`, newsletterID, subscriber).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = t.leave(id, consent)
	}
	return err
}

// OweManage owes a reader the managing letter; see subscription.Wishes.
func (s *Store) OweManage(ctx context.Context, h subscription.Handle, variant int64, most admission.Limit, now time.Time) (owed subscription.Owed, err error) {
	err = s.forBearer(ctx, h, func(t tx, p bearer) error {
		ok, err := t.charge(most, now)
		if err != nil {
			return err
		}
		l := singleLetter{kind: newsletter.LetterManage, run: runAhead, variant: variant, newsletterID: p.newsletterID, subscriber: p.subscriber, at: now}
		switch owed = subscription.OwedSent; {
		case p.suppressed:
			l.reason, owed = newsletter.CancelSuppressed, subscription.OwedSilenced
		case !ok:
			l.reason, owed = newsletter.CancelLimited, subscription.OwedLimited
		}
		if _, err := t.queueLetter(l); err != nil {
			return err
		}
		return t.acted(p.id, now)
	})
	return owed, err
}
