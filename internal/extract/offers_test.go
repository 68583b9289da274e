package extract_test

import (
	"strings"
	"testing"
)

// offers are lines by which sites sell what they write, for whatever price.
func offers() []string {
	return []string{
		"Subscribe for $5 a month.", "Subscribe from £3 per month to support our reporting.", "Subscribe for only $1 for 6 months", "You’re reading the free edition. Subscribe for $8 a month to get two more letters a week.", "Subscribe now for just €2 per week.", "Become a member for $10/month", "Upgrade to paid for $50 a year and get the Friday letter.", "Join for $7 a month",
		"Support our journalism from as little as 99¢ a week.", "Start your subscription today: CHF 9.90 a month, cancel anytime.", "Go paid: CA$6 monthly or CA$60 annually.", "Subscribe for 5 dollars a month and never miss an issue.", "Get the weekend edition too. Subscribe from $4 a month.", "Subscribe from $5 a month to read all our stories.",
		"Abonnez-vous pour 5 € par mois.", "Abonnez-vous à partir de 1 €", "Abonnez-vous dès 4,90 € par mois et recevez le magazine chez vous.", "Vous lisez la version gratuite. Abonnez-vous pour 5&nbsp;€ par mois et recevez deux lettres de plus.", "Soutenez-nous à partir de 3 euros par mois.", "Devenez membre pour 60 € par an.", "Passez à la formule payante : 49 € par an.", "Je m’abonne pour 8,50 CHF par mois", "Rejoignez nos 4 000 abonnés pour 5 € par mois",
		"Abonnez-vous dès 1 € pour lire tous nos articles.",
	}
}

// What a site sells below a text does not tell that the text ends: it is taken whole, without the box that offers it.
func TestPage_offers(t *testing.T) {
	for _, offer := range offers() {
		for _, box := range []string{
			"<div class=support><h3>Like what you read?</h3><p>" + offer + "</p><a href=/s>Subscribe</a></div>", "<div><div>" + offer + "</div><button>Je m’abonne</button></div>", "<section class=x7><p><strong>" + offer + "</strong></p><p><a href=/s>S’abonner</a></p></section>",
			"<p><em>" + offer + "</em></p>", "<div class=support><p>" + offer + "</p></div>",
		} {
			for _, page := range []string{prose + prose + box, prose + box + prose} {
				if a := takes(t, "<title>T</title><article>"+page+"</article>"); strings.Count(a.Body, "\n\n") != 3 || strings.Contains(a.Body, "€") || strings.Contains(a.Body, "ubscri") {
					t.Errorf("%s stays: %s", brief(box), a.Body)
				}
			}
		}
	}
}

// An article that speaks of prices keeps what it says, also as its last words.
func TestPage_prices(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	for _, line := range []string{
		"The paper now asks readers to subscribe for $5 a month, twice what it took last year.", "Subscribe for $5 a month, the paper says, and you get the Sunday edition too.", "“Subscribe from $5 a month,” reads the box under each story.", "If you want the faster model, subscribe for $20 a month; the free one will do for most people.", "Members pay $7 a month and get two letters a week.",
		"Le journal propose de s’abonner pour 5 € par mois, deux fois plus que l’an dernier.", "« Abonnez-vous à partir de 1 € », répète le bandeau sous chaque texte.", "Comptez 20 € par mois pour la version payante, sans engagement.", "Abonnez-vous pour 23 € par mois si vous codez chaque jour.",
	} {
		for _, page := range []string{prose + "<p>" + line + "</p>", first + "</p><p>" + line + "</p>" + second} {
			if a := takes(t, "<title>T</title><article>"+page+"</article>"); !strings.Contains(a.Body, line) || strings.Count(a.Body, "\n\n") != 2 {
				t.Errorf("%s is gone: %s", line, a.Body)
			}
		}
	}
}
