package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

type preflightView struct {
	Edition  string        `json:"edition,omitempty"`
	Subject  string        `json:"subject,omitempty"`
	Frozen   bool          `json:"frozen"`           // it was published; otherwise it is what would leave now
	Reason   string        `json:"reason,omitempty"` // why nothing would leave
	Blocks   int           `json:"blocks"`
	Warns    int           `json:"warns"`
	Findings []findingView `json:"findings"`
}

type findingView struct {
	Severity preflight.Severity `json:"severity"`
	Rule     string             `json:"rule"`
	Place    preflight.Place    `json:"place"`
	What     string             `json:"what"`
	Cure     string             `json:"cure"`
	More     int                `json:"more,omitempty"` // findings of the same rule that are not listed
}

func viewFindings(all []preflight.Finding) []findingView {
	views := make([]findingView, len(all))
	for i, f := range all {
		views[i] = findingView(f)
	}
	return views
}

func (s *shell) preflight() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use: "preflight [EDITION]", Short: "Say what is wrong with a letter before anybody gets it",
		Long: `Look at an edition's letter as its readers would get it, and say what is wrong with its size, footer, pictures,
links, headings, contrast in light and dark, subject and text part, what mail programs lack, and whether two readers
get the same.

Without EDITION it looks at what would leave now, as facteur digest preview does: nothing is moved. The pages that it
leads to are looked for once more, unless collect.check_links says no; what those of its articles met is all that
is recorded.
What blocks keeps an edition from being published, by the schedule or by hand; what warns stops nothing. The exit code
is 0 where nothing blocks.`,
		Example: "  facteur preflight\n  facteur preflight 42\n  facteur preflight --json | jq '.findings[] | select(.severity == \"blocks\")'",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return takes("EDITION")(cmd, args)
		},
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				v, err := s.looked(cmd.Context(), a, name, args)
				if err != nil {
					return err
				}
				if err := s.show(v, func(p *page) { p.preflight(v) }); err != nil {
					return err
				}
				if v.Blocks > 0 {
					return &answer{code: BadData, what: v.Edition + " may not leave as it is", do: "mend what blocks it, then look again"}
				}
				return nil
			})
		},
	}
	return naming(cmd, &name)
}

// looked is what was found in an edition, or in what would leave now.
func (s *shell) looked(ctx context.Context, a *app.App, name string, args []string) (preflightView, error) {
	if len(args) == 0 {
		n, err := a.Newsletter(name)
		if err != nil {
			return preflightView{}, err
		}
		draft, err := a.Desk.Draft(ctx, n)
		if err != nil {
			return preflightView{}, err
		}
		v := viewPreflight(newsletter.EditionRef{Newsletter: n.Name, Number: draft.Number}.String(), draft.Subject, draft.Findings)
		if draft.Empty() {
			v.Edition, v.Reason = "", draft.Reason
		}
		return v, nil
	}
	e, err := edition(ctx, a, args[0])
	if err != nil {
		return preflightView{}, err
	}
	findings, err := a.Preflight(ctx, e)
	v := viewPreflight(e.Ref().String(), e.Content.Subject, findings)
	v.Frozen = true
	return v, err
}

func viewPreflight(edition, subject string, findings []preflight.Finding) preflightView {
	v := preflightView{Edition: edition, Subject: subject, Findings: viewFindings(findings)}
	for _, f := range findings {
		if f.Severity == preflight.Blocks {
			v.Blocks += 1 + f.More
		} else {
			v.Warns += 1 + f.More
		}
	}
	return v
}

// preflight answers in one line, then tells each finding, what blocks first.
func (p *page) preflight(v preflightView) {
	warnings := count(v.Warns, "thing could be better", "things could be better")
	switch {
	case v.Reason != "":
		p.say("Nothing would leave: %s.", v.Reason)
		return
	case v.Blocks > 0 && v.Warns > 0:
		p.say("%s MAY NOT LEAVE: %s; %s.", v.Edition, count(v.Blocks, "thing blocks it", "things block it"), warnings)
	case v.Blocks > 0:
		p.say("%s MAY NOT LEAVE: %s.", v.Edition, count(v.Blocks, "thing blocks it", "things block it"))
	case v.Warns > 0:
		p.say("%s may leave; %s.", v.Edition, warnings)
	default:
		p.say("%s may leave: nothing to mend.", v.Edition)
	}
	p.say("%s", v.Subject)
	if v.Frozen && len(v.Findings) > 0 {
		p.say("It is published, and does not change any more: what is mended now is mended for the next one.")
	}
	p.findings(v.Findings)
}

// findings tells each thing in three lines: what, where, and its cure.
func (p *page) findings(all []findingView) {
	for _, f := range all {
		p.gap()
		mark := "warning"
		if f.Severity == preflight.Blocks {
			mark = "BLOCKS"
		}
		p.say("%s  %s", mark, f.What)
		more := ""
		if f.More > 0 {
			more = fmt.Sprintf(" (and %d more places)", f.More)
		}
		p.say("  where  %s%s", f.Place, more)
		p.say("  cure   %s  [%s]", f.Cure, f.Rule)
	}
}

// blocked tells what keeps an edition from being published.
func blocked(err error, n newsletter.Newsletter) error {
	found, ok := errors.AsType[digest.Blocked](err)
	if !ok {
		return err
	}
	told := &answer{code: BadData, what: "preflight blocks this edition, and nothing was published", do: n.Command("preflight") + " tells the cure of each, and what could be better", cause: err}
	for _, f := range found {
		told.what += fmt.Sprintf("\n%s (%s)", f.What, f.Place)
	}
	return told
}
