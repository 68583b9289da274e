package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dropPolls takes out what a page asks its visitors to vote on: the form, with the question above it, or the box around both.
func (c *clearing) dropPolls() {
	for _, n := range slices.Collect(c.body.Descendants()) {
		if !c.isThere(n) || !c.isPoll(n) {
			continue
		}
		box := c.askBox(n)
		if question := nextShown(box, before); question != nil && c.leaf[question] && c.size[question] <= shortLine && strings.HasSuffix(words(question), "?") {
			if title := nextShown(question, before); title != nil && ofVotes().MatchString(words(title)) {
				c.remove(title)
			}
			c.remove(question)
		}
		c.remove(box)
	}
}

// isPoll reports a small form with several answers to choose from and a button, a button that casts a vote, and what is called a poll and counts votes.
func (c *clearing) isPoll(n *html.Node) bool {
	switch {
	case c.size[n] > largestAsk:
		return false
	case n.DataAtom == atom.Button || n.DataAtom == atom.Input && attribute(n, "type") == "submit":
		return toVote().MatchString(words(n) + attribute(n, "value"))
	case n.DataAtom == atom.Form:
		return count(n.Descendants(), isChoice) > 1 && isAny(n.Descendants(), isSending)
	}
	return isNamed(n, " poll polls sondage survey ") && isAny(n.Descendants(), func(d *html.Node) bool { return c.leaf[d] && votes().MatchString(words(d)) })
}

func isChoice(n *html.Node) bool {
	return n.DataAtom == atom.Input && (attribute(n, "type") == "radio" || attribute(n, "type") == "checkbox")
}

func isSending(n *html.Node) bool {
	return n.DataAtom == atom.Button || n.DataAtom == atom.Input && (attribute(n, "type") == "submit" || attribute(n, "type") == "button")
}

var (
	toVote  = anyOf(`^[^\pL]*%s[^\pL]*$`, `(?:je )?vote[rz]?(?: maintenant| now)?`, `voter`, `(?:submit|cast) (?:my |your )?vote`, `valider (?:mon|votre|le) vote`, `(?:voir|view|see) (?:les |the )?(?:résultats|results) (?:du (?:sondage|vote)|of the (?:poll|vote))`)
	votes   = anyOf(`^[^\pL]*%s(?: (?:au total|in total|total))?[^\pL]*$`, `(?:total ?:? ?)?[0-9][0-9\s.,]*(?:votes?|votants?|participants?|réponses?|voters?|responses?)`)
	ofVotes = anyOf(`^[^\pL]*%s[^\pL]*$`, `(?:le |notre |our |the )?(?:sondage|poll|vote|question)(?: (?:du jour|de la semaine|of the (?:day|week)))?`, `(?:et vous|votre avis|donnez votre avis|qu’en pensez-vous|your (?:say|opinion)|have your say|what do you think)`)
)
