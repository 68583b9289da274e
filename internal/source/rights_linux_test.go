package source_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asNobody takes from root the right to read everything, until the test ends: the system asks the thread's own user for files (setfsuid(2)).
func asNobody(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Setfsuid(0)
		runtime.UnlockOSThread()
	})
}

// What may not be read is told with what to do, keeps nothing else from coming, and comes once it may be read.
func TestFolder_rights(t *testing.T) {
	asNobody(t)
	s := newShelf(t)
	s.write("a.md", article("A"), time.Hour)
	s.write("mine/b.md", article("B"), time.Hour)
	s.write("mine/bad.md", "rien", time.Hour)
	s.write("c.md", article("C"), time.Hour)
	chmod := func(name string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(filepath.Join(s.folder.Path, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	told := func(r reading) (all []string) {
		for _, f := range r.faults {
			all = append(all, f.Name+": "+f.Reason)
		}
		return all
	}
	const remedy = ": permission denied: give the user of facteur the right to read it"
	first := s.read("")
	for _, mode := range []os.FileMode{0, 0o600} { // listed, or not even that
		chmod("c.md", 0)
		chmod("mine", mode)
		shut := s.read(first.mark, "mine/bad.md", "c.md")
		chmod("mine", 0o700)
		if want := []string{"c.md" + remedy, "mine/" + remedy}; !cmp.Equal(told(shut), want) || len(shut.gone) != 0 || len(shut.titles) != 0 || shut.mark != first.mark {
			t.Errorf("%+v", shut)
		}
	}
	chmod("c.md", 0o600)
	if open := s.read(first.mark, "mine/", "c.md"); !cmp.Equal(open.titles, []string{"C"}) || !cmp.Equal(open.gone, []string{"mine/"}) || len(open.faults) != 0 {
		t.Errorf("%+v", open)
	}
	chmod("mine", 0)
	fresh := s.read("")
	chmod("mine", 0o700)
	if !cmp.Equal(fresh.titles, []string{"A", "C"}) || !cmp.Equal(told(fresh), []string{"mine/" + remedy}) {
		t.Errorf("%+v", fresh)
	}
	if late := s.read(fresh.mark, "mine/"); !cmp.Equal(late.titles, []string{"B"}) || !cmp.Equal(late.gone, []string{"mine/"}) {
		t.Errorf("%+v", late)
	}
}
