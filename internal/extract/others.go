package extract

import (
	"math"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dropAround takes out of a text what programs add to it.
func (c *clearing) dropAround() {
	c.dropPolls()
	c.dropGiftBoxes()
	c.dropShareBars()
	c.dropOthers()
	c.dropOtherLines()
	c.dropRemnants()
	for _, line := range c.lines(math.MaxInt) {
		c.dropPointer(line)
	}
}

// dropOtherLines takes out paragraphs of nothing but links that follow a line which announces other articles, and that line; and those that a sign marks as titles.
func (c *clearing) dropOtherLines() {
	c.dropMarkedTitles()
	lines := c.lines(shortLine)
	for i := 0; i < len(lines); {
		from := i
		follows := func(line, other *html.Node) bool {
			return !isHeading(line) && saysOnlyLinks(line) && slices.Contains(c.lineBefore(line), other)
		}
		for i++; i < len(lines) && follows(lines[i], lines[i-1]) && c.announces(words(lines[from]), lines[i]); i++ {
		}
		for _, line := range lines[from:i] {
			if i > from+1 {
				c.remove(line)
			}
		}
	}
}

// announces reports a line above a list or a paragraph of links that says that they lead to other articles. Authors write “Pour aller plus loin”, too, above what
// they have read: then it leads to other sites.
func (c *clearing) announces(line string, links *html.Node) bool {
	return others().MatchString(line) || further().MatchString(line) && c.leadsToOwn(links)
}

// leadsToOwn reports an element with links of which each leads to a page of the site.
func (c *clearing) leadsToOwn(n *html.Node) bool {
	return hasLink(n) && !isAny(n.Descendants(), func(d *html.Node) bool { return d.DataAtom == atom.A && !c.isOwnPage(attribute(d, "href")) })
}

// isOwnPage reports an address of another page of the site, and not its front page.
func (c *clearing) isOwnPage(address string) bool {
	address, _, _ = strings.Cut(address, "#")
	u, err := url.Parse(strings.TrimSpace(address))
	return err == nil && strings.Trim(u.Path+u.RawQuery, "/") != "" && u.Opaque == "" && c.isOwn(address)
}

// dropMarkedTitles takes out paragraphs of nothing but a link to another article, behind a sign as sites set it before such. Where a page has one for each of its
// paragraphs, they are what it tells of.
func (c *clearing) dropMarkedTitles() {
	var titles []*html.Node
	long := 0
	for _, line := range c.lines(math.MaxInt) {
		switch text := words(line); {
		case c.isLong(line) && !saysOnlyLinks(line):
			long++
		case c.size[line] > shortLine || !isParagraph(line.DataAtom) || isWithin(line, atom.Li, atom.Blockquote, atom.Dl, atom.Pre) || c.isCell(line):
		case c.isMarkedTitle(line, text):
			titles = append(titles, line)
		}
	}
	if len(titles)*2 > long {
		return
	}
	for _, title := range titles {
		c.remove(title)
	}
}

// isMarkedTitle reports a line of nothing but a link to another page of the site, behind a sign or a word for whom it is.
func (c *clearing) isMarkedTitle(line *html.Node, text string) bool {
	isMarked := saysOnlyLinks(line) && markedTitle().MatchString(text) || forWhom().MatchString(besideLinks(line))
	return isMarked && count(line.Descendants(), isLink) == 1 && c.leadsToOwn(line) && !c.endsInColon(c.lineBefore(line))
}

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
			if !saysOnlyLinks(n) || !c.announces(c.said(c.lineBefore(n)), n) {
				return false
			}
		default:
			return c.leaf[n] && c.size[n] <= largestBox && hasLink(n) && c.isOfOthers(n)
		}
		if line := c.lineBefore(n); c.announces(c.said(line), n) {
			for _, part := range line {
				c.remove(part)
			}
		}
		return true
	})
}

// isOfOthers reports a paragraph of nothing but links to other articles, and what announces them.
func (c *clearing) isOfOthers(n *html.Node) bool {
	beside := besideLinks(n)
	if othersWithin().MatchString(beside) || furtherWithin().MatchString(beside) && c.leadsToOwn(n) {
		return true
	}
	if !saysOnlyLinks(n) {
		return false
	}
	label := firstLink(n)
	isLabel := count(n.Descendants(), isLink) > 1 && (others().MatchString(words(label)) || further().MatchString(words(label)))
	return announcesItself(words(n)) || isLabel && c.leadsToOwn(n)
}

func firstLink(n *html.Node) *html.Node {
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			return d
		}
	}
	return nil
}

// dropAbove takes out the lines above a text that stand above its title, or of which all is links, or a name of the site: ways to other parts of it, and its
// banner.
func (c *clearing) dropAbove(title string, isSite func(line string) bool) {
	var above, other []*html.Node
	titled := false
	for _, n := range c.lines(math.MaxInt) {
		beside := strings.ReplaceAll(besideLinks(n), "\x00", " ")
		switch {
		case c.size[n] > longestDateline && !saysOnlyLinks(n): // the text
			for _, line := range above {
				c.remove(line)
			}
			return
		case !titled && Key(words(n)) == Key(title):
			titled = true
			above = append(above, other...)
		case Key(beside) == Key(title), isSite(beside), hasLink(n) && !isWord().MatchString(beside) && !isHeading(n):
			above = append(above, n)
		default:
			other = append(other, n)
		}
	}
}

// isWord finds a letter or a figure.
var isWord = expression(`[\pL\pN]`)

// announcesItself reports the title of another article behind what announces it: “À lire aussi – Un autre”.
func announcesItself(link string) bool {
	at := strings.IndexAny(link, ":|>→–—-")
	return at > 0 && others().MatchString(link[:at])
}

// dropShareBars takes out short blocks of nothing but calls to share and names of networks. What a line with a colon introduces is of the text, as
// are names alone under a heading, or in a paragraph that leads nowhere.
func (c *clearing) dropShareBars() {
	c.dropEach(c.body, func(n *html.Node) bool {
		if !c.isShareBar(n) {
			return false
		}
		line := c.lineBefore(n)
		heads := len(line) > 0 && isHeading(line[0])
		switch {
		case heads && line[0].DataAtom == atom.H1:
		case isCall(c.said(line)):
			for _, part := range line {
				c.remove(part)
			}
		case c.endsInColon(line), heads && !isCall(words(n)):
			return false
		}
		return true
	})
}

func (c *clearing) isShareBar(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Section, atom.Ul, atom.Ol:
	default:
		return false
	}
	if c.size[n] == 0 || c.size[n] > 2*shortLine {
		return false
	}
	text := words(n)
	return isCall(text) || buttons().MatchString(text) && len(network().FindAllStringIndex(text, 2)) > 1 && (n.DataAtom != atom.P || hasLink(n))
}

// isCall reports a text of nothing but calls to share, and where.
func isCall(text string) bool { return buttons().MatchString(text) && toShare().MatchString(text) }

// endsInColon reports a line that introduces what follows, however long it is.
func (c *clearing) endsInColon(line []*html.Node) bool {
	if len(line) == 0 {
		return false
	}
	last := line[len(line)-1]
	for last.LastChild != nil {
		last = last.LastChild
		for c.size[last] == 0 && last.PrevSibling != nil {
			last = last.PrevSibling
		}
	}
	return strings.HasSuffix(strings.TrimSpace(last.Data), ":")
}

// nearby is how many elements and texts, empty ones too, may stand between a line and what it announces, or make up the line.
const nearby = 20

// lineBefore is the block, or the run of text, that stands directly before an element, or before the box that it begins.
func (c *clearing) lineBefore(n *html.Node) (line []*html.Node) {
	seen := 0
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if seen++; seen > nearby {
			return nil
		}
		switch {
		case c.size[s] == 0 && (len(line) == 0 || s.DataAtom != atom.Br):
		case s.Type == html.ElementNode && isBlock(s.DataAtom) && len(line) == 0:
			return []*html.Node{s}
		case c.size[s] == 0, isBlock(s.DataAtom):
			return line
		default:
			line = slices.Insert(line, 0, s)
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
func saysOnlyLinks(n *html.Node) bool { return onlyLinks().MatchString(besideLinks(n)) }

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
