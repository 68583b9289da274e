package render

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gomarkdown/markdown/ast"
	htmlsyntax "golang.org/x/net/html"

	"facteur/internal/newsletter"
)

// sponsorView is an advertisement in an edition.
type sponsorView struct {
	For        string // the advertiser
	Paragraphs []paragraphView
}

// sponsor reads the Markdown of an advertisement as that of a word. What says nothing is none.
func (b *builder) sponsor(s newsletter.Sponsor) *sponsorView {
	r := wordReader{lang: b.lang, style: run{Sponsored: true}}
	r.read(string(HTML(s.Text, b.lang)))
	if r.all == nil {
		return nil
	}
	return &sponsorView{For: Line(s.For, b.lang), Paragraphs: r.all}
}

// An Advertisement is what a letter says of one, as far as it can be held against the letter.
type Advertisement struct {
	For   string
	HTML  string // how its words begin there
	Text  string // the same in the text part
	Links []string
}

// Links are the addresses that a letter leads to from the Markdown of a word or an advertisement.
func Links(markdown string) []string { return Advertised(newsletter.Sponsor{Text: markdown}, "").Links }

// Advertised is what a letter in a language must show of an advertisement.
func Advertised(s newsletter.Sponsor, lang string) Advertisement {
	r := wordReader{lang: lang}
	r.read(string(HTML(s.Text, lang)))
	a := Advertisement{For: Line(s.For, lang)}
	for _, p := range r.all {
		var words strings.Builder
		for _, one := range p.Runs {
			words.WriteString(one.Text)
			if one.URL != "" {
				a.Links = append(a.Links, one.URL)
			}
		}
		if a.HTML == "" {
			a.HTML, a.Text = words.String(), p.Text
		}
	}
	return a
}

// Advertisable reports what keeps the Markdown of an advertisement from readers, all of it: a letter would leave that out without a
// word, and the advertisement has been paid for.
func Advertisable(text string) error {
	var faults []error
	told := map[string]bool{}
	fault := func(what string) {
		if !told[what] {
			told[what] = true
			faults = append(faults, errors.New(what))
		}
	}
	document := parse(text)
	each(document, func(h *ast.HTMLBlock) { inMarkup(string(h.Literal), fault) })
	each(document, func(h *ast.HTMLSpan) { inMarkup(string(h.Literal), fault) })
	each(document, func(i *ast.Image) {
		fault(fmt.Sprintf("the advertisement has a picture, %s, and letters show none in an advertisement, least of all from another server, "+
			"which would learn who reads: say it in words, with a link such as [the words](https://example.org/)", i.Destination))
	})
	each(document, func(l *ast.Link) {
		if linkAddress(string(l.Destination)) == "" {
			fault(fmt.Sprintf("the link to %q in the advertisement leads nowhere from a letter: give its whole address, as in [the words](https://example.org/)", l.Destination))
		}
	})
	if len(faults) == 0 && clean(Advertised(newsletter.Sponsor{Text: text}, "").HTML) == "" {
		fault("the advertisement comes to nothing in a letter: write a sentence or two")
	}
	return errors.Join(faults...)
}

// inMarkup tells of a piece of HTML which Markdown stands for it. What has no tag in it is a comment, or not whole.
func inMarkup(raw string, fault func(string)) {
	tokens := htmlsyntax.NewTokenizer(strings.NewReader(raw))
	for kind := tokens.Next(); kind != htmlsyntax.ErrorToken; kind = tokens.Next() {
		switch kind {
		case htmlsyntax.StartTagToken, htmlsyntax.SelfClosingTagToken, htmlsyntax.EndTagToken:
			name := tokens.Token().Data
			fault(fmt.Sprintf("the advertisement has HTML in it, <%s>, and it takes Markdown: %s", name, inMarkdown(name)))
		case htmlsyntax.CommentToken:
			fault("the advertisement has a comment in HTML, and it takes Markdown: take it out")
		}
	}
}

func inMarkdown(name string) string {
	switch name {
	case "a":
		return "write a link as [the words](https://example.org/)"
	case "b", "strong":
		return "write strong words as **these**"
	case "i", "em":
		return "write words with emphasis as *these*"
	case "br":
		return `end the line with a \\`
	case "img", "picture":
		return "letters show no picture in an advertisement; say it in words, with a link such as [the words](https://example.org/)"
	}
	if isOne(parting, name) {
		return "take it out, and leave an empty line between two paragraphs"
	}
	return "take it out"
}
