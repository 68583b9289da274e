package extract

import (
	"slices"

	"golang.org/x/net/html"
)

// What sites say by which they sell. None of it tells that the text above ends: whole articles stand over it, too.
var (
	// toAllOf offers to read all that a site has. Where it says what that costs, it sells, and says nothing of the text at hand.
	toAllOf = anyOf(`(?:^|[.!?…]\s+)[^\pL\pN«“"‘]*%s`,
		entrez+`[^.!?]{0,40}? (?:pour|afin de|et) (?:lire|accédez|accéder|découvrir|profite[rz])(?: à| de)? (?:tous|toute|l’ensemble)`,
		`(?:accédez|profitez)(?: en illimité)? (?:à|de) (?:tous|toute|l’ensemble)[^.!?]{0,30}(?:articles|contenus|l’offre)`,
		toEnter+`(?: to [^.!?,]{1,30}?)? to read (?:more|all|unlimited|as many|our)`,
	)

	// price is what something costs, or how much less.
	price = expression(`(?i)(?:[$£€¥]|\b(?:CHF|EUR|USD|GBP|CAD))[\s\x{a0}\x{202f}]?[0-9]|[0-9][\s\x{a0}\x{202f}]?(?:[$£€¥¢]|(?:euros?|dollars?|francs?|livres|pounds?|pence|cents?|centimes|yens?|CHF|EUR|USD|GBP|CAD)(?:$|[^\pL])|% (?:off\b|de (?:remise|réduction)))`)

	// toPay begins a sentence that calls on readers to pay.
	toPay = anyOf(`(?:^|[.!?…:]\s+)[^\pL\pN«“"‘]*%s`,
		`(?:(?:please|consider|start|try) )?(?:subscrib(?:e|ing)|join(?: us)?|upgrade|become an? (?:[a-z-]+ ){0,2}(?:member|subscriber|supporter)|support (?:us|our|my|this)|go (?:paid|premium)|(?:start|get) (?:a|your) (?:[a-z-]+ ){0,2}(?:subscription|membership))\b`,
		`(?:abonnez|réabonnez)-vous`, `abonne-toi`, `je m’abonne`, `s’abonner`, `(?:devenez|deviens) (?:abonn|membre|adhérent)`, `(?:soutenez|soutiens)(?:-nous| notre| nos| le| la| ce)`, `passez (?:à|au) `, `(?:profitez|bénéficiez) d`, `rejoignez(?:-nous| nos| les)`,
	)
)

// isHint reports a text that asks whether the site knows who reads, or offers all that it has: so do walls, and the margins of open pages.
func isHint(text string) bool {
	return toKnown().MatchString(text) || toAllOf().MatchString(text) && !price().MatchString(text)
}

// ofOffers are words in the classes of boxes in which sites sell, beside those of boxes in which they ask.
const ofOffers = boxes + "support soutien promo promotion offer offre upsell cta subscribe subscription membership "

// sells reports a line by which the site sells what it writes for a price, to who reads it, and not an article that speaks of prices: it is set apart from the
// text, by its letters or by what it stands in.
func (c *clearing) sells(line *html.Node, text string) bool {
	isOffer := toPay().MatchString(text) && price().MatchString(text) && !reporting().MatchString(text)
	return isOffer && (isMarked(slices.Collect(line.ChildNodes()), italic) || c.size[line.Parent] == c.size[line] && isNamed(line.Parent, ofOffers))
}
