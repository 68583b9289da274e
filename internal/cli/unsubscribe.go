package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
)

type leftView struct {
	Address    string `json:"address"`
	Newsletter string `json:"newsletter"`
	Already    bool   `json:"already"` // had left before
}

func (s *shell) subscriberUnsubscribe() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use: "unsubscribe ADDRESS", Short: "End a reader's subscriptions, as they asked you to",
		Long: `End a reader's subscriptions, all or that to one newsletter, as they asked you to by letter or telephone. It counts at
once, also for copies of a running edition that have not left, and is recorded as a withdrawn consent. Only the person
can come back, by signing up.`,
		Example: "  facteur subscriber unsubscribe lea@example.org\n  facteur subscriber unsubscribe lea@example.org --newsletter hebdo",
		Args:    takes("ADDRESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withAddress(cmd.Context(), mustExist, args[0], func(a *app.App, who address.Address) error {
				return s.unsubscribe(cmd.Context(), a, who, name)
			})
		},
	}
	cmd.Flags().StringVar(&name, "newsletter", "", "only this newsletter, by `name`")
	return cmd
}

func (s *shell) unsubscribe(ctx context.Context, a *app.App, who address.Address, name string) error {
	if name != "" {
		if _, err := a.Newsletter(name); err != nil {
			return err
		}
	}
	ended, err := a.Register.Unsubscribe(ctx, who.String(), name)
	switch {
	case errors.Is(err, newsletter.ErrNotFound) && name != "":
		return &answer{code: NotFound, what: fmt.Sprintf("%s never asked for %s", who.Display(), name), do: "nothing was changed; facteur subscriber show ADDRESS tells what there is"}
	case errors.Is(err, newsletter.ErrNotFound):
		return unknownAddress(who)
	case err != nil:
		return err
	}
	views := make([]leftView, len(ended))
	for i, sub := range ended {
		views[i] = leftView{Address: who.String(), Newsletter: sub.Newsletter, Already: sub.State == newsletter.Unsubscribed}
	}
	return s.show(views, func(p *page) {
		for _, v := range views {
			if v.Already {
				p.say("%s had left %s before.", who.Display(), v.Newsletter)
			} else {
				p.say("%s left %s.", who.Display(), v.Newsletter)
			}
		}
	})
}
