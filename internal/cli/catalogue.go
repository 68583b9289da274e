package cli

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// A catalogueView is the back catalogue of a newsletter that an article is of.
type catalogueView struct {
	Newsletter   string          `json:"newsletter"`
	FirstHorizon config.Duration `json:"first_horizon"`
	Asked        time.Time       `json:"asked,omitzero"` // when its source was first asked; none: the article came before the first edition
	Pin          string          `json:"pin"`            // the command that brings it nevertheless
}

func viewCatalogues(ctx context.Context, a *app.App, article newsletter.Article) (views []catalogueView, err error) {
	all, err := a.Desk.BackCatalogues(ctx, article, a.Newsletters...)
	for _, one := range all {
		n := one.Newsletter
		views = append(views, catalogueView{
			Newsletter: n.Name, FirstHorizon: config.Duration(n.FirstHorizon), Asked: one.Asked.In(n.Zone), Pin: n.Command(fmt.Sprint("article pin ", article.ID)),
		})
	}
	return views, err
}

func (p *page) catalogues(views []catalogueView, zone *time.Location) {
	for _, v := range views {
		when := "it came, before the first edition"
		if !v.Asked.IsZero() {
			when = "its source was first asked, " + stamp(v.Asked, zone)
		}
		p.gap()
		p.tell("Of the back catalogue of %s: it was older than first_horizon (%s) when %s.", v.Newsletter, v.FirstHorizon, when)
		p.tell("It stays home, unless it is pinned: %s", v.Pin)
	}
}
