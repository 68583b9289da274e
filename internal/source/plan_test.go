package source

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// With an index on its cursor a large table is neither read from end to end nor sorted.
func TestForeign_plans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.db")
	theirs, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = theirs.Close() }()
	if _, err := theirs.Exec(`CREATE TABLE posts (id INTEGER PRIMARY KEY, slug, title TEXT, body TEXT, updated TEXT); CREATE INDEX i ON posts (updated);
		CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)`); err != nil {
		t.Fatal(err)
	}
	for query, cursor := range map[string]string{
		"SELECT slug AS url, title, body, updated FROM posts":                                                                  "updated",
		"SELECT id, slug AS url, title, body FROM posts WHERE title <> '' -- all":                                              "id",
		"SELECT p.slug AS url, p.title, w.name AS author, p.updated AS changed FROM posts p LEFT JOIN people w ON w.id = p.id": "changed",
	} {
		f := Foreign{Path: path, Query: query, Cursor: cursor}
		table, err := f.table(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{table.first, table.next, table.before, table.again(quoted(cursor))} {
			for _, step := range plan(t, theirs, statement) {
				if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN p") && (statement != table.first || cursor != "id" && !strings.Contains(step, "INDEX i")) {
					t.Errorf("%s\n%s", statement, step)
				}
			}
		}
	}
}

func plan(t *testing.T, db *sql.DB, statement string) (steps []string) {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+statement, 1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil || len(steps) == 0 {
		t.Fatalf("%q, %v", steps, err)
	}
	return steps
}
