package source

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// What was read of a file that nobody was to change counts only if nobody did.
func TestForeign_readsAnewWhatWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.db")
	theirs := func(statement string) *sql.DB {
		db, err := sql.Open("sqlite3", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
		return db
	}
	if err := theirs(`PRAGMA journal_mode = WAL; CREATE TABLE posts (id); INSERT INTO posts VALUES (1)`).Close(); err != nil {
		t.Fatal(err)
	}
	times, rows := 0, 0
	err := Foreign{Path: path}.reading(t.Context(), func(db *sql.DB) error {
		if times++; times == 1 {
			writing := theirs(`INSERT INTO posts VALUES (2)`)
			t.Cleanup(func() { _ = writing.Close() })
		}
		return db.QueryRow(`SELECT count(*) FROM posts`).Scan(&rows)
	})
	if err != nil || times != 2 || rows != 2 {
		t.Errorf("%d rows, asked %d times, %v", rows, times, err)
	}
}

func TestStatementOf(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT 1":                 "SELECT 1",
		"SELECT 1; \n":             "SELECT 1",
		"SELECT 1; -- all of them": "SELECT 1",
		"SELECT 1 -- all; of them\n;\n/* so */;;": "SELECT 1",
		"SELECT 1 /* never ended; ":               "SELECT 1",
		"-- first\nSELECT '; -- no' || \"; /*\"":  "-- first\nSELECT '; -- no' || \"; /*\"",
		"SELECT 'it''s;' ;":                       "SELECT 'it''s;'",
		"SELECT [a;b], `c;--` FROM t; -- '":       "SELECT [a;b], `c;--` FROM t",
		"SELECT 4 - 2 / 1;":                       "SELECT 4 - 2 / 1",
		"SELECT 1; SELECT 2;":                     "SELECT 1; SELECT 2",
		" ; -- nothing":                           "",
		"":                                        "",
	} {
		if got := statementOf(query); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}
