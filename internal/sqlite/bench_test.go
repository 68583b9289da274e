package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
)

// edition makes a store with one edition that n readers are to get.
func edition(b testing.TB, n int) *Store {
	b.Helper()
	s := openHere(b, Options{})
	err := s.update(b.Context(), func(t tx) error {
		for _, query := range []string{
			`INSERT INTO newsletters (id, name) VALUES (1, 'hebdo')`,
			fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO subscribers (id, address, hash, language, created_at, acted_at)
				SELECT i, 'r' || i || '@lecteurs.example', cast('r' || i || '@lecteurs.example' AS BLOB), 'fr', 0, 0 FROM n`, n),
			`INSERT INTO subscriptions (newsletter_id, subscriber_id, state, since_at, activated) SELECT 1, id, 'active', 0, 0 FROM subscribers ORDER BY id`,
			`INSERT INTO slots (id, newsletter_id, slot, state, judged, decided_at) VALUES (1, 1, '2026-11-24T07:00', 'published', 0, 0)`,
			fmt.Sprintf(`INSERT INTO editions (id, newsletter_id, number, slot_id, state, revision, approved_at, audience, planned, key_id, letterhead, content)
				VALUES (1, 1, 1, 1, 'queueing', 1, 0, 1, %d, 1, '{}', '{}')`, n),
			`INSERT INTO variants (edition_id, key, kind, subject, html, text) VALUES (1, 'full', 'edition', '', '', '')`,
		} {
			if _, err := t.exec(query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// rate reports how many of something were done in a second since the timer was reset, and what each of them cost of the
// processors: in microseconds, which other programs on the machine disturb less than the rate.
func rate(b *testing.B, n int, unit string, before time.Duration) {
	b.Helper()
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), unit+"/s")
	b.ReportMetric(float64((processors(b)-before).Microseconds())/float64(n), "cpu-µs/op")
}

// processors is the time that this process has had of them.
func processors(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func queue(b testing.TB, s *Store) {
	b.Helper()
	if err := queueBy(b.Context(), s, 5000); err != nil {
		b.Fatal(err)
	}
}

// queueBy makes all rows, so many in each transaction.
func queueBy(ctx context.Context, s *Store, rows int) error {
	for {
		if more, err := s.QueueNext(ctx, rows, time.Now()); err != nil || !more {
			return err
		}
	}
}

// BenchmarkStep is the ledger of 16 connections: each records what came of a letter and marks its next one, which are
// handed out in the order of their rows, as a sender does. One operation is one letter.
func BenchmarkStep(b *testing.B) {
	const connections = 16
	s := edition(b, b.N)
	queue(b, s)
	to := addressees(b, s)
	var next atomic.Int64
	b.ResetTimer()
	before := processors(b)
	var wait sync.WaitGroup
	for range connections {
		wait.Go(func() {
			var done []outbox.Settlement
			for id := next.Add(1); id <= int64(b.N); id = next.Add(1) {
				now := time.Now()
				refused, err := s.Step(b.Context(), done, []newsletter.Parcel{{Delivery: id, Date: now, Envelope: newsletter.Envelope{To: to[id]}}}, now)
				if err != nil || len(refused) > 0 {
					b.Error(refused, err)
					return
				}
				done = []outbox.Settlement{{Delivery: id, State: newsletter.Sent, Attempt: newsletter.Attempt{
					Started: now, Ended: now, Stage: newsletter.StageDone, State: newsletter.Sent, Reply: newsletter.Reply{Code: 250, Text: "ok"},
				}}}
			}
		})
	}
	wait.Wait()
	rate(b, b.N, "letters", before)
}

// addressees are the addresses that the letters go to, by their rows.
func addressees(b testing.TB, s *Store) map[int64]string {
	b.Helper()
	rows, err := s.read.QueryContext(b.Context(), `SELECT d.id, b.address FROM deliveries d JOIN subscribers b ON b.id = d.subscriber_id`)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	to := map[int64]string{}
	for rows.Next() {
		var id int64
		var address string
		if err := rows.Scan(&id, &address); err != nil {
			b.Fatal(err)
		}
		to[id] = address
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return to
}

// BenchmarkQueue1M makes the rows of a million readers in chunks.
func BenchmarkQueue1M(b *testing.B) {
	million(b, func() *Store { return edition(b, 1_000_000) }, func(s *Store) { queue(b, s) })
}

// million times what is done to a store for a million readers, anew for each store.
func million(b *testing.B, open func() *Store, do func(*Store)) {
	b.Helper()
	var used time.Duration
	for range b.N {
		b.StopTimer()
		s := open()
		before := processors(b)
		b.StartTimer()
		do(s)
		b.StopTimer()
		used += processors(b) - before
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		s.stop = make(chan struct{}) // the cleanup closes it once more
	}
	b.ReportMetric(float64(used.Microseconds())/float64(b.N)/1e6, "cpu-s/op")
}

// BenchmarkResend1M owes an edition once more to a million people: half of them newcomers, the others with a letter that did
// not arrive.
func BenchmarkResend1M(b *testing.B) {
	million(b, func() *Store { return failedEdition(b, 500_000) }, func(s *Store) {
		if _, err := s.Resend(b.Context(), hebdo1, everything(), outbox.Order{At: time.Now()}, func(int) {}); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkSignUpBesideImport is how long a sign-up takes while 200,000 people are imported through a connection of
// their own, as the command does beside a server.
func BenchmarkSignUpBesideImport(b *testing.B) {
	var list bytes.Buffer
	list.WriteString("email;nom;langue\n")
	for i := range 200_000 {
		_, _ = fmt.Fprintf(&list, "Lecteur.%d@exemple%d.example;\"Dupont, Jo\";fr\n", i, i%100)
	}
	for range b.N {
		s, variant := signUps(b)
		beside, err := Open(b.Context(), s.path, Options{Hash: storetest.Hash})
		if err != nil {
			b.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			r := &subscription.Register{Store: beside, Now: time.Now}
			_, err := r.Import(b.Context(), newsletter.Newsletter{Name: "hebdo", Language: "fr"}, subscription.List{File: bytes.NewReader(list.Bytes()), Source: "salon"})
			done <- err
		}()
		takes(b, s, variant, done)
		if err := beside.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// takes reports how long a sign-up takes until something is done.
func takes(b *testing.B, s *Store, variant int64, done <-chan error) {
	b.Helper()
	var took []time.Duration
	for n := uint64(1); len(done) == 0; n++ {
		form := formOf(n, parsed(b, fmt.Sprintf("demande%d@exemple.example", n)), time.Now(), variant)
		began := time.Now()
		if _, err := s.SignUp(b.Context(), form); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		time.Sleep(time.Duration(7+n%11) * time.Millisecond) // out of step with the batches
	}
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
}

// BenchmarkSignUpBesideQueue is how long a sign-up takes while the rows of a million readers are made by the same store, as a
// server does when an edition is published.
func BenchmarkSignUpBesideQueue(b *testing.B) {
	for _, rows := range []int{1000, 2500, 5000, 10_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			million(b, func() *Store { return edition(b, 1_000_000) }, func(s *Store) {
				variant, err := s.FreezeLetter(b.Context(), newsletter.Variant{Key: "confirm", Kind: newsletter.KindLetter})
				if err != nil {
					b.Fatal(err)
				}
				done := make(chan error, 1)
				go func() { done <- queueBy(b.Context(), s, rows) }()
				takes(b, s, variant, done)
			})
		})
	}
}
