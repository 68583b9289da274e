package web

import (
	"net/http"
	"slices"
	"strings"
)

// kept are the paths that no crawler has any business with: each page behind them is one reader's own, of the moment or
// for programs.
func (s *site) kept() []string {
	paths := slices.Concat([]string{snippetPath, linkPath, "/api/"}, linkPaths())
	if s.Mailbox != nil {
		paths = append(paths, mailboxPath)
	}
	return paths
}

// robots keeps crawlers off the pages that are one reader's own (RFC 9309). Who obeys it never sees that those pages
// say noindex. Both stay: it spares the pages the visit, and the header is for who comes all the same.
func (s *site) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=3600") // seconds; crawlers keep it up to a day, RFC 9309 §2.4
	var text strings.Builder
	text.WriteString("User-agent: *\n")
	for _, path := range s.kept() {
		text.WriteString("Disallow: " + path + "\n")
	}
	if s.Archive != nil {
		text.WriteString("Sitemap: " + s.address + sitemapPath + "\n") // https://www.sitemaps.org/protocol.html#submit_robots
	}
	return plain(w, http.StatusOK, text.String())
}
