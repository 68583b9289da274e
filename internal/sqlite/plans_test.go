package sqlite

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// What is asked for while people sign up and letters leave reads no table of theirs from end to end.
func TestNothingIsReadFromEndToEnd(t *testing.T) {
	s, _ := signUps(t)
	for _, query := range []string{
		signUpNumbers, letterNumbers, consentAt, attemptAt, sweepLinks,
		deliverySelect + othersTo, elsewhereOf,
		deliverySelect + lettersTold, deliverySelect + theirLetters, lettersOf,
		oweDropped, makeNext, makeCancelled, makeNewcomers,
		lettersOfMoves + ` WHERE m.id = ?1`, regroup, ownByNow, overByNow, otherWith,
		overdue, `SELECT id` + askLetters, `DELETE` + askLetters, unreminded,
		`SELECT 1` + askable + ` AND b.id = ?3`, `SELECT 1` + goneOnes + ` AND b.id = ?3`, `DELETE FROM subscribers WHERE id = ?1`,
		waiting, stillUnmade, troubled, refusals, triedSince,
	} {
		rows, err := s.read.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, slices.Repeat([]any{1}, placeholders(query))...)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		plan, err := collectRows(rows, func(rows *sql.Rows) (step string, err error) {
			var id, parent, unused int
			return step, rows.Scan(&id, &parent, &unused, &step)
		})
		if err != nil || len(plan) == 0 {
			t.Fatalf("%s: %v", query, err)
		}
		for _, step := range plan {
			if strings.HasPrefix(step, "SCAN ") && !few(step) {
				t.Errorf("%s: %s", query, step)
			}
		}
	}
}

// few tells that a step reads from end to end what is never long: suppressions, resends and editions, those who wait for their
// confirmation, letters on the wire or in trouble, what was counted, a list that was given.
func few(step string) bool {
	return strings.HasPrefix(step, "SCAN u") || slices.Contains([]string{"SCAN resends", "SCAN e", "SCAN w"}, step) || slices.ContainsFunc([]string{
		"INDEX subscriptions_pending", "INDEX deliveries_attempting", "INDEX deliveries_trouble", "autoindex_editions_", "SCAN json_each",
	}, func(part string) bool { return strings.Contains(step, part) })
}

// A statement is planned once, and not again for each number that it is asked with: see the query planner stability guarantee in
// SQLite's documentation. Without it a step of the ledger costs twice as much.
func TestPlansAreKept(t *testing.T) {
	var stable bool
	if err := openHere(t, Options{}).read.QueryRowContext(t.Context(), `SELECT sqlite_compileoption_used('ENABLE_QPSG')`).Scan(&stable); err != nil {
		t.Fatal(err)
	}
	if !stable {
		t.Skip("SQLite was built without stable plans; run this through make test, which says how it is built")
	}
}

// placeholders counts the arguments that a query takes, numbered or not.
func placeholders(query string) int {
	for n := 9; n > 0; n-- {
		if strings.Contains(query, fmt.Sprintf("?%d", n)) {
			return n
		}
	}
	return strings.Count(query, "?")
}

func TestFirstAfterFindsIt(t *testing.T) {
	s, _ := signUps(t)
	start := time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)
	at := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	find := func(after time.Time, want int64) {
		t.Helper()
		if got, err := s.firstAfter(t.Context(), consentAt, after); err != nil || got != want {
			t.Errorf("after %s begins %d, %v; want %d", after, got, err, want)
		}
	}
	find(start, 1)
	const many = 21
	for n := range many {
		who := []subscription.Person{{Address: parsed(t, fmt.Sprintf("r%d@lecteurs.example", n)), Language: "fr"}}
		if _, err := s.Enrol(t.Context(), "hebdo", who, newsletter.Consent{Act: newsletter.ConsentRequested, At: at(n), Origin: "command", Source: "salon"}); err != nil {
			t.Fatal(err)
		}
	}
	find(start.Add(-time.Hour), 1)
	for n := range many {
		find(at(n), int64(n)+2)
	}
	if err := s.update(t.Context(), func(t tx) error { _, err := t.exec(`DELETE FROM consents WHERE id BETWEEN 5 AND 9`); return err }); err != nil {
		t.Fatal(err)
	}
	find(at(2), 4)
	find(at(3), 5) // the next one there is is 10
	find(at(9), 11)
}

// What letters are of stays, though no reference of theirs keeps it.
func TestWhatLettersAreOfStays(t *testing.T) {
	s := edition(t, 2)
	queue(t, s)
	err := s.update(t.Context(), func(x tx) error {
		for _, query := range []string{
			`INSERT INTO subscribers (id, hash, address, language, created_at, acted_at) VALUES (3, x'03', 'c@lecteurs.example', 'fr', 0, 0), (4, x'04', 'd@lecteurs.example', 'fr', 0, 0)`,
			`INSERT INTO deliveries (kind, run, variant_id, subscriber_id, state, next_at) VALUES ('letter', 0, 1, 3, 'queued', 0)`,
			`DELETE FROM subscriptions`,
			`DELETE FROM subscribers WHERE id = 4`,
		} {
			if _, err := x.exec(query); err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		`DELETE FROM subscribers WHERE id = 2`: "a subscriber with letters is never deleted",
		`DELETE FROM subscribers WHERE id = 3`: "a subscriber with letters is never deleted",
		`DELETE FROM editions`:                 "an edition is never deleted",
		`DELETE FROM newsletters`:              "a newsletter is never deleted",
	} {
		err := s.update(t.Context(), func(x tx) error { _, err := x.exec(query); return err })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", query, err)
		}
	}
}
