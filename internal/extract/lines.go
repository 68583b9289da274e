package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A liner gives a page the paragraphs that its readers see: a run of text beside blocks is one, and so is each part of a run between two line ends
// that follow each other. Pages made by hand have no others, and programs set lines as <span>.
type liner struct {
	holds  map[*html.Node]bool // elements with one inside that stands alone
	breaks map[*html.Node]bool // elements with a line end inside, and line ends
	long   int                 // paragraphs that were passed and say more than a dateline
	copies int                 // of elements that were parted at line ends
}

// setLines does so below an element.
func setLines(body *html.Node) {
	breakAroundBlocks(body)
	l := &liner{holds: map[*html.Node]bool{}, breaks: map[*html.Node]bool{}}
	l.survey(body)
	l.set(body)
}

var asBlock = expression(`(?i)\bdisplay\s*:\s*(?:block|flex|grid)\b`)

// breakAroundBlocks puts line ends around the <span> that a style makes a block, two where it is a paragraph.
func breakAroundBlocks(body *html.Node) {
	for _, n := range slices.Collect(body.Descendants()) {
		if !isBlockSpan(n) {
			continue
		}
		next := n.NextSibling
		for next != nil && next.Type == html.TextNode && strings.TrimSpace(next.Data) == "" {
			next = next.NextSibling
		}
		ends := 1
		if sizeOf([]*html.Node{n}) > longestDateline {
			ends = 2
		}
		for range ends {
			n.Parent.InsertBefore(lineEnd(), n)
			if next != nil && !isBlockSpan(next) {
				n.Parent.InsertBefore(lineEnd(), n.NextSibling)
			}
		}
	}
}

func isBlockSpan(n *html.Node) bool {
	return n.DataAtom == atom.Span && asBlock().MatchString(attribute(n, "style"))
}

func lineEnd() *html.Node { return &html.Node{Type: html.ElementNode, Data: "br", DataAtom: atom.Br} }

// survey notes what elements hold.
func (l *liner) survey(n *html.Node) {
	holds, breaks := false, n.DataAtom == atom.Br
	for c := range n.ChildNodes() {
		l.survey(c)
		holds, breaks = holds || l.isBlocky(c), breaks || l.breaks[c]
	}
	l.holds[n], l.breaks[n] = holds, breaks
}

// isBlocky reports what stands alone, or holds what does.
func (l *liner) isBlocky(n *html.Node) bool { return standsAlone(n.DataAtom) || l.holds[n] }

// standsAlone reports kinds of elements between which no text runs on.
func standsAlone(a atom.Atom) bool {
	switch a {
	case atom.Td, atom.Th, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption, atom.Center, atom.Form, atom.Fieldset, atom.Summary, atom.Figcaption, atom.Nav, atom.Dialog:
		return true
	}
	return isBlock(a)
}

// set goes through an element in the order of the page.
func (l *liner) set(n *html.Node) {
	switch n.DataAtom {
	case atom.Pre, atom.Svg, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Select, atom.Textarea, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
	case atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Ul, atom.Ol, atom.Dl, atom.Li:
		l.setEach(n)
	case atom.Tr: // of a table that lays out the page, or else a line
		if isLayout := l.breaks[n] || isAny(n.ChildNodes(), func(cell *html.Node) bool { return l.holds[cell] }); isLayout {
			for cell := range n.ChildNodes() {
				l.setRuns(cell, true)
			}
		}
	case atom.Body, atom.Center, atom.Form, atom.Blockquote:
		l.setRuns(n, true)
	default:
		l.setRuns(n, l.holds[n])
	}
}

func (l *liner) setEach(n *html.Node) {
	for _, c := range slices.Collect(n.ChildNodes()) {
		l.set(c)
	}
}

// setRuns makes paragraphs of the text in an element that stands beside others, and of all of it where it is mixed.
func (l *liner) setRuns(n *html.Node, mixed bool) {
	l.part(n, 0)
	var run []*html.Node
	for _, c := range slices.Collect(n.ChildNodes()) {
		if !l.isBlocky(c) {
			run = append(run, c)
			continue
		}
		l.wrap(n, c, run, mixed)
		run = nil
		l.set(c)
	}
	l.wrap(n, nil, run, mixed)
}

// deepestMarks is how many elements that mark a text stand inside one another, at most, where lines are taken out of them.
const deepestMarks = 8

// part takes the line ends out of what only marks a text, as <b>a<br>b</b>: each line is marked by itself. It reports whether all that it found could be
// parted.
func (l *liner) part(n *html.Node, depth int) bool {
	parted := true
	for _, c := range slices.Collect(n.ChildNodes()) {
		switch {
		case !l.breaks[c] || l.isBlocky(c) || c.DataAtom == atom.Br:
		case !emphasis(c) && c.DataAtom != atom.Font && c.DataAtom != atom.Span, depth == deepestMarks, l.copies > maxElements, !l.part(c, depth+1):
			parted = false
		default:
			l.partOne(n, c)
		}
	}
	return parted
}

func (l *liner) partOne(n, c *html.Node) {
	line := l.bare(c)
	for _, inner := range slices.Collect(c.ChildNodes()) {
		c.RemoveChild(inner)
		if inner.DataAtom != atom.Br {
			line.AppendChild(inner)
			continue
		}
		if line.FirstChild != nil {
			n.InsertBefore(line, c)
			line = l.bare(c)
		}
		n.InsertBefore(inner, c)
	}
	if line.FirstChild != nil {
		n.InsertBefore(line, c)
	}
	n.RemoveChild(c)
}

// bare is a copy of an element that holds nothing.
func (l *liner) bare(n *html.Node) *html.Node {
	l.copies++
	return &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Namespace: n.Namespace, Attr: n.Attr}
}

// wrap makes paragraphs of a run of nodes that stands in an element before another node. One that is all of its element stays, unless it has several.
func (l *liner) wrap(n, before *html.Node, run []*html.Node, mixed bool) {
	var paragraphs [][]*html.Node
	for _, group := range inGroups(run) {
		for _, lines := range l.inLines(group, n.DataAtom == atom.P) {
			if sizeOf(lines) > longestDateline {
				l.long++
			}
			paragraphs = append(paragraphs, lines)
		}
	}
	if len(paragraphs) == 0 || len(paragraphs) == 1 && !mixed {
		return
	}
	for _, node := range run {
		n.RemoveChild(node)
	}
	at := n
	if n.DataAtom == atom.P && !mixed { // it can hold no other
		at, before = n.Parent, n
	}
	for _, nodes := range paragraphs {
		p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P, Attr: attributesOf(n)}
		for _, node := range nodes {
			p.AppendChild(node)
		}
		at.InsertBefore(p, before)
	}
	if at != n {
		at.RemoveChild(n)
	}
}

// attributesOf are those that the parts of a paragraph have, too.
func attributesOf(n *html.Node) []html.Attribute {
	if n.DataAtom == atom.P {
		return n.Attr
	}
	return nil
}

// inGroups parts a run where two line ends follow each other.
func inGroups(run []*html.Node) (groups [][]*html.Node) {
	var group []*html.Node
	flush := func() {
		groups = append(groups, group)
		group = nil
	}
	var gap []*html.Node // a line end, and what shows nothing
	ends := 0
	for _, n := range run {
		switch {
		case n.DataAtom == atom.Br:
			ends++
			gap = append(gap, n)
		case n.Type == html.CommentNode || n.Type == html.TextNode && strings.TrimSpace(n.Data) == "":
			gap = append(gap, n)
		default:
			if ends > 1 {
				flush()
			} else {
				group = append(group, gap...)
			}
			group = append(group, n)
			gap, ends = nil, 0
		}
	}
	flush()
	return saying(groups)
}

// saying are parts of a text that say something. What others show, such as a picture, goes to one beside it.
func saying(parts [][]*html.Node) (all [][]*html.Node) {
	var shown []*html.Node
	for _, part := range parts {
		if sizeOf(part) > 0 {
			all = append(all, append(shown, part...))
			shown = nil
			continue
		}
		shown = append(shown, slices.DeleteFunc(part, func(n *html.Node) bool { return n.Type != html.ElementNode || n.DataAtom == atom.Br })...)
	}
	if len(all) > 0 {
		all[len(all)-1] = append(all[len(all)-1], shown...)
	}
	return all
}

// inLines parts a group at single line ends where a short line is marked from its beginning to its end, or stands above the text: it is a heading, or tells of
// the article; and where a line is longer than those that belong together, unless the page makes a paragraph of them.
func (l *liner) inLines(group []*html.Node, isOne bool) (parts [][]*html.Node) {
	var lines [][]*html.Node
	for i, n := range group {
		if i == 0 || n.DataAtom == atom.Br {
			lines = append(lines, nil)
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], n)
	}
	runsOn := false
	for _, line := range lines {
		size := sizeOf(line)
		isOwn := size > longestDateline && !isOne || size > 0 && size <= longestDateline && (l.long < 2 || isMarked(line, emphasis))
		if isOwn || !runsOn {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], line...)
		runsOn = !isOwn
	}
	return saying(parts)
}

// sizeOf is how many characters nodes say.
func sizeOf(nodes []*html.Node) (size int) {
	for _, n := range nodes {
		if n.Type == html.TextNode {
			size += utf8.RuneCountInString(strings.TrimSpace(n.Data))
		}
		for d := range n.Descendants() {
			if d.Type == html.TextNode && !leftOut(d.Parent.DataAtom) {
				size += utf8.RuneCountInString(strings.TrimSpace(d.Data))
			}
		}
	}
	return size
}

// isMarked reports that all that nodes say stands in elements of a kind.
func isMarked(nodes []*html.Node, kind func(*html.Node) bool) bool {
	return !slices.ContainsFunc(nodes, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			return strings.TrimSpace(n.Data) != ""
		case kind(n):
			return false
		}
		return !isMarked(slices.Collect(n.ChildNodes()), kind)
	})
}

// large reports what makes a text larger, strong what makes it bolder too, and emphasis what marks it in any way.
func large(n *html.Node) bool {
	size := attribute(n, "size")
	return n.DataAtom == atom.Big || n.DataAtom == atom.Font && (strings.HasPrefix(size, "+") || len(size) == 1 && size >= "4")
}

func strong(n *html.Node) bool {
	return n.DataAtom == atom.B || n.DataAtom == atom.Strong || large(n)
}

func italic(n *html.Node) bool { return n.DataAtom == atom.I || n.DataAtom == atom.Em }

func emphasis(n *html.Node) bool {
	return n.DataAtom == atom.U || n.DataAtom == atom.Small || italic(n) || strong(n)
}
