package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
)

func (s *shell) suppression() *cobra.Command {
	return group("suppression", "Addresses that receive nothing",
		`Addresses that receive nothing, whatever they are subscribed to: hard-bounce (the mailbox does not exist), complaint
(the reader called a letter spam), request (the person asked for silence, or was erased), operator (you decided it).

A person who signs up and confirms lifts a request of their own, and a hard-bounce after 30 days; nothing lifts a
complaint or your own decision but you. No import brings a suppressed address back.`,
		s.suppressionList(), s.suppressionAdd(), s.suppressionRemove())
}

type suppressedView struct {
	Address string                     `json:"address,omitempty"` // missing: erased
	Kind    newsletter.SuppressionKind `json:"kind"`
	Reason  string                     `json:"reason,omitempty"`
	At      time.Time                  `json:"at"`
}

func viewSuppressed(sup newsletter.Suppression, zone *time.Location) suppressedView {
	return suppressedView{sup.Address, sup.Kind, sup.Reason, sup.At.In(zone)}
}

// aKind reads the kind of a suppression.
func aKind(cmd *cobra.Command, text string) (newsletter.SuppressionKind, error) {
	kind := newsletter.SuppressionKind(text)
	if !slices.Contains(newsletter.SuppressionKinds(), kind) {
		return "", misuse(cmd, fmt.Sprintf("%q is no kind of suppression; the kinds are hard-bounce, complaint, request and operator", text))
	}
	return kind, nil
}

func (s *shell) suppressionList() *cobra.Command {
	var kind string
	var limit int
	cmd := &cobra.Command{
		Use: "list [ADDRESS]", Short: "Count and list suppressed addresses, the latest first, or look one up",
		Long: `Count and list suppressed addresses, the latest first, or look one up. Of a person who was erased only a keyed hash is
left: they are listed as (erased), and found where their address is given.`,
		Example: "  facteur suppression list --kind complaint\n  facteur suppression list lea@example.org",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return takes("ADDRESS")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if kind != "" {
				if _, err := aKind(cmd, kind); err != nil {
					return err
				}
			}
			if len(args) == 1 {
				if kind != "" {
					return misuse(cmd, "facteur suppression list takes either ADDRESS or --kind")
				}
				return s.withAddress(cmd.Context(), mustExist, args[0], func(a *app.App, who address.Address) error { return s.lookSuppressed(cmd.Context(), a, who) })
			}
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				return s.listSuppressed(cmd.Context(), a, newsletter.SuppressionKind(kind), limit)
			})
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "", "only those of this `kind`: hard-bounce, complaint, request or operator")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most this `number`; 0 is all")
	return cmd
}

func (s *shell) lookSuppressed(ctx context.Context, a *app.App, who address.Address) error {
	sup, err := a.Store.Suppression(ctx, who)
	if errors.Is(err, newsletter.ErrNotFound) {
		return notSuppressed(who)
	}
	if err != nil {
		return err
	}
	v := viewSuppressed(sup, a.Newsletters[0].Zone)
	return s.show(v, func(p *page) {
		p.say("%s receives nothing: %s since %s.", who.Display(), v.Kind, stamp(v.At, v.At.Location()))
		switch {
		case v.Reason == newsletter.ReasonMoved:
			p.say("Its reader has another address now; a keyed hash is all that is left of this one.")
		case v.Address == "":
			p.say("The person was erased; a keyed hash is all that is left.")
		case v.Reason != "":
			p.say("The reason: %s", v.Reason)
		}
	})
}

func notSuppressed(who address.Address) error {
	return &answer{code: NotFound, what: who.Display() + " is not suppressed", do: "check the spelling; facteur suppression list tells who is"}
}

func (s *shell) listSuppressed(ctx context.Context, a *app.App, kind newsletter.SuppressionKind, limit int) error {
	all, err := a.Store.Suppressions(ctx, kind, most(limit))
	if err != nil {
		return err
	}
	counts, err := a.Store.CountSuppressions(ctx)
	if err != nil {
		return err
	}
	views := make([]suppressedView, len(all))
	rows := make([][]string, len(all))
	for i, sup := range all {
		v := viewSuppressed(sup, a.Newsletters[0].Zone)
		views[i], rows[i] = v, []string{v.Address, string(v.Kind), stamp(v.At, v.At.Location()), clip(v.Reason, titleWidth)}
		if v.Address == "" {
			rows[i][0], rows[i][3] = erasedMark, ""
		}
	}
	return s.show(views, func(p *page) {
		numbers := tallied(newsletter.SuppressionKinds(), counts)
		if numbers == "" {
			p.say("No address is suppressed.")
			return
		}
		p.say("Suppressed: %s.", numbers)
		if len(rows) > 0 {
			p.gap()
			p.list([]string{"ADDRESS", "KIND", "SINCE", "REASON"}, rows)
		}
		p.cut(len(rows), limit)
	})
}

// erasedMark stands where an address stood.
const erasedMark = "(erased)"

func (s *shell) suppressionAdd() *cobra.Command {
	var text, reason string
	cmd := &cobra.Command{
		Use: "add ADDRESS", Short: "Let an address receive nothing from now on",
		Long: `Let an address receive nothing from now on, known here or not. It counts at once, also for copies of a running edition
that have not left. An address that is suppressed already stays as it is.`,
		Example: "  facteur suppression add lea@example.org --reason 'asked by telephone, 24 November' --kind request",
		Args:    takes("ADDRESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, err := aKind(cmd, text)
			if err != nil {
				return err
			}
			return s.withAddress(cmd.Context(), mayCreate, args[0], func(a *app.App, who address.Address) error {
				sup, added, err := a.Register.Suppress(cmd.Context(), who.String(), kind, reason)
				if err != nil {
					return err
				}
				return s.suppressed(a, who, kind, sup, added)
			})
		},
	}
	cmd.Flags().StringVar(&text, "kind", string(newsletter.SuppressedOperator), "the `kind`: hard-bounce, complaint, request or operator")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in `words`")
	return cmd
}

// suppressed tells what came of a suppression: another kind that stands already is not what was asked for.
func (s *shell) suppressed(a *app.App, who address.Address, kind newsletter.SuppressionKind, sup newsletter.Suppression, added bool) error {
	v := viewSuppressed(sup, a.Newsletters[0].Zone)
	since := stamp(v.At, v.At.Location())
	if !added && v.Kind != kind {
		return &answer{code: NotPossible, what: fmt.Sprintf("%s is suppressed already: %s since %s", who.Display(), v.Kind, since),
			do: "to change it, take it away first: facteur suppression remove ADDRESS"}
	}
	return s.show(v, func(p *page) {
		if added {
			p.say("%s receives nothing from now on (%s).", who.Display(), v.Kind)
		} else {
			p.say("%s receives nothing already: %s since %s.", who.Display(), v.Kind, since)
		}
	})
}

func (s *shell) suppressionRemove() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "remove ADDRESS", Short: "Let an address receive letters again",
		Long: `Let an address receive again what it is subscribed to. After a complaint, and of a person who was erased, it asks for
the number of people, which is 1: they said that they do not want it. --yes stands for it in scripts.`,
		Example: "  facteur suppression remove lea@example.org",
		Args:    takes("ADDRESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withAddress(cmd.Context(), mustExist, args[0], func(a *app.App, who address.Address) error {
				return s.unsuppress(cmd.Context(), a, who, yes)
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "take it away without asking")
	return cmd
}

func (s *shell) unsuppress(ctx context.Context, a *app.App, who address.Address, yes bool) error {
	sup, err := a.Store.Suppression(ctx, who)
	if errors.Is(err, newsletter.ErrNotFound) {
		return notSuppressed(who)
	}
	if err != nil {
		return err
	}
	said := ""
	switch {
	case sup.Kind == newsletter.SuppressedComplaint:
		said = "called a letter spam"
	case sup.Address == "" && sup.Reason != newsletter.ReasonMoved:
		said = "was erased"
	}
	if said != "" {
		if err := s.confirm(ctx, yes, fmt.Sprintf("%s %s, and nothing would keep letters from them any longer", who.Display(), said), 1); err != nil {
			return err
		}
	}
	if sup, err = a.Store.Unsuppress(ctx, who); errors.Is(err, newsletter.ErrNotFound) {
		return notSuppressed(who) // another program was faster
	} else if err != nil {
		return err
	}
	return s.show(viewSuppressed(sup, a.Newsletters[0].Zone), func(p *page) {
		p.say("%s is no longer suppressed (it was: %s). Subscriptions are as they were.", who.Display(), sup.Kind)
	})
}
