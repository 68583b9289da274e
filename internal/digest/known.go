package digest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// Known is what is known of an edition beside its letter: an earlier one with the same subject, what the latest look at the pages and
// the picture of its stories met, and what Review did. Nobody is asked.
func (d *Desk) Known(ctx context.Context, name string, c newsletter.Content, met map[string]preflight.Failure) (preflight.Letter, error) {
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
	if l.Links == nil {
		l.Links = map[string]preflight.Failure{}
	}
	maps.Copy(l.Links, met)
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

// others are the addresses beside those of stories that the word and the advertisement lead to, each once. Mailboxes are no pages.
func (d *Desk) others(c newsletter.Content) (all []string) {
	var texts []string
	if c.Word != nil {
		texts = append(texts, c.Word.Text)
	}
	if c.Sponsor != nil {
		texts = append(texts, c.Sponsor.Text)
	}
	for _, text := range texts {
		for _, address := range d.Summariser.Links(text) {
			if strings.HasPrefix(address, "http") && !slices.Contains(all, address) && !slices.Contains(addresses(c), address) {
				all = append(all, address)
			}
		}
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

// Review looks once more whether the pages of stories are there, since somebody is about to read what is said of them. What the word and
// the advertisement lead to is looked for as well; of that nothing is recorded, so it returns which is not there.
func (d *Desk) Review(ctx context.Context, c newsletter.Content) (met map[string]preflight.Failure, err error) {
	if d.Reviewer == nil {
		return nil, nil
	}
	if err := d.Reviewer.Review(ctx, addresses(c)); err != nil {
		return nil, err
	}
	others := d.others(c)
	if len(others) == 0 {
		return nil, nil
	}
	return d.Reviewer.Ask(ctx, others)
}
