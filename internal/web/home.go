package web

import "net/http"

type homePage struct {
	shell
	Mailbox string // address of the mailbox, empty where there is none
}

func (s *site) home(w http.ResponseWriter, _ *http.Request) error {
	page := homePage{shell: s.shell(s.publication(""))}
	if s.Mailbox != nil {
		page.Mailbox = s.base + mailboxPath
	}
	return s.show(w, http.StatusOK, "home", page.Lang, page)
}

// robots keeps search engines off the pages that are one reader's own (RFC 9309).
func (s *site) robots(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, http.StatusOK, "User-agent: *\nDisallow: "+s.base+"/u/\nDisallow: "+s.base+mailboxPath+"\n")
}
