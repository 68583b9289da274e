package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

func (s *shell) editionPause() *cobra.Command {
	return &cobra.Command{
		Use: "pause EDITION", Short: "Hold an edition: no further letter of it leaves",
		Long:    "Hold an edition. It counts at once: letters already on the wire are finished, no other leaves until edition resume.",
		Example: "  facteur edition pause 42",
		Args:    takes("EDITION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.changeEdition(cmd.Context(), args[0], func(a *app.App, v editionView, ref newsletter.EditionRef) (string, error) {
				return fmt.Sprintf("%s is held: %s wait. To let it go on: facteur edition resume %[1]s", ref, letters(v.open())),
					a.Store.Pause(cmd.Context(), ref, true)
			})
		},
	}
}

func (s *shell) editionResume() *cobra.Command {
	return &cobra.Command{
		Use: "resume EDITION", Short: "Let a held edition go on",
		Example: "  facteur edition resume 42",
		Args:    takes("EDITION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.changeEdition(cmd.Context(), args[0], func(a *app.App, v editionView, ref newsletter.EditionRef) (string, error) {
				return fmt.Sprintf("%s goes on: %s to leave.", ref, letters(v.open())), a.Store.Pause(cmd.Context(), ref, false)
			})
		},
	}
}

func (s *shell) editionCancel() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "cancel EDITION", Short: "End an edition for good: what has not left does not leave",
		Long: `End an edition for good. What has left stays as it is; what has not does not leave, and no resend brings it back.

It says how many letters that are and wants the number typed; --yes stands for it in scripts.`,
		Example: "  facteur edition cancel 42",
		Args:    takes("EDITION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.changeEdition(cmd.Context(), args[0], func(a *app.App, v editionView, ref newsletter.EditionRef) (string, error) {
				if state := newsletter.EditionState(v.State); state == newsletter.EditionQueueing || state == newsletter.EditionSending {
					if err := s.confirm(cmd.Context(), yes, fmt.Sprintf("%s ends for good, and %s will not leave", ref, letters(v.open())), v.open()); err != nil {
						return "", err
					}
				}
				n, err := a.Store.Cancel(cmd.Context(), ref)
				return fmt.Sprintf("%s is cancelled: %s will not leave.", ref, letters(n)), err
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "cancel without asking")
	return cmd
}

// changeEdition finds an edition, changes it and says how it stands then.
func (s *shell) changeEdition(ctx context.Context, text string, change func(*app.App, editionView, newsletter.EditionRef) (string, error)) error {
	return s.with(ctx, mustExist, func(a *app.App) error {
		e, err := edition(ctx, a, text)
		if err != nil {
			return err
		}
		before, err := viewEdition(ctx, a, e)
		if err != nil {
			return err
		}
		done, err := change(a, before, e.Ref())
		if err != nil {
			return because(err, newsletter.ErrState, fmt.Sprintf("nothing was changed; facteur edition show %s tells how it stands", e.Ref()))
		}
		if e, err = a.Store.EditionByID(ctx, e.ID); err != nil {
			return err
		}
		after, err := viewEdition(ctx, a, e)
		if err != nil {
			return err
		}
		return s.show(after, func(p *page) { p.say("%s", done) })
	})
}
