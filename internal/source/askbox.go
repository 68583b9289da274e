package source

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	largestAsk = 600 // characters, more than a box says that asks for an address
	mostSaid   = 2   // sentences by themselves in such a box that speak of something else
	deepestAsk = 8   // elements around what asks
	mostAsking = 64  // of a page that are looked at
)

// dropAskBoxes takes out boxes in which a site asks its visitors for an address, each by something in it that asks. A form is none of their marks: many are
// made without one.
func (c *clearing) dropAskBoxes(asks func(*html.Node) bool) {
	var asking []*html.Node
	for n := range c.body.Descendants() {
		if len(asking) < mostAsking && asks(n) {
			asking = append(asking, n)
		}
	}
	for _, n := range asking {
		if c.isThere(n) { // and did not go with another
			c.remove(c.askBox(n))
		}
	}
}

// askBox is the largest element around another that says no more than such boxes do.
func (c *clearing) askBox(n *html.Node) *html.Node {
	box, depth := n, 0
	for p := n.Parent; depth < deepestAsk && p != c.body && p.DataAtom != atom.Main && p.DataAtom != atom.Article; p = p.Parent {
		if c.size[p] > largestAsk || c.size[p]*5 > c.size[c.body]*2 || holds(p, atom.H1) || holds(p, atom.Time) || c.speaksOtherwise(p) {
			break
		}
		box = p
		depth++
	}
	return box
}

// ofAsking is what boxes speak of that ask for an address.
var ofAsking = anyOf(`(?:^|[^\pL])%s`,
	`newsletters?`, `infolettres?`, `lettres? `, `e-?mails?`, `mails?`, `courriels?`, `bo[îi]tes?`, `inbox`, `inscri`, `désinscri`, `abonn`, `désabonn`, `subscri`, `unsubscri`, `sign up`, `spam`, `données`, `confidentialité`, `privacy`, `consent`, `recevez`, `recevoir`,
)

// speaksOtherwise reports an element with several headings, with a long paragraph or several short ones that speak of something else, with who wrote,
// or with a word that the article is not all there.
func (c *clearing) speaksOtherwise(n *html.Node) bool {
	headings, others := 0, 0
	for d := range n.Descendants() {
		if isHeading(d) {
			headings++
		}
		if c.leaf[d] {
			text := words(d)
			isOther := strings.HasSuffix(text, ".") && !ofAsking.MatchString(text)
			if isOther {
				others++
			}
			if isOther && c.size[d] > longestDateline || namesIn(text) != nil || members.MatchString(text) {
				return true
			}
		}
		if headings > 1 || others > mostSaid {
			return true
		}
	}
	return false
}

var ofAddress = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:e-?mail|courriel)`)

// isAddressField reports a field for an address.
func isAddressField(n *html.Node) bool {
	if n.DataAtom != atom.Input {
		return false
	}
	switch kind := strings.ToLower(attribute(n, "type")); kind {
	case "email":
		return true
	case "", "text":
		return ofAddress.MatchString(strings.Join([]string{attribute(n, "name"), attribute(n, "id"), attribute(n, "placeholder"), attribute(n, "autocomplete")}, " "))
	}
	return false
}

var (
	toSubscribe = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:s’|je m’|m’)(?:inscrire|inscris|abonner|abonne)(?: (?:à la newsletter|gratuitement|maintenant))?`, `inscription(?: gratuite)?`, `(?:recevoir|découvrir) la (?:newsletter|lettre)`, `subscribe(?: now| for free)?`, `sign (?:me )?up(?: now| for free)?`,
	)
	toLetters = regexp.MustCompile(`(?i)newsletter|infolettre|subscri|inscri|abonn|sign-?up|portal`)
)

// asksForAddress reports a field for one, or a button that leads there.
func asksForAddress(n *html.Node) bool {
	return isAddressField(n) || n.DataAtom == atom.Button && toSubscribe.MatchString(words(n))
}

// leadsToSubscribe reports a link to where one subscribes that stands in no sentence.
func (c *clearing) leadsToSubscribe(n *html.Node) bool {
	if n.DataAtom != atom.A || !toLetters.MatchString(attribute(n, "href")) || !toSubscribe.MatchString(words(n)) {
		return false
	}
	for p := n; p != c.body; p = p.Parent {
		if c.leaf[p] {
			return saysOnlyLinks(p)
		}
	}
	return false
}
