package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/app"
	"facteur/internal/collect"
	"facteur/internal/config"
	"facteur/internal/smtptest"
)

// sourced is a program with sources.
func sourced(t testing.TB, settings string) *app.App {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "facteur.toml")
	if err := os.WriteFile(path, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Options{File: path, Data: filepath.Join(folder, "data")})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), cfg, app.Options{Create: true, Poll: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

const atomFeed = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>Une</title><link href="/une"/><id>1</id></entry></feed>`

// A feed on a private address is not spoken to, unless its network is allowed; then its articles are there, and it is asked again whether it
// has changed.
func TestSource_feed(t *testing.T) {
	var agents []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.Header.Get("User-Agent")+" "+r.Header.Get("If-Modified-Since"))
		w.Header().Set("Last-Modified", "Wed, 25 Nov 2026 08:15:00 GMT")
		if r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, atomFeed)
	}))
	t.Cleanup(site.Close)
	settings := "[sources.site]\nkind = \"feed\"\nurl = \"" + site.URL + "/feed\"\nsection = \"guides\"\n"
	guarded := sourced(t, settings)
	_, state, err := guarded.Gatherer.Fetch(t.Context(), guarded.Sources[0])
	if err != nil || !strings.Contains(state.Trouble.What, "127.0.0.1, which is not public") || state.Articles != 0 {
		t.Errorf("%+v, %v", state, err)
	}
	a := sourced(t, settings+"[collect]\npicture_networks = [\"127.0.0.1\"]\n")
	gain, state, err := a.Gatherer.Fetch(t.Context(), a.Sources[0])
	if err != nil || gain.Added != 1 || state.Articles != 1 || state.Failures != 0 {
		t.Fatalf("%+v, %+v, %v", gain, state, err)
	}
	if stored, err := a.Store.ArticleByURL(t.Context(), site.URL+"/une"); err != nil || stored.Section != "guides" {
		t.Errorf("%+v, %v", stored, err)
	}
	again, _, err := a.Gatherer.Fetch(t.Context(), a.Sources[0])
	if err != nil || again.Added+again.Unchanged != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	want := "Facteur (+http://127.0.0.1:8025) "
	if len(agents) != 2 || agents[0] != want || agents[1] != want+"Wed, 25 Nov 2026 08:15:00 GMT" {
		t.Errorf("asked by %q", agents)
	}
	health, err := a.SourceHealth(t.Context())
	if err != nil || len(health) != 1 || health[0].Next.Before(time.Now()) || health[0].Next.Minute()%15 != 0 || health[0].State.Succeeded.IsZero() {
		t.Errorf("%+v, %v", health, err)
	}
}

// A program that serves collects at its start and at the times of the source. A source that breaks is told of once, and takes nothing back.
func TestSource_whileServing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, folder: t.TempDir(), relay: smtptest.Start(t, smtptest.Script{})}
		articles := filepath.Join(w.folder, "articles")
		w.env = []string{"FACTEUR_SMTP_URL=smtp://127.0.0.1:2525?tls=none", "FACTEUR_OPERATOR_ADDRESS=op@pandia.example"}
		w.more = "[sources.local]\nkind = \"folder\"\npath = \"articles\"\nschedule = \"0 * * * *\"\n"
		file := func(n int) {
			t.Helper()
			path := filepath.Join(articles, fmt.Sprintf("%d.md", n))
			writeFile(t, path, fmt.Sprintf("---\ntitle: Article %d\nurl: https://pandia.example/%d\n---\n", n, n))
			if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Mkdir(articles, 0o700); err != nil {
			t.Fatal(err)
		}
		file(1)
		w.open()
		w.start()
		stored := func(want int) {
			t.Helper()
			if list, err := w.Store.ListArticles(t.Context(), nil, 0); err != nil || len(list) != want {
				t.Errorf("%d articles, %v; want %d", len(list), err, want)
			}
		}
		time.Sleep(time.Minute)
		stored(1)
		file(2)
		time.Sleep(time.Hour)
		stored(2)
		if err := os.Rename(articles, articles+"-away"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		stored(2)
		letters := w.letters("op@pandia.example")
		if len(letters) != 1 {
			t.Fatalf("the operator got %d letters", len(letters))
		}
		said := strings.ReplaceAll(string(letters[0].Content), "=\r\n", "")
		if !strings.Contains(said, "The source local (") || !strings.Contains(said, "/articles is not there.") || !strings.Contains(said, "To do: make it, or correct path") {
			t.Errorf("the operator was told %s", said)
		}
		w.end()
	})
}

// settledFiles writes Markdown files that nobody writes any more.
func settledFiles(t testing.TB, n int) string {
	t.Helper()
	folder := t.TempDir()
	for i := range n {
		path := filepath.Join(folder, fmt.Sprintf("%d.md", i))
		text := fmt.Sprintf("---\ntitle: \"Article numéro %d\"\nurl: https://site.example/%d\ntags: [ia, %q]\npublished: 2026-11-20 07:30\n---\n%s\n", i, i, "été", strings.Repeat("Un paragraphe de l’article, comme il y en a.\n\n", 60))
		settledFile(t, path, text)
	}
	return folder
}

// settledFile writes a file as if that had been an hour ago.
func settledFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkSourceFolder collects 1,000 Markdown files, and then finds nothing new.
func BenchmarkSourceFolder(b *testing.B) {
	folder := settledFiles(b, 1000)
	for b.Loop() {
		b.StopTimer()
		a := sourced(b, "[sources.site]\nkind = \"folder\"\npath = \""+folder+"\"\n")
		b.StartTimer()
		collected(b, a, 1000)
	}
}

// collected collects a source twice, and reports how long each took.
func collected(b *testing.B, a *app.App, want int) {
	began := time.Now()
	gain, state, err := a.Gatherer.Fetch(b.Context(), a.Sources[0])
	if err != nil || gain.Added != want || state.Failures != 0 {
		b.Fatalf("%+v, %+v, %v", gain, state.Trouble, err)
	}
	b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/first")
	began = time.Now()
	if gain, _, err = a.Gatherer.Fetch(b.Context(), a.Sources[0]); err != nil || gain.Added+gain.Updated != 0 {
		b.Fatalf("%+v, %v", gain, err)
	}
	b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/again")
}

// BenchmarkSourceSQLite collects the last 1,000 rows of 1,000,000, and then finds nothing new.
func BenchmarkSourceSQLite(b *testing.B) {
	path := filepath.Join(b.TempDir(), "site.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{
		`CREATE TABLE posts (id INTEGER PRIMARY KEY, slug TEXT, title TEXT, html TEXT, updated TEXT)`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
			INSERT INTO posts SELECT i, 'p' || i, 'Article numéro ' || i, '<p>Un paragraphe de <em>l’article</em>, comme il y en a.</p>', strftime('%Y-%m-%d %H:%M:%S', 1700000000 + i * 60, 'unixepoch') FROM n`,
		`CREATE INDEX by_update ON posts (updated)`,
		`UPDATE posts SET html = replace(hex(zeroblob(40)), '00', html) WHERE id > 999000`,
	} {
		if _, err := db.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	const query = `SELECT id, 'https://site.example/' || slug AS url, title, html AS body_html, updated AS published, updated FROM posts`
	settings := "[sources.site]\nkind = \"sqlite\"\npath = \"" + path + "\"\ncursor = \"updated\"\nquery = \"\"\"" + query + "\"\"\"\n"
	b.Run("from a mark", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			a := sourced(b, settings)
			if _, err := a.Store.TakeHaul(b.Context(), markAt(a, time.Unix(1700000000+999001*60, 0)), time.Now()); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			collected(b, a, 1000)
		}
	})
}

// markAt is as if the source had been read up to an instant.
func markAt(a *app.App, at time.Time) collect.Taking {
	s := a.Sources[0]
	return collect.Taking{Source: s.Name, Origin: s.Origin, Mark: fmt.Sprintf(`{"t":%q}`, at.UTC().Format("2006-01-02 15:04:05"))}
}
