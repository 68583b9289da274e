package neardup

import (
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

const (
	// lede is a chapô of the kind that editors write by hand: no sentence of it stands in the text.
	lede = "Un modèle qui tient sur un portable, des rédactions qui l’essaient, et une licence qui permet d’en faire commerce : visite à Lyon."

	longLede = lede + ` Nous avons passé une journée avec celles et ceux qui ont construit la machine, et demandé à trois secrétaires de rédaction ce qu’elle leur fait gagner.
Leurs réponses ne sont pas celles que l’on attendait.`
)

// chapoAndText are an article of which a feed has the chapô, and the database of its site the text as well.
func chapoAndText(chapo string) (feed, database newsletter.Article) {
	database = story("https://pandia.example/a/81", "Boréal présente Mistigri, un modèle sans réseau", launch, day(6, 7))
	database.Summary = chapo
	feed = again(database)
	feed.Body = ""
	return feed, database
}

// results is an article of a line.
func results(url, line string) newsletter.Article {
	return story("https://club.example/"+url, "Football. Les résultats du week-end en district", line, day(6, 16))
}

// sourcesSame are what two sources have of one article.
func sourcesSame() []pair {
	feed, database := chapoAndText(lede)
	longFeed, longDatabase := chapoAndText(longLede)
	hours := story("https://gazette.example/a/1", "Le stade ferme", advice, day(6, 16))
	midnight := time.Date(2026, 10, 5, 22, 0, 0, 0, time.UTC) // of the 6th in Paris
	return []pair{
		{"a chapô written by hand", feed, database},
		{"a line that goes on", results("a", "Plouay bat Bubry."), results("a-1", "Plouay bat Bubry. Guidel perd à Riec, et Quéven fait match nul.")},
		{"a line that one has", results("a", ""), results("a-1", "Plouay bat Bubry.")},
		{"a chapô written by hand, of more than forty words", longFeed, longDatabase},
		{"a date without an hour", hours, dated(again(hours), midnight)},
		{"no date", hours, but(again(hours), func(a *newsletter.Article) { a.Published, a.Arrived = time.Time{}, day(7, 9) })},
		{"the name of the site, with its article", hours, but(again(hours), func(a *newsletter.Article) { a.Title += " - La Gazette" })},
		{"the name of the site before the title", hours, but(again(hours), func(a *newsletter.Article) { a.Title = "La Gazette | " + a.Title })},
		{"the name of the site, of a part of it", but(hours, at("https://actu.pandia.example/a/1")), but(again(hours), func(a *newsletter.Article) {
			a.URL = "https://actu.pandia.example/a/2"
			a.Title += " | PandIA"
		})},
	}
}

// sourcesOther are two articles, whichever sources they are of.
func sourcesOther() []pair {
	feed, database := chapoAndText(lede)
	hours := story("https://gazette.example/a/1", "Les gestes qui aident quand il fait chaud", advice, day(6, 7))
	noon := time.Date(2026, 10, 6, 12, 0, 0, 0, time.UTC)
	montreal := dated(titled(hours, "La piscine gagne un bassin"), time.Date(2026, 10, 6, 4, 0, 0, 0, time.UTC))
	return []pair{
		{"a line of two groups", results("a", "Groupe A : Plouay bat Bubry."), results("b", "Groupe B : Guidel bat Riec.")},
		{"a word, and a line", results("a", "Annulés."), results("b", "Plouay bat Bubry. Guidel perd à Riec, et Quéven fait match nul.")},
		{"one chapô, two texts", but(again(database), func(a *newsletter.Article) { a.Body = launchFollow }), database},
		{"one chapô, an hour later", anHourLater(feed), database},
		{"one chapô on two sites", but(feed, at("https://miroir.example/a/81")), database},
		{"a column, half a day later, of known hours", hours, dated(again(hours), day(6, 19))},
		{"a column, a day later, of no hours", dated(hours, noon), dated(again(hours), noon.AddDate(0, 0, 1))},
		{"a column of no hours, an extract of all days", but(dated(hours, noon), cutShort), but(dated(again(hours), noon.Add(13*time.Hour)), cutShort)},
		{"a column of no hours, of a few words", but(dated(hours, noon), fewer), but(dated(again(hours), noon.Add(13*time.Hour)), fewer)},
		{"of one day and no hour, across the ocean", montreal, again(titled(montreal, "La piscine perd un bassin"))},
		{"a name that is not the site’s", hours, but(titled(hours, hours.Title+" - La Villette"), at("https://depeche.example/8"))},
		{"two sites, of which one denies", titled(hours, "Le stade fermera en juin"), but(titled(hours, "Pas de fermeture pour le stade"), at("https://depeche.example/8"))},
		{"two sources, two volumes", titled(hours, "Les gestes qui aident, tome II"), again(titled(hours, "Les gestes qui aident, tome III"))},
	}
}

// fewer leaves of a text what is too short to be recognised.
func fewer(a *newsletter.Article) { a.Body = strings.Join(words(a.Body)[:longText-5], " ") }

func cutShort(a *newsletter.Article) { a.Body += " …" }

// What one source has twice is two articles, whatever says that one was corrected: it has no reason to tell one story twice.
func TestPairs_ofOneSource(t *testing.T) {
	for title, other := range map[string]string{
		"La salle des fêtes : le programme du matin":     "La salle des fêtes : le programme du soir",
		"Élections à Nort : les bureaux du premier tour": "Élections à Nort : les bureaux du second tour",
		"L’équipe de handball gagne à domicile":          "L’équipe de handball perd à domicile",
		"Le conseil vote le projet de bibliothèque":      "Le conseil adopte le projet de bibliothèque",
		"Canicule : les gestes qui aident":               "Canicule : les gestes qui aident vraiment",
		"La chaleur, mode d’emploi":                      "Canicule : les bons gestes, de la cave au grenier",
		"市议会同意关闭游泳池":                                     "市议会反对关闭游泳池",
	} {
		first := telling("", title, advice)
		p := pair{other, first, again(titled(first, other))}
		if a, b := p.ofOneSource(); both(t, other, a, b) != "" || !Contradict(a, b) {
			t.Errorf("%s and %s of one source are one story", title, other)
		}
	}
	hours := story("https://gazette.example/a/1", "Le stade ferme", advice, day(6, 16))
	for _, at := range []time.Time{day(6, 1).Truncate(time.Hour), day(6, 15), day(6, 11)} {
		p := pair{"", hours, dated(again(hours), at)}
		if a, b := p.ofOneSource(); both(t, "a column", a, b) != "" {
			t.Errorf("a column of one source is one story with that of %v", at)
		}
	}
	moved := pair{"", hours, again(hours)}
	if a, b := moved.ofOneSource(); both(t, "a new address", a, b) == "" {
		t.Error("an article that moved to another address is two stories")
	}
}

// What one program brings by the inbox with one text and two dates is two bulletins. What it offers again under another address has the date that it had,
// or none, and what it corrects has another text.
func TestPairs_ofTheInbox(t *testing.T) {
	bulletin := story("https://radio.example/a/13", "Le journal de 13 heures", "", day(6, 11))
	bulletin.Summary = strings.Join(words(advice)[:someText+5], " ")
	for name, other := range map[string]newsletter.Article{
		"an hour later": anHourLater(again(bulletin)),
		"a day later":   dated(again(bulletin), day(7, 11)),
		"minutes later": dated(again(bulletin), day(6, 11).Add(10*time.Minute)),
	} {
		if a, b := (pair{name, bulletin, other}).ofTheInbox(); both(t, name, a, b) != "" || !Contradict(a, b) {
			t.Errorf("%s: two bulletins are one story", name)
		}
	}
	for name, p := range map[string]pair{
		"another address":           {a: bulletin, b: again(bulletin)},
		"no dates":                  {a: undated(bulletin, day(6, 11)), b: undated(again(bulletin), day(6, 14))},
		"a date that came later":    {a: undated(bulletin, day(6, 11)), b: dated(again(bulletin), day(6, 14))},
		"corrected, and dated anew": {a: bulletin, b: but(anHourLater(again(bulletin)), func(a *newsletter.Article) { a.Summary += " La mairie tient une liste des personnes fragiles." })},
		"one page, dated anew":      {a: bulletin, b: but(anHourLater(bulletin), at(bulletin.URL+"/?xtor=RSS-1"))},
	} {
		if a, b := p.ofTheInbox(); both(t, name, a, b) == "" {
			t.Errorf("%s: an article that is offered again is two stories", name)
		}
	}
}

// townsOther are pairs of which each is for a town, a line or a class of its own, over a text that serves both.
func townsOther() (all []pair) {
	for title, other := range map[string]string{
		"RER C : trafic interrompu ce week-end":        "RER D : trafic interrompu ce week-end",
		"Vacances : le calendrier de la zone A":        "Vacances : le calendrier de la zone C",
		"Les horaires d’été de la ligne J":             "Les horaires d’été de la ligne L",
		"Les horaires des entraînements des débutants": "Les horaires des entraînements des débutantes",
		"La résidence des étudiants ouvre":             "La résidence des étudiantes ouvre",
		"Le retrait du maire":                          "La retraite du maire",
		"Coupure d’eau au nord de la ville":            "Coupure d’eau au sud de la ville",
		"La banque rachète l’assureur":                 "L’assureur rachète la banque",
		"La laiterie achète son usine":                 "La laiterie achève son usine",
		"Les travaux du quartier, lot treize":          "Les travaux du quartier, lot quinze",
	} {
		first := telling("fr", title, advice)
		all = append(all,
			pair{"one site, hours apart: " + other, first, anHourLater(again(titled(first, other)))},
			pair{"one site, one minute: " + other, first, again(titled(first, other))},
			pair{"two sites: " + other, first, but(titled(first, other), at("https://gazette.example/9"))})
	}
	alert := telling("fr", "Vigilance orange : les consignes de la préfecture pour ce soir", "")
	alert.Summary = "Restez chez vous, et ne prenez la route que pour une urgence."
	for one, two := range map[string]string{
		"brest/vigilance-8812345": "quimper/vigilance-8812399", "brest/vigilance-brest": "quimper/vigilance-quimper", "vigilance-brest": "vigilance-quimper",
		"article/101": "article/102", "?ville=brest": "?ville=quimper", "brest/vigilance": "quimper/vigilance", "vigilance-évry": "vigilance-créteil",
	} {
		all = append(all, pair{"one line for two towns: " + one, but(alert, at("https://gazette.example/"+one)), but(alert, at("https://gazette.example/"+two))})
	}
	edition := func(town, title, body string) newsletter.Article {
		return but(telling("fr", title, body), at("https://"+town+".gazette.example/a"))
	}
	return append(all,
		pair{"two towns before a title", edition("nice", "Nice - Vigilance orange : les consignes de la préfecture", advice),
			anHourLater(edition("rennes", "Rennes - Vigilance orange : les consignes de la préfecture", advice))},
		pair{"two towns in titles in capitals", edition("lyon", "LYON : LA RUE DU PORT COUPÉE", advice), edition("nice", "NICE FERME UN TUNNEL POUR RÉNOVATION", advice)},
		pair{"two towns in English headlines", edition("lyon", "Lyon Metro Closed For Works This Week", advice), edition("nice", "Nice Tunnel Shut Until Further Notice", advice)},
		careless("Agenda : que faire ce week-end", advice, launch),
		careless("La météo de demain", "Pluie sur la rade et vent d’ouest, puis une éclaircie vers midi.", "Soleil toute la journée à l’intérieur des terres, brume sur l’Odet."),
		careless("Le maire accuse le préfet", "Le premier reproche au second d’avoir tardé à fermer le pont.", "La réponse est venue jeudi, par une lettre ouverte de trois pages.").named("Le préfet accuse le maire"),
		careless("Les trains de Nantes à Angers", "Un train sur deux circulera lundi dans ce sens, tôt le matin.", "Retour difficile : les cars remplacent les dernières rames après vingt heures.").named("Les trains d’Angers à Nantes"),
	)
}

// careless are two articles of one title and two texts to which their site gives one canonical address.
func careless(title, one, other string) pair {
	a := telling("fr", title, one)
	a.URL, a.Canonical = "https://gazette.example/brest/agenda", "https://gazette.example/agenda"
	b := a
	b.URL, b.Body = "https://gazette.example/quimper/agenda", other
	return pair{"careless canonical: " + title, a, b}
}

func (p pair) named(title string) pair {
	p.b.Title = title
	return p
}

// Of a title and little else, two sources may have one article, but not in the folders of two towns; one source that has it twice has it of two.
func TestPairs_ofOneTitle(t *testing.T) {
	for _, summary := range []string{"", "Tous les bureaux.", strings.Join(words(advice)[:someText-5], " ")} {
		brest := telling("fr", "Municipales : les résultats du premier tour", "")
		brest.URL, brest.Summary = "https://gazette.example/brest/resultats", summary
		p := pair{summary, brest, but(brest, at("https://gazette.example/quimper/resultats"))}
		if a, b := p.ofOneSource(); both(t, "one source", a, b) != "" {
			t.Errorf("%q: what one source has twice is one story", summary)
		}
		if a, b := p.ofTwoSources(); both(t, "two sources", a, b) != "" {
			t.Errorf("%q: what two sources have of two towns is one story", summary)
		}
		p.b.URL = "https://gazette.example/resultats"
		if a, b := p.ofTwoSources(); both(t, "two sources", a, b) != ByTitle {
			t.Errorf("%q: what two sources have is two stories", summary)
		}
	}
}
