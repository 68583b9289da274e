package sqlite_test

import (
	"database/sql"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
)

var update = flag.Bool("update", false, "write schema.sql anew")

// raw opens a file as another program would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_Refuses(t *testing.T) {
	made := func(t *testing.T, path string) {
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{Create: true, Hash: storetest.Hash})
		if err == nil {
			err = s.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(t *testing.T, path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, path string)
		create  bool
		want    error
		words   string
	}{
		{"a missing file", func(*testing.T, string) {}, false, newsletter.ErrNotFound, ""},
		{"an older schema", func(t *testing.T, path string) {
			made(t, path)
			run(t, raw(t, path), `DELETE FROM goose_db_version WHERE version_id > 0`)
		}, false, sqlite.ErrOlder, ""},
		{"an empty file", func(t *testing.T, path string) { write(t, path, "") }, false, sqlite.ErrOlder, ""},
		{"a newer schema", func(t *testing.T, path string) {
			made(t, path)
			run(t, raw(t, path), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		}, true, sqlite.ErrNewer, "9999"},
		{"no database", func(t *testing.T, path string) { write(t, path, strings.Repeat("Bonjour. ", 1000)) }, true, sqlite.ErrUnusable, "not a database"},
		{"another program's database", func(t *testing.T, path string) {
			run(t, raw(t, path), `CREATE TABLE recipes (name TEXT)`)
		}, true, sqlite.ErrForeign, ""},
		{"a folder in its place", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, true, sqlite.ErrUnusable, "unable to open"},
		{"a file in the folder's place", func(t *testing.T, path string) {
			if err := os.Remove(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Dir(path), "")
		}, true, nil, "not a directory"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data", "facteur.db")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			test.prepare(t, path)
			before, _ := os.ReadFile(path)
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{Create: test.create, Hash: storetest.Hash})
			if err == nil {
				_ = s.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), test.words) || (test.want != nil && !errors.Is(err, test.want)) {
				t.Errorf("the error is %q, want one that names the file, is %v and says %q", err, test.want, test.words)
			}
			if after, _ := os.ReadFile(path); string(before) != string(after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpen_BringsAnOlderSchemaUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facteur.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, create := range []bool{true, false, true} {
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{Create: create, Hash: storetest.Hash})
		if err != nil {
			t.Fatal(err)
		}
		if s.Schema() < 1 {
			t.Errorf("schema %d", s.Schema())
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A data folder may be called anything, and what is in it is its owner's alone.
func TestOpen_NamesAndModes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "données 100% #1?mode=ro&x")
	path := filepath.Join(folder, "facteur.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.EnsureNewsletters(t.Context(), []string{"hebdo"}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	modes := map[string]string{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		modes[e.Name()] = info.Mode().String()
	}
	want := map[string]string{"facteur.db": "-rw-------", "facteur.db-wal": "-rw-------", "facteur.db-shm": "-rw-------"}
	if diff := cmp.Diff(want, modes); diff != "" {
		t.Errorf("the folder holds (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder's mode is %v, %v", info.Mode(), err)
	}
}

func TestOpen_SeveralAtOnceMakeOneDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facteur.db")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{Create: true, Hash: storetest.Hash})
			if err == nil {
				err = errors.Join(s.EnsureNewsletters(t.Context(), []string{"hebdo"}), s.Close())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// What another program commits is noticed, from the first instant on.
func TestChanged_OfAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facteur.db")
	opened := func(o sqlite.Options) *sqlite.Store {
		s, err := sqlite.Open(t.Context(), path, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	other := opened(sqlite.Options{Create: true, Hash: storetest.Hash})
	watching := opened(sqlite.Options{Poll: 20 * time.Millisecond, Hash: storetest.Hash})
	for _, name := range []string{"hebdo", "quotidien"} {
		changed := watching.Changed()
		if err := other.EnsureNewsletters(t.Context(), []string{name}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Fatalf("the commit of %s went unnoticed", name)
		}
	}
	own, alone := watching.Changed(), other.Changed()
	if err := watching.EnsureNewsletters(t.Context(), []string{"mensuel"}); err != nil {
		t.Fatal(err)
	}
	<-own
	select {
	case <-alone:
		t.Error("a store that does not look saw another program's commit")
	default:
	}
}

// The proof of consent can be added to and nothing else, whoever tries.
func TestConsents_AreAppendOnly(t *testing.T) {
	s := open(t)
	a, err := address.Parse("lea@lecteurs.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EnsureNewsletters(t.Context(), []string{"hebdo"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Enrol(t.Context(), "hebdo", []subscription.Person{{Address: a}}, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Source: "papier", Network: "192.0.2.0/24"}); err != nil {
		t.Fatal(err)
	}
	db := raw(t, s.Path())
	for _, query := range []string{
		`UPDATE consents SET at = 0`, `UPDATE consents SET source = 'salon'`, `UPDATE consents SET source = ''`, `UPDATE consents SET network = '203.0.113.0/24'`,
		`DELETE FROM consents`, `INSERT OR REPLACE INTO consents SELECT * FROM consents`,
	} {
		if _, err := db.ExecContext(t.Context(), query); err == nil {
			t.Errorf("%s was carried out", query)
		}
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE consents SET network = NULL`); err != nil { // it has a shorter life
		t.Error(err)
	}
}

// schema.sql is what the migrations make, for people to read.
func TestSchema(t *testing.T) {
	rows, err := raw(t, open(t).Path()).QueryContext(t.Context(), `SELECT sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY rowid`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var schema strings.Builder
	schema.WriteString("-- What the migrations make. Generated: go test ./internal/sqlite -run TestSchema -update\n")
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		schema.WriteString("\n" + text + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.sql", []byte(schema.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), schema.String()); diff != "" {
		t.Errorf("schema.sql is not what the migrations make; write it anew with -update (-file +migrations):\n%s", diff)
	}
}
