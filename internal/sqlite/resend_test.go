package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/storetest"
)

var hebdo1 = newsletter.EditionRef{Newsletter: "hebdo", Number: 1}

// failedEdition is one whose letters to n readers failed but for every third, which is of unknown outcome, and after which
// as many newcomers came.
func failedEdition(t testing.TB, n int) *Store {
	t.Helper()
	s := edition(t, n)
	for more := true; more; {
		var err error
		if more, err = s.QueueNext(t.Context(), 5000, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	err := s.update(t.Context(), func(t tx) error {
		for _, query := range []string{
			`UPDATE deliveries SET state = iif(id % 3 = 0, 'unknown', 'failed'), next_at = NULL`,
			`UPDATE editions SET state = 'done'`,
			fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO subscribers (id, address, hash, language, created_at, acted_at)
				SELECT i, 'r' || i || '@lecteurs.example', cast('r' || i || '@lecteurs.example' AS BLOB), 'fr', 0, 0 FROM n`, n+1, 2*n),
			fmt.Sprintf(`INSERT INTO subscriptions (newsletter_id, subscriber_id, state, since_at, activated) SELECT 1, id, 'active', 0, 2 FROM subscribers WHERE id > %d`, n),
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
	return s
}

func everything() outbox.Round { return outbox.Round{Groups: outbox.ResendGroups()} }

// A kill leaves what the last commit made durable. Whichever that was, the same order given again brings the round to its
// end, and everybody was owed the edition once.
func TestResend_IsKilledAndGivenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const readers = resendMost*3/2 + 10
		s := failedEdition(t, readers)
		folder, kills := t.TempDir(), 0
		_, err := s.Resend(t.Context(), hebdo1, everything(), outbox.Order{At: time.Now()}, func(int) {
			kills++
			for _, end := range []string{"", "-wal"} {
				copyFile(t, s.Path()+end, filepath.Join(folder, fmt.Sprint(kills, end)))
			}
		})
		if err != nil || kills < 4 {
			t.Fatalf("%d commits, %v; want several", kills, err)
		}
		onceEach(t, s, 2*readers)
		for n := 1; n <= kills; n++ {
			after, err := Open(t.Context(), filepath.Join(folder, fmt.Sprint(n)), Options{Hash: storetest.Hash})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := after.Resend(t.Context(), hebdo1, everything(), outbox.Order{At: time.Now(), By: "again"}, func(int) {}); err != nil {
				t.Error(err)
			}
			onceEach(t, after, 2*readers)
			if err := after.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// onceEach checks that so many people are each owed one letter, and that the record counts them once.
func onceEach(t *testing.T, s *Store, people int) {
	t.Helper()
	var queued, readers, told int
	err := errors.Join(
		s.read.QueryRow(`SELECT count(*), count(DISTINCT subscriber_id) FROM deliveries WHERE state = 'queued' AND copy = 1`).Scan(&queued, &readers),
		s.read.QueryRow(`SELECT sum(people) FROM resends`).Scan(&told))
	if err != nil || queued != people || readers != people || told != people {
		t.Errorf("%d letters to %d readers, and the record tells of %d; want %d: %v", queued, readers, told, people, err)
	}
}

// An order that is cut off says how far it came, and the record that it is not whole.
func TestResend_IsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failedEdition(t, 2*resendMost)
		ctx, cut := context.WithCancel(t.Context())
		people, err := s.Resend(ctx, hebdo1, outbox.Round{Groups: []outbox.ResendWhat{outbox.ResendNewcomers}}, outbox.Order{At: time.Now()}, func(int) { cut() })
		if people[outbox.ResendNewcomers] != resendMost || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), fmt.Sprint(resendMost)) {
			t.Errorf("reached %v, %v; want a part", people, err)
		}
		told, err := s.Resends(t.Context(), 1)
		if err != nil || len(told) != 1 || told[0].Whole || told[0].People != resendMost {
			t.Errorf("the record is %+v, %v", told, err)
		}
	})
}

// Two orders at once, given while the sender is at work and readers leave: nobody is owed two, and the two orders
// count everybody once.
func TestResend_OrderedTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const readers = 2*resendMost + 100
		s := failedEdition(t, readers)
		reached := make(chan int)
		for range 2 {
			go func() {
				all := 0
				people, err := s.Resend(t.Context(), hebdo1, everything(), outbox.Order{At: time.Now()}, func(int) {})
				if err != nil {
					t.Error(err)
				}
				for _, n := range people {
					all += n
				}
				reached <- all
			}()
		}
		<-s.Changed()
		due, err := s.DueCopies(t.Context(), time.Now(), 10, outbox.Room{})
		if err != nil || len(due) == 0 {
			t.Fatal(err)
		}
		for _, d := range due {
			sent(t, s, d)
		}
		last := int64(2 * readers) // the newcomer whose turn is the last
		if left, err := s.Leave(t.Context(), last, newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.Now(), Origin: "page"}); err != nil || !left {
			t.Fatal(left, err)
		}
		if n := <-reached + <-reached; n != 2*readers-1 {
			t.Errorf("%d were reached, want all but the one who left meanwhile", n)
		}
		var rows, people int
		err = s.read.QueryRow(`SELECT count(*), count(DISTINCT subscriber_id) FROM deliveries WHERE state IN ('queued', 'sent')`).Scan(&rows, &people)
		if err != nil || rows != 2*readers-1 || people != rows {
			t.Errorf("%d letters to %d people, %v", rows, people, err)
		}
	})
}

// sent marks a letter and settles it.
func sent(t *testing.T, s *Store, d newsletter.Delivery) {
	t.Helper()
	now := time.Now()
	refused, err := s.Step(t.Context(), nil, []newsletter.Parcel{{Delivery: d.ID, Date: now, Envelope: newsletter.Envelope{To: d.Address}}}, now)
	if err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	_, err = s.Step(t.Context(), []outbox.Settlement{{Delivery: d.ID, State: newsletter.Sent, Attempt: newsletter.Attempt{Started: now, Ended: now, State: newsletter.Sent}}}, nil, now)
	if err != nil {
		t.Fatal(err)
	}
}

// Newcomers whose letters were ended with their edition stay so, even where that was cut off and the edition goes on.
func TestResend_LeavesWhatTheOperatorEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failedEdition(t, cancelMost+10)
		newcomers := outbox.Round{Groups: []outbox.ResendWhat{outbox.ResendNewcomers}}
		if _, err := s.Resend(t.Context(), hebdo1, newcomers, outbox.Order{At: time.Now()}, func(int) {}); err != nil {
			t.Fatal(err)
		}
		ctx, cut := context.WithCancel(t.Context())
		committed := s.Changed()
		go func() {
			<-committed
			cut()
		}()
		if _, err := s.Cancel(ctx, hebdo1, func(int) {}); !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelling ended with %v; want it to be cut off", err)
		}
		if people, err := s.Resend(t.Context(), hebdo1, newcomers, outbox.Order{At: time.Now()}, func(int) {}); err != nil || people[outbox.ResendNewcomers] != 0 {
			t.Errorf("reached %v, %v; want nobody", people, err)
		}
	})
}

// An edition that is ended while it is sent once more is ended: the order is told so, and owes nothing.
func TestResend_MeetsACancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := failedEdition(t, 3*resendMost)
		var cancelled error
		people, err := s.Resend(t.Context(), hebdo1, everything(), outbox.Order{At: time.Now()}, func(n int) {
			if n == resendMost { // of the first group
				_, cancelled = s.Cancel(t.Context(), hebdo1, func(int) {})
			}
		})
		if cancelled != nil || !errors.Is(err, newsletter.ErrState) || people[outbox.ResendUnknown] != resendMost {
			t.Errorf("reached %v, %v; cancelling ended with %v", people, err, cancelled)
		}
		e, err := s.Edition(t.Context(), hebdo1)
		if err != nil || e.State != newsletter.EditionCancelled {
			t.Errorf("the edition is %s, %v", e.State, err)
		}
		if due, err := s.DueCopies(t.Context(), time.Now().Add(time.Hour), 1, outbox.Room{}); err != nil || len(due) > 0 {
			t.Errorf("due: %+v, %v", due, err)
		}
	})
}

// A transaction of a resend looks at the people it is about, however large the list is.
func TestResend_LooksAtWhomItIsAbout(t *testing.T) {
	s := failedEdition(t, 10)
	for _, what := range outbox.ResendGroups() {
		g := resendOf(what)
		for _, query := range []string{makeNewcomers, g.next(g.reader), `UPDATE deliveries SET ` + again + ` WHERE id IN (SELECT ` + g.letter + g.whom + ` AND ` + g.reader + theirs + `)`} {
			rows, err := s.read.Query(`EXPLAIN QUERY PLAN `+query, 1, nil, math.MinInt64, "[]", 1)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := collectRows(rows, func(rows *sql.Rows) (step string, err error) {
				var id, parent, unused int
				return step, rows.Scan(&id, &parent, &unused, &step)
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range plan {
				few := strings.Contains(step, "json_each") || step == "SCAN resends" // orders, and only while a reference is missing
				if strings.HasPrefix(step, "SCAN ") && !few || strings.Contains(step, "TEMP B-TREE FOR ORDER") {
					t.Errorf("%s: %s", what, step)
				}
			}
		}
	}
}
