package render

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// Terms are what the single letters promise, the same for all readers.
type Terms struct {
	WebURL   string        // base address of the public pages
	Link     time.Duration // how long the link of a confirmation works
	Pending  time.Duration // how long until a sign-up that nobody confirms is erased
	Reminder time.Duration // how long until the one reminder; 0: none
	Manage   time.Duration // how long a link to export, erasure or a change of address works
	Keep     time.Duration // how long people who were silent for years have to answer
}

const (
	singleHTML = "single.html.tmpl"
	singleText = "single.txt.tmpl"
)

// maxSubject is how many characters of a subject most mail programs show.
const maxSubject = 60

// singleView is what the templates of a single letter see.
type singleView struct {
	frameView
	Before []string // paragraphs before the button
	Button string
	URL    string // of the button
	After  []string
}

// Single gives the texts of a letter to one reader, in the language of the first newsletter. Nothing that a person
// typed into a form stands in it. Its strings are KIND_subject, KIND_short (the subject where titles are long),
// KIND_preheader, KIND_title, KIND_before, KIND_button and KIND_after; an empty line parts paragraphs.
func (r *Renderer) Single(kind newsletter.LetterKind, about []newsletter.Newsletter, t Terms) (Parts, error) {
	if len(about) == 0 {
		return Parts{}, fmt.Errorf("render the letter %q: %w", kind, errors.New("it is about no newsletter"))
	}
	view, err := r.singleView(kind, about, t)
	if err != nil {
		return Parts{}, fmt.Errorf("render the letter %q: %w", kind, err)
	}
	parts := Parts{Subject: view.Subject, Preheader: view.Preheader}
	if parts.HTML, err = execute(r.html, singleHTML, view); err != nil {
		return Parts{}, err
	}
	if parts.Text, err = execute(r.text, singleText, view); err != nil {
		return Parts{}, err
	}
	return parts, nil
}

func (r *Renderer) singleView(kind newsletter.LetterKind, about []newsletter.Newsletter, t Terms) (*singleView, error) {
	b, err := r.builder(about[0])
	if err != nil {
		return nil, err
	}
	data := map[string]any{
		"Names": b.list(b.names(about)), "Link": b.span(t.Link), "Manage": b.span(t.Manage), "Keep": b.span(t.Keep),
		"Pending": b.span(pending(kind, t)), "Reminder": t.Reminder > 0,
	}
	said := func(part string) string { return b.text(string(kind)+"_"+part, data) }
	view := &singleView{
		frameView: b.frame(about[0]), Before: paragraphs(said("before")), Button: said("button"), After: paragraphs(said("after")),
	}
	view.Subject, view.Preheader, view.Title = said("subject"), said("preheader"), said("title")
	if short := said("short"); utf8.RuneCountInString(view.Subject) > maxSubject {
		view.Subject = short
	}
	if kind == newsletter.LetterWelcome {
		view.Before = append(view.Before, b.appearances(about)...)
	}
	b.ways(view, kind, len(about) > 1, t.WebURL)
	return view, b.err
}

// pending is how long the address is kept at most when the letter arrives.
func pending(kind newsletter.LetterKind, t Terms) time.Duration {
	if kind == newsletter.LetterRemind && t.Reminder < t.Pending {
		return t.Pending - t.Reminder
	}
	return t.Pending
}

// ways gives a letter the links that its kind carries, each to where only its own token leads.
func (b *builder) ways(view *singleView, kind newsletter.LetterKind, several bool, webURL string) {
	leaves := false
	switch kind {
	case newsletter.LetterConfirm, newsletter.LetterRemind:
		view.URL = readersPage(webURL, token.Confirm)
		view.SiteURL = "" // a confirmation letter leads nowhere else
	case newsletter.LetterWelcome:
		view.URL, view.Preferences = onPages(webURL, "/archives"), readersPage(webURL, token.Preferences)
		leaves = true
	case newsletter.LetterAlready, newsletter.LetterKeep:
		view.URL = readersPage(webURL, token.Preferences)
		leaves = true
	case newsletter.LetterLink:
		view.URL = readersPage(webURL, token.Preferences)
	case newsletter.LetterManage:
		view.URL = readersPage(webURL, token.Manage)
	case newsletter.LetterMove:
		view.URL = readersPage(webURL, token.Move)
	default:
		b.fail(fmt.Errorf("there is no letter %q", kind))
	}
	if leaves {
		view.Leave, view.LeaveLabel = readersPage(webURL, token.Leave), b.text("leave", nil)
	}
	if leaves && several { // the link ends one subscription, and its page says which
		view.LeaveLabel = b.text("leave_one", nil)
	}
}

// names are the titles of newsletters as they stand in a sentence.
func (b *builder) names(about []newsletter.Newsletter) []string {
	names := make([]string, len(about))
	for i, n := range about {
		names[i] = b.text("name", map[string]any{"Title": nested(Line(n.Title, n.Language), b.lang)})
	}
	return names
}

// list joins words as a sentence does: A, B et C.
func (b *builder) list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], b.text("list_comma", nil)) + b.text("list_and", nil) + words[last]
}

// span is a length of time in the largest unit that tells it without a rest.
func (b *builder) span(d time.Duration) string {
	unit, id := time.Minute, "minutes"
	switch {
	case d%(24*time.Hour) == 0:
		unit, id = 24*time.Hour, "days"
	case d%time.Hour == 0:
		unit, id = time.Hour, "hours"
	}
	return b.plural(id, int(d/unit))
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// paragraphs are what empty lines part.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.Join(strings.FieldsFunc(p, isLineEnd), " "); p != "" {
			all = append(all, p)
		}
	}
	return all
}
