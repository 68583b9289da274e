package sqlite

import (
	"context"
	"time"
)

// acted remembers the latest act of the person of a subscription. Who was asked whether they still want the letters has
// answered by it, wherever the clock stood when they were asked.
func (t tx) acted(id int64, now time.Time) error {
	_, err := t.exec(`UPDATE subscribers SET acted_at = max(acted_at, ?), asked_at = NULL WHERE id = (SELECT subscriber_id FROM subscriptions WHERE id = ?)`, ms(now), id)
	return err
}

// stepOut is to be done before an active subscription is left or paused. An edition that is being queued and has not
// reached the reader yet counts one who left before their row was made.
func (t tx) stepOut(id int64) error {
	if _, err := t.exec(`UPDATE editions SET left_before = left_before + 1 FROM subscriptions p WHERE p.id = ? AND editions.state = 'queueing'
		AND editions.newsletter_id = p.newsletter_id AND p.subscriber_id > editions.cursor AND p.activated <= editions.audience`, id); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE subscriptions SET ended = (SELECT sequence FROM store) WHERE id = ?`, id)
	return err
}

// comeBack makes a subscription active, by an act of the reader's own. Editions under way owe again what they owed the
// reader who stepped out; to those approved since, and to all that are approved from here on, the reader is as new.
func (t tx) comeBack(id int64, now time.Time) error {
	if err := t.oweDropped(id, now); err != nil {
		return err
	}
	if err := t.owePassed(id, now); err != nil {
		return err
	}
	place, err := t.nextPlace()
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE subscriptions SET state = 'active', activated = ?, since_at = ?, until_at = NULL, was = NULL WHERE id = ?`, place, ms(now), id)
	return err
}

// nextPlace is a place in the order of activations and approvals.
func (t tx) nextPlace() (place int64, err error) {
	err = t.row(`UPDATE store SET sequence = sequence + 1 RETURNING sequence`).Scan(&place)
	return place, err
}

// oweDropped makes letters due once more that were dropped because their reader had left or paused.
func (t tx) oweDropped(id int64, now time.Time) error {
	_, err := t.exec(oweDropped, id, ms(now))
	return err
}

const oweDropped = `UPDATE deliveries SET ` + again + ` WHERE id IN (SELECT d.id FROM subscriptions p JOIN editions e ON e.newsletter_id = p.newsletter_id AND e.state IN ('queueing', 'sending')
	JOIN deliveries d ON d.edition_id = e.id AND d.subscriber_id = p.subscriber_id AND d.kind = 'edition'
	WHERE p.id = ?1 AND d.run = e.id AND d.state = 'cancelled' AND d.reason IN ('left', 'paused'))`

// passed are the editions under way e that a subscription p was part of and stepped out of before its row was made.
const passed = ` p.id = ?1 AND p.newsletter_id = e.newsletter_id AND e.state IN ('queueing', 'sending') AND e.audience BETWEEN p.activated AND p.ended
	AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.edition_id = e.id AND d.subscriber_id = p.subscriber_id AND d.kind = 'edition')`

// owePassed makes the rows that editions under way passed over because their reader had left or paused. They come ahead
// of their turn where it is still to come: the reader's new place keeps a second one from being made then.
func (t tx) owePassed(id int64, now time.Time) error {
	if _, err := t.exec(`UPDATE editions AS e SET left_before = left_before - 1 FROM subscriptions p WHERE`+passed, id); err != nil {
		return err
	}
	_, err := t.exec(makeRow+` FROM subscriptions p JOIN editions e ON e.newsletter_id = p.newsletter_id`+withText+`WHERE`+passed, id, ms(now))
	return err
}

// pause holds a subscription until a date.
func (t tx) pause(id int64, until, now time.Time) error {
	_, err := t.exec(`UPDATE subscriptions SET state = 'paused', until_at = ?, since_at = iif(state = 'paused', since_at, ?), was = NULL WHERE id = ?`,
		ms(until), ms(now), id)
	return err
}

// resumeUntil makes subscriptions active whose pause is over by then: up to limit of one newsletter, or of all under
// newsletter 0. They share a place, before every edition that is approved later.
func (t tx) resumeUntil(now time.Time, newsletterID int64, limit int) (int64, error) {
	const over = ` FROM subscriptions WHERE state = 'paused' AND until_at <= ?1 AND (?2 = 0 OR newsletter_id = ?2)`
	var any bool
	if err := t.row(`SELECT EXISTS (SELECT 1`+over+`)`, ms(now), newsletterID).Scan(&any); err != nil || !any {
		return 0, err
	}
	place, err := t.nextPlace()
	if err != nil {
		return 0, err
	}
	return changed(t.exec(`UPDATE subscriptions SET state = 'active', activated = ?3, since_at = ?1, until_at = NULL
		WHERE id IN (SELECT id`+over+` LIMIT ?4)`, ms(now), newsletterID, place, limit))
}

// ResumePaused ends pauses whose date has come; see subscription.Wishes.
func (s *Store) ResumePaused(ctx context.Context, now time.Time, limit int) (n int, err error) {
	err = s.update(ctx, func(t tx) error {
		resumed, err := t.resumeUntil(now, 0, limit)
		n = int(resumed)
		return err
	})
	return n, err
}
