package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// freeHeadings takes the doubtful words out of the names of headings over a text: designs call them header, and editors what they are about.
func (n *namer) freeHeadings() {
	for d := range n.c.body.Descendants() {
		if isHeading(d) && n.c.size[d] > 0 && hasNamePart(attribute(d, "class"), doubtful+n.firm) && n.isHarmless(d) && n.c.isOverText(d) {
			setNames(d, func(name string) bool { return !hasNamePart(name, doubtful+n.firm) })
		}
	}
}

// bareHeadings takes all names off the headings over a text that are left: the library takes out those in whose names it finds a word, and programs make ids
// of what headings say.
func (c *clearing) bareHeadings() {
	for d := range c.body.Descendants() {
		if isHeading(d) && c.size[d] > 0 && c.isOverText(d) {
			d.Attr = slices.DeleteFunc(d.Attr, func(a html.Attribute) bool { return a.Key == "class" || a.Key == "id" })
		}
	}
}

// isOverText reports a heading under which a text stands: nothing that asks, leads elsewhere, or is named as what stands around an article.
func (c *clearing) isOverText(heading *html.Node) bool {
	under := c.under(heading)
	if under != nil && isHeading(under) {
		under = c.under(under)
	}
	if under == nil || isFurniture(under) || isAround(under) || isDetail(under) || isNamed(under, discussions) || saysOnlyLinks(under) {
		return false
	}
	return !c.leaf[under] || !isAsking(words(under))
}

// under is what stands next behind an element, or behind what it is the last of; nil: it is the last of the article.
func (c *clearing) under(n *html.Node) *html.Node {
	for ; n != nil && n != c.body && n.DataAtom != atom.Article && n.DataAtom != atom.Main; n = n.Parent {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if c.size[s] > 0 {
				return s
			}
		}
	}
	return nil
}

// showQuestions makes texts of the buttons that are all of a heading, or are named as the question over an answer: one clicks these to see what stands below,
// which is shown here.
func (c *clearing) showQuestions() {
	for _, d := range slices.Collect(c.body.Descendants()) {
		isControl := d.DataAtom == atom.Button || d.DataAtom == atom.A && isNoAddress(attribute(d, "href"))
		if isControl && c.size[d] > 0 && (c.isAllOfHeading(d) || isTitleOfPanel(d) && c.isOverText(d)) {
			d.Data, d.DataAtom, d.Attr = "span", atom.Span, nil
		}
	}
}

// isNoAddress reports what a link leads to that only a script follows.
func isNoAddress(href string) bool {
	return href == "" || href == "#" || strings.HasPrefix(strings.ToLower(href), "javascript:")
}

func (c *clearing) isAllOfHeading(n *html.Node) bool {
	p := n.Parent
	for p != nil && c.size[p] == c.size[n] && !isHeading(p) {
		p = p.Parent
	}
	return p != nil && isHeading(p) && c.size[p] == c.size[n]
}

// isTitleOfPanel reports the title of what opens, as builders of pages name it.
func isTitleOfPanel(n *html.Node) bool {
	names := attribute(n, "class") + " " + attribute(n, "id") + " " + attribute(n.Parent, "class")
	return hasNamePart(names, " accordion accordeon accordéon faq question collapsible ") || hasNamePart(names, " title ") && hasNamePart(names, " tab toggle ")
}
