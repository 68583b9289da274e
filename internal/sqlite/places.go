package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Rows that stand in the order of time: the first from a number on, and when that was.
const (
	consentAt = `SELECT id, at FROM consents WHERE id >= ? ORDER BY id LIMIT 1`
	attemptAt = `SELECT id, started_at FROM attempts WHERE id >= ? ORDER BY id LIMIT 1`
)

// farthest is a number beyond all rows.
const farthest = 1 << 62

// firstAfter finds the first row after an instant without an index on instants, which each row would pay for. Where a
// clock was set back, it may be one somewhat before or after.
func (s *Store) firstAfter(ctx context.Context, rowAt string, at time.Time) (id int64, err error) {
	id = 1
	for beyond := int64(farthest); id < beyond; {
		middle := id + (beyond-id)/2
		var next, given int64
		if err := s.read.QueryRowContext(ctx, rowAt, middle).Scan(&next, &given); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, err
		} else if err != nil || given > at.UnixMilli() {
			beyond = middle
		} else {
			id = next + 1
		}
	}
	return id, nil
}
