package web

import (
	"net/http"
	"time"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
)

// The views of an edition, as the last part of their addresses.
const (
	viewEdition = ""       // the letter in its frame
	viewLetter  = "lettre" // the letter's own HTML, alone
	viewWithin  = "cadre"  // the same inside the first view
)

// editionPage is the live frame around an edition: its words may change, those of the letter never do.
type editionPage struct {
	shell
	Edition        listedEdition
	Canonical      string
	Description    string
	Published      string // for machines
	Picture        *card  // of the lead story; nil: it has none
	List, Feed     string // addresses
	SignUp         string
	Tabs           []tab
	Frame, Alone   string  // addresses of the letter's HTML
	Pieces         []piece // of the letter's text
	Previous, Next neighbour
}

// A card is the picture that other sites show beside a link.
type card struct {
	newsletter.Picture
	URL string
}

// A neighbour is the edition before or after one; the zero value is none.
type neighbour struct {
	Href   string
	Number int
}

func (s *site) edition(w http.ResponseWriter, r *http.Request) error {
	ref, err := listed(r)
	if err != nil {
		return err
	}
	switch view := r.PathValue("view"); view {
	case viewLetter, viewWithin:
		return s.alone(w, r, ref, view == viewWithin)
	case viewEdition, viewText:
		return s.framed(w, r, ref, view)
	}
	return errNowhere
}

// alone answers with the frozen letter, within its frame or without.
func (s *site) alone(w http.ResponseWriter, r *http.Request, ref newsletter.EditionRef, within bool) error {
	text, err := s.Archive.ArchiveText(r.Context(), ref)
	if err != nil {
		return inArchive(err)
	}
	content := letter.Public(text.HTML, s.address)
	if within {
		content = onTop(content)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", framePolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Link", "<"+s.address+ArchivePath(ref)+`>; rel="canonical"`) // RFC 6596: the letter is found by its page
	keep(w, r, time.Hour, time.Time{}, []byte(content))
	return nil
}

// framed shows the page around an edition, with the letter in a frame or as text.
func (s *site) framed(w http.ResponseWriter, r *http.Request, ref newsletter.EditionRef, view string) error {
	e, err := s.Archive.ArchiveEdition(r.Context(), ref)
	if err != nil {
		return inArchive(err)
	}
	page := s.newEditionPage(e)
	if view == viewText {
		text, err := s.Archive.ArchiveText(r.Context(), ref)
		if err != nil {
			return inArchive(err)
		}
		page.Pieces = pieces(letter.PublicText(text.Text, s.address))
	} else {
		page.Frame = page.Edition.Href + "/" + viewWithin
	}
	if page.Tabs, err = s.editionTabs(page, view); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache") // as for the first page
	w.Header().Set("Content-Security-Policy", letterPolicy)
	return s.show(w, http.StatusOK, "edition", page.Lang, page)
}

func (s *site) newEditionPage(e newsletter.Archived) editionPage {
	n := s.archived(e.Edition)
	list := ArchivePath(newsletter.EditionRef{Newsletter: n.Name})
	page := editionPage{
		shell: s.shell(n), Edition: newListedEdition(e.Edition, n.Language), Canonical: s.address + ArchivePath(e.Ref()),
		Description: description(e.Edition), Published: e.Approved.UTC().Format(time.RFC3339),
		List: list, Feed: list + "/" + feedFile, SignUp: signUpPath,
		Previous: newNeighbour(n.Name, e.Previous), Next: newNeighbour(n.Name, e.Next),
	}
	if lead := e.Content.Lead; lead != nil && lead.Picture != nil {
		page.Picture = &card{*lead.Picture, s.address + lead.Picture.Path()}
	}
	page.Wide = true
	page.Alone = page.Edition.Href + "/" + viewLetter
	return page
}

func newNeighbour(name string, number int) neighbour {
	if number == 0 {
		return neighbour{}
	}
	return neighbour{Href: ArchivePath(newsletter.EditionRef{Newsletter: name, Number: number}), Number: number}
}

// editionTabs leads to the two ways to read an edition within its page.
func (s *site) editionTabs(page editionPage, current string) ([]tab, error) {
	tabs := []tab{
		{Href: page.Edition.Href, Current: current == viewEdition},
		{Href: page.Edition.Href + "/" + viewText, Current: current == viewText},
	}
	var err error
	for i, name := range []string{"tab_html", "tab_text"} {
		if tabs[i].Name, err = s.pages[page.Lang].strings.Text(name, nil); err != nil {
			return nil, err
		}
	}
	return tabs, nil
}
