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

// Miscounted names the newsletters whose count of active subscriptions is wrong.
func (s *Store) Miscounted(ctx context.Context) (names string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT coalesce(group_concat(name), '') FROM newsletters n
		WHERE active <> (SELECT count(*) FROM subscriptions WHERE newsletter_id = n.id AND state = 'active')`).Scan(&names)
	return names, err
}
