package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/collect"
)

func (s *shell) articleAdd() *cobra.Command {
	var section string
	var dry bool
	cmd := &cobra.Command{
		Use: "add FILE|ADDRESS…", Short: "Add or update articles from Markdown files or their pages",
		Long: `Add articles from Markdown files, or from their pages on the web.

A file has front matter: YAML between lines of ---, or TOML between lines of +++. title and url are required; section,
summary, author, tags, language, published, picture, picture_alt and canonical may follow.

Of a page, title, chapô, author, date, tags, picture and text are taken. What stands around the text, such as a sign-up
box, is left out: look at it with --dry-run. A page that holds no article, or not all of it, is told of.

An article whose address is known already is updated, and does not go out again by itself. What waits in the inbox came
earlier and is collected before, so that it does not overwrite what you add. All are stored together:
if one is bad nothing is stored of them, and every bad file is named with its line.`,
		Example: "  facteur article add articles/*.md\n  facteur article add --dry-run https://pandia.example/guides/relire\n  facteur article add --section guides https://pandia.example/guides/relire",
		Args:    takes("FILE|ADDRESS…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				if _, err := sectionNames(a, section); err != nil {
					return err
				}
				if dry {
					return s.takeArticles(cmd.Context(), a, section, args)
				}
				return s.addArticles(cmd.Context(), a, section, args)
			})
		},
	}
	cmd.Flags().StringVar(&section, "section", "", "put the articles of pages into this `section`, by its name or title")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "show what would be taken, and store nothing")
	return cmd
}

type putView struct {
	ID      int64           `json:"id"`
	URL     string          `json:"url"`
	Title   string          `json:"title"`
	Outcome collect.Outcome `json:"outcome"`
	Kept    string          `json:"section_by_hand,omitempty"` // the section that it keeps, whatever was added
}

func (s *shell) addArticles(ctx context.Context, a *app.App, section string, places []string) error {
	puts, waited, err := a.AddArticles(ctx, section, places...)
	if err != nil {
		return badArticles(err)
	}
	views := make([]putView, len(puts))
	for i, p := range puts {
		views[i] = putView{ID: p.Article, URL: p.URL, Title: p.Title, Outcome: p.Outcome}
	}
	if err := keptSections(ctx, a, views); err != nil {
		return err
	}
	return s.show(views, func(p *page) {
		p.puts(views)
		p.waited(waited)
	})
}

// waited says what became of the rows that had waited in the inbox.
func (p *page) waited(r collect.Report) {
	numbers := map[string]int{"added": r.Added, "updated": r.Updated, "unchanged": r.Unchanged, "refused": r.Refused}
	said := tallied([]string{"added", "updated", "unchanged", "refused"}, numbers)
	if said == "" {
		return
	}
	p.say("\nThe inbox was collected before: %s.", said)
	if r.Refused > 0 {
		p.say("What was refused, and why: facteur article list --refused")
	}
}

// badArticles tells what cannot be added: all mistakes of files, and each page with what to do about it.
func badArticles(err error) error {
	bad, ok := errors.AsType[app.BadArticles](err)
	if !ok {
		return err
	}
	var files []string
	var told []*answer
	for _, one := range bad {
		if one.Do == "" {
			files = append(files, one.What)
			continue
		}
		told = append(told, &answer{code: BadData, what: one.What, do: "nothing was stored: " + one.Do, cause: err})
	}
	if files != nil {
		told = append(told, &answer{code: BadData, what: strings.Join(files, "\n"), do: "nothing was stored: correct what is named and add the files again", cause: err})
	}
	last := told[len(told)-1]
	last.before = told[:len(told)-1]
	return last
}

func (p *page) puts(views []putView) {
	tally := map[collect.Outcome]int{}
	var rows [][]string
	for _, v := range views {
		tally[v.Outcome]++
		rows = append(rows, []string{strconv.FormatInt(v.ID, 10), string(v.Outcome), v.Title})
	}
	p.say("%s: %s.", articles(len(views)), tallied([]collect.Outcome{collect.Added, collect.Updated, collect.Unchanged}, tally))
	p.gap()
	p.titled([]string{"ID", "OUTCOME", "TITLE"}, rows, "ID")
	for _, v := range views {
		if v.Kept != "" {
			p.gap()
			p.tell("Article %d keeps the section that it was given by hand, %s.", v.ID, v.Kept)
			p.tell("To have what was added say it: facteur article section --undo %d", v.ID)
		}
	}
}

// takeArticles shows what addArticles would store.
func (s *shell) takeArticles(ctx context.Context, a *app.App, section string, places []string) error {
	taken, err := a.TakeArticles(ctx, section, places...)
	if err != nil {
		return badArticles(err)
	}
	zone := a.Newsletters[0].Zone
	views := make([]articleView, len(taken))
	for i, one := range taken {
		views[i] = viewArticle(one.Article, zone)
		views[i].Waits = one.Waits
	}
	return s.show(views, func(p *page) {
		for _, v := range views {
			p.gap()
			p.taken(v, zone)
		}
	})
}

func (p *page) taken(v articleView, zone *time.Location) {
	p.tell("%s", v.Title)
	p.tell("%s", v.becomes())
	p.gap()
	facts := []string{"address", v.URL, "canonical", v.Canonical, "section", v.filed(), "author", v.Author, "language", v.Language, "tags", strings.Join(v.Tags, ", "), "published", stamp(v.Published, zone)}
	if v.Picture != nil {
		facts = append(facts, "picture", v.Picture.Source, "says", v.Picture.says())
	}
	p.facts(facts...)
	p.texts(v)
}

// becomes is what would become of an article that was taken.
func (v articleView) becomes() string {
	switch {
	case v.ID != 0 && v.Waits:
		return fmt.Sprintf("It is known as article %d and waits in the inbox, which is collected before, and would be updated where it differs.", v.ID)
	case v.ID != 0:
		return fmt.Sprintf("It is known as article %d, and would be updated where it differs.", v.ID)
	case v.Waits:
		return "It waits in the inbox, which is collected before, and would be updated where it differs."
	}
	return "It would be added."
}
