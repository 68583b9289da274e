package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

func (s *shell) article() *cobra.Command {
	return group("article", "Add articles by hand, look at them, say which go out", `Add articles by hand, look at them, say which go out.

Other programs offer articles through the table inbox; docs/articles.md is its contract.`,
		s.articleAdd(), s.articleList(), s.articleShow(), s.articlePin(), s.articleLead(), s.articleExclude(), s.articleHide(), s.articleSection(), s.articleMerge(), s.articleSplit(), s.articleFetch())
}

type articleView struct {
	ID        int64     `json:"id"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Section   string    `json:"section"`
	Filed     bool      `json:"section_by_hand,omitempty"` // an editor gave it, whatever the source says
	Sourced   string    `json:"source_section,omitempty"`  // that the source names instead; empty: none, which is the first of each newsletter
	Nowhere   bool      `json:"of_no_section,omitempty"`   // no newsletter has it
	Author    string    `json:"author,omitempty"`
	Language  string    `json:"language,omitempty"`
	Published time.Time `json:"published,omitzero"`
	Arrived   time.Time `json:"arrived,omitzero"`
	Hidden    bool      `json:"hidden"`
	Waits     bool      `json:"waits_in_inbox,omitempty"` // of what would be added: it stands there as well, and is collected before
	CarriedBy []string  `json:"carried_by,omitempty"`     // editions; of a story, those that brought this article of it
	Leader    int64     `json:"duplicate_of,omitempty"`   // in a list: the article that leads its story
	Canonical string    `json:"canonical,omitempty"`      // another address that its source gives it
	Tags      []string  `json:"tags,omitempty"`
	Summary   string    `json:"summary,omitempty"`
	Body      string    `json:"body,omitempty"`

	Picture *pictureView `json:"picture,omitempty"`
	Link    *linkView    `json:"link,omitempty"`
	Story   []memberView `json:"story,omitempty"`
	Stands  []standView  `json:"by_hand,omitempty"` // what editors decided

	Back     []catalogueView `json:"back_catalogue,omitempty"`
	Partings []partingView   `json:"partings,omitempty"` // of its story
}

func viewArticle(a newsletter.Article, zone *time.Location) articleView {
	v := articleView{
		ID: a.ID, URL: a.URL, Title: a.Title, Section: a.Section, Filed: a.Filed, Sourced: a.Sourced, Author: a.Author, Language: a.Language,
		Published: a.Published.In(zone), Arrived: a.Arrived.In(zone), Hidden: a.Hidden, Canonical: a.Canonical, Tags: a.Tags, Summary: a.Summary, Body: a.Body,
	}
	if a.Picture != "" {
		v.Picture = &pictureView{Source: a.Picture, Alt: a.PictureAlt}
	}
	return v
}

func (s *shell) articleList() *cobra.Command {
	var section string
	var limit int
	var refused bool
	cmd := &cobra.Command{
		Use: "list", Short: "List articles, the latest arrivals first",
		Example: "  facteur article list --section guides\n  facteur article list --refused      # rows of the inbox that were not accepted, and why",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				if refused {
					return s.listRefused(cmd.Context(), a, limit)
				}
				return s.listArticles(cmd.Context(), a, section, limit)
			})
		},
	}
	cmd.Flags().StringVar(&section, "section", "", "only this `section`, by its name or title")
	cmd.Flags().IntVar(&limit, "limit", 50, "at most this `number`; 0 is all")
	cmd.Flags().BoolVar(&refused, "refused", false, "list the rows of the inbox that were refused instead")
	return cmd
}

func (s *shell) listArticles(ctx context.Context, a *app.App, section string, limit int) error {
	names, err := sectionNames(a, section)
	if err != nil {
		return err
	}
	shelf, err := a.Store.ListArticles(ctx, names, limit)
	if err != nil {
		return err
	}
	stands, err := viewStands(ctx, a, 0)
	if err != nil {
		return err
	}
	zone := a.Newsletters[0].Zone
	views := make([]articleView, len(shelf))
	for i, l := range shelf {
		views[i] = viewArticle(l.Article, zone)
		views[i].CarriedBy, views[i].Leader, views[i].Stands = l.CarriedBy, l.Leader, stands[l.ID]
		if views[i].Picture != nil {
			views[i].Picture.State, views[i].Picture.Reason = l.PictureState, l.PictureReason
		}
	}
	return s.show(views, func(p *page) {
		switch {
		case len(views) == 0 && names != nil:
			p.say("There is no article in this section.")
			return
		case len(views) == 0:
			p.say("There is no article yet: facteur article add adds some.")
			return
		}
		rows := make([][]string, len(views))
		for i, v := range views {
			carried := strings.Join(v.CarriedBy, " ")
			if v.Hidden {
				carried = strings.TrimSpace(carried + " (hidden)")
			}
			if v.Leader != 0 {
				carried = strings.TrimSpace(fmt.Sprintf("%s (duplicate of %d)", carried, v.Leader))
			}
			for _, one := range v.Stands {
				carried = strings.TrimSpace(fmt.Sprintf("%s (%s)", carried, one.short()))
			}
			rows[i] = []string{strconv.FormatInt(v.ID, 10), v.Section, stamp(v.Published, zone), stamp(v.Arrived, zone), carried, v.Picture.short(), v.Title}
		}
		p.titled([]string{"ID", "SECTION", "PUBLISHED", "ARRIVED", "CARRIED BY", "PICTURE", "TITLE"}, rows, "ID")
		p.cut(len(views), limit)
	})
}

// cut says that a list may go on.
func (p *page) cut(shown, limit int) {
	if limit > 0 && shown == limit {
		p.say("\nThese are the first %d; --limit 0 lists all.", limit)
	}
}

// sectionNames are the names under which articles of a section may be stored, as a person may write it: what it is
// called in each newsletter, and no name where a newsletter reads articles without a section there.
func sectionNames(a *app.App, written string) ([]string, error) {
	if strings.TrimSpace(written) == "" {
		return nil, nil
	}
	var names, known []string
	for _, n := range a.Newsletters {
		if s, ok := n.Section(written); ok {
			names = append(names, s.Name)
			if s.Name == n.Sections[0].Name {
				names = append(names, "")
			}
		}
		known = append(known, n.SectionNames()...)
	}
	if names == nil {
		slices.Sort(known)
		return nil, &answer{
			code: NotFound, what: fmt.Sprintf("there is no section %q", written), do: "use one of " + strings.Join(slices.Compact(known), ", "),
		}
	}
	return names, nil
}

type refusedView struct {
	Row    int64  `json:"row"`
	Reason string `json:"reason"`
}

func (s *shell) listRefused(ctx context.Context, a *app.App, limit int) error {
	refused, err := a.Store.InboxRefused(ctx, most(limit))
	if err != nil {
		return err
	}
	views := make([]refusedView, len(refused))
	rows := make([][]string, len(refused))
	for i, r := range refused {
		views[i] = refusedView{Row: r.Row, Reason: r.Reason}
		rows[i] = []string{strconv.FormatInt(r.Row, 10), r.Reason}
	}
	return s.show(views, func(p *page) {
		if len(rows) == 0 {
			p.say("No row of the inbox was refused.")
			return
		}
		p.tell("%s of the inbox refused. Offer a corrected row anew, as docs/articles.md says.", count(len(rows), "row", "rows"))
		p.gap()
		p.reasoned([]string{"ROW", "REASON"}, rows, "ROW")
	})
}

// findArticle finds an article by its id or its address.
func findArticle(ctx context.Context, a *app.App, text string) (newsletter.Article, error) {
	missing := &answer{code: NotFound, what: fmt.Sprintf("there is no article %s", text), do: "give its address, or its id: facteur article list shows that"}
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		found, err := a.Store.Articles(ctx, []int64{id})
		if err != nil {
			return newsletter.Article{}, orMissing(err, missing)
		}
		return found[0], nil
	}
	url, err := newsletter.CanonicalURL(text)
	if err != nil {
		return newsletter.Article{}, missing
	}
	found, err := a.Store.ArticleByURL(ctx, url)
	if !errors.Is(err, newsletter.ErrNotFound) {
		return found, err
	}
	waiting, err := a.Collector.Offered(ctx, []string{url})
	if err != nil {
		return found, err
	}
	if len(waiting) > 0 {
		missing = &answer{
			code: NotFound, what: url + " waits in the inbox, and is no article before it is collected", cause: errWaits,
			do: "facteur digest preview tells what becomes of it; serve collects it at its next turn, and facteur article pin, section and the like before they act on it",
		}
	}
	return found, missing
}

// errWaits reports a row of the inbox where an article is wanted.
var errWaits = errors.New("a row of the inbox waits")

// findArticles finds those that something is about to be decided of. Where one still waits in the inbox, that is collected before.
func findArticles(ctx context.Context, a *app.App, texts []string) ([]newsletter.Article, error) {
	all := make([]newsletter.Article, len(texts))
	for i, text := range texts {
		found, err := findArticle(ctx, a, text)
		if errors.Is(err, errWaits) {
			if _, err := a.Collector.Collect(ctx); err != nil {
				return nil, err
			}
			found, err = findArticle(ctx, a, text)
		}
		if err != nil {
			return nil, err
		}
		all[i] = found
	}
	return all, nil
}

func orMissing(err error, missing *answer) error {
	if errors.Is(err, newsletter.ErrNotFound) {
		return missing
	}
	return err
}

func (s *shell) articleShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ARTICLE", Short: "Show an article, by its id or its address",
		Example: "  facteur article show 12\n  facteur article show https://pandia.example/guides/relire",
		Args:    takes("ARTICLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				found, err := findArticle(cmd.Context(), a, args[0])
				if err != nil {
					return err
				}
				zone := a.Newsletters[0].Zone
				v := viewArticle(found, zone)
				v.Nowhere = !listedAnywhere(a, found.Section)
				if err := v.Picture.look(cmd.Context(), a, zone); err != nil {
					return err
				}
				if v.Link, err = viewLink(cmd.Context(), a, found.URL, zone); err != nil {
					return err
				}
				members, err := viewMembers(cmd.Context(), a, found.ID)
				if err != nil {
					return err
				}
				v.Story, v.CarriedBy = asStory(members), carriersOf(members, found.ID)
				if v.Back, err = viewCatalogues(cmd.Context(), a, found); err != nil {
					return err
				}
				if v.Partings, err = viewPartings(cmd.Context(), a, found.ID, zone); err != nil {
					return err
				}
				stands, err := viewStands(cmd.Context(), a, found.ID)
				if err != nil {
					return err
				}
				v.Stands = stands[found.ID]
				return s.show(v, func(p *page) { p.article(v, zone) })
			})
		},
	}
}

func (p *page) article(v articleView, zone *time.Location) {
	p.tell("%s", v.Title)
	if v.Hidden {
		p.tell("Hidden: no edition takes it. To let it in again: facteur article hide --undo %d", v.ID)
	}
	p.gap()
	p.facts("id", strconv.FormatInt(v.ID, 10), "address", v.URL, "canonical", v.Canonical, "section", v.filed(), "author", v.Author, "language", v.Language,
		"tags", strings.Join(v.Tags, ", "), "published", stamp(v.Published, zone), "arrived", stamp(v.Arrived, zone), "page", v.Link.told(zone),
		"by hand", stood(v.Stands), "carried by", strings.Join(v.CarriedBy, ", "))
	if v.Nowhere {
		p.gap()
		p.tell("No newsletter has a section %s, so that none brings it.", v.Section)
		p.tell("Put it into the settings again, or give it another: %s", givingSection(strconv.FormatInt(v.ID, 10)))
	}
	p.catalogues(v.Back, v.Stands, zone)
	v.Picture.page(p, zone)
	p.story(v.Story)
	p.partings(v.Partings, zone)
	p.texts(v)
}

// texts are those of an article.
func (p *page) texts(v articleView) {
	for _, text := range []string{v.Summary, v.Body} {
		if text != "" {
			p.gap()
			p.prose(text)
		}
	}
}
