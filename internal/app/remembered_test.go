package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"facteur/internal/config"
)

// The start warns of a former newsletter that never was, whose name may be misspelled, and of one that has readers and is in the settings no more.
func TestMisnamed(t *testing.T) {
	folder := t.TempDir()
	warned := func(settings string, do func(a *App), want ...string) {
		t.Helper()
		file := filepath.Join(folder, "facteur.toml")
		if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, err := Settings(config.Options{Data: filepath.Join(folder, "data"), File: file})
		if err != nil {
			t.Fatal(err)
		}
		a, err := Open(t.Context(), cfg, Options{Create: true, Poll: -1})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = a.Close() }()
		do(a)
		got, err := a.Warnings(t.Context())
		if err != nil || len(got) != len(want) {
			t.Fatalf("it warns of %v, %v; want %q", got, err, want)
		}
		for i, w := range want {
			if !strings.Contains(got[i].What, w) {
				t.Errorf("it warns %q, want %q", got[i].What, w)
			}
		}
	}
	nothing := func(*App) {}
	gazette := "[newsletters.gazette]\nschedule = '0 7 * * 1'\nsections = [{ name = 'actualites', title = 'Actualités', quota = 3 }]\n"
	warned(`newsletters.hebdo.former = ["jadis"]`, func(a *App) {
		if _, err := a.Register.Add(t.Context(), a.Newsletters[0], "lea@lecteur.example", "test"); err != nil {
			t.Fatal(err)
		}
	}, `newsletters.hebdo.former names "jadis", of which there is neither an edition nor a reader`)
	warned(gazette, nothing, "newsletter hebdo is not in the settings, neither by itself nor as former: its only reader gets no letter any more")
	warned(gazette+"former = ['hebdo']", nothing)
}
