package sqlite

import (
	"context"
	"fmt"

	"facteur/internal/newsletter"
)

// FileArticles gives articles a section whatever their sources say; see collect.Shelf.
func (s *Store) FileArticles(ctx context.Context, ids []int64, section string) error {
	return s.update(ctx, func(t tx) error {
		for _, id := range ids {
			n, err := changed(t.exec(`UPDATE articles SET sourced = coalesce(sourced, section), section = ? WHERE id = ?`, section, id))
			if err == nil && n == 0 {
				err = fmt.Errorf("article %d: %w", id, newsletter.ErrNotFound)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// UnfileArticles gives articles the sections that their sources name; see collect.Shelf.
func (s *Store) UnfileArticles(ctx context.Context, ids []int64) error {
	return s.update(ctx, func(t tx) error {
		for _, id := range ids {
			n, err := changed(t.exec(`UPDATE articles SET section = sourced, sourced = NULL WHERE id = ? AND sourced IS NOT NULL`, id))
			if err == nil && n == 0 {
				err = fmt.Errorf("article %d has the section that its source names: %w", id, newsletter.ErrNotFound)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
