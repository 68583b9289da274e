package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"facteur/internal/outbox"
)

// SetRests makes the relays that take no letters those given; see outbox.Store.
func (s *Store) SetRests(ctx context.Context, rests []outbox.Rest) error {
	err := s.update(ctx, func(t tx) error {
		if _, err := t.exec(`DELETE FROM relays`); err != nil {
			return err
		}
		for _, r := range rests {
			if _, err := t.exec(`INSERT INTO relays (name, since_at, until, why) VALUES (?, ?, ?, ?)`, r.Relay, ms(r.Since), ms(r.Until), r.Why); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write which relays are left alone: %w", err)
	}
	return nil
}

// Rests lists the relays that take no letters; see outbox.Ledger.
func (s *Store) Rests(ctx context.Context) ([]outbox.Rest, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT name, since_at, until, why FROM relays ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("read which relays are left alone: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r outbox.Rest, err error) {
		var since, until sql.NullInt64
		err = rows.Scan(&r.Relay, &since, &until, &r.Why)
		r.Since, r.Until = instant(since), instant(until)
		return r, err
	})
}
