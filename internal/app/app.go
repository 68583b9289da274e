package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"facteur/internal/collect"
	"facteur/internal/config"
	"facteur/internal/digest"
	"facteur/internal/domains"
	"facteur/internal/fetch"
	"facteur/internal/newsletter"
	"facteur/internal/pictures"
	"facteur/internal/render"
	"facteur/internal/schedule"
	"facteur/internal/sqlite"
	"facteur/internal/subscription"
	"facteur/internal/token"
	"facteur/templates"
)

// Options are what a program is built with besides its settings. The zero value is the real world.
type Options struct {
	Create bool // make the database and the keys where they are missing; without it they must be there
	Log    *slog.Logger
	Now    func() time.Time

	// Listen, Dial, DialWeb and Resolver replace the network, for tests: that of the pages, the relay, the web of strangers and the DNS.
	Listen   func(network, address string) (net.Listener, error)
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	DialWeb  func(ctx context.Context, network, address string) (net.Conn, error)
	Resolver domains.Resolver

	// Patience is how long a write waits for the transaction of another program; 0 is five seconds.
	Patience time.Duration

	// Poll is how often commits of other programs are looked for; 0 is the twentieth of a second that keeps the
	// promise of a tenth, and a negative value is never, for tests in virtual time.
	Poll time.Duration
}

// An App is the program, built. Commands reach the stories through it.
type App struct {
	Config      *config.Config
	Newsletters []newsletter.Newsletter // in the order of their names; at least one
	Store       *sqlite.Store
	Collector   *collect.Collector
	Desk        *digest.Desk
	Register    *subscription.Register
	Pictures    *collect.Illustrator
	Gatherer    *collect.Gatherer
	Sources     []collect.Source     // in the order of their names
	Links       *collect.LinkChecker // nil: the settings want none

	options Options
	files   fs.FS
	letters letters
	keys    *token.Keyring
	visitor *fetch.Client
	gallery *pictures.Gallery
	times   map[string]schedule.Specification // of editions, by newsletter
	jobs    *schedule.Runner
}

// Open builds the program: it reads templates and keys and opens the database, and starts nothing.
func Open(ctx context.Context, cfg *config.Config, o Options) (*App, error) {
	o = o.orReal()
	a := &App{Config: cfg, options: o, Newsletters: newsletters(cfg)}
	var err error
	if a.times, err = editionTimes(cfg, a.Newsletters); err != nil {
		return nil, err
	}
	if a.files, err = templates.Open(cfg.Templates.Dir); err != nil {
		return nil, fmt.Errorf("templates folder: %w", err)
	}
	renderer, err := rendering(cfg, a.files)
	if err != nil {
		return nil, located(cfg.Templates.Dir, err)
	}
	database := filepath.Join(cfg.Data, databaseFile)
	if err := closed(database); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	if a.keys, err = keysBeside(database, o.Create); err != nil {
		return nil, err
	}
	recognise := func(addressKey string) []byte { return a.keys.Hash("address", []byte(addressKey))[:16] }
	if a.Store, err = sqlite.Open(ctx, database, sqlite.Options{Create: o.Create, Poll: max(o.Poll, 0), BusyTimeout: o.Patience, Hash: recognise}); err != nil {
		return nil, err
	}
	if err := a.assemble(ctx, renderer); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	return a, nil
}

func (o Options) orReal() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Listen == nil {
		o.Listen = net.Listen
	}
	if o.Poll == 0 {
		o.Poll = 50 * time.Millisecond
	}
	return o
}

func (a *App) assemble(ctx context.Context, renderer *render.Renderer) error {
	names := make([]string, len(a.Newsletters))
	for i, n := range a.Newsletters {
		names[i] = n.Name
	}
	if a.options.Create {
		if err := a.Store.EnsureNewsletters(ctx, names); err != nil {
			return fmt.Errorf("newsletters: %w", err)
		}
	}
	if err := a.rememberSisters(ctx); err != nil {
		return err
	}
	a.jobs = schedule.New(a.Newsletters[0].Zone, a.options.Log)
	a.letters = newLetters(renderer, a.Config)
	a.Collector = &collect.Collector{Store: a.Store, Newsletters: a.Newsletters, Zone: a.Newsletters[0].Zone, Now: a.options.Now}
	a.illustrate()
	a.gatherSources()
	if err := a.register(); err != nil {
		return err
	}
	a.Desk = &digest.Desk{
		Store: a.Store, Renderer: a.letters, Inspector: a.letters, Log: a.options.Log, Collector: illustrated{a.gathering(), a.fetchPictures},
		Summariser: reader{}, KeyID: func() uint16 { return uint16(a.keys.Newest()) },
		WebURL: a.Config.Web.URL, Operator: a.Config.Operator.Address, Now: a.options.Now, Turns: a.turns,
	}
	if a.Config.Collect.CheckLinks {
		a.Links = &collect.LinkChecker{Store: a.Store, Visitor: elsewhere{a.visitor, a.Config.Web.URL}, Now: a.options.Now}
		a.Desk.Reviewer = reviewing{a.Links}
	}
	return a.addJobs()
}

// Close closes the database.
func (a *App) Close() error { return a.Store.Close() }

// Newsletter finds a newsletter by name; the empty name means the only one there is.
func (a *App) Newsletter(name string) (newsletter.Newsletter, error) {
	if name == "" && len(a.Newsletters) == 1 {
		return a.Newsletters[0], nil
	}
	known := make([]string, 0, len(a.Newsletters))
	for _, n := range a.Newsletters {
		if n.Name == name {
			return n, nil
		}
		known = append(known, n.Name)
	}
	if name == "" {
		return newsletter.Newsletter{}, fmt.Errorf("there are several newsletters, %s: %w", strings.Join(known, ", "), newsletter.ErrAmbiguous)
	}
	return newsletter.Newsletter{}, fmt.Errorf("newsletter %q: %w: there is %s", name, newsletter.ErrNotFound, strings.Join(known, ", "))
}

// Ref reads an edition's name; a bare number is of the only newsletter there is.
func (a *App) Ref(text string) (newsletter.EditionRef, error) {
	ref, err := newsletter.ParseEditionRef(text)
	if err != nil {
		return ref, fmt.Errorf("%w: %w", newsletter.ErrInvalid, err)
	}
	n, err := a.Newsletter(ref.Newsletter)
	ref.Newsletter = n.Name
	return ref, err
}
