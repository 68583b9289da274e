package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// setApart makes the element with most of the text known to the library, which judges elements by what they are called, and takes the names off all that stands
// around it: what is called main, content or page would be preferred to a text without a name, and all that stands in it taken for the article.
func (g *gathering) setApart() {
	for n := g.root.Parent; n != nil; n = n.Parent {
		n.Attr = slices.DeleteFunc(n.Attr, isName)
	}
	box := g.root
	for next := g.mostOf(box); next != nil; next = g.mostOf(box) {
		box.Attr = slices.DeleteFunc(box.Attr, isName)
		box = next
	}
	if box == g.c.body {
		return
	}
	g.box = box
	box.Attr = append(slices.DeleteFunc(box.Attr, isName), html.Attribute{Key: "class", Val: "article"})
	if isPlain(box) { // it makes one of a <div> around a paragraph, and looks beside it
		box.Data, box.DataAtom = "article", atom.Article
	}
	for _, note := range g.notes(box) {
		note.Parent.RemoveChild(note)
		box.AppendChild(note)
	}
}

// isText reports a quote that is called an abstract, beside which hardly any prose stands: it is the text of its page by itself.
func (g *gathering) isText(quote *html.Node) bool {
	said := g.prose[quote]
	isAbstract := quote.DataAtom == atom.Blockquote && hasNamePart(attribute(quote, "class")+" "+attribute(quote, "id"), " abstract ")
	return isAbstract && said*2 > g.prose[quote.Parent] && said*4 > g.prose[g.c.body]
}

// openText makes a block of such a quote, takes out of it the word that says what it is, and leaves nothing else on the page.
func (g *gathering) openText(n *html.Node) {
	n.Data, n.DataAtom = "div", atom.Div
	n.Parent.RemoveChild(n)
	for g.c.body.FirstChild != nil {
		g.c.body.RemoveChild(g.c.body.FirstChild)
	}
	g.c.body.AppendChild(n)
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && isAbstractWord().MatchString(words(d)) {
			g.c.remove(d)
			break
		}
	}
}

var isAbstractWord = expression(`(?i)^(?:abstract|résumé)\s*[:.]?$`)

// mostOf is the element within another that holds most of the text, and is neither a paragraph nor a part of the text itself; nil: none is.
func (g *gathering) mostOf(in *html.Node) *html.Node {
	for n := range in.ChildNodes() {
		if g.prose[n]*2 > g.prose[g.root] && !g.c.leaf[n] && n.DataAtom != atom.Blockquote && n.DataAtom != atom.Details {
			return n
		}
	}
	return nil
}

// notes are what stands below the text in its article and is a part of it, with the rules above: what it leads to by a mark, a postscript, its sources.
func (g *gathering) notes(box *html.Node) (notes []*html.Node) {
	marked := marks(box)
	for at := box; at != g.root && at != g.c.body; at = at.Parent {
		var rule *html.Node
		for n := range behindOf(at) {
			switch {
			case n.DataAtom == atom.Hr:
				rule = n
			case g.c.size[n] == 0:
			default:
				if g.isNote(n, marked) {
					if rule != nil {
						notes = append(notes, rule)
					}
					notes = append(notes, n)
				}
				rule = nil
			}
		}
	}
	return notes
}

// isNote reports such a block.
func (g *gathering) isNote(n *html.Node, marked map[string]bool) bool {
	if n.Type != html.ElementNode || isFurniture(n) || isNamed(n, discussions) {
		return false
	}
	first := n
	for d := range withItself(n) {
		if g.c.leaf[d] {
			first = d
			break
		}
	}
	isMarked := isAny(withItself(n), func(d *html.Node) bool { return marked[attribute(d, "id")] || marked[attribute(d, "name")] })
	return isMarked && !g.leadsElsewhere(n) || toNotes().MatchString(words(first))
}

// marks are the ids to which the marks of notes in a text lead.
func marks(text *html.Node) map[string]bool {
	ids := map[string]bool{}
	for d := range text.Descendants() {
		if id, isHere := strings.CutPrefix(attribute(d, "href"), "#"); isHere && id != "" && noteMark().MatchString(words(d)) {
			ids[id] = true
		}
	}
	return ids
}

var (
	noteMark = expression(`(?i)^[\[(]?(?:[0-9]{1,3}|[ivx]{1,5}|[a-z]|[*†‡§]{1,3})[\])]?$`)
	toNotes  = anyOf(`^%s`, `p\.?-?\s?s\.?(?:$|\s*:)`, `post-?scriptum\s*:?$`, `voir en ligne\s*:`, `(?:notes?(?: de bas de page)?|footnotes?|endnotes)\s*:?$`, `(?:notes et )?références(?: bibliographiques)?\s*:?$`, `(?:notes and )?references\s*:?$`, `(?:sources?|bibliographie|bibliography|works cited)\s*:?$`)
)
