package sqlite

import (
	"context"
	"fmt"
	"time"
)

// aheadOfTime finds letters that are due, or began their round, further off than they can: ?1 is now, ?2 the latest that a try may wait for.
const aheadOfTime = `SELECT d.id FROM (SELECT 0 AS id UNION ALL SELECT id FROM editions WHERE state IN ('queueing', 'sending')) r CROSS JOIN groups g
	CROSS JOIN deliveries d ON d.run = r.id AND d.group_id = g.id AND d.next_at > ?1
	WHERE ` + waitsForNothing + ` OR d.next_at > ?2 OR d.round_at > ?1 LIMIT ?3`

const waitsForNothing = `(d.state = 'queued' AND d.letter NOT IN ('confirm', 'remind'))`

// Rewind sets letters back with the clock; see outbox.Store.
func (s *Store) Rewind(ctx context.Context, now, latest time.Time, limit int) (letters int, err error) {
	var any bool
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM groups WHERE until > ?2) OR EXISTS (`+aheadOfTime+`)`,
		ms(now), ms(latest), 1).Scan(&any); err != nil || !any {
		return 0, err
	}
	err = s.update(ctx, func(t tx) error {
		if _, err := t.exec(`UPDATE groups SET until = ?1 WHERE until > ?1`, ms(latest)); err != nil {
			return err
		}
		n, err := changed(t.exec(`UPDATE deliveries AS d SET next_at = iif(`+waitsForNothing+`, ?1, min(next_at, ?2)), round_at = min(round_at, ?1)
			WHERE id IN (`+aheadOfTime+`)`, ms(now), ms(latest), limit))
		letters = int(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("letters from ahead of time: %w", err)
	}
	return letters, nil
}
