package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/storetest"
)

// An installation is a data folder whose store is opened for one act at a time.
type installation struct {
	t      *testing.T
	folder string
}

// newInstallation makes one that was sent from so many times.
func newInstallation(t *testing.T, times int) installation {
	t.Helper()
	in := installation{t, filepath.Join(t.TempDir(), "data")}
	if err := in.open(true, func(*Store) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for range times {
		in.mustSend()
	}
	return in
}

func (in installation) file(name string) string { return filepath.Join(in.folder, name) }

func (in installation) open(create bool, do func(*Store) error) error {
	in.t.Helper()
	s, err := Open(in.t.Context(), in.file("facteur.db"), Options{Create: create, Hash: storetest.Hash})
	if err != nil {
		in.t.Fatal(err)
	}
	return errors.Join(do(s), s.Close())
}

// send takes the sender's lock and gives it back.
func (in installation) send() error {
	in.t.Helper()
	return in.open(false, func(s *Store) error {
		lock, err := s.LockSender(in.t.Context())
		if err != nil {
			return err
		}
		return lock.Unlock()
	})
}

func (in installation) mustSend() {
	in.t.Helper()
	if err := in.send(); err != nil {
		in.t.Fatalf("the folder does not send: %v", err)
	}
	var f fence
	in.mustDo(func(s *Store) (err error) { f, err = s.fence(in.t.Context()); return err })
	if f.instance != f.beside {
		in.t.Errorf("after a step the database says %v, the file %v", f.instance, f.beside)
	}
	if info, err := os.Stat(in.file(InstanceFile)); err != nil || info.Mode() != 0o600 {
		in.t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
}

func (in installation) mustDo(do func(*Store) error) {
	in.t.Helper()
	if err := in.open(false, do); err != nil {
		in.t.Fatal(err)
	}
}

// mustRefuse wants the folder to know that it is a copy.
func (in installation) mustRefuse(saying string) {
	in.t.Helper()
	err := in.send()
	why, is := errors.AsType[Copy](err)
	if !is || !strings.Contains(why.Why, saying) || why.Folder != in.folder {
		in.t.Errorf("the folder sends with %v; want a copy, for %q", err, saying)
	}
	if locked, err := SenderLocked(in.folder); locked || err != nil {
		in.t.Errorf("the lock was kept: %v, %v", locked, err)
	}
}

func (in installation) read(name string) string {
	in.t.Helper()
	text, err := os.ReadFile(in.file(name))
	if err != nil {
		in.t.Fatal(err)
	}
	return string(text)
}

func (in installation) write(name, text string) {
	in.t.Helper()
	if err := os.WriteFile(in.file(name), []byte(text), 0o600); err != nil {
		in.t.Fatal(err)
	}
}

// copied is the whole folder as `cp -a` would copy it.
func (in installation) copied() installation {
	in.t.Helper()
	other := installation{in.t, filepath.Join(in.t.TempDir(), "copy")}
	if err := os.CopyFS(other.folder, os.DirFS(in.folder)); err != nil {
		in.t.Fatal(err)
	}
	return other
}

func TestLockSender_KnowsACopy(t *testing.T) {
	for name, test := range map[string]struct {
		times int
		do    func(t *testing.T, in installation) installation
		says  string // empty: it sends
	}{
		"left alone":              {1, func(_ *testing.T, in installation) installation { return in }, ""},
		"never sent from":         {0, func(_ *testing.T, in installation) installation { return in }, ""},
		"copied":                  {1, func(_ *testing.T, in installation) installation { return in.copied() }, "not the file it was"},
		"copied before any start": {0, func(_ *testing.T, in installation) installation { return in.copied() }, "not the file it was"},
		"renamed": {1, func(t *testing.T, in installation) installation {
			to := installation{t, in.folder + " moved"}
			if err := os.Rename(in.folder, to.folder); err != nil {
				t.Fatal(err)
			}
			return to
		}, ""},
		"written anew by SQLite": {1, func(t *testing.T, in installation) installation {
			in.mustDo(func(s *Store) error {
				db, err := openPool(s.path, Options{}, "", 1)
				if err != nil {
					return err
				}
				return errors.Join(s.rewrite(t.Context(), db), db.Close())
			})
			return in
		}, ""},
		"an older database put back into its file": {1, func(_ *testing.T, in installation) installation {
			before := in.read("facteur.db")
			in.mustSend()
			in.write("facteur.db", before)
			return in
		}, "instance counts 2 and facteur.db 1"},
		"an older database put back, and two steps since": {1, func(_ *testing.T, in installation) installation {
			before := in.read("facteur.db")
			in.mustSend()
			in.mustSend()
			in.write("facteur.db", before)
			return in
		}, "instance counts 3 and facteur.db 1"},
		"an older file instance": {1, func(_ *testing.T, in installation) installation {
			before := in.read(InstanceFile)
			in.mustSend()
			in.mustSend()
			in.write(InstanceFile, before)
			return in
		}, "instance counts 1 and facteur.db 3"},
		"no file instance": {2, func(t *testing.T, in installation) installation {
			if err := os.Remove(in.file(InstanceFile)); err != nil {
				t.Fatal(err)
			}
			return in
		}, "instance is missing"},
		"another's file instance": {1, func(t *testing.T, in installation) installation {
			in.write(InstanceFile, newInstallation(t, 1).read(InstanceFile))
			return in
		}, "belongs to another"},
		"a torn file instance": {1, func(_ *testing.T, in installation) installation {
			text := in.read(InstanceFile)
			in.write(InstanceFile, text[:len(text)-2])
			return in
		}, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			in := test.do(t, newInstallation(t, test.times))
			if test.says == "" {
				in.mustSend()
				return
			}
			in.mustRefuse(test.says)
			in.mustRefuse(test.says) // refusing changes nothing
			in.mustDo(func(s *Store) error { return s.Claim(t.Context()) })
			in.mustSend()
		})
	}
}

// killed breaks what a step does to the file, as a kill before it would.
func (in installation) killed(do func() error) {
	in.t.Helper()
	draft := in.file(InstanceFile + ".new")
	if err := os.Mkdir(draft, 0o700); err != nil {
		in.t.Fatal(err)
	}
	if err := do(); err == nil {
		in.t.Error("a step whose file cannot be written is reported as done")
	}
	if err := os.Remove(draft); err != nil {
		in.t.Fatal(err)
	}
}

// A sender that dies between the database and the file goes on: once, and time after time, also where it had just mended.
func TestLockSender_MendsAKillBetweenTheTwo(t *testing.T) {
	for times := range 3 {
		t.Run(fmt.Sprint(times, " steps before"), func(t *testing.T) {
			in := newInstallation(t, times)
			for range 3 {
				in.killed(in.send)
			}
			in.mustSend()
			in.write(InstanceFile+".new", "id 0") // a kill while the draft was written
			in.mustSend()
		})
	}
}

// Before each step of a claim the folder is a copy, after the database's step it is the one that sends.
func TestClaim_KilledAtEachStep(t *testing.T) {
	original := newInstallation(t, 3)
	in := original.copied()
	if err := os.Remove(in.file(InstanceFile)); err != nil { // the first step
		t.Fatal(err)
	}
	in.mustRefuse("not the file it was")
	in = original.copied()
	in.killed(func() error { return in.open(false, func(s *Store) error { return s.Claim(t.Context()) }) })
	in.mustSend()
}

// What a claimed copy numbers does not meet what the folder that it was copied from numbered since.
func TestClaim_PassesOverNumbers(t *testing.T) {
	s := edition(t, 5)
	if err := s.Claim(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, row := range [][2]string{
		{"subscribers (hash, language, created_at, acted_at)", `x'00', 'fr', 0, 0`},
		{"subscriptions (newsletter_id, subscriber_id, state, since_at)", `1, (SELECT max(id) FROM subscribers), 'active', 0`},
		{"moves (subscriber_id, hash, address, at)", `1, x'00', 'a@b.example', 0`},
		{"deliveries (kind, run, variant_id, state, address)", `'proof', 0, 1, 'sent', 'a@b.example'`},
	} {
		numbered(t, s, row[0], row[1])
	}
}

func numbered(t *testing.T, s *Store, table, columns string) {
	t.Helper()
	var id int64
	if err := s.update(t.Context(), func(t tx) error {
		return t.row(`INSERT INTO ` + table + ` VALUES (` + columns + `) RETURNING id`).Scan(&id)
	}); err != nil {
		t.Fatal(err)
	}
	if id <= numbersLeft {
		t.Errorf("%s got the number %d, which may be with somebody else", table, id)
	}
}

// Before the first letter of an edition can leave, a step is counted.
func TestQueueNext_CountsAStepForEachEdition(t *testing.T) {
	s := edition(t, 5)
	steps := func() int64 {
		f, err := s.fence(t.Context())
		if err != nil || f.instance != f.beside {
			t.Fatalf("the database says %v, the file %v, %v", f.instance, f.beside, err)
		}
		return f.counter
	}
	lock, err := s.LockSender(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Unlock() }()
	for _, want := range []int64{2, 2, 2} { // three chunks of one edition
		if _, err := s.QueueNext(t.Context(), 2, time.Now()); err != nil {
			t.Fatal(err)
		}
		if got := steps(); got != want {
			t.Errorf("%d steps, want %d", got, want)
		}
	}
}

// A copy that became one while it sends makes no letter of a further edition.
func TestQueueNext_RefusesInACopy(t *testing.T) {
	s := edition(t, 5)
	if err := s.update(t.Context(), func(t tx) error { _, err := t.exec(`UPDATE store SET counter = 7`); return err }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.QueueNext(t.Context(), 2, time.Now()); !errors.As(err, new(Copy)) {
		t.Errorf("rows were made: %v", err)
	}
	if left := counted(t, s, `SELECT count(*) FROM deliveries`); left != 0 {
		t.Errorf("%d rows were made", left)
	}
}

func counted(t *testing.T, s *Store, query string) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Of programs that begin at once, one sends, and one step is counted for each that did.
func TestLockSender_ManyAtOnce(t *testing.T) {
	in := newInstallation(t, 0)
	const programs = 8
	var sent int64
	var mu sync.Mutex
	var racing sync.WaitGroup
	for range programs {
		racing.Go(func() {
			err := in.open(false, func(s *Store) error {
				lock, err := s.LockSender(context.Background())
				if err != nil {
					return err
				}
				mu.Lock()
				sent++
				mu.Unlock()
				return lock.Unlock()
			})
			if err != nil && !errors.Is(err, newsletter.ErrBusy) {
				t.Error(err)
			}
		})
	}
	racing.Wait()
	in.mustDo(func(s *Store) error {
		f, err := s.fence(t.Context())
		if f.counter != sent || f.instance != f.beside || sent == 0 {
			t.Errorf("%d sent; the database says %v, the file %v", sent, f.instance, f.beside)
		}
		return err
	})
}

func FuzzParseInstance(f *testing.F) {
	for _, text := range []string{instance{newID(), 0}.text(), instance{newID(), 1 << 62}.text(), "", instanceHead, "id x\ncounter 1\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		i, err := parseInstance(text)
		if err == nil && i.text() != text {
			t.Errorf("%q is read as %v, which is written %q", text, i, i.text())
		}
	})
}
