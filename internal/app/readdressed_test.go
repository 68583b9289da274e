package app_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// An address that was corrected where an article comes from is the one that goes out: a feed tells by the guid which article that is, a table by its id, a
// folder by the file.
func TestSource_correctsAnAddress(t *testing.T) {
	ctx := t.Context()
	slug := "fautive"
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><link>https://pandia.example</link><item><title>Un bureau de poste ouvre à Brest</title>
			<link>https://pandia.example/feed/%s</link><guid isPermaLink="false">91</guid><pubDate>Fri, 20 Nov 2026 08:31:00 GMT</pubDate></item></channel></rss>`, slug)
	}))
	t.Cleanup(site.Close)
	folder := t.TempDir()
	table := filepath.Join(folder, "site.db")
	db, err := sql.Open("sqlite3", table)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	execute := func(query string) {
		t.Helper()
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	write := func() {
		t.Helper()
		file := filepath.Join(folder, "bureau.md")
		text := "---\ntitle: Un bureau de poste ouvre à Nantes\nurl: https://pandia.example/folder/" + slug + "\ndate: 2026-11-20T09:31:00+01:00\n---\nIl ouvre mardi dans les locaux de la mairie annexe.\n"
		settledFile(t, file, text)
	}
	execute(`CREATE TABLE pages (id INTEGER PRIMARY KEY, slug TEXT, at TEXT)`)
	execute(`INSERT INTO pages VALUES (12, 'fautive', '2026-11-20 08:31:00')`)
	write()
	a := sourced(t, fmt.Sprintf(`[collect]
picture_networks = ["127.0.0.1"]
[sources.feed]
kind = "feed"
url = %q
[sources.folder]
kind = "folder"
path = %q
[sources.table]
kind = "sqlite"
path = %q
cursor = "at"
query = "SELECT id, 'https://pandia.example/table/' || slug AS url, 'Un bureau de poste ouvre à Lille' AS title, 'Il ouvre mardi dans les locaux de la mairie annexe.' AS summary, at FROM pages"
`, site.URL, folder, table))
	fetch := func() (updated int) {
		t.Helper()
		for _, s := range a.Sources {
			gain, state, err := a.Gatherer.Fetch(ctx, s)
			if err != nil || state.Failures > 0 || gain.Refused > 0 {
				t.Fatalf("%s: %+v, %+v, %v", s.Name, gain, state, err)
			}
			updated += gain.Updated
		}
		return updated
	}
	fetch()
	slug = "corrigee"
	execute(`UPDATE pages SET slug = 'corrigee', at = '2026-11-20 09:15:00'`)
	write()
	if updated := fetch(); updated != 3 {
		t.Errorf("%d articles were updated, want 3", updated)
	}
	articles, err := a.Store.ListArticles(ctx, nil, 0)
	if err != nil || len(articles) != 3 {
		t.Fatalf("the articles are %+v, %v", articles, err)
	}
	for _, name := range []string{"feed", "folder", "table"} {
		if _, err := a.Store.ArticleByURL(ctx, "https://pandia.example/"+name+"/corrigee"); err != nil {
			t.Errorf("the %s: %v", name, err)
		}
	}
}

// An article of which a source has a title and a line, and no id, goes out once, as its address is by now: before an edition, after one, and in a feed that
// leaves its domain. Two towns that a feed has at once are two.
func TestSource_correctsAnAddressWithoutAnID(t *testing.T) {
	ctx := t.Context()
	type entry struct{ title, url string }
	var entries []entry
	date := time.Now().Add(-3 * time.Hour).UTC()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>T</title><link>https://pandia.example</link>`)
		for _, e := range entries {
			_, _ = fmt.Fprintf(w, `<item><title>%s</title><link>%s</link><guid>%[2]s</guid><description>Le détail des scores.</description><pubDate>%s</pubDate></item>`, e.title, e.url, date.Format(time.RFC1123Z))
		}
		_, _ = fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(site.Close)
	table := filepath.Join(t.TempDir(), "site.db")
	db, err := sql.Open("sqlite3", table)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	execute := func(query string) {
		t.Helper()
		if _, err := db.Exec(query, date.Format(time.RFC3339)); err != nil {
			t.Fatal(err)
		}
	}
	execute(`CREATE TABLE pages (slug TEXT, date TEXT, at INTEGER)`)
	execute(`INSERT INTO pages VALUES ('demision', ?, 1)`)
	folder := t.TempDir()
	write := func(slug string) {
		t.Helper()
		file := filepath.Join(folder, slug+".md")
		text := fmt.Sprintf("---\ntitle: Le stade de Nantes ferme pour travaux\nurl: https://pandia.example/f/%s\npublished: %s\n---\nIl rouvre au printemps.\n", slug, date.Format(time.DateOnly))
		settledFile(t, file, text)
	}
	write("stade-ferm")
	a := sourced(t, fmt.Sprintf(`[collect]
picture_networks = ["127.0.0.1"]
[sources.feed]
kind = "feed"
url = %q
[sources.folder]
kind = "folder"
path = %q
[sources.table]
kind = "sqlite"
path = %q
cursor = "at"
query = "SELECT 'https://pandia.example/t/' || slug AS url, 'Le maire de Lille annonce sa démission' AS title, 'Il part mardi.' AS summary, date AS published, at FROM pages"
`, site.URL, folder, table))
	out := func(want ...string) {
		t.Helper()
		for _, s := range a.Sources {
			if _, state, err := a.Gatherer.Fetch(ctx, s); err != nil || state.Failures > 0 {
				t.Fatalf("%s: %+v, %v", s.Name, state, err)
			}
		}
		e, err := a.Desk.Why(ctx, a.Newsletters[0], "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range e.Verdicts {
			if v.Rule.Offered() {
				got = append(got, strings.TrimPrefix(v.URL, "https://"))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("offered are %q, want %q", got, want)
		}
	}
	poste, results := "Un bureau de poste ouvre à Brest", "Municipales : les résultats du premier tour"
	entries = []entry{{poste, "https://pandia.example/ville/bureau"}, {results, "https://pandia.example/brest"}, {results, "https://pandia.example/quimper"}}
	out("pandia.example/brest", "pandia.example/f/stade-ferm", "pandia.example/quimper", "pandia.example/t/demision", "pandia.example/ville/bureau")
	entries[0].url = "https://pandia.example/finistere/bureau" // of a feed all is known
	write("stade-ferme")
	if err := os.Remove(filepath.Join(folder, "stade-ferm.md")); err != nil {
		t.Fatal(err)
	}
	execute(`UPDATE pages SET slug = 'demission', at = 2 WHERE ? <> ''`)
	out("pandia.example/brest", "pandia.example/f/stade-ferme", "pandia.example/finistere/bureau", "pandia.example/quimper", "pandia.example/t/demission")
	if _, err := a.Desk.Publish(ctx, a.Newsletters[0]); err != nil {
		t.Fatal(err)
	}
	for i := range entries {
		entries[i].url = strings.Replace(entries[i].url, "pandia", "autre", 1)
	}
	write("stade-ferme-pour-travaux")
	if err := os.Remove(filepath.Join(folder, "stade-ferme.md")); err != nil {
		t.Fatal(err)
	}
	execute(`UPDATE pages SET slug = 'demission-du-maire', at = 3 WHERE ? <> ''`)
	out()
}
