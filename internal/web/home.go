package web

import "net/http"

type homePage struct {
	shell
	Mailbox string // address of the mailbox, empty where there is none
}

// home may be kept, but must be asked for again: it names a style sheet that the next version may not have.
func (s *site) home(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "no-cache") // RFC 9111 §5.2.2.4
	page := homePage{shell: s.shell(s.publication(""))}
	if s.Mailbox != nil {
		page.Mailbox = s.base + mailboxPath
	}
	return s.show(w, http.StatusOK, "home", page.Lang, page)
}

// robots keeps crawlers off the pages that are one reader's own (RFC 9309). Who obeys it never sees that those pages
// say noindex. Both stay: it spares the pages the visit, and the header is for who comes all the same.
func (s *site) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=3600") // seconds; crawlers keep it up to a day, RFC 9309 §2.4
	text := "User-agent: *\n"
	for _, path := range []string{"/u/", undoPath, preferencesPath, managePath, movePath, mailboxPath} {
		text += "Disallow: " + s.base + path + "\n"
	}
	return plain(w, http.StatusOK, text)
}
