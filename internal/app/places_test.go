package app_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"facteur/internal/collect"
)

// A place is where a source is read: a site at NAME.example, an SQLite file or a folder.
type place struct {
	w    *world
	name string
	badSource
	path string
	db   *sql.DB

	mu    sync.Mutex
	off   bool             // nobody answers at the site
	site  http.HandlerFunc // what it answers
	asked []string         // the validators that it was asked with since its answer was set last
}

func newPlace(w *world, name string, b badSource) *place {
	return &place{w: w, name: name, badSource: b, path: filepath.Join(w.folder, name)}
}

func (p *place) must(err error) {
	p.w.t.Helper()
	if err != nil {
		p.w.t.Fatalf("%s: %v", p.what, err)
	}
}

// settings is the source in the settings.
func (p *place) settings() string {
	query := p.query
	if query == "" {
		query = "SELECT * FROM articles"
	}
	return fmt.Sprintf("[sources.%s]\nkind = %q\nschedule = \"0 * * * *\"\n", p.name, p.kind) + map[string]string{
		"feed":   fmt.Sprintf("url = \"http://%s.example/feed\"\n", p.name),
		"sqlite": fmt.Sprintf("path = %q\ncursor = \"id\"\nquery = %q\n", p.path, query),
		"folder": fmt.Sprintf("path = %q\n", p.path),
	}[p.kind]
}

// good brings the place, whatever it was, into a state with these articles.
func (p *place) good(titles ...string) {
	p.w.t.Helper()
	p.close()
	p.remove()
	slug := func(title string) string { return strings.ReplaceAll(strings.ToLower(title), "é", "e") }
	switch p.kind {
	case "feed":
		var items []string
		for _, title := range titles {
			items = append(items, entry(title, "/"+slug(title), ""))
		}
		etag := fmt.Sprintf(`"%d"`, len(titles))
		p.answer(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", etag)
			_, _ = io.WriteString(w, rssOf(items...))
		})
	case "folder":
		p.must(os.Mkdir(p.path, 0o700))
		for i, title := range titles {
			writeFile(p.w.t, fmt.Sprintf("%s/%d.md", p.path, i), fmt.Sprintf("---\ntitle: %s\nurl: http://%s.example/%s\n---\n", title, p.name, slug(title)))
		}
	case "sqlite":
		p.run("CREATE TABLE posts (id INTEGER PRIMARY KEY, slug TEXT, titre TEXT)",
			"CREATE VIEW articles AS SELECT id, 'http://"+p.name+".example/' || slug AS url, titre AS title FROM posts")
		for _, title := range titles {
			p.run(fmt.Sprintf("INSERT INTO posts (slug, titre) VALUES ('%s', '%s')", slug(title), title))
		}
	}
}

func (p *place) close() {
	if p.db != nil {
		p.must(p.db.Close())
		p.db = nil
	}
}

func (p *place) remove() { p.must(os.RemoveAll(p.path)) }

// run has the program that the file belongs to change it.
func (p *place) run(statements ...string) {
	p.w.t.Helper()
	if p.db == nil {
		var err error
		p.db, err = sql.Open("sqlite3", "file:"+p.path)
		p.must(err)
		p.db.SetMaxOpenConns(1)
	}
	for _, s := range statements {
		_, err := p.db.ExecContext(p.w.t.Context(), s)
		p.must(err)
	}
}

// posts is how many the program has that the file belongs to.
func (p *place) posts() (n int) {
	p.w.t.Helper()
	p.must(p.db.QueryRowContext(p.w.t.Context(), "SELECT count(*) FROM posts").Scan(&n))
	return n
}

func (p *place) answer(site http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.site, p.off, p.asked = site, false, nil
}

func (p *place) switchOff() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off, p.asked = true, nil
}

func (p *place) validators() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// damage overwrites all but the first page, which makes the file known for a database.
func (p *place) damage() {
	whole, err := os.ReadFile(p.path)
	p.must(err)
	p.must(os.WriteFile(p.path, append(whole[:4096], strings.Repeat("x", len(whole)-4096)...), 0o600))
}

func (p *place) halve() {
	info, err := os.Stat(p.path)
	p.must(err)
	p.must(os.Truncate(p.path, info.Size()/2))
}

// state is what is known of the source.
func (p *place) state() collect.SourceState {
	p.w.t.Helper()
	state, err := p.w.Store.SourceState(p.w.t.Context(), p.name)
	p.must(err)
	return state
}

// articles are those of the place, each as title, path and date.
func (p *place) articles() (all []string) {
	p.w.t.Helper()
	list, err := p.w.Store.ListArticles(p.w.t.Context(), nil, 0)
	p.must(err)
	for _, a := range list {
		if path, ours := strings.CutPrefix(a.URL, "http://"+p.name+".example"); ours {
			line := a.Title + " " + path
			if !a.Published.IsZero() {
				line += " " + a.Published.UTC().Format(time.RFC3339)
			}
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return all
}

// told are the notices to the operator about the source.
func (p *place) told() (all []string) {
	for _, l := range p.w.letters("op@pandia.example") {
		text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(l.Content)))
		p.must(err)
		if strings.Contains(string(text), "The source "+p.name+" (") {
			all = append(all, strings.ReplaceAll(string(text), "\r\n", "\n"))
		}
	}
	return all
}

// serveSites puts the sites of places on the web, until the end that it returns.
func (w *world) serveSites(places []*place) (end func()) {
	door := newEntrance()
	byHost := map[string]*place{}
	for _, p := range places {
		byHost[p.name+".example"] = p
	}
	w.sites = func(server string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(server)
		p := byHost[host]
		p.mu.Lock()
		off := p.off
		p.mu.Unlock()
		if off {
			return nil, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
		}
		ours, theirs := net.Pipe()
		door.knocks <- theirs
		return ours, nil
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := byHost[r.Host]
		p.mu.Lock()
		p.asked = append(p.asked, r.Header.Get("If-None-Match"))
		site := p.site
		p.mu.Unlock()
		site(w, r)
	})}
	go func() { _ = server.Serve(door) }()
	return func() { _ = server.Close() }
}

// entry is one of an RSS feed.
func entry(title, link, date string) string {
	if date != "" {
		date = "<pubDate>" + date + "</pubDate>"
	}
	return "<item><title>" + title + "</title><link>" + link + "</link><guid isPermaLink=\"false\">" + link + "</guid>" + date + "</item>"
}

func rssOf(items ...string) string {
	return "<rss version=\"2.0\"><channel><title>Le Site</title>" + strings.Join(items, "") + "</channel></rss>"
}

func answers(text string) func(*place) {
	return func(p *place) {
		p.answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	}
}

func status(code int) func(*place) {
	return func(p *place) { p.answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }) }
}

func redirects(to string) func(*place) {
	return func(p *place) {
		p.answer(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		})
	}
}

// endless sends a feed that does not end, with pauses.
func endless(pause time.Duration) func(*place) {
	return func(p *place) {
		p.answer(func(w http.ResponseWriter, r *http.Request) {
			_, err := io.WriteString(w, "<rss version=\"2.0\"><channel>")
			for part := entry("Deux", "/deux", strings.Repeat("x", 16<<10)); err == nil && r.Context().Err() == nil; {
				if pause > 0 {
					part = "<x>"
					time.Sleep(pause)
				}
				_, err = io.WriteString(w, part)
				_ = http.NewResponseController(w).Flush()
			}
		})
	}
}

// writes puts a file into the place, or in its place.
func writes(name, text string) func(*place) {
	return func(p *place) {
		if name == "" {
			p.remove()
		}
		writeFile(p.w.t, p.path+name, text)
	}
}

func does(statements ...string) func(*place) {
	return func(p *place) { p.run(statements...) }
}

// begins leaves a transaction open.
func begins(how string, statements ...string) func(*place) {
	return func(p *place) { p.run(append([]string{"BEGIN " + how}, statements...)...) }
}
