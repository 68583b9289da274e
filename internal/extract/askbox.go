package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	largestAsk = 600 // characters, more than a box says that asks for an address or a gift
	mostSaid   = 2   // sentences by themselves in such a box that speak of something else
	deepestAsk = 8   // elements around what asks
	mostAsking = 64  // of a page that are looked at
)

// dropAskBoxes takes out boxes in which a site asks its visitors for an address or a gift, each by something in it that asks. A form is none of their marks: many are
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
	`dons? `, `dons?[.,!]`, `donat`, `soutien`, `soutenez`, `soutenir`, `support(?:ers?)? (?:us|our|independent)`, `contribut`,
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
			text := forBoth(words(d))
			isOther := strings.HasSuffix(text, ".") && !ofAsking().MatchString(text)
			if isOther {
				others++
			}
			if isOther && c.size[d] > longestDateline || namesIn(text) != nil || members().MatchString(text) || isCallToReaders(text) || isHint(text) {
				return true
			}
		}
		if headings > 1 || others > mostSaid {
			return true
		}
	}
	return false
}

var ofAddress = expression(`(?i)(?:^|[^a-z])(?:e-?mail|courriel)`)

// isAddressField reports a field for an address.
func isAddressField(n *html.Node) bool {
	if n.DataAtom != atom.Input {
		return false
	}
	switch kind := strings.ToLower(attribute(n, "type")); kind {
	case "email":
		return true
	case "", "text":
		return ofAddress().MatchString(strings.Join([]string{attribute(n, "name"), attribute(n, "id"), attribute(n, "placeholder"), attribute(n, "autocomplete")}, " "))
	}
	return false
}

var (
	toSubscribe = anyOf(`^[^\pL]*%s[^\pL]*$`,
		`(?:s’|je m’|m’)(?:inscrire|inscris|abonner|abonne)(?: (?:à la newsletter|gratuitement|maintenant))?`, `inscription(?: gratuite)?`, `(?:recevoir|découvrir) la (?:newsletter|lettre)`, `subscribe(?: now| for free)?`, `sign (?:me )?up(?: now| for free)?`,
	)
	toLetters = expression(`(?i)newsletter|infolettre|subscri|inscri|abonn|sign-?up|portal`)
)

// asksForAddress reports a field for one, a button that leads there, or a frame of a program that sends letters.
func asksForAddress(n *html.Node) bool {
	return isAddressField(n) || n.DataAtom == atom.Button && toSubscribe().MatchString(words(n)) || n.DataAtom == atom.Iframe && ofSenders().MatchString(attribute(n, "src"))
}

// leadsToSubscribe reports a link to where one subscribes that stands in no sentence. Where its address does not tell, its box does.
func (c *clearing) leadsToSubscribe(n *html.Node) bool {
	if n.DataAtom != atom.A {
		return false
	}
	to, says := attribute(n, "href"), toSubscribe().MatchString(words(n))
	for p := n; p != c.body && (says || ofSenders().MatchString(to)); p = p.Parent {
		if c.leaf[p] {
			box := words(c.askBox(n))
			return saysOnlyLinks(p) && (toLetters().MatchString(to) || ofSenders().MatchString(to) || ofLetters().MatchString(box) || price().MatchString(box))
		}
	}
	return false
}

// toGive is what a control says by which one gives to a site.
var toGive = anyOf(`^[^\pL]*%s[^\pL]*$`,
	`(?:je (?:fais|veux faire) un|faire un|faites un) don(?: (?:maintenant|ici|mensuel|en ligne))?`, `je (?:donne|soutiens|contribue)(?: (?:[^.!?]{1,30}))?`, `(?:soutenez|aidez)[ -]nous`, `soutenir (?:le journal|le site|la rédaction|notre travail)`,
	`donate(?: now| today| here)?`, `(?:make|give) a (?:donation|gift|contribution)`, `support (?:us|our (?:work|journalism))(?: (?:now|today))?`, `become a (?:supporter|patron|donor)`,
)

// asksForGift reports such a control that stands in no sentence.
func (c *clearing) asksForGift(n *html.Node) bool {
	if !isClickable(n) || !toGive().MatchString(words(n)) {
		return false
	}
	for p := n; p != c.body; p = p.Parent {
		if c.leaf[p] {
			return words(p) == words(n)
		}
	}
	return true
}

var (
	// ofSenders finds the addresses at which programs that send letters ask for addresses.
	ofSenders = expression(`(?i)\blist-manage\d*\.com/(?:subscribe|track)|\bsubstack\.com/(?:embed|subscribe)|\bmailchi\.mp/|\beepurl\.com/|\bsibforms\.com/|\bsendinblue\.com/.*form|\bsubscribepage\.|\bmailerlite\.com/|\bmlsend\.com/|\bbeehiiv\.com/(?:embed|subscribe)|\b(?:convertkit|kit)\.com/.*(?:form|subscri)|\bbuttondown\.\w+/|\bmailjet\.com/widget|\btinyletter\.com/`)

	// ofLetters is what a box says of what it sends.
	ofLetters = anyOf(`(?:^|[^\pL])%s(?:$|[^\pL])`,
		`newsletters?`, `infolettres?`, `(?:la|notre|nos|une) lettres?(?: d’information)?`, `bo[îi]tes? (?:mail|aux lettres|de r[ée]ception)`, `par (?:e-?)?mail`, `inbox`, `by e-?mail`, `mailing list`, `(?:chaque|every|tous les|toutes les) (?:jours?|matins?|soirs?|semaines?|mois|`+weekday+`s?|day|morning|week|month)`,
	)
)

// invites reports a line in which the site asks its readers for their addresses, and not an article about such: something more than its words says so, or it
// speaks of itself, or it is all that a last paragraph says.
func (c *clearing) invites(line *html.Node, text string) bool {
	if !invitation().MatchString(text) {
		return false
	}
	box := c.boxOf(line)
	switch {
	case box != line && isMarkedBox(box):
		return true
	case reporting().MatchString(text), strings.HasPrefix(text, "«"), strings.HasPrefix(text, "“"), strings.HasPrefix(text, `"`):
		return false
	case ofItself().MatchString(text), isMarkedBox(line):
		return true
	case isHeading(line):
		return !c.headsProse(line)
	}
	isApart := c.size[box] > c.size[line] // and says more
	return isApart || c.isLast(line) && isOnlyAsking(text)
}

// boxes are words in the classes of boxes in which sites ask for something, beside those of what stands around articles.
const boxes = " encart encadre encadré callout bandeau inscription abonnement abo nl infolettre mailing "

// isMarkedBox reports an element with something in it by which one subscribes, or that is called so.
func isMarkedBox(box *html.Node) bool {
	if isNamed(box, boxes) {
		return true
	}
	for d := range box.Descendants() {
		if isAddressField(d) || d.DataAtom == atom.Button || d.DataAtom == atom.A && toLetters().MatchString(attribute(d, "href")) {
			return true
		}
	}
	return false
}

// headsProse reports a line that a paragraph of the text follows.
func (c *clearing) headsProse(n *html.Node) bool {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if c.size[s] > 0 {
			return c.leaf[s] && c.size[s] > longestDateline
		}
	}
	return false
}

// mostBehind is how many elements and texts are looked at behind a line that may be the last of a text.
const mostBehind = 2000

// isLast reports a line behind which no paragraph is left that is one of the text.
func (c *clearing) isLast(line *html.Node) bool {
	seen := 0
	for n := c.behind(line); n != nil; n = c.next(n) {
		isText := c.leaf[n] && c.size[n] > longestDateline && !isWithin(n, atom.Li)
		if seen++; seen > mostBehind || isText && (c.size[n] > shortLine || !invitation().MatchString(words(n))) {
			return false
		}
	}
	return true
}

// next is what follows an element or a text in the page, and behind what follows all of it; nil: nothing does.
func (c *clearing) next(n *html.Node) *html.Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	return c.behind(n)
}

func (c *clearing) behind(n *html.Node) *html.Node {
	for ; n != nil && n != c.body; n = n.Parent {
		if n.NextSibling != nil {
			return n.NextSibling
		}
	}
	return nil
}

// isOnlyAsking reports a text of which each sentence asks, or speaks to who reads it, and none gives an address of its own.
func isOnlyAsking(text string) bool {
	for _, sentence := range sentenceGap().Split(text, -1) {
		if strings.TrimSpace(sentence) != "" && !ofAsking().MatchString(sentence) && !toVisitors().MatchString(sentence) && !ofAccounts().MatchString(sentence) {
			return false
		}
	}
	return !strings.Contains(text, "@")
}

var sentenceGap = expression(`[.!?…]+(?:\s+|$)`)
