package web

import (
	"net/http"
	"strconv"

	"facteur/internal/newsletter"
)

const (
	editionsOfEach = 5  // latest editions of a newsletter, where the archive shows several
	editionsOfPage = 50 // editions on a page of one newsletter's
)

// archivePage lists editions: the latest of each newsletter, or those of one.
type archivePage struct {
	shell
	Canonical    string // address that the page is known by
	Feed, SignUp string
	Archive      string // address of the whole archive, where this is a part of it
	Of           string // title of the one newsletter
	Groups       []group
	Newer, Older string // addresses of the pages before and after this one
}

// A group is a newsletter with editions of it.
type group struct {
	Title, Href string
	Editions    []listedEdition
}

// overview shows the latest editions of each newsletter, or all of the only one.
func (s *site) overview(w http.ResponseWriter, r *http.Request) error {
	heads, err := s.Archive.ArchiveHeads(r.Context(), editionsOfEach)
	if err != nil {
		return err
	}
	if only, ok := s.onlyOne(heads); ok {
		return s.list(w, r, only)
	}
	w.Header().Set("Vary", "Accept-Language")
	page := s.newArchivePage(s.forBrowser(r), archivePath)
	page.Feed = archivePath + "/" + feedFile
	for _, e := range heads {
		n := s.archived(e)
		if href := ArchivePath(newsletter.EditionRef{Newsletter: n.Name}); len(page.Groups) == 0 || page.Groups[len(page.Groups)-1].Href != href {
			page.Groups = append(page.Groups, group{Title: n.Title, Href: href})
		}
		last := &page.Groups[len(page.Groups)-1]
		last.Editions = append(last.Editions, newListedEdition(e, page.Lang))
	}
	return s.showArchive(w, page)
}

// onlyOne finds the newsletter that is the only one, in the settings and in the archive.
func (s *site) onlyOne(heads []newsletter.Edition) (newsletter.Newsletter, bool) {
	only := s.Newsletters[0]
	for _, e := range heads {
		if e.Newsletter != only.Name {
			return only, false
		}
	}
	return only, len(s.Newsletters) == 1
}

// editions shows the editions of one newsletter. One that neither the settings nor the archive know has no page.
func (s *site) editions(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("newsletter")
	n, ok := s.publications[name]
	if !ok {
		latest, err := s.Archive.ArchivePage(r.Context(), name, 0, 1)
		if err != nil {
			return err
		}
		if len(latest) == 0 {
			return errNoEdition
		}
		n = s.archived(latest[0])
	}
	return s.list(w, r, n)
}

// list shows a page of a newsletter's editions: those below the number that the address names. So a page stays what it
// is when new editions appear.
func (s *site) list(w http.ResponseWriter, r *http.Request, n newsletter.Newsletter) error {
	before, query := 0, ""
	if written := r.URL.Query().Get("avant"); written != "" {
		var err error
		if before, err = number(written); err != nil {
			return err
		}
		query = "?avant=" + written
	}
	found, err := s.Archive.ArchivePage(r.Context(), n.Name, before, editionsOfPage+1)
	if err != nil {
		return err
	}
	if before != 0 && len(found) == 0 {
		return errNoEdition
	}
	here := ArchivePath(newsletter.EditionRef{Newsletter: n.Name})
	page := s.newArchivePage(n, here+query)
	page.Of, page.Feed = n.Title, here+"/"+feedFile
	if len(s.Newsletters) > 1 {
		page.Archive = archivePath
	}
	if before != 0 {
		page.Newer = here
	}
	if len(found) > editionsOfPage {
		found = found[:editionsOfPage]
		page.Older = here + "?avant=" + strconv.Itoa(found[editionsOfPage-1].Number)
	}
	only := group{Title: n.Title}
	for _, e := range found {
		only.Editions = append(only.Editions, newListedEdition(e, page.Lang))
	}
	if len(found) > 0 {
		page.Groups = []group{only}
	}
	return s.showArchive(w, page)
}

func (s *site) newArchivePage(n newsletter.Newsletter, here string) archivePage {
	return archivePage{shell: s.shell(n), Canonical: s.address + here, SignUp: signUpPath}
}

func (s *site) showArchive(w http.ResponseWriter, page archivePage) error {
	w.Header().Set("Cache-Control", "no-cache") // as for the first page
	return s.show(w, http.StatusOK, "archive", page.Lang, page)
}
