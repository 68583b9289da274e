package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// A row that is too long stays on the disk: SQLite knows the size of a text without reading it.
const waitingSelect = `SELECT w.id, w.bytes, coalesce(i.url, ''), coalesce(i.title, ''), coalesce(i.section, ''), coalesce(i.summary, ''),
		coalesce(i.body, ''), coalesce(i.author, ''), coalesce(i.tags, ''), coalesce(i.language, ''), coalesce(i.published, ''),
		coalesce(i.picture, ''), coalesce(i.picture_alt, ''), coalesce(i.canonical, '')
	FROM (SELECT id, coalesce(octet_length(url), 0) + coalesce(octet_length(title), 0) + coalesce(octet_length(section), 0)
			+ coalesce(octet_length(summary), 0) + coalesce(octet_length(body), 0) + coalesce(octet_length(author), 0)
			+ coalesce(octet_length(tags), 0) + coalesce(octet_length(language), 0) + coalesce(octet_length(published), 0)
			+ coalesce(octet_length(picture), 0) + coalesce(octet_length(picture_alt), 0) + coalesce(octet_length(canonical), 0) AS bytes
		FROM inbox WHERE accepted_at IS NULL AND refused_at IS NULL) w
	LEFT JOIN inbox i ON i.id = w.id AND w.bytes <= ?1 `

func scanInbox(row interface{ Scan(...any) error }) (r collect.Row, err error) {
	err = row.Scan(&r.ID, &r.Bytes, &r.URL, &r.Title, &r.Section, &r.Summary, &r.Body, &r.Author, &r.Tags, &r.Language, &r.Published,
		&r.Picture, &r.PictureAlt, &r.Canonical)
	return r, err
}

// InboxWaiting returns rows of the inbox that were neither accepted nor refused, by id, after the given one; see
// collect.Store.
func (s *Store) InboxWaiting(ctx context.Context, after int64, limit int) (waiting []collect.Row, err error) {
	rows, err := s.read.QueryContext(ctx, waitingSelect+`WHERE w.id > ?2 ORDER BY w.id LIMIT ?3`, collect.MaxRow, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read the inbox: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for held := int64(0); held < collect.MaxRow && rows.Next(); {
		r, err := scanInbox(rows)
		if err != nil {
			return nil, fmt.Errorf("read the inbox: %w", err)
		}
		waiting = append(waiting, r)
		held += r.Bytes
	}
	return waiting, rows.Err()
}

// InboxSettle turns accepted rows into articles and writes on refused ones why, in one transaction; see collect.Store.
func (s *Store) InboxSettle(ctx context.Context, decisions []collect.Decision, now time.Time) ([]collect.Put, error) {
	var puts []collect.Put
	err := s.updateAlone(ctx, func(t tx) error {
		puts = puts[:0]
		shelving, err := t.rowShelving(now)
		if err != nil {
			return err
		}
		for _, d := range decisions {
			shelving.turn++
			if err := shelving.settleRow(d, &puts); err != nil {
				return fmt.Errorf("inbox row %d: %w", d.Row.ID, err)
			}
		}
		return t.keyEarlier()
	})
	return puts, err
}

func (t shelving) settleRow(d collect.Decision, puts *[]collect.Put) error {
	row, err := scanInbox(t.row(waitingSelect+`WHERE w.id = ?2`, collect.MaxRow, d.Row.ID))
	if errors.Is(err, sql.ErrNoRows) || (err == nil && row != d.Row) {
		return nil
	}
	if err != nil {
		return err
	}
	at := t.now.UTC().Format(time.RFC3339)
	if d.Refused != "" {
		_, err := t.exec(`UPDATE inbox SET refused_at=?, refused=? WHERE id=?`, at, d.Refused, row.ID)
		return err
	}
	put, err := t.put(collect.Brought{Article: d.Article})
	if err != nil {
		return err
	}
	*puts = append(*puts, put)
	_, err = t.exec(`UPDATE inbox SET accepted_at=?, refused=NULL, article=? WHERE id=?`, at, put.Article, row.ID)
	return err
}

// errRehearsed undoes what was done to see what would come of it.
var errRehearsed = errors.New("this was a rehearsal")

// Rehearse says what would become of rows of the inbox; see collect.Store. It stores them, looks, and takes all of that back.
func (s *Store) Rehearse(ctx context.Context, rows []newsletter.Article, now time.Time, name string, sisters ...string) (r collect.Rehearsal, err error) {
	err = s.updateAlone(ctx, func(t tx) (err error) {
		if r, err = t.rehearse(ctx, rows, now, name, sisters); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return r, nil
	}
	return r, err
}

func (t tx) rehearse(ctx context.Context, rows []newsletter.Article, now time.Time, name string, sisters []string) (r collect.Rehearsal, err error) {
	var last int64
	if err := t.row(`SELECT coalesce(max(id), 0) FROM articles`).Scan(&last); err != nil {
		return r, err
	}
	shelving, err := t.rowShelving(now)
	if err != nil {
		return r, err
	}
	waiting := map[int64]int64{} // by what rows would have for ids
	as := func(id int64) int64 {
		if row, waits := waiting[id]; waits {
			return row
		}
		return id
	}
	for i, row := range rows {
		shelving.turn++
		put, err := shelving.put(collect.Brought{Article: row})
		if err != nil {
			return r, err
		}
		if _, known := waiting[put.Article]; put.Article > last && !known {
			waiting[put.Article] = newsletter.RowWaiting(i)
		}
		r.Articles = append(r.Articles, as(put.Article))
	}
	r.Candidates, err = candidates(ctx, t.conn, name, sisters)
	for i := range r.Candidates {
		c := &r.Candidates[i]
		c.Article, c.Leader = as(c.Article), as(c.Leader)
	}
	return r, err
}

// InboxAdd puts rows into the inbox as another program would.
func (s *Store) InboxAdd(ctx context.Context, rows []collect.Row) error {
	return s.update(ctx, func(t tx) error {
		for _, r := range rows {
			if _, err := t.exec(`INSERT INTO inbox (url, title, section, summary, body, author, tags, language, published, picture, picture_alt, canonical)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.URL, r.Title, r.Section, r.Summary, r.Body, r.Author, r.Tags, r.Language, r.Published,
				r.Picture, r.PictureAlt, r.Canonical); err != nil {
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
