package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/subscription"
)

func (s *shell) retention() *cobra.Command {
	return group("retention", "How long people are kept who gave no sign of life",
		`How long people are kept who gave no sign of life. Who has done nothing of their own for three years (sign up, confirm,
choose, leave; for an imported person the import counts) is asked by a letter whether they still want to read, and is
erased 30 days later if they do not say so. Who receives nothing any more is erased without being asked. A day touches
at most 1 % of the list, the two steps together. Whether a letter was opened is not known and does not count.

Under retention.readers = "report" it only counts. Under "act" it acts once you have confirmed it: retention allow.`,
		s.retentionShow(), s.retentionAllow(), s.retentionRevoke())
}

type retentionView struct {
	Acts          bool      `json:"acts"`
	Setting       string    `json:"setting"` // report or act
	People        int       `json:"people"`
	ToAsk         int       `json:"to_ask"`
	Asked         int       `json:"asked"` // and still thinking about it
	ToErase       int       `json:"to_erase"`
	AllowedAt     time.Time `json:"allowed_at,omitzero"`
	AllowedPeople int       `json:"allowed_people,omitempty"`
}

func viewRetention(a *app.App, n subscription.Retention) retentionView {
	v := retentionView{Acts: n.Acts, Setting: "report", People: n.People, ToAsk: n.ToAsk, Asked: n.Waiting, ToErase: n.ToErase, AllowedPeople: n.Allowed.People}
	if a.Register.Rules.Act {
		v.Setting = "act"
	}
	if !n.Allowed.At.IsZero() {
		v.AllowedAt = n.Allowed.At.In(a.Newsletters[0].Zone)
	}
	return v
}

func (s *shell) retentionShow() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Tell how many people are kept for too long, and whether anything is done about it",
		Example: "  facteur retention show\n  facteur retention show --json | jq .to_erase",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				n, err := a.Register.Retention(cmd.Context())
				if err != nil {
					return err
				}
				v := viewRetention(a, n)
				return s.show(v, func(p *page) { p.retention(v) })
			})
		},
	}
}

func people(n int) string { return count(n, "person", "people") }

func (p *page) retention(v retentionView) {
	p.say("%s", keptTooLong(v))
	switch {
	case v.Acts:
		p.say("It acts once a day, on at most 1 %% of the list. To stop it: facteur retention revoke")
	case v.Setting == "act":
		p.say("It does nothing yet: facteur retention allow lets it act.")
	default:
		p.say(`It only counts: retention.readers = "act" in the settings and facteur retention allow let it act.`)
	}
	p.gap()
	allowed := ""
	if !v.AllowedAt.IsZero() {
		allowed = fmt.Sprintf("%s, for %s", stamp(v.AllowedAt, v.AllowedAt.Location()), people(v.AllowedPeople))
	}
	p.facts("people on the list", fmt.Sprint(v.People), "to be asked", fmt.Sprint(v.ToAsk), "asked, no answer yet", fmt.Sprint(v.Asked),
		"to be erased", fmt.Sprint(v.ToErase), "allowed", allowed)
}

func keptTooLong(v retentionView) string {
	if v.ToAsk+v.Asked+v.ToErase == 0 {
		return "Nobody is kept for too long."
	}
	return fmt.Sprintf("%s gave no sign of life for three years: %d to be asked, %d asked, %d to be erased.", people(v.ToAsk+v.Asked+v.ToErase), v.ToAsk, v.Asked, v.ToErase)
}

func (s *shell) retentionAllow() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "allow", Short: "Let retention act from now on",
		Long: `Let retention act from now on, under retention.readers = "act". It says how many people that is about at present and
wants the number typed; --yes stands for it in scripts. The number and the day are kept. It is asked once: from then on
retention acts on everybody whose time comes, however many, until it is revoked.`,
		Example: "  facteur retention allow",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error { return s.allowRetention(cmd.Context(), a, yes) })
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "allow it without asking")
	return cmd
}

func (s *shell) allowRetention(ctx context.Context, a *app.App, yes bool) error {
	n, err := a.Register.Retention(ctx)
	if err != nil {
		return err
	}
	if err := s.confirm(ctx, yes, wouldAct(n), n.Affected()); err != nil {
		return err
	}
	if err := a.Register.AllowRetention(ctx, n.Affected()); err != nil {
		return err
	}
	return s.toldRetention(ctx, a, fmt.Sprintf("Retention may act, on %s as things stand.", people(n.Affected())))
}

// wouldAct says whom retention would act on at present.
func wouldAct(n subscription.Retention) string {
	if n.Affected() == 0 {
		return fmt.Sprintf("Of %s, nobody is to be asked or erased at present; whoever's time comes will be", people(n.People))
	}
	return fmt.Sprintf("Of %s, %d are to be asked or have been, and are erased without an answer; %d are to be erased", people(n.People), n.ToAsk+n.Waiting, n.ToErase)
}

func (s *shell) retentionRevoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke", Short: "Let retention only count again",
		Long: `Let retention only count again, at once, whatever the settings say. Who was asked already is not erased for being
silent; letters that ask and have not left still leave.`,
		Example: "  facteur retention revoke",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				if err := a.Register.RevokeRetention(cmd.Context()); err != nil {
					return err
				}
				return s.toldRetention(cmd.Context(), a, "Retention only counts from now on. Letters that ask and have not left still leave.")
			})
		},
	}
}

// toldRetention says what was done, and how things stand then.
func (s *shell) toldRetention(ctx context.Context, a *app.App, done string) error {
	n, err := a.Register.Retention(ctx)
	if err != nil {
		return err
	}
	v := viewRetention(a, n)
	return s.show(v, func(p *page) {
		p.say("%s", done)
		if !v.AllowedAt.IsZero() && v.Setting == "report" {
			p.say(`The settings say retention.readers = "report", so it still only counts.`)
		}
	})
}
