package extract

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isPaid reports a page that says to programs that not everybody may read it.
func (h *head) isPaid() bool {
	tier := strings.ToLower(h.first("article:content_tier", "og:article:content_tier", "content_tier", "content-tier"))
	if slices.Contains([]string{"locked", "premium", "paid", "subscriber", "subscribers"}, tier) {
		return true
	}
	if h.article != nil {
		return h.data.forSubscribers(h.article)
	}
	return strings.EqualFold(h.first("isaccessibleforfree"), "false") || slices.ContainsFunc(h.data.all, func(t thing) bool { return t.isA(isPage) && h.data.forSubscribers(t) })
}

// longestStub, in characters, is more than a site shows of an article that it sells.
const longestStub = 2500

// paywall is the line by which a page says that the rest of its text is for subscribers; empty: none does.
func (c *clearing) paywall() string {
	lines := c.lines(math.MaxInt)
	all, above := 0, 0 // characters of its text, and of that above a line
	for _, line := range lines {
		all += c.prose(line)
	}
	for _, line := range lines {
		own := c.prose(line)
		isEnd := c.at[line] > c.text && above < longestStub && all-above-own < minText
		if above += own; c.size[line] > shortLine || isWithin(line, atom.Li, atom.Blockquote) {
			continue
		}
		text := besideOthers(line)
		isSign := isCallToReaders(text) && !c.goesOn(line) || isEnd && isHint(text) && isOnlyAsking(text) && !c.asksForLetters(line)
		if isSign && isOfReading(text) && !c.isOfAnother(line) && !c.headsOthers(line) {
			return words(line)
		}
	}
	return ""
}

// isCallToReaders reports a line that says who reads on, and what for.
func isCallToReaders(text string) bool {
	return toReaders().MatchString(text) || toRestOf().MatchString(text) || toGoOn().MatchString(text) || paidLabel().MatchString(text) || knownFirst().MatchString(text)
}

// prose is how much a line says, in characters, that is a paragraph and none of a list.
func (c *clearing) prose(line *html.Node) int {
	if c.size[line] <= longestDateline || isWithin(line, atom.Li) {
		return 0
	}
	return c.size[line]
}

// goesOn reports a line amid a text that goes on behind it in paragraphs of its kind: what it says is a part of that.
func (c *clearing) goesOn(line *html.Node) bool {
	if c.at[line] < c.text {
		return false
	}
	for line.Parent != c.body && c.size[line.Parent] == c.size[line] {
		line = line.Parent
	}
	size, seen := 0, 0
	for s := line.NextSibling; s != nil && seen < nearby; s = s.NextSibling {
		seen++
		if s.DataAtom == line.DataAtom && attribute(s, "class") == attribute(line, "class") && c.size[s] > longestDateline && !isCallToReaders(words(s)) {
			size += c.size[s]
		}
	}
	return size >= minText
}

// isOfAnother reports a line about another article: it stands in a link to that, in one that leads there, or in a short box that does.
func (c *clearing) isOfAnother(line *html.Node) bool {
	text := words(line)
	if hasLink(line) && (pointer().MatchString(text) || announcesItself(text)) {
		return true
	}
	for p := line; p != nil && p != c.body; p = p.Parent {
		if leadsElsewhere(p) {
			return true
		}
		if c.size[p] > shortLine || p == line {
			continue
		}
		for d := range p.Descendants() {
			if leadsElsewhere(d) && c.size[d] >= shortestTo && !c.holdsText(p) {
				return true
			}
		}
	}
	return false
}

// headsOthers reports a heading above titles that lead to other articles.
func (c *clearing) headsOthers(line *html.Node) bool {
	next := line.NextSibling
	for next != nil && c.size[next] == 0 {
		next = next.NextSibling
	}
	return isHeading(line) && next != nil && c.leadsToOthers(next)
}

// headsSaying reports a heading over paragraphs of the text: one says more than what visitors have to do, and nothing among them lets them do that.
func (c *clearing) headsSaying(line *html.Node) bool {
	if !isHeading(line) {
		return false
	}
	says := false
	for s := nextShown(c.frameOf(line), behind); s != nil && !isHeading(s); s = nextShown(s, behind) {
		if isControl(s) || isAny(s.Descendants(), isControl) {
			return false
		}
		says = says || c.isSaying(s) || isAny(s.Descendants(), c.isSaying)
	}
	return says
}

// isControl reports what visitors do something with.
func isControl(n *html.Node) bool {
	return isClickable(n) || n.DataAtom == atom.Input || n.DataAtom == atom.Form
}

// isSaying reports a sentence, or several, in which a page does not only ask.
func (c *clearing) isSaying(n *html.Node) bool {
	if !c.leaf[n] {
		return false
	}
	text := forBoth(words(n))
	return isSentence(text) && !isOnlyAsking(text) && !isCallToReaders(text) && !isHint(text)
}

// shortestTo, in characters, is less than the titles have that links lead to.
const shortestTo = 20

// holdsText reports an element with a paragraph that is longer than a dateline.
func (c *clearing) holdsText(n *html.Node) bool {
	return isAny(n.Descendants(), func(d *html.Node) bool { return c.leaf[d] && c.size[d] > longestDateline })
}

// mostInDoors is how many hyphens addresses have, at most, at which one subscribes: those of articles are made of their titles.
const mostInDoors = 3

var toDoors = expression(`(?i)^$|^#|^javascript:|abonn|/abo\b|offre|subscri|sign-?(?:up|in)|log-?in|connexion|connect|compte|account|regist|inscri|premium|member|paywall|checkout`)

// leadsElsewhere reports a link to another page than one where visitors subscribe, or say who they are.
func leadsElsewhere(n *html.Node) bool {
	to := attribute(n, "href")
	return n.DataAtom == atom.A && (!toDoors().MatchString(to) || strings.Count(to, "-") > mostInDoors)
}

// besideOthers is what a line says, without its links to other articles, in words for men where it means all.
func besideOthers(n *html.Node) string {
	var all []string
	var add func(*html.Node)
	add = func(n *html.Node) {
		if n.Type == html.TextNode {
			all = append(all, strings.Fields(n.Data)...)
		}
		for child := range n.ChildNodes() {
			if !leadsElsewhere(child) {
				add(child)
			}
		}
	}
	add(n)
	return forBoth(strings.Join(all, " "))
}
