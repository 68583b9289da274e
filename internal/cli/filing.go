package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

// A filedView is what became of articles that were given a section, or are of that again which their source names.
type filedView struct {
	Section     string       `json:"section,omitempty"` // that they were given
	Undone      bool         `json:"undone"`
	Articles    []int64      `json:"articles"`
	Newsletters []judgedView `json:"newsletters,omitempty"` // those of which they are candidates
}

type judgedView struct {
	Newsletter string        `json:"newsletter"`
	Verdicts   []verdictView `json:"verdicts"` // computed now
}

func (s *shell) articleSection() *cobra.Command {
	var of string
	var undo bool
	cmd := &cobra.Command{
		Use: "section SECTION ARTICLE…", Short: "Give articles another section",
		Long: `Give articles another section, which they keep whatever their source says when it
brings them again. --undo lets the source say it.

When a section is renamed in the settings or taken out, no edition brings any more
what was of it. --of, in place of ARTICLE…, gives all of that another section;
facteur digest preview tells whether there is any.`,
		Example: "  facteur article section guides 12 31\n  facteur article section tutoriels --of guides     # which is not in the settings any more\n  facteur article section --undo 12",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case undo && of != "":
				return misuse(cmd, "--undo takes the articles themselves, and no --of")
			case undo:
				return takes("ARTICLE…")(cmd, args)
			case of != "":
				return takes("SECTION")(cmd, args)
			}
			return takes("SECTION", "ARTICLE…")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				if undo {
					return s.unfile(cmd.Context(), a, args)
				}
				return s.file(cmd.Context(), a, args[0], of, args[1:])
			})
		},
	}
	cmd.Flags().StringVar(&of, "of", "", "all articles of this `section`, which no newsletter has any more")
	cmd.Flags().BoolVar(&undo, "undo", false, "let the source of the articles say it")
	return cmd
}

// file gives a section, as a person may write it, to articles, or to all of a section that no newsletter has.
func (s *shell) file(ctx context.Context, a *app.App, written, of string, texts []string) error {
	names, err := sectionNames(a, written)
	if err != nil {
		return err
	}
	if names == nil {
		return &answer{code: Misused, what: "no section is named", do: "name one of a newsletter: facteur article section --help"}
	}
	var ids []int64
	if of != "" {
		ids, err = stranded(ctx, a, of)
	} else {
		ids, err = articleIDs(ctx, a, texts)
	}
	if err != nil {
		return err
	}
	if err := a.Store.FileArticles(ctx, ids, names[0]); err != nil {
		return err
	}
	return s.showFiled(ctx, a, filedView{Section: names[0], Articles: ids})
}

func (s *shell) unfile(ctx context.Context, a *app.App, texts []string) error {
	ids, err := articleIDs(ctx, a, texts)
	if err != nil {
		return err
	}
	err = a.Store.UnfileArticles(ctx, ids)
	if errors.Is(err, newsletter.ErrNotFound) {
		return &answer{code: NotFound, what: strings.TrimSuffix(err.Error(), ": "+newsletter.ErrNotFound.Error()), do: "nothing was changed; facteur article show tells of which section an article is", cause: err}
	}
	if err != nil {
		return err
	}
	return s.showFiled(ctx, a, filedView{Undone: true, Articles: ids})
}

func articleIDs(ctx context.Context, a *app.App, texts []string) ([]int64, error) {
	found, err := findArticles(ctx, a, texts)
	ids := make([]int64, len(found))
	for i, one := range found {
		ids[i] = one.ID
	}
	return ids, err
}

// stranded are the articles of a section that no newsletter has.
func stranded(ctx context.Context, a *app.App, of string) (ids []int64, err error) {
	if listedAnywhere(a, of) {
		return nil, &answer{code: NotPossible, what: fmt.Sprintf("%s is a section of a newsletter", of), do: "name the articles of it that are to have another: facteur article list --section " + of}
	}
	all, err := a.Store.ListArticles(ctx, []string{newsletter.SectionKey(of)}, 0)
	if err == nil && len(all) == 0 {
		err = &answer{code: NotFound, what: fmt.Sprintf("there is no article of a section %s", of), do: "facteur digest preview tells of which sections there are that no newsletter has"}
	}
	for _, one := range all {
		ids = append(ids, one.ID)
	}
	return ids, err
}

func (s *shell) showFiled(ctx context.Context, a *app.App, v filedView) error {
	for _, n := range a.Newsletters {
		verdicts, err := a.Desk.VerdictsOn(ctx, n, v.Articles)
		if err != nil {
			return err
		}
		if len(verdicts) > 0 {
			v.Newsletters = append(v.Newsletters, judgedView{n.Name, viewVerdicts(n, verdicts)})
		}
	}
	return s.show(v, func(p *page) {
		if v.Undone {
			p.say("Of the section that the source names: %s. As of now:", articles(len(v.Articles)))
		} else {
			p.say("Of section %s, whatever the source says: %s. As of now:", v.Section, articles(len(v.Articles)))
		}
		for _, one := range v.Newsletters {
			p.say("  %s  %s.", one.Newsletter, totals(one.Verdicts))
		}
		if v.Newsletters == nil {
			p.say("  no newsletter has the section.")
		}
	})
}

// listedAnywhere reports a section that a newsletter has.
func listedAnywhere(a *app.App, section string) bool {
	return slices.ContainsFunc(a.Newsletters, func(n newsletter.Newsletter) bool {
		_, listed := n.Section(section)
		return listed
	})
}

// givingSection is the command that gives some articles a section.
func givingSection(articles string) string { return "facteur article section SECTION " + articles }

// filed is the section, with who says so.
func (v articleView) filed() string {
	switch {
	case v.Filed && v.Sourced == "":
		return v.Section + ", by hand; its source names none"
	case v.Filed:
		return fmt.Sprintf("%s, by hand; its source says %s", v.Section, v.Sourced)
	}
	return v.Section
}

// keptSections notes of articles that were added which keep a section that they were given by hand, though another was added.
func keptSections(ctx context.Context, a *app.App, views []putView) error {
	ids := make([]int64, len(views))
	for i, v := range views {
		ids[i] = v.ID
	}
	stored, err := a.Store.Articles(ctx, ids)
	for i, one := range stored {
		if one.Filed && one.Section != one.Sourced {
			views[i].Kept = one.Section
		}
	}
	return err
}
