package render

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"facteur/internal/newsletter"
	"facteur/internal/token"
	"facteur/internal/typography"
)

// frameView is what the templates of every letter see. Empty fields are left out of the letter.
type frameView struct {
	say
	Lang      string
	Subject   string
	Preheader string

	Site        string
	SiteURL     string
	Title       string
	EditionLine string // number and date of an edition
	Online      string // address of an edition among the public pages

	Why         string // why the reader has this letter, in its footer
	Leave       string // addresses of the reader's own pages
	LeaveLabel  string
	Preferences string
	Publisher   string
	Postal      string
	Contact     string
	LegalURL    string
	PrivacyURL  string
}

// editionView is what the templates of an edition see.
type editionView struct {
	frameView
	Word     *wordView
	Sponsor  *sponsorView
	Lead     *storyView
	Chapters []chapterView
	More     string // how much more the page has; the link leads to Online; empty: the letter has everything
}

type chapterView struct {
	Title   string
	Brief   bool // a line for each story
	Stories []storyView
}

type storyView struct {
	say
	Lang    string // empty: the letter's own
	Dir     string // "rtl" where that language is written from right to left
	URL     string
	Title   string
	Summary string
	Meta    string // section, site and reading time, as far as they tell something
	ReadOn  string // the button of a lead story: which site it leads to
	Picture *pictureView
}

// Unpointed is the summary without its full stop, for where something follows it on the line.
func (v storyView) Unpointed() string {
	short := strings.TrimSuffix(v.Summary, ".")
	if strings.HasSuffix(short, "etc") || strings.HasSuffix(short, ".") {
		return v.Summary
	}
	return short
}

// pictureView is a picture as a letter shows it.
type pictureView struct {
	URL           string
	Width, Height int    // px on the sheet; the file may have up to twice as many for screens that show them
	Alt           string // empty: it only decorates
}

// sheetWidth is how much of the sheet a picture fills at most, in px: 600 without the padding of its cell. Mail programs that know no
// max-width go by the attributes alone.
const sheetWidth = 544

// say gives a view the strings of its language.
type say struct{ catalogue *Catalogue }

// Say returns a string that needs no data.
func (s say) Say(id string) (string, error) { return s.catalogue.Text(id, nil) }

func (r *Renderer) editionView(f Frame, c newsletter.Content) (*editionView, error) {
	n := f.Newsletter
	b, err := r.builder(n)
	if err != nil {
		return nil, err
	}
	view := &editionView{frameView: b.frame(n)}
	view.Subject, view.Preheader = clean(c.Subject), clean(c.Preheader)
	view.Title = Line(n.Title, n.Language)
	view.EditionLine = b.text("edition_line", map[string]any{"Number": c.Number, "Date": typography.Date(b.date(c.Date, n), n.Language)})
	view.Online = webAddress(onPages(f.WebURL, "/archives/"+n.Name+"/"+strconv.Itoa(c.Number)))
	view.Why = b.text("why", map[string]any{
		"Newsletter": nested(view.Title, n.Language), "Since": token.DayPlaceholder(len(typography.Day(c.Date, n.Language))),
	})
	view.Leave, view.LeaveLabel = readersPage(f.WebURL, token.Leave), b.text("leave", nil)
	view.Preferences = readersPage(f.WebURL, token.Preferences)
	if c.Word != nil {
		view.Word = b.word(*c.Word)
	}
	if c.Sponsor != nil {
		view.Sponsor = b.sponsor(*c.Sponsor)
	}
	if c.Lead != nil {
		lead := b.story(*c.Lead, c.Lead.Section)
		lead.Picture = b.picture(f.WebURL, *c.Lead)
		lead.ReadOn = b.text("read_on", map[string]any{"Where": b.where(*c.Lead, view.Site)})
		view.Lead = &lead
	}
	for _, chapter := range shown(c) {
		view.Chapters = append(view.Chapters, b.chapter(chapter))
	}
	if c.Beyond > 0 {
		view.More = b.plural("more", c.Beyond)
	}
	return view, b.err
}

// shown are the chapters as far as the letter has them: without the stories that only the page shows.
func shown(c newsletter.Content) []newsletter.Chapter {
	room := len(c.Stories()) - c.Beyond
	if c.Lead != nil {
		room--
	}
	var kept []newsletter.Chapter
	for _, chapter := range c.Chapters {
		chapter.Stories = chapter.Stories[:min(len(chapter.Stories), max(room, 0))]
		if room -= len(chapter.Stories); len(chapter.Stories) > 0 {
			kept = append(kept, chapter)
		}
	}
	return kept
}

// builder begins the views of one letter in the language of a newsletter.
func (r *Renderer) builder(n newsletter.Newsletter) (*builder, error) {
	catalogue, ok := r.catalogues[n.Language]
	if !ok {
		return nil, fmt.Errorf("there are no letter strings in %q: set the newsletter's language to one that has a strings/mail file", n.Language)
	}
	return &builder{say: say{catalogue}, lang: n.Language, host: host(n.Sender.SiteURL)}, nil
}

// A builder makes the views of one letter and keeps the first error.
type builder struct {
	say
	lang string // the letter's
	host string // of the site, which is not named again beside each story
	err  error
}

// frame is what all letters of a newsletter have in common: whom they come from (LCEN art. 20, CPCE art. L34-5).
func (b *builder) frame(n newsletter.Newsletter) frameView {
	return frameView{
		say:        b.say,
		Lang:       n.Language,
		Site:       clean(n.Sender.Site),
		SiteURL:    webAddress(n.Sender.SiteURL),
		Publisher:  clean(n.Sender.Publisher),
		Postal:     clean(strings.Join(strings.FieldsFunc(n.Sender.Postal, isLineEnd), ", ")),
		Contact:    clean(n.Sender.Contact),
		LegalURL:   webAddress(n.Sender.LegalURL),
		PrivacyURL: webAddress(n.Sender.PrivacyURL),
	}
}

func (b *builder) date(t time.Time, n newsletter.Newsletter) time.Time {
	if n.Zone == nil {
		return t
	}
	return t.In(n.Zone)
}

func (b *builder) chapter(c newsletter.Chapter) chapterView {
	view := chapterView{Title: Line(c.Title, b.lang), Brief: c.Brief}
	for _, s := range c.Stories {
		if c.Brief {
			s.Words = 0 // a line has no room for its reading time
		}
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
	if view.URL == "" {
		b.fail(fmt.Errorf("article %d, %q: %q is not a web address", s.Article, view.Title, s.URL))
	}
	if lang != b.lang {
		view.Lang = lang
		if isRightToLeft(lang) {
			view.Dir = "rtl"
		}
	}
	var facts []string
	if s.Updated {
		facts = append(facts, b.text("updated", nil))
	}
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

// where is the site of a story by the name that readers know.
func (b *builder) where(s newsletter.Story, site string) string {
	if h := host(s.URL); site == "" || h != b.host {
		return h
	}
	return site
}

// picture is a story's, at its address on the public pages, the same for every reader.
func (b *builder) picture(webURL string, s newsletter.Story) *pictureView {
	p := s.Picture
	if p == nil || p.Width <= 0 || p.Height <= 0 || !newsletter.ValidPictureName(p.Name) {
		return nil
	}
	view := pictureView{URL: onPages(webURL, p.Path()), Width: min(p.Width, sheetWidth), Alt: Line(p.Alt, b.language(s))}
	view.Height = max(1, (p.Height*view.Width+p.Width/2)/p.Width)
	return &view
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

// isRightToLeft knows the languages of the scripts that are written so and are in use.
func isRightToLeft(lang string) bool {
	script, _ := language.Make(lang).Script()
	return isOne(" Adlm Arab Hebr Nkoo Rohg Syrc Thaa ", script.String())
}

func (b *builder) plural(id string, count int) string {
	s, err := b.catalogue.Plural(id, count)
	b.fail(err)
	return s
}

func (b *builder) text(id string, data any) string {
	s, err := b.catalogue.Text(id, data)
	b.fail(err)
	return s
}

// readersPage is a page of a reader's own, with a placeholder where their token will stand.
func readersPage(webURL string, p token.Purpose) string {
	return onPages(webURL, "/"+p.String()+"/"+token.Placeholder(p))
}

func onPages(webURL, path string) string { return strings.TrimSuffix(webURL, "/") + path }

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
