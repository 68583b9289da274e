package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A bar is a block with a heading over a text and a few links beside it: to what the heading names, to the heading itself, to where one edits what stands below.
// The library takes it for a way to other pages, and leaves it out, heading and all.

// openBars puts what stands in such bars in their place, without the links to the headings and to editing.
func (c *clearing) openBars() {
	for _, heading := range slices.Collect(c.body.Descendants()) {
		if !isHeading(heading) || c.size[heading] == 0 || !c.isThere(heading) {
			continue
		}
		if bar := c.barOf(heading); bar != nil && c.isOverText(bar) {
			c.openBar(bar)
		}
	}
}

// dropEditing takes out of a heading what leads to where one edits the text below.
func (c *clearing) dropEditing(heading *html.Node) {
	isOther := func(d *html.Node) bool { return d.DataAtom == atom.A && !toEdit().MatchString(words(d)) }
	c.dropEach(heading, func(n *html.Node) bool {
		leads := n.DataAtom == atom.A || hasLink(n)
		return leads && c.size[n] < c.size[heading] && saysOnlyLinks(n) && !isAny(withItself(n), isOther)
	})
}

// barOf is the largest bar around a heading; nil: there is none.
func (c *clearing) barOf(heading *html.Node) (bar *html.Node) {
	title := words(heading)
	for p := heading.Parent; p != c.body && isFrameOfHeading(p) && c.size[p] <= c.size[heading]+longestDateline; p = p.Parent {
		switch isOne, hasAnchor := c.isBar(p, heading); {
		case !isOne:
			return bar
		case hasAnchor || hasLink(p) && !isOffer(title):
			bar = p
		}
	}
	return bar
}

// isBar reports a block that says nothing beside its heading but links and labels, none of which leads to the rest of another text, and whether all its links
// are anchors.
func (c *clearing) isBar(n, heading *html.Node) (isOne, hasAnchor bool) {
	others := 0
	for d := range n.Descendants() {
		switch {
		case isIn(d, heading):
		case c.leaf[d] && !saysOnlyLinks(d) && (c.size[d] > longestLabel || isSentence(words(d)) || isAny(d.Descendants(), isAnchor)):
			return false, false
		case isHeading(d) && c.size[d] > 0, d.DataAtom == atom.Form, d.DataAtom == atom.Input:
			return false, false
		case isAnchor(d):
			hasAnchor = true
		case d.DataAtom == atom.A && c.size[d] > 0:
			text := words(d)
			if toRest().MatchString(text) || announcement().MatchString(text) || pointer().MatchString(text) {
				return false, false
			}
			others++
		}
	}
	return true, hasAnchor && others == 0
}

// openBar puts what stands in a bar before it, each line as a paragraph, without anchors and what only holds such.
func (c *clearing) openBar(bar *html.Node) {
	for _, n := range slices.Collect(bar.Descendants()) {
		if isAnchor(n) && c.isThere(n) && firstHeading(n) == nil {
			c.remove(n)
		}
	}
	var inside []*html.Node
	for n := range bar.Descendants() {
		n.Attr = slices.DeleteFunc(n.Attr, isName)
		if isLine := c.leaf[n] && isWord().MatchString(words(n)); isLine || n.DataAtom == atom.Img {
			inside = append(inside, n)
		}
	}
	for _, n := range inside {
		if isPlain(n) {
			n.Data, n.DataAtom = "p", atom.P
		}
		c.moveBefore(n, bar)
	}
	c.remove(bar)
}

// isAnchor reports a link within the page, and one to where its text is edited.
func isAnchor(link *html.Node) bool {
	return link.DataAtom == atom.A && (strings.HasPrefix(attribute(link, "href"), "#") || toEdit().MatchString(words(link)))
}

var (
	// toEdit is what the programs of encyclopedias and manuals write beside a heading.
	toEdit = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:modifier|éditer)(?: (?:le (?:code|wikicode|texte source)|la (?:section|page|source)|cette (?:section|page)))?`, `modifier (?:sur|avec|dans) [^.!?]{1,30}`,
		`edit(?: (?:source|section|this (?:section|page)|on github|code))?`, `bearbeiten`, `quelltext bearbeiten`, `editar(?: (?:código|fonte|datos en wikidata))?`, `modifica(?: wikitesto)?`, `(?:permalien|permalink|lien permanent|anchor|ancre)`,
	)

	// offering finds in the heading of a box what a site says to who reads it, of itself.
	offering = expression(`(?i)\b(?:notre|nos|nous|our)\b|^[^\pL]*\pL{3,}ez(?:[-\s]|$)|^[^\pL]*(?:get|try|join|discover|download|subscribe|sign)\b`)
)

// isOffer reports the heading of a box that leads to what its site sells.
func isOffer(title string) bool {
	return offering().MatchString(title) || toReader().MatchString(title)
}
