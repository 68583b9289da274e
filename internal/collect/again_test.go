package collect_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/source"
)

// tells is what is told of a source that was collected: what came, and the names that are refused.
func (s *shop) tells() (added, updated, refused, gone int, list map[string]string) {
	s.t.Helper()
	gain, state := s.fetch()
	if state.Failures > 0 {
		s.t.Errorf("%+v", state.Trouble)
	}
	faults, err := s.store.SourceFaults(s.t.Context(), s.of.Name)
	if err != nil {
		s.t.Fatal(err)
	}
	list = map[string]string{}
	for _, f := range faults {
		list[f.Name] = f.Reason
	}
	return gain.Added, gain.Updated, gain.Refused, gain.Gone, list
}

func (s *shop) expect(what string, added, updated, refused, gone int, names map[string]string) {
	s.t.Helper()
	a, u, r, g, list := s.tells()
	if a != added || u != updated || r != refused || g != gone {
		s.t.Errorf("%s: %d added, %d updated, %d refused, %d gone; want %d, %d, %d, %d", what, a, u, r, g, added, updated, refused, gone)
	}
	if diff := cmp.Diff(names, list); diff != "" {
		s.t.Errorf("%s: %s", what, diff)
	}
}

const (
	untitled = "title is missing: give the article a title"
	twiceOf1 = "it has the address of id 1: give each its own, or keep one"
)

// A row that was refused comes once it is corrected, whatever the cursor says, is told once, and leaves the list once it is gone. The one that was
// there first keeps its address.
func TestGatherer_rowsThatWereRefused(t *testing.T) {
	for _, cursor := range []string{"id", "updated"} {
		s := newShop(t)
		path := filepath.Join(t.TempDir(), "site.db")
		db, err := sql.Open("sqlite3", path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		run := func(statement string) {
			t.Helper()
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		run(`CREATE TABLE posts (id INTEGER PRIMARY KEY, slug TEXT, title TEXT, updated INTEGER);
			INSERT INTO posts VALUES (1, 'a', 'Un', 1), (2, 'a', 'Le même', 2), (3, 'c', NULL, 3), (4, 'd', NULL, 4);
			WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 99) INSERT INTO posts SELECT i, 's' || i, 'Titre ' || i, i FROM n`)
		query := "SELECT id, 'https://site.example/' || slug AS url, title, updated FROM posts"
		if cursor == "id" {
			query = "SELECT id, 'https://site.example/' || slug AS url, title FROM posts"
		}
		s.of.Reader = source.Foreign{Path: path, Query: query, Cursor: cursor}
		s.expect("at first", 91, 0, 3, 0, map[string]string{"id 2": twiceOf1, "id 3": untitled, "id 4": untitled})
		s.expect("nothing was corrected", 0, 0, 0, 0, map[string]string{"id 2": twiceOf1, "id 3": untitled, "id 4": untitled})
		if a, err := s.store.ArticleByURL(t.Context(), "https://site.example/a"); err != nil || a.Title != "Un" {
			t.Errorf("the second took the address of the first: %+v, %v", a, err)
		}
		run(`UPDATE posts SET title = 'Trois' WHERE id = 3; DELETE FROM posts WHERE id = 4; UPDATE posts SET slug = 'b' WHERE id = 2`)
		s.expect("corrected", 2, 0, 0, 0, map[string]string{})
		run(`UPDATE posts SET title = '' WHERE id = 99`)
		s.expect("refused only now", 0, 0, 1, 0, map[string]string{"id 99": untitled})
	}
}

// The first of two rows gives its address up to the second where it is gone, or has another.
func TestGatherer_filesWithOneAddress(t *testing.T) {
	s := newShop(t)
	folder := t.TempDir()
	write := func(name, title, url string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("---\ntitle: "+title+"\nurl: https://site.example/"+url+"\n---\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, s.now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	write("a.md", "Un", "a")
	write("b.md", "Deux", "a")
	write("c.md", "", "c")
	s.of.Reader = source.Folder{Path: folder, Now: func() time.Time { return s.now }}
	twice := map[string]string{"b.md": "it has the address of a.md: give each its own, or keep one"}
	s.expect("at first", 1, 0, 2, 0, map[string]string{"b.md": twice["b.md"], "c.md": "line 2: title is missing: give the article a title"})
	remove := func(name string) {
		t.Helper()
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	remove("c.md")
	s.expect("what brought nothing is gone", 0, 0, 0, 0, twice)
	write("a.md", "Un, autrement", "a2")
	s.expect("the first has another address", 1, 1, 0, 0, map[string]string{})
	if a, err := s.store.ArticleByURL(t.Context(), "https://site.example/a"); err != nil || a.Title != "Deux" {
		t.Errorf("%+v, %v", a, err)
	}
	remove("a.md")
	s.expect("gone", 0, 0, 0, 1, map[string]string{})
}

// A file that came later does not take the address of one that is there and has not changed, however many come with it.
func TestGatherer_fileWithTheAddressOfAnUnchangedOne(t *testing.T) {
	s := newShop(t)
	folder := t.TempDir()
	write := func(name, title, url string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("---\ntitle: "+title+"\nurl: "+url+"\n---\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, s.now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	has := func(title string) {
		t.Helper()
		if a, err := s.store.ArticleByURL(t.Context(), "https://site.example/a"); err != nil || a.Title != title {
			t.Errorf("the article is %q, %v; want %q", a.Title, err, title)
		}
	}
	s.of.Reader = source.Folder{Path: folder, Now: func() time.Time { return s.now }}
	twice := map[string]string{"b.md": "it has the address of m.md: give each its own, or keep one"}
	write("m.md", "Un", "https://site.example/a")
	s.expect("at first", 1, 0, 0, 0, map[string]string{})
	write("b.md", "Deux", "https://SITE.example/a?utm_source=x") // read before m.md, were both new
	s.expect("another claims it", 0, 0, 1, 0, twice)
	has("Un")
	s.expect("it still does", 0, 0, 0, 0, twice)
	write("c.md", "Trois", "https://site.example/a")
	twice["c.md"] = twice["b.md"]
	s.expect("a third", 0, 0, 1, 0, twice)
	if err := os.Rename(filepath.Join(folder, "m.md"), filepath.Join(folder, "n.md")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(filepath.Join(folder, "b.md")), os.Remove(filepath.Join(folder, "c.md"))); err != nil {
		t.Fatal(err)
	}
	s.expect("renamed, and the others gone", 0, 0, 0, 0, map[string]string{})
	has("Un")
	write("b.md", "Deux", "https://site.example/a")
	twice = map[string]string{"b.md": "it has the address of n.md: give each its own, or keep one"}
	s.expect("the name that it has now", 0, 0, 1, 0, twice)
	if err := os.Remove(filepath.Join(folder, "n.md")); err != nil {
		t.Fatal(err)
	}
	s.expect("the first is gone", 0, 1, 0, 1, map[string]string{})
	has("Deux")
}

// A drawer is a folder of articles under way, each finished an hour ago unless it says otherwise.
type drawer struct {
	*shop
	folder string
}

func newDrawer(t *testing.T) drawer {
	d := drawer{newShop(t), t.TempDir()}
	d.of.Reader = source.Folder{Path: d.folder, Now: func() time.Time { return d.now }}
	return d
}

func (d drawer) write(name, text string, ago time.Duration) {
	d.t.Helper()
	path := filepath.Join(d.folder, name)
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, time.Time{}, d.now.Add(-ago))); err != nil {
		d.t.Fatal(err)
	}
}

func (d drawer) put(name, title, url string) {
	d.t.Helper()
	d.write(name, "---\ntitle: "+title+"\nurl: https://site.example/"+url+"\n---\n", time.Hour)
}

// move gives a file another name, and the time at which a deployment wrote it there.
func (d drawer) move(from, to string, ago time.Duration) {
	d.t.Helper()
	path := filepath.Join(d.folder, to)
	if err := errors.Join(os.Rename(filepath.Join(d.folder, from), path), os.Chtimes(path, time.Time{}, d.now.Add(-ago))); err != nil {
		d.t.Fatal(err)
	}
}

func (d drawer) remove(name string) {
	d.t.Helper()
	if err := os.Remove(filepath.Join(d.folder, name)); err != nil {
		d.t.Fatal(err)
	}
}

// has fails the test unless the article with the address a has a title.
func (d drawer) has(title string) {
	d.t.Helper()
	if a, err := d.store.ArticleByURL(d.t.Context(), "https://site.example/a"); err != nil || a.Title != title {
		d.t.Errorf("the article is %q, %v; want %q", a.Title, err, title)
	}
}

func refusedFor(name string) map[string]string {
	return map[string]string{"b.md": "it has the address of " + name + ": give each its own, or keep one"}
}

// A file that held an address keeps it under another name, whichever of the two files is read first and whatever its time says by then.
func TestGatherer_renamedFileKeepsItsAddress(t *testing.T) {
	for what, do := range map[string]func(drawer){
		"another claims it in the same round": func(d drawer) {
			d.move("a.md", "c.md", time.Hour)
			d.put("b.md", "Deux", "a")
			d.expect("renamed", 0, 0, 1, 0, refusedFor("c.md"))
		},
		"and it has the time of its deployment": func(d drawer) {
			d.move("a.md", "c.md", time.Minute)
			d.put("b.md", "Deux", "a")
			d.expect("renamed", 0, 0, 1, 0, refusedFor("c.md"))
		},
		"another had claimed it before": func(d drawer) {
			d.put("b.md", "Deux", "a")
			d.expect("refused", 0, 0, 1, 0, refusedFor("a.md"))
			d.move("a.md", "c.md", time.Minute)
			d.expect("renamed", 0, 0, 1, 0, refusedFor("c.md"))
		},
		"another that was there takes its address": func(d drawer) {
			d.put("b.md", "Deux", "autre")
			d.expect("the other comes", 1, 0, 0, 0, map[string]string{})
			d.put("b.md", "Deux", "a")
			d.move("a.md", "c.md", time.Minute)
			d.expect("renamed", 0, 0, 1, 0, refusedFor("c.md"))
		},
		"and it was deployed this second": func(d drawer) {
			d.move("a.md", "c.md", time.Second)
			d.put("b.md", "Deux", "a")
			d.expect("it waits, and the other for it", 0, 0, 0, 0, map[string]string{})
			d.move("c.md", "c.md", time.Minute)
			d.expect("renamed", 0, 0, 1, 0, refusedFor("c.md"))
		},
	} {
		t.Run(what, func(t *testing.T) {
			d := newDrawer(t)
			d.put("a.md", "Un", "a")
			d.expect("at first", 1, 0, 0, 0, map[string]string{})
			do(d)
			d.has("Un")
			d.expect("it stays", 0, 0, 0, 0, refusedFor("c.md"))
			d.remove("c.md")
			d.expect("gone", 0, 1, 0, 1, map[string]string{})
			d.has("Deux")
		})
	}
}

// A file that holds an address keeps it while it changes, also where nobody can tell what stands in it.
func TestGatherer_changedFileKeepsItsAddress(t *testing.T) {
	d := newDrawer(t)
	d.put("m.md", "Un", "a")
	d.expect("at first", 1, 0, 0, 0, map[string]string{})
	d.put("m.md", "Un, corrigé", "a")
	d.put("b.md", "Deux", "a")
	d.expect("both change", 0, 1, 1, 0, refusedFor("m.md"))
	d.has("Un, corrigé")
	d.remove("b.md")
	d.expect("the other goes", 0, 0, 0, 0, map[string]string{})
	d.write("m.md", "---\ntitle: Un, à moi", time.Second)
	d.put("b.md", "Deux", "a")
	d.expect("half written", 0, 0, 0, 0, map[string]string{})
	d.write("m.md", "---\ntitle: Un, à moi", time.Minute)
	broken := refusedFor("m.md")
	broken["m.md"] = "line 1: front matter is never closed: end it with a line of ---"
	d.expect("broken", 0, 0, 2, 0, broken)
	d.expect("still broken", 0, 0, 0, 0, broken)
	d.has("Un, corrigé")
	d.put("m.md", "Un, à la fin", "a")
	d.expect("whole again", 0, 1, 0, 0, refusedFor("m.md"))
	d.write("m.md", "---\ntitle: Un\nurl: https://site.example/a\ndraft: true\n---\n", time.Minute)
	d.expect("a draft holds none", 0, 1, 0, 0, map[string]string{})
	d.has("Deux")
}

// Each reading of a feed brings all of its entries: what is refused is told once.
func TestGatherer_entriesThatAreRefused(t *testing.T) {
	s := newShop(t)
	var items string
	s.of.Reader = source.Feed{Address: "https://site.example/feed", Now: func() time.Time { return s.now }, Web: func(context.Context, source.Question) (source.Reply, error) {
		return source.Reply{Body: []byte(`<rss version="2.0"><channel><title>S</title>` + items + `</channel></rss>`)}, nil
	}}
	entry := func(title, address string) string {
		return "<item><title>" + title + "</title><link>https://site.example/" + address + "</link></item>"
	}
	const untitled = "it has no title"
	twice := map[string]string{"https://site.example/c": untitled, "“Deux”": "it has the address of https://site.example/a: give each its own, or keep one"}
	items = entry("Un", "a")
	s.expect("at first", 1, 0, 0, 0, map[string]string{})
	items += entry("Deux", "a") + entry("", "c")
	s.expect("one with its address, and one without a title", 0, 0, 2, 0, twice)
	items += entry("Trois", "d")
	s.expect("they are still there", 1, 0, 0, 0, twice)
	items = entry("Un", "a") + entry("Deux", "b") + entry("Quatre", "c")
	s.expect("corrected", 2, 0, 0, 0, map[string]string{})
}

// Two that nobody can tell apart are told of by what they share.
func TestGatherer_oneNameTwice(t *testing.T) {
	s := newShop(t)
	s.hauls = []collect.Haul{{Offers: []collect.Offer{offer("a", "Un"), offer("a", "Deux")}}}
	s.expect("", 1, 0, 1, 0, map[string]string{"a": "its address stands there twice: give each its own, or keep one"})
	s.hauls[0].Again = true
	s.expect("", 0, 0, 0, 0, map[string]string{"a": "its address stands there twice: give each its own, or keep one"})
	if !cmp.Equal(s.again, []string{"a"}) {
		t.Errorf("asked for %q", s.again)
	}
}
