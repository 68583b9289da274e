package app

import (
	"context"
	"errors"
	"path"
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// Samples about which more is to tell: dossier is dated after the next edition, about the others an editor decides by hand. amp is how a site gives one
// of its articles a second address.
const (
	dossier  = "ia-en-classe"
	wanted   = "mots-de-passe"
	unwanted = "ce-qui-manque"
	draft    = "essai-de-mise-en-page"
	amp      = "/amp"
)

// goOn has the story go on, so that there is a next edition to look at, in which each verdict has its article: a sister brings some, and more arrive.
// Done before, it does nothing.
func (a *App) goOn(ctx context.Context, n newsletter.Newsletter, report *DemoReport) error {
	later, err := a.samplesAt(a.Config.Site.URL, laterSamples)
	if err != nil {
		return err
	}
	if _, err := a.Store.ArticleByURL(ctx, later[0].URL); !errors.Is(err, newsletter.ErrNotFound) {
		return err
	}
	if report.Sister, err = a.sisterEdition(ctx, n, report.Readers[1]); err != nil {
		return err
	}
	if err := a.drainInto(ctx, report); err != nil {
		return err
	}
	later = a.following(later, report.Articles)
	if err := a.offer(ctx, later); err != nil {
		return err
	}
	if _, err := a.gathering().Collect(ctx); err != nil {
		return err
	}
	report.Later = len(later) - 1 // one of them is there and changes
	return a.edit(ctx, n, later)
}

// sisterEdition is the first of a newsletter that shares readers with this one, published to one of them.
func (a *App) sisterEdition(ctx context.Context, n newsletter.Newsletter, reader string) (newsletter.Edition, error) {
	i := slices.IndexFunc(a.Newsletters, func(other newsletter.Newsletter) bool { return slices.Contains(n.Sisters, other.Name) })
	if i < 0 {
		return newsletter.Edition{}, nil
	}
	sister := a.Newsletters[i]
	first, err := a.Store.Edition(ctx, newsletter.EditionRef{Newsletter: sister.Name, Number: 1})
	if !errors.Is(err, newsletter.ErrNotFound) {
		return first, err
	}
	if _, err := a.Register.Add(ctx, sister, reader, "the demonstration"); err != nil {
		return newsletter.Edition{}, err
	}
	result, err := a.Desk.Publish(ctx, sister)
	return result.Edition, err
}

// following are articles as they arrive after others: new ones, an old one, one whose day is to come, one that goes on where it was before, and
// one of those before, under another address.
func (a *App) following(later, before []newsletter.Article) []newsletter.Article {
	for i, s := range later {
		if j := slices.IndexFunc(before, func(b newsletter.Article) bool { return b.URL == s.URL }); j >= 0 {
			later[i] = before[j]
			later[i].Body += "\n\n" + s.Body
		}
		if path.Base(s.URL) == dossier {
			later[i].Published = a.options.Now().AddDate(0, 0, 20)
		}
	}
	a.spread(later, 10*time.Minute)
	again := before[len(before)/2]
	again.URL += amp
	return append(later, again)
}

// edit decides by hand, as an editor would.
func (a *App) edit(ctx context.Context, n newsletter.Newsletter, samples []newsletter.Article) error {
	for _, s := range samples {
		stored, err := a.Store.ArticleByURL(ctx, s.URL)
		if errors.Is(err, newsletter.ErrNotFound) {
			continue // the settings have no such section
		}
		if err != nil {
			return err
		}
		switch path.Base(s.URL) {
		case wanted:
			_, err = a.Desk.Take(ctx, n, newsletter.StancePinned, []int64{stored.ID})
		case unwanted:
			_, err = a.Desk.Take(ctx, n, newsletter.StanceExcluded, []int64{stored.ID})
		case draft:
			err = a.Store.HideArticle(ctx, stored.ID, true, a.options.Now())
		}
		if err != nil {
			return err
		}
	}
	return nil
}
