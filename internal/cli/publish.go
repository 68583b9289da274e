package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

type publishView struct {
	Newsletter string `json:"newsletter"`
	Published  bool   `json:"published"`
	Reason     string `json:"reason,omitempty"` // why nothing was published
	Edition    string `json:"edition,omitempty"`
	Slot       string `json:"slot,omitempty"`
	Subject    string `json:"subject,omitempty"`
	Articles   int    `json:"articles"`
	Beyond     int    `json:"on_page_only,omitempty"` // of them, that the letter leaves to its page
	Word       bool   `json:"word"`                   // an editor's word is at its head
	Sponsor    bool   `json:"sponsor"`                // an advertisement is in it
	Readers    int    `json:"readers"`
	Sending    bool   `json:"sending"` // a sender runs and takes it from here

	Refused  []string      `json:"refused_in_inbox,omitempty"` // rows of the inbox that are no articles
	LeftOut  []string      `json:"left_out,omitempty"`         // articles of which something was left out
	Warnings []findingView `json:"warnings,omitempty"`         // what an editor might have mended
}

func (s *shell) digestPublish() *cobra.Command {
	var name string
	var yes bool
	cmd := &cobra.Command{
		Use: "publish", Short: "Publish an edition now, beside the schedule",
		Long: `Collect what waits and publish an edition now, in a slot of its own that takes no scheduled one's place.

It says what leaves and to how many readers, and wants that number typed; --yes stands for it in scripts.
The edition is frozen and queued: a running serve sends it, or else facteur outbox drain.
When nothing is new it says so, and that is no error.`,
		Example: "  facteur digest publish\n  facteur digest publish --yes && facteur outbox drain",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !yes && !s.InTerminal {
				return &answer{code: Misused, what: "publishing sends letters to people: standard input is no terminal, so their number cannot be typed to confirm it", do: "look first with " + newsletter.Newsletter{Name: name, Several: name != ""}.Command("digest preview") + ", then add --yes; nothing was published"}
			}
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				if err := s.misnamed(cmd.Context(), a); err != nil {
					return err
				}
				return s.publish(cmd.Context(), a, n, yes)
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "publish without asking")
	return naming(cmd, &name)
}

func (s *shell) publish(ctx context.Context, a *app.App, n newsletter.Newsletter, yes bool) error {
	if !yes {
		if ask, err := s.announce(ctx, a, n); err != nil || !ask {
			return err
		}
	}
	r, err := a.Desk.Publish(ctx, n)
	if err != nil {
		return blocked(err, n)
	}
	v := publishView{Newsletter: n.Name, Published: r.Published(), Reason: r.Reason, Refused: r.Refused, Warnings: viewFindings(r.Warnings)}
	if r.Published() {
		e := r.Edition
		v.Edition, v.Slot, v.Subject = e.Ref().String(), string(e.Slot), e.Content.Subject
		v.Articles, v.Readers = len(e.Content.Stories()), e.Planned
		v.LeftOut = e.Content.LeftOut()
		v.Beyond, v.Word, v.Sponsor = e.Content.Beyond, e.Content.Word != nil, e.Content.Sponsor != nil
		if v.Sending, err = app.SenderRuns(a.Config); err != nil {
			return err
		}
	}
	return s.show(v, func(p *page) { p.published(v, n) })
}

// announce says what would leave and asks. It returns false when nothing would.
func (s *shell) announce(ctx context.Context, a *app.App, n newsletter.Newsletter) (bool, error) {
	preview, err := a.Desk.Draft(ctx, n)
	if err != nil {
		return false, err
	}
	if blocking := preflight.Blocking(preview.Findings); len(blocking) > 0 {
		return false, blocked(digest.Blocked(blocking), n)
	}
	counts, err := a.Register.Store.CountSubscriptions(ctx, n.Name)
	if err != nil {
		return false, err
	}
	if preview.Empty() {
		v := publishView{Newsletter: n.Name, Reason: preview.Reason, Refused: preview.Refused}
		return false, s.show(v, func(p *page) { p.published(v, n) })
	}
	people := counts[newsletter.Active]
	v := viewPreview(n, preview.Preview)
	what := fmt.Sprintf("%s leaves with %s to %s: %s", v.Edition, articles(countIn(v.Verdicts)), readers(people), v.Subject)
	return true, s.confirm(ctx, false, what, people)
}

func (p *page) published(v publishView, n newsletter.Newsletter) {
	if !v.Published {
		p.say("Nothing was published: %s.", v.Reason)
		p.say("%s tells it of each article.", n.Command("digest why"))
		p.refusedRows(v.Refused)
		return
	}
	p.say("%s is published with %s for %s: %s", v.Edition, articles(v.Articles), readers(v.Readers), v.Subject)
	p.beyond(v.Beyond)
	p.warnings(v.LeftOut)
	p.refusedRows(v.Refused)
	if v.Word {
		p.say("A word from the editor is at its head.")
	}
	if v.Sponsor {
		p.say("An advertisement is in it.")
	}
	p.leaves(v.Sending, v.Edition)
	if len(v.Warnings) > 0 {
		p.say("%s: facteur preflight %s", count(len(v.Warnings), "thing in it might have been better", "things in it might have been better"), v.Edition)
	}
}

// refusedRows tells of rows of the inbox.
func (p *page) refusedRows(rows []string) {
	const most = 5
	p.warnings(rows[:min(len(rows), most)])
	if more := len(rows) - most; more > 0 {
		p.say("%d more are refused; once they are collected, facteur article list --refused lists them.", more)
	}
}

// leaves says what becomes of queued letters.
func (p *page) leaves(sending bool, edition string) {
	if sending {
		p.say("It is being sent. How far it has come: facteur edition show %s", edition)
	} else {
		p.say("Nobody is sending now. To send it: facteur outbox drain")
	}
}
