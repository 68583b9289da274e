package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	// toCite is a heading over the words by which one cites a text.
	toCite = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:pour |comment |à )?citer(?: (?:cet |l’)article| ce (?:document|texte|billet|travail|chapitre))?`, `(?:comment citer|pour citer)\b.{0,40}`, `citation(?: (?:recommandée|suggérée|conseillée))?`,
		`(?:how to )?cite(?: (?:this|the)(?: \pL+)?| as| us)?`, `(?:suggested|recommended|preferred) citation`,
	)

	// ofWork is by what such words tell where a text stands.
	ofWork = expression(`(?i)[⟨〈]|\bdoi\b|\b10\.[0-9]{4,}/|\bhttps?://|\b(?:pp?|vol|no|n°)\.? ?[0-9]|\bISSN\b|\bISBN\b|\bin press\b|\(\s*(?:19|20)[0-9]{2}\s*\)`)
)

// dropCitation takes out how one cites the text, as archives tell, with the heading over it. It says where the text stands, or who wrote it and when; what
// one copies is for readers, as code is.
func (c *clearing) dropCitation(authors string) {
	for _, line := range c.lines(longestLabel) {
		if !isHeading(line) || !c.isThere(line) || !toCite().MatchString(words(line)) {
			continue
		}
		head := c.frameOf(line)
		var below []*html.Node
		for s := nextShown(head, behind); s != nil && !isHeading(s) && firstHeading(s) == nil; s = nextShown(s, behind) {
			below = append(below, s)
		}
		if len(below) == 1 && !holdsCode(below[0]) && c.size[below[0]] <= longestCall && isCitation(words(below[0]), authors) {
			c.remove(below[0])
			c.remove(head)
		}
	}
}

func holdsCode(n *html.Node) bool {
	isCode := func(d *html.Node) bool { return d.DataAtom == atom.Pre || d.DataAtom == atom.Code }
	return isCode(n) || isAny(n.Descendants(), isCode)
}

func isCitation(text, authors string) bool {
	first, _, _ := strings.Cut(authors, ",")
	name := first[strings.LastIndexByte(first, ' ')+1:]
	return ofWork().MatchString(text) || name != "" && strings.Contains(text, name) && year().MatchString(text)
}

var year = expression(`\b(?:19|20)[0-9]{2}\b`)
