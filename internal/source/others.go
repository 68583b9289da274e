package source

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dropOthers takes lists of other articles out of a text: they change while it does not. A list of links that nothing announces stays, for an
// article may be one.
func (c *clearing) dropOthers() {
	c.dropEach(c.body, func(n *html.Node) bool {
		switch {
		case c.size[n] == 0:
			return false
		case isNamed(n, otherArticles):
			if c.isMost(n) && !saysOnlyLinks(n) {
				return false
			}
		case n.DataAtom == atom.Ul || n.DataAtom == atom.Ol:
			if !others.MatchString(c.said(c.lineBefore(n))) || !saysOnlyLinks(n) {
				return false
			}
		default:
			return c.leaf[n] && c.size[n] <= largestBox && othersWithin.MatchString(besideLinks(n))
		}
		if line := c.lineBefore(n); others.MatchString(c.said(line)) {
			for _, part := range line {
				c.remove(part)
			}
		}
		return true
	})
}

// lineBefore is the block, or the run of text, that stands directly before an element, or before the box that it begins.
func (c *clearing) lineBefore(n *html.Node) (line []*html.Node) {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		switch {
		case c.size[s] == 0 && (len(line) == 0 || s.DataAtom != atom.Br):
		case s.Type == html.ElementNode && isBlock(s.DataAtom) && len(line) == 0:
			return []*html.Node{s}
		case c.size[s] == 0, isBlock(s.DataAtom):
			return line
		default:
			line = slices.Insert(line, 0, s)
			if len(line) > shortLine {
				return line
			}
		}
	}
	if p := n.Parent; len(line) == 0 && p != c.body && (p.DataAtom == atom.Div || p.DataAtom == atom.Section || p.DataAtom == atom.Aside) {
		return c.lineBefore(p)
	}
	return line
}

// said is what a line says; empty: it is longer than one that announces.
func (c *clearing) said(line []*html.Node) string {
	var all []string
	size := 0
	for _, n := range line {
		if size += c.size[n]; size > shortLine {
			return ""
		}
		if n.Type == html.TextNode {
			all = append(all, strings.Fields(n.Data)...)
		} else {
			all = append(all, words(n))
		}
	}
	return strings.Join(all, " ")
}

// saysOnlyLinks reports an element with nothing but links, and the dates of what they lead to.
func saysOnlyLinks(n *html.Node) bool { return onlyLinks.MatchString(besideLinks(n)) }

// besideLinks is what an element says, with NUL in place of each link.
func besideLinks(n *html.Node) string {
	var b strings.Builder
	var write func(*html.Node)
	write = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.DataAtom == atom.A:
			b.WriteByte(0)
		case n.DataAtom == atom.Time || leftOut(n.DataAtom):
		default:
			for child := range n.ChildNodes() {
				write(child)
			}
		}
	}
	write(n)
	return b.String()
}
