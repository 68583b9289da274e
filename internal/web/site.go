package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/subscription"
)

// Subscriptions is what the pages ask of the story of subscriptions.
type Subscriptions interface {
	Look(ctx context.Context, token string) (subscription.Standing, error)
	Leave(ctx context.Context, token, origin string) (subscription.Standing, error)
	SignUps
	Wishes
}

// A Check is something without which the program is not ready, such as the database.
type Check struct {
	Name string
	Run  func(context.Context) (state string, err error) // state is one line that anybody may read
}

// Options are what the pages are made from.
type Options struct {
	URL            string                  // where readers reach the pages, which stand at the top of a host; https turns HSTS on
	Newsletters    []newsletter.Newsletter // at least one; the first speaks where no newsletter is meant
	Subscriptions  Subscriptions
	Origins        []string       // whose pages may send our form by a script, such as "https://pandia.example"
	TrustedProxies []netip.Prefix // whose word counts for where a request comes from
	Checks         []Check
	Archive        Archive        // nil: no archive
	Pictures       Pictures       // nil: no pictures
	Mailbox        *Mailbox       // nil everywhere but in the demonstration
	Example        Articles       // nil everywhere but in the demonstration
	Files          fs.FS          // the files of package templates
	Accents        render.Accents // the zero value leaves the files' own
	Log            *slog.Logger
	Now            func() time.Time // nil: the clock of the machine
}

type site struct {
	Options
	address      string    // where readers reach the pages, without a final slash
	opened       time.Time // when these pages began to be served
	secure       bool
	publications map[string]newsletter.Newsletter
	pages        map[string]*pages // by language
	tongues      []string          // the languages, the first newsletter's first
	languages    language.Matcher  // of tongues
	offers       map[string]offer  // by language
	wordings     map[string]offer  // by the version of their text
	receipts     map[receiptOf][]byte
	assets       assets
	stranger     sync.Once // warns of a proxy that is not known
}

// New builds the pages, every template and string checked to be there, and returns what serves them.
func New(o Options) (http.Handler, error) {
	if len(o.Newsletters) == 0 {
		return nil, errors.New("pages without a newsletter: define one")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	address, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("public address of the pages: %w", err)
	}
	s := &site{
		Options:      o,
		address:      strings.TrimSuffix(o.URL, "/"),
		opened:       o.Now(),
		secure:       address.Scheme == "https",
		publications: map[string]newsletter.Newsletter{},
		pages:        map[string]*pages{},
		offers:       map[string]offer{},
		wordings:     map[string]offer{},
	}
	if s.assets, err = loadAssets(o.Files, o.Accents); err != nil {
		return nil, err
	}
	for _, n := range o.Newsletters {
		s.publications[n.Name] = n
		if s.pages[n.Language] != nil {
			continue
		}
		if err := s.speak(n.Language); err != nil {
			return nil, err
		}
	}
	if s.languages, err = matcher(s.tongues); err != nil {
		return nil, err
	}
	if err := s.makeReceipts(); err != nil {
		return nil, err
	}
	return s.logged(s.guarded(s.routes())), nil
}

// speak loads everything that there is in a language.
func (s *site) speak(lang string) (err error) {
	if s.pages[lang], err = loadPages(s.Files, lang); err != nil {
		return err
	}
	o, err := newOffer(s.Newsletters, s.pages[lang].strings)
	if err != nil {
		return err
	}
	s.tongues = append(s.tongues, lang)
	s.offers[lang], s.wordings[o.Wording.Version] = o, o
	return nil
}

func matcher(tongues []string) (language.Matcher, error) {
	var tags []language.Tag
	for _, lang := range tongues {
		tag, err := language.Parse(lang)
		if err != nil {
			return nil, fmt.Errorf("language %q of the pages: %w", lang, err)
		}
		tags = append(tags, tag)
	}
	return language.NewMatcher(tags), nil
}

// publication finds a newsletter by name; where none is meant, or it is no longer published, the first speaks.
func (s *site) publication(name string) newsletter.Newsletter {
	if n, ok := s.publications[name]; ok {
		return n
	}
	return s.Newsletters[0]
}

// NewServer wraps the pages into a server that no slow or silent client can hold.
func NewServer(h http.Handler, l *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(listenerLog{l}, "", 0),
	}
}
