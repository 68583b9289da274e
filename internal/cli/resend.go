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

func (s *shell) resend() *cobra.Command {
	var failed, yes, dry bool
	var to string
	cmd := &cobra.Command{
		Use: "resend EDITION --failed | --to ADDRESS", Short: "Send an edition to those who did not get it",
		Long: `Send an edition once more: to all whose letter failed or expired, or to one reader.

--failed never reaches anyone who has the edition, left or is suppressed. --to names one reader and sends even
if they have it: then it is a further copy, with its own number. Both say to how many people letters go and
want that number typed; --yes stands for it in scripts, --dry-run only says it.`,
		Example: "  facteur resend 42 --failed --dry-run\n  facteur resend hebdo/42 --to lea@example.org",
		Args:    takes("EDITION"), DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if failed == (to != "") {
				return misuse(cmd, "facteur resend needs either --failed or --to ADDRESS")
			}
			o := resending{yes: yes, dry: dry}
			if to != "" {
				var err error
				if o.to, err = address.Parse(to); err != nil {
					return err
				}
			}
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				e, err := edition(cmd.Context(), a, args[0])
				if err != nil {
					return err
				}
				if failed {
					return s.resendFailed(cmd.Context(), a, e, o)
				}
				return s.resendTo(cmd.Context(), a, e, o)
			})
		},
	}
	cmd.Flags().BoolVar(&failed, "failed", false, "to all whose letter failed or expired")
	cmd.Flags().StringVar(&to, "to", "", "to this reader's `address`")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "send without asking")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say to how many letters would go")
	return cmd
}

type resending struct {
	to       address.Address
	yes, dry bool
}

// byCommand is who asked for a resend, as the ledger notes it.
const byCommand = "command"

func (s *shell) resendFailed(ctx context.Context, a *app.App, e newsletter.Edition, o resending) error {
	n, err := a.Store.CountFailed(ctx, e.Ref())
	if err != nil {
		return err
	}
	v := queuedView{Edition: e.Ref().String(), What: "failed", Letters: n, DryRun: o.dry}
	if n == 0 || o.dry {
		return s.show(v, func(p *page) {
			if n == 0 {
				p.say("Nobody: no letter of %s failed whose reader may have it.", v.Edition)
			} else {
				p.say("%s would go to %s whose letter failed. Nothing was queued.", v.Edition, readers(n))
			}
		})
	}
	if err := s.confirm(ctx, o.yes, fmt.Sprintf("%s goes once more to %s whose letter failed", v.Edition, readers(n)), n); err != nil {
		return err
	}
	if v.Letters, err = a.Store.ResendFailed(ctx, e.Ref(), byCommand, s.Now()); err != nil {
		return because(err, newsletter.ErrState, fmt.Sprintf("nothing was queued; facteur edition show %s tells how it stands", e.Ref()))
	}
	return s.queued(a, v, fmt.Sprintf("%s is queued once more for %s.", v.Edition, readers(v.Letters)))
}

func (s *shell) resendTo(ctx context.Context, a *app.App, e newsletter.Edition, o resending) error {
	number, told, err := s.nextCopy(ctx, a, e, o.to)
	if err != nil {
		return err
	}
	v := queuedView{Edition: e.Ref().String(), What: "to", Letters: 1, To: o.to.String(), Copy: number, DryRun: o.dry}
	if o.dry {
		return s.show(v, func(p *page) { p.say("%s Nothing was queued.", told) })
	}
	if err := s.confirm(ctx, o.yes, told[:len(told)-1], 1); err != nil {
		return err
	}
	next, err := a.Store.ResendTo(ctx, e.Ref(), o.to, byCommand, s.Now())
	if err != nil {
		return because(err, newsletter.ErrState, fmt.Sprintf("nothing was queued; facteur explain %s tells more", o.to))
	}
	v.Copy = next.Copy
	return s.queued(a, v, fmt.Sprintf("Copy %d of %s is queued for %s.", v.Copy, v.Edition, o.to.Display()))
}

// nextCopy says which copy of an edition a reader would get and what they have of it, or why they may not get any.
func (s *shell) nextCopy(ctx context.Context, a *app.App, e newsletter.Edition, to address.Address) (int, string, error) {
	next, err := a.Store.NextCopy(ctx, e.Ref(), to)
	hint := fmt.Sprintf("nothing was queued; facteur explain %s tells more", to)
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		return 0, "", &answer{code: NotFound, what: fmt.Sprintf("%s never asked for %s", to.Display(), e.Newsletter), do: hint, cause: err}
	case err != nil:
		return 0, "", because(err, newsletter.ErrState, hint)
	case next.Had == "":
		return next.Copy, fmt.Sprintf("%s has no copy of %s; this is copy 1.", to.Display(), e.Ref()), nil
	case next.Had == newsletter.Sent || next.Had == newsletter.Bounced:
		return next.Copy, fmt.Sprintf("%s had copy %d of %s (%s); this is copy %d.", to.Display(), next.Copy-1, e.Ref(), next.Had, next.Copy), nil
	}
	return next.Copy, fmt.Sprintf("%s did not get copy %d of %s (%s); it is sent once more.", to.Display(), next.Copy, e.Ref(), next.Had), nil
}
