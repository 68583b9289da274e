package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

const suppressionSelect = `SELECT coalesce(address, ''), kind, reason, at FROM suppressions `

func scanSuppression(row interface{ Scan(...any) error }) (newsletter.Suppression, error) {
	var sup newsletter.Suppression
	var at sql.NullInt64
	err := row.Scan(&sup.Address, &sup.Kind, &sup.Reason, &at)
	sup.At = instant(at)
	return sup, err
}

// Suppression finds why an address receives nothing; newsletter.ErrNotFound when nothing forbids it.
func (s *Store) Suppression(ctx context.Context, a address.Address) (newsletter.Suppression, error) {
	sup, err := scanSuppression(s.read.QueryRowContext(ctx, suppressionSelect+`WHERE hash = ?`, s.hashOf(a)))
	return sup, found(err, fmt.Sprintf("suppression of %s", a))
}

// Suppress makes an address receive nothing. One that is suppressed already keeps its kind.
func (s *Store) Suppress(ctx context.Context, a address.Address, kind newsletter.SuppressionKind, reason string, now time.Time) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(`INSERT INTO suppressions (hash, address, kind, reason, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			t.hash(a), a.String(), kind, reason, ms(now))
		return err
	})
}

// Unsuppress takes a suppression away; see subscription.Dossiers.
func (s *Store) Unsuppress(ctx context.Context, a address.Address) (sup newsletter.Suppression, err error) {
	err = s.update(ctx, func(t tx) error {
		sup, err = scanSuppression(t.row(`DELETE FROM suppressions WHERE hash = ? RETURNING coalesce(address, ''), kind, reason, at`, t.hash(a)))
		return found(err, fmt.Sprintf("suppression of %s", a))
	})
	return sup, err
}

// Suppressions lists them; see subscription.Dossiers.
func (s *Store) Suppressions(ctx context.Context, kind newsletter.SuppressionKind, limit int) ([]newsletter.Suppression, error) {
	rows, err := s.read.QueryContext(ctx, suppressionSelect+`WHERE ?1 = '' OR kind = ?1 ORDER BY at DESC, hash LIMIT ?2`, kind, limit)
	if err != nil {
		return nil, fmt.Errorf("read suppressions: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Suppression, error) { return scanSuppression(rows) })
}

// CountSuppressions counts them by kind.
func (s *Store) CountSuppressions(ctx context.Context) (map[newsletter.SuppressionKind]int, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT kind, count(*) FROM suppressions GROUP BY kind`)
	if err != nil {
		return nil, fmt.Errorf("count suppressions: %w", err)
	}
	return counts[newsletter.SuppressionKind](rows)
}
