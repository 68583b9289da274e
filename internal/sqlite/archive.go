package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"facteur/internal/newsletter"
)

// ArchivePage lists a newsletter's public editions, the latest first; see web.Archive.
func (s *Store) ArchivePage(ctx context.Context, name string, before, most int) ([]newsletter.Edition, error) {
	if before == 0 {
		before = math.MaxInt
	}
	rows, err := s.read.QueryContext(ctx, editionSelect+`WHERE n.name = ? AND e.number < ? AND e.unsent = 0 ORDER BY e.number DESC LIMIT ?`, name, before, most)
	if err != nil {
		return nil, fmt.Errorf("list the archive of %s: %w", name, err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Edition, error) { return scanEdition(rows) })
}

// ArchiveHeads lists the latest public editions of every newsletter; see web.Archive.
func (s *Store) ArchiveHeads(ctx context.Context, each int) ([]newsletter.Edition, error) {
	rows, err := s.read.QueryContext(ctx, editionSelect+`WHERE e.id IN (SELECT id FROM
			(SELECT id, row_number() OVER (PARTITION BY newsletter_id ORDER BY number DESC) AS place FROM editions WHERE unsent = 0)
			WHERE place <= ?)
		ORDER BY n.name, e.number DESC`, each)
	if err != nil {
		return nil, fmt.Errorf("list the archive: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Edition, error) { return scanEdition(rows) })
}

// ArchiveEdition reads a public edition and its place; see web.Archive.
func (s *Store) ArchiveEdition(ctx context.Context, ref newsletter.EditionRef) (newsletter.Archived, error) {
	var a newsletter.Archived
	var err error
	a.Edition, err = scanEdition(s.read.QueryRowContext(ctx, editionSelect+`WHERE n.name = ? AND e.number = ? AND e.unsent = 0`, ref.Newsletter, ref.Number))
	if err != nil {
		return a, found(err, "public edition "+ref.String())
	}
	err = s.read.QueryRowContext(ctx, `SELECT
			(SELECT coalesce(max(number), 0) FROM editions WHERE newsletter_id = n.id AND number < ?2 AND unsent = 0),
			(SELECT coalesce(min(number), 0) FROM editions WHERE newsletter_id = n.id AND number > ?2 AND unsent = 0)
		FROM newsletters n WHERE n.name = ?1`, ref.Newsletter, ref.Number).Scan(&a.Previous, &a.Next)
	if err != nil {
		return a, fmt.Errorf("neighbours of edition %s: %w", ref, err)
	}
	return a, nil
}

// ArchiveText reads the frozen texts of a public edition, with every section; see web.Archive.
func (s *Store) ArchiveText(ctx context.Context, ref newsletter.EditionRef) (newsletter.Variant, error) {
	var v newsletter.Variant
	err := s.read.QueryRowContext(ctx, `SELECT v.id, v.edition_id, v.key, v.kind, v.subject, v.html, v.text FROM variants v
		JOIN editions e ON e.id = v.edition_id JOIN newsletters n ON n.id = e.newsletter_id
		WHERE n.name = ? AND e.number = ? AND e.unsent = 0 AND v.key IN ('page', 'full')
		ORDER BY v.key DESC LIMIT 1`, ref.Newsletter, ref.Number).
		Scan(&v.ID, &v.Edition, &v.Key, &v.Kind, &v.Subject, &v.HTML, &v.Text)
	return v, found(err, "text of the public edition "+ref.String())
}

// ArchiveIndex names the latest public editions of all newsletters; see web.Archive.
func (s *Store) ArchiveIndex(ctx context.Context, most int) ([]newsletter.IndexLine, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT n.name, e.number, e.approved_at FROM editions e JOIN newsletters n ON n.id = e.newsletter_id
		WHERE e.unsent = 0 ORDER BY e.id DESC LIMIT ?`, most)
	if err != nil {
		return nil, fmt.Errorf("list the archive: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.IndexLine, error) {
		var line newsletter.IndexLine
		var approved sql.NullInt64
		err := rows.Scan(&line.Newsletter, &line.Number, &approved)
		line.Approved = instant(approved)
		return line, err
	})
}
