package preflight

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/language"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// headings are how people who listen find their way (WCAG 2.2, 1.3.1 and 2.4.6): one of the first level, and no level left out.
func headings(n *notes, _ Letter, p *page) {
	const cure = "give the letter's title <h1>, each section <h2> and each story <h3>"
	first, before := 0, 0
	for _, t := range p.tags {
		if t.node == nil || len(t.name) != 2 || t.name[0] != 'h' || t.name[1] < '1' || t.name[1] > '6' {
			continue
		}
		level, said := int(t.name[1]-'0'), p.words(t.node)
		at := p.at(t.node, "<"+t.name+"> "+said)
		if said == "" {
			n.warns("heading-empty", at, "the heading says nothing", "give it words, or take it out")
		}
		if level == 1 {
			if first++; first == 2 {
				n.warns("heading-order", at, "the letter has a second heading of the first level", cure)
			}
		}
		if level > before+1 {
			what := fmt.Sprintf("a heading of level %d follows one of level %d", level, before)
			if before == 0 {
				what = fmt.Sprintf("the first heading is of level %d", level)
			}
			n.warns("heading-order", at, what, cure)
		}
		before = level
	}
	if first == 0 {
		n.warns("heading-order", Place{Part: InHTML}, "the letter has no heading of the first level", cure)
	}
}

// languages must be named for those who are read to (WCAG 2.2, 3.1.1 and 3.1.2).
func languages(n *notes, l Letter, p *page) {
	own := base(l.Newsletter.Language)
	root := element(p.root, "html")
	switch lang := attribute(root, "lang"); {
	case lang == "":
		n.blocks("language-missing", Place{Part: InHTML, Text: "<html>"}, "the letter does not say which language it is in, so that it is read aloud in a wrong one (WCAG 2.2, 3.1.1)",
			fmt.Sprintf("give <html> and the outermost table lang=%q", l.Newsletter.Language))
	case base(lang) != own:
		n.blocks("language-wrong", Place{Part: InHTML, Text: "lang=" + lang}, fmt.Sprintf("the letter says that it is in %q, and the newsletter is in %q (WCAG 2.2, 3.1.1)", lang, l.Newsletter.Language),
			fmt.Sprintf("give <html> and the outermost table lang=%q, or set the newsletter's language", l.Newsletter.Language))
	}
	if h := element(p.root, "h1"); h != nil && base(langWithin(h)) != own {
		n.warns("language-not-repeated", p.at(h, "<h1>"), "web mail takes <html> and <body> away, and the language with them",
			fmt.Sprintf("repeat lang=%q on the outermost table", l.Newsletter.Language))
	}
	foreign := map[string]newsletter.Story{}
	for _, s := range l.Content.Stories() {
		if s.Language != "" && base(s.Language) != own {
			foreign[key(s.URL)] = s
		}
	}
	for _, t := range p.tags {
		href, _ := t.get("href")
		s, there := foreign[key(href)]
		if !there || t.name != "a" || t.node == nil || !strings.Contains(fold(p.words(t.node)), fold(s.Title)) { // a button speaks the letter's language
			continue
		}
		if !marked(t.node, base(s.Language)) {
			n.warns("story-language", p.at(t.node, s.Title), fmt.Sprintf("the title is in %q, and nothing says so (WCAG 2.2, 3.1.2)", s.Language), fmt.Sprintf("put lang=%q around it in the template", s.Language))
		}
	}
}

// marked reports that an element, or something in it, is said to be in a language.
func marked(n *html.Node, lang string) bool {
	if base(langWithin(n)) == lang {
		return true
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && base(attribute(d, "lang")) == lang {
			return true
		}
	}
	return false
}

// langWithin is the language of an element as far as <body> says it.
func langWithin(n *html.Node) string {
	for ; n != nil && n.Data != "body"; n = n.Parent {
		if lang := attribute(n, "lang"); lang != "" {
			return lang
		}
	}
	return ""
}

// base is the language itself, such as "fr" of "fr-CA".
func base(lang string) string {
	tag, err := language.Parse(lang)
	if lang == "" || err != nil {
		return ""
	}
	b, _ := tag.Base()
	return b.String()
}

func element(root *html.Node, name string) *html.Node {
	for d := range root.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			return d
		}
	}
	return nil
}

// tables that only place things must say so, or they are read aloud as rows and columns (WCAG 2.2, 1.3.1).
func tables(n *notes, _ Letter, p *page) {
	for _, t := range p.tags {
		if t.name != "table" {
			continue
		}
		if role, _ := t.get("role"); role == "presentation" || role == "none" {
			continue
		}
		if t.node != nil && (element(t.node, "th") != nil || element(t.node, "caption") != nil) {
			continue
		}
		n.warns("table-role", p.atTag(t, "<table>"), "a table without role is read aloud as rows and columns", `give it role="presentation", or <th> if it is a table of data`)
	}
}

// hiding looks for what is only there or only gone by a style: without it, as in several web mails, the letter says something else.
func hiding(n *notes, l Letter, p *page) {
	for _, r := range p.rules {
		for _, d := range r.declarations {
			if d.property == "display" || d.property == "visibility" {
				n.warns("shown-by-style-sheet", Place{Part: InHTML, Text: strings.Join(r.selectors, ", ") + " { " + d.property + ": " + d.value + " }"},
					"whether this is seen hangs on the style sheet, which SFR, La Poste and others take away", "show it to everybody, or to nobody")
			}
		}
	}
	opening := fold(l.Preheader)
	first := firstWords(element(p.root, "body"))
	if opening != "" && fold(first) != opening {
		n.warns("preheader-not-first", Place{Part: InHTML, Text: first}, "the preheader is not the first text of the letter, so that lists of letters show something else", "put it first into <body>, hidden by its own style")
	}
	for d := range p.root.Descendants() {
		if d.Type != html.ElementNode || p.within[d] || !p.gone[d] && (!p.ink[d].faint() || p.ink[d.Parent].faint()) {
			continue
		}
		said := oneLine(everything(d, func(in *html.Node) bool { return p.gone[d] || p.ink[in].faint() }))
		switch own := p.ink[d]; {
		case fold(said) == "" || fold(said) == opening:
		case !p.gone[d] && !own.clear && !own.nothing():
			n.warns("text-small", p.at(d, said), smallness(own.size), smallCure)
		default:
			n.warns("hidden-text", p.at(d, said), "nobody sees this unless the style is lost or changed, as in a letter that is answered or passed on", "take it out; only the preheader is hidden")
		}
	}
}

// everything is the text of an element, hidden or not, as far as the elements count that it stands in. Padding that no one reads is none.
func everything(n *html.Node, counts func(in *html.Node) bool) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && counts(d.Parent) {
			b.WriteString(d.Data)
		}
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u034f', '\u200c', '\u200b', '\u00ad', '\ufeff', '\u2007':
			return -1
		}
		return r
	}, b.String())
}

// firstWords is the first text of a letter, hidden or not.
func firstWords(n *html.Node) string {
	if n == nil {
		return ""
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" {
			return oneLine(everything(d.Parent, func(*html.Node) bool { return true }))
		}
	}
	return ""
}

// footer is what every letter owes its reader: who writes and answers for it, why, and the way out (CPCE, art. L34-5; loi pour la
// confiance dans l'économie numérique, art. 1-1; RGPD, art. 13).
func footer(n *notes, l Letter, p *page) {
	seen := fold(p.sureWords(p.root))
	read := fold(l.Text)
	sender := l.Newsletter.Sender
	for _, field := range []struct{ what, setting, value string }{
		{"who publishes it", "publisher.name", sender.Publisher},
		{"the publisher's postal address", "publisher.address", sender.Postal},
		{"an address to write to", "publisher.contact", sender.Contact},
	} {
		missing(n, field.what, field.setting, field.value, strings.Contains(seen, fold(field.value)), strings.Contains(read, fold(field.value)))
	}
	for _, field := range []struct{ what, setting, value string }{
		{"its legal notice", "publisher.legal_url", sender.LegalURL},
		{"how it treats personal data", "publisher.privacy_url", sender.PrivacyURL},
	} {
		inHTML, inText := p.leadsTo(field.value), strings.Contains(key(l.Text), key(field.value))
		missing(n, field.what, field.setting, field.value, inHTML, inText)
	}
	if l.leaves() {
		way := token.Placeholder(token.Leave)
		missing(n, "the way out", "", way, p.leadsWithin(way), strings.Contains(l.Text, way))
	}
	if l.isEdition() {
		missing(n, "why its reader gets it, and since when", "", token.DayMark, strings.Contains(p.sureWords(p.root), token.DayMark), strings.Contains(l.Text, token.DayMark))
	}
}

func missing(n *notes, what, setting, value string, inHTML, inText bool) {
	const law = " (CPCE, art. L34-5; loi pour la confiance dans l'économie numérique, art. 1-1)"
	if strings.TrimSpace(value) == "" {
		n.blocks("footer-field-missing", Place{Part: InLetter}, "the letter does not name "+what+law, "set "+setting+" in the settings")
		return
	}
	for _, part := range []struct {
		part  Part
		there bool
	}{{InHTML, inHTML}, {InText, inText}} {
		if !part.there {
			n.blocks("footer-field-missing", Place{Part: part.part}, "the letter does not name "+what+law, "put it into the footer of the template, where it can be seen")
		}
	}
}

// leadsTo reports a link that can be seen to an address.
func (p *page) leadsTo(address string) bool {
	for _, a := range p.anchors {
		if key(strings.TrimRight(a.href, "/")) == key(strings.TrimRight(address, "/")) && fold(a.sure) != "" && !a.hidden {
			return true
		}
	}
	return false
}

// leadsWithin reports a link that can be seen whose address holds something.
func (p *page) leadsWithin(part string) bool {
	for _, a := range p.anchors {
		if strings.Contains(a.href, part) && fold(a.sure) != "" && !a.hidden {
			return true
		}
	}
	return false
}
