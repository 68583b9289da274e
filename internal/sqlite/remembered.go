package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"facteur/internal/newsletter"
)

// A headed is the JSON of editions.letterhead: with it stand the sisters that the newsletter had then, for when the settings name it no longer.
type headed struct {
	newsletter.Letterhead
	Sisters []string `json:"sisters,omitempty"`
}

// Remembered lists every newsletter that there ever was, by name, whatever the settings name.
func (s *Store) Remembered(ctx context.Context) ([]newsletter.Remembered, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT n.name, n.active, e.number, e.approved_at, e.letterhead FROM newsletters n LEFT JOIN editions e ON e.id = (
			SELECT id FROM editions WHERE newsletter_id = n.id AND unsent = 0 ORDER BY number DESC LIMIT 1) ORDER BY n.name`)
	if err != nil {
		return nil, fmt.Errorf("list all newsletters: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r newsletter.Remembered, err error) {
		var number, approved sql.NullInt64
		var letterhead []byte
		if err := rows.Scan(&r.Name, &r.Active, &number, &approved, &letterhead); err != nil || !number.Valid {
			return r, err
		}
		var h headed
		err = json.Unmarshal(letterhead, &h)
		r.Latest, r.Approved, r.Sisters = newsletter.EditionRef{Newsletter: r.Name, Number: int(number.Int64)}, instant(approved), h.Sisters
		return r, err
	})
}
