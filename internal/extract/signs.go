package extract

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// sign is what an icon without a text says by which a page marks an article that it sells, as a lock named “Réservé aux abonnés”; empty: none is there.
func (c *clearing) sign() string {
	box := c.textBox()
	for n := range c.body.Descendants() {
		if n.Type != html.ElementNode || c.size[n] > 0 {
			continue
		}
		for _, name := range []string{"title", "aria-label", "alt", "data-label", "data-tooltip"} {
			given := oneLine(attribute(n, name))
			said := forBoth(given)
			if given != "" && len(given) <= shortLine && (paidLabel().MatchString(said) || toReaders().MatchString(said)) && isOfReading(said) && c.marksArticle(n, box) {
				return given
			}
		}
	}
	return ""
}

// marksArticle reports an icon that stands for the article: alone within its text or above it, or in its title, and neither in a button nor beside a title
// that leads to another.
func (c *clearing) marksArticle(n, box *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if isClickable(p) || p.DataAtom == atom.Li || hasNamePart(attribute(p, "class")+" "+attribute(p, "id"), discussions+otherArticles) {
			return false
		}
	}
	if isOutOfSight(n) || isBesideArticle(n.Parent) || c.isOfAnother(n) {
		return false
	}
	around := n.Parent
	for around != c.body && c.size[around] == 0 {
		around = around.Parent
	}
	return around.DataAtom == atom.H1 || !c.leaf[around] && !isHeading(around) && !isWithin(around, atom.H1, atom.H2, atom.H3, atom.H4) && (isIn(n, box) || c.at[n] < c.text)
}

// fading are words in the names of what covers the end of a text that was cut.
const fading = " fade fadeout faded truncated truncate blur blurred gradient cutoff "

// waitsForWall reports a text no longer than what sites show of one that they sell, with an empty element under it in which a wall opens: what it shows is
// named so, or the text fades above it. A page that says that everybody may read it has none.
func (h *head) waitsForWall(c *clearing) bool {
	if free, said := isFree(h.article); free && said || strings.EqualFold(h.first("isaccessibleforfree"), "true") {
		return false
	}
	box, prose, last := c.textBox(), 0, 0
	for _, line := range c.lines(math.MaxInt) {
		if c.prose(line) > 0 && isIn(line, box) {
			prose, last = prose+c.prose(line), c.at[line]
		}
	}
	isNamed, fades := false, false
	for n := range c.body.Descendants() {
		if c.size[n] > 0 || !isPlain(n) || c.at[n] < last {
			continue
		}
		names := attribute(n, "class") + " " + attribute(n, "id")
		isNamed, fades = isNamed || hasNamePart(names, " paywall "), fades || hasNamePart(names, fading)
		showsWall := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
			return strings.HasPrefix(a.Key, "data-") && strings.EqualFold(a.Val, "paywall")
		})
		if showsWall || isNamed && fades {
			return prose < longestStub
		}
	}
	return false
}
