package web

import (
	"context"
	"html/template"
	"net/http"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/typography"
)

// Articles are what the example site shows. The site is for the demonstration only, so that the links of its letters
// lead somewhere, and answers nobody but the machine it runs on.
type Articles interface {
	// ArticleByURL finds an article by its canonical address, or is newsletter.ErrNotFound.
	ArticleByURL(ctx context.Context, url string) (newsletter.Article, error)
	// Latest returns the latest arrivals, the latest first.
	Latest(ctx context.Context, most int) ([]newsletter.Article, error)
}

// The addresses of the example site. Below ExamplePath, any other is an article's.
const (
	ExamplePath        = "/site/"
	ExampleLegalPath   = ExamplePath + "mentions-legales"
	ExamplePrivacyPath = ExamplePath + "confidentialite"
)

const (
	maxListed = 200 // latest articles that the front page knows of
	maxTeaser = 280 // characters of an article's summary on the front page
)

type frontPage struct {
	shell
	Mailbox  string // address of the mailbox, empty where there is none
	Lead     *teaser
	Sections []exampleSection
}

// An exampleSection is a heading of the front page.
type exampleSection struct {
	Name, Title, Href string
	Teasers           []teaser
}

// A teaser is an article as the front page offers it.
type teaser struct {
	Href, Title, Summary string
	Reading              string // time
	Lang                 string // empty: the page's own
}

// front lists the articles of the example site by section; the first of the first section leads.
func (s *site) front(w http.ResponseWriter, r *http.Request) error {
	articles, err := s.Example.Latest(r.Context(), maxListed)
	if err != nil {
		return err
	}
	letter := s.publication("")
	page := frontPage{shell: s.shell(letter), Mailbox: s.mailboxLink()}
	page.Wide = true
	for _, section := range letter.Sections {
		shown := exampleSection{Name: section.Name, Title: section.Title, Href: sectionHref(section)}
		for _, a := range articles {
			href, ours := s.exampleHref(a.URL)
			if in, _ := letter.Section(a.Section); !ours || in.Name != section.Name {
				continue
			}
			if t := newTeaser(a, href, letter.Language); page.Lead == nil {
				page.Lead = &t
			} else {
				shown.Teasers = append(shown.Teasers, t)
			}
		}
		if len(shown.Teasers) > 0 {
			page.Sections = append(page.Sections, shown)
		}
	}
	return s.show(w, http.StatusOK, "front", page.Lang, page)
}

// exampleHref is where the example site shows an article, unless the article is another site's.
func (s *site) exampleHref(address string) (href string, ours bool) {
	path, ours := strings.CutPrefix(address, s.address+ExamplePath)
	return ExamplePath + path, ours
}

func sectionHref(section newsletter.Section) string {
	return ExamplePath + "#" + section.Name
}

func newTeaser(a newsletter.Article, href, pageLang string) teaser {
	lang, foreign := languageOf(a, pageLang)
	summary := a.Summary
	if summary == "" {
		summary = render.Chapo(a.Title, a.Body)
	}
	return teaser{
		Href: href, Title: render.Line(a.Title, lang), Lang: foreign, Reading: reading(a, pageLang),
		Summary: typography.Truncate(render.Line(summary, lang), maxTeaser, lang),
	}
}

// languageOf is the one that an article is written in, and again if it is not the page's.
func languageOf(a newsletter.Article, pageLang string) (lang, foreign string) {
	if a.Language == "" || a.Language == pageLang {
		return pageLang, ""
	}
	return a.Language, a.Language
}

// reading is how long an article takes to read, or nothing if it has no text.
func reading(a newsletter.Article, pageLang string) string {
	if words := render.Words(a.Body); words > 0 {
		return typography.ReadingTime(words, pageLang)
	}
	return ""
}

type articlePage struct {
	shell
	Front                  string // address of the front page
	Section, SectionHref   string
	Title, Author, Reading string
	In                     string // the article's language, empty if it is the page's own
	Body                   template.HTML
}

// article shows the article whose address was asked for.
func (s *site) article(w http.ResponseWriter, r *http.Request) error {
	address, err := newsletter.CanonicalURL(s.address + r.URL.RequestURI())
	if err != nil {
		return errNowhere
	}
	a, err := s.Example.ArticleByURL(r.Context(), address)
	if err != nil {
		return err
	}
	letter := s.publication("")
	lang, foreign := languageOf(a, letter.Language)
	page := articlePage{
		shell: s.shell(letter), Front: ExamplePath, Title: render.Line(a.Title, lang), Author: render.Line(a.Author, lang),
		Reading: reading(a, letter.Language), In: foreign, Body: render.HTML(a.Body, lang),
	}
	if section, ok := letter.Section(a.Section); ok {
		page.Section, page.SectionHref = section.Title, sectionHref(section)
	}
	return s.show(w, http.StatusOK, "article", page.Lang, page)
}

type noticePage struct {
	shell
	Front      string // address of the front page
	Head, Text string // ids of strings
}

// notice shows a page that every site owes to the law, and that here says what is true of an example.
func (s *site) notice(name string) handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		page := noticePage{shell: s.shell(s.publication("")), Front: ExamplePath, Head: name, Text: "example_" + name}
		return s.show(w, http.StatusOK, "notice", page.Lang, page)
	}
}
