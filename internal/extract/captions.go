package extract

import (
	"slices"
	"strings"
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

// dropCaptions takes out what pages say of their pictures elsewhere than in a <figcaption>: all that the figure of one says in a few words, as what shows it
// larger does, and a line beside a picture that ends in whose it is. The pictures stay.
func (c *clearing) dropCaptions() {
	for _, n := range slices.Collect(c.body.Descendants()) {
		switch {
		case !c.isThere(n) || c.size[n] == 0:
		case c.isPicture(n), c.isCreditLine(n):
			c.hush(n)
		case c.isCaptionBox(n):
			c.remove(n)
		}
	}
}

// isPicture reports a figure that shows a picture and says next to nothing beside its caption: no quote, list, table or code, and nothing under a heading.
func (c *clearing) isPicture(n *html.Node) bool {
	if n.DataAtom != atom.Figure || !showsPicture(n) || firstHeading(n) != nil || isTextOf(n, n) {
		return false
	}
	said := c.size[n]
	for d := range n.Descendants() {
		switch {
		case isStructure(d.DataAtom), d.DataAtom == atom.A && c.size[d] > 0 && showsPicture(d) && !isPictureAddress(attribute(d, "href")): // a card that leads elsewhere
			return false
		case d.DataAtom == atom.Figcaption:
			said -= c.size[d]
		}
	}
	return said <= shortLine
}

// isCaptionBox reports a block of a few words beside a picture that a class calls its caption, in however many elements.
func (c *clearing) isCaptionBox(n *html.Node) bool {
	if n.DataAtom != atom.Div || c.leaf[n] || !isCaption(n) || c.size[n] > longestRemnant || showsPicture(n) || firstHeading(n) != nil || isTextOf(n, n) || isAny(n.Descendants(), func(d *html.Node) bool { return isStructure(d.DataAtom) }) {
		return false
	}
	for p := n; p != c.body && c.size[p] == c.size[n]; p = p.Parent {
		if isPictured(p.PrevSibling, before) || isPictured(p.NextSibling, behind) {
			return true
		}
	}
	return false
}

// isPictured reports a picture, or what shows one, as the next of some elements.
func isPictured(n *html.Node, next func(*html.Node) *html.Node) bool {
	for n != nil && n.Type != html.ElementNode {
		n = next(n)
	}
	return n != nil && (n.DataAtom == atom.Img || n.DataAtom == atom.Picture || showsPicture(n)) && words(n) == ""
}

func isPictureAddress(address string) bool {
	return isNoAddress(address) || pictureFile().MatchString(address)
}

var pictureFile = expression(`(?i)\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#]|$)`)

func showsPicture(n *html.Node) bool {
	return isAny(n.Descendants(), func(d *html.Node) bool {
		return d.DataAtom == atom.Img || d.DataAtom == atom.Picture || d.DataAtom == atom.Video || d.DataAtom == atom.Svg
	})
}

// hush takes all that an element says out of it, but for its caption, and leaves what it shows.
func (c *clearing) hush(n *html.Node) {
	for _, d := range slices.Collect(n.Descendants()) {
		if d.Type == html.TextNode && !isWithin(d, atom.Figcaption) {
			c.shorten(d, 0)
		}
	}
}

// isCreditLine reports a line directly below a picture, or in a paragraph with it, that says one thing of it and ends in whose it is.
func (c *clearing) isCreditLine(n *html.Node) bool {
	if !c.leaf[n] || !isParagraph(n.DataAtom) || c.size[n] > shortLine || isWithin(n, atom.Li, atom.Blockquote, atom.Dl) || !c.isBelowPicture(n) {
		return false
	}
	text := words(n)
	credit := endsInCredit().FindStringIndex(text)
	return credit != nil && !innerSentence().MatchString(strings.TrimSpace(text[:credit[0]]))
}

func (c *clearing) isBelowPicture(n *html.Node) bool {
	for p := n; p != c.body && c.size[p] == c.size[n]; p = p.Parent {
		if showsPicture(p) {
			return true
		}
		if above := c.shownAbove(p); above != nil {
			return c.size[above] == 0 && above.DataAtom != atom.Svg
		}
	}
	return false
}

// shownAbove is what stands beside an element before it and says or shows something; nil: nothing does.
func (c *clearing) shownAbove(n *html.Node) *html.Node {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if c.size[s] > 0 || s.DataAtom == atom.Img || s.DataAtom == atom.Picture || showsPicture(s) {
			return s
		}
	}
	return nil
}

// pictureAgencies are whose pictures pages show.
const pictureAgencies = `(?:AFP|Reuters|Getty(?: Images)?|AP|EPA(?:-EFE)?|SIPA|MAXPPP|Abaca|Hans Lucas|Divergence|REA|Belga|Keystone|ANP|dpa|Alamy|Shutterstock|Adobe ?Stock|i?Stock|Unsplash|Pexels|Pixabay|Flickr|Wikimedia(?: Commons)?|Bloomberg|DR|D\.R\.)`

// endsInCredit finds at the end of a line whose a picture is.
var endsInCredit = expression(`(?:` +
	`[(\[]\s*(?:(?i:photos?|photograph\w*|images?|crédits?|credits?|illustrations?|visuels?|dessins?|archives?|courtesy|source)\b|©|@|📷|📸)[^()\[\]]{0,80}[)\]]` +
	`|[(\[][^()\[\]]{2,50}\s?/\s?` + pictureAgencies + `\b[^()\[\]]{0,30}[)\]]|[(\[]` + pictureAgencies + `\s?(?:/|-|–|via|Photo)\s?[^()\[\]]{2,50}[)\]]` +
	`|(?:©|//\s*(?i:source|crédit)\s*:)\s*[^.!?]{1,80}` +
	`|(?i:\b(?:photos?|photograph\w*|images?|crédits?|credits?|illustrations?|visuels?|source))\s*[:©/]\s*[\p{Lu}@][^.!?:]{1,70}` +
	`|(?:^|[.!?…|–—-]\s*)(?i:photos?|photograph\w*|images?|illustrations?)\s+(?:by|par|de|courtesy of)\s+[\p{Lu}@][^.!?:]{1,70}` +
	`|\s\p{Lu}[^.!?:()]{1,40}\s?/\s?` + pictureAgencies + `|(?:^|[.!?…]\s+)` + pictureAgencies + `\s?/\s?\p{Lu}[^.!?:()]{1,40}` +
	`)\s*\.?\s*$`)
