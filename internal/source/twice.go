package source

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dropRepeats takes out blocks of which an earlier one has said all: pages give a text once for narrow screens and once for wide ones, and styles show one of
// the two. A paragraph that comes again among others, as a refrain does, stays.
func (c *clearing) dropRepeats() {
	said := map[string]*html.Node{} // paragraphs, by what they say
	var last string
	c.dropEach(c.body, func(n *html.Node) bool {
		if c.leaf[n] {
			k := c.saying(n)
			before := said[k]
			isAgain := before != nil && k != "" && c.size[n] > shortestLead && !isWithin(n, atom.Li, atom.Blockquote, atom.Table, atom.Pre) && (k == last && attribute(before, "class") != attribute(n, "class") || before.Parent != n.Parent && c.size[n] > longestDateline)
			if before == nil {
				said[k] = n
			}
			last = k
			return isAgain
		}
		return isPlain(n) && c.repeats(n, said)
	})
}

// saying is the key of what a paragraph says.
func (c *clearing) saying(n *html.Node) string { return key(words(n)) }

// repeats reports a block of which all long paragraphs were said before, and nearly all of the rest.
func (c *clearing) repeats(block *html.Node, said map[string]*html.Node) bool {
	long, lost := 0, 0
	for d := range block.Descendants() {
		switch {
		case !c.leaf[d]:
		case said[c.saying(d)] == nil && c.size[d] > shortestLead:
			return false
		case said[c.saying(d)] == nil:
			lost += c.size[d]
		case c.size[d] > shortestLead:
			long += c.size[d]
		}
	}
	return long > 0 && lost*4 <= long
}
