package sqlite

import (
	"fmt"
	"testing"

	"facteur/internal/newsletter"
)

// What an edition ended is kept as long as it may be given back, and no longer.
func TestSpentStances_AreForgotten(t *testing.T) {
	for name, c := range map[string]struct {
		letter newsletter.DeliveryState
		cancel bool
		kept   int
	}{
		"a letter has arrived, and it is done":      {newsletter.Sent, false, 0},
		"a letter may have, and it is done":         {newsletter.Unknown, false, 0},
		"nothing has left, and it is done":          {newsletter.Failed, false, 1},
		"a letter has arrived, and it is cancelled": {newsletter.Sent, true, 0},
		"nothing has left, and it is cancelled":     {newsletter.Failed, true, 0},
	} {
		s := edition(t, 1)
		err := s.update(t.Context(), func(t tx) error {
			for _, query := range []string{
				`UPDATE editions SET state = 'sending'`,
				fmt.Sprintf(`INSERT INTO deliveries (kind, run, edition_id, variant_id, newsletter_id, subscriber_id, state) VALUES ('edition', 1, 1, 1, 1, 1, '%s')`, c.letter),
				`INSERT INTO articles (id, url, title, section, summary, body, author, tags, language, arrived_at, updated_at, picture, picture_alt) VALUES (1, '', '', '', '', '', '', '[]', '', 0, 0, '', '')`,
				`INSERT INTO spent_stances (edition_id, id, article_id, stance, at) VALUES (1, 1, 1, 'pinned', 0)`,
			} {
				if _, err := t.exec(query); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if c.cancel {
			_, err = s.Cancel(t.Context(), newsletter.EditionRef{Newsletter: "hebdo", Number: 1}, func(int) {})
		} else {
			_, err = s.Finish(t.Context())
		}
		var kept int
		if readErr := s.read.QueryRowContext(t.Context(), `SELECT count(*) FROM spent_stances`).Scan(&kept); err != nil || readErr != nil || kept != c.kept {
			t.Errorf("%s: %d are kept, want %d; %v, %v", name, kept, c.kept, err, readErr)
		}
	}
}
