package neardup

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// What a page says in a line or two under its title.
const (
	evening = "Suivez la soirée électorale avec nos envoyés spéciaux dans les quartiers généraux des partis."
	trial   = "La cour entend ce matin les premiers témoins, et rendra sa décision avant la fin du mois."
	brief   = "Le match minute par minute."
)

// live is what stands on a page of a site that uses one for whatever is live.
func live(page, title, chapo string, published time.Time) newsletter.Article {
	a := story("https://gazette.example/"+page, title, "", published)
	a.Summary = chapo
	return a
}

// reusedSame are articles of one page in two spellings, of which the title, and more, was corrected.
func reusedSame() (all []pair) {
	said := func(name string, a, b newsletter.Article) { all = append(all, pair{"one page: " + name, a, b}) }
	first := live("direct", "Soirée électorale : les résultats tombent", evening, day(6, 19))
	for _, spelled := range []string{"direct/", "direct?xtor=RSS-1", "direct?at_medium=rss&at_campaign=fil&at_custom1=a", "direct?mtm_campaign=fil", "direct?_hsmi=4&_hsenc=5"} {
		said(spelled, first, live(spelled, "Participation en hausse dans les grandes villes", evening, day(6, 19)))
	}
	said("an hour later, the title made clearer", first, live("direct/", "Les résultats de la soirée électorale, commune par commune", trial, day(6, 20)))
	said("nothing in common but the minute and a word of the title", first, live("direct/", "Résultats : la carte de France", trial, day(6, 19)))
	said("no chapô in the feed, and another title", first, live("direct/", "La carte de France", "", day(6, 19)))
	said("no chapô in the feed, the date of its update", first, live("direct/", "La carte de France", "", day(6, 23)))
	said("a chapô in the feed, the text in the database", first, but(live("direct/", "La carte de France", "", day(6, 19)), func(a *newsletter.Article) { a.Body = launch }))
	said("a day, and no hour", dated(first, day(5, 22).Truncate(time.Hour)), live("direct/", "La carte de France", "", day(6, 7)))
	said("no dates", undated(first, day(6, 19)), undated(live("direct/", "La carte de France", "", day(6, 19)), day(6, 20)))
	said("one chapô, days later", first, live("direct/", "La carte de France", evening, day(9, 19)))
	said("AMP, a title made shorter", first, live("direct/amp", "Les résultats tombent", "", day(6, 19)))
	said("AMP by its host, one chapô", first, but(live("direct", "La carte de France", evening, day(6, 19)), at("https://amp.gazette.example/direct")))
	said("AMP by its ending", first, live("direct.amp", "Soirée électorale : les résultats", "", day(6, 19)))
	return all
}

func undated(a newsletter.Article, arrived time.Time) newsletter.Article {
	a.Published, a.Arrived = time.Time{}, arrived
	return a
}

// reusedOther are articles that one address was given to one after the other, and some whose addresses look like one.
func reusedOther() (all []pair) {
	said := func(name string, a, b newsletter.Article) { all = append(all, pair{"two articles: " + name, a, b}) }
	first := live("direct", "EN DIRECT. Soirée électorale : suivez les résultats", evening, day(6, 19))
	for _, spelled := range []string{"direct/", "direct?xtor=RSS-1", "direct?at_medium=rss", "direct?amp=1", "direct/amp"} {
		next := live(spelled, "EN DIRECT. Procès Orion : suivez les débats", trial, day(8, 7))
		said(spelled, first, next)
		said(spelled+", two hours later", first, dated(next, day(6, 21)))
		said(spelled+", without a chapô", live("direct", first.Title, "", day(6, 19)), live(spelled, next.Title, "", day(8, 7)))
		said(spelled+", without a chapô of the first", live("direct", first.Title, "", day(6, 19)), next)
	}
	said("nothing in common but the minute", titled(first, "Soirée électorale"), live("direct/", "Procès Orion : les débats", trial, day(6, 19)))
	said("a chapô of few words", titled(first, "Soirée électorale"), live("direct/", "Finale de la coupe", brief, day(6, 21)))
	said("no dates", undated(first, day(6, 19)), undated(live("direct/", "Procès Orion : suivez les débats", trial, day(8, 7)), day(8, 7)))
	said("a chapô and a text, the next day", first, but(live("direct/", "Mistigri, le modèle de Boréal", "", day(7, 19)), func(a *newsletter.Article) { a.Body = launch }))
	said("an hour on each day", dated(first, day(6, 12).Truncate(time.Hour)), live("direct/", "Procès Orion : suivez les débats", "", day(7, 12).Truncate(time.Hour)))
	said("www", first, but(live("direct", "Procès Orion : suivez les débats", trial, day(8, 7)), at("http://www.gazette.example/direct")))
	said("a day in each title", live("essentiel", "L’essentiel du 12 octobre", evening, day(12, 6)), live("essentiel/", "L’essentiel du 13 octobre", trial, day(13, 6)))
	said("titles of one pattern", live("direct", "En direct : suivez Nantes - Lyon", evening, day(6, 14)), live("direct/", "En direct : suivez Brest - Nice", trial, day(6, 19)))
	said("half of a title", live("direct", "Le débat en direct", evening, day(6, 14)), live("direct/", "En direct, la finale", trial, day(6, 19)))
	said("two long texts under much the same title", but(first, func(a *newsletter.Article) { a.Body = launch }), but(live("direct/", "EN DIRECT. Soirée électorale : les résultats", "", day(6, 19)), func(a *newsletter.Article) { a.Body = guide }))
	said("more of the same title, a week later", first, live("direct/", "EN DIRECT. Soirée électorale : suivez les résultats du second tour", trial, day(13, 19)))
	said("a sign in each title", live("bourse", "La bourse de Paris : +5 %", evening, day(12, 17)), live("bourse/", "La bourse de Paris : −5 %", trial, day(13, 17)))
	said("a column on its page", live("matin", "Le point du matin", evening, day(12, 6)), live("matin/", "Le point du matin", trial, day(13, 6)))

	list := live("guides", "Tous les guides de la rédaction", evening, day(6, 7))
	said("a guide to AMP", list, live("guides/amp", "AMP : des pages rapides pour les téléphones", trial, day(6, 7)))
	said("a guide to AMP, without a chapô", live("guides", list.Title, "", day(6, 7)), live("guides/amp/", "Le guide des pages AMP", "", day(6, 7)))
	said("a guide to AMP of the same pattern", live("guides", "Guide complet du référencement pour débutants", "", day(6, 7)), live("guides/amp", "Guide complet de l’AMP pour débutants", "", day(6, 7)))
	said("a guide to AMP with the same words", live("guides", "Des pages rapides pour les téléphones", evening, day(6, 7)), live("guides/amp", "AMP : des pages rapides pour les téléphones", trial, day(6, 7)))
	said("a town called Amp", list, but(live("guides", "Les sorties à Aix, Marseille et Martigues", trial, day(6, 7)), at("https://amp.gazette.example/guides")))
	said("a file called amp", list, live("guides.amp", "Un modèle réduit d’amplificateur", trial, day(6, 7)))
	for _, name := range []string{"at_article", "at_page", "mtm_id", "_hs_id", "ref", "source", "from", "id", "p", "cid", "s", "share", "amp"} {
		said("by "+name, live("lire?"+name+"=12", first.Title, "", day(6, 19)), live("lire?"+name+"=13", "Procès Orion : suivez les débats", "", day(6, 19)))
	}
	return all
}

// Without a text a source that has one page twice has two articles on it, whatever the hour; two sources may be a correction behind each other.
func TestPairs_ofOnePage(t *testing.T) {
	p := pair{"", live("direct", "Soirée électorale", "", day(6, 14)), live("direct/", "Finale de la coupe", "", day(6, 21))}
	if a, b := p.ofOneSource(); both(t, "one source", a, b) != "" {
		t.Error("what one source has at two hours is one story")
	}
	if a, b := p.ofTwoSources(); both(t, "two sources", a, b) != ByAddress {
		t.Error("what two sources have within hours is two stories")
	}
}

// What one page has under two spellings of its address is a correction, whatever an update of one of them says.
func TestTurns_onOnePage(t *testing.T) {
	before := live("direct", "Soirée électorale : suivez les résultats", evening, day(6, 19))
	other := before
	other.URL += "/"
	after := titled(before, "Procès Orion : les débats")
	after.Summary = trial
	if Turns(Of(before, ""), Of(after, ""), Of(other, "")) {
		t.Error("an update turns an article against its own page")
	}
	elsewhere := but(other, at("https://gazette.example/soiree"))
	if !Turns(Of(before, ""), Of(after, ""), Of(elsewhere, "")) {
		t.Error("an update turns an article against no other page")
	}
}
