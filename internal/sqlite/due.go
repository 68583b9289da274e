package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// Remnants lists deliveries that say attempting. To whoever holds the sender's lock they are a dead sender's.
func (s *Store) Remnants(ctx context.Context, limit int) ([]newsletter.Delivery, error) {
	return s.deliveries(ctx, `WHERE d.state = 'attempting' ORDER BY d.id LIMIT ?`, limit)
}

// running is an edition that may be sent at present.
type running struct {
	id         int64
	number     int
	newsletter string
}

// running lists them, the oldest first: those that are neither paused nor over.
func (s *Store) running(ctx context.Context) ([]running, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT e.id, e.number, n.name FROM editions e JOIN newsletters n ON n.id = e.newsletter_id
		WHERE e.state IN ('queueing', 'sending') AND e.paused = 0 ORDER BY e.id`)
	if err != nil {
		return nil, fmt.Errorf("editions under way: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r running, err error) { return r, rows.Scan(&r.id, &r.number, &r.newsletter) })
}

// DueAhead lists what is due and goes ahead of editions; see outbox.Store. What is held back is not due.
func (s *Store) DueAhead(ctx context.Context, now time.Time, limit int) ([]newsletter.Delivery, error) {
	return s.deliveries(ctx, `WHERE d.run = ? AND d.next_at <= ? ORDER BY d.next_at, d.id LIMIT ?`, runAhead, now.UnixMilli(), limit)
}

// DueCopies lists copies of editions that are due; see outbox.Store.
func (s *Store) DueCopies(ctx context.Context, now time.Time, limit int, room outbox.Room) ([]newsletter.Delivery, error) {
	runs, err := s.running(ctx)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	groups, err := s.groups(ctx)
	if err != nil {
		return nil, err
	}
	left := make(map[int64]int, len(groups))
	for _, g := range groups {
		left[g.id] = roomFor(room.Group, g.name, limit)
	}
	var due []newsletter.Delivery
	for _, run := range runs {
		some, err := s.dueOf(ctx, run, groups, left, now, min(limit-len(due), roomFor(room.Edition, run.id, limit)))
		if err != nil {
			return nil, err
		}
		if due = append(due, some...); len(due) >= limit {
			break
		}
	}
	return due, nil
}

// roomFor asks how much room there is, where that is asked at all.
func roomFor[of any](room func(of) int, which of, most int) int {
	if room == nil {
		return most
	}
	return min(most, room(which))
}

// dueOf lists due copies of one edition, those of each group in turn, so that none waits behind another: an equal share of
// each first, then of those that have more what the others left. left is how many of each may still be listed; it is
// counted down.
func (s *Store) dueOf(ctx context.Context, run running, groups []group, left map[int64]int, now time.Time, limit int) ([]newsletter.Delivery, error) {
	queues := make([][]newsletter.Delivery, len(groups))
	all := 0
	list := func(i, most int) error {
		if most = min(most, left[groups[i].id], limit-all); most <= 0 {
			return nil
		}
		before := len(queues[i])
		longer, err := s.copiesDue(ctx, queues[i], run, groups[i], now, most)
		if err != nil {
			return err
		}
		queues[i] = longer
		left[groups[i].id] -= len(longer) - before
		all += len(longer) - before
		return nil
	}
	share := (limit + len(groups) - 1) / len(groups)
	for i := range groups {
		if err := list(i, share); err != nil {
			return nil, err
		}
	}
	for i := range groups {
		if len(queues[i]) == share {
			if err := list(i, limit); err != nil {
				return nil, err
			}
		}
	}
	return inTurn(queues, all), nil
}

// copiesDue adds due copies of one edition in one group to those that are listed, without all that they have in common: there is a
// row for every letter.
func (s *Store) copiesDue(ctx context.Context, due []newsletter.Delivery, run running, g group, now time.Time, limit int) ([]newsletter.Delivery, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT d.id, d.variant_id, coalesce(d.subscriber_id, 0), coalesce(p.id, 0), coalesce(p.epoch, 0), p.confirmed_at,
			d.copy, coalesce(d.address, b.address, ''), d.state = 'deferred', d.tries, d.unknowns, d.first_at, d.round_at, d.next_at
		FROM deliveries d LEFT JOIN subscribers b ON b.id = d.subscriber_id
		LEFT JOIN subscriptions p ON p.newsletter_id = d.newsletter_id AND p.subscriber_id = d.subscriber_id
		WHERE d.run = ? AND d.group_id = ? AND d.next_at <= ? ORDER BY d.next_at, d.id LIMIT ? OFFSET ?`, run.id, g.id, ms(now), limit, len(due))
	if err != nil {
		return nil, fmt.Errorf("read copies that are due: %w", err)
	}
	common := newsletter.Delivery{Kind: newsletter.KindEdition, Edition: run.id, Number: run.number, Newsletter: run.newsletter, Group: g.name, State: newsletter.Queued}
	var d newsletter.Delivery // this and the rest are the same for all rows, for each would be on the heap
	var confirmed, first, round, next sql.NullInt64
	var deferred bool
	return appendRows(slices.Grow(due, limit), rows, func(rows *sql.Rows) (newsletter.Delivery, error) {
		d = common
		err := rows.Scan(&d.ID, &d.Variant, &d.Subscriber, &d.Subscription, &d.Epoch, &confirmed, &d.Copy, &d.Address, &deferred, &d.Tries, &d.Unknowns, &first, &round, &next)
		if deferred {
			d.State = newsletter.Deferred
		}
		d.Confirmed, d.First, d.Round, d.Next = instant(confirmed), instant(first), instant(round), instant(next)
		return d, err
	})
}

// inTurn takes the first of each queue, then the second, until all are taken.
func inTurn(queues [][]newsletter.Delivery, all int) []newsletter.Delivery {
	for _, q := range queues {
		if len(q) == all {
			return q
		}
	}
	due := make([]newsletter.Delivery, 0, all)
	for n := 0; len(due) < all; n++ {
		for _, q := range queues {
			if n < len(q) {
				due = append(due, q[n])
			}
		}
	}
	return due
}

// NextDue returns when the next delivery becomes due after the given instant; see outbox.Store.
func (s *Store) NextDue(ctx context.Context, after time.Time) (time.Time, bool, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min((SELECT min(next_at) FROM deliveries WHERE run = r.id AND group_id = g.id AND next_at > ?1))
		FROM (SELECT 0 AS id UNION ALL SELECT id FROM editions WHERE state IN ('queueing', 'sending') AND paused = 0) r CROSS JOIN groups g`, after.UnixMilli()).Scan(&next)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("what is due next: %w", err)
	}
	return instant(next), next.Valid, nil
}
