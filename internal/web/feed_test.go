package web_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/web"
)

type readLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

// readFeed is a feed as a program reads it that knows nothing of ours: each element as often as it is there.
type readFeed struct {
	XMLName xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	ID      []string   `xml:"id"`
	Title   []string   `xml:"title"`
	Updated []string   `xml:"updated"`
	Links   []readLink `xml:"link"`
	Author  []string   `xml:"author>name"`
	Entries []struct {
		ID        []string   `xml:"id"`
		Title     []string   `xml:"title"`
		Updated   []string   `xml:"updated"`
		Published []string   `xml:"published"`
		Author    []string   `xml:"author>name"`
		Links     []readLink `xml:"link"`
		Summary   []string   `xml:"summary"`
	} `xml:"entry"`
}

// feed reads a feed and holds it against what RFC 4287 asks (§4.1.1, §4.1.2, §4.2.7.2).
func feed(t *testing.T, answer *http.Response, self string) readFeed {
	t.Helper()
	if kind := answer.Header.Get("Content-Type"); kind != "application/atom+xml; charset=utf-8" || answer.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, Content-Type %q", self, answer.StatusCode, kind)
	}
	raw := body(t, answer)
	var f readFeed
	if err := xml.Unmarshal([]byte(raw), &f); err != nil || !utf8.ValidString(raw) {
		t.Fatalf("%s is no feed: %v\n%s", self, err, raw)
	}
	one := func(what string, values []string) {
		t.Helper()
		if len(values) != 1 || strings.TrimSpace(values[0]) == "" {
			t.Errorf("%s: %s is %q, want one", self, what, values)
		}
	}
	date := func(what string, values []string) {
		t.Helper()
		one(what, values)
		if _, err := time.Parse(time.RFC3339, values[0]); err != nil {
			t.Errorf("%s: %s: %v", self, what, err)
		}
	}
	id := func(values []string) {
		t.Helper()
		one("id", values)
		if u, err := url.Parse(values[0]); err != nil || !u.IsAbs() {
			t.Errorf("%s: the id %q is no address", self, values[0])
		}
	}
	id(f.ID)
	one("title", f.Title)
	one("author", f.Author)
	date("updated", f.Updated)
	if len(f.Links) == 0 || f.Links[0] != (readLink{"self", "application/atom+xml", self}) {
		t.Errorf("%s links to %+v, want itself", self, f.Links)
	}
	seen := map[string]bool{}
	for _, e := range f.Entries {
		id(e.ID)
		one("title of an entry", e.Title)
		one("author of an entry", e.Author)
		date("updated of an entry", e.Updated)
		date("published of an entry", e.Published)
		if len(e.Links) != 1 || e.Links[0].Rel != "alternate" || len(e.Summary) > 1 {
			t.Errorf("%s: an entry links to %+v and has %d summaries", self, e.Links, len(e.Summary))
		}
		if seen[e.ID[0]] {
			t.Errorf("%s: two entries are %s", self, e.ID[0])
		}
		seen[e.ID[0]] = true
	}
	return f
}

func TestFeedTellsOfTheLatestEditions(t *testing.T) {
	p := newPast(t)
	for n := range 33 {
		p.appear("hebdo", n+1, nil)
	}
	p.appear("weekly", 1, english)
	h := archive(t, p, func(o *web.Options) { o.Newsletters = options(t, newPeople()).Newsletters })
	const address = "https://lettre.pandia.example/archives"
	of := feed(t, get(h, "/archives/hebdo/feed.xml"), address+"/hebdo/feed.xml")
	if len(of.Entries) != 30 || of.Title[0] != "La lettre de PandIA" || of.Updated[0] != of.Entries[0].Updated[0] {
		t.Fatalf("%d entries of %q, changed %s", len(of.Entries), of.Title, of.Updated)
	}
	first := of.Entries[0]
	if first.Title[0] != "Sujet 33" || first.Links[0].Href != address+"/hebdo/33" || first.Author[0] != "PandIA" || of.Entries[29].Title[0] != "Sujet 4" ||
		first.Summary[0] != "Le chapô de\u00a0: À la une À la une · Deuxième\u00a0: la suite · Troisième" {
		t.Errorf("the first entry is %+v, the last %q", first, of.Entries[29].Title)
	}
	everything := feed(t, get(h, "/archives/feed.xml"), address+"/feed.xml")
	if len(everything.Entries) != 30 || everything.Title[0] != "PandIA" || everything.Entries[0].ID[0] != address+"/weekly/1" || everything.Entries[1].ID[0] != first.ID[0] {
		t.Errorf("%d entries of all, the first are %q and %q", len(everything.Entries), everything.Entries[0].ID, everything.Entries[1].ID)
	}
	moved := archive(t, p, func(o *web.Options) { o.URL = "https://ailleurs.example/lettres/" })
	again := feed(t, get(moved, "/archives/hebdo/feed.xml"), "https://ailleurs.example/lettres/archives/hebdo/feed.xml").Entries[0]
	if again.ID[0] != first.ID[0] || again.Links[0].Href != "https://ailleurs.example/lettres/archives/hebdo/33" {
		t.Errorf("after the pages moved, entry %s at %s is %s at %s", first.ID, first.Links[0].Href, again.ID, again.Links[0].Href)
	}
}

func TestFeedWithoutEditions(t *testing.T) {
	now := time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC)
	h := archive(t, newPast(t), func(o *web.Options) { o.Now = func() time.Time { return now } })
	now = now.Add(time.Hour)
	for _, path := range []string{"/archives/feed.xml", "/archives/hebdo/feed.xml"} {
		if f := feed(t, get(h, path), "https://lettre.pandia.example"+path); len(f.Entries) != 0 {
			t.Errorf("%s has %d entries", path, len(f.Entries))
		} else if !slices.Equal(f.Updated, []string{"2026-11-24T23:30:00Z"}) {
			t.Errorf("%s says that it changed at %s, want when it was opened", path, f.Updated)
		}
	}
}

// Whatever stands in a title, the feed is one and says it.
func TestFeedOfHostileTitles(t *testing.T) {
	p := newPast(t)
	hostile := []string{
		"</title></entry><script>alert(1)</script>", "a & b &amp; c", "]]> <![CDATA[ x ]]>", "\x00\x01\x0b nul \ufffe\uffff", "\xff\xfe pas de l’UTF-8", " \n ",
		"\u202eà l’envers", `"guillemets' et <!-- -->`, "<?xml version=\"1.0\"?>",
	}
	for i, title := range hostile {
		p.appear("hebdo", i+1, func(d *digest.Publication) {
			d.Content.Subject = title
			lead := p.stories[0]
			lead.Title, lead.Summary, lead.Language = title, title, title
			d.Content.Lead = &lead
			d.Letterhead.Sender.Site, d.Letterhead.Sender.SiteURL = title, title
		})
	}
	h := archive(t, p, nil)
	f := feed(t, get(h, "/archives/hebdo/feed.xml"), "https://lettre.pandia.example/archives/hebdo/feed.xml")
	if len(f.Entries) != len(hostile) {
		t.Fatalf("%d entries, want %d", len(f.Entries), len(hostile))
	}
	if got := f.Entries[len(hostile)-1].Title[0]; got != hostile[0] {
		t.Errorf("the title %q is told as %q", hostile[0], got)
	}
	for i := range hostile {
		page(t, get(h, fmt.Sprintf("/archives/hebdo/%d", i+1)))
	}
	page(t, get(h, "/archives/hebdo"))
}

// One that is the same for everybody is in the language of one of its newsletters only where they all speak it.
func TestAFeedOfSeveralLanguagesIsOfNone(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, nil)
	p.appear("weekly", 1, english)
	both := options(t, newPeople()).Newsletters
	for _, c := range []struct {
		path        string
		newsletters []newsletter.Newsletter
		lang        string
	}{
		{"/archives/feed.xml", both, ""}, {"/archives/feed.xml", []newsletter.Newsletter{both[1], both[0]}, ""}, {"/archives/feed.xml", both[:1], "fr"},
		{"/archives/hebdo/feed.xml", both, "fr"}, {"/archives/weekly/feed.xml", both, "en"},
	} {
		h := archive(t, p, func(o *web.Options) { o.Newsletters = c.newsletters })
		var f struct {
			Attributes []xml.Attr `xml:",any,attr"`
			Entries    []struct {
				Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(body(t, get(h, c.path))), &f); err != nil {
			t.Fatal(err)
		}
		langs := slices.DeleteFunc(f.Attributes, func(a xml.Attr) bool { return a.Name.Local != "lang" })
		if c.lang == "" && len(langs) > 0 || c.lang != "" && (len(langs) != 1 || langs[0].Value != c.lang) {
			t.Errorf("%s of %d newsletters is in %v, want %q", c.path, len(c.newsletters), langs, c.lang)
		}
		for _, e := range f.Entries {
			if e.Lang == "" {
				t.Errorf("%s: an entry does not say its language", c.path)
			}
		}
	}
}

func TestFeedIsNotFetchedTwice(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, nil)
	h := archive(t, p, nil)
	for i, path := range []string{"/archives/feed.xml", "/archives/hebdo/feed.xml", "/sitemap.xml"} {
		first := get(h, path)
		if got := first.Header.Get("Last-Modified"); got != p.now.Format(http.TimeFormat) {
			t.Errorf("%s: Last-Modified %q", path, got)
		}
		if got := first.Header.Get("Cache-Control"); got != "public, max-age=900" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		conditions := map[string]string{"If-None-Match": first.Header.Get("ETag"), "If-Modified-Since": first.Header.Get("Last-Modified")}
		for field, value := range conditions {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set(field, value)
			if answer := ask(h, r); answer.StatusCode != http.StatusNotModified || body(t, answer) != "" {
				t.Errorf("%s with %s %q: status %d, want 304", path, field, value, answer.StatusCode)
			}
		}
		p.appear("hebdo", i+2, nil)
		for field, value := range conditions {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set(field, value)
			if answer := ask(h, r); answer.StatusCode != http.StatusOK {
				t.Errorf("%s with an old %s: status %d, want 200", path, field, answer.StatusCode)
			}
		}
	}
}

func TestSitemapNamesWhatMayBeFound(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, nil)
	p.appear("hebdo", 2, nil)
	p.appear("ancienne", 1, nil)
	read := func(h http.Handler) (got [][2]string) {
		answer := get(h, "/sitemap.xml")
		if kind := answer.Header.Get("Content-Type"); kind != "application/xml; charset=utf-8" {
			t.Errorf("Content-Type %q", kind)
		}
		var m struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			Places  []struct {
				Loc     string `xml:"loc"`
				Lastmod string `xml:"lastmod"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal([]byte(body(t, answer)), &m); err != nil {
			t.Fatal(err)
		}
		for _, place := range m.Places {
			got = append(got, [2]string{strings.TrimPrefix(place.Loc, "https://lettre.pandia.example"), place.Lastmod})
		}
		return got
	}
	h := archive(t, p, nil)
	want := [][2]string{
		{"/inscription", ""}, {"/archives", "2026-11-25T01:30:00Z"}, {"/archives/ancienne", "2026-11-25T01:30:00Z"}, {"/archives/hebdo", "2026-11-25T00:30:00Z"},
		{"/archives/ancienne/1", "2026-11-25T01:30:00Z"}, {"/archives/hebdo/2", "2026-11-25T00:30:00Z"}, {"/archives/hebdo/1", "2026-11-24T23:30:00Z"},
	}
	if diff := cmp.Diff(want, read(h)); diff != "" {
		t.Errorf("sitemap (-want +got):\n%s", diff)
	}
	for _, place := range want[1:] {
		if answer := get(h, place[0]); answer.StatusCode != http.StatusOK || answer.Header.Get("X-Robots-Tag") != "" {
			t.Errorf("%s is in the sitemap: status %d, X-Robots-Tag %q", place[0], answer.StatusCode, answer.Header.Get("X-Robots-Tag"))
		}
	}
	if robots := body(t, get(h, "/robots.txt")); !strings.Contains(robots, "\nSitemap: https://lettre.pandia.example/sitemap.xml\n") || strings.Contains(robots, "Disallow: /archives") {
		t.Errorf("robots.txt is %q", robots)
	}
	empty := archive(t, newPast(t), nil)
	if diff := cmp.Diff([][2]string{{"/inscription", ""}}, read(empty)); diff != "" {
		t.Errorf("sitemap of no editions (-want +got):\n%s", diff)
	}
}

// crowded is an archive of more editions than a sitemap takes.
type crowded struct{ web.Archive }

func (crowded) ArchiveIndex(_ context.Context, most int) ([]newsletter.IndexLine, error) {
	lines := make([]newsletter.IndexLine, most)
	for i := range lines {
		lines[i].EditionRef = newsletter.EditionRef{Newsletter: "hebdo", Number: most - i}
	}
	return lines, nil
}

func TestSitemapIsNotTooLong(t *testing.T) {
	h := archive(t, newPast(t), func(o *web.Options) { o.Archive = crowded{} })
	if got := strings.Count(body(t, get(h, "/sitemap.xml")), "<loc>"); got != 50_000 {
		t.Errorf("%d addresses, want 50,000", got)
	}
}
