package extract

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// freeCaptions makes blocks of figures whose caption is a text: editors who write a list of places, or of works, put all that they say of each below its
// picture. Captions that say what one sees stay.
func freeCaptions(body *html.Node) {
	for _, n := range slices.Collect(body.Descendants()) {
		if n.DataAtom != atom.Figcaption {
			continue
		}
		figure := n.Parent
		for figure != body && figure.DataAtom != atom.Figure {
			figure = figure.Parent
		}
		if figure == body || !isTextOf(figure, n) {
			continue
		}
		figure.Data, figure.DataAtom = "div", atom.Div
		if n.Data, n.DataAtom = "p", atom.P; holdsBlock(n) {
			n.Data, n.DataAtom = "div", atom.Div
		}
	}
}

// isTextOf reports a caption of several paragraphs, one under a heading of its figure, and one of several sentences that is all that stands under a heading.
func isTextOf(figure, caption *html.Node) bool {
	paragraphs := 0
	for d := range caption.Descendants() {
		if (d.DataAtom == atom.P || d.DataAtom == atom.Div && !holdsBlock(d)) && sizeOf([]*html.Node{d}) > longestDateline {
			paragraphs++
		}
	}
	if paragraphs > 1 || paragraphs == 1 && firstHeading(figure) != nil {
		return true
	}
	above, below := nextShown(figure, before), nextShown(figure, behind)
	isAll := above != nil && isHeading(above) && above.DataAtom != atom.H1 && (below == nil || isHeading(below))
	return isAll && utf8.RuneCountInString(words(caption)) > longestDateline && innerSentence().MatchString(words(caption))
}

func holdsBlock(n *html.Node) bool {
	return isAny(n.Descendants(), func(d *html.Node) bool { return isBlock(d.DataAtom) })
}

// innerSentence finds where a sentence ends and another begins.
var innerSentence = expression(`\pL{2}\s?[.!?…][»”"]?\s+[«“"]?\p{Lu}`)

// Directions in which elements stand beside each other.
func before(n *html.Node) *html.Node { return n.PrevSibling }
func behind(n *html.Node) *html.Node { return n.NextSibling }

// nextShown is what stands next to an element in a direction and says something; nil: nothing does.
func nextShown(n *html.Node, next func(*html.Node) *html.Node) *html.Node {
	for n = next(n); n != nil && sizeOf([]*html.Node{n}) == 0; n = next(n) {
	}
	return n
}
