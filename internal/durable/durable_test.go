package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// holds fails the test unless a folder has these files and no others, all of them their owner's alone.
func holds(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(want) {
		t.Errorf("the folder has %v, want %v", entries, want)
	}
	for name, content := range want {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || string(got) != content {
			t.Errorf("%s holds %q, %v; want %q", name, got, err, content)
		}
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v, %v", name, info, err)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path, draft := filepath.Join(dir, "a"), filepath.Join(dir, ".a")
	for _, content := range []string{"long enough to be seen", "short", ""} {
		if err := Write(path, draft, []byte(content)); err != nil {
			t.Fatal(err)
		}
		holds(t, dir, map[string]string{"a": content})
	}
	if err := os.WriteFile(draft, []byte("what a crash left, longer than what comes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, draft, []byte("after a crash")); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string]string{"a": "after a crash"})
}

// What cannot be put in its place leaves all as it was.
func TestWrite_InVain(t *testing.T) {
	dir := t.TempDir()
	path, draft := filepath.Join(dir, "a"), filepath.Join(dir, ".a")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, draft, []byte("text")); err == nil {
		t.Error("a folder was written over")
	}
	if _, err := os.Stat(draft); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the draft is left: %v", err)
	}
	if err := Write(filepath.Join(dir, "nowhere", "a"), filepath.Join(dir, "nowhere", ".a"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestNew(t *testing.T) {
	dir := t.TempDir()
	path, draft := filepath.Join(dir, "a"), filepath.Join(dir, ".a")
	if err := New(path, draft, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := New(path, draft, []byte("second")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a name that is taken: %v", err)
	}
	holds(t, dir, map[string]string{"a": "first"})
}
