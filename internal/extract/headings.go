package extract

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// freeHeadings takes the doubtful words out of the names of headings over a text: designs call them header, and editors what they are about. It notes which of
// them are of the text whatever they say, while what stands under the others is there still.
func (n *namer) freeHeadings() {
	for d := range n.c.body.Descendants() {
		if !isHeading(d) || n.c.size[d] == 0 {
			continue
		}
		n.c.dropEditing(d)
		if !isAny(d.Descendants(), isField) && n.c.headsText(d) {
			n.c.heads[d] = true
		}
		framed := n.c.framesOf(d, longestLabel)
		isDoubtful := slices.ContainsFunc(framed, func(frame *html.Node) bool { return hasNamePart(attribute(frame, "class"), doubtful+n.firm) })
		if isDoubtful && n.isHarmless(d) && n.c.isOverText(d) {
			for _, frame := range framed {
				setNames(frame, func(name string) bool { return !hasNamePart(name, doubtful+n.firm) })
			}
		}
		if n.c.at[d] > n.c.text && n.isHarmless(d) && n.c.isOverText(d) {
			for _, frame := range framed[1:] {
				frame.Data, frame.DataAtom = "div", atom.Div // and no <header> of the page
			}
		}
	}
}

// markHeadings makes headings of what a page tells programs to be one.
func markHeadings(body *html.Node) {
	for d := range body.Descendants() {
		if (isPlain(d) || d.DataAtom == atom.P) && attribute(d, "role") == "heading" && !holdsBlock(d) {
			level := "2"
			if given := attribute(d, "aria-level"); len(given) == 1 && given >= "1" && given <= "6" {
				level = given
			}
			d.Data, d.DataAtom = "h"+level, atom.Lookup([]byte("h"+level))
		}
	}
}

// framesOf are a heading, and the elements around it that say nothing behind it, and before it at most so many characters, such as a number: builders of pages
// give each block some.
func (c *clearing) framesOf(heading *html.Node, mostBefore int) []*html.Node {
	frames := []*html.Node{heading}
	for p := heading.Parent; p != c.body && c.size[p] <= c.size[heading]+mostBefore && isFrameOfHeading(p); p = p.Parent {
		if isAny(behindOf(frames[len(frames)-1]), func(n *html.Node) bool { return c.size[n] > 0 }) {
			break
		}
		frames = append(frames, p)
	}
	return frames
}

func isFrameOfHeading(n *html.Node) bool {
	return isPlain(n) || n.DataAtom == atom.Header || n.DataAtom == atom.Hgroup || n.DataAtom == atom.Fieldset || n.DataAtom == atom.Center || n.DataAtom == atom.Span
}

// behindOf are what stands behind an element beside it.
func behindOf(n *html.Node) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for s := n.NextSibling; s != nil && yield(s); s = s.NextSibling {
		}
	}
}

// bareHeadings takes the headings over a text that are left out of what stands around nothing else, and all names off them and off what says hardly more: the
// library takes out what it finds a word in the names of, and blocks without a paragraph. Programs make ids of what headings say.
func (c *clearing) bareHeadings() {
	c.openBars()
	for _, d := range slices.Collect(c.body.Descendants()) {
		if !isHeading(d) || c.size[d] == 0 || !c.isOverText(d) {
			continue
		}
		for p := d; p != c.body && c.size[p] <= c.size[d]+longestLabel; p = p.Parent {
			p.Attr = slices.DeleteFunc(p.Attr, isName)
		}
		if frames := c.framesOf(d, 0); len(frames) > 1 {
			c.moveBefore(d, frames[len(frames)-1])
		}
	}
}

// moveBefore takes an element out of another that says nothing else, and puts it before that.
func (c *clearing) moveBefore(n, around *html.Node) {
	for p := n.Parent; p != around.Parent; p = p.Parent {
		c.size[p] -= c.size[n]
	}
	n.Parent.RemoveChild(n)
	around.Parent.InsertBefore(n, around)
}

func isName(a html.Attribute) bool { return a.Key == "class" || a.Key == "id" }

// isOverText reports a heading under which a text stands: nothing that asks, leads elsewhere, or is named as what stands around an article.
func (c *clearing) isOverText(heading *html.Node) bool {
	under := c.under(heading)
	if under != nil && isHeading(under) {
		under = c.under(under)
	}
	if under == nil || isFurniture(under) || isAround(under) || isDetail(under) || isNamed(under, discussions) || saysOnlyLinks(under) {
		return false
	}
	return !c.leaf[under] || !isAsking(words(under))
}

// headsText reports a heading beside which the author goes on, as far as the next: in sentences, without a link in the first paragraph, and nothing there
// asks, nor shows pictures that lead elsewhere.
func (c *clearing) headsText(heading *html.Node) bool {
	begun := false
	for s := range behindOf(heading) {
		switch {
		case isHeading(s) && c.size[s] > 0:
			return begun
		case isAny(withItself(s), isField), c.size[s] == 0 && !begun && hasLink(s):
			return false
		case c.size[s] == 0:
		case !begun && !c.isAuthors(s), saysOnlyLinks(s):
			return false
		default:
			begun = true
		}
	}
	return begun
}

// isField reports what a visitor fills in or sends, or what shows another page.
func isField(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Form, atom.Input, atom.Textarea, atom.Select, atom.Button, atom.Iframe:
		return true
	}
	return false
}

// isAuthors reports a paragraph of sentences, or a list of such, that leads nowhere and neither asks for something nor speaks to who reads it.
func (c *clearing) isAuthors(n *html.Node) bool {
	text := words(n)
	isList := n.DataAtom == atom.Ul || n.DataAtom == atom.Ol
	if !isList && (n.DataAtom != atom.P || !c.leaf[n]) || hasLink(n) || c.size[n] <= shortestLead || !sentenceEnd().MatchString(text) {
		return false
	}
	return !isAsking(text) && !toReader().MatchString(text) && !isRemnant(text) && !toSubscribe().MatchString(text) && namesIn(text) == nil
}

// under is what stands next behind an element, or behind what it is the last of; nil: it is the last of the article.
func (c *clearing) under(n *html.Node) *html.Node {
	for ; n != nil && n != c.body && n.DataAtom != atom.Article && n.DataAtom != atom.Main; n = n.Parent {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if c.size[s] > 0 {
				return s
			}
		}
	}
	return nil
}

// showQuestions makes texts of the buttons that are all of a heading, or are named as the question over an answer: one clicks these to see what stands below,
// which is shown here.
func (c *clearing) showQuestions() {
	for _, d := range slices.Collect(c.body.Descendants()) {
		isField := d.DataAtom == atom.Button || d.DataAtom == atom.A && isNoAddress(attribute(d, "href"))
		if isField && c.size[d] > 0 && (c.isAllOfHeading(d) || isTitleOfPanel(d) && c.isOverText(d)) {
			d.Data, d.DataAtom, d.Attr = "span", atom.Span, nil
		}
	}
}

// isNoAddress reports what a link leads to that only a script follows.
func isNoAddress(href string) bool {
	return href == "" || href == "#" || strings.HasPrefix(strings.ToLower(href), "javascript:")
}

func (c *clearing) isAllOfHeading(n *html.Node) bool {
	p := n.Parent
	for p != nil && c.size[p] == c.size[n] && !isHeading(p) {
		p = p.Parent
	}
	return p != nil && isHeading(p) && c.size[p] == c.size[n]
}

// isTitleOfPanel reports the title of what opens, as builders of pages name it.
func isTitleOfPanel(n *html.Node) bool {
	names := attribute(n, "class") + " " + attribute(n, "id") + " " + attribute(n.Parent, "class")
	return hasNamePart(names, " accordion accordeon accordéon faq question collapsible ") || hasNamePart(names, " title ") && hasNamePart(names, " tab toggle ")
}
