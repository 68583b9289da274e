package web

import (
	"encoding/xml"
	"net/http"
	"time"

	"facteur/internal/newsletter"
)

// maxSitemap is how many addresses a sitemap may hold (https://www.sitemaps.org/protocol.html).
const maxSitemap = 50_000

type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Places  []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Address  string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

// sitemap names the pages that may be found: that to sign up, the lists of the archive that hold something, and its latest
// editions, as many as a sitemap takes.
func (s *site) sitemap(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.Archive.ArchiveIndex(r.Context(), maxSitemap)
	if err != nil {
		return err
	}
	latest, names := map[string]time.Time{}, []string{} // of the newsletters that have editions
	for _, line := range lines {
		if _, known := latest[line.Newsletter]; !known {
			names, latest[line.Newsletter] = append(names, line.Newsletter), line.Approved
		}
	}
	m := sitemap{Places: []sitemapURL{{Address: s.address + signUpPath}}}
	var newest time.Time
	if len(lines) > 0 {
		newest = lines[0].Approved
	}
	if len(names) > 1 {
		m.add(s.address+archivePath, newest)
	}
	for _, name := range names {
		m.add(s.address+ArchivePath(newsletter.EditionRef{Newsletter: name}), latest[name])
	}
	for _, line := range lines[:min(len(lines), maxSitemap-len(m.Places))] {
		m.add(s.address+ArchivePath(line.EditionRef), line.Approved)
	}
	return answerXML(w, r, "application/xml; charset=utf-8", m, newest)
}

// add names one more page, with the time of its latest change where one is known.
func (m *sitemap) add(address string, modified time.Time) {
	place := sitemapURL{Address: address}
	if !modified.IsZero() {
		place.Modified = modified.UTC().Format(time.RFC3339)
	}
	m.Places = append(m.Places, place)
}
