package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// A catalogueView is the back catalogue of a newsletter that an article is of.
type catalogueView struct {
	Newsletter   string          `json:"newsletter"`
	FirstHorizon config.Duration `json:"first_horizon"`
	Asked        time.Time       `json:"asked,omitzero"`    // when its source was first asked; none: the article came before the first edition
	Undated      bool            `json:"undated,omitempty"` // it came without a date, and has none since
	Pin          string          `json:"pin"`               // the command that brings it nevertheless
}

func viewCatalogues(ctx context.Context, a *app.App, article newsletter.Article) (views []catalogueView, err error) {
	all, err := a.Desk.BackCatalogues(ctx, article, a.Newsletters...)
	for _, one := range all {
		n := one.Newsletter
		views = append(views, catalogueView{
			Newsletter: n.Name, FirstHorizon: config.Duration(n.FirstHorizon), Asked: one.Asked.In(n.Zone), Undated: one.Undated, Pin: n.Command(fmt.Sprint("article pin ", article.ID)),
		})
	}
	return views, err
}

// catalogues tells of which back catalogues an article is, and whether it stays home for that.
func (p *page) catalogues(views []catalogueView, stands []standView, zone *time.Location) {
	for _, v := range views {
		when := "it came, before the first edition"
		if !v.Asked.IsZero() {
			when = "its source was first asked, " + stamp(v.Asked, zone)
		}
		why := fmt.Sprintf("it was older than first_horizon (%s) when %s", v.FirstHorizon, when)
		if v.Undated {
			why = fmt.Sprintf("it came without a date with the first collection of its source, which was first asked %s, so that nobody knows whether it is news", stamp(v.Asked, zone))
		}
		p.gap()
		p.tell("Of the back catalogue of %s: %s.", v.Newsletter, why)
		if slices.ContainsFunc(stands, func(one standView) bool {
			return one.Newsletter == v.Newsletter && one.Stance.In() && !one.Vain && one.For == 0
		}) {
			p.tell("It comes nevertheless, since it is pinned.")
		} else {
			p.tell("It stays home, unless it is pinned: %s", v.Pin)
		}
	}
}
