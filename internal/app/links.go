package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"facteur/internal/collect"
	"facteur/internal/preflight"
)

const (
	// checkTurn bounds what checking links takes of each minute: jobs go one at a time.
	checkTurn = 20 * time.Second
	// reviewTurn is how long an editor waits for it. What was not reached keeps what its last check met.
	reviewTurn = 30 * time.Second
	// askTurn is the same for pages of which nothing is known.
	askTurn = 10 * time.Second
)

// checkLinks looks whether the pages of new articles are there, as many as there is time for; the others have their turn in the
// next minute.
func (a *App) checkLinks(ctx context.Context) error {
	if a.Links == nil {
		return nil
	}
	return within(ctx, checkTurn, func(ctx context.Context) error {
		return a.Links.Check(ctx, func(l collect.Link) {
			if l.Reason != "" {
				a.options.Log.WarnContext(ctx, "the page of an article is not there: facteur preflight shows which would leave so", "page", l.URL, "reason", l.Reason, "again", l.Next)
			}
		})
	})
}

// within does something for so long. The end of the time is no fault, that of ctx is.
func within(ctx context.Context, most time.Duration, do func(context.Context) error) error {
	bounded, stop := context.WithTimeout(ctx, most)
	defer stop()
	err := do(bounded)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return err
}

// elsewhere visits the pages of others. Our own are there as long as we serve, which an editor's command need not wait for.
type elsewhere struct {
	collect.Visitor
	own string // web.url
}

func (e elsewhere) Look(ctx context.Context, address string) error {
	if strings.HasPrefix(address, e.own+"/") {
		return nil
	}
	return e.Visitor.Look(ctx, address)
}

// reviewing looks at links for the desk, within an editor's patience.
type reviewing struct{ *collect.LinkChecker }

func (r reviewing) Review(ctx context.Context, urls []string) error {
	return within(ctx, reviewTurn, func(ctx context.Context) error { return r.LinkChecker.Review(ctx, urls) })
}

func (r reviewing) Ask(ctx context.Context, urls []string) (map[string]preflight.Failure, error) {
	missing := map[string]preflight.Failure{}
	err := within(ctx, askTurn, func(ctx context.Context) error {
		links, err := r.LinkChecker.Ask(ctx, urls)
		for _, l := range links {
			missing[l.URL] = preflight.Failure{Reason: l.Reason, At: l.Checked}
		}
		return err
	})
	return missing, err
}
