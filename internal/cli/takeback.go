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

// notDecided tells of a decision that cannot be taken back, since it was not made, and of what may have been meant.
func notDecided(ctx context.Context, a *app.App, n newsletter.Newsletter, stance newsletter.Stance, ids []int64, cause error) error {
	told := &answer{
		code: NotFound, what: strings.TrimSuffix(cause.Error(), ": "+newsletter.ErrNotFound.Error()),
		do: "nothing was changed; facteur article show tells what was decided of an article by hand", cause: cause,
	}
	for _, id := range ids {
		stands, err := standsOf(ctx, a, n, id)
		if err != nil {
			return err
		}
		others, leads, under := saidOf(stands, stance, false), saidOf(stands, newsletter.StanceLead, false), saidOf(stands, newsletter.StancePinned, true)
		switch {
		case slices.Contains(others, id):
			continue
		case stance == newsletter.StancePinned && leads != nil && (others == nil || slices.Contains(leads, id)):
			told.do = fmt.Sprintf("nothing was changed; article %d is to lead, which pins it as well: %s", leads[0], undoing(n, newsletter.StanceLead, leads...))
			if under != nil {
				told.do += ", then " + undoing(n, stance, under...)
			}
		case len(others) == 1:
			told.do = fmt.Sprintf("nothing was changed; of the same story, article %d is: name that", others[0])
		case others != nil:
			told.do = fmt.Sprintf("nothing was changed; of the same story, articles %s are: name those", listed(others, ", "))
		}
	}
	return told
}

// standsOf are what editors decided in a newsletter of the articles that are one story with another, that one among them, in that order.
func standsOf(ctx context.Context, a *app.App, n newsletter.Newsletter, article int64) ([]newsletter.Stand, error) {
	story, err := a.Store.Story(ctx, article)
	if err != nil {
		return nil, err
	}
	stands, err := a.Desk.Stands(ctx, n)
	return slices.DeleteFunc(stands, func(one newsletter.Stand) bool {
		return one.Newsletter != n.Name || !slices.ContainsFunc(story, func(m collect.Member) bool { return m.ID == one.Article })
	}), err
}

// saidOf are the articles of which a stance was taken, or of those that are to lead, lies under that.
func saidOf(stands []newsletter.Stand, stance newsletter.Stance, under bool) (articles []int64) {
	for _, one := range stands {
		if one.Stance == stance && one.Under == under {
			articles = append(articles, one.Article)
		}
	}
	slices.Sort(articles)
	return articles
}

// takingBack are the commands that take back what was decided last of the story of an article, and what counts then, as long as it is such.
func takingBack(ctx context.Context, a *app.App, n newsletter.Newsletter, article int64, such func(newsletter.Stand) bool) (commands []string, err error) {
	stands, err := standsOf(ctx, a, n, article)
	if err != nil {
		return nil, err
	}
	said := make(map[newsletter.Stance][]int64)
	for _, one := range slices.Backward(stands) {
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
		p.gap()
		p.tell("Article %d is %s and waits for its date, %s; until then no other of its story goes (%s).", v.Article, v.Stance.Said(), stamp(v.Until, zone), listed(v.Others, ", "))
		p.tell("To let one go before: %s", strings.Join(v.Undo, ", then "))
	}
}
