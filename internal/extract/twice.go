package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A repeater knows what a page has said.
type repeater struct {
	*clearing
	says map[*html.Node]string // what paragraphs say
	said map[string]*html.Node // and which was the first to say it
}

// dropRepeats takes out blocks of which an earlier one has said all: pages give a text once for narrow screens and once for wide ones, and styles show one of
// the two. A paragraph that comes again among others, as a refrain does, stays.
func (c *clearing) dropRepeats() {
	r := &repeater{clearing: c, says: map[*html.Node]string{}, said: map[string]*html.Node{}}
	for n := range c.body.Descendants() {
		if c.leaf[n] {
			r.says[n] = words(n)
		}
	}
	last := ""
	c.dropEach(c.body, func(n *html.Node) bool {
		if c.leaf[n] {
			text := r.says[n]
			before := r.said[text]
			isAgain := before != nil && c.size[n] > shortestLead && !isWithin(n, atom.Li, atom.Blockquote, atom.Table, atom.Pre) && (text == last && attribute(before, "class") != attribute(n, "class") || before.Parent != n.Parent && c.size[n] > longestDateline)
			if before == nil {
				r.said[text] = n
			}
			last = text
			return isAgain
		}
		return isPlain(n) && r.repeats(n)
	})
}

// repeats reports a block of which all long paragraphs were said before, and nearly all of the rest.
func (r *repeater) repeats(block *html.Node) bool {
	long, lost := 0, 0
	for n := range block.Descendants() {
		isLong, isNew := r.size[n] > shortestLead, r.said[r.says[n]] == nil
		switch {
		case !r.leaf[n]:
		case isNew && isLong:
			return false
		case isNew:
			lost += r.size[n]
		case isLong:
			long += r.size[n]
		}
	}
	return long > 0 && lost*4 <= long
}
