package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	// toCite is a heading over the words by which one cites a text.
	toCite = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:pour |comment |à )?citer(?: (?:cet(?:te)? |l’|ce |le |la )(?:article|document|texte|billet|travail|chapitre|publication|ouvrage|page|contribution))?`, `(?:comment citer|pour citer)\b.{0,40}`, `citation(?: (?:recommandée|suggérée|conseillée))?`, `référence électronique`,
		`(?:how to )?cite(?: (?:this|the)(?: \pL+)?| as| us)?`, `(?:suggested|recommended|preferred) citation`,
	)

	// ofWork is by what such words tell where a text stands, and byName how they begin that name its authors, and its year.
	ofWork = expression(`(?i)[⟨〈]|\bdoi\b|\b10\.[0-9]{4,}/|\bhttps?://|\b(?:pp?|vol|no|n°)\.? ?[0-9]|\bISSN\b|\bISBN\b|\bin press\b|\(\s*(?:19|20)[0-9]{2}\s*\)`)
	byName = expression(`(?s)^(?:\p{Lu}[\pL’'.-]*,? ){1,4}\p{Lu}[\pL’'-]*\.?[,.(].*\b(?:1[89]|20)[0-9]{2}\b`)
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
		isOther := func(n *html.Node) bool {
			return holdsCode(n) || c.size[n] > longestCall || !isCitation(words(n), authors)
		}
		if len(below) == 0 || slices.ContainsFunc(below, isOther) {
			continue
		}
		for _, n := range append(below, head) {
			c.remove(n)
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
	return ofWork().MatchString(text) || byName().MatchString(text) || name != "" && strings.Contains(text, name) && year().MatchString(text)
}

var year = expression(`\b(?:19|20)[0-9]{2}\b`)
