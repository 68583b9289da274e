package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// wantPicture makes the picture of an article due that is new or was changed, unless it is kept.
func (t tx) wantPicture(source string, now time.Time) error {
	if source == "" {
		return nil
	}
	_, err := t.exec(`INSERT INTO pictures (source, state, next_at) VALUES (?1, 'waiting', ?2)
		ON CONFLICT (source) DO UPDATE SET state = 'waiting', next_at = ?2, tries = 0 WHERE state = 'failed'`, source, ms(now))
	if err != nil {
		return fmt.Errorf("picture %s: %w", source, err)
	}
	return nil
}

const pictureSelect = `SELECT source, state, tries, next_at, tried_at, reason, name, width, height FROM pictures `

func scanPicture(row interface{ Scan(...any) error }) (i collect.Illustration, err error) {
	var next, tried sql.NullInt64
	err = row.Scan(&i.Source, &i.State, &i.Tries, &next, &tried, &i.Reason, &i.Picture.Name, &i.Picture.Width, &i.Picture.Height)
	i.Next, i.Tried = instant(next), instant(tried)
	return i, err
}

// DuePicture returns the next picture to be fetched; see collect.PictureStore.
func (s *Store) DuePicture(ctx context.Context, now time.Time) (collect.Illustration, error) {
	i, err := scanPicture(s.read.QueryRowContext(ctx, pictureSelect+`WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY tries, id DESC LIMIT 1`, ms(now)))
	return i, found(err, "picture that is due")
}

// Illustration returns what is known of a picture; see collect.PictureStore.
func (s *Store) Illustration(ctx context.Context, source string) (collect.Illustration, error) {
	i, err := scanPicture(s.read.QueryRowContext(ctx, pictureSelect+`WHERE source = ?`, source))
	return i, found(err, "picture "+source)
}

// SettlePicture records what a try brought; see collect.PictureStore.
func (s *Store) SettlePicture(ctx context.Context, i collect.Illustration) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(`UPDATE pictures SET state = ?2, tries = ?3, next_at = ?4, tried_at = ?5, reason = ?6, name = ?7, width = ?8, height = ?9
			WHERE source = ?1`, i.Source, i.State, i.Tries, ms(i.Next), ms(i.Tried), i.Reason, i.Picture.Name, i.Picture.Width, i.Picture.Height)
		return err
	})
}

// illustrations reads what is known of pictures, by their sources.
func (s *Store) illustrations(ctx context.Context, sources []string) ([]collect.Illustration, error) {
	rows, err := s.read.QueryContext(ctx, pictureSelect+`WHERE source IN (SELECT value FROM json_each(?))`, list(sources))
	if err != nil {
		return nil, fmt.Errorf("read pictures: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (collect.Illustration, error) { return scanPicture(rows) })
}

// Pictures returns the kept ones among pictures by their sources; see digest.Store.
func (s *Store) Pictures(ctx context.Context, sources []string) (map[string]newsletter.Picture, error) {
	all, err := s.illustrations(ctx, sources)
	kept := make(map[string]newsletter.Picture, len(all))
	for _, i := range all {
		if i.State == newsletter.PictureKept {
			kept[i.Source] = i.Picture
		}
	}
	return kept, err
}

// PictureFailures returns those that are not kept, with the reason; see digest.Store.
func (s *Store) PictureFailures(ctx context.Context, sources []string) (map[string]preflight.Failure, error) {
	all, err := s.illustrations(ctx, sources)
	failed := make(map[string]preflight.Failure)
	for _, i := range all {
		if i.State != newsletter.PictureKept {
			failed[i.Source] = preflight.Failure{Reason: cmp.Or(i.Reason, "it was not tried yet"), At: i.Tried}
		}
	}
	return failed, err
}

// ForgetPictures forgets pictures that no article names; see collect.PictureStore.
func (s *Store) ForgetPictures(ctx context.Context) (map[string]bool, error) {
	err := s.update(ctx, func(t tx) error {
		_, err := t.exec(`DELETE FROM pictures WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.picture = source AND a.picture <> '')`)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT name FROM pictures WHERE state = 'kept' UNION SELECT name FROM edition_pictures`)
	if err != nil {
		return nil, fmt.Errorf("read pictures: %w", err)
	}
	names, err := collectRows(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	used := make(map[string]bool, len(names))
	for _, name := range names {
		used[name] = true
	}
	return used, err
}

// showPictures remembers which files an edition needs.
func (t tx) showPictures(edition int64, c newsletter.Content) error {
	for _, s := range c.Stories() {
		if s.Picture == nil {
			continue
		}
		if _, err := t.exec(`INSERT INTO edition_pictures (name, edition_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, s.Picture.Name, edition); err != nil {
			return err
		}
	}
	return nil
}
