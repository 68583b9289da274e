package extract

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// freeQuotes makes paragraphs of the lines in quotes that say who is quoted: as a footer, a caption, or by the name of an author they would be taken for what
// stands around an article. A quote that holds most of a page is no quote.
func freeQuotes(body *html.Node) {
	all := sizeOf([]*html.Node{body})
	freed := map[*html.Node]bool{} // what stands in quotes that were looked at
	for _, n := range slices.Collect(body.Descendants()) {
		if !isQuote(n) || freed[n] || sizeOf([]*html.Node{n})*2 > all {
			continue
		}
		takeCaption(n)
		for d := range n.Descendants() {
			freeSource(d)
			freed[d] = true
		}
	}
}

// isQuote reports a quote by its kind, or by a class that sites give to one.
func isQuote(n *html.Node) bool {
	return n.DataAtom == atom.Blockquote || isPlain(n) && hasNamePart(attribute(n, "class"), " quote blockquote pullquote citation exergue ")
}

// takeCaption puts the caption of a figure that shows a quote and no picture into the quote.
func takeCaption(quote *html.Node) {
	figure := quote.Parent
	if figure.DataAtom != atom.Figure || holds(figure, atom.Img) {
		return
	}
	for n := range figure.ChildNodes() {
		if n.DataAtom == atom.Figcaption {
			figure.RemoveChild(n)
			quote.AppendChild(n)
			return
		}
	}
}

// freeSource makes a paragraph of an element in a quote, where its kind means another thing in an article, and takes off it what marks an author.
func freeSource(n *html.Node) {
	switch n.DataAtom {
	case atom.Header, atom.Footer, atom.Figcaption, atom.Address:
		if n.Data, n.DataAtom = "p", atom.P; holdsBlock(n) {
			n.Data, n.DataAtom = "div", atom.Div
		}
	}
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "rel" || a.Key == "itemprop" })
	setNames(n, func(name string) bool {
		return !hasNamePart(name, aboutArticles+besideTexts) && !bylineName().MatchString(name)
	})
}

// bylineName finds the names by which the library knows the line that says who wrote an article.
var bylineName = expression(`(?i)byline|author|dateline|writtenby`)
