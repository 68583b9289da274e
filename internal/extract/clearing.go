package extract

import (
	"iter"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A clearing takes out of a page what is not its article. An element that holds most of the page stays, whatever it is called:
// some sites put all of it into one form, or name its frame after what stands in its margin.
type clearing struct {
	body *html.Node
	size map[*html.Node]int  // of elements and texts, in characters
	leaf map[*html.Node]bool // paragraphs: blocks with a text and no block with a text inside
	at   map[*html.Node]int  // where elements stood in the page
	end  map[*html.Node]int  // and where what followed them did
	lead *html.Node          // the paragraph below the title in a header; nil: none stands there
	text int                 // where its text began: the first paragraph that is longer than a dateline
	home *url.URL            // an address of its site; nil: none is known

	offers map[*html.Node]bool // lines that ask, and go with the offer of a letter or head a part of the text
	heads  map[*html.Node]bool // headings of the text, whatever they say
}

// newClearing measures a page.
func newClearing(body *html.Node) *clearing {
	c := &clearing{body: body, size: map[*html.Node]int{}, leaf: map[*html.Node]bool{}, at: map[*html.Node]int{}, end: map[*html.Node]int{}, offers: map[*html.Node]bool{}, heads: map[*html.Node]bool{}}
	c.measure(body)
	c.findText()
	return c
}

// findText finds where the text begins, in what is there still.
func (c *clearing) findText() {
	c.text = math.MaxInt
	for n := range c.body.Descendants() {
		if c.leaf[n] && c.size[n] > longestDateline && !isWithin(n, atom.Li) {
			c.text = c.at[n]
			return
		}
	}
}

// measure notes the sizes of elements, and which are paragraphs. It reports an element that is one or holds one.
func (c *clearing) measure(n *html.Node) bool {
	if n.Type == html.TextNode {
		c.size[n] = utf8.RuneCountInString(strings.TrimSpace(n.Data))
		return false
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe:
		return false
	}
	c.at[n] = len(c.at)
	holds := false
	for child := range n.ChildNodes() {
		holds = c.measure(child) || holds
		c.size[n] += c.size[child]
	}
	c.end[n] = len(c.at)
	c.leaf[n] = !holds && isBlock(n.DataAtom) && c.size[n] > 0
	return holds || c.leaf[n]
}

// isMost reports an element that holds most of what is there still.
func (c *clearing) isMost(n *html.Node) bool { return c.size[n]*2 > c.size[c.body] }

// span is which of several places, in their order, stand in an element: from the first, to before the last.
func (c *clearing) span(places []int, of *html.Node) (from, to int) {
	from, _ = slices.BinarySearch(places, c.at[of])
	to, _ = slices.BinarySearch(places, c.end[of])
	return from, to
}

// remove takes an element out, and its text out of what holds it.
func (c *clearing) remove(n *html.Node) {
	for p := n.Parent; p != nil; p = p.Parent {
		c.size[p] -= c.size[n]
	}
	n.Parent.RemoveChild(n)
}

// drop removes every element below n that goes. What readers say of an article may be longer than it is.
func (c *clearing) drop(n *html.Node, goes func(*html.Node) bool) {
	c.dropEach(n, func(child *html.Node) bool {
		return isNamed(child, discussions) || goes(child) && (!c.isMost(child) || c.isBeside(child))
	})
}

// dropEach removes every element below n that goes, whatever its size.
func (c *clearing) dropEach(n *html.Node, goes func(*html.Node) bool) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch {
		case child.Type != html.ElementNode:
		case goes(child):
			c.remove(child)
		default:
			c.dropEach(child, goes)
		}
		child = next
	}
}

// isBeside reports an <aside> beside or within an <article> that says enough by itself, however long it is.
func (c *clearing) isBeside(n *html.Node) bool {
	if n.DataAtom != atom.Aside {
		return false
	}
	inside := map[*html.Node]bool{}
	for d := range n.Descendants() {
		inside[d] = true
	}
	for d := range c.body.Descendants() {
		if d.DataAtom != atom.Article || inside[d] {
			continue
		}
		own := c.size[d]
		if isIn(n, d) {
			own -= c.size[n]
		}
		if own >= minText {
			return true
		}
	}
	return false
}

// dropPointer takes the end off a paragraph that does nothing but lead elsewhere: a few words, a link, and no more; or a link to the rest of it.
func (c *clearing) dropPointer(n *html.Node) {
	var link *html.Node // the last
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			link = d
		}
	}
	var before strings.Builder
	var texts, behind []*html.Node // those before the link, and those behind it
	var at []int                   // where each of the first begins
	passed := false
	for d := range n.Descendants() {
		switch {
		case d == link:
			passed = true
		case d.DataAtom == atom.Br && !passed:
			before.WriteByte(0)
		case d.Type != html.TextNode || link == nil || isIn(d, link):
		case !passed:
			texts, at = append(texts, d), append(at, before.Len())
			before.WriteString(d.Data)
		case strings.Trim(d.Data, " .\t\r\n") != "":
			return
		default:
			behind = append(behind, d)
		}
	}
	if link == nil {
		return
	}
	end := before.Len()
	if pointing := pointerWithin().FindStringSubmatchIndex(before.String()); pointing != nil {
		end = pointing[2]
	} else if !toRest().MatchString(words(link)) || !sentenceEnd().MatchString(before.String()) {
		return
	}
	for i, text := range texts {
		c.shorten(text, max(0, end-at[i]))
	}
	for _, text := range behind {
		c.shorten(text, 0)
	}
	c.remove(link)
}

// shorten leaves at most so many bytes of a text.
func (c *clearing) shorten(text *html.Node, most int) {
	if len(text.Data) <= most {
		return
	}
	text.Data = text.Data[:most]
	gone := c.size[text] - utf8.RuneCountInString(strings.TrimSpace(text.Data))
	for p := text; p != nil; p = p.Parent {
		c.size[p] -= gone
	}
}

// isIn reports an element that stands in another.
func isIn(n, other *html.Node) bool {
	for n != nil && n != other {
		n = n.Parent
	}
	return n != nil
}

// isFurniture reports what stands around articles by what it is: ways to other pages, forms, what is hidden.
func isFurniture(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Header:
		return !isWithin(n, atom.Article, atom.Main) && !opensArticle(n)
	case atom.Footer: // Drupal puts who wrote into one
		return !isWithin(n, atom.Article) || !isNamed(n, aboutArticles)
	case atom.Aside, atom.Dialog:
		return true
	}
	switch attribute(n, "role") {
	case "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar":
		return true
	}
	return leftOut(n.DataAtom) && n.DataAtom != atom.Noscript || isHidden(n)
}

// opensArticle reports a header with the title and the chapô of an article, and not with those of its site.
func opensArticle(n *html.Node) bool {
	return holds(n, atom.H1) && isAny(n.Descendants(), func(d *html.Node) bool { return isNamed(d, chapos) })
}

// isAround reports what asks readers for something, or leads them elsewhere, by what it is called.
// A date is not, although “pub” is short for advertisements as well as for publication.
func isAround(n *html.Node) bool {
	return asks(n) || isNamed(n, aroundArticles) && !hasNamePart(attribute(n, "class"), " date datetime ")
}

// isDetail reports what tells of an article and is no part of its text.
func isDetail(n *html.Node) bool {
	return isNamed(n, aboutArticles) || isOrnament(n) || isPlain(n) && history().MatchString(attribute(n, "class")+" "+attribute(n, "id"))
}

// history finds the names of what tells when an article was submitted, accepted, and published in which version.
var history = expression(`(?i)(?:^|\s)(?:submission|revision|version|article|publication|pub)[-_]?history(?:$|[\s-])`)

var hiding = expression(`(?i)\b(?:display\s*:\s*none|visibility\s*:\s*hidden)`)

func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "aria-hidden" && a.Val == "true" || a.Key == "style" && hiding().MatchString(a.Val) {
			return true
		}
	}
	return false
}

// isWithin reports an element that is one of these, or stands in one.
func isWithin(n *html.Node, of ...atom.Atom) bool {
	for ; n != nil; n = n.Parent {
		if slices.Contains(of, n.DataAtom) {
			return true
		}
	}
	return false
}

// isListed reports what stands in a list, unless it is a short one above the text, as those are that tell of an article.
func (c *clearing) isListed(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if p.DataAtom == atom.Ul || p.DataAtom == atom.Ol {
			return c.size[p] > longestDateline || c.at[p] > c.text
		}
	}
	return isWithin(n, atom.Li)
}

// Words in the classes and ids of elements, between spaces.
const (
	aroundArticles = " newsletter newsletters subscribe subscription signup optin mc4wp mailpoet mailchimp sharedaddy share shares sharing sharer social socials addtoany" +
		otherArticles + "breadcrumb breadcrumbs ariane cookie cookies consent gdpr rgpd didomi" +
		" axeptio tarteaucitron onetrust popup modal advert advertisement ad ads pub sponsor sponsored promo sidebar pagination cta toc sommaire outbrain taboola pum popmake "
	otherArticles = " related relatedposts recommended recommendations similar yarpp "
	discussions   = " comments commentlist commentaires respond disqus "
	aboutArticles = " meta metas metadata byline author auteur posted published publi submitted updated dateline breadcrumb tags tagcloud kicker surtitre "
)

// isNamed reports a block with one of these words in its class or id. Classes that say what a page has, or how it is filed, are not meant, nor
// ids that programs make of headings.
func isNamed(n *html.Node, words string) bool {
	names, id := attribute(n, "class"), attribute(n, "id")
	switch n.DataAtom {
	case atom.Div, atom.Ul, atom.Ol, atom.P, atom.Span, atom.Details, atom.Header, atom.Footer, atom.Address, atom.Time:
		if strings.Count(id, "-")+strings.Count(id, "_") < 2 {
			names += " " + id
		}
	case atom.Section, atom.Aside, atom.H2, atom.H3, atom.H4:
	default:
		return false
	}
	return hasNamePart(names, words)
}

// hasNamePart reports a class or an id among names that has one of these words as a part.
func hasNamePart(names, words string) bool {
	for name := range strings.FieldsSeq(strings.ToLower(names)) {
		parts := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if len(parts) > 1 && strings.Contains(" tag category has no is with without type status format ", " "+parts[0]+" ") {
			continue
		}
		if slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(words, " "+part+" ") }) {
			return true
		}
	}
	return false
}

// lines are the paragraphs of a page in their order, those with at most so many characters.
func (c *clearing) lines(most int) (lines []*html.Node) {
	for n := range c.body.Descendants() {
		if c.leaf[n] && c.size[n] <= most {
			lines = append(lines, n)
		}
	}
	return lines
}

// words is what an element says, on one line.
func words(n *html.Node) string {
	var all []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			all = append(all, strings.Fields(d.Data)...)
		}
	}
	return strings.Join(all, " ")
}

// shortLine is how many characters a line has, at most, by which something else than the text is announced.
const shortLine = 250

// tidy removes the title where the page repeats it, a heading of the first rank above the text, which is the title in other words, and the boxes
// that their first line tells.
func (c *clearing) tidy(title string) {
	begun := false
	for _, n := range c.lines(math.MaxInt) {
		if !c.isThere(n) {
			continue
		}
		c.dropPointer(n)
		text := ""
		if c.size[n] <= 2*MaxTitle {
			text = words(n)
		}
		switch {
		case Key(text) == Key(title), n.DataAtom == atom.H1 && !begun:
			c.remove(n)
		case c.size[n] > shortLine:
			begun = true
		case c.heads[n]:
		case c.invites(n, text):
			c.removeBox(n, func(*html.Node) bool { return true })
		case announcement().MatchString(text):
			c.removeBox(n, hasLink)
		case sharing().MatchString(text), c.isPointer(n, text), c.sells(n, text):
			c.remove(n)
		default:
			begun = begun || c.size[n] > longestDateline
		}
	}
}

// mostBeside, in characters, is how much a line that leads elsewhere says beside its link.
const mostBeside = 12

// isPointer reports a line that says no more than where its link leads: a sentence of the article may begin as one does.
func (c *clearing) isPointer(n *html.Node, text string) bool {
	at := pointer().FindStringIndex(text)
	if at == nil || strings.HasPrefix(text[at[1]:], ",") {
		return false
	}
	beside := utf8.RuneCountInString(text[at[1]:])
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			beside -= utf8.RuneCountInString(words(d))
		}
	}
	return beside < utf8.RuneCountInString(text[at[1]:]) && beside <= mostBeside
}

func (c *clearing) isThere(n *html.Node) bool { return isIn(n, c.body) }

// isAny reports that one of several elements is such.
func isAny(nodes iter.Seq[*html.Node], is func(*html.Node) bool) bool {
	for n := range nodes {
		if is(n) {
			return true
		}
	}
	return false
}

// count is how many of some nodes are such.
func count(nodes iter.Seq[*html.Node], is func(*html.Node) bool) (all int) {
	for n := range nodes {
		if is(n) {
			all++
		}
	}
	return all
}

func isLink(n *html.Node) bool { return n.DataAtom == atom.A }

func hasLink(n *html.Node) bool { return holds(n, atom.A) }

// holds reports an element with one of a kind inside.
func holds(n *html.Node, kind atom.Atom) bool {
	return isAny(n.Descendants(), func(d *html.Node) bool { return d.DataAtom == kind })
}

const (
	largestBox = 1200 // characters
	beforeLine = 40   // characters of icons and the like above its first line
	besideLine = 6    // paragraphs that stand under a heading without a box around them
)

// boxOf is the box that a line begins; where there is none, the line.
func (c *clearing) boxOf(line *html.Node) *html.Node {
	box, before := line, 0
	for p := line.Parent; p != nil && p != c.body && p.DataAtom != atom.Main && p.DataAtom != atom.Article; p = p.Parent {
		for s := p.FirstChild; s != box; s = s.NextSibling {
			before += c.size[s]
		}
		if before > beforeLine || c.size[p] > largestBox || c.size[p]*5 > c.size[c.body]*2 || c.holdsProse(p) {
			break
		}
		box = p
	}
	return box
}

// removeBox removes the box that a line begins. Where there is none, it takes the heading, and of the short paragraphs under it those that go.
func (c *clearing) removeBox(line *html.Node, goes func(*html.Node) bool) {
	box := c.boxOf(line)
	if box == line && isHeading(line) {
		for s, taken := line.NextSibling, 0; s != nil && taken < besideLine && !isHeading(s) && c.size[s] <= longestDateline; {
			next := s.NextSibling
			if s.Type == html.ElementNode {
				if !goes(s) {
					break
				}
				c.remove(s)
				taken++
			}
			s = next
		}
	}
	c.remove(box)
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// isLong reports a paragraph of a text.
func (c *clearing) isLong(n *html.Node) bool {
	return c.leaf[n] && c.size[n] > longestDateline && !isHeading(n)
}

// holdsProse reports an element with a paragraph that is longer than those of boxes are.
func (c *clearing) holdsProse(n *html.Node) bool {
	return isAny(n.Descendants(), func(d *html.Node) bool { return c.leaf[d] && c.size[d] > shortLine })
}
