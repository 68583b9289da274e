package transport_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"facteur/internal/transport"
)

func TestDirForgets(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "outbox")
	dir := transport.NewDir(folder)
	if err := dir.Forget([]int64{7}); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	stay := []string{".hebdo-7-17.eml.tmp", "7.eml", "hebdo-42-17.eml", "hebdo-7-70.eml", "notes-7.txt", "photo de -7.eml"}
	for _, name := range append([]string{"hebdo-42-7.eml", ".hebdo-42-7.eml.tmp", "letter-7.eml", "notice-9.eml"}, stay...) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("Lea"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := dir.Forget([]int64{7, 9, 12}); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, stay) {
		t.Errorf("the folder holds %q, want %q", names, stay)
	}
}
