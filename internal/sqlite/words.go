package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"facteur/internal/newsletter"
)

// Word returns what an editor will say at the head of the next edition; see digest.Store.
func (s *Store) Word(ctx context.Context, name string) (*newsletter.Word, error) {
	var w newsletter.Word
	err := s.read.QueryRowContext(ctx, `SELECT w.text, w.signed FROM words w JOIN newsletters n ON n.id = w.newsletter_id WHERE n.name = ?`, name).
		Scan(&w.Text, &w.By)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // that nothing is to be said is no error
	}
	if err != nil {
		return nil, fmt.Errorf("read the word for %s: %w", name, err)
	}
	return &w, nil
}

// SetWord keeps a word until the next edition, or takes it back; see digest.Store.
func (s *Store) SetWord(ctx context.Context, name string, w *newsletter.Word) error {
	return s.update(ctx, func(t tx) error {
		id, err := t.newsletterID(name)
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM words WHERE newsletter_id = ?`, id); err != nil || w == nil {
			return err
		}
		_, err = t.exec(`INSERT INTO words (newsletter_id, text, signed) VALUES (?, ?, ?)`, id, w.Text, w.By)
		return err
	})
}
