package source_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/source"
)

// A site is the database of another program.
type site struct {
	t    *testing.T
	db   *sql.DB
	path string
}

func newSite(t *testing.T, statements ...string) *site {
	t.Helper()
	s := &site{t: t, path: filepath.Join(t.TempDir(), "site # 1.db")}
	s.open("")
	s.run(append([]string{
		`CREATE TABLE posts (id INTEGER PRIMARY KEY, slug TEXT, title TEXT, html TEXT, published TIMESTAMP, updated TEXT)`, `CREATE INDEX by_update ON posts (updated)`,
	}, statements...)...)
	return s
}

func (s *site) open(options string) {
	s.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+strings.ReplaceAll(strings.ReplaceAll(s.path, "#", "%23"), " ", "%20")+"?"+options)
	if err != nil {
		s.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	s.t.Cleanup(func() { _ = db.Close() })
	s.db = db
}

func (s *site) run(statements ...string) {
	s.t.Helper()
	for _, statement := range statements {
		if _, err := s.db.Exec(statement); err != nil {
			s.t.Fatalf("%s: %v", statement, err)
		}
	}
}

// post writes posts from one number to another, each with its own time.
func (s *site) post(from, to int) {
	s.t.Helper()
	s.run(fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO posts SELECT i, 'p' || i, 'Post ' || i, '<p>Le <em>texte</em>.</p>', unixepoch('2026-11-01') + i, datetime('2026-11-01', i || ' seconds') FROM n`, from, to))
}

const posts = `SELECT 'https://site.example/' || slug AS url, title, html AS body_html, published, updated FROM posts;`

func (s *site) source() source.Foreign {
	return source.Foreign{Path: s.path, Query: posts, Cursor: "updated", Zone: paris(), Patience: 20 * time.Millisecond}
}

func TestForeign_article(t *testing.T) {
	s := newSite(t)
	s.post(1, 1)
	var got collect.Offer
	f := s.source()
	f.Query = `SELECT id, 'https://site.example/' || slug AS URL, title AS "Title", html AS body_html, published, 'ia, santé' AS tags, NULL AS section,
		'Nora' AS author, 'fr' AS language, 'Bref.' AS summary, 'https://site.example/p.jpg' AS picture, 'Une photo' AS picture_alt, 'https://original.example/p1' AS canonical FROM posts -- all`
	f.Cursor = "id"
	err := f.Read(t.Context(), "", nil, func(h collect.Haul) error { got = h.Offers[0]; return nil })
	if err != nil {
		t.Fatal(err)
	}
	a := got.Article
	if got.Name != "id 1" || a.URL != "https://site.example/p1" || a.Title != "Post 1" || a.Body != "Le *texte*." || !cmp.Equal(a.Tags, []string{"ia", "santé"}) ||
		a.Author != "Nora" || a.Language != "fr" || a.Summary != "Bref." || a.Picture != "https://site.example/p.jpg" || a.PictureAlt != "Une photo" ||
		a.Canonical != "https://original.example/p1" ||
		a.Published.Format(time.RFC3339) != "2026-11-01T00:00:01Z" {
		t.Errorf("%+v", got)
	}
}

func TestForeign_dates(t *testing.T) {
	for value, want := range map[string]string{
		"'2026-11-25 08:15:00'": "2026-11-25T07:15:00Z", "'2026-11-25T08:15:00Z'": "2026-11-25T08:15:00Z", "1795680900": "2026-11-26T08:15:00Z",
		"1795680900000": "2026-11-26T08:15:00Z", "1795680900.0": "2026-11-26T08:15:00Z", "NULL": "0001-01-01T00:00:00Z", "2461371.5": "", "'hier'": "", "-1": "",
	} {
		s := newSite(t, `INSERT INTO posts VALUES (1, 'a', 'A', '', `+value+`, 'x')`)
		got, fault := "", ""
		err := s.source().Read(t.Context(), "", nil, func(h collect.Haul) error {
			for _, o := range h.Offers {
				got = o.Article.Published.UTC().Format(time.RFC3339)
			}
			for _, f := range h.Faults {
				fault = f.Reason
			}
			return nil
		})
		if err != nil || got != want || want == "" && !strings.HasPrefix(fault, "published ") {
			t.Errorf("%s is %q, %q, %v; want %q", value, got, fault, err, want)
		}
	}
}

// Rows are read once, but for the last ones, and none is passed over: not one that was written with an earlier time, nor of many with the same.
func TestForeign_readsOn(t *testing.T) {
	s := newSite(t)
	s.post(1, 250)
	first, err := read(t, s.source(), "")
	if err != nil || len(first.titles) != 250 || first.hauls != 3 || first.titles[249] != "Post 250" {
		t.Fatalf("%d posts in %d hauls, %v", len(first.titles), first.hauls, err)
	}
	again, err := read(t, s.source(), first.mark)
	if err != nil || len(again.titles) != 51 || again.mark != first.mark {
		t.Errorf("nothing was written: %d posts, %v", len(again.titles), err)
	}
	s.run(`INSERT INTO posts VALUES (1000, 'late', 'Late', '', NULL, datetime('2026-11-01', '245 seconds'))`, `UPDATE posts SET title = 'Corrected', updated = datetime('2026-11-02') WHERE id = 3`)
	second, err := read(t, s.source(), first.mark)
	joined := strings.Join(second.titles, "|")
	if err != nil || !strings.Contains(joined, "|Late|") || !strings.HasSuffix(joined, "|Corrected") || len(second.titles) != 53 {
		t.Errorf("%q, %v", second.titles, err)
	}
	s.run(`UPDATE posts SET updated = '2026-12-01'`, `INSERT INTO posts (slug, title, updated) VALUES ('none', 'Without a time', NULL)`)
	third, err := read(t, s.source(), second.mark)
	if err != nil || len(third.titles) != 251 {
		t.Errorf("251 posts at the same time: %d, %v", len(third.titles), err)
	}
	if got, err := read(t, s.source(), third.mark); err != nil || len(got.titles) != 251 || got.mark != third.mark {
		t.Errorf("and again: %d, %v", len(got.titles), err)
	}
	if got, err := read(t, s.source(), "rubbish"); err != nil || len(got.titles) != 251 {
		t.Errorf("with a mark that is none: %d, %v", len(got.titles), err)
	}
}

// Values that a table orders otherwise than Go, or of several kinds, bring no reading to a standstill.
func TestForeign_oddCursors(t *testing.T) {
	s := newSite(t, `CREATE TABLE odd (c COLLATE NOCASE, n INTEGER)`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
		INSERT INTO odd SELECT CASE i % 6 WHEN 0 THEN 'a' WHEN 1 THEN 'A' WHEN 2 THEN 7 WHEN 3 THEN 7.0 WHEN 4 THEN 7.5 ELSE '7' END, i FROM n`)
	f := s.source()
	f.Query, f.Cursor = `SELECT 'https://site.example/' || n AS url, 'T' || n AS title, c FROM odd`, "c"
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	seen := map[string]bool{}
	err := f.Read(ctx, "", nil, func(h collect.Haul) error {
		for _, o := range h.Offers {
			seen[o.Article.Title] = true
		}
		return nil
	})
	if err != nil || len(seen) != 400 {
		t.Errorf("%d rows, %v", len(seen), err)
	}
	f.Query = `SELECT 'https://site.example/' || n AS url, 'T' AS title, x'00' AS c FROM odd`
	if _, err := read(t, f, ""); err == nil || !strings.Contains(err.Error(), "the cursor is neither a number nor a text") {
		t.Errorf("a blob: %v", err)
	}
}

// A row whose cursor nothing can be read on from is refused by its name, wherever it stands, and keeps no other from coming.
func TestForeign_rowsWithOddCursors(t *testing.T) {
	const infinities = `(901, 'x901', 'Endless', 9e999), (902, 'x902', 'Below all', -9e999)`
	for name, c := range map[string]struct {
		kind, rows string
		refused    []string
	}{
		"a blob among times":     {"TEXT", `(900, 'x900', 'Blob', x'00ff')`, []string{"id 900"}},
		"blobs and infinities":   {"", `(900, 'x900', 'Blob', x'00ff'), (903, 'x903', 'Empty blob', x''), ` + infinities, []string{"id 900", "id 901", "id 902", "id 903"}},
		"infinities among reals": {"REAL", infinities, []string{"id 901", "id 902"}},
		"what is nothing":        {"", `(900, 'x900', 'Nothing', NULL), (904, 'x904', 'No number', 9e999 - 9e999)`, nil},
	} {
		s := newSite(t, `CREATE TABLE odd (id INTEGER PRIMARY KEY, slug TEXT, title TEXT, at `+c.kind+`)`, `CREATE INDEX by_at ON odd (at)`, `INSERT INTO odd VALUES `+c.rows,
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) INSERT INTO odd SELECT i, 'p' || i, 'Post ' || i, 10000 + i FROM n`)
		f := s.source()
		f.Query, f.Cursor = `SELECT id, 'https://site.example/' || slug AS url, title, at FROM odd`, "at"
		first, err := read(t, f, "")
		if got := namesOf(first.faults); err != nil || len(first.titles) != 250 || !cmp.Equal(got, c.refused) {
			t.Errorf("%s: %d posts, refused %q, %v", name, len(first.titles), got, err)
		}
		s.run(`INSERT INTO odd VALUES (1000, 'p1000', 'New', 20000)`)
		second, err := read(t, f, first.mark, c.refused...)
		if got := namesOf(second.faults); err != nil || !slices.Contains(second.titles, "New") || len(second.titles) > 52 || !cmp.Equal(got, c.refused) || second.anew != 0 {
			t.Errorf("%s: %q, refused %q, %v", name, second.titles, got, err)
		}
		s.run(`UPDATE odd SET at = 10002 WHERE id >= 900 AND id < 1000`)
		third, err := read(t, f, second.mark, c.refused...)
		if err != nil || len(third.faults) != 0 || len(third.titles) < len(c.refused)+50 {
			t.Errorf("%s corrected: %q, %q, %v", name, third.titles, third.faults, err)
		}
	}
}

// Rows with a BLOB as cursor are read each time, so not endlessly many.
func TestForeign_manyBlobs(t *testing.T) {
	s := newSite(t)
	s.post(1, 200)
	s.run(`WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO posts SELECT i, 'p' || i, 'Post ' || i, '', NULL, x'00' FROM n`)
	got, err := read(t, s.numbered("updated"), "")
	if err != nil || len(got.titles) != 200 || len(got.faults) < 500 || len(got.faults) > 600 || !strings.HasPrefix(got.faults[0].Reason, "the cursor is a BLOB: write a number or a text into updated") {
		t.Errorf("%d posts, %d refused, %v", len(got.titles), len(got.faults), err)
	}
}

func namesOf(faults []collect.Fault) (names []string) {
	for _, f := range faults {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

// A row of a time before that of the last is found among the fifty before it, and of fewer rows wherever it stands.
func TestForeign_lateRows(t *testing.T) {
	s := newSite(t)
	f := s.source()
	at := func(id, minute int) {
		s.run(fmt.Sprintf(`INSERT INTO posts VALUES (%d, 'n%d', 'T%d', 'x', NULL, '2026-10-27 08:%02d')`, id, id, id, minute))
	}
	mark := ""
	for id, minute := range []int{5, 5, 5, 9, 2, 1, 7, 0} {
		at(id, minute)
		got, err := read(t, f, mark)
		if title := fmt.Sprintf("T%d", id); err != nil || !slices.Contains(got.titles, title) {
			t.Errorf("row %d, of minute %d, was not read: %q, %v", id, minute, got.titles, err)
		}
		mark = got.mark
	}
}

// What a query without a cursor gives is all that there is, where it comes at once. With a cursor nobody knows.
func TestForeign_tellsThatItIsWhole(t *testing.T) {
	s := newSite(t)
	all := s.source()
	all.Cursor, all.Query = "", strings.Replace(posts, ", updated", "", 1)
	s.post(1, atOnce)
	if got, err := read(t, all, ""); err != nil || got.whole != 1 {
		t.Errorf("of %d rows %d are told to be whole, %v", atOnce, got.whole, err)
	}
	if got, err := read(t, s.source(), ""); err != nil || got.whole != 0 {
		t.Errorf("with a cursor %d are told to be whole, %v", got.whole, err)
	}
	s.post(atOnce+1, atOnce+1)
	if got, err := read(t, all, ""); err != nil || got.whole != 0 {
		t.Errorf("of more %d are told to be whole, %v", got.whole, err)
	}
}

func TestForeign_withoutCursor(t *testing.T) {
	s := newSite(t)
	s.post(1, 250)
	f := s.source()
	f.Cursor, f.Query = "", strings.Replace(posts, ", updated", "", 1)
	first, err := read(t, f, "")
	if err != nil || len(first.titles) != 250 {
		t.Fatalf("%d, %v", len(first.titles), err)
	}
	if again, err := read(t, f, first.mark); err != nil || again.hauls != 0 {
		t.Errorf("nothing was written: %d hauls, %v", again.hauls, err)
	}
	s.run(`UPDATE posts SET title = 'Corrected' WHERE id = 3`)
	if second, err := read(t, f, first.mark); err != nil || len(second.titles) != 250 {
		t.Errorf("%d, %v", len(second.titles), err)
	}
	s.post(251, 5100)
	if _, err := read(t, f, first.mark); err == nil || !strings.Contains(err.Error(), "gives more than 5000 rows: name the column that grows as cursor") {
		t.Error(err)
	}
}

// One row that cannot be read keeps no other from coming.
func TestForeign_rows(t *testing.T) {
	s := newSite(t, `INSERT INTO posts VALUES (1, 'a', 'A', '', 'hier', '1'), (2, 'b', 'B', printf('%.*c', 9000000, 'x'), NULL, '2'), (3, 'c', x'E9', '', NULL, '3'), (4, 'd', 'D', '', NULL, '4')`)
	got, err := read(t, s.source(), "")
	if err != nil || !cmp.Equal(got.titles, []string{"\xe9", "D"}) || len(got.faults) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if !strings.HasPrefix(got.faults[0].Reason, `published "hier" is not a date`) || got.faults[0].Name != "url https://site.example/a" || !strings.HasPrefix(got.faults[1].Reason, "the row holds 90000") {
		t.Errorf("%+v", got.faults)
	}
}

// Rows that are too large are refused one by one, by what the query gives to tell them.
func TestForeign_tooLarge(t *testing.T) {
	for _, cursor := range []string{"", ", updated"} {
		for _, c := range []struct {
			columns string
			names   []string
		}{
			{"id, 'https://site.example/' || slug AS url, title", []string{"id 1", "id 2"}},
			{"'https://site.example/' || slug AS url, title", []string{"url https://site.example/a", "url https://site.example/b"}},
			{"html AS url, title", []string{"title A", "title B"}},
			{"html AS url, html AS title", map[string][]string{"": {"row 1", "row 2"}, ", updated": {"cursor 1", "cursor 2"}}[cursor]},
		} {
			s := newSite(t, `INSERT INTO posts VALUES (1, 'a', 'A', printf('%.*c', 9000000, 'x'), NULL, '1'), (2, 'b', 'B', printf('%.*c', 9000000, 'x'), NULL, '2')`)
			f := s.source()
			f.Query, f.Cursor = "SELECT html AS body, "+c.columns+cursor+" FROM posts", strings.TrimPrefix(cursor, ", ")
			got, err := read(t, f, "")
			var names []string
			for _, fault := range got.faults {
				names = append(names, fault.Name)
				if !strings.HasPrefix(fault.Reason, "the row holds ") {
					t.Errorf("%s: %s", fault.Name, fault.Reason)
				}
			}
			if err != nil || !cmp.Equal(names, c.names) {
				t.Errorf("%s: refused as %q, want %q; %v", f.Query, names, c.names, err)
			}
		}
	}
}

func TestForeign_queries(t *testing.T) {
	s := newSite(t)
	s.post(1, 10)
	for query, want := range map[string]string{
		`SELECT slug AS url, updated FROM posts`:                   "the query gives no column title: name one so, such as titre AS title",
		`SELECT title, updated FROM posts`:                         "the query gives no column url",
		`SELECT slug AS url, title FROM posts`:                     "the query gives no column updated, which is the cursor",
		`SELECT slug AS url, title, updated, html FROM posts`:      `the query gives the column "html", which is none of an article's: leave it out, or name it with AS as one of url, title`,
		`SELECT slug AS url, id AS url, title, updated FROM posts`: "the query gives the column url twice",
		`SELECT slug AS url, title, updated FROM articles`:         "no such table: articles",
		`SELECT slug AS url, titre AS title, updated FROM posts`:   "no such column: titre",
		`SELEC slug`: `is refused: near "SELEC": syntax error`,
		`SELECT slug AS url, title, updated FROM posts; SELECT 1`:                        `is refused: near ";"`,
		`UPDATE posts SET title = 'x' RETURNING slug AS url, title, updated`:             "the query does more than read",
		`WITH x AS (SELECT 1) DELETE FROM posts`:                                         "the query does more than read",
		`DELETE FROM posts`:                                                              "the query does more than read",
		`PRAGMA user_version = 7`:                                                        "the query does more than read",
		`SELECT 1 AS url) LIMIT 0; DELETE FROM posts; SELECT 1 FROM (SELECT 1`:           "the query does more than read",
		`SELECT 1 AS url) LIMIT 0; ATTACH '/etc/passwd' AS x; SELECT (1`:                 "the query does more than read",
		`SELECT 1 AS url) LIMIT 0; PRAGMA query_only = 0; SELECT (1`:                     "the query does more than read",
		`SELECT slug AS url, title, updated FROM posts WHERE id > ?`:                     "the query has a placeholder",
		`SELECT slug AS url, title, updated FROM posts WHERE id > ?1 OR slug = :slug`:    "the query has a placeholder",
		`SELECT slug AS url, title, updated FROM posts) UNION SELECT * FROM (SELECT ?2`:  `is refused: near ")": syntax error`,
		`SELECT load_extension('x') AS url, 1 AS title, 2 AS updated`:                    "",
		`SELECT name AS url, sql AS title, 1 AS updated FROM pragma_table_info('posts')`: "",
	} {
		f := s.source()
		f.Query = query
		_, err := read(t, f, "")
		trouble, told := errors.AsType[collect.Trouble](err)
		if !told || !strings.Contains(trouble.Error(), want) || trouble.Do == "" || strings.Contains(trouble.Error(), "\n") {
			t.Errorf("%s\n%v, want %q", query, err, want)
		}
	}
	var left int
	if err := s.db.QueryRow(`SELECT count(*) FROM posts WHERE title LIKE 'Post %'`).Scan(&left); err != nil || left != 10 {
		t.Errorf("%d posts are left, %v", left, err)
	}
}

func TestForeign_files(t *testing.T) {
	s := newSite(t)
	s.post(1, 3000)
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := append([]byte{}, whole...)
	for i := 4096; i < len(damaged); i++ {
		damaged[i] = 'x'
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"none": {nil, "is not there"}, "text": {[]byte(strings.Repeat("no database\n", 100)), "is not an SQLite file, or is encrypted"},
		"empty": {[]byte{}, "is empty"}, "damaged": {damaged, "is damaged"}, "half": {whole[:len(whole)/2], "is damaged"},
	} {
		f := s.source()
		f.Path = filepath.Join(t.TempDir(), name)
		if c.content != nil {
			if err := os.WriteFile(f.Path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, err := read(t, f, "")
		trouble, told := errors.AsType[collect.Trouble](err)
		if !told || !strings.Contains(trouble.What, c.want) || !strings.Contains(trouble.What, f.Path) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	f := s.source()
	f.Path = t.TempDir()
	if _, err := read(t, f, ""); err == nil || !strings.Contains(err.Error(), "is a folder and no SQLite file") {
		t.Error(err)
	}
}

// Whoever writes at the same time, in whichever way SQLite has it, is neither disturbed nor read half.
func TestForeign_whileWritten(t *testing.T) {
	for _, mode := range []string{"DELETE", "WAL"} {
		t.Run(mode, func(t *testing.T) {
			s := newSite(t, `PRAGMA journal_mode = `+mode)
			s.post(1, 150)
			s.run(`BEGIN IMMEDIATE`)
			s.post(151, 400)
			first, err := read(t, s.source(), "")
			if err != nil || len(first.titles) != 150 {
				t.Fatalf("%d posts, %v", len(first.titles), err)
			}
			s.run(`COMMIT`)
			hauls := 0
			err = s.source().Read(t.Context(), first.mark, nil, func(collect.Haul) error { // no lock is held between hauls
				if hauls++; hauls <= 3 {
					s.post(400+hauls, 400+hauls)
				}
				return nil
			})
			if err != nil || hauls < 3 {
				t.Errorf("%d hauls, %v", hauls, err)
			}
			s.run(`PRAGMA locking_mode = EXCLUSIVE`, `BEGIN EXCLUSIVE`, `DELETE FROM posts WHERE id = 1`, `COMMIT`)
			_, err = read(t, s.source(), first.mark)
			trouble, told := errors.AsType[collect.Trouble](err)
			if mode == "DELETE" && (!told || !strings.Contains(trouble.What, "is locked by the program that it belongs to")) {
				t.Errorf("locked: %v", err)
			}
			s.run(`PRAGMA locking_mode = NORMAL`, `SELECT 1 FROM posts`)
			if _, err := read(t, s.source(), first.mark); err != nil {
				t.Errorf("unlocked: %v", err)
			}
		})
	}
}

// A lock is waited for once, however much is asked of the file.
func TestForeign_waitsOnce(t *testing.T) {
	s := newSite(t)
	s.run(`BEGIN EXCLUSIVE`)
	f := s.source()
	f.Patience = time.Second
	began := time.Now()
	_, err := read(t, f, "")
	if trouble, _ := errors.AsType[collect.Trouble](err); !strings.Contains(trouble.What, "is locked") || time.Since(began) > f.Patience*9/5 {
		t.Errorf("after %s %v", time.Since(began), err)
	}
}

// numbered is a query with ids, and with the cursor that is asked for.
func (s *site) numbered(cursor string) source.Foreign {
	f := s.source()
	f.Query = `SELECT id, 'https://site.example/' || slug AS url, title, published, updated FROM posts WHERE slug NOT LIKE '%brouillon%'`
	if f.Cursor = cursor; cursor == "id" {
		f.Query = strings.Replace(f.Query, ", updated", "", 1)
	}
	return f
}

// A row that was refused is read again wherever the cursor stands, once, and what is gone is told.
func TestForeign_readsAgainWhatWasRefused(t *testing.T) {
	for _, cursor := range []string{"id", "updated"} {
		s := newSite(t)
		s.post(1, 300)
		s.run(`UPDATE posts SET published = 'hier' WHERE id IN (3, 4, 5, 299)`)
		first, err := read(t, s.numbered(cursor), "")
		if err != nil || len(first.faults) != 4 || first.faults[0].Name != "id 3" {
			t.Fatalf("%+v, %v", first.faults, err)
		}
		s.run(`UPDATE posts SET published = NULL, title = 'Corrected' WHERE id IN (3, 299)`, `DELETE FROM posts WHERE id = 5`)
		got, err := read(t, s.numbered(cursor), first.mark, "id 3", "id 4", "id 5", "id 299")
		if err != nil || !cmp.Equal(got.titles[:2], []string{"Corrected", "Corrected"}) || strings.Count(strings.Join(got.titles, "|"), "Corrected") != 2 ||
			len(got.faults) != 1 || got.faults[0].Name != "id 4" || !cmp.Equal(got.gone, []string{"id 5"}) || got.mark != first.mark {
			t.Errorf("by %s: %+v, %v", cursor, got, err)
		}
	}
}

// A row without an id goes by another name once that is corrected, and comes all the same.
func TestForeign_readsAgainWithoutID(t *testing.T) {
	s := newSite(t)
	s.post(1, 200)
	s.run(`UPDATE posts SET published = 'hier' WHERE id <= 3`, `UPDATE posts SET slug = NULL WHERE id = 2`, `UPDATE posts SET slug = NULL, title = NULL WHERE id = 3`)
	first, err := read(t, s.source(), "")
	names := []string{}
	for _, f := range first.faults {
		names = append(names, f.Name)
	}
	if want := []string{"url https://site.example/p1", "title Post 2", "cursor 2026-11-01 00:00:03"}; err != nil || !cmp.Equal(names, want) {
		t.Fatalf("%q, %v", names, err)
	}
	if got, err := read(t, s.source(), first.mark, names...); err != nil || len(got.faults) != 3 || len(got.gone) != 0 || len(got.titles) != 51 {
		t.Errorf("nothing was corrected: %+v, %v", got, err)
	}
	s.run(`UPDATE posts SET published = NULL, slug = 'n' || id, title = 'Corrected ' || id WHERE id <= 3`)
	got, err := read(t, s.source(), first.mark, names...)
	joined := strings.Join(got.titles, "|")
	for _, title := range []string{"Corrected 1", "Corrected 2", "Corrected 3"} {
		if strings.Count(joined, title) != 1 {
			t.Errorf("%s came %d times", title, strings.Count(joined, title))
		}
	}
	if err != nil || len(got.faults) != 0 || len(got.gone) != 3 {
		t.Errorf("%q, gone %q, %v", got.faults, got.gone, err)
	}
}

// Without a cursor all rows are read where one has changed, and those that are gone are known.
func TestForeign_goneWithoutCursor(t *testing.T) {
	s := newSite(t)
	s.post(1, 3)
	f := s.numbered("id")
	f.Cursor = ""
	s.run(`UPDATE posts SET published = 'hier' WHERE id <= 2`)
	first, err := read(t, f, "")
	if err != nil {
		t.Fatal(err)
	}
	s.run(`DELETE FROM posts WHERE id = 1`)
	if got, err := read(t, f, first.mark, "id 1", "id 2"); err != nil || !cmp.Equal(got.gone, []string{"id 1"}) || len(got.faults) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// A table that was emptied and filled anew, or an older copy, ends before the cursor: it is read from its beginning, and that is told once.
func TestForeign_filledAnew(t *testing.T) {
	for _, cursor := range []string{"id", "updated"} {
		for _, left := range []int{40, 180} {
			s := newSite(t)
			s.post(1, 200)
			first, err := read(t, s.numbered(cursor), "")
			if err != nil || first.anew != 0 {
				t.Fatalf("%+v, %v", first, err)
			}
			s.run(`DELETE FROM posts`)
			if got, err := read(t, s.numbered(cursor), first.mark); err != nil || got.hauls != 0 {
				t.Errorf("emptied: %+v, %v", got, err)
			}
			s.post(1, left)
			s.run(`UPDATE posts SET slug = 'other-' || id`)
			second, err := read(t, s.numbered(cursor), first.mark)
			if err != nil || len(second.titles) != left || second.anew != 1 {
				t.Errorf("by %s: %d of %d posts, %d, %v", cursor, len(second.titles), left, second.anew, err)
			}
			s.post(left+1, left+1)
			if third, err := read(t, s.numbered(cursor), second.mark); err != nil || third.anew != 0 || len(third.titles) > 52 || third.titles[len(third.titles)-1] != fmt.Sprint("Post ", left+1) {
				t.Errorf("by %s: %+v, %v", cursor, third, err)
			}
		}
	}
}

// Where the last rows are gone and those before them are not, the table was not filled anew: nothing else is read again, and the reading goes on.
func TestForeign_lastOnesGone(t *testing.T) {
	for _, cursor := range []string{"id", "updated"} {
		s := newSite(t)
		s.post(1, 300)
		first, err := read(t, s.numbered(cursor), "")
		if err != nil {
			t.Fatal(err)
		}
		mark := first.mark
		for _, statement := range []string{
			`UPDATE posts SET slug = 'brouillon' WHERE id = 300`, `DELETE FROM posts WHERE id = 299`, `DELETE FROM posts WHERE id > 260`, // one after the other
		} {
			s.run(statement)
			got, err := read(t, s.numbered(cursor), mark)
			if err != nil || got.anew != 0 || len(got.titles) > 51 || len(got.titles) == 0 {
				t.Errorf("by %s: %s: %d posts, %d, %v", cursor, statement, len(got.titles), got.anew, err)
			}
			mark = got.mark
		}
		s.post(261, 262)
		if got, err := read(t, s.numbered(cursor), mark); err != nil || got.anew != 0 || len(got.titles) > 51 || !slices.Contains(got.titles, "Post 261") || !slices.Contains(got.titles, "Post 262") {
			t.Errorf("by %s: %q, %v", cursor, got.titles, err)
		}
		s.run(`UPDATE posts SET slug = 'other-' || id WHERE id <= 100`, `DELETE FROM posts WHERE id > 100`) // another table, where none of the last rows is
		if got, err := read(t, s.numbered(cursor), mark); err != nil || got.anew != 1 || len(got.titles) != 100 {
			t.Errorf("by %s: %d posts, %d, %v", cursor, len(got.titles), got.anew, err)
		}
	}
}

// Where many rows share a time, as after a migration, and the one that came behind them is gone, the others are there.
func TestForeign_lastOneGoneBehindMany(t *testing.T) {
	s := newSite(t)
	s.post(1, 400)
	s.run(`UPDATE posts SET updated = '2026-11-20'`, `UPDATE posts SET updated = '2026-11-21' WHERE id = 7`)
	first, err := read(t, s.source(), "")
	if err != nil || len(first.titles) != 400 {
		t.Fatalf("%d, %v", len(first.titles), err)
	}
	s.run(`DELETE FROM posts WHERE id = 7`)
	if got, err := read(t, s.source(), first.mark); err != nil || got.anew != 0 {
		t.Errorf("%d, %v", got.anew, err)
	}
}

// Fifty rows before the last are read again also where many share the last time.
func TestForeign_manyAtTheLastTime(t *testing.T) {
	s := newSite(t)
	s.post(1, 60)
	s.run(`WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 399) INSERT INTO posts SELECT i, 'p' || i, 'Post ' || i, '', NULL, '2026-11-20' FROM n`)
	first, err := read(t, s.source(), "")
	if err != nil || len(first.titles) != 360 {
		t.Fatalf("%d, %v", len(first.titles), err)
	}
	s.run(`INSERT INTO posts VALUES (1000, 'late', 'Late', '', NULL, '2026-11-19')`)
	if got, err := read(t, s.source(), first.mark); err != nil || strings.Count(strings.Join(got.titles, "|"), "Late") != 1 || len(got.titles) != 351 {
		t.Errorf("%d posts, %v", len(got.titles), err)
	}
}

// A file that a crash left in the midst of a change is not read, and it is said who puts it right.
func TestForeign_hotJournal(t *testing.T) {
	s := newSite(t)
	s.post(1, 3000)
	s.run(`PRAGMA cache_size = 2`, `BEGIN`, `UPDATE posts SET title = 'Half'`)
	crashed := filepath.Join(t.TempDir(), "crashed.db")
	for _, end := range []string{"", "-journal"} {
		data, err := os.ReadFile(s.path + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(crashed+end, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.run(`ROLLBACK`)
	f := s.source()
	f.Path = crashed
	_, err := read(t, f, "")
	trouble, told := errors.AsType[collect.Trouble](err)
	if !told || !strings.Contains(trouble.What, "was left in the midst of a change") || !strings.Contains(trouble.Do, "start that program, or let its user open the file once: sqlite3 "+crashed+` "SELECT`) {
		t.Errorf("%v", err)
	}
	s.path = crashed
	s.open("")
	s.run(`SELECT count(*) FROM posts`)
	if got, err := read(t, f, ""); err != nil || len(got.titles) != 3000 || got.titles[0] != "Post 1" {
		t.Errorf("opened by its program: %d, %v", len(got.titles), err)
	}
}
