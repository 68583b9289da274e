package app_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

const (
	erasedReader = "Zebulon.Quichotte@exämple.org"
	movedReader  = "zebulon@ailleurs.example"
)

// Someone reads for days, by way of a relay whose answers quote the address in its own way, then into a folder. An
// edition is half sent, a change of address and a proof wait, a reader of the database looks on. Then they ask to be
// erased: no byte of the address may be left anywhere in the data folder, nor come back by what the program does next.
func TestErase_LeavesNoTrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, daily)
		data := filepath.Join(w.folder, "data")
		const words = " Zebulon.Quichotte@exämple.org (=?utf-8?q?Zebulon.Quichotte=40exmple?=) <ZEBULON.QUICHOTTE@xn--exmple-cua.org>"
		w.relay.Answer("Zebulon.Quichotte@xn--exmple-cua.org", smtptest.Answer{Reply: "451 4.7.1 later," + words, Times: 2})
		w.readers("camille", "nora")
		if _, err := w.Register.Add(t.Context(), w.Newsletters[0], erasedReader, "carte de "+erasedReader); err != nil {
			t.Fatal(err)
		}
		w.start()
		for day := range 2 {
			w.offer(day)
			time.Sleep(24 * time.Hour)
		}
		w.end()
		w.env = append(w.env, "FACTEUR_SMTP_URL=")
		w.open()
		w.start()
		for day := range 2 {
			w.offer(10 + day)
			time.Sleep(24 * time.Hour)
		}
		synctest.Wait()
		w.prepare(t)
		before := strings.Join(storetest.Traces(t, data, erasedReader, movedReader), "\n")
		for _, want := range []string{"facteur.db", ".eml", movedReader} {
			if !strings.Contains(before, want) {
				t.Fatalf("the test begins without a trace like %q:\n%s", want, before)
			}
		}

		operator := w.another(t) // a command beside the running program
		done, err := operator.Register.Erase(t.Context(), strings.ToUpper(erasedReader))
		if err != nil || !done {
			t.Fatalf("erase: %v, %v", done, err)
		}
		if traces := storetest.Traces(t, data, erasedReader, movedReader); len(traces) != 0 {
			t.Errorf("left behind:\n%s", strings.Join(traces, "\n"))
		}
		if done, err := operator.Register.Erase(t.Context(), erasedReader); err != nil || done {
			t.Errorf("erasing again: %v, %v", done, err)
		}
		e, err := operator.Register.Add(t.Context(), w.Newsletters[0], erasedReader, "un vieux fichier")
		if err != nil || e.Outcome != subscription.Suppressed {
			t.Errorf("added again: %s, %v", e.Outcome, err)
		}
		if err := operator.Close(); err != nil {
			t.Error(err)
		}
		w.offer(20)
		time.Sleep(2 * 24 * time.Hour)
		w.end()
		if traces := storetest.Traces(t, data, erasedReader, movedReader); len(traces) != 0 {
			t.Errorf("came back:\n%s", strings.Join(traces, "\n"))
		}
	})
}

// A reader presses the button while another program reads an older state: they are erased at once, and what is left in the
// files goes with the first job that finds the files free, also by a program that was started anew and knows no address.
func TestErase_OnThePageLeavesNoTrace(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			data := filepath.Join(w.folder, "data")
			w.readers("zoe")
			const who = "zoe@lecteurs.example"
			a, err := address.Parse(who)
			if err != nil {
				t.Fatal(err)
			}
			d, err := w.Store.Dossier(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite3", "file:"+w.Store.Path())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			old, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var n int
			if err := old.QueryRowContext(t.Context(), `SELECT count(*) FROM subscribers`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			s, began := d.Subscriptions[0], time.Now()
			link := w.Register.Keys.Sign(token.Token{Purpose: token.Manage, Subscription: s.ID, Epoch: s.Epoch, Time: began})
			if err := w.Register.EraseBy(t.Context(), link); err != nil || time.Since(began) > 0 {
				t.Errorf("after %s: %v", time.Since(began), err)
			}
			if restart {
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				w.open()
			}
			w.start()
			time.Sleep(10 * time.Minute)
			if len(storetest.Traces(t, data, who)) == 0 {
				t.Error("the older state is gone: this test proves nothing")
			}
			if err := old.Rollback(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			if traces := storetest.Traces(t, data, who); len(traces) != 0 {
				t.Errorf("restarted %v: left behind:\n%s", restart, strings.Join(traces, "\n"))
			}
			w.end()
		})
	}
}

// A reader whose letters lie in the folder presses the button of their page while nothing stands in the way: no minute has to
// come round until nothing is left in the files. Nor for one who presses it while the traces of another go.
func TestErase_OnThePageLeavesNoTraceAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, daily, "FACTEUR_SMTP_URL=")
		data := filepath.Join(w.folder, "data")
		w.readers("zoe", "nora")
		w.offer(1)
		w.start()
		defer w.end()
		time.Sleep(24*time.Hour + 10*time.Second) // into a minute
		synctest.Wait()
		began := time.Now()
		var links []string
		for _, who := range []string{"zoe@lecteurs.example", "nora@lecteurs.example"} {
			before := strings.Join(storetest.Traces(t, data, who), "\n")
			for _, want := range []string{"facteur.db", ".eml"} {
				if !strings.Contains(before, want) {
					t.Fatalf("the test begins without a trace like %q:\n%s", want, before)
				}
			}
			a, err := address.Parse(who)
			if err != nil {
				t.Fatal(err)
			}
			d, err := w.Store.Dossier(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			s := d.Subscriptions[0]
			links = append(links, w.Register.Keys.Sign(token.Token{Purpose: token.Manage, Subscription: s.ID, Epoch: s.Epoch, Time: began}))
		}
		for _, link := range links {
			if err := w.Register.EraseBy(t.Context(), link); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		time.Sleep(time.Second) // a pause of the scrub, where its connections meet
		synctest.Wait()
		if traces := storetest.Traces(t, data, "zoe@lecteurs.example", "nora@lecteurs.example"); len(traces) != 0 {
			t.Errorf("after %s are left behind:\n%s", time.Since(began), strings.Join(traces, "\n"))
		}
	})
}

// prepare leaves what is rare: a proof to the reader, a change of address that waits, half a file of a crash.
func (w *world) prepare(t *testing.T) {
	t.Helper()
	a, err := address.Parse(erasedReader)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Proof(t.Context(), newsletter.EditionRef{Newsletter: w.Newsletters[0].Name, Number: 1}, a, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	d, err := w.Store.Dossier(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+w.Store.Path()+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() }) // stays open over the erasure
	for _, query := range []string{
		`INSERT INTO moves (subscriber_id, hash, address, at) SELECT id, x'00', '` + movedReader + `', 1 FROM subscribers WHERE address LIKE 'Zeb%'`,
		`INSERT INTO deliveries (kind, run, letter, variant_id, newsletter_id, subscriber_id, address, state, next_at)
			SELECT 'letter', 0, 'move', 1, 1, id, '` + movedReader + `', 'queued', 9e15 FROM subscribers WHERE address LIKE 'Zeb%'`,
	} {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	letter, err := filepath.Glob(filepath.Join(w.OutboxFolder(), "*.eml"))
	if err != nil || len(letter) == 0 {
		t.Fatalf("no letters in the folder: %v", err)
	}
	draft := filepath.Join(w.OutboxFolder(), ".hebdo-6-"+strconv.FormatInt(d.Letters[0].ID, 10)+".eml.tmp")
	if err := os.WriteFile(draft, []byte("To: <"+erasedReader), 0o600); err != nil {
		t.Fatal(err)
	}
}

// another opens the program once more over the same folder, as a command does.
func (w *world) another(t *testing.T) *app.App {
	t.Helper()
	second := &world{t: t, folder: w.folder, env: w.env, relay: w.relay}
	second.open()
	return second.App
}
