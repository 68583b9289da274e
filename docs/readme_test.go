package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"facteur/internal/config"
)

// The smallest set-up of the README is one, and letters may leave with it.
func TestReadmeSetup(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```toml\n")
	setup, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the README has no settings")
	}
	if n := strings.Count(setup, "\n"); n > 15 {
		t.Errorf("the smallest set-up has %d lines", n)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "facteur.toml")
	for name, text := range map[string]string{file: setup, filepath.Join(dir, "smtp.password"): "secret\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	settings, err := config.Load(config.Options{File: file})
	if err != nil {
		t.Fatal(err)
	}
	if err := settings.MayLeave(); err != nil {
		t.Error(err)
	}
}
