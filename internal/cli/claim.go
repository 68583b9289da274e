package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

type claimView struct {
	Data       string        `json:"data"`
	Claimed    bool          `json:"claimed"` // it is the folder that sends from now on
	Copy       bool          `json:"copy"`    // it was a copy before
	Why        string        `json:"why,omitempty"`
	MadeAt     time.Time     `json:"made_at,omitzero"`     // by facteur backup
	Latest     time.Time     `json:"latest_try,omitzero"`  // the last that it knows of
	Attempting int           `json:"attempting,omitempty"` // on the wire when it was copied
	ToLeave    int           `json:"to_leave"`             // without those that are held
	Editions   []editionView `json:"editions,omitempty"`   // under way
	Passed     []string      `json:"passed_slots,omitempty"`

	publish []string // commands by which a slot that was passed over can be made up for
}

func (s *shell) claim() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "claim", Short: "Make a copy of the data folder the one that sends",
		Long: `Make a copy of the data folder the one that sends: after a restore, or a move to another machine or disk.

It first tells what this copy knows, and what it cannot know: whatever the folder that it was copied from did since.
That one must never send again. Slots that were due since are passed over. Editions under way go on unless you hold or
end them first: a copy may be looked at and changed like any other folder.

It says how many letters will leave and wants the number typed; --yes stands for it in scripts.`,
		Example: "  facteur claim\n  facteur claim --data /var/lib/facteur --yes",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				return s.claimCopy(cmd.Context(), a, yes)
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "claim it without asking")
	return cmd
}

func (s *shell) claimCopy(ctx context.Context, a *app.App, yes bool) error {
	v, err := viewClaim(ctx, a)
	if err != nil {
		return err
	}
	if !v.Copy {
		return s.show(v, func(p *page) { p.say("%s is no copy: it sends already. There is nothing to claim.", v.Data) })
	}
	if !s.json {
		var p page
		p.claimable(v, newsletter.UnknownPolicy(a.Config.Retry.Unknown), a.Newsletters[0].Zone)
		if err := s.print(&p); err != nil {
			return err
		}
	}
	if err := s.confirm(ctx, yes, fmt.Sprintf("%s becomes the folder that sends, with %s to leave; the other must never send again", v.Data, letters(v.ToLeave)), v.ToLeave); err != nil {
		return err
	}
	if err := a.Claim(ctx); err != nil {
		return serving(err, a.Config)
	}
	v.Claimed = true
	return s.show(v, func(p *page) {
		p.gap()
		p.say("%s is the folder that sends now. facteur serve goes on from here.", v.Data)
	})
}

func viewClaim(ctx context.Context, a *app.App) (claimView, error) {
	v := claimView{Data: a.Config.Data}
	c, is, err := a.Copy(ctx)
	if err != nil || !is {
		return v, err
	}
	zone := a.Newsletters[0].Zone
	v.Copy, v.Why, v.Attempting, v.ToLeave = true, c.Why, c.Letters[newsletter.Attempting], openLetters(c.Letters)
	if !c.Made.IsZero() {
		v.MadeAt = c.Made.In(zone)
	}
	if !c.Latest.IsZero() {
		v.Latest = c.Latest.In(zone)
	}
	for _, e := range c.Editions {
		one, err := viewEdition(ctx, a, e)
		if err != nil {
			return v, err
		}
		if e.Paused {
			v.ToLeave -= one.open()
		}
		v.Editions = append(v.Editions, one)
	}
	for _, slot := range c.Slots {
		v.Passed = append(v.Passed, slot.Newsletter.Name+" "+string(slot.Slot))
		if publish := slot.Newsletter.Command("digest publish"); !slices.Contains(v.publish, publish) {
			v.publish = append(v.publish, publish)
		}
	}
	return v, nil
}

// claimable tells what a copy knows, and what it cannot know.
func (p *page) claimable(v claimView, unknown newsletter.UnknownPolicy, zone *time.Location) {
	if v.MadeAt.IsZero() {
		p.say("%s is a copy: %s.", v.Data, v.Why)
	} else {
		p.say("%s is a copy, made by facteur backup on %s.", v.Data, stamp(v.MadeAt, zone))
	}
	latest := "It knows of no letter that left"
	if !v.Latest.IsZero() {
		latest = "The last letter it knows of was tried on " + stamp(v.Latest, zone)
	}
	p.say("%s. Who signed up, left or was erased since it cannot know: docs/operations.md, Backup and restore.", latest)
	p.editionsUnderWay(v)
	if v.Attempting > 0 {
		p.say("On the wire then: %s.", attemptingThen(v.Attempting, unknown))
	}
	if len(v.Passed) > 0 {
		p.say("Slots since, passed over as they may have been published: %s. If one was not: %s", latestOf(v.Passed), strings.Join(v.publish, ", "))
	}
	p.gap()
}

func (p *page) editionsUnderWay(v claimView) {
	if len(v.Editions) == 0 {
		return
	}
	var rows [][]string
	for _, e := range v.Editions {
		rows = append(rows, []string{e.Edition, e.state(), fmt.Sprint(e.number(newsletter.Sent)), fmt.Sprint(e.open()), clip(e.Subject, titleWidth)})
	}
	p.gap()
	p.list([]string{"UNDER WAY", "STATE", "SENT", "TO LEAVE", "SUBJECT"}, rows, "SENT", "TO LEAVE")
	p.say("If the other folder sent on, their readers get these twice. To keep them here: facteur edition pause %s, or edition cancel", v.Editions[0].Edition)
}

func attemptingThen(n int, unknown newsletter.UnknownPolicy) string {
	if unknown == newsletter.UnknownResend {
		return letters(n) + ", to be sent once more (retry.unknown)"
	}
	return letters(n) + ", of unknown fate, to wait for you (retry.unknown)"
}

// latestOf names the last few slots of a list.
func latestOf(slots []string) string {
	const few = 3
	named := strings.Join(slots[max(0, len(slots)-few):], ", ")
	if len(slots) > few {
		return fmt.Sprintf("%d, the last of them %s", len(slots), named)
	}
	return named
}

func openLetters(counts map[newsletter.DeliveryState]int) int {
	n := 0
	for state, c := range counts {
		if state.Open() {
			n += c
		}
	}
	return n
}
