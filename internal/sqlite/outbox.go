package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// The newsletter of a delivery decides its subscription; subscriber 0 and subscription 0 are nobody's.
const deliverySelect = `SELECT d.id, d.kind, d.letter, coalesce(d.edition_id, 0), coalesce(e.number, 0), d.variant_id, coalesce(n.name, ''), coalesce(d.subscriber_id, 0),
		coalesce(p.id, 0), coalesce(p.epoch, 0), p.confirmed_at, coalesce(d.move_id, 0), d.copy, coalesce(d.address, b.address, ''), d.state, d.reason, d.tries, d.unknowns,
		d.first_at, d.round_at, d.next_at, coalesce(g.name, '')
	FROM deliveries d LEFT JOIN newsletters n ON n.id = d.newsletter_id LEFT JOIN editions e ON e.id = d.edition_id
	LEFT JOIN subscribers b ON b.id = d.subscriber_id LEFT JOIN subscriptions p ON p.newsletter_id = d.newsletter_id AND p.subscriber_id = d.subscriber_id
	LEFT JOIN groups g ON g.id = d.group_id `

func scanDelivery(row interface{ Scan(...any) error }) (newsletter.Delivery, error) {
	var d newsletter.Delivery
	var confirmed, first, round, next sql.NullInt64
	err := row.Scan(&d.ID, &d.Kind, &d.Letter, &d.Edition, &d.Number, &d.Variant, &d.Newsletter, &d.Subscriber, &d.Subscription, &d.Epoch, &confirmed, &d.Move, &d.Copy,
		&d.Address, &d.State, &d.Reason, &d.Tries, &d.Unknowns, &first, &round, &next, &d.Group)
	d.Confirmed, d.First, d.Round, d.Next = instant(confirmed), instant(first), instant(round), instant(next)
	return d, err
}

func (s *Store) deliveries(ctx context.Context, where string, args ...any) ([]newsletter.Delivery, error) {
	rows, err := s.read.QueryContext(ctx, deliverySelect+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Delivery, error) { return scanDelivery(rows) })
}

// Step records what came of letters and marks others; see outbox.Store.
func (s *Store) Step(ctx context.Context, done []outbox.Settlement, begin []newsletter.Parcel, now time.Time) ([]int64, error) {
	var refused []int64
	j := &job{back: len(done)}
	j.quiet = !slices.ContainsFunc(done, func(d outbox.Settlement) bool { return d.Attempt.State != newsletter.Sent })
	j.work = func(t tx) error {
		refused = refused[:0]
		for _, d := range done {
			if err := t.settle(d); err != nil {
				return fmt.Errorf("record delivery %d: %w", d.Delivery, err)
			}
		}
		for _, p := range begin {
			ok, err := t.mark(p, now)
			if err != nil {
				return fmt.Errorf("mark delivery %d: %w", p.Delivery, err)
			}
			if !ok {
				refused = append(refused, p.Delivery)
			}
		}
		j.away = len(begin) - len(refused)
		return nil
	}
	err := s.hand(ctx, s.jobs, j)
	return refused, err
}

// attempted keeps a try. It is written for each letter, so where there is one relay none is bound.
func (t tx) attempted(delivery int64, a newsletter.Attempt) error {
	values := []any{delivery, ms(a.Started), ms(a.Ended), a.Stage, a.State, a.Reply.Code, a.Reply.Enhanced, a.Reply.Text}
	if a.Relay != "" {
		_, err := t.exec(`INSERT INTO attempts (delivery_id, started_at, ended_at, stage, state, code, enhanced, text, relay) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			append(values, a.Relay)...)
		return err
	}
	_, err := t.exec(`INSERT INTO attempts (delivery_id, started_at, ended_at, stage, state, code, enhanced, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, values...)
	return err
}

// settle writes what came of a letter, once, and what follows from it.
func (t tx) settle(d outbox.Settlement) error {
	written, forgotten, err := t.outcome(d)
	if err != nil || !written {
		return err
	}
	if d, err = t.keepNoWords(d, forgotten); err != nil {
		return err
	}
	if err := t.attempted(d.Delivery, d.Attempt); err != nil {
		return err
	}
	if err := t.endWithEdition(d); err != nil {
		return err
	}
	if err := t.follows(d); err != nil {
		return err
	}
	return t.silence(d)
}

// outcome writes it on an open delivery: one that is open no longer, or deferred already to the same instant, was settled by
// a commit whose answer got lost, or was cancelled before its mark. Two tries are never deferred to one instant, because the
// second begins at the first one's. forgotten reports that the reader was erased while the letter was on the wire.
func (t tx) outcome(d outbox.Settlement) (written, forgotten bool, err error) {
	const settled = `UPDATE deliveries SET tries = tries + 1, unknowns = unknowns + ?2, round_at = coalesce(round_at, ?3), state = ?4, next_at = ?5
		WHERE id = ?1 AND (state = 'attempting' OR state = 'queued' OR state = 'deferred' AND next_at IS NOT ?5)`
	unknown := 0
	if d.Attempt.State == newsletter.Unknown {
		unknown = 1
	}
	values := []any{d.Delivery, unknown, ms(d.Attempt.Started), d.State, ms(d.Next)}
	n, err := changed(t.exec(settled+` AND NOT `+ofForgotten, values...))
	if err != nil || n > 0 {
		return n > 0, false, err
	}
	n, err = changed(t.exec(settled, values...))
	return n > 0, n > 0, err
}

// keepNoWords takes the server's words away where they are about whoever was forgotten, to whom nothing is tried again, or about an address
// that was left, which says nothing of the new one.
func (t tx) keepNoWords(d outbox.Settlement, forgotten bool) (outbox.Settlement, error) {
	silent, err := forgotten, error(nil)
	switch {
	case forgotten:
		_, err = t.exec(`UPDATE deliveries SET state = 'cancelled', reason = 'erased', next_at = NULL WHERE id = ? AND next_at IS NOT NULL`, d.Delivery)
	case d.Attempt.State != newsletter.Sent:
		silent, err = t.movedFrom(d.To, d.Delivery)
	}
	if silent {
		d.Attempt.Reply.Text, d.Suppress = "", ""
	}
	return d, err
}

// endWithEdition ends a deferral of an edition that was cancelled meanwhile.
func (t tx) endWithEdition(d outbox.Settlement) error {
	if d.State != newsletter.Deferred {
		return nil
	}
	_, err := t.exec(`UPDATE deliveries SET `+endedByOperator+`
		WHERE id = ? AND next_at IS NOT NULL AND run IN (SELECT id FROM editions WHERE state = 'cancelled')`, d.Delivery)
	return err
}

// follows does to others what an outcome asks for: a provider is left alone, an edition held, the operator told.
func (t tx) follows(d outbox.Settlement) error {
	if d.Closing != nil {
		if err := t.close(*d.Closing); err != nil {
			return err
		}
	}
	if d.Hold != nil {
		if err := t.hold(d.Delivery, *d.Hold, d.Attempt.Ended); err != nil {
			return err
		}
	}
	if d.Notice != nil {
		return t.notifyOnce(d.Delivery, "unknown", *d.Notice, d.Attempt.Ended)
	}
	return nil
}

// silence suppresses the address that an outcome says does not exist. A new one that does not is not its reader's yet: the one
// they have stays as it is.
func (t tx) silence(d outbox.Settlement) error {
	if d.Suppress == "" {
		return nil
	}
	_, err := t.exec(`INSERT INTO suppressions (hash, address, kind, reason, at)
		SELECT b.hash, b.address, ?, ?, ? FROM deliveries d JOIN subscribers b ON b.id = d.subscriber_id WHERE d.id = ?
			AND d.address IS NULL
		ON CONFLICT DO NOTHING`, d.Suppress, d.Attempt.Reply.String(), ms(d.Attempt.Ended), d.Delivery)
	return err
}

// movedFrom tells whether a letter to a reader's own address went to one that is theirs no longer.
func (t tx) movedFrom(to string, delivery int64) (moved bool, err error) {
	a, err := address.Parse(to)
	if err != nil {
		return false, nil // it cannot have gone anywhere
	}
	err = t.row(`SELECT EXISTS (SELECT 1 FROM deliveries d JOIN subscribers b ON b.id = d.subscriber_id WHERE d.id = ? AND d.address IS NULL AND b.hash <> ?)`,
		delivery, t.hash(a)).Scan(&moved)
	return moved, err
}

// mark re-reads all that may forbid a letter and writes attempting where nothing does. Leaving counts from its commit:
// this is the reading that makes it so. What the operator holds back stays as it is, and so does a letter whose reader has
// changed their address since it was written: it is due to the other one.
func (t tx) mark(p newsletter.Parcel, now time.Time) (bool, error) {
	if n, err := changed(t.exec(attempting+plainly, p.Delivery, ms(p.Date), ms(now), p.Envelope.To)); err != nil || n > 0 {
		return err == nil, err
	}
	return t.ask(p, now)
}

// ask is the full question of one letter, and marks it where nothing forbids that.
func (t tx) ask(p newsletter.Parcel, now time.Time) (bool, error) {
	var q question
	var open, held, moved bool
	found, err := t.only(`SELECT d.kind, d.letter, d.next_at IS NOT NULL, coalesce(d.address, b.address) IS NOT ?2, coalesce(e.paused, d.run < 0), coalesce(a.paused OR a.state = 'cancelled', 0),
			coalesce(d.address, b.address) IS NULL, coalesce(p.state, ''), d.request IS NOT NULL AND d.request IS NOT p.request, coalesce(u.kind, ''), coalesce(u.at, 0)
		FROM deliveries d LEFT JOIN editions e ON e.id = d.run LEFT JOIN editions a ON d.run = 0 AND d.kind = 'edition' AND a.id = d.edition_id
		LEFT JOIN subscribers b ON b.id = d.subscriber_id LEFT JOIN subscriptions p ON p.newsletter_id = d.newsletter_id AND p.subscriber_id = d.subscriber_id
		LEFT JOIN moves m ON m.id = d.move_id LEFT JOIN suppressions u ON u.hash = coalesce(m.hash, b.hash)
		WHERE d.id = ?1`, func(row []driver.Value) {
		q.kind, q.letter = newsletter.DeliveryKind(row[0].(string)), newsletter.LetterKind(row[1].(string))
		open, moved, held = truth(row[2]), truth(row[3]), truth(row[4])
		q.withdrawn, q.erased, q.overtaken = truth(row[5]), truth(row[6]), truth(row[8])
		q.standing = newsletter.SubscriptionState(row[7].(string))
		q.silence = newsletter.Suppression{Kind: newsletter.SuppressionKind(row[9].(string)), At: time.UnixMilli(row[10].(int64))}
	}, p.Delivery, p.Envelope.To)
	if err != nil || !found || !open || held { // one that is not found was forgotten with its reader
		return false, err
	}
	if reason := q.forbids(now); reason != "" {
		_, err := t.exec(`UPDATE deliveries SET state = 'cancelled', reason = ?, next_at = NULL WHERE id = ?`, reason, p.Delivery)
		return false, err
	}
	if moved {
		return false, nil
	}
	_, err = t.exec(attempting, p.Delivery, ms(p.Date), ms(now))
	return err == nil, err
}

const (
	attempting = `UPDATE deliveries SET state = 'attempting', next_at = NULL, first_at = coalesce(first_at, ?2), round_at = coalesce(round_at, ?3) WHERE id = ?1`
	// plainly holds for a copy of an edition that nothing speaks against, which nearly all letters are: to ask takes as long again as their marks.
	plainly = ` AND next_at IS NOT NULL AND kind = 'edition' AND run > 0 AND address IS NULL AND move_id IS NULL AND EXISTS (SELECT 1
		FROM editions e CROSS JOIN subscribers b CROSS JOIN subscriptions p WHERE e.id = deliveries.run AND e.paused = 0
		AND b.id = deliveries.subscriber_id AND b.address = ?4 AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash)
		AND p.newsletter_id = deliveries.newsletter_id AND p.subscriber_id = b.id AND p.state = 'active')`
)

// A question is what is asked of the store before a letter goes.
type question struct {
	kind      newsletter.DeliveryKind
	letter    newsletter.LetterKind
	withdrawn bool // its edition is held or cancelled, and it waits in no run that would hold it
	erased    bool
	standing  newsletter.SubscriptionState
	overtaken bool                   // a later letter asks to confirm the same and more
	silence   newsletter.Suppression // of the address that it goes to; no kind: none
}

// forbids says why a letter may not go.
func (q question) forbids(now time.Time) newsletter.CancelReason {
	switch {
	case q.kind == newsletter.KindProof || q.kind == newsletter.KindNotice:
		return ""
	case q.erased:
		return newsletter.CancelErased
	case q.withdrawn:
		return newsletter.CancelOperator
	case q.kind == newsletter.KindLetter:
		return q.forbidsLetter(now)
	case q.silence.Kind != "":
		return newsletter.CancelSuppressed
	case q.standing == newsletter.Active:
		return ""
	case q.standing == newsletter.Paused:
		return newsletter.CancelPaused
	default:
		return newsletter.CancelLeft
	}
}

// forbidsLetter says why a single letter may not go. One that asks for a confirmation goes to whom it can still do
// something: who is pending, and whose silence it would end.
func (q question) forbidsLetter(now time.Time) newsletter.CancelReason {
	lifts := q.silence.Lifts(now)
	ends := lifts && q.standing != newsletter.Unsubscribed // a confirmation would end the silence
	switch {
	case q.silence.Kind != "" && (!q.letter.Confirms() || !lifts):
		return newsletter.CancelSuppressed
	case q.letter.Confirms() && (q.overtaken || q.standing != newsletter.Pending && !ends):
		return newsletter.CancelOver
	case q.standing == newsletter.Unsubscribed && (q.letter == newsletter.LetterWelcome || q.letter == newsletter.LetterAlready):
		return newsletter.CancelLeft
	}
	return ""
}

// Finish moves editions on to done that owe nothing any more; see outbox.Store. Whoever sends one again does not find
// it held by a pause that outlived it.
func (s *Store) Finish(ctx context.Context) (editions int, err error) {
	const owesNothing = ` FROM editions e WHERE e.state = 'sending'
		AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.run = e.id AND d.next_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.run = e.id AND d.state = 'attempting')`
	var any bool
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1`+owesNothing+`)`).Scan(&any); err != nil || !any {
		return 0, err
	}
	err = s.update(ctx, func(t tx) error {
		n, err := changed(t.exec(`UPDATE editions SET state = 'done', paused = 0, held = '' WHERE id IN (SELECT e.id` + owesNothing + `)`))
		if editions = int(n); err != nil {
			return err
		}
		return t.forgetSpent()
	})
	return editions, err
}

// notifyOnce queues a letter to the operator about the edition of a delivery, the first time that there is something
// of its kind to say.
func (t tx) notifyOnce(delivery int64, kind string, n newsletter.Notice, now time.Time) error {
	var edition, newsletterID int64
	err := t.row(`SELECT edition_id, newsletter_id FROM deliveries WHERE id = ?`, delivery).Scan(&edition, &newsletterID)
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	err = t.notify(newsletterID, sql.NullInt64{Int64: edition, Valid: true}, kind, n, now)
	if errors.Is(err, sql.ErrNoRows) { // it was said
		return nil
	}
	return err
}

// notify queues a letter to the operator, about a newsletter or one of its editions. Of one edition nothing is said
// twice: sql.ErrNoRows.
func (t tx) notify(newsletterID int64, edition sql.NullInt64, kind string, n newsletter.Notice, now time.Time) error {
	if n.To == "" {
		return nil
	}
	var variant int64
	err := t.row(`INSERT INTO variants (edition_id, key, kind, subject, html, text) VALUES (?, ?, 'notice', ?, '', ?)
		ON CONFLICT DO NOTHING RETURNING id`, edition, kind, n.Subject, n.Text).Scan(&variant)
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	_, err = t.exec(`INSERT INTO deliveries (kind, run, variant_id, newsletter_id, address, state, next_at) VALUES ('notice', 0, ?, ?, ?, 'queued', ?)`,
		variant, newsletterID, n.To, ms(now))
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	return nil
}
