package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	// ofInterests is by which a site says for whom its authors work, with what they have of others and what others give to it.
	ofInterests = anyOf(`(?:^|[^\pL])%s`,
		`ne travaill(?:e|ent|ons) pas, ne conseill(?:e|ent|ons) pas`, `n’(?:a|ont) déclaré aucune (?:autre )?affiliation`, `d(?:oes|o) not work for, consult, own shares`, `(?:has|have) disclosed no (?:relevant )?(?:other )?affiliations`,
	)

	// ofFunding is what else such a block says at length.
	ofFunding = anyOf(`(?:^|[^\pL])%s`, `apporte(?:nt)? (?:un financement|des fonds|un soutien)`, `(?:a|ont) reçu des (?:financements|fonds)`, `provides? (?:funding|support)`, `(?:receives?|(?:has|have) received) funding`, `(?:est|sont) membres? d`, `(?:is|are) (?:a )?members? of`)
)

// dropInterests takes out what a site tells of the interests of its authors, with the rest of that block: who they are, and who pays.
func (c *clearing) dropInterests() {
	for _, line := range c.lines(largestAppeal) {
		if !c.isThere(line) || isWithin(line, atom.Li, atom.Blockquote) || !ofInterests().MatchString(words(line)) {
			continue
		}
		box := c.interestsAround(line)
		if heading := nextShown(line, before); box == line && heading != nil && isHeading(heading) {
			c.remove(heading)
		}
		c.remove(box)
	}
}

// interestsAround is the largest element around such a line that says nothing else at length.
func (c *clearing) interestsAround(line *html.Node) *html.Node {
	isOther := func(d *html.Node) bool {
		if !c.leaf[d] {
			return false
		}
		text := words(d)
		return (c.size[d] > longestDateline || isSentence(text)) && !ofInterests().MatchString(text) && !ofFunding().MatchString(text)
	}
	box := line
	for p := line.Parent; p != c.body && p.DataAtom != atom.Main && p.DataAtom != atom.Article; p = p.Parent {
		if c.size[p] > largestAppeal || holds(p, atom.H1) || isAny(p.Descendants(), isOther) {
			break
		}
		box = p
	}
	return box
}
