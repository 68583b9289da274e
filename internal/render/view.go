package render

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"facteur/internal/newsletter"
	"facteur/internal/token"
	"facteur/internal/typography"
)

// editionView is what the templates of an edition see. Empty fields are left out of the letter.
type editionView struct {
	say
	Lang      string
	Subject   string
	Preheader string

	Site      string
	SiteURL   string
	Title     string
	IssueLine string // number and date

	Lead     *storyView
	Chapters []chapterView

	Why        string // why the reader has this letter
	Leave      string // address of the reader's own page
	Publisher  string
	Postal     string
	Contact    string
	LegalURL   string
	PrivacyURL string
}

type chapterView struct {
	Title   string
	Stories []storyView
}

type storyView struct {
	say
	Lang    string // empty: the letter's own
	URL     string
	Title   string
	Quoted  string // the title as it stands between quotation marks
	Summary string
	Meta    string // section, site and reading time, as far as they tell something
}

// say gives a view the strings of its language.
type say struct{ catalogue *Catalogue }

// Say returns a string that needs no data.
func (s say) Say(id string) (string, error) { return s.catalogue.Text(id, nil) }

func (r *Renderer) editionView(f Frame, c newsletter.Content) (*editionView, error) {
	n := f.Newsletter
	catalogue, ok := r.catalogues[n.Language]
	if !ok {
		return nil, fmt.Errorf("there are no letter strings in %q: set the newsletter's language to one that has a strings/mail file", n.Language)
	}
	b := builder{say: say{catalogue}, lang: n.Language, host: host(n.Sender.SiteURL)}
	date := c.Date
	if n.Zone != nil {
		date = date.In(n.Zone)
	}
	view := &editionView{
		say:        b.say,
		Lang:       n.Language,
		Subject:    clean(c.Subject),
		Preheader:  clean(c.Preheader),
		Site:       clean(n.Sender.Site),
		SiteURL:    webAddress(n.Sender.SiteURL),
		Title:      Line(n.Title, n.Language),
		Leave:      leaveURL(f.WebURL),
		Publisher:  clean(n.Sender.Publisher),
		Postal:     clean(strings.Join(strings.FieldsFunc(n.Sender.Postal, isLineEnd), ", ")),
		Contact:    clean(n.Sender.Contact),
		LegalURL:   webAddress(n.Sender.LegalURL),
		PrivacyURL: webAddress(n.Sender.PrivacyURL),
	}
	view.IssueLine = b.text("issue_line", map[string]any{"Number": c.Number, "Date": typography.Date(date, n.Language)})
	view.Why = b.text("why", map[string]any{"Newsletter": nested(view.Title, n.Language)})
	if c.Lead != nil {
		lead := b.story(*c.Lead, c.Lead.Section)
		view.Lead = &lead
	}
	for _, chapter := range c.Chapters {
		view.Chapters = append(view.Chapters, b.chapter(chapter))
	}
	return view, b.err
}

// A builder makes the views of one letter and keeps the first error.
type builder struct {
	say
	lang string // the letter's
	host string // of the site, which is not named again beside each story
	err  error
}

func (b *builder) chapter(c newsletter.Chapter) chapterView {
	view := chapterView{Title: Line(c.Title, b.lang)}
	for _, s := range c.Stories {
		view.Stories = append(view.Stories, b.story(s, ""))
	}
	return view
}

func (b *builder) story(s newsletter.Story, section string) storyView {
	lang := b.language(s)
	view := storyView{
		say:     b.say,
		URL:     webAddress(s.URL),
		Title:   Line(s.Title, lang),
		Summary: typography.Set(clean(s.Summary), lang),
	}
	if view.URL == "" && b.err == nil {
		b.err = fmt.Errorf("article %d, %q: %q is not a web address", s.Article, view.Title, s.URL)
	}
	view.Quoted = nested(view.Title, lang)
	if lang != b.lang {
		view.Lang = lang
	}
	var facts []string
	if section != "" {
		facts = append(facts, Line(section, b.lang))
	}
	if s.Words > 0 {
		facts = append(facts, typography.ReadingTime(s.Words, b.lang))
	}
	if h := host(s.URL); h != "" && h != b.host {
		facts = append(facts, b.text("on_site", map[string]any{"Host": h}))
	}
	view.Meta = strings.Join(facts, " · ")
	return view
}

// language is the one a story is written in, as far as it names one (RFC 5646).
func (b *builder) language(s newsletter.Story) string {
	tag, err := language.Parse(s.Language)
	if s.Language == "" || err != nil {
		return b.lang
	}
	if base, _ := tag.Base(); base.String() == b.lang {
		return b.lang
	}
	return tag.String()
}

func (b *builder) text(id string, data any) string {
	s, err := b.catalogue.Text(id, data)
	if err != nil && b.err == nil {
		b.err = err
	}
	return s
}

// leaveURL is the page on which a reader leaves, with a placeholder where the reader's own token will stand.
func leaveURL(webURL string) string {
	return strings.TrimSuffix(webURL, "/") + "/u/" + token.Placeholder(token.Leave)
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
