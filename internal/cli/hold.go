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
			return s.changeEdition(cmd.Context(), args[0],
				func(a *app.App, e newsletter.Edition) error { return a.Store.Pause(cmd.Context(), e.Ref(), true) },
				func(v editionView) string {
					return fmt.Sprintf("%s is held, with %s to leave. To let it go on: facteur edition resume %[1]s", v.Edition, letters(v.open()))
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
			return s.changeEdition(cmd.Context(), args[0],
				func(a *app.App, e newsletter.Edition) error { return a.Store.Pause(cmd.Context(), e.Ref(), false) },
				func(v editionView) string {
					return fmt.Sprintf("%s goes on: %s to leave.", v.Edition, letters(v.open()))
				})
		},
	}
}

func (s *shell) editionCancel() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "cancel EDITION", Short: "End an edition for good: what has not left does not leave",
		Long: `End an edition for good. What has left stays as it is; what has not does not leave, and no resend brings it back.
Where no letter of it had left yet, it brought no article: they are offered again, but for those that another edition
brought meanwhile or that are out by now, and what was pinned is pinned again; else they count as carried. It says what
becomes of them.

It says how many letters that are and wants the number typed; --yes stands for it in scripts.`,
		Example: "  facteur edition cancel 42",
		Args:    takes("EDITION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			n := 0
			return s.changeEdition(cmd.Context(), args[0],
				func(a *app.App, e newsletter.Edition) error {
					open, err := s.confirmEnd(cmd.Context(), a, e, yes)
					if err == nil {
						n, err = s.cancelled(cmd.Context(), a, e, open)
					}
					return err
				},
				func(v editionView) string {
					return fmt.Sprintf("%s is cancelled: %s will not leave.\n%s", v.Edition, letters(n), v.given())
				})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "cancel without asking")
	return cmd
}

// confirmEnd asks before an edition that is under way ends, and returns how many letters will not leave.
func (s *shell) confirmEnd(ctx context.Context, a *app.App, e newsletter.Edition, yes bool) (open int, err error) {
	if e.State != newsletter.EditionQueueing && e.State != newsletter.EditionSending {
		return 0, nil
	}
	v, err := s.counted(ctx, a, e, "counting its letters")
	if err != nil {
		return 0, err
	}
	return v.open(), s.confirm(ctx, yes, fmt.Sprintf("%s ends for good, and %s will not leave", v.Edition, letters(v.open())), v.open())
}

// cancelled ends an edition and tells how far that has come.
func (s *shell) cancelled(ctx context.Context, a *app.App, e newsletter.Edition, open int) (int, error) {
	line := s.progress()
	defer line.end()
	return a.Store.Cancel(ctx, e.Ref(), func(n int) { line.bar(headway{done: int64(n), whole: int64(open), n: n, what: "cancelled"}) })
}

// counted counts an edition's letters. Of a million that takes a second or two, in which a terminal says what is waited for.
func (s *shell) counted(ctx context.Context, a *app.App, e newsletter.Edition, doing string) (editionView, error) {
	line := s.progress()
	line.begin(fmt.Sprintf("%s: %s …", e.Ref(), doing))
	defer line.end()
	return viewEdition(ctx, a, e)
}

// changeEdition finds an edition, changes it and says how it stands then. Nothing is counted before: that takes a second where
// a million letters are to be held.
func (s *shell) changeEdition(ctx context.Context, text string, change func(*app.App, newsletter.Edition) error, done func(after editionView) string) error {
	return s.with(ctx, mustExist, func(a *app.App) error {
		e, err := edition(ctx, a, text)
		if err != nil {
			return err
		}
		if err := change(a, e); err != nil {
			return because(err, newsletter.ErrState, fmt.Sprintf("nothing was changed; facteur edition show %s tells how it stands", e.Ref()))
		}
		if e, err = a.Store.EditionByID(ctx, e.ID); err != nil {
			return err
		}
		after, err := s.counted(ctx, a, e, "done, counting its letters")
		if err != nil {
			return err
		}
		if after.Given, err = viewGiven(ctx, a, e); err != nil {
			return err
		}
		return s.show(after, func(p *page) { p.say("%s", done(after)) })
	})
}
