package render

import (
	"strings"

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
