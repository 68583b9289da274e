package app_test

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
)

// untar restores a backup into a new folder, as tar does.
func untar(t *testing.T, archive, folder string) {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(f); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(files)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(folder, header.Name)), 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, header.Name), content, header.FileInfo().Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A house burns down after its edition left; the backup is from the day before. What is restored neither sends before it is
// claimed nor decides the slot that it does not know about, and goes on with the next.
func TestRestore_NobodyGetsAnEditionTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sleepUntil(t, "2000-01-03T08:00:00Z")
		w := newWorld(t, daily)
		w.readers("camille")
		w.start()
		w.offer(1)
		sleepUntil(t, "2000-01-03T12:00:00Z")
		backup := filepath.Join(t.TempDir(), "facteur.tar")
		if _, err := w.Backup(t.Context(), backup, nil); err != nil {
			t.Fatal(err)
		}
		sleepUntil(t, "2000-01-04T08:00:00Z")
		w.end()
		if n := len(w.letters("camille")); n != 1 {
			t.Fatalf("%d letters left before the fire, want 1", n)
		}

		r := &world{t: t, folder: t.TempDir(), env: w.env, relay: w.relay}
		untar(t, backup, filepath.Join(r.folder, "data"))
		r.open()
		if err := r.Serve(t.Context(), app.Serving{}); !app.IsCopy(err) {
			t.Errorf("a copy serves: %v", err)
		}
		if _, err := r.Drain(t.Context(), nil); !app.IsCopy(err) {
			t.Errorf("a copy sends: %v", err)
		}
		c, is, err := r.Copy(t.Context())
		if err != nil || !is || !c.Made.Equal(at(t, "2000-01-03T12:00:00Z")) || len(c.Slots) != 1 || c.Slots[0].Slot != "2000-01-04T07:00" {
			t.Errorf("a copy says of itself %+v, %v, %v", c, is, err)
		}
		if err := r.Claim(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, is, err := r.Copy(t.Context()); is || err != nil {
			t.Errorf("after the claim it is a copy: %v, %v", is, err)
		}
		r.start()
		sleepUntil(t, "2000-01-05T05:00:00Z")
		if n := len(r.letters("camille")); n != 1 {
			t.Errorf("the restored house sent the edition once more: %d letters", n)
		}
		if s := r.slots(); len(s) != 1 || s[0].State != newsletter.SlotSkipped {
			t.Errorf("slots after the claim: %+v", s)
		}
		r.offer(2)
		sleepUntil(t, "2000-01-05T12:00:00Z")
		if n := len(r.letters("camille")); n != 2 {
			t.Errorf("%d letters after the next slot, want 2; slots: %+v", n, r.slots())
		}
		r.end()
	})
}

// What goes wrong leaves nothing behind, and what stands in the place of the file stays.
func TestBackup_LeavesNothingBehind(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, test := range map[string]struct {
		ctx     context.Context
		prepare func(t *testing.T, folder string)
		is      func(error) bool
		left    []string
	}{
		"the name is taken": {t.Context(), func(t *testing.T, folder string) { writeFile(t, filepath.Join(folder, "b.tar"), "mine") },
			func(err error) bool { return errors.Is(err, fs.ErrExist) }, []string{"b.tar"}},
		"a signal": {stopped, func(*testing.T, string) {}, func(err error) bool { return errors.Is(err, context.Canceled) }, nil},
		"a full disk": {t.Context(), func(t *testing.T, folder string) { smallDisk(t, folder, "128k") },
			func(err error) bool { return app.IsFull(err) || errors.Is(err, syscall.ENOSPC) }, nil},
		"a disk that is full with the second copy": {t.Context(), func(t *testing.T, folder string) { smallDisk(t, folder, "480k") },
			func(err error) bool { return app.IsFull(err) || errors.Is(err, syscall.ENOSPC) }, nil},
		"a kill before": {t.Context(), func(t *testing.T, folder string) {
			left := filepath.Join(folder, ".facteur-backup-12345")
			if err := os.Mkdir(left, 0o700); err != nil {
				t.Fatal(err)
			}
			writeFile(t, filepath.Join(left, "facteur.db"), "half")
		}, func(err error) bool { return err == nil }, []string{"b.tar"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			defer func() { _ = w.Close() }()
			folder := t.TempDir()
			test.prepare(t, folder)
			if _, err := w.Backup(test.ctx, filepath.Join(folder, "b.tar"), nil); !test.is(err) {
				t.Errorf("it ends with %v", err)
			}
			entries, err := os.ReadDir(folder)
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, e := range entries {
				left = append(left, e.Name())
			}
			if strings.Join(left, " ") != strings.Join(test.left, " ") {
				t.Errorf("left are %q, want %q", left, test.left)
			}
		})
	}
}

// smallDisk makes a folder a disk of its own.
func smallDisk(t *testing.T, folder, size string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk can be mounted here (%v); run the tests as root, such as with sudo", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
}

// A backup holds nothing that others may read, and what is restored from it opens with the keys that it brings.
func TestBackup_IsWhole(t *testing.T) {
	w := newWorld(t)
	defer func() { _ = w.Close() }()
	w.readers("camille")
	path := filepath.Join(t.TempDir(), "b.tar")
	size, err := w.Backup(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 || info.Size() != size {
		t.Errorf("the file is %v, %v", info, err)
	}
	r := &world{t: t, folder: t.TempDir(), env: w.env, relay: w.relay}
	untar(t, path, filepath.Join(r.folder, "data"))
	for _, name := range []string{"facteur.db", "keys"} {
		if info, err := os.Stat(filepath.Join(r.folder, "data", name)); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s is %v, %v", name, info, err)
		}
	}
	r.open()
	defer func() { _ = r.Close() }()
	if _, err := r.Register.Export(t.Context(), "camille@lecteurs.example"); err != nil { // found by the keyed hash
		t.Error(err)
	}
	if _, err := r.Backup(t.Context(), path+"2", nil); err != nil { // before anything is done with it
		t.Error(err)
	}
	if why, is := errors.AsType[sqlite.Copy](r.Store.IsCopy(t.Context())); !is || time.Since(why.Made) > time.Hour {
		t.Errorf("it takes itself for %v", why)
	}
}
