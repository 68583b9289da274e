package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

type stanceView struct {
	Newsletter string            `json:"newsletter"`
	Stance     newsletter.Stance `json:"stance"`
	Undone     bool              `json:"undone"`
	Verdicts   []verdictView     `json:"verdicts"`                  // computed now
	Led        int64             `json:"no_longer_leads,omitempty"` // an article that was to lead
	Back       []backView        `json:"stand_back,omitempty"`
}

// A standView is a stance on an article, and of what is merged, on both for which it was said and counts.
type standView struct {
	Newsletter string            `json:"newsletter"`
	Stance     newsletter.Stance `json:"stance"`
	Since      time.Time         `json:"since"`
	For        int64             `json:"counts_for,omitempty"` // another article
	Of         int64             `json:"said_of,omitempty"`    // another article
	Vain       bool              `json:"in_vain,omitempty"`    // no article of its story can go
}

func (s *shell) articlePin() *cobra.Command {
	return s.byHand(newsletter.StancePinned, &cobra.Command{
		Use: "pin ARTICLE…", Short: "Have articles in the next edition of a newsletter",
		Long: `Have articles in the next edition of a newsletter, whatever quota and horizon say,
at the head of their sections in the order in which they were pinned. They take
their part of the quota, and count for the minimum of an edition.

An article stays pinned until an edition brings it or --undo takes it off: one
that is dated in the future waits for its date, and all that is the same story
with it. What an edition brought already is not brought again.`,
		Example: "  facteur article pin 12 31\n  facteur article pin 12 --newsletter hebdo\n  facteur article pin --undo 12",
	})
}

func (s *shell) articleLead() *cobra.Command {
	return s.byHand(newsletter.StanceLead, &cobra.Command{
		Use: "lead ARTICLE", Short: "Have an article lead the next edition of a newsletter",
		Long: `Have an article lead the next edition of a newsletter, whatever the setting lead says.
It is pinned as well: see facteur article pin. One article leads; the one that was
to lead before stays pinned. After --undo it is pinned where it was before.`,
		Example: "  facteur article lead 12\n  facteur article lead --undo 12",
	})
}

func (s *shell) articleExclude() *cobra.Command {
	return s.byHand(newsletter.StanceExcluded, &cobra.Command{
		Use: "exclude ARTICLE…", Short: "Keep articles out of one newsletter",
		Long: `Keep articles out of one newsletter until --undo lets them in again; others go on
bringing them. All that is the same story as one that is excluded stays out with
it, unless another of it is pinned afterwards. facteur article hide keeps an
article out of all newsletters.`,
		Example: "  facteur article exclude 12\n  facteur article exclude 12 --newsletter quotidien\n  facteur article exclude --undo 12",
	})
}

// byHand makes a command by which an editor decides of articles.
func (s *shell) byHand(stance newsletter.Stance, cmd *cobra.Command) *cobra.Command {
	var name string
	var undo bool
	_, takesWhat, _ := strings.Cut(cmd.Use, " ")
	cmd.Args = takes(takesWhat)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.with(cmd.Context(), mustExist, func(a *app.App) error {
			n, err := a.Newsletter(name)
			if err != nil {
				return err
			}
			ids, err := articleIDs(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			return s.decide(cmd.Context(), a, n, stance, undo, ids)
		})
	}
	cmd.Flags().BoolVar(&undo, "undo", false, "take it back")
	return naming(cmd, &name)
}

func (s *shell) decide(ctx context.Context, a *app.App, n newsletter.Newsletter, stance newsletter.Stance, undo bool, ids []int64) error {
	var taken digest.Taken
	var err error
	if undo {
		taken.Verdicts, err = a.Desk.Drop(ctx, n, stance, ids)
	} else {
		taken, err = a.Desk.Take(ctx, n, stance, ids)
	}
	if undo && errors.Is(err, newsletter.ErrNotFound) {
		return notDecided(ctx, a, n, stance, ids, err)
	}
	if err != nil {
		return unfit(err, n)
	}
	v := stanceView{Newsletter: n.Name, Stance: stance, Undone: undo, Led: taken.Led, Verdicts: viewVerdicts(n, taken.Verdicts)}
	if v.Back, err = viewBack(ctx, a, n, v.Verdicts); err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		p.say("%s: %s. As of now:", v.said(), articles(len(ids)))
		p.verdicts(v.Verdicts, n, true)
		if v.Led != 0 {
			p.say("\nArticle %d was to lead, and is not any more.\nTo have it lead again: %s", v.Led, n.Command(fmt.Sprint("article lead ", v.Led)))
		}
		p.standBack(v.Back, n.Zone)
	})
}

// said is what was done.
func (v stanceView) said() string {
	switch {
	case v.Undone:
		return fmt.Sprintf("No longer %s in %s", v.Stance.Said(), v.Newsletter)
	case v.Stance == newsletter.StanceLead:
		return fmt.Sprintf("Leads the edition of %s that brings it", v.Newsletter)
	case v.Stance == newsletter.StancePinned:
		return fmt.Sprintf("Pinned in %s until an edition brings it", v.Newsletter)
	}
	return fmt.Sprintf("Excluded from %s", v.Newsletter)
}

// unfit tells why an article cannot be wanted in.
func unfit(err error, n newsletter.Newsletter) error {
	u, ok := errors.AsType[digest.Unfit](err)
	if !ok {
		return err
	}
	told := &answer{code: NotPossible, cause: err}
	switch u.Rule {
	case newsletter.RuleCarried:
		told.what = fmt.Sprintf("%s brought article %d already, and neither a newsletter nor a family brings one twice", u.Brought(n.Name), u.Article)
		told.do = "nothing was changed; a new article with an address of its own may say what is new"
	case newsletter.RuleDuplicate:
		by := "an earlier edition"
		if u.By.Number > 0 {
			by = u.By.String()
		}
		told.what = fmt.Sprintf("article %d is the same story as article %d, which %s brought already", u.Article, u.Original, by)
		told.do = fmt.Sprintf("where it is another story: facteur article split %d", u.Article)
		if u.Comes {
			told.do = fmt.Sprintf("name article %d, which may still come; %s", u.Original, told.do)
		}
	case newsletter.RuleHidden:
		told.what = fmt.Sprintf("article %d is hidden from all newsletters", u.Article)
		told.do = fmt.Sprintf("let it in first: facteur article hide --undo %d", u.Article)
	default:
		told.what = fmt.Sprintf("article %d belongs to no section of %s", u.Article, n.Name)
		told.do = fmt.Sprintf("give it one of its sections (%s): %s", strings.Join(n.SectionNames(), ", "), givingSection(fmt.Sprint(u.Article)))
	}
	return told
}

// viewStands lists what editors decided of articles by hand, of one or of all where it is 0, by article.
func viewStands(ctx context.Context, a *app.App, article int64) (map[int64][]standView, error) {
	stands, err := a.Desk.Stands(ctx, a.Newsletters...)
	views := make(map[int64][]standView)
	for _, one := range stands {
		if one.Under || article != 0 && article != one.Article && article != one.For {
			continue
		}
		v := standView{Newsletter: one.Newsletter, Stance: one.Stance, Since: one.Since.In(zoneOf(a, one.Newsletter)), Vain: one.For == 0}
		if one.For != one.Article && !v.Vain {
			of := v
			of.Of, v.For = one.Article, one.For
			views[one.For] = append(views[one.For], of)
		}
		views[one.Article] = append(views[one.Article], v)
	}
	return views, err
}

// short says it without its time.
func (v standView) short() string {
	said := fmt.Sprintf("%s in %s", v.Stance.Said(), v.Newsletter)
	switch {
	case v.Vain:
		said += " in vain"
	case v.For != 0:
		said += fmt.Sprintf(" for %d", v.For)
	}
	return said
}

// stood says it in a line.
func stood(views []standView) string {
	said := make([]string, len(views))
	for i, v := range views {
		said[i] = fmt.Sprintf("%s since %s", v.short(), stamp(v.Since, v.Since.Location()))
		switch {
		case v.Of != 0:
			said[i] += fmt.Sprintf(", said of %d", v.Of)
		case v.Vain:
			said[i] += ": it is hidden or of no section there, and so is all that is one story with it"
		}
	}
	return strings.Join(said, "; ")
}
