package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"facteur/internal/collect"
)

const waitingSelect = `SELECT id, coalesce(url, ''), coalesce(title, ''), coalesce(section, ''), coalesce(summary, ''),
		coalesce(body, ''), coalesce(author, ''), coalesce(tags, ''), coalesce(language, ''), coalesce(published, '')
	FROM inbox WHERE accepted_at IS NULL AND refused_at IS NULL `

func scanInbox(row interface{ Scan(...any) error }) (r collect.Row, err error) {
	err = row.Scan(&r.ID, &r.URL, &r.Title, &r.Section, &r.Summary, &r.Body, &r.Author, &r.Tags, &r.Language, &r.Published)
	return r, err
}

// InboxWaiting returns rows of the inbox that were neither accepted nor refused, by id, after the given one.
func (s *Store) InboxWaiting(ctx context.Context, after int64, limit int) ([]collect.Row, error) {
	rows, err := s.read.QueryContext(ctx, waitingSelect+`AND id > ? ORDER BY id LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read the inbox: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (collect.Row, error) { return scanInbox(rows) })
}

// InboxSettle turns accepted rows into articles and writes on refused ones why, in one transaction; see collect.Store.
func (s *Store) InboxSettle(ctx context.Context, decisions []collect.Decision, now time.Time) ([]collect.Put, error) {
	var puts []collect.Put
	err := s.update(ctx, func(t tx) error {
		puts = puts[:0]
		for _, d := range decisions {
			if err := t.settleRow(d, now, &puts); err != nil {
				return fmt.Errorf("inbox row %d: %w", d.Row.ID, err)
			}
		}
		return nil
	})
	return puts, err
}

func (t tx) settleRow(d collect.Decision, now time.Time, puts *[]collect.Put) error {
	row, err := scanInbox(t.row(waitingSelect+`AND id = ?`, d.Row.ID))
	if errors.Is(err, sql.ErrNoRows) || (err == nil && row != d.Row) {
		return nil
	}
	if err != nil {
		return err
	}
	at := now.UTC().Format(time.RFC3339)
	if d.Refused != "" {
		_, err := t.exec(`UPDATE inbox SET refused_at=?, refused=? WHERE id=?`, at, d.Refused, row.ID)
		return err
	}
	put, err := t.putArticle(d.Article, now)
	if err != nil {
		return err
	}
	*puts = append(*puts, put)
	_, err = t.exec(`UPDATE inbox SET accepted_at=?, refused=NULL, article=? WHERE id=?`, at, put.Article, row.ID)
	return err
}

// InboxAdd puts rows into the inbox as another program would.
func (s *Store) InboxAdd(ctx context.Context, rows []collect.Row) error {
	return s.update(ctx, func(t tx) error {
		for _, r := range rows {
			if _, err := t.exec(`INSERT INTO inbox (url, title, section, summary, body, author, tags, language, published)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.URL, r.Title, r.Section, r.Summary, r.Body, r.Author, r.Tags, r.Language, r.Published); err != nil {
				return fmt.Errorf("inbox: %w", err)
			}
		}
		return nil
	})
}

// InboxRefused lists refused rows with their reasons, the latest first.
func (s *Store) InboxRefused(ctx context.Context, limit int) ([]collect.Refusal, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, coalesce(refused, '') FROM inbox WHERE refused_at IS NOT NULL ORDER BY id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read the inbox: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r collect.Refusal, err error) { return r, rows.Scan(&r.Row, &r.Reason) })
}
