package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// A memberView is an article that is one story with others.
type memberView struct {
	ID       int64        `json:"id"`
	URL      string       `json:"url"`
	Title    string       `json:"title"`
	Source   string       `json:"source,omitempty"`
	Priority int          `json:"priority,omitempty"` // of the source
	Sign     neardup.Sign `json:"sign,omitempty"`     // by what it was found to be one with the first; of the first: an editor chose it

	CarriedBy []string `json:"carried_by,omitempty"`
}

// viewStory lists the articles of a story, the one that leads first; none for an article that is alone.
func viewStory(ctx context.Context, a *app.App, id int64) ([]memberView, error) {
	members, err := viewMembers(ctx, a, id)
	return asStory(members), err
}

// asStory is what is said of a story: nothing where its article is alone.
func asStory(members []memberView) []memberView {
	if len(members) < 2 {
		return nil
	}
	return members
}

// carriersOf are the editions that brought one of the articles of a story.
func carriersOf(members []memberView, id int64) []string {
	for _, m := range members {
		if m.ID == id {
			return m.CarriedBy
		}
	}
	return nil
}

// viewMembers lists an article and what is one story with it, the one that leads first.
func viewMembers(ctx context.Context, a *app.App, id int64) ([]memberView, error) {
	members, err := a.Store.Story(ctx, id)
	if err != nil {
		return nil, err
	}
	views := make([]memberView, len(members))
	for i, m := range members {
		views[i] = memberView{m.ID, m.URL, m.Title, m.Source, a.Gatherer.Sources[m.Source], m.Sign, m.CarriedBy}
	}
	return views, nil
}

// story tells which articles are one with another.
func (p *page) story(views []memberView) {
	if len(views) == 0 {
		return
	}
	rows, addresses := make([][]string, len(views)), make([][]string, len(views))
	for i, v := range views {
		id := strconv.FormatInt(v.ID, 10)
		rows[i] = []string{id, v.why(i == 0), v.from(), strings.Join(v.CarriedBy, " "), v.Title}
		addresses[i] = []string{id, v.URL}
	}
	p.gap()
	p.tell("One story, which goes out once, as the article that leads has it; facteur article split takes one out:")
	p.titled([]string{"ID", "WHY", "SOURCE", "CARRIED BY", "TITLE"}, rows, "ID")
	p.gap()
	p.list([]string{"ID", "ADDRESS"}, addresses, "ID") // each whole, and below the others: they may differ in one sign
}

// A partingView is that an article left the story of another by itself.
type partingView struct {
	Article int64     `json:"article"`
	From    int64     `json:"from"`
	At      time.Time `json:"at"`
}

func viewPartings(ctx context.Context, a *app.App, id int64, zone *time.Location) (views []partingView, err error) {
	partings, err := a.Store.Partings(ctx, id)
	for _, one := range partings {
		views = append(views, partingView{one.Article, one.From, one.At.In(zone)})
	}
	return views, err
}

// partings tell what is no longer one story since an update, and how it would be again.
func (p *page) partings(views []partingView, zone *time.Location) {
	for _, v := range views {
		p.gap()
		p.tell("Article %d left the story of %d by itself, %s: since it was updated it says something else in the same place.", v.Article, v.From, stamp(v.At, zone))
		p.tell("If they are one story nevertheless: facteur article merge %d %d", v.From, v.Article)
	}
}

// why says what the article is in its story.
func (v memberView) why(leads bool) string {
	switch {
	case leads && v.Sign == neardup.ByHand:
		return "leads, by hand"
	case leads:
		return "leads"
	case v.Sign == neardup.ByHand:
		return "by hand"
	}
	return "same " + string(v.Sign)
}

// from is the source, with its priority where it has one.
func (v memberView) from() string {
	if v.Priority == 0 {
		return v.Source
	}
	return fmt.Sprintf("%s (priority %d)", v.Source, v.Priority)
}

func (s *shell) articleMerge() *cobra.Command {
	return &cobra.Command{
		Use: "merge ARTICLE OTHER", Short: "Make two articles one story, which the first leads",
		Long: `Make two articles one story, which the first leads, whatever the priorities of
their sources: it goes out, and the other does not. What was decided of either
before, such as a pin, counts for it. Where an edition carried either of them,
its newsletter brings neither again, but for an update of what it brought.
facteur article split, of either, undoes it.

Of two that were one story already, it but chooses which leads. A split takes
that apart; what undoes the choice is a merge that names first which led.`,
		Example: "  facteur article merge 12 31",
		Args:    takes("ARTICLE", "OTHER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				found, err := findArticles(cmd.Context(), a, args)
				if err != nil {
					return err
				}
				lead, other := found[0], found[1]
				if lead.ID == other.ID {
					return &answer{code: NotPossible, what: "that is one article", do: "name two: facteur article list shows their ids"}
				}
				before, err := viewMembers(cmd.Context(), a, lead.ID)
				if err != nil {
					return err
				}
				if err := a.Store.MergeArticles(cmd.Context(), lead.ID, other.ID); err != nil {
					return err
				}
				return s.showMerged(cmd.Context(), a, lead, other.ID, before)
			})
		},
	}
}

func (s *shell) articleSplit() *cobra.Command {
	return &cobra.Command{
		Use: "split ARTICLE", Short: "Take an article out of a story that it does not belong to",
		Long: `Take an article out of a story that it does not belong to. It goes out by
itself from then on, and is brought back by nothing but
facteur article merge.

Of a story that an editor put together it undoes the latest merge: both sides are
again what they were, under the leads they had. Given again, it undoes the merge
before. What was recognised since a merge it takes out alone.

Where an edition brought the story, it says which article goes out anew, and how
to keep it out.`,
		Example: "  facteur article split 31",
		Args:    takes("ARTICLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				found, err := findArticle(cmd.Context(), a, args[0])
				if err != nil {
					return err
				}
				whole, err := viewMembers(cmd.Context(), a, found.ID)
				if err != nil {
					return err
				}
				err = a.Store.SplitArticle(cmd.Context(), found.ID, a.Gatherer.Sources)
				if errors.Is(err, newsletter.ErrInvalid) {
					return &answer{code: NotPossible, what: fmt.Sprintf("article %d is one story with no other", found.ID), do: "nothing: it goes out by itself already"}
				}
				if err != nil {
					return err
				}
				return s.showSplit(cmd.Context(), a, found.ID, whole)
			})
		},
	}
}

// An anewView is an article that is offered although an edition brought what was one story with it.
type anewView struct {
	Article    int64           `json:"article"`
	Newsletter string          `json:"newsletter"`
	Rule       newsletter.Rule `json:"rule"`

	exclude string // the command that keeps it out
}

// viewAnew finds in what was one story, of which an edition brought some, what goes out nevertheless.
func viewAnew(ctx context.Context, a *app.App, whole []memberView) (views []anewView, err error) {
	if !slices.ContainsFunc(whole, func(m memberView) bool { return len(m.CarriedBy) > 0 }) {
		return nil, nil
	}
	ids := make([]int64, len(whole))
	for i, m := range whole {
		ids[i] = m.ID
	}
	for _, n := range a.Newsletters {
		verdicts, err := a.Desk.VerdictsOn(ctx, n, ids)
		if err != nil {
			return nil, err
		}
		for _, v := range verdicts {
			if v.Rule.Offered() && v.CarriedBy == 0 && !v.Known() {
				views = append(views, anewView{v.Article, n.Name, v.Rule, n.Command(fmt.Sprint("article exclude ", v.Article))})
			}
		}
	}
	return views, nil
}

func (v anewView) String() string {
	return fmt.Sprintf("An edition brought the story, and article %d is offered anew in %s (%s); to keep it out: %s", v.Article, v.Newsletter, v.Rule, v.exclude)
}

func (s *shell) showSplit(ctx context.Context, a *app.App, id int64, whole []memberView) error {
	left, err := viewStory(ctx, a, id)
	if err != nil {
		return err
	}
	anew, err := viewAnew(ctx, a, whole)
	if err != nil {
		return err
	}
	said := split(left, whole, id)
	for _, v := range anew {
		said += "\n" + v.String()
	}
	return s.showStory(storyOf{Story: left, Anew: anew}, said)
}

// split says what became of an article that an editor took out of a whole story.
func split(left, whole []memberView, id int64) string {
	if len(left) < 2 {
		lead, other := whole[0].ID, id
		if lead == id {
			other = whole[1].ID
		}
		return fmt.Sprintf("Article %d is a story of its own, and stays one. To make it one with %d again: facteur article merge %d %d", id, lead+other-id, lead, other)
	}
	return fmt.Sprintf("Article %d is apart from what it was merged with, and stays so, together with what it was one story with before.", id)
}

// excludedStory lists the commands that would let the story of an article into newsletters again: what was decided last of it keeps it out of them.
func excludedStory(ctx context.Context, a *app.App, id int64) (commands []string, err error) {
	for _, n := range a.Newsletters {
		some, err := takingBack(ctx, a, n, id, func(one newsletter.Stand) bool { return one.Stance == newsletter.StanceExcluded })
		if err != nil {
			return nil, err
		}
		commands = append(commands, some...)
	}
	return commands, nil
}

// carriedStory says which articles of a story editions brought, and which of those come back, or may, since much of their text is new; nothing where none did.
func carriedStory(ctx context.Context, a *app.App, members []memberView) (said []string, err error) {
	for _, m := range members {
		if len(m.CarriedBy) > 0 {
			said = append(said, fmt.Sprintf("Article %d was in %s already.", m.ID, strings.Join(m.CarriedBy, ", ")))
		}
	}
	if said == nil {
		return nil, nil
	}
	last := "None of the story is brought there again."
	for _, n := range a.Newsletters {
		now, err := a.Desk.Why(ctx, n, "")
		if err != nil {
			return nil, err
		}
		for _, v := range now.Verdicts {
			if v.Rule.Offered() && v.Fresh > 0 && !v.Known() && slices.ContainsFunc(members, func(m memberView) bool { return m.ID == v.Article }) {
				said = append(said, fmt.Sprintf("Article %d comes back in %s as an update.", v.Article, n.Name))
				last = "No other of the story is brought there again."
			}
		}
	}
	return append(said, last), nil
}

// merged says what became of a story that an editor put together.
func merged(lead newsletter.Article, other int64, carried, excluded []string) string {
	leads := fmt.Sprintf("Article %d leads the story of %d from now on.", lead.ID, other)
	switch {
	case carried != nil:
		return leads + " " + strings.Join(carried, " ")
	case excluded != nil:
		return fmt.Sprintf("%s It goes out where it is no longer excluded: %s", leads, strings.Join(excluded, ", "))
	case lead.Hidden:
		return fmt.Sprintf("Article %d goes out for %d as soon as it is no longer hidden: facteur article hide --undo %[1]d", lead.ID, other)
	}
	return fmt.Sprintf("Article %d goes out for %d from now on.", lead.ID, other)
}

// leadChosen says of articles that were one story before the merge how they are led as before; nothing of two stories.
func leadChosen(before []memberView, lead, other int64) string {
	if !slices.ContainsFunc(before, func(m memberView) bool { return m.ID == other }) {
		return ""
	}
	if led := before[0].ID; led != lead {
		return fmt.Sprintf("\nThe two were one story already, so that a split would take that apart. To have %d lead again: facteur article merge %[1]d %d", led, lead)
	}
	return "\nThe two were one story already, and a split would take that apart."
}

func (s *shell) showMerged(ctx context.Context, a *app.App, lead newsletter.Article, other int64, before []memberView) error {
	members, err := viewStory(ctx, a, lead.ID)
	if err != nil {
		return err
	}
	carried, err := carriedStory(ctx, a, members)
	if err != nil {
		return err
	}
	excluded, err := excludedStory(ctx, a, lead.ID)
	if err != nil {
		return err
	}
	chosen := leadChosen(before, lead.ID, other)
	return s.showStory(storyOf{Story: members, Already: chosen != ""}, merged(lead, other, carried, excluded)+chosen)
}

// A storyOf is the story of an article after an editor changed it; none where it is alone.
type storyOf struct {
	Story   []memberView `json:"story,omitempty"`
	Already bool         `json:"one_already,omitempty"` // before a merge, which chose the lead and no more
	Anew    []anewView   `json:"offered_anew,omitempty"`
}

func (s *shell) showStory(v storyOf, said string) error {
	return s.show(v, func(p *page) {
		p.say("%s", said)
		p.story(v.Story)
	})
}
