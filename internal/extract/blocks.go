package extract

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/render"
)

// A gathering knows where the paragraphs of a text stand, and joins the blocks around them: page builders put each few of them into elements of their
// own, one within another, and the library looks no further than to what stands beside the largest of these.
type gathering struct {
	c     *clearing
	links map[*html.Node]int  // characters that lead to other pages
	heads map[*html.Node]bool // what begins with a heading that leads to another page
	prose map[*html.Node]int  // characters in paragraphs that do not
	root  *html.Node          // the element of the article, or the body
	box   *html.Node          // the element with most of the text, once it is known; nil: none holds all of it
	first int                 // where the first paragraph stands
	said  []string            // keys of the paragraphs of the article, as they begin
	sizes []int               // of these paragraphs, in characters
	over  map[int]string      // keys of the headings that stand directly over these paragraphs, but for the first
}

// gather measures what is left of a page.
func gather(c *clearing) *gathering {
	c.openTables()
	g := &gathering{c: c, links: map[*html.Node]int{}, heads: map[*html.Node]bool{}, prose: map[*html.Node]int{}, root: c.body, first: math.MaxInt, over: map[int]string{}}
	g.survey(c.body, false)
	g.measure(c.body)
	for n := range c.body.Descendants() {
		isOne := marksArticle(n) && g.prose[n]*2 > g.prose[c.body]
		if isOne || g.isText(n) {
			g.root = n
		}
	}
	if g.root.DataAtom == atom.Blockquote {
		g.openText(g.root)
	}
	return g
}

// marksArticle reports an element that is marked as holding an article.
func marksArticle(n *html.Node) bool {
	return n.DataAtom == atom.Article || n.DataAtom == atom.Main || attribute(n, "role") == "main" || hasWord(attribute(n, "itemprop"), "articleBody")
}

// survey notes where elements lead.
func (g *gathering) survey(n *html.Node, linked bool) {
	linked = linked || n.DataAtom == atom.A && !strings.HasPrefix(attribute(n, "href"), "#")
	begun := false
	for child := range n.ChildNodes() {
		g.survey(child, linked)
		g.links[n] += g.links[child]
		if g.c.size[child] > 0 && !begun {
			begun, g.heads[n] = true, g.heads[child]
		}
	}
	if n.Type == html.TextNode && linked {
		g.links[n] = g.c.size[n]
	}
	if isHeading(n) {
		g.heads[n] = g.links[n] > 0
	}
}

// leadsElsewhere reports what shows other articles.
func (g *gathering) leadsElsewhere(n *html.Node) bool {
	return !g.c.isMost(n) && (g.heads[n] || g.links[n]*3 > g.c.size[n])
}

// measure notes how much prose elements hold.
func (g *gathering) measure(n *html.Node) {
	if n.Type != html.ElementNode || n.DataAtom == atom.Li || n.DataAtom == atom.Figure || isHeading(n) || g.leadsElsewhere(n) || isBesideText(n) && !g.c.isMost(n) {
		return
	}
	if g.c.size[n] > longestDateline && g.c.leaf[n] || g.c.size[n] > shortestLead && g.c.leaf[n] && sentenceEnd().MatchString(words(n)) {
		g.prose[n] = g.c.size[n]
	}
	for child := range n.ChildNodes() {
		if g.measure(child); !g.c.leaf[n] {
			g.prose[n] += g.prose[child]
		}
	}
}

// join puts the blocks of the text, and what stands between them, into one element, each without the elements around it. A text that stands in one block, or
// in paragraphs alone, stays as it is. What is named as standing beside a text goes behind it, where the library would judge it by its other names.
func (g *gathering) join() {
	g.clearNames()
	at := g.root
	parts := g.withEdges(g.parts(at))
	for len(parts) == 1 && !g.c.leaf[parts[0]] {
		at = parts[0]
		parts = g.withEdges(g.parts(at))
	}
	if g.root == g.c.body {
		g.note(at)
	} else {
		g.note(g.root)
	}
	if g.areApart(parts) {
		g.joinParts(at, parts)
	}
	g.setApart()
}

// joinParts puts parts of an element, and what stands between them, into one.
func (g *gathering) joinParts(at *html.Node, parts []*html.Node) {
	whole := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	at.InsertBefore(whole, parts[0])
	for last := parts[len(parts)-1]; whole.LastChild != last; {
		n := whole.NextSibling
		at.RemoveChild(n)
		whole.AppendChild(n)
		g.c.size[whole] += g.c.size[n]
	}
	for _, n := range parts {
		g.prose[whole] += g.prose[n]
		g.unwrap(n)
	}
	for n := range whole.Descendants() {
		if g.c.at[n] > g.first {
			g.clearName(n)
		}
	}
	for n := whole.NextSibling; n != nil; {
		next := n.NextSibling
		if isBesideText(n) {
			g.c.remove(n)
		}
		n = next
	}
}

// judged finds what the library holds against an element in its names, of which sites mean nothing by it.
var judged = expression(`(?i)contact|widget|masthead|shopping|outbrain|combx|com-|header`)

// clearNames takes such names off the blocks amid the text, and off what stands in them.
func (g *gathering) clearNames() {
	last := 0
	for n, size := range g.prose {
		if size > 0 && g.c.leaf[n] {
			g.first, last = min(g.first, g.c.at[n]), max(last, g.c.at[n])
		}
	}
	for n := range g.c.body.Descendants() {
		if n.Type == html.ElementNode && g.first < g.c.at[n] && g.c.end[n] <= last {
			g.clearName(n)
		}
	}
}

// clearName takes such names off a block that says something of the text. One that WordPress calls a widget may stand in any margin: it must hold prose.
func (g *gathering) clearName(n *html.Node) {
	isOwn := func(name string) bool { return !judged().MatchString(name) }
	isWidget := hasWord(attribute(n, "class"), "widget")
	if judged().MatchString(attribute(n, "class")+" "+attribute(n, "id")) && (g.prose[n] > 0 || !isWidget && g.isMatter(n)) {
		setNames(n, isOwn)
	}
}

// areApart reports parts of which the library would lose some: it sees paragraphs beside one block of others, and nothing else, such as headings over them.
func (g *gathering) areApart(parts []*html.Node) bool {
	blocks, hasWrapper, isHeaded := 0, false, false
	for i, n := range parts {
		above := nextShown(n, before)
		isHeaded = isHeaded || i > 0 && above != nil && isHeading(above)
		hasWrapper = hasWrapper || g.isWrapper(n)
		if g.isWrapper(n) || g.isStructure(n) {
			blocks++
		}
		if g.isWrapper(n) && isAny(n.ChildNodes(), g.holdsText) {
			blocks++
		}
	}
	return blocks > 1 || hasWrapper && isHeaded
}

// parts are the children of an element that make up its text: the one with most of it, and those that are like that one. None: it holds no prose.
func (g *gathering) parts(of *html.Node) (parts []*html.Node) {
	var most *html.Node
	for n := range of.ChildNodes() {
		if g.prose[n] > 0 && (most == nil || g.prose[n] > g.prose[most]) {
			most = n
		}
	}
	if most == nil {
		return nil
	}
	before := true
	for n := range of.ChildNodes() {
		before = before && n != most
		if n == most || g.goesWith(n, most, before) {
			parts = append(parts, n)
		}
	}
	return parts
}

// goesWith reports a part of the text beside the one with most of it: a paragraph, a block that is named alike or says a good part as much, and within an
// article the lead.
func (g *gathering) goesWith(n, most *html.Node, before bool) bool {
	switch {
	case g.c.size[n] == 0, g.leadsElsewhere(n), isBesideText(n):
		return false
	case g.prose[n]*5 >= g.prose[most]:
		return true
	case g.root == g.c.body && !g.isWrapper(n):
		return false
	case g.root != g.c.body && (before || !g.isWrapper(n)):
		return g.prose[n] > 0
	}
	return g.isWrapper(n) && isNamedAlike(n, most) && (g.prose[n] > 0 || attribute(n, "class") != "")
}

// isWrapper reports an element around paragraphs that means nothing by itself.
func (g *gathering) isWrapper(n *html.Node) bool { return isPlain(n) && !g.c.leaf[n] }

// isPlain reports kinds of elements that mean nothing: those, and what sites name themselves (HTML, 4.13.3 “valid custom element name”).
func isPlain(n *html.Node) bool {
	return n.DataAtom == atom.Div || n.DataAtom == atom.Section || n.Type == html.ElementNode && n.DataAtom == 0 && strings.Contains(n.Data, "-")
}

// besideTexts are words in the names of what stands beside a text; the library looks for most of them, too.
const besideTexts = " banner comment community bio extra footer header legends menu remark replies rss shoutbox skyscraper supplemental teaser teasers excerpt pager "

func isBesideText(n *html.Node) bool {
	return n.DataAtom == atom.Header || n.DataAtom == atom.Footer || isNamed(n, besideTexts)
}

// isNamedAlike reports blocks without a class, and those that have one in common, whatever its number. Columns have, and one of them may be the margin.
func isNamedAlike(n, other *html.Node) bool {
	names, others := classStems(n), classStems(other)
	if len(names) == 0 || len(others) == 0 {
		return len(names) == len(others)
	}
	if hasNamePart(attribute(n, "class"), " col column ") {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(others, name) })
}

// classStems are the classes of a wrapper, without what programs number them by: css-1a2b becomes css.
func classStems(n *html.Node) (stems []string) {
	if !isPlain(n) {
		return nil
	}
	for class := range strings.FieldsSeq(attribute(n, "class")) {
		if at := strings.LastIndexAny(class, "-_"); at > 0 && strings.ContainsAny(class[at:], "0123456789") {
			class = class[:at]
		}
		stems = append(stems, class)
	}
	return stems
}

// unwrap puts what a wrapper holds in its place, and so within it where that is prose.
func (g *gathering) unwrap(n *html.Node) {
	if g.holdsText(n) {
		g.lift(n, n)
		n.Parent.RemoveChild(n)
	}
}

// lift moves what stands in a wrapper, and in those within it, to before another element: each once, however deep it stood.
func (g *gathering) lift(from, before *html.Node) {
	for _, child := range slices.Collect(from.ChildNodes()) {
		if g.holdsText(child) {
			g.lift(child, before)
			continue
		}
		from.RemoveChild(child)
		before.Parent.InsertBefore(child, before)
	}
}

// holdsText reports a wrapper around prose.
func (g *gathering) holdsText(n *html.Node) bool { return g.isWrapper(n) && g.prose[n] > 0 }

// beginning, in bytes, is how much of a paragraph tells it from others.
const beginning = 60

// beginningOf is that of what a paragraph says, as a key.
func beginningOf(said string) string {
	said = Key(said)
	return said[:min(len(said), beginning)]
}

// note remembers the paragraphs in an element, and the headings between them.
func (g *gathering) note(n *html.Node) {
	heading := ""
	for d := range n.Descendants() {
		switch {
		case !g.c.leaf[d]:
		case isHeading(d):
			heading = Key(words(d))
		default:
			if g.prose[d] > 0 {
				if len(g.said) > 0 && heading != "" {
					g.over[len(g.said)] = heading
				}
				g.said = append(g.said, beginningOf(words(d)))
				g.sizes = append(g.sizes, g.prose[d])
			}
			heading = ""
		}
	}
}

// isIn reports that paragraphs hold two thirds of the text at least, and every heading between two that they hold.
func (g *gathering) isIn(paragraphs []string) bool {
	taken := newFinder(render.PlainText(strings.Join(paragraphs, "\n\n")))
	lost, all, wasIn := 0, 0, false
	for _, size := range g.sizes {
		all += size
	}
	for i, text := range g.said {
		isIn := taken.has(text)
		if !isIn {
			lost += g.sizes[i]
		}
		if lost*3 > all || wasIn && isIn && !strings.Contains(taken.text, g.over[i]) {
			return false
		}
		wasIn = isIn
	}
	return true
}

// A finder finds beginnings of paragraphs in a text. They mostly come in its order, and it is long: it is looked through from the last that was found.
type finder struct{ text, behind string }

func newFinder(text string) *finder { return &finder{text: Key(text), behind: Key(text)} }

// has reports a text of which the key begins so.
func (f *finder) has(start string) bool {
	if at := strings.Index(f.behind, start); at >= 0 {
		f.behind = f.behind[at:]
		return true
	}
	return strings.Contains(f.text, start)
}
