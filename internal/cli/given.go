package cli

import (
	"context"
	"fmt"
	"strings"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

// A givenView is how many articles of an edition that gave them back have one fate by now.
type givenView struct {
	Rule      newsletter.Rule `json:"rule,omitempty"`       // empty: the newsletter has no section for them
	CarriedBy string          `json:"carried_by,omitempty"` // the edition that brought them
	Articles  int             `json:"articles"`
}

func (g givenView) String() string {
	switch {
	case g.Rule == "":
		return fmt.Sprintf("%d of no section", g.Articles)
	case g.CarriedBy != "":
		return fmt.Sprintf("%d %s %s", g.Articles, g.Rule, g.CarriedBy)
	}
	return fmt.Sprintf("%d %s", g.Articles, g.Rule)
}

// viewGiven judges, as of now, the articles of an edition that gave them back. There are none of any other, nor of a newsletter that is no longer in the settings.
func viewGiven(ctx context.Context, a *app.App, e newsletter.Edition) ([]givenView, error) {
	n, err := a.Newsletter(e.Newsletter)
	if err != nil || !e.Unsent {
		return nil, nil //nolint:nilerr // nobody would bring them
	}
	var ids []int64
	for _, s := range e.Content.Stories() {
		ids = append(ids, s.Article)
	}
	verdicts, err := a.Desk.VerdictsOn(ctx, n, ids)
	if err != nil {
		return nil, err
	}
	counted, left := map[givenView]int{}, len(ids)
	var order []givenView
	for _, v := range viewVerdicts(n, verdicts) {
		g := givenView{Rule: v.Rule, CarriedBy: v.CarriedBy}
		if counted[g]++; counted[g] == 1 {
			order = append(order, g)
		}
		left--
	}
	for i, g := range order {
		order[i].Articles = counted[g]
	}
	if left > 0 {
		order = append(order, givenView{Articles: left})
	}
	return order, nil
}

// given says what became of the articles of a cancelled edition.
func (v editionView) given() string {
	if !v.Unsent {
		return "Its articles count as carried, since some of its readers have them, or may."
	}
	again, all := 0, 0
	var out []string
	for _, g := range v.Given {
		if all += g.Articles; g.Rule.Offered() {
			again += g.Articles
		} else {
			out = append(out, g.String())
		}
	}
	switch {
	case all == 0:
		return "It brought no article, since no letter of it can have arrived."
	case out == nil:
		return "Its articles are offered again, since no letter of it can have arrived."
	}
	return fmt.Sprintf("No letter of it can have arrived. Offered again: %d of %s. Out: %s.", again, articles(all), strings.Join(out, ", "))
}
