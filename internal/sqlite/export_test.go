package sqlite

import (
	"context"
	"fmt"
)

// LimitPages lets the file grow to so many pages and no further, as a full disk does; at least to as many as it has.
func (s *Store) LimitPages(ctx context.Context, pages int) error {
	return s.update(ctx, func(t tx) error {
		var most int
		return t.row(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Scan(&most)
	})
}
