package web

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"facteur/internal/typography"
)

const mailboxPath = "/boite/"

// The views of a letter, as the last part of their addresses.
const (
	viewHTML   = ""
	viewText   = "texte"
	viewSource = "source"
	viewFrame  = "html" // the letter's own HTML, inside the first view
)

// letterPolicy also lets a page frame a letter.
const letterPolicy = policy + "; frame-src 'self'"

// framePolicy holds a letter: its inline styles and our pictures, no script, no form, and its links may open in place
// of the whole page.
const framePolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; img-src 'self'"

// capturedPolicy also lets a captured letter show the pictures it brings along.
const capturedPolicy = framePolicy + " data:"

type mailboxPage struct {
	shell
	Home    string
	Count   string
	Letters []item
}

// An item is a letter as the pages show it.
type item struct {
	Name              string
	Href, Source      string
	From, To, Subject string
	Initial           string // of whom it is for
	Stamp, When       string // of its date, for machines and for people
	Broken            bool
}

// mailboxLink is the address of the mailbox, empty where there is none.
func (s *site) mailboxLink() string {
	if s.Mailbox == nil {
		return ""
	}
	return mailboxPath
}

func (s *site) letters(w http.ResponseWriter, _ *http.Request) error {
	entries, total, err := s.Mailbox.newest()
	if err != nil {
		return err
	}
	page := mailboxPage{shell: s.shell(s.publication("")), Home: "/"}
	texts, count := s.pages[page.Lang].strings, "box_count"
	if total > len(entries) {
		count = "box_newest"
	}
	if page.Count, err = texts.Plural(count, len(entries)); err != nil {
		return err
	}
	for _, e := range entries {
		shown, err := s.item(e, page.Lang)
		if err != nil {
			return err
		}
		page.Letters = append(page.Letters, shown)
	}
	return s.show(w, http.StatusOK, "mailbox", page.Lang, page)
}

func (s *site) item(e entry, lang string) (item, error) {
	i := item{
		Name: e.name, Href: mailboxPath + e.name, Source: mailboxPath + e.name + "/" + viewSource,
		From: e.From, To: e.To, Subject: e.Subject, Initial: initial(e.To), Broken: e.err != nil,
	}
	texts := s.pages[lang].strings
	var err error
	if strings.TrimSpace(i.Subject) == "" {
		if i.Subject, err = texts.Text("no_subject", nil); err != nil {
			return item{}, err
		}
	}
	if !e.Date.IsZero() {
		i.Stamp = e.Date.Format(time.RFC3339)
		i.When, err = texts.Text("date_at", map[string]string{
			"Date": typography.Date(e.Date, lang), "Time": typography.Time(e.Date, lang),
		})
	}
	return i, err
}

// initial is the first letter of a name or an address.
func initial(to string) string {
	at := strings.IndexFunc(to, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if at < 0 {
		return "?"
	}
	r, _ := utf8.DecodeRuneInString(to[at:])
	return string(r)
}

type letterPage struct {
	shell
	Box    string
	Item   item
	Large  bool // too large to be shown
	Tabs   []tab
	Frame  string  // address of the letter's HTML
	Pieces []piece // of the letter's text
	Source string
}

// A tab leads to one view of a letter.
type tab struct {
	Href, Name string
	Current    bool
}

// A piece of a text is an address, or what stands between two of them.
type piece struct{ Text, URL string }

func (s *site) letter(w http.ResponseWriter, r *http.Request) error {
	e, raw, err := s.Mailbox.read(r.PathValue("name"))
	if err != nil {
		return err
	}
	page := letterPage{shell: s.shell(s.publication("")), Box: mailboxPath, Large: e.large}
	if page.Item, err = s.item(e, page.Lang); err != nil {
		return err
	}
	if e.large {
		return s.show(w, http.StatusOK, "letter", page.Lang, page)
	}
	view := r.PathValue("view")
	if view == viewHTML && e.HTML == "" {
		view = viewText
	}
	if e.err != nil {
		view = viewSource
	}
	switch view {
	case viewFrame:
		return frame(w, e.HTML)
	case viewHTML:
		page.Frame = page.Item.Href + "/" + viewFrame
	case viewText:
		page.Pieces = pieces(e.Text)
	case viewSource:
		page.Source = strings.ToValidUTF8(string(raw), "\ufffd")
	default:
		return errNowhere
	}
	w.Header().Set("Content-Security-Policy", letterPolicy)
	page.Wide = true
	if page.Tabs, err = s.tabs(page, e.captured, view); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "letter", page.Lang, page)
}

// tabs leads to the views that a letter has.
func (s *site) tabs(page letterPage, c captured, current string) ([]tab, error) {
	var all []tab
	for _, t := range []struct {
		view, name string
		there      bool
	}{
		{viewHTML, "tab_html", c.HTML != ""},
		{viewText, "tab_text", c.Text != ""},
		{viewSource, "tab_source", true},
	} {
		if !t.there {
			continue
		}
		name, err := s.pages[page.Lang].strings.Text(t.name, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, tab{Href: strings.TrimSuffix(page.Item.Href+"/"+t.view, "/"), Name: name, Current: t.view == current})
	}
	return all, nil
}

// frame answers with a letter's own HTML, held by the policy of the frame.
func frame(w http.ResponseWriter, letter string) error {
	if letter == "" {
		return errNowhere
	}
	h := w.Header()
	h.Set("Content-Security-Policy", capturedPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, onTop(letter)) // the client has gone: there is nobody to tell
	return nil
}

// onTop makes the links of a letter open in place of the page that frames it. Nothing else of it is touched.
func onTop(letter string) string {
	tokens := html.NewTokenizer(strings.NewReader(letter))
	for at := 0; ; {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return letter
		}
		at += len(tokens.Raw())
		if name, _ := tokens.TagName(); kind == html.StartTagToken && string(name) == "head" {
			return letter[:at] + `<base target="_top">` + letter[at:]
		}
	}
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// pieces finds the addresses in a text, so that they can be links.
func pieces(text string) []piece {
	var all []piece
	end := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		all = append(all, piece{Text: text[end:at[0]]}, piece{URL: text[at[0]:at[1]]})
		end = at[1]
	}
	return append(all, piece{Text: text[end:]})
}
