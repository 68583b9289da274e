package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/collect"
	"facteur/internal/extract"
	"facteur/internal/newsletter"
)

// A Page is the page of one article on the web.
type Page struct {
	Address string
	Zone    *time.Location // in which a date without a zone is read; nil is UTC
	Web     Web
	Now     func() time.Time
}

const acceptPages = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

// Read asks for the page and takes its article, whose section is as the site calls it. A page that names one of another site for the original
// is not believed, but that one is read in its place: what is kept under an address has come from there. An error is a collect.Trouble,
// unless it is that of ctx.
func (p Page) Read(ctx context.Context) (newsletter.Article, error) {
	a, at, err := p.read(ctx)
	if err != nil || extract.SameSite(a.URL, at) {
		return a, err
	}
	original := p
	original.Address = a.URL
	a, at, err = original.read(ctx)
	trouble, told := errors.AsType[collect.Trouble](err)
	switch {
	case told:
		return a, collect.Trouble{What: fmt.Sprintf("the page %s names another site for its original: %s", p.Address, trouble.What), Do: trouble.Do}
	case err == nil && !extract.SameSite(a.URL, at):
		a.URL, err = newsletter.CanonicalURL(at)
	}
	return a, err
}

// read takes the article, and says where its page stood after redirects.
func (p Page) read(ctx context.Context) (newsletter.Article, string, error) {
	reply, err := p.Web(ctx, Question{Address: p.Address, Accept: acceptPages, Most: extract.MaxPage})
	switch {
	case ctx.Err() != nil:
		return newsletter.Article{}, "", ctx.Err()
	case err != nil:
		what, do := apart(err, "open its address in a browser; where it is there, its site keeps programs out: "+extract.ByHand)
		return newsletter.Article{}, "", collect.Trouble{What: fmt.Sprintf("the page %s was not fetched: %s", p.Address, what), Do: do}
	}
	at := cmp.Or(reply.Address, p.Address)
	a, err := extract.Page(p.Address, at, reply.Body, reply.Type, p.Zone, p.Now())
	if closed, ok := errors.AsType[extract.Wall](err); ok {
		return a, at, collect.Trouble{What: fmt.Sprintf("the page %s was not taken: %s", p.Address, closed.Seen), Do: closed.Do}
	}
	return a, at, err
}
