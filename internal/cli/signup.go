package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

func (s *shell) signup() *cobra.Command {
	return group("signup", "How signing up goes; hold confirmation letters back, let them go", `How signing up goes, and what to do in an attack.

When many more people sign up than usual, confirmation letters are held back by themselves. Those whose form came
without its work are probably a program's and wait for release or discard. The others are held only where so many come
with their work, and leave by themselves once that is over. See how it stands with status. If it is no attack:
release. If it is one that is not seen: pause, and resume later.`,
		s.signupStatus(), s.signupPause(), s.signupResume(), s.signupRelease(), s.signupDiscard())
}

type signupView struct {
	Holding     subscription.HoldState `json:"holding"`
	Since       time.Time              `json:"since,omitzero"`
	Attack      bool                   `json:"attack"`        // many more people sign up than usual
	Holds       bool                   `json:"holds_letters"` // of who signs up now
	Doubts      bool                   `json:"holds_letters_without_work"`
	Recent      int                    `json:"recent"` // sign-ups in the last ten minutes
	Usual       float64                `json:"usual"`  // in ten minutes
	Held        int                    `json:"held"`
	WithoutWork int                    `json:"held_without_work"` // of the held ones
	Pending     int                    `json:"pending"`
	Asked       int                    `json:"asked"`       // subscriptions, a day to a week ago
	Unconfirmed int                    `json:"unconfirmed"` // of them
	Complaints  int                    `json:"complaints"`  // of people who never confirmed
	Letters     map[string]int         `json:"letters"`     // confirmation letters of the last week, by state
}

func (s *shell) signupStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Tell what is held back, who did not confirm, and what became of the letters",
		Example: "  facteur signup status\n  facteur signup status --json | jq .held",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				now, err := a.Register.Status(cmd.Context())
				if err != nil {
					return err
				}
				v := signupView{
					Holding: now.State, Since: now.Since, Attack: now.Attack, Holds: now.Holds, Doubts: now.Doubts, Recent: now.Traffic.Recent, Usual: now.Traffic.Usual(),
					Held: now.Held, WithoutWork: now.Doubted, Pending: now.Pending, Asked: now.Asked, Unconfirmed: now.Unconfirmed,
					Complaints: now.Complaints, Letters: named(now.Letters),
				}
				return s.show(v, func(p *page) { p.signups(v, now, a.Register.Rules.Hold, a.Newsletters[0].Zone) })
			})
		},
	}
}

func (p *page) signups(v signupView, now subscription.SignUpStatus, rule subscription.Holding, zone *time.Location) {
	p.holding(now, rule, zone)
	if v.Held > 0 {
		p.say("%s held back, %d without the form's work. To let them leave: facteur signup release; to throw them away: facteur signup discard", letters(v.Held), v.WithoutWork)
	}
	p.gap()
	unconfirmed := ""
	if v.Asked > 0 {
		unconfirmed = fmt.Sprintf("%d of %d who asked between a week and a day ago (%d %%)", v.Unconfirmed, v.Asked, 100*v.Unconfirmed/v.Asked)
	}
	p.facts(
		"sign-ups in the last ten minutes", fmt.Sprintf("%d (usual: %.0f at most)", v.Recent, v.Usual),
		"waiting for their confirmation", fmt.Sprint(v.Pending),
		"not confirmed", unconfirmed,
		"confirmation letters of the last week", tallied(newsletter.DeliveryStates(), now.Letters),
		"complaints about them", fmt.Sprint(v.Complaints),
	)
}

// holding says whether there is an attack, and what becomes of the letters of who signs up now.
func (p *page) holding(now subscription.SignUpStatus, rule subscription.Holding, zone *time.Location) {
	if now.Attack {
		p.say("Many more people sign up than usual.")
	}
	since := stamp(now.Since, zone)
	switch {
	case now.State == subscription.HoldOperator:
		p.say("Confirmation letters are held back since %s. To let them go on: facteur signup resume", since)
	case rule == subscription.HoldAlways:
		p.say(`Confirmation letters are held back: the settings say signup.hold = "always".`)
	case now.Doubts && !now.Holds && now.Attack:
		p.say("Confirmation letters are held back where the form came without its work; the others leave.")
	case now.Doubts && !now.Holds:
		p.say("Confirmation letters are held back since %s where the form came without its work. The attack is over: where facteur serve runs, they go on within a minute.", since)
	case now.Attack && !now.Holds:
		p.say(`Confirmation letters leave all the same: the settings say signup.hold = "never".`)
	case now.Attack && now.Since.IsZero():
		p.say("Confirmation letters are held back until it is over.")
	case now.Attack:
		p.say("Confirmation letters are held back since %s, until it is over.", since)
	case now.Holds:
		p.say("Confirmation letters are held back since %s. The attack is over: where facteur serve runs, they go on within a minute.", since)
	default:
		p.say("There is no attack, and nothing is paused.")
	}
}

func (s *shell) signupPause() *cobra.Command {
	return &cobra.Command{
		Use: "pause", Short: "Hold confirmation letters back until signup resume",
		Long:    "Hold confirmation letters back. It counts at once, also for letters that have not left. People can sign up as before.",
		Example: "  facteur signup pause",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.changeSignup(cmd.Context(), func(a *app.App) (string, error) {
				return "Confirmation letters are held back. To let them go on: facteur signup resume", a.Register.HoldLetters(cmd.Context())
			})
		},
	}
}

func (s *shell) signupResume() *cobra.Command {
	return &cobra.Command{
		Use: "resume", Short: "End what signup pause began",
		Long: `End what signup pause began. While facteur serve runs, the letters that were held meanwhile leave within a minute,
except those whose form came without its work: signup release lets these go.`,
		Example: "  facteur signup resume",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.changeSignup(cmd.Context(), func(a *app.App) (string, error) {
				changed, err := a.Register.LetGoOn(cmd.Context())
				if !changed {
					return "Nothing was paused.", err
				}
				return "The pause is over.", err
			})
		},
	}
}

func (s *shell) changeSignup(ctx context.Context, change func(*app.App) (string, error)) error {
	return s.with(ctx, mustExist, func(a *app.App) error {
		done, err := change(a)
		if err != nil {
			return err
		}
		now, err := a.Register.Status(ctx)
		if err != nil {
			return err
		}
		return s.show(map[string]any{"holding": now.State}, func(p *page) {
			p.say("%s", done)
			if now.State != subscription.HoldOperator && now.Doubted > 0 {
				p.say("%s stay back, whose form came without its work. To let them leave: facteur signup release; to throw them away: facteur signup discard", letters(now.Doubted))
			}
			if now.Holds && now.State != subscription.HoldOperator { // all the same
				p.holding(now, a.Register.Rules.Hold, a.Newsletters[0].Zone)
			}
		})
	})
}

func (s *shell) signupRelease() *cobra.Command {
	return s.heldLetters("release", "Let all confirmation letters leave that are held back",
		"While an attack or signup pause goes on, those of people who sign up from then on are held as before.",
		"will be sent", "let them leave without asking", "to leave", func(ctx context.Context, r *subscription.Register) (int, error) { return r.ReleaseHeld(ctx) })
}

func (s *shell) signupDiscard() *cobra.Command {
	return s.heldLetters("discard", "Throw away all confirmation letters that are held back",
		"None of them is sent later. Nobody is told, and whoever meant it can sign up again.",
		"will never be sent", "throw them away without asking", "thrown away", func(ctx context.Context, r *subscription.Register) (int, error) { return r.DiscardHeld(ctx) })
}

// heldLetters makes a command that does something to all letters that are held back.
func (s *shell) heldLetters(name, short, then, will, flag, did string, do func(context.Context, *subscription.Register) (int, error)) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: name, Short: short,
		Long:    short + ".\n\n" + then + "\nIt says how many that are and wants the number typed; --yes stands for it in scripts.",
		Example: "  facteur signup " + name + "\n  facteur signup " + name + " --yes",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				now, err := a.Register.Status(cmd.Context())
				if err != nil {
					return err
				}
				n := 0
				if now.Held > 0 {
					if err := s.confirm(cmd.Context(), yes, fmt.Sprintf("%s %s", letters(now.Held), will), now.Held); err != nil {
						return err
					}
					if n, err = do(cmd.Context(), a.Register); err != nil {
						return err
					}
				}
				return s.show(map[string]int{"letters": n}, func(p *page) {
					if n == 0 {
						p.say("Nothing is held back.")
						return
					}
					p.say("%s %s.", letters(n), did)
				})
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, flag)
	return cmd
}
