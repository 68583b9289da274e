package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/collect"
	"facteur/internal/preflight"
)

// wantLink makes the address of an article due that is new or was changed.
func (t tx) wantLink(article int64, now time.Time) error {
	_, err := t.exec(`INSERT INTO links (article_id, next_at) VALUES (?1, ?2) ON CONFLICT (article_id) DO UPDATE SET next_at = ?2, tries = 0`, article, ms(now))
	if err != nil {
		return fmt.Errorf("link of article %d: %w", article, err)
	}
	return nil
}

const linkSelect = `SELECT a.url, l.tries, l.next_at, l.checked_at, l.reason FROM links l JOIN articles a ON a.id = l.article_id `

func scanLink(row interface{ Scan(...any) error }) (l collect.Link, err error) {
	var next, checked sql.NullInt64
	err = row.Scan(&l.URL, &l.Tries, &next, &checked, &l.Reason)
	l.Next, l.Checked = instant(next), instant(checked)
	return l, err
}

// DueLink returns the next address to be checked; see collect.LinkStore.
func (s *Store) DueLink(ctx context.Context, now time.Time) (collect.Link, error) {
	l, err := scanLink(s.read.QueryRowContext(ctx, linkSelect+`WHERE l.next_at IS NOT NULL AND l.next_at <= ? ORDER BY l.tries, l.article_id DESC LIMIT 1`, ms(now)))
	return l, found(err, "link that is due")
}

// Links returns what is known of addresses; see collect.LinkStore.
func (s *Store) Links(ctx context.Context, urls []string) ([]collect.Link, error) {
	rows, err := s.read.QueryContext(ctx, linkSelect+`WHERE a.url IN (SELECT value FROM json_each(?))`, list(urls))
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (collect.Link, error) { return scanLink(rows) })
}

// SettleLink records what a check met; see collect.LinkStore.
func (s *Store) SettleLink(ctx context.Context, l collect.Link) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(`UPDATE links SET tries = ?2, next_at = ?3, checked_at = ?4, reason = ?5 WHERE article_id = (SELECT id FROM articles WHERE url = ?1)`,
			l.URL, l.Tries, ms(l.Next), ms(l.Checked), l.Reason)
		return err
	})
}

// LinkFailures returns the pages that were not there; see digest.Store.
func (s *Store) LinkFailures(ctx context.Context, urls []string) (map[string]preflight.Failure, error) {
	known, err := s.Links(ctx, urls)
	failed := make(map[string]preflight.Failure)
	for _, l := range known {
		if l.Reason != "" {
			failed[l.URL] = preflight.Failure{Reason: l.Reason, At: l.Checked}
		}
	}
	return failed, err
}
