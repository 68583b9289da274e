package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"facteur/internal/outbox"
	"facteur/internal/web"
)

// Serving says what a running program is asked besides its settings.
type Serving struct {
	Mailbox bool             // show the captured letters and the example site, as only the demo may
	Ready   func(url string) // called once everything runs; may be nil
}

// Serve shows the pages, runs the schedule and sends, until ctx is done. Then no new work begins, letters on the wire
// are brought to their end and recorded, and it returns nil.
func (a *App) Serve(ctx context.Context, s Serving) (err error) {
	lock, err := a.Store.LockSender(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	sender, lookout, err := a.sender()
	if err != nil {
		return err
	}
	a.Register.Rules.SMTPUTF8 = lookout.takesUTF8
	for _, n := range a.Newsletters {
		if err := a.letters.try(n); err != nil {
			return located(a.Config.Templates.Dir, err)
		}
	}
	pages, err := a.pages(lookout, s.Mailbox)
	if err != nil {
		return located(a.Config.Templates.Dir, fmt.Errorf("templates of pages: %w", err))
	}
	if err := a.warn(ctx); err != nil {
		return err
	}
	listener, err := a.options.Listen("tcp", a.Config.Web.Listen)
	if err != nil {
		return fmt.Errorf("web.listen: %w", err)
	}
	return a.run(ctx, sender, web.NewServer(pages, a.options.Log), listener, s.Ready)
}

// run keeps all parts going together: when one fails, the others stop as politely as at the end of ctx.
func (a *App) run(ctx context.Context, sender *outbox.Sender, server *http.Server, listener net.Listener, ready func(string)) error {
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error { return a.tellFlaws(ctx) }) // beside: no letter and no page waits for it
	parts.Go(func() error {
		_, err := sender.Run(ctx)
		return err
	})
	parts.Go(func() error {
		a.jobs.Run(ctx)
		return nil
	})
	for _, family := range families(a.Newsletters) {
		parts.Go(func() error { return a.watchSlots(ctx, family) })
	}
	parts.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("pages: %w", err)
		}
		return nil
	})
	parts.Go(func() error {
		<-ctx.Done()
		return shutdown(server)
	})
	parts.Go(func() error { return a.watchdog(ctx) })
	a.options.Log.InfoContext(ctx, "serving", "url", a.Config.Web.URL, "listen", listener.Addr().String(), "data", a.Config.Data)
	if ready != nil {
		ready(a.Config.Web.URL)
	}
	return parts.Wait()
}

// shutdown lets requests that have begun come to their end.
func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}

func (a *App) pages(lookout lookout, mailbox bool) (http.Handler, error) {
	o := web.Options{
		URL: a.Config.Web.URL, Newsletters: a.Newsletters, Subscriptions: a.Register, Archive: a.Store, Pictures: a.gallery,
		Files: a.files, Accents: a.letters.renderer.Accents(), Log: a.options.Log,
		Now: a.options.Now, Origins: a.Config.Web.Origins, TrustedProxies: networks(a.Config.Web.TrustedProxies),
		Checks: []web.Check{
			{Name: "database", Run: func(ctx context.Context) (string, error) { return "answers", a.Store.Ping(ctx) }},
			{Name: "sender", Run: lookout.state},
		},
	}
	if mailbox {
		o.Mailbox, o.Example = &web.Mailbox{Dir: a.OutboxFolder()}, exampleSite{a.Store, a.options.Now}
	}
	return web.New(o)
}
