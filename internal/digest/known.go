package digest

import (
	"context"
	"errors"
	"fmt"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// Known is what the store knows of an edition beside its letter: an earlier one with the same subject, and what the latest look at
// the pages and the picture of its stories met. Nobody is asked.
func (d *Desk) Known(ctx context.Context, name string, c newsletter.Content) (preflight.Letter, error) {
	l := preflight.Letter{Content: c, Preheader: c.Preheader}
	var err error
	if l.Earlier, err = d.Store.EditionWithSubject(ctx, name, c.Subject, c.Number); err != nil {
		return l, fmt.Errorf("comparing the subject: %w", err)
	}
	titles := make(map[string]string)
	for _, s := range c.Stories() {
		titles[s.URL] = s.Title
	}
	if l.Links, err = d.Store.LinkFailures(ctx, addresses(c)); err != nil {
		return l, err
	}
	for url, f := range l.Links {
		f.Story = titles[url]
		l.Links[url] = f
	}
	l.Pictures, err = d.missing(ctx, c)
	return l, err
}

func addresses(c newsletter.Content) []string {
	var all []string
	for _, s := range c.Stories() {
		all = append(all, s.URL)
	}
	return all
}

// missing is the picture that the letter should show and does not: that of the lead, the only one it has room for.
func (d *Desk) missing(ctx context.Context, c newsletter.Content) (map[string]preflight.Failure, error) {
	if c.Lead == nil || c.Lead.Picture != nil || c.Lead.Article == 0 {
		return nil, nil
	}
	articles, err := d.Store.Articles(ctx, []int64{c.Lead.Article})
	if errors.Is(err, newsletter.ErrNotFound) || err == nil && articles[0].Picture == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	failed, err := d.Store.PictureFailures(ctx, []string{articles[0].Picture})
	for source, f := range failed {
		f.Story = c.Lead.Title
		failed[source] = f
	}
	return failed, err
}

// Review looks once more whether the pages of stories are there, since somebody is about to read what is said of them.
func (d *Desk) Review(ctx context.Context, c newsletter.Content) error {
	if d.Reviewer == nil {
		return nil
	}
	return d.Reviewer.Review(ctx, addresses(c))
}
