package render

import (
	"html/template"
	"net/url"
	"strings"

	"github.com/gomarkdown/markdown/ast"
	"github.com/microcosm-cc/bluemonday"

	"facteur/internal/typography"
)

// HTML returns what a Markdown text says as HTML for a page that has a heading of its own: the highest headings of the
// text are of the second level. Pictures, scripts, forms, styles and anything else that is no text are left out, whether
// they come as Markdown or as HTML within it; links lead to the web or to a mailbox. Text in French or English gets its spaces and marks.
func HTML(text, lang string) template.HTML {
	document := parse(text)
	fit(document, lang)
	page := articleMarkup.Sanitize(pageOf(text, document))
	// No rel of an article passes the policy, and quotation marks of its text are escaped: this one is the policy's.
	page = strings.ReplaceAll(page, ` rel="noreferrer"`, ` rel="noopener noreferrer"`)
	return template.HTML(page) //nolint:gosec // what the policy let through
}

// Line returns foreign text fit for print on one line: clean, and set as its language asks.
func Line(text, lang string) string { return typography.Set(clean(text), lang) }

// articleMarkup lists what an article may bring into a page. It is read only.
var articleMarkup = newArticleMarkup()

func newArticleMarkup() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "ul", "ol", "li", "blockquote",
		"code", "pre", "sup", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("mailto")
	for _, scheme := range []string{"http", "https"} {
		p.AllowURLSchemeWithCustomPolicy(scheme, func(u *url.URL) bool { return u.Host != "" })
	}
	p.RequireParseableURLs(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	return p
}

// fit puts the headings of a text below that of the page, with the steps between them kept, and sets its words.
func fit(document ast.Node, lang string) {
	top := 6
	each(document, func(h *ast.Heading) { top = min(top, h.Level) })
	each(document, func(h *ast.Heading) { h.Level = min(h.Level-top+2, 6) })
	setWords(document, lang)
}

// each calls f for every node of one kind.
func each[N ast.Node](document ast.Node, f func(N)) {
	ast.WalkFunc(document, func(node ast.Node, entering bool) ast.WalkStatus {
		if n, ok := node.(N); ok && entering {
			f(n)
		}
		return ast.GoToNext
	})
}
