package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

type erasedView struct {
	Erased  bool `json:"erased"`  // nothing by which the person can be recognised is left but a keyed hash
	Already bool `json:"already"` // it was so before
}

func (s *shell) subscriberErase() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "erase ADDRESS", Short: "Erase a person for good, as the law lets them ask for",
		Long: `Erase a person for good: their subscriptions end, what has not left does not leave, and the address goes from the
database, its log and the outbox folder. A keyed hash stays, so that no import brings them back; only they themselves
can, by signing up. What lies outside (backups, the service manager's log, the relay) is told in docs/privacy.md.

It wants the number of people typed, which is 1; --yes stands for it in scripts. It may be given again: it says so.`,
		Example: "  facteur subscriber export lea@example.org -o lea.json\n  facteur subscriber erase lea@example.org",
		Args:    takes("ADDRESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withAddress(cmd.Context(), mustExist, args[0], func(a *app.App, who address.Address) error {
				return s.erase(cmd.Context(), a, who, yes)
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "erase without asking")
	return cmd
}

func (s *shell) erase(ctx context.Context, a *app.App, who address.Address, yes bool) error {
	d, err := a.Store.Dossier(ctx, who)
	if errors.Is(err, newsletter.ErrNotFound) {
		return unknownAddress(who)
	}
	if err != nil {
		return err
	}
	if !isErased(d) {
		what := fmt.Sprintf("%s will be erased for good, with %s and the history of %s", who.Display(), count(len(d.Subscriptions), "subscription", "subscriptions"), letters(len(d.Letters)))
		if err := s.confirm(ctx, yes, what, 1); err != nil {
			return err
		}
	}
	done, err := a.Register.Erase(ctx, who.String())
	if err != nil {
		return because(err, subscription.ErrTraces, "facteur serve removes what is left as soon as it can; where it does not run, give the same command again")
	}
	return s.show(erasedView{Erased: true, Already: !done}, func(p *page) {
		if !done {
			p.say("%s was erased before; nothing was left to erase.", who.Display())
			return
		}
		p.say("%s is erased. A keyed hash keeps imports from bringing them back.", who.Display())
		p.say("Backups made before still hold the address: docs/privacy.md tells what lies outside.")
	})
}

// isErased reports a dossier that no longer tells who it is about.
func isErased(d subscription.Dossier) bool {
	for _, l := range d.Letters {
		if l.Address != "" {
			return false
		}
	}
	return d.Subscriber.Address == "" && d.MoveTo == "" && d.Suppression != nil && d.Suppression.Address == ""
}
