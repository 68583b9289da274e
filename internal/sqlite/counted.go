package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// EditionCounts counts the letters of an edition; see outbox.Ledger.
func (s *Store) EditionCounts(ctx context.Context, edition int64) ([]outbox.Counted, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT coalesce(g.name, ''), c.newcomer, c.further, c.state, c.reason, c.n FROM (
			SELECT group_id, newcomer, copy > 1 AS further, state, reason, count(*) AS n FROM deliveries WHERE edition_id = ? AND kind = 'edition' GROUP BY 1, 2, 3, 4, 5) c
		LEFT JOIN groups g ON g.id = c.group_id ORDER BY 1, 2, 3, 4, 5`, edition)
	if err != nil {
		return nil, fmt.Errorf("count letters: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (c outbox.Counted, err error) {
		return c, rows.Scan(&c.Group, &c.Newcomer, &c.Further, &c.State, &c.Reason, &c.Letters)
	})
}

// What a status asks for while a million letters leave: it reads what is open, and what did not arrive.
const (
	waiting = `SELECT w.run, coalesce(n.name, ''), coalesce(e.number, 0), coalesce(e.paused, 0), coalesce(g.name, ''), w.n, w.due, w.next, w.delayed
		FROM (SELECT run, group_id, 0 AS delayed, ` + countOpen + ` FROM deliveries WHERE next_at IS NOT NULL AND run > 0 GROUP BY run, group_id
			UNION ALL SELECT run, group_id, state = 'queued' AND next_at > ?1, ` + countOpen + ` FROM deliveries WHERE next_at IS NOT NULL AND run = 0 GROUP BY 1, 2, 3) w
		LEFT JOIN editions e ON e.id = w.run LEFT JOIN newsletters n ON n.id = e.newsletter_id LEFT JOIN groups g ON g.id = w.group_id ORDER BY w.run, w.group_id, w.delayed`
	countOpen   = `count(*) AS n, sum(next_at <= ?1) AS due, min(iif(next_at > ?1, next_at, NULL)) AS next`
	stillUnmade = `SELECT n.name, e.number, (SELECT count(*) FROM subscriptions p INDEXED BY subscriptions_active WHERE p.newsletter_id = e.newsletter_id AND p.state = 'active'
			AND p.subscriber_id > e.cursor AND p.activated <= e.audience)
		FROM editions e JOIN newsletters n ON n.id = e.newsletter_id WHERE e.state = 'queueing'`
	troubled = `SELECT coalesce(d.edition_id, 0), coalesce(n.name, ''), coalesce(e.number, 0), coalesce(e.state = 'cancelled', 0), d.state, count(*)
		FROM deliveries d LEFT JOIN editions e ON e.id = d.edition_id LEFT JOIN newsletters n ON n.id = e.newsletter_id WHERE ` + inTrouble + ` GROUP BY d.edition_id, d.state
		UNION ALL SELECT 0, '', 0, 0, state, count(*) FROM deliveries WHERE state = 'attempting' GROUP BY state`
	triedSince = `SELECT state, count(*), max(id) FROM attempts WHERE id > ? GROUP BY state`
	refusals   = `SELECT d.state, coalesce(d.address, b.address, ''), a.code, a.enhanced, a.text
		FROM deliveries d JOIN attempts a ON a.id = (SELECT max(id) FROM attempts WHERE delivery_id = d.id) LEFT JOIN subscribers b ON b.id = d.subscriber_id
		WHERE d.edition_id = ? AND d.kind = 'edition' AND ` + inTrouble
)

// inTrouble are the letters d that have not arrived after a try; its words are those of the index, which each row is held against
// (for an IN of so many SQLite would make a list each time).
const inTrouble = `(d.state = 'deferred' OR d.state = 'unknown' OR d.state = 'failed' OR d.state = 'expired' OR d.state = 'bounced')`

// Waiting counts what is to be sent; see outbox.Ledger.
func (s *Store) Waiting(ctx context.Context, now time.Time) ([]outbox.Waiting, error) {
	rows, err := s.read.QueryContext(ctx, waiting, ms(now))
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (w outbox.Waiting, err error) {
		var run int64
		var next sql.NullInt64
		err = rows.Scan(&run, &w.Edition.Newsletter, &w.Edition.Number, &w.Held, &w.Group, &w.Letters, &w.Due, &next, &w.Delayed)
		w.Next = instant(next)
		return w, err
	})
}

// Unmade counts the letters whose row is still to be made; see outbox.Ledger.
func (s *Store) Unmade(ctx context.Context) (map[newsletter.EditionRef]int, error) {
	rows, err := s.read.QueryContext(ctx, stillUnmade)
	if err != nil {
		return nil, fmt.Errorf("count what is still to be queued: %w", err)
	}
	unmade := map[newsletter.EditionRef]int{}
	_, err = collectRows(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var ref newsletter.EditionRef
		var n int
		err = rows.Scan(&ref.Newsletter, &ref.Number, &n)
		unmade[ref] = n
		return none, err
	})
	return unmade, err
}

// Troubled counts what did not arrive after a try, and what is on the wire; see outbox.Ledger.
func (s *Store) Troubled(ctx context.Context) ([]outbox.Trouble, error) {
	rows, err := s.read.QueryContext(ctx, troubled)
	if err != nil {
		return nil, fmt.Errorf("count what did not arrive: %w", err)
	}
	edition := map[newsletter.EditionRef]int64{}
	all, err := collectRows(rows, func(rows *sql.Rows) (t outbox.Trouble, err error) {
		var id int64
		err = rows.Scan(&id, &t.Edition.Newsletter, &t.Edition.Number, &t.Ended, &t.State, &t.Letters)
		edition[t.Edition] = id
		return t, err
	})
	slices.SortStableFunc(all, func(a, b outbox.Trouble) int { return cmp.Compare(edition[b.Edition], edition[a.Edition]) })
	return all, err
}

// Refusals tells what servers said of an edition's letters; see outbox.Ledger.
func (s *Store) Refusals(ctx context.Context, edition int64, limit int) ([]outbox.Refusal, error) {
	rows, err := s.read.QueryContext(ctx, refusals, edition)
	if err != nil {
		return nil, fmt.Errorf("read what servers said of edition %d: %w", edition, err)
	}
	var said outbox.Refusals
	_, err = collectRows(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var state newsletter.DeliveryState
		var to string
		var reply newsletter.Reply
		if err = rows.Scan(&state, &to, &reply.Code, &reply.Enhanced, &reply.Text); err == nil {
			said.Add(state, reply, to)
		}
		return none, err
	})
	return said.Commonest(limit), err
}

// UnderWay lists the editions that still owe letters; see outbox.Ledger.
func (s *Store) UnderWay(ctx context.Context) ([]newsletter.Edition, error) {
	rows, err := s.read.QueryContext(ctx, editionSelect+`WHERE e.state IN ('queueing', 'sending') ORDER BY e.id`)
	if err != nil {
		return nil, fmt.Errorf("list the editions under way: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Edition, error) { return scanEdition(rows) })
}

// Tried counts the tries at letters; see outbox.Ledger.
func (s *Store) Tried(ctx context.Context, after int64) (states map[newsletter.DeliveryState]int, last int64, err error) {
	if after < 0 {
		err = s.read.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM attempts`).Scan(&last)
		return nil, last, err
	}
	last = after
	rows, err := s.read.QueryContext(ctx, triedSince, after)
	if err != nil {
		return nil, last, fmt.Errorf("count tries: %w", err)
	}
	states = map[newsletter.DeliveryState]int{}
	_, err = collectRows(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var state newsletter.DeliveryState
		var n int
		var latest int64
		err = rows.Scan(&state, &n, &latest)
		states[state], last = n, max(last, latest)
		return none, err
	})
	return states, last, err
}
