package extract

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Gates are lines in boxes, forms and dialogues beside a text. They are looked for before such boxes are left out.
type gates struct {
	*clearing
	article    *html.Node   // what holds it
	paragraphs []*html.Node // its long paragraphs, those in such boxes not among them
}

// gate is the line of such a box by which it says that the rest of the text is for those who subscribe, or say who they are; empty: none does.
func (c *clearing) gate() string {
	g := gates{clearing: c, article: c.textBox()}
	around := map[*html.Node]*html.Node{}
	lines := c.lines(math.MaxInt)
	for _, line := range lines {
		if around[line] = c.gateAround(line); around[line] == nil && c.prose(line) > 0 {
			g.paragraphs = append(g.paragraphs, line)
		}
	}
	for _, line := range lines {
		if box := around[line]; box != nil && c.size[line] <= shortLine && !isWithin(line, atom.Li, atom.Blockquote) && g.isGate(line, box) {
			return words(line)
		}
	}
	return ""
}

func (g gates) isGate(line, box *html.Node) bool {
	text := besideOthers(line)
	isSign := toRestOf().MatchString(text) || paidLabel().MatchString(text) && !g.leadsToOthers(box) || g.mayClose(text, box)
	return isSign && isOfReading(text) && !g.isOfAnother(line) && !g.runsOnBehind(box)
}

// mayClose reports what the margins of open pages say, too, and asks for more than its words: that it stands behind what may be the beginning of a text.
func (g gates) mayClose(text string, box *html.Node) bool {
	isCall := toReaders().MatchString(text) || toGoOn().MatchString(text) || knownFirst().MatchString(text)
	isQuestion := isHint(text) && isOnlyAsking(text)
	if !isCall && !isQuestion || g.at[box] < g.text || g.asksForLetters(box) {
		return false
	}
	isDialogue := box.DataAtom == atom.Dialog || strings.HasSuffix(attribute(box, "role"), "dialog")
	if isDialogue && isShut(box) {
		return false
	}
	return (isCall || isDialogue || isIn(box, g.article)) && g.isShortEnd(box)
}

// isShut reports a dialogue that waits for a click, as it does where one logs in.
func isShut(n *html.Node) bool {
	class := attribute(n, "class")
	return n.DataAtom == atom.Dialog && !hasAttribute(n, "open") || hasNamePart(class, " modal popup ") && !hasNamePart(class, " show in open opened active visible shown ")
}

// isShortEnd reports a box under a text that is no longer than what sites show of one that they sell, and behind which nothing more stands of it.
func (g gates) isShortEnd(box *html.Node) bool {
	above, behind := 0, 0
	for _, line := range g.paragraphs {
		if g.at[line] > g.at[box] || above >= longestStub {
			break
		}
		above += g.prose(line)
	}
	for _, line := range slices.Backward(g.paragraphs) {
		if g.at[line] < g.at[box] || behind >= minText {
			break
		}
		behind += g.prose(line)
	}
	return above < longestStub && behind < minText
}

// runsOnBehind reports a box amid a text whose paragraphs stand before it, and behind it.
func (g gates) runsOnBehind(box *html.Node) bool {
	before, behind := 0, 0
	for s := box.PrevSibling; s != nil && before == 0; s = s.PrevSibling {
		if g.leaf[s] {
			before = g.prose(s)
		}
	}
	for s := box.NextSibling; s != nil && behind < minText; s = s.NextSibling {
		if g.leaf[s] {
			behind += g.prose(s)
		}
	}
	return before > 0 && behind >= minText
}

// gateAround is the outermost box around a line that goes with what stands around articles, or the line itself where a button says a part of it; nil: there is
// none, it is not to be seen, or it belongs to the site and not to its article.
func (c *clearing) gateAround(line *html.Node) (box *html.Node) {
	if holds(line, atom.Button) {
		box = line
	}
	for p := line; p != nil; p = p.Parent {
		switch {
		case isHidden(p), p.DataAtom == atom.Nav, p.DataAtom == atom.Header, p.DataAtom == atom.Footer, hasNamePart(attribute(p, "class")+" "+attribute(p, "id"), discussions+otherArticles):
			return nil
		case slices.Contains([]string{"navigation", "banner", "contentinfo", "search", "menu", "menubar"}, attribute(p, "role")):
			return nil
		case isFurniture(p) && !c.isMost(p):
			box = p
		}
	}
	return box
}

// textBox is the element of the article, which has most of the prose of the page, or else the innermost that has.
func (c *clearing) textBox() *html.Node {
	prose, box := c.proseOf(), c.body
	for at := c.body; at != nil && box.DataAtom != atom.Article; {
		at = nil
		for n := range box.ChildNodes() {
			if prose[n]*2 > prose[c.body] && !c.leaf[n] {
				at, box = n, n
				break
			}
		}
	}
	return box
}

// proseOf is how many characters each element has in long paragraphs.
func (c *clearing) proseOf() map[*html.Node]int {
	all := map[*html.Node]int{}
	for _, line := range c.lines(math.MaxInt) {
		if size := c.prose(line); size > 0 {
			for p := line; p != nil; p = p.Parent {
				all[p] += size
			}
		}
	}
	return all
}

// leadsToOthers reports a box with titles in it that lead to other articles, or one too large for a label alone.
func (c *clearing) leadsToOthers(box *html.Node) bool {
	return c.size[box] > largestBox || isAny(box.Descendants(), func(n *html.Node) bool { return leadsElsewhere(n) && c.size[n] >= shortestTo }) || leadsElsewhere(box)
}

// asksForLetters reports a box, or one around it, that offers a letter and says nothing of the text, or a line that is noted for none of a wall.
func (c *clearing) asksForLetters(n *html.Node) bool {
	if c.offers[n] {
		return true
	}
	for ; n != c.body && c.size[n] <= largestAsk; n = n.Parent {
		if said := words(n); letterWords().MatchString(said) {
			return !toRestOf().MatchString(said)
		}
	}
	return false
}

// noteOffers remembers the lines “Already a subscriber?” that stand beside a field for an address to which a letter goes, or that head a part of the text,
// before such boxes and what one does in them are left out.
func (c *clearing) noteOffers() {
	for _, line := range c.lines(shortLine) {
		if !toKnown().MatchString(forBoth(words(line))) {
			continue
		}
		at := line
		for at.Parent != c.body && c.size[at.Parent] == c.size[at] {
			at = at.Parent
		}
		before, behind := at.PrevSibling, at.NextSibling
		for before != nil && c.size[before] == 0 && before.DataAtom != atom.Form {
			before = before.PrevSibling
		}
		for behind != nil && c.size[behind] == 0 && behind.DataAtom != atom.Form {
			behind = behind.NextSibling
		}
		c.offers[line] = c.offersLetter(before) || c.offersLetter(behind) || c.headsSaying(line)
	}
}

// offersLetter reports a box with a field for an address, and no more than that.
func (c *clearing) offersLetter(box *html.Node) bool {
	if box == nil || c.size[box] > largestAsk || toRestOf().MatchString(words(box)) {
		return false
	}
	asks := false
	for d := range box.Descendants() {
		asks = asks || isAddressField(d)
		if attribute(d, "type") == "password" {
			return false
		}
	}
	return asks
}

// isOfReading reports a call that is about reading the text at hand, and not about comments, letters, a paper, or reading otherwise.
func isOfReading(call string) bool {
	for _, of := range ofWhat().FindAllStringSubmatch(call, -1) {
		if !texts().MatchString(of[1]) {
			return false
		}
	}
	return (knownFirst().MatchString(call) || !besideReading().MatchString(call)) && !reporting().MatchString(call)
}
