package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// keepText keeps the text of a story as its edition has it, in place of an earlier one.
func (t tx) keepText(newsletterID int64, s newsletter.Story) error {
	if _, err := t.exec(`DELETE FROM carried_texts WHERE newsletter_id = ? AND article_id = ?`, newsletterID, s.Article); err != nil || s.Text == "" {
		return err
	}
	_, err := t.exec(`INSERT INTO carried_texts (newsletter_id, article_id, brought_by, text) SELECT ?, id, brought_by, ? FROM articles WHERE id = ?`,
		newsletterID, s.Text, s.Article)
	return err
}

// CarriedTexts returns texts that were kept; see digest.Store.
func (s *Store) CarriedTexts(ctx context.Context, name string, ids []int64) (map[int64]digest.CarriedText, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT a.id, c.text, a.body FROM json_each(?2) j JOIN articles a ON a.id = j.value
		JOIN carried_texts c ON c.article_id = a.id AND c.newsletter_id = (SELECT id FROM newsletters WHERE name = ?1) AND c.brought_by IS a.brought_by`, name, list(ids))
	if err != nil {
		return nil, fmt.Errorf("texts that %s carried: %w", name, err)
	}
	texts := make(map[int64]digest.CarriedText)
	_, err = collectRows(rows, func(rows *sql.Rows) (id int64, err error) {
		var text digest.CarriedText
		err = rows.Scan(&id, &text.Then, &text.Now)
		texts[id] = text
		return id, err
	})
	return texts, err
}
