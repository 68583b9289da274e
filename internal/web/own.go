package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/text/language"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// Wishes is what the reader's own pages ask of the story of subscriptions. A link that works no more is
// [newsletter.ErrState], and whose it was is told where it is known; one that is not ours is [newsletter.ErrNotFound].
type Wishes interface {
	LookUndo(ctx context.Context, link string) error
	Undo(ctx context.Context, link string) (subscription.Return, error)
	PauseInstead(ctx context.Context, link string, until time.Time) (subscription.Return, error)
	SayWhy(ctx context.Context, link, reason string) error

	LookPreferences(ctx context.Context, link string) (subscription.Preferences, error)
	Stopped(ctx context.Context, link string) (subscription.Preferences, error)
	Prefer(ctx context.Context, link string, w subscription.Wish) (subscription.Preferences, error)
	SendLatest(ctx context.Context, link string) (subscription.Latest, error)
	AskManage(ctx context.Context, link string) (subscription.Owed, error)

	LookManage(ctx context.Context, link string) (newsletter.Subscriber, error)
	ExportBy(ctx context.Context, link string) ([]byte, error)
	EraseBy(ctx context.Context, link string) error
	MoveBy(ctx context.Context, link, text string, sure bool) (subscription.Answer, error)
	LookMove(ctx context.Context, link string) (subscription.Moving, error)
	Move(ctx context.Context, link, page string) (subscription.Preferences, error)
}

// The pages that a reader reaches by a link. Each is followed by its token.
const (
	confirmPath     = "/c/"
	leavePath       = "/u/"
	undoPath        = "/z/"
	preferencesPath = "/p/"
	managePath      = "/m/"
	movePath        = "/a/"
)

func linkPaths() []string {
	return []string{confirmPath, leavePath, undoPath, preferencesPath, managePath, movePath}
}

// pressedField is the field of every button of these pages. A POST without it does not count: it comes from no page.
const pressedField = "act"

// The values of pressedField.
const (
	actUndo   = "undo"
	actPause  = "pause"
	actReason = "reason"
	actSave   = "save"
	actKeep   = "keep"
	actLatest = "latest"
	actManage = "manage"
	actStop   = "stop"
	actExport = "export"
	actMove   = "move"
	actErase  = "erase"
)

// bodyFields are the fields of a POST that only presses a button. Whatever else is wrong with the body, those that were read
// count: a mail program that leaves for its reader writes it as it likes (RFC 8058 §3.2), and on a page what is missing is
// asked for once more.
func bodyFields(r *http.Request) url.Values {
	form, _ := fields(r)
	return form
}

type overPage struct {
	shell
	Head, Text      string // ids of strings
	AskLink, SignUp string // addresses
}

// over answers a link that works no more, and leads on. Any other error is returned as it is, and so is none.
func (s *site) over(w http.ResponseWriter, err error, letter newsletter.Newsletter, name string) error {
	if !errors.Is(err, newsletter.ErrState) {
		return err
	}
	page := overPage{
		shell: s.shell(letter), Head: name + "_head", Text: name + "_text", AskLink: linkPath, SignUp: signUpPath,
	}
	return s.show(w, http.StatusGone, "over", page.Lang, page)
}

// inLanguage finds the first newsletter in a language, or in the nearest, which speaks where only the reader is known.
func (s *site) inLanguage(lang string) newsletter.Newsletter {
	if wanted, err := language.Parse(lang); err == nil {
		_, best, _ := s.languages.Match(wanted)
		lang = s.tongues[best]
	}
	for _, n := range s.Newsletters {
		if n.Language == lang {
			return n
		}
	}
	return s.publication("")
}

// forBrowser finds the newsletter that speaks where nothing is known but what languages somebody's browser asks for.
func (s *site) forBrowser(r *http.Request) newsletter.Newsletter {
	return s.inLanguage(s.tongue(r, filling{}))
}

// named finds a newsletter by its name, or the one for the browser where there is none of that name.
func (s *site) named(r *http.Request, name string) newsletter.Newsletter {
	if n, known := s.publications[name]; known {
		return n
	}
	return s.forBrowser(r)
}

// text is a string of the pages in a language.
func (s *site) text(lang, id string, data any) (string, error) {
	return s.pages[lang].strings.Text(id, data)
}

// whose is the name under which a newsletter's publisher asks for consent.
func whose(letter newsletter.Newsletter) string {
	return cmp.Or(letter.Sender.Publisher, letter.Sender.Site, letter.Title)
}

// shownAddress is an address for people.
func shownAddress(text string) string {
	a, err := address.Parse(text)
	if err != nil {
		return text
	}
	return a.Display()
}
