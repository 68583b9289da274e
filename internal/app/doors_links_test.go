package app_test

import (
	"fmt"
	"testing"

	"facteur/internal/token"
)

// link signs a link to the first subscription of an address, as a letter would hold it.
func (s *doorSite) link(purpose token.Purpose, email string) string {
	s.t.Helper()
	rows := s.rows(`SELECT p.id || ' ' || p.epoch FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id WHERE lower(b.address) = lower(?) ORDER BY p.id LIMIT 1`, email)
	if len(rows) != 1 {
		s.t.Fatalf("%d subscriptions to make a link of", len(rows))
	}
	made := token.Token{Purpose: purpose, Time: s.clock.Now()}
	doorScan(s.t, rows[0], &made.Subscription, &made.Epoch)
	link := s.keys.Sign(made)
	s.log.hide(link)
	return link
}

func doorScan(t testing.TB, text string, places ...any) {
	t.Helper()
	if _, err := fmt.Sscan(text, places...); err != nil {
		t.Fatal(err)
	}
}
