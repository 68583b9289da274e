package extract

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// withEdges adds to the parts of a text what stands directly before and behind them and is no paragraph of some length: a list, a table, a quote, and
// what goes with these. The library takes none of it from beside blocks.
func (g *gathering) withEdges(parts []*html.Node) []*html.Node {
	if len(parts) == 0 || len(parts) == 1 && g.c.leaf[parts[0]] {
		return parts
	}
	isSure := len(parts) > 1 && g.root != g.c.body
	above, below := g.above(parts[0], isSure), g.below(parts[len(parts)-1], isSure)
	return slices.Concat(above, parts, below)
}

// below are the elements directly behind a text that belong to it. Behind blocks of the article, of which there are several, these are all that may stand in a
// text; elsewhere those up to the last structure that is none of the page's.
func (g *gathering) below(text *html.Node, isSure bool) []*html.Node {
	var all []*html.Node
	count := 0
	for n := text.NextSibling; n != nil && (g.c.size[n] == 0 || g.isMatter(n)); n = n.NextSibling {
		if g.c.size[n] == 0 {
			continue
		}
		if all = append(all, n); isSure || g.isOfText(n) {
			count = len(all)
		}
	}
	return all[:count]
}

// above are those directly before a text. Beside one block alone, short lists and those with links tell there of the article.
func (g *gathering) above(text *html.Node, isSure bool) []*html.Node {
	var all []*html.Node // from the last to the first
	count := 0
	for n := text.PrevSibling; n != nil && (g.c.size[n] == 0 || g.isMatter(n)); n = n.PrevSibling {
		if g.c.size[n] == 0 {
			continue
		}
		if all = append(all, n); isSure || g.isOfText(n) && !hasLink(n) || count > 0 && isHeading(n) {
			count = len(all)
		}
	}
	slices.Reverse(all[:count])
	return all[:count]
}

// isOfText reports a structure beside a block that is none of the page's: short lists without a heading tell of the article, or mark it.
func (g *gathering) isOfText(n *html.Node) bool {
	if !g.isStructure(n) {
		return false
	}
	before := n.PrevSibling
	for before != nil && g.c.size[before] == 0 {
		before = before.PrevSibling
	}
	isTitled := before != nil && isHeading(before) && before.DataAtom != atom.H1 || firstHeading(n) != nil
	isList := slices.ContainsFunc([]atom.Atom{atom.Ul, atom.Ol, atom.Dl, atom.Details}, func(kind atom.Atom) bool { return n.DataAtom == kind || holds(n, kind) })
	return isTitled || !isList || g.c.size[n] > longestDateline
}

// isMatter reports what may stand in a text, and elements around nothing but such.
func (g *gathering) isMatter(n *html.Node) bool {
	switch {
	case n.Type != html.ElementNode || g.leadsElsewhere(n) || isBesideText(n):
		return false
	case n.DataAtom == atom.P || isHeading(n) && n.DataAtom != atom.H1 || isStructure(n.DataAtom):
		return true
	case !g.isFrame(n):
		return false
	}
	for child := range n.ChildNodes() {
		if g.c.size[child] > 0 && !g.isMatter(child) {
			return false
		}
	}
	return true
}

// isStructure reports a list, a table, a quote and the like that belongs to a text, and elements around such.
func (g *gathering) isStructure(n *html.Node) bool {
	switch {
	case g.c.size[n] == 0 || !g.isMatter(n):
		return false
	case isStructure(n.DataAtom):
		return n.DataAtom == atom.Blockquote || n.DataAtom == atom.Pre || g.c.size[n] > longestMark
	}
	return g.isFrame(n) && isAny(n.ChildNodes(), g.isStructure)
}

// longestMark, in characters, is more than lists say that mark a page.
const longestMark = 20

// isFrame reports an element that means nothing by itself and is no paragraph, or holds what one looks at.
func (g *gathering) isFrame(n *html.Node) bool {
	return isPlain(n) && !g.c.leaf[n] || n.DataAtom == atom.Figure
}

func isStructure(a atom.Atom) bool {
	switch a {
	case atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Blockquote, atom.Pre, atom.Details:
		return true
	}
	return false
}
