package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fewestListed is how many articles one under another make a list.
const fewestListed = 3

// isListing reports a page that shows articles one under another, whole or as they begin, and little else: all of their titles lead to them, or several have
// a title that leads nowhere. One such among others that lead elsewhere is the article of its page.
func (c *clearing) isListing() bool {
	titled, linked, said := 0, 0, 0
	for n := range c.body.Descendants() {
		if n.DataAtom != atom.Article || isWithin(n.Parent, atom.Article, atom.Li) || c.proseIn(n) < minText {
			continue
		}
		said += c.size[n]
		switch title := firstHeading(n); {
		case title == nil:
			return false
		case hasLink(title) || isWithin(title, atom.A):
			linked++
		default:
			titled++
		}
	}
	return said*3 > c.size[c.body]*2 && (titled >= fewestListed || titled == 0 && linked >= fewestListed)
}

// proseIn is how many characters stand in the long paragraphs of an element.
func (c *clearing) proseIn(n *html.Node) (size int) {
	for d := range n.Descendants() {
		if c.leaf[d] && c.size[d] > longestDateline {
			size += c.size[d]
		}
	}
	return size
}

func firstHeading(n *html.Node) *html.Node {
	for d := range n.Descendants() {
		if isHeading(d) {
			return d
		}
	}
	return nil
}
