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

// What a control says by which one gives to a site: for certain, and where it leads to where one gives.
var (
	toGive = anyOf(`^[^\pL]*%s`+amount+`(?: (?:sur|on|via) [^.!?]{2,20})?[^\pL]*$`,
		`(?:je (?:fais|veux faire) un|faire un|faites un) don(?: (?:maintenant|ici|mensuel|ponctuel|défiscalisé|en ligne|à \S+(?: \S+){0,2}))?`, `je (?:donne|soutiens|contribue)(?: (?:[^.!?]{1,30}))?`, `(?:soutenez|aidez)[ -]nous`, `(?:nous soutenir|soutenir (?:le journal|le site|le média|la rédaction|notre travail|nos enquêtes))`,
		`(?:donate|give|contribute)(?: (?:now|today|here|monthly|once))*`, `(?:make|give) a (?:(?:tax-deductible|monthly|one-time|recurring|year-end) )?(?:donation|gift|contribution)`, `support (?:us|our (?:work|journalism|reporting|newsroom|mission)|independent (?:journalism|media))(?: (?:now|today))?`, `become a (?:supporter|patron|donor|sustaining member)`, `buy (?:me|us) a coffee`, `chip in`,
	)
	mayGive = anyOf(`^[^\pL]*%s(?:[^\pL].{0,30})?$`, `soutenez`, `soutenir`, `je soutiens`, `support`, `help`, `aidez`, `aider`, `don`, `donnez`, `donner`, `contribuer`, `contribute`, `participe[rz]`, `devenez (?:membre|mécène|donateur|soutien)`, `become`, `adhére[rz]`, `join`)
	toFunds = expression(`(?i)(?:^|[/.?=&_-])(?:dons?|donner|donate|donations?|donorbox|give|giving|soutenir|soutenez|soutien|nous-soutenir|support(?:-us)?|contribute|contribuer|contributions?|membership|helloasso|patreon|tipeee|liberapay|opencollective|ko-fi|buymeacoffee|ulule|okpal|paypal)(?:[/.?=&_#-]|$)`)
)

// amount is how much, behind what one does.
const amount = `(?:,?\s*(?:from|for|with|as little as|dès|à partir de|pour|avec|de|just|only|seulement|au moins|as|little)?\s*(?:just |only |seulement |as little as )?(?:[$£€]\s?[0-9]+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?\s?(?:€|euros?|dollars?|\$|£))(?:\s?(?:a|per|par|/|every|each)\s?(?:month|mois|year|an|week))?)?`

// isGift reports what such a control says, and where it leads.
func isGift(control *html.Node) bool {
	said := words(control)
	return toGive().MatchString(said) || mayGive().MatchString(said) && toFunds().MatchString(attribute(control, "href"))
}

// asksForGift reports such a control that stands in no sentence.
func (c *clearing) asksForGift(n *html.Node) bool {
	if !isClickable(n) || c.size[n] > longestLabel || !isGift(n) {
		return false
	}
	for p := n; p != c.body; p = p.Parent {
		if c.leaf[p] {
			return isOnlyGifts(p)
		}
	}
	return true
}

// isOnlyGifts reports a line of nothing but such controls.
func isOnlyGifts(line *html.Node) bool {
	isOther := func(d *html.Node) bool { return d.DataAtom == atom.A && !isGift(d) }
	return saysOnlyLinks(line) && !isAny(line.Descendants(), isOther) || isClickable(line) || line.FirstChild != nil && words(line.FirstChild) == words(line)
}

// dropGiftBoxes takes out boxes in which a site asks for gifts, each by something in it by which one gives. Sites that live on gifts say at length why.
func (c *clearing) dropGiftBoxes() {
	var asking []*html.Node
	for n := range c.body.Descendants() {
		if len(asking) < mostAsking && c.asksForGift(n) {
			asking = append(asking, n)
		}
	}
	for _, n := range asking {
		if c.isThere(n) {
			c.remove(c.giftBox(n))
		}
	}
}

// largestAppeal is how many characters such a box has, at most.
const largestAppeal = 2000

// isNoBox reports what is larger than a box beside the text, or most of the page, or holds what heads an article or several parts of one.
func (c *clearing) isNoBox(n *html.Node, largest int) bool {
	return c.size[n] > largest || c.size[n]*5 > c.size[c.body]*2 || holds(n, atom.H1) || holds(n, atom.Time) || count(n.Descendants(), isHeading) > 1
}

// giftBox is the largest element around a control in which each paragraph of some length speaks to readers of what the site lives on.
func (c *clearing) giftBox(n *html.Node) *html.Node {
	box := c.askBox(n)
	for p, depth := n.Parent, 0; depth < deepestAsk && p != c.body && p.DataAtom != atom.Main && p.DataAtom != atom.Article; p = p.Parent {
		if c.isNoBox(p, largestAppeal) || c.speaksOfOther(p) {
			break
		}
		depth++
		if !isIn(box, p) || c.size[p] >= c.size[box] {
			box = p
		}
	}
	return box
}

// speaksOfOther reports an element with a paragraph that does not speak to readers of gifts, or of what the site lives on.
func (c *clearing) speaksOfOther(n *html.Node) bool {
	return isAny(n.Descendants(), func(d *html.Node) bool {
		if !c.leaf[d] || isHeading(d) {
			return false
		}
		text := words(d)
		isAppeal := ofGifts().MatchString(text) && (toVisitors().MatchString(text) || ofFirstPerson().MatchString(text))
		return (c.size[d] > longestDateline || isSentence(text)) && !isAppeal || members().MatchString(text) || isCallToReaders(forBoth(text)) || namesIn(text) != nil
	})
}

var (
	ofFirstPerson = anyOf(`(?:^|[^\pL])%s(?:$|[^\pL])`, `je`, `j’`, `mon`, `mes`, `i`, `my`, `ce (?:média|journal|travail|site)`)

	// ofGifts is what sites speak of that ask for gifts.
	ofGifts = anyOf(`(?:^|[^\pL])%s`, `dons?(?:$|[^\pL])`, `donat`, `donor`, `soutien`, `souten`, `soutenir`, `support`, `contribu`, `gifts?\b`, `fund`, `financ`, `défisc`, `impôts?`, `tax`, `indépendan`, `independen`, `publicité`, `pub\b`, `ad-free`, `advertis`, `actionnaire`, `shareholder`, `owners?\b`, `milliardaire`, `billionaire`, `paywall`, `abonn`, `gratuit`, `accès libre`, `en libre accès`, `free\b`, `non-?profit`, `but non lucratif`, `besoin de vous`, `grâce à vous`, `lect(?:eurs|rices)`, `readers?`, `journalis`, `médias?\b`, `newsroom`, `rédaction`, `favou?r to ask`, `euros?\b`, `€`, `\$`)
)

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
