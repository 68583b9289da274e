package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// LastAttempt returns when the latest try at a letter ended; zero when there was none.
func (s *Store) LastAttempt(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT (SELECT ended_at FROM attempts ORDER BY id DESC LIMIT 1)`).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("the latest try at a letter: %w", err)
	}
	return instant(at), nil
}

// OutboxCounts counts the deliveries of the whole outbox by state. Those whose row an edition has yet to make are queued;
// confirmations held back are not counted before they are let go, since no sender owes them anything.
func (s *Store) OutboxCounts(ctx context.Context) (map[newsletter.DeliveryState]int, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT state, sum(n) FROM (
			SELECT state, count(*) AS n FROM deliveries WHERE run >= 0 OR next_at IS NULL GROUP BY state
			UNION ALL
			SELECT 'queued', e.planned - e.left_before - (SELECT count(*) FROM deliveries d WHERE d.edition_id = e.id AND d.kind = 'edition' AND d.newcomer = 0)
			FROM editions e WHERE e.state = 'queueing')
		GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count letters: %w", err)
	}
	return counts[newsletter.DeliveryState](rows)
}

// heldBack are letters that are kept and not owed: an operator or a quieter hour lets them go.
const heldBack = `run < 0 AND next_at IS NOT NULL`

// CountHeld counts the confirmation letters held back; see outbox.Ledger.
func (s *Store) CountHeld(ctx context.Context) (letters int, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM deliveries WHERE `+heldBack).Scan(&letters); err != nil {
		return 0, fmt.Errorf("count letters held back: %w", err)
	}
	return letters, nil
}

// Trouble lists the letters of an edition that have not arrived after a try, up to limit; see outbox.Ledger.
func (s *Store) Trouble(ctx context.Context, edition int64, states []newsletter.DeliveryState, limit int) ([]outbox.Told, error) {
	deliveries, err := s.deliveries(ctx, `WHERE d.edition_id = ? AND d.kind = 'edition' AND `+inTrouble+` AND (json_array_length(?2) = 0 OR d.state IN (SELECT value FROM json_each(?2)))
		 ORDER BY d.id LIMIT ?3`, edition, list(states), limit)
	if err != nil {
		return nil, err
	}
	return s.tell(ctx, deliveries)
}

// lettersTold are the latest ?3 letters d to a person: as the subscriber ?1, or to the address ?2 otherwise.
const lettersTold = `WHERE (d.id IN (` + lettersOf + `) OR (d.address IS NOT NULL AND lower(d.address) = lower(?2))) ORDER BY d.id DESC LIMIT ?3`

// Letters lists everything that was ever owed to an address, with every attempt, the latest first: before all what an
// edition owes whose row is still to be made.
func (s *Store) Letters(ctx context.Context, a address.Address, limit int) ([]outbox.Told, error) {
	told, err := s.coming(ctx, a)
	if err != nil {
		return nil, err
	}
	subscriber, err := s.subscriberWith(ctx, s.hashOf(a))
	if err != nil {
		return nil, err
	}
	deliveries, err := s.deliveries(ctx, lettersTold, subscriber, a.String(), limit)
	if err != nil {
		return nil, err
	}
	made, err := s.tell(ctx, deliveries)
	return append(told, made...), err
}

// subscriberWith finds who has an address now; 0: nobody.
func (s *Store) subscriberWith(ctx context.Context, hash []byte) (id int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT id FROM subscribers WHERE hash = ? AND address IS NOT NULL`, hash).Scan(&id)
	if err = ignore(err, sql.ErrNoRows); err != nil {
		err = fmt.Errorf("find a subscriber: %w", err)
	}
	return id, err
}

// coming lists the editions that are being queued and owe an address a letter whose row is still to be made.
func (s *Store) coming(ctx context.Context, a address.Address) ([]outbox.Told, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT e.id, n.name, e.number, v.id, v.subject, b.id, p.id, b.address
		FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id AND p.state = 'active'
		JOIN editions e ON e.newsletter_id = p.newsletter_id AND e.state = 'queueing' AND p.activated <= e.audience AND b.id > e.cursor
		JOIN newsletters n ON n.id = e.newsletter_id JOIN variants v ON v.edition_id = e.id AND v.key = 'full'
		WHERE b.hash = ? AND b.address IS NOT NULL ORDER BY e.id DESC`, s.hashOf(a))
	if err != nil {
		return nil, fmt.Errorf("read editions to come: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (outbox.Told, error) {
		t := outbox.Told{Delivery: newsletter.Delivery{Kind: newsletter.KindEdition, Copy: 1, State: newsletter.Queued}}
		err := rows.Scan(&t.Edition, &t.Newsletter, &t.Number, &t.Variant, &t.Subject, &t.Subscriber, &t.Subscription, &t.Address)
		return t, err
	})
}

// tell adds to deliveries what they carry and every attempt.
func (s *Store) tell(ctx context.Context, deliveries []newsletter.Delivery) ([]outbox.Told, error) {
	told := make([]outbox.Told, 0, len(deliveries))
	for _, d := range deliveries {
		one := outbox.Told{Delivery: d}
		err := s.read.QueryRowContext(ctx, `SELECT v.subject, `+heldBack+` FROM deliveries d JOIN variants v ON v.id = d.variant_id WHERE d.id = ?`, d.ID).
			Scan(&one.Subject, &one.Held)
		if err != nil {
			return nil, fmt.Errorf("delivery %d: %w", d.ID, err)
		}
		if one.Attempts, err = s.attempts(ctx, d); err != nil {
			return nil, err
		}
		told = append(told, one)
	}
	return told, nil
}

func (s *Store) attempts(ctx context.Context, d newsletter.Delivery) ([]newsletter.Attempt, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT started_at, ended_at, stage, state, code, enhanced, text, coalesce(relay, '') FROM attempts WHERE delivery_id = ? ORDER BY id`, d.ID)
	if err != nil {
		return nil, fmt.Errorf("attempts of delivery %d: %w", d.ID, err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Attempt, error) {
		var a newsletter.Attempt
		var started, ended sql.NullInt64
		err := rows.Scan(&started, &ended, &a.Stage, &a.State, &a.Reply.Code, &a.Reply.Enhanced, &a.Reply.Text, &a.Relay)
		a.Started, a.Ended = instant(started), instant(ended)
		a.Reply = a.Reply.WithAddress(d.Address)
		return a, err
	})
}
