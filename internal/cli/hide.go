package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

func (s *shell) articleHide() *cobra.Command {
	var undo bool
	cmd := &cobra.Command{
		Use: "hide ARTICLE…", Short: "Keep articles out of every later edition",
		Long: `Keep articles out of every later edition of all newsletters, or let them in again with --undo. What was sent stays
as it was sent. facteur article exclude keeps one out of one newsletter.

Where another article of the same story goes out in the place of one that is
hidden, it says so, and how to hide that, too.`,
		Example: "  facteur article hide 12\n  facteur article hide --undo 12",
		Args:    takes("ARTICLE…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				found, err := findArticles(cmd.Context(), a, args)
				if err != nil {
					return err
				}
				return s.hide(cmd.Context(), a, found, undo)
			})
		},
	}
	cmd.Flags().BoolVar(&undo, "undo", false, "let them in again")
	return cmd
}

// A hiddenView is what became of articles that were hidden, or are let in again.
type hiddenView struct {
	Undone   bool          `json:"undone"`
	Articles []articleView `json:"articles"`
	InPlace  []inPlaceView `json:"in_place,omitempty"` // what goes out now instead
}

// An inPlaceView is an article that goes out in a newsletter since another of its story is hidden.
type inPlaceView struct {
	Article    int64           `json:"article,omitempty"` // none for a row that waits in the inbox
	URL        string          `json:"url"`
	Title      string          `json:"title"`
	For        int64           `json:"for"` // the one that was hidden
	Newsletter string          `json:"newsletter"`
	Rule       newsletter.Rule `json:"rule"`
}

func (s *shell) hide(ctx context.Context, a *app.App, found []newsletter.Article, undo bool) error {
	v := hiddenView{Undone: undo}
	var behind map[string]map[string]int64
	var err error
	if !undo {
		if behind, err = standBehind(ctx, a, found); err != nil {
			return err
		}
	}
	for _, one := range found {
		one.Hidden, one.Body, one.Summary = !undo, "", ""
		if err := a.Store.HideArticle(ctx, one.ID, one.Hidden, s.Now()); err != nil {
			return err
		}
		v.Articles = append(v.Articles, viewArticle(one, a.Newsletters[0].Zone))
	}
	if v.InPlace, err = viewInPlace(ctx, a, behind); err != nil {
		return err
	}
	return s.show(v, func(p *page) { p.hidden(v) })
}

// standBehind finds what is out in each newsletter because one of some articles stands for it: by its address, that one.
func standBehind(ctx context.Context, a *app.App, some []newsletter.Article) (map[string]map[string]int64, error) {
	ids := make(map[int64]bool)
	for _, one := range some {
		ids[one.ID] = true
	}
	behind := make(map[string]map[string]int64)
	for _, n := range a.Newsletters {
		now, err := a.Desk.Why(ctx, n, "")
		if err != nil {
			return nil, err
		}
		for _, v := range now.Verdicts {
			if v.Rule != newsletter.RuleDuplicate || !ids[v.Original] || ids[v.Article] {
				continue
			}
			if behind[n.Name] == nil {
				behind[n.Name] = make(map[string]int64)
			}
			behind[n.Name][v.URL] = v.Original
		}
	}
	return behind, nil
}

// viewInPlace finds of what stood behind other articles what goes out by now, or will.
func viewInPlace(ctx context.Context, a *app.App, behind map[string]map[string]int64) (views []inPlaceView, err error) {
	for _, n := range a.Newsletters {
		if behind[n.Name] == nil {
			continue
		}
		now, err := a.Desk.Why(ctx, n, "")
		if err != nil {
			return nil, err
		}
		for _, v := range now.Verdicts {
			if of := behind[n.Name][v.URL]; of != 0 && (v.Rule.Offered() || v.Rule == newsletter.RuleFuture) {
				views = append(views, inPlaceView{max(0, v.Article), v.URL, v.Title, of, n.Name, v.Rule})
			}
		}
	}
	return views, nil
}

func (p *page) hidden(v hiddenView) {
	for _, one := range v.Articles {
		if v.Undone {
			p.say("Article %d may go out again by the usual rules: %s", one.ID, clip(one.Title, titleWidth))
		} else {
			p.say("Hidden: no later edition takes article %d, %s", one.ID, clip(one.Title, titleWidth))
		}
	}
	told := make(map[string]bool)
	for _, one := range v.InPlace {
		if told[one.URL] {
			continue
		}
		told[one.URL] = true
		var where []string
		for _, same := range v.InPlace {
			if same.URL == one.URL {
				where = append(where, fmt.Sprintf("%s (%s)", same.Newsletter, same.Rule))
			}
		}
		name := cmp.Or(number(one.Article), one.URL)
		p.gap()
		p.tell("The same story goes out as article %s in place of %d, in %s: %s", name, one.For, strings.Join(where, ", "), clip(one.Title, titleWidth))
		p.tell("To hide that, too: facteur article hide %s", name)
	}
}
