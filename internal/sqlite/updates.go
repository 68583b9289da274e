package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// keepText keeps the text of a story as its edition has it.
func (t tx) keepText(edition int64, s newsletter.Story) error {
	if s.Text == "" {
		return nil
	}
	_, err := t.exec(`INSERT INTO carried_texts (edition_id, article_id, brought_by, text) SELECT ?, id, brought_by, ? FROM articles WHERE id = ?`,
		edition, s.Text, s.Article)
	return err
}

// CarriedTexts returns texts that were kept; see digest.Store.
func (s *Store) CarriedTexts(ctx context.Context, name string, ids []int64) (map[int64]digest.CarriedText, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT a.id, c.text, a.body FROM json_each(?2) j JOIN articles a ON a.id = j.value
		JOIN carried_texts l ON l.article_id = a.id AND l.brought_by IS a.brought_by AND l.edition_id = (
			SELECT max(e.id) FROM edition_articles ea JOIN editions e ON e.id = ea.edition_id JOIN newsletters n ON n.id = e.newsletter_id
			WHERE ea.article_id = a.id AND n.name = ?1 AND e.unsent = 0)
		JOIN carried_texts c ON c.article_id = a.id AND c.brought_by IS a.brought_by AND c.edition_id IN (
			SELECT e.id FROM editions e JOIN newsletters n ON n.id = e.newsletter_id WHERE n.name = ?1 AND e.unsent = 0)
		ORDER BY a.id, c.edition_id`, name, list(ids))
	if err != nil {
		return nil, fmt.Errorf("texts that %s carried: %w", name, err)
	}
	texts := make(map[int64]digest.CarriedText)
	_, err = collectRows(rows, func(rows *sql.Rows) (id int64, err error) {
		var then, now string
		err = rows.Scan(&id, &then, &now)
		texts[id] = digest.CarriedText{Then: append(texts[id].Then, then), Now: now}
		return id, err
	})
	return texts, err
}
