package collect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// A Link is what is known of the address of an article.
type Link struct {
	URL     string
	Tries   int       // in this round
	Next    time.Time // when it is due; zero: it is not
	Checked time.Time // the latest check; zero: none yet
	Reason  string    // what that met; empty: a reader finds the page
}

// A LinkStore knows what the checks of articles' addresses met. Storing an article, or a change of it, makes its address due.
type LinkStore interface {
	// DueLink returns an address that is due at now: of those that were tried least the one that arrived last.
	// newsletter.ErrNotFound: none is.
	DueLink(ctx context.Context, now time.Time) (Link, error)

	// Links returns what is known of addresses, in any order. Those of no article are left out.
	Links(ctx context.Context, urls []string) ([]Link, error)

	// SettleLink records what a check met.
	SettleLink(ctx context.Context, l Link) error
}

// A Visitor finds out whether a page is there. An error is in words for people, but for that of the context.
type Visitor interface {
	Look(ctx context.Context, address string) error
}

// A LinkChecker looks whether the pages of articles are there: when an article arrives, and when an editor looks at a letter. Never
// when an edition leaves, which waits for no server of a stranger. Its methods may be called from any goroutine.
type LinkChecker struct {
	Store   LinkStore
	Visitor Visitor
	Now     func() time.Time
}

// Check looks at every address that is due, and hands to told what became of each. It ends with ctx, whose end is no fault of the
// address that it was at.
func (c *LinkChecker) Check(ctx context.Context, told func(Link)) error {
	for {
		due, err := c.Store.DueLink(ctx, c.Now())
		if err == nil {
			due, err = c.visit(ctx, due)
		}
		if errors.Is(err, newsletter.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("checking links: %w", err)
		}
		told(due)
	}
}

// fresh is how long a page that was found is not looked for again.
const fresh = time.Hour

// Review looks at addresses once more, but for those that were found a moment ago.
func (c *LinkChecker) Review(ctx context.Context, urls []string) error {
	known, err := c.Store.Links(ctx, urls)
	if err != nil {
		return fmt.Errorf("reading links: %w", err)
	}
	for _, l := range known {
		if !l.Checked.IsZero() && l.Reason == "" && c.Now().Sub(l.Checked) < fresh {
			continue
		}
		if _, err := c.visit(ctx, l); err != nil {
			return fmt.Errorf("checking links: %w", err)
		}
	}
	return nil
}

// Ask looks for pages that no article has, such as those that an editor's word leads to, and returns those that are not there. Nothing is
// recorded. Where ctx ends, it returns what it found until then.
func (c *LinkChecker) Ask(ctx context.Context, urls []string) (missing []Link, err error) {
	for _, url := range urls {
		err := c.Visitor.Look(ctx, url)
		if ctx.Err() != nil {
			return missing, ctx.Err()
		}
		if err != nil {
			missing = append(missing, Link{URL: url, Tries: 1, Checked: c.Now(), Reason: told(err)})
		}
	}
	return missing, nil
}

func (c *LinkChecker) visit(ctx context.Context, l Link) (Link, error) {
	err := c.Visitor.Look(ctx, l.URL)
	if ctx.Err() != nil {
		return l, ctx.Err()
	}
	l = l.after(err, c.Now())
	return l, c.Store.SettleLink(ctx, l)
}

// after says what becomes of an address by what a check met. One that fails is tried as often as a picture is.
func (l Link) after(err error, now time.Time) Link {
	l.Tries, l.Checked, l.Next, l.Reason = l.Tries+1, now, time.Time{}, ""
	if err == nil {
		return l
	}
	l.Reason = told(err)
	if l.Tries <= len(waits()) {
		l.Next = now.Add(waits()[l.Tries-1])
	}
	return l
}
