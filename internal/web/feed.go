package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/render"
)

const (
	feedFile    = "feed.xml"
	feedLength  = 30 // latest editions
	feedKept    = 15 * time.Minute
	sitemapPath = "/sitemap.xml"
)

// atomFeed is a feed of editions (RFC 4287).
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Updated  string      `xml:"updated"`
	Author   atomPerson  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
	modified time.Time
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Lang      string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Author    atomPerson `xml:"author"`
	Link      atomLink   `xml:"link"`
	Summary   string     `xml:"summary,omitempty"`
}

// feed answers with the latest editions of a newsletter, or of all.
func (s *site) feed(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("newsletter")
	editions, err := s.latest(r, name)
	if err != nil {
		return err
	}
	n := s.publication(name)
	switch _, known := s.publications[name]; {
	case name == "" && len(s.Newsletters) > 1:
		n.Title = cmp.Or(n.Sender.Site, n.Title)
	case name == "" || known:
	case len(editions) == 0:
		return errNoEdition
	default:
		n = s.archived(editions[0])
	}
	f := s.newFeed(n, ArchivePath(newsletter.EditionRef{Newsletter: name}), editions)
	if name == "" && len(s.tongues) > 1 {
		f.Lang = "" // caches keep one for readers of all languages; each entry says its own (RFC 4287 §2)
	}
	return answerXML(w, r, "application/atom+xml; charset=utf-8", f, f.modified)
}

// latest reads the editions of a feed, the latest first.
func (s *site) latest(r *http.Request, name string) ([]newsletter.Edition, error) {
	if name != "" {
		return s.Archive.ArchivePage(r.Context(), name, 0, feedLength)
	}
	all, err := s.Archive.ArchiveHeads(r.Context(), feedLength)
	slices.SortStableFunc(all, func(a, b newsletter.Edition) int { return b.Approved.Compare(a.Approved) })
	return all[:min(len(all), feedLength)], err
}

// newFeed makes a feed of the list at a path. It is known for ever by its own address (RFC 4287 §4.2.6), which is that
// of the letters' links and so as lasting as they are.
func (s *site) newFeed(n newsletter.Newsletter, path string, editions []newsletter.Edition) atomFeed {
	self := s.address + path + "/" + feedFile
	f := atomFeed{
		Lang: n.Language, ID: self, Title: render.Line(n.Title, n.Language), Author: author(n),
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: self},
			{Rel: "alternate", Type: "text/html", Href: s.address + path},
		},
	}
	if len(editions) == 0 {
		f.modified = s.opened // RFC 4287 §4.1.1 asks even an empty feed when it changed: it is there since
	}
	for _, e := range editions {
		f.Entries = append(f.Entries, s.entry(e))
		if e.Approved.After(f.modified) {
			f.modified = e.Approved
		}
	}
	f.Updated = f.modified.UTC().Format(time.RFC3339)
	return f
}

// entry tells of an edition by what was frozen with it; its id names the address that it had then, so that readers of
// feeds know it again when the pages have moved (RFC 4287 §4.2.6).
func (s *site) entry(e newsletter.Edition) atomEntry {
	path := ArchivePath(e.Ref())
	at := e.Approved.UTC().Format(time.RFC3339)
	return atomEntry{
		Lang: e.Letterhead.Language,
		ID:   cmp.Or(strings.TrimSuffix(e.Letterhead.WebURL, "/"), s.address) + path, Title: subject(e),
		Published: at, Updated: at, Author: author(e.Letterhead.Newsletter(e.Newsletter)),
		Link:    atomLink{Rel: "alternate", Type: "text/html", Href: s.address + path},
		Summary: summary(e),
	}
}

// summary is the lead's, and the titles behind it.
func summary(e newsletter.Edition) string {
	return strings.TrimSpace(description(e) + " " + strings.Join(titles(e, maxTitles), " · "))
}

// author is who publishes: RFC 4287 §4.2.1 asks for a name.
func author(n newsletter.Newsletter) atomPerson {
	line := func(text string) string { return render.Line(text, n.Language) }
	return atomPerson{Name: cmp.Or(line(n.Sender.Site), line(n.Sender.Publisher), line(n.Title), n.Name), URI: n.Sender.SiteURL}
}

// answerXML writes a document. What XML cannot hold, such as a control character, is replaced (XML 1.0 §2.2).
func answerXML(w http.ResponseWriter, r *http.Request, kind string, document any, modified time.Time) error {
	var out bytes.Buffer
	out.WriteString(xml.Header)
	if err := xml.NewEncoder(&out).Encode(document); err != nil {
		return fmt.Errorf("write %s: %w", r.Pattern, err)
	}
	w.Header().Set("Content-Type", kind)
	keep(w, r, feedKept, modified, out.Bytes())
	return nil
}

// keep answers with what caches may keep for a while, and with nothing but 304 who has it already (RFC 9110 §13).
func keep(w http.ResponseWriter, r *http.Request, life time.Duration, modified time.Time, content []byte) {
	hash := sha256.Sum256(content)
	w.Header().Set("ETag", `"`+hex.EncodeToString(hash[:16])+`"`)
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(life.Seconds())))
	http.ServeContent(w, r, "", modified, bytes.NewReader(content))
}
