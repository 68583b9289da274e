package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"facteur/internal/app"
	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// takingBack are the commands that take back what was decided last of the story of an article, and what counts then, as long as it is such.
func takingBack(ctx context.Context, a *app.App, n newsletter.Newsletter, article int64, such func(newsletter.Stand) bool) (commands []string, err error) {
	story, err := a.Store.Story(ctx, article)
	if err != nil {
		return nil, err
	}
	stands, err := a.Desk.Stands(ctx, n)
	if err != nil {
		return nil, err
	}
	said := make(map[newsletter.Stance][]int64)
	for _, one := range slices.Backward(stands) {
		if one.Newsletter != n.Name || !slices.ContainsFunc(story, func(m collect.Member) bool { return m.ID == one.Article }) {
			continue
		}
		if !such(one) {
			break
		}
		said[one.Stance] = append(said[one.Stance], one.Article)
	}
	for _, stance := range []newsletter.Stance{newsletter.StanceLead, newsletter.StancePinned, newsletter.StanceExcluded} {
		if ids := said[stance]; ids != nil {
			slices.Sort(ids)
			commands = append(commands, undoing(n, stance, ids...))
		}
	}
	return commands, nil
}

// undoing is the command that takes a stance back.
func undoing(n newsletter.Newsletter, stance newsletter.Stance, articles ...int64) string {
	words := "article pin --undo"
	switch stance {
	case newsletter.StanceLead:
		words = "article lead --undo"
	case newsletter.StanceExcluded:
		words = "article exclude --undo"
	}
	return n.Command(words + " " + listed(articles, " "))
}

// listed are articles in a line.
func listed(articles []int64, between string) string {
	ids := make([]string, len(articles))
	for i, id := range articles {
		ids[i] = fmt.Sprint(id)
	}
	return strings.Join(ids, between)
}

// A backView is an article that an editor wants in, that waits for its date, and for which others of its story are out.
type backView struct {
	Article int64             `json:"article"`
	Stance  newsletter.Stance `json:"stance"`
	Until   time.Time         `json:"until"`
	Others  []int64           `json:"others"`
	Undo    []string          `json:"undo"` // the commands that let one of them go before
}

func viewBack(ctx context.Context, a *app.App, n newsletter.Newsletter, verdicts []verdictView) (views []backView, err error) {
	others := make(map[int64][]int64)
	for _, v := range verdicts {
		if v.Original != 0 {
			others[v.Original] = append(others[v.Original], v.Article)
		}
	}
	for _, v := range verdicts {
		if !v.waitsByHand() || others[v.Article] == nil {
			continue
		}
		wait := backView{Article: v.Article, Stance: v.Stance, Until: v.dated(), Others: others[v.Article]}
		wait.Undo, err = takingBack(ctx, a, n, v.Article, func(one newsletter.Stand) bool {
			return one.For == v.Article || one.Stance == newsletter.StanceExcluded
		})
		if err != nil {
			return nil, err
		}
		views = append(views, wait)
	}
	return views, nil
}

// standBack says of articles that others of their story wait with them for their date, and how to have it otherwise.
func (p *page) standBack(views []backView, zone *time.Location) {
	for _, v := range views {
		p.say("\nArticle %d is %s and waits for its date, %s; until then no other of its story goes (%s).\nTo let one go before: %s",
			v.Article, v.Stance.Said(), stamp(v.Until, zone), listed(v.Others, ", "), strings.Join(v.Undo, ", then "))
	}
}
