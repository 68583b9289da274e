package render

import (
	"errors"
	"strings"

	htmlsyntax "golang.org/x/net/html"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// wordView is what an editor says at the head of an edition.
type wordView struct {
	Paragraphs []paragraphView
	By         string
}

// paragraphView is a paragraph as runs of words for the HTML, and as a text with its links behind it.
type paragraphView struct {
	Runs  []run
	Text  string
	Links []linkView
}

// linkView is a link of the text part, with its words where a paragraph has several.
type linkView struct{ Text, URL string }

// A run is words that look the same.
type run struct {
	Text   string
	Strong bool
	Em     bool
	URL    string // where it leads; empty: nowhere
	Break  bool   // the end of a line instead of words

	Sponsored bool // somebody paid for it
}

// word reads the Markdown of a word. It goes through the allow-list of articles, and what that lets through comes into the
// letter as words once more: of its elements only what a run can be. What says nothing is none.
func (b *builder) word(w newsletter.Word) *wordView {
	r := wordReader{lang: b.lang}
	r.read(string(HTML(w.Text, b.lang)))
	if r.all == nil {
		return nil
	}
	return &wordView{Paragraphs: r.all, By: Line(w.By, b.lang)}
}

// Sayable reports that the Markdown of a word comes to nothing in a letter.
func Sayable(text string) error {
	if clean(Advertised(newsletter.Sponsor{Text: text}, "").HTML) == "" {
		return errors.New("the word comes to nothing in a letter, which takes no picture and no HTML from it: write a sentence or two")
	}
	return nil
}

// A wordReader gathers the paragraphs of a word.
type wordReader struct {
	lang  string
	all   []paragraphView
	runs  []run
	style run
}

func (r *wordReader) read(page string) {
	tokens := htmlsyntax.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case htmlsyntax.ErrorToken:
			r.part()
			return
		case htmlsyntax.TextToken:
			r.say(tokens.Token().Data)
		case htmlsyntax.StartTagToken, htmlsyntax.SelfClosingTagToken:
			r.begin(tokens.Token())
		case htmlsyntax.EndTagToken:
			r.end(tokens.Token().Data)
		}
	}
}

func (r *wordReader) begin(tag htmlsyntax.Token) {
	switch {
	case tag.Data == "strong":
		r.style.Strong = true
	case tag.Data == "em":
		r.style.Em = true
	case tag.Data == "br":
		r.runs = append(r.runs, run{Break: true})
	case tag.Data == "a":
		for _, a := range tag.Attr {
			if a.Key == "href" {
				r.style.URL = linkAddress(a.Val)
			}
		}
	case isOne(parting, tag.Data):
		r.part()
	}
}

func (r *wordReader) end(name string) {
	switch {
	case name == "strong":
		r.style.Strong = false
	case name == "em":
		r.style.Em = false
	case name == "a":
		r.style.URL = ""
	case isOne(parting, name):
		r.part()
	}
}

// linkAddress is where a link of a word leads: into the web, or to a mailbox.
func linkAddress(href string) string {
	if mailbox, found := strings.CutPrefix(href, "mailto:"); found && !strings.ContainsFunc(mailbox, isSpace) {
		return "mailto:" + unmarked(mailbox)
	}
	return webAddress(href)
}

// say adds words to the paragraph. White space beside a tag is part of them.
func (r *wordReader) say(text string) {
	words := clean(text)
	if words == "" && text != "" {
		words = " "
	} else if words != "" {
		if isSpace(rune(text[0])) {
			words = " " + words
		}
		if isSpace(rune(text[len(text)-1])) {
			words += " "
		}
	}
	last := len(r.runs) - 1
	same := r.style
	same.Text = words
	if last >= 0 && !r.runs[last].Break && r.runs[last].URL == same.URL && (same.URL != "" || r.runs[last].Strong == same.Strong && r.runs[last].Em == same.Em) {
		r.runs[last].Text = unmarked(r.runs[last].Text + words)
		return
	}
	r.runs = append(r.runs, same)
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// part ends the paragraph, if there is one.
func (r *wordReader) part() {
	p := paragraphView{Runs: r.runs}
	var text strings.Builder
	for _, one := range r.runs {
		address, isMailbox := strings.CutPrefix(one.URL, "mailto:")
		named := typography.Clean(one.Text) == address
		switch {
		case one.Break:
			text.WriteByte(' ')
		case isMailbox || !named: // an address of the web stands on a line of its own only, where mail programs find its end
			text.WriteString(one.Text)
		}
		if address != "" && (!isMailbox || !named) {
			link := linkView{URL: address}
			if !named {
				link.Text = clean(one.Text)
			}
			p.Links = append(p.Links, link)
		}
	}
	if len(p.Links) == 1 {
		p.Links[0].Text = ""
	}
	p.Text = clean(text.String())
	r.runs = nil
	if p.Text != "" || p.Links != nil {
		r.all = append(r.all, p)
	}
}
