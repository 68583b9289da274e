package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/storetest"
)

// openHere opens a new store with a table for notes.
func openHere(t testing.TB, o Options) *Store {
	t.Helper()
	o.Create, o.Hash = true, storetest.Hash
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "facteur.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.update(t.Context(), func(t tx) error {
		_, err := t.exec(`CREATE TABLE notes (text TEXT) STRICT`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

func note(text string) func(tx) error {
	return func(t tx) error {
		_, err := t.exec(`INSERT INTO notes (text) VALUES (?)`, text)
		return err
	}
}

func notes(t testing.TB, s *Store) []string {
	t.Helper()
	rows, err := s.read.QueryContext(context.Background(), `SELECT text FROM notes ORDER BY text`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := collectRows(rows, func(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hold keeps the writer busy until the returned function lets it go, so that all who ask meanwhile form one group.
func hold(s *Store) (letGo func()) {
	begun, over := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.update(context.Background(), func(tx) error {
			close(begun)
			<-over
			return nil
		})
	}()
	<-begun
	return func() { close(over) }
}

// together runs works in one group and returns their errors. It must be called in a bubble.
func together(s *Store, works ...func(tx) error) []error {
	letGo := hold(s)
	errs := make([]error, len(works))
	var wait sync.WaitGroup
	for i, work := range works {
		wait.Go(func() { errs[i] = s.update(context.Background(), work) })
		synctest.Wait()
	}
	letGo()
	wait.Wait()
	return errs
}

func TestUpdate_AGroupSharesACommitAndNoFate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openHere(t, Options{})
		broken := errors.New("changed my mind")
		changed := s.Changed()
		errs := together(s, note("a"), func(t tx) error { return errors.Join(note("b")(t), broken) }, note("c"),
			func(t tx) error { _, err := t.exec(`INSERT INTO nowhere VALUES (1)`); return err }, note("d"))
		for i, want := range []bool{false, true, false, true, false} {
			if (errs[i] != nil) != want {
				t.Errorf("member %d: %v", i+1, errs[i])
			}
		}
		if got := notes(t, s); !slices.Equal(got, []string{"a", "c", "d"}) || !errors.Is(errs[1], broken) {
			t.Errorf("durable are %q; the second says %v", got, errs[1])
		}
		select {
		case <-changed:
		default:
			t.Error("the commit went unnoticed")
		}
	})
}

// A step that is run once more, for another's sake, says the second time what it said the first.
func TestStep_RefusesALetterOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openHere(t, Options{})
		letGo := hold(s)
		var refused []int64
		var wait sync.WaitGroup
		wait.Go(func() {
			var err error
			if refused, err = s.Step(context.Background(), nil, []newsletter.Parcel{{Delivery: 999}}, time.Now()); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		wait.Go(func() {
			if err := s.update(context.Background(), func(tx) error { return errors.New("changed my mind") }); err == nil {
				t.Error("it went well")
			}
		})
		synctest.Wait()
		letGo()
		wait.Wait()
		if !slices.Equal(refused, []int64{999}) {
			t.Errorf("refused are %v", refused)
		}
	})
}

// A full disk ends the transaction of the whole group: everyone is told, and nothing is durable.
func TestUpdate_FullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openHere(t, Options{})
		limit := func(pages string) {
			t.Helper()
			err := s.update(t.Context(), func(t tx) error {
				var most int
				return t.row(`PRAGMA max_page_count = ` + pages).Scan(&most)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		limit("1") // SQLite makes of it as many as there are
		errs := together(s, note("small"), note(strings.Repeat("large", 100_000)), note("late"))
		for i, err := range errs {
			if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), s.path) {
				t.Errorf("member %d: %v", i+1, err)
			}
		}
		if got := notes(t, s); len(got) != 0 {
			t.Errorf("durable are %d notes after an error", len(got))
		}
		limit("1000000")
		if err := s.update(t.Context(), note("after")); err != nil || !slices.Equal(notes(t, s), []string{"after"}) {
			t.Errorf("once there is room: %v, %q", err, notes(t, s))
		}
	})
}

// Who gives up while waiting for a turn has asked for nothing.
func TestUpdate_GivingUpIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openHere(t, Options{})
		letGo := hold(s)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.update(ctx, note("given up")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting ends with %v", err)
		}
		letGo()
		if err := s.update(ctx, note("too late")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an order of somebody gone ends with %v", err)
		}
		if err := s.update(t.Context(), note("after")); err != nil || !slices.Equal(notes(t, s), []string{"after"}) {
			t.Errorf("%v, %q", err, notes(t, s))
		}
	})
}

// Work whose turn has come is finished even when its caller is in a hurry, and the caller learns what came of it.
func TestUpdate_WorkThatHasBegunIsFinished(t *testing.T) {
	s := openHere(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.update(ctx, func(t tx) error {
		cancel()
		return note("begun")(t)
	})
	if err != nil || !slices.Equal(notes(t, s), []string{"begun"}) {
		t.Errorf("%v, %q", err, notes(t, s))
	}
}

// Closing hangs nobody: what is told as done is durable, and the rest is told that it is not.
func TestClose_WhileWritersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openHere(t, Options{})
		letGo := hold(s)
		var mu sync.Mutex
		var told []string
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				text := fmt.Sprintf("%02d", i)
				if err := s.update(context.Background(), note(text)); err == nil {
					mu.Lock()
					told = append(told, text)
					mu.Unlock()
				}
			})
		}
		synctest.Wait()
		wait.Go(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		letGo()
		wait.Wait()
		again, err := Open(t.Context(), s.path, Options{Hash: storetest.Hash})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = again.Close() }()
		s.stop = make(chan struct{}) // the cleanup closes it once more
		slices.Sort(told)
		if got := notes(t, again); !slices.Equal(got, told) {
			t.Errorf("durable are %q, told as done %q", got, told)
		}
	})
}

func TestUpdate_LockedForLonger(t *testing.T) {
	s := openHere(t, Options{BusyTimeout: 50 * time.Millisecond})
	other, err := sql.Open("sqlite3", s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	other.SetMaxOpenConns(1)
	if _, err := other.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	err = s.update(t.Context(), note("locked out"))
	if waited := time.Since(began); waited < 50*time.Millisecond {
		t.Errorf("a locked file is given up after %s", waited)
	}
	if !errors.Is(err, newsletter.ErrBusy) || !strings.Contains(err.Error(), s.path) {
		t.Errorf("a locked file gives %v, want %v", err, newsletter.ErrBusy)
	}
	if got := notes(t, s); len(got) != 0 { // reading goes on meanwhile
		t.Errorf("durable are %q", got)
	}
	if _, err := other.ExecContext(t.Context(), `COMMIT`); err != nil {
		t.Fatal(err)
	}
	if err := s.update(t.Context(), note("after")); err != nil || !slices.Equal(notes(t, s), []string{"after"}) {
		t.Errorf("once it is free: %v, %q", err, notes(t, s))
	}
}

func TestOpen_WhatIsInForce(t *testing.T) {
	s := openHere(t, Options{BusyTimeout: 1234 * time.Millisecond})
	ask := func(pragma string, row func(query string) *sql.Row) string {
		t.Helper()
		var got string
		if err := row(`PRAGMA ` + pragma).Scan(&got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	notes(t, s) // a connection that was there before the file's journal was chosen sees it with its next reading
	for pragma, want := range map[string][2]string{
		"journal_mode": {"wal", "wal"}, "synchronous": {"2", "2"}, "foreign_keys": {"1", "1"}, "busy_timeout": {"1", "1234"}, // the writer waits by itself
	} {
		var writing string
		if err := s.update(t.Context(), func(w tx) error {
			writing = ask(pragma, func(query string) *sql.Row { return w.row(query) })
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		reading := ask(pragma, func(query string) *sql.Row { return s.read.QueryRowContext(t.Context(), query) })
		if got := [2]string{writing, reading}; got != want {
			t.Errorf("%s is %s for the writer and readers, want %s", pragma, got, want)
		}
	}
	if _, err := s.read.ExecContext(t.Context(), `INSERT INTO notes VALUES ('x')`); err == nil {
		t.Error("a reader can write")
	}
	err := s.update(t.Context(), func(t tx) error {
		_, err := t.exec(`INSERT INTO attempts (delivery_id, started_at, ended_at, stage, state, code, enhanced, text) VALUES (99, 0, 0, '', '', 0, '', '')`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "FOREIGN KEY") {
		t.Errorf("an attempt at no delivery gives %v", err)
	}
}
