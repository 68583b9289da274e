package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"facteur/internal/storetest"
)

// large makes a store of many steps of a backup, with a note.
func large(t *testing.T) *Store {
	t.Helper()
	s := openHere(t, Options{})
	for _, query := range []string{
		`INSERT INTO notes (text) VALUES ('before')`,
		`CREATE TABLE ballast (bytes BLOB) STRICT`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO ballast SELECT randomblob(4000) FROM n`,
	} {
		if err := s.update(t.Context(), func(t tx) error { _, err := t.exec(query); return err }); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// A backup is the state of one instant, whatever is committed while it is made, and it holds nobody up and comes to its end.
func TestBackup_BesideWriters(t *testing.T) {
	s := large(t)
	path := filepath.Join(t.TempDir(), "copy.db")
	steps := 0
	err := s.Backup(t.Context(), path, time.UnixMilli(1e12), func(done, pages int) {
		steps++
		if done <= 0 || done > pages {
			t.Errorf("%d of %d pages", done, pages)
		}
		for _, write := range []func(tx) error{note("during"), func(t tx) error {
			_, err := t.exec(`UPDATE ballast SET bytes = randomblob(4000) WHERE rowid % 100 = 0`)
			return err
		}} {
			if err := s.update(t.Context(), write); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if steps < 5 {
		t.Errorf("only %d steps: nothing was written meanwhile", steps)
	}
	if left, _ := filepath.Glob(path + "-*"); left != nil {
		t.Errorf("%v stand beside the copy", left)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("the copy has mode %v, %v", info.Mode(), err)
	}
	kept, err := Open(t.Context(), path, Options{Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	if got := notes(t, kept); len(got) != 1 || got[0] != "before" {
		t.Errorf("the copy holds %q", got)
	}
	why, is := errors.AsType[Copy](kept.IsCopy(t.Context()))
	if !is || why.Made.UnixMilli() != 1e12 {
		t.Errorf("the copy knows of itself: %v", why)
	}
	if err := s.IsCopy(t.Context()); err != nil {
		t.Errorf("the original takes itself for a copy: %v", err)
	}
}

func TestBackup_EndsWithItsContext(t *testing.T) {
	s := large(t)
	ctx, cancel := context.WithCancel(t.Context())
	if err := s.Backup(ctx, filepath.Join(t.TempDir(), "copy.db"), time.Now(), func(int, int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
}

// What is damaged is no backup.
func TestBackup_ChecksEveryPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facteur.db")
	if err := large(t).Backup(t.Context(), path, time.Now(), nil); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 { // the head of a page of the ballast
		content[len(content)/2/4096*4096+i] ^= 0xff
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, Options{Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db"), time.Now(), nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("it ends with %v, want %v", err, ErrDamaged)
	}
}

// BenchmarkBackup1M copies and checks a database of a million readers.
func BenchmarkBackup1M(b *testing.B) {
	s := edition(b, 1_000_000)
	for b.Loop() {
		before := processors(b)
		path := filepath.Join(b.TempDir(), "copy.db")
		if err := s.Backup(b.Context(), path, time.Now(), nil); err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/1e6, "MB")
		b.ReportMetric((processors(b) - before).Seconds(), "cpu-s")
	}
}
