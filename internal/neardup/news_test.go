package neardup

import (
	"strings"
	"time"

	"facteur/internal/newsletter"
)

// Texts as agencies, companies and sites publish them.
const (
	vote = `Les députés ont examiné pendant trois jours le projet de loi sur l’usage des modèles de langage dans les administrations. Le texte est adopté par la
commission des lois, qui a entendu une vingtaine de chercheurs, de juristes et d’élus locaux. Il oblige chaque service à tenir un registre public des outils qu’il emploie, et à
nommer une personne qui répond aux questions des usagers. Les amendements sur les données de santé seront discutés lundi, et le vote en séance est attendu mardi. Le rapporteur,
Paul Lescot, souligne que les communes de moins de 5 000 habitants auront deux ans pour s’y conformer. L’opposition demande que le registre soit tenu par une autorité
indépendante. Le Sénat recevra le texte avant la fin de l’année.`

	release = `Orion annonce la mise à disposition de GTX-5 pour tous ses abonnés. Le nouveau modèle répond plus vite que le précédent, suit mieux les consignes longues et
coûte le même prix. Il est proposé en 1 seule taille, avec une mémoire de 400 000 jetons, dans l’application et par l’interface de programmation. Les développeurs peuvent choisir
combien de temps le modèle réfléchit avant de répondre. L’entreprise publie une fiche qui décrit les essais de sécurité, et dit avoir réduit les réponses inventées. Les comptes
gratuits y auront accès dans les prochaines semaines, avec une limite de messages par jour. L’ancien modèle reste disponible pendant trois mois pour les clients qui en ont besoin.`

	deal = `Paris, le 12 novembre. La société Boréal annonce une levée de fonds de 48 millions d’euros auprès de plusieurs investisseurs européens. Cette opération doit
financer un centre de calcul à Bordeaux, l’embauche de 60 ingénieurs et l’ouverture d’un bureau à Madrid. Boréal développe des modèles de langage qui fonctionnent sur des
ordinateurs ordinaires, sans connexion. « Nos clients veulent garder leurs documents chez eux », explique Inès Vasseur, directrice générale. L’entreprise compte aujourd’hui 90
salariés et sert 300 clients, dont des hôpitaux, des cabinets d’avocats et des rédactions. Elle prévoit d’atteindre l’équilibre en 2028.`

	table = `Chaque vendredi, la rédaction relève les prix que les principaux fournisseurs demandent pour un million de jetons. Cette semaine, Orion demande 4 euros,
Boréal 3 euros et Austral 2 euros. Les écarts se réduisent depuis l’été, car les nouveaux centres de calcul entrent en service. Les remises pour les gros clients ne sont pas
comptées, ni les offres d’essai. Le tableau complet, avec la mémoire et la vitesse de chaque modèle, se trouve au bas de la page. La méthode n’a pas changé depuis le printemps :
les prix sont relevés le jeudi soir sur les pages publiques, hors taxes, et convertis au cours du jour.`

	banner = `Chaque matin, la rédaction lit pour vous la presse française et étrangère, et retient ce qui compte dans l’intelligence artificielle : les modèles, les
entreprises, la recherche, le droit et les usages. Cinq nouvelles, un chiffre, une lecture pour aller plus loin. Pour recevoir cette revue dans votre boîte, inscrivez-vous au bas de
la page ; pour la relire, toutes les éditions se trouvent dans les archives du site. Vos remarques sont les bienvenues à l’adresse de la rédaction.`

	digest = `Bonjour à toutes et à tous. Ce matin, Boréal ouvre un bureau à Madrid et cherche des traducteurs ; Orion change le prix de ses abonnements pour les écoles ; une
équipe de Grenoble montre qu’un petit modèle suffit pour classer des radiographies. Le chiffre du jour est la part des maires qui emploient un assistant, une sur quatre. À lire,
l’entretien du matin avec une greffière qui relit les jugements que la machine a résumés.`

	digestNext = `Bonjour à toutes et à tous. Ce matin, Austral perd son directeur technique ; le tribunal de Nantes refuse une preuve écrite par un programme ; un musée de
Lille fait parler ses tableaux avec la voix des gardiens. Le chiffre du jour est le prix d’une heure de calcul, qui baisse de moitié en un an. À lire, le récit d’un village qui a
débranché son guichet automatique et rappelé sa secrétaire de mairie.`

	wire = `Harbour Labs will make its small model free for schools, the company said in a statement on Wednesday. Teachers can use it in class, and the answers stay on
the school’s own machines. The programme begins with 200 schools in Wales and Scotland. Pupils under thirteen need the consent of their parents. The company is able to see how often
the model is used, and publishes the figures each term. Unions welcomed the plan, but asked who will pay when the first year is over. The minister said that the results would be
reviewed before other schools can join.`
)

// A desk makes pairs of articles of a text of each kind.
type desk struct{ vote, release, deal, table, column, wire newsletter.Article }

func newDesk() desk {
	d := desk{
		vote:    story("https://pandia.example/actu/loi", "Modèles de langage : le projet de loi est adopté en commission", vote, day(12, 9)),
		release: story("https://pandia.example/actu/gtx", "Orion lance GTX-5 pour tous ses abonnés", release, day(12, 10)),
		deal:    story("https://pandia.example/actu/boreal", "Boréal lève 48 millions d’euros pour ses modèles sans réseau", deal, day(12, 8)),
		table:   story("https://pandia.example/prix/46", "Le prix des modèles cette semaine", table, day(13, 17)),
		column:  story("https://pandia.example/matin/12", "Le point du matin", digest, day(12, 6)),
		wire:    story("https://harbour.example/news/schools", "Harbour Labs gives its small model to schools", wire, day(12, 9)),
	}
	for _, a := range []*newsletter.Article{&d.vote, &d.release, &d.deal, &d.table, &d.column, &d.wire} {
		a.Body = strings.ReplaceAll(a.Body, "\n", " ")
	}
	d.wire.Language = "en"
	return d
}

// elsewhere is an article as another outlet has it, under a title of its own; an empty one keeps the title.
func elsewhere(a newsletter.Article, title string, old ...string) newsletter.Article {
	a.URL = "https://depeches.example" + a.URL[strings.LastIndex(a.URL, "/"):] + "-9"
	a.Body = strings.NewReplacer(old...).Replace(a.Body)
	if title != "" {
		a.Title = title
	}
	return a
}

// besides is an article beside another on its own site.
func besides(a newsletter.Article, title string, old ...string) newsletter.Article {
	host := strings.Join(strings.SplitAfterN(a.URL, "/", 4)[:3], "")
	a = elsewhere(a, title, old...)
	a.URL = host + "autre/" + a.URL[strings.LastIndex(a.URL, "/")+1:]
	return a
}

// after is the text of an article from some words on.
func after(a newsletter.Article, words string) string { return a.Body[strings.Index(a.Body, words):] }

func dated(a newsletter.Article, published time.Time) newsletter.Article {
	a.Published, a.Arrived = published, published.Add(time.Hour)
	return a
}

func newsSame() []pair {
	d := newDesk()
	midnight := time.Date(2026, 10, 11, 22, 0, 0, 0, time.UTC) // of the 12th in Paris
	short := "Veille IA du 12 octobre"
	return []pair{
		{"dispatch under two titles", d.vote, elsewhere(d.vote, "Administrations et IA : les députés veulent un registre public")},
		{"dispatch, with the agency's name and a link", d.vote, elsewhere(d.vote, "IA dans les services publics, un registre en vue", "l’année.", "l’année. (avec agence)\n\nLire aussi : nos articles sur la loi")},
		{"dispatch without its last sentences", d.vote, elsewhere(d.vote, "Un registre public des outils d’IA", " Le Sénat recevra le texte avant la fin de l’année.", "")},
		{"dispatch, cut by a feed", d.vote, elsewhere(d.vote, d.vote.Title, after(d.vote, "Les amendements"), "[…]")},
		{"dispatch, cut by a feed within a word", d.vote, elsewhere(d.vote, d.vote.Title, after(d.vote, "ndements sur les"), "…")},
		{"dispatch marked as a film", d.vote, elsewhere(d.vote, "VIDÉO. "+d.vote.Title)},
		{"dispatch, a link amid the text", d.vote, elsewhere(d.vote, "", "locaux. ", "locaux.\n\nÀ lire aussi : notre dossier sur les registres\n\n")},
		{"dispatch, dated without an hour elsewhere", d.vote, dated(elsewhere(d.vote, ""), midnight)},
		{"dispatch, updated", d.vote, dated(besides(d.vote, "", "Les députés ont examiné", "Mise à jour : la séance reprend.\n\nLes députés ont examiné"), day(12, 15))},
		{"release in two outlets", d.release, elsewhere(d.release, "GTX-5 est là : ce que change le nouveau modèle d’Orion")},
		{"release, typing errors mended", d.release, besides(d.release, "", "développeurs", "dévelopeurs", "consignes", "consigne")},
		{"release with its picture and headings", d.release, elsewhere(d.release, "", "Il est proposé", "![](https://x.example/a.png)\n\n## Les offres\n\nIl est proposé")},
		{"release of a company under two titles", d.deal, elsewhere(d.deal, "Levée de fonds : Boréal séduit les investisseurs européens")},
		{"release of a company, the figure in one title", d.deal, elsewhere(d.deal, "Boréal veut un centre de calcul à Bordeaux")},
		{"release of a company, another figure of it in each title", elsewhere(d.deal, "Boréal lève des fonds et ouvre un bureau à Madrid"), besides(d.deal, "Avec 48 millions d’euros, Boréal voit grand")},
		{"English release under two titles", d.wire, elsewhere(d.wire, "Free classroom model for 200 schools in Wales and Scotland")},
		{"English release, titles with capitals", besides(d.wire, "Harbour Labs Gives Its Small Model Away"), elsewhere(d.wire, "Schools Will Get a Free Model From Harbour Labs")},
		{"English release, other quotes and a credit", d.wire, elsewhere(d.wire, "A small model goes to school", "school’s", "school's", "can join.", "can join. (Reporting by the education desk)")},
		{"column of the day, whole and cut", d.column, dated(besides(d.column, "", after(d.column, "maires qui"), "…"), day(12, 6))},
		{"column of the day from two sources", d.column, besides(d.column, "")},
		{"column of the day, an extract", d.column, besides(d.column, "", after(d.column, " Le chiffre du jour"), "")},
		{"column with its day, an extract", titled(d.column, short), besides(d.column, short, after(d.column, " Le chiffre du jour"), "")},
		{"column with its day, without a text", but(titled(d.column, short), func(a *newsletter.Article) { a.Body = "" }), but(besides(d.column, short), func(a *newsletter.Article) { a.Body = "" })},
		{"table of the week in two sources", d.table, besides(d.table, "")},
		{"table of the week, a title more to the point", d.table, elsewhere(d.table, "Prix des modèles : les écarts se réduisent")},
		{"page in two spellings, the extract under another title", d.vote, but(d.vote, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body = "http://www.pandia.example/actu/loi/", "Administrations : un registre public des outils", strings.TrimSuffix(d.vote.Body, after(d.vote, "Il oblige"))
			a.Body = strings.Replace(a.Body, "Les députés", "Voici le fil. Les députés", 1) + " Suivent d’autres phrases de la page, plus courte que le texte entier, sur les élus."
		})},
	}
}

func newsOther() []pair {
	d := newDesk()
	quiet := "Modèles de langage : ce que dit la loi"
	morning := story("https://pandia.example/revue/12", "La revue de presse de l’intelligence artificielle", banner, day(12, 6))
	thin := but(d.column, func(a *newsletter.Article) { a.Body = "" })
	summed := func(a newsletter.Article, summary string) newsletter.Article {
		a.Body, a.Summary = "", summary
		return a
	}
	all := []pair{
		{"summaries that say the contrary, of one minute", summed(d.vote, "Le texte est adopté par la commission après trois jours de débats."), summed(besides(d.vote, ""), "Le texte est rejeté par la commission après trois jours de débats.")},
		{"summaries of which one denies, of one minute", summed(d.vote, "Le texte est adopté par la commission après trois jours de débats."), summed(besides(d.vote, ""), "Le texte n’est pas adopté par la commission après trois jours de débats.")},
		{"summaries with two days, of one minute", summed(d.vote, "Le vote en séance est attendu mardi, selon le rapporteur de la commission."), summed(besides(d.vote, ""), "Le vote en séance est attendu jeudi, selon le rapporteur de la commission.")},
		{"three words for one", titled(d.vote, "Le projet de loi sur les registres est adopté"), anHourLater(besides(d.vote, "Le projet de loi sur les registres est refusé et renvoyé"))},
		{"five words for one", titled(d.vote, "Le projet de loi sur les registres est adopté"), anHourLater(besides(d.vote, "Le projet de loi sur les registres est repoussé à une date lointaine"))},
		{"five words for one elsewhere", titled(d.vote, "Le projet de loi sur les registres est adopté"), elsewhere(d.vote, "Le projet de loi sur les registres est repoussé à une date lointaine")},
		{"words between the same", titled(d.vote, "Le Sénat approuve largement le texte sur les registres des communes"), elsewhere(d.vote, "Le Sénat repousse largement le projet sur les registres des communes")},
		{"two that changed places in the title", titled(d.deal, "Boréal rachète Austral pour 48 millions"), elsewhere(d.deal, "Austral rachète Boréal pour 48 millions")},
		{"a text that says the contrary", titled(d.vote, quiet), elsewhere(d.vote, quiet, "est adopté par", "est rejeté par")},
		{"a text that says the contrary, and a line more", titled(d.vote, quiet), elsewhere(d.vote, quiet, "est adopté par", "est rejeté par", "l’année.", "l’année.\n\nLire aussi nos autres articles.")},
		{"two days changed places", titled(d.vote, quiet), elsewhere(d.vote, quiet, "discutés lundi", "discutés mardi", "attendu mardi", "attendu lundi")},
		{"a day that the text has elsewhere", titled(d.vote, quiet), elsewhere(d.vote, quiet, "discutés lundi", "discutés mardi")},
		{"a day that the text has elsewhere, same site", titled(d.vote, quiet), besides(d.vote, quiet, "discutés lundi", "discutés mardi")},
		{"yesterday and today", titled(d.deal, "Levée de fonds de Boréal : ce qui s’est dit hier"), elsewhere(d.deal, "Ce qui se dit aujourd’hui de la levée de fonds de Boréal")},
		{"two days in two titles", titled(d.column, "Lundi matin, l’actualité des modèles"), elsewhere(d.column, "L’actualité des modèles de mardi")},
		{"two dates in two titles", titled(d.column, "Ce qu’il faut retenir du 12 octobre"), elsewhere(d.column, "13 octobre : l’essentiel de l’intelligence artificielle")},
		{"two figures in two titles", titled(d.table, "Les prix des modèles, relevé n° 46"), elsewhere(d.table, "Relevé n° 47 : combien coûtent les modèles")},
		{"figures that changed places", d.table, elsewhere(d.table, "", "Orion demande 4", "Orion demande 2", "Austral 2", "Austral 4")},
		{"names that changed places", d.table, elsewhere(d.table, "", "Orion demande 4 euros, Boréal 3 euros", "Boréal demande 4 euros, Orion 3 euros")},
		{"figures that changed places, same site", d.table, dated(besides(d.table, "", "Boréal 3", "Boréal 2", "Austral 2", "Austral 3"), day(14, 17))},
		{"a version", d.release, elsewhere(d.release, "Orion lance GTX-5.1 pour tous ses abonnés", "GTX-5", "GTX-5.1")},
		{"a version, in the title alone", d.release, elsewhere(d.release, "Orion lance GTX-5.1 pour tous ses abonnés")},
		{"a version, under another title", d.release, elsewhere(d.release, "GTX-5.1 arrive chez Orion", "GTX-5", "GTX-5.1")},
		{"a version, in the text alone", titled(d.release, "Orion lance son nouveau modèle"), elsewhere(d.release, "Orion lance son nouveau modèle", "GTX-5", "GTX-5.1")},
		{"a size", d.release, elsewhere(d.release, "Orion lance GTX-5 mini pour tous ses abonnés", "GTX-5", "GTX-5 mini")},
		{"a size, with a capital", d.release, elsewhere(d.release, "Orion lance GTX-5 Pro pour tous ses abonnés", "GTX-5", "GTX-5 Pro")},
		{"a size, in the text alone", titled(d.release, "Orion lance son nouveau modèle"), elsewhere(d.release, "Orion lance son nouveau modèle", "GTX-5", "GTX-5 mini")},
		{"a size of a name", titled(d.release, "Tempo Max est là pour tous les abonnés"), elsewhere(d.release, "Tempo est là pour tous les abonnés")},
		{"a Roman figure", titled(d.release, "Tempo II est là pour tous les abonnés"), elsewhere(d.release, "Tempo III est là pour tous les abonnés")},
		{"no more than to some", titled(d.release, "Orion ouvre GTX-5 aux écoles"), elsewhere(d.release, "Orion n’ouvre GTX-5 qu’aux écoles")},
		{"two sizes", titled(d.release, "Orion lance GTX-5 Pro"), elsewhere(d.release, "Orion lance GTX-5 Flash")},
		{"a first and a second model", titled(d.release, "Orion lance Tempo pour tous ses abonnés"), elsewhere(d.release, "Orion lance Tempo 2 pour tous ses abonnés")},
		{"a letter behind a figure", titled(d.release, "Orion lance GTX-4 pour tous ses abonnés"), elsewhere(d.release, "Orion lance GTX-4o pour tous ses abonnés")},
		{"a denial of the second of two", but(titled(d.vote, quiet), func(a *newsletter.Article) { a.Body += " Le texte est adopté par la commission." }), elsewhere(titled(d.vote, quiet), "", "l’année.", "l’année. Le texte n’est pas adopté par la commission.")},
		{"a denial beside a line more", titled(d.release, "Orion et ses abonnés"), elsewhere(d.release, "Orion et ses abonnés", "Il est proposé", "Il n’est pas proposé", "besoin.", "besoin.\n\nLire aussi nos autres articles.")},
		{"column of the next day, one text for all days", morning, dated(besides(morning, ""), day(13, 6))},
		{"column of the next day, earlier in the morning", morning, dated(besides(morning, ""), day(13, 5))},
		{"column of the next day, with a line of the day", morning, dated(besides(morning, "", "du site.", "du site.\n\nAujourd’hui : les prix des modèles."), day(13, 6))},
		{"column two days later", morning, dated(besides(morning, ""), day(14, 6))},
		{"column three days later", morning, dated(besides(morning, ""), day(15, 6))},
		{"column of the next day, a short title", d.column, dated(besides(d.column, "", d.column.Body, digestNext), day(13, 6))},
		{"column of the next day, a short title and one text for all days", titled(morning, "Le point du matin"), dated(besides(titled(morning, "Le point du matin"), ""), day(13, 6))},
		{"column of the next day, without a text", thin, dated(besides(thin, ""), day(13, 6))},
		{"column with its day in the title", titled(thin, "Veille IA du 12 octobre"), dated(besides(thin, "Veille IA du 13 octobre"), day(12, 7))},
		{"column with its day in the title, one text for all days", titled(morning, "Veille IA du 12 octobre"), dated(besides(morning, "Veille IA du 13 octobre"), day(13, 6))},
		{"columns of two days with one careless canonical", but(titled(thin, "Veille IA du 12 octobre"), func(a *newsletter.Article) { a.Canonical = "https://pandia.example/veille" }), but(dated(besides(thin, "Veille IA du 13 octobre"), day(13, 6)), func(a *newsletter.Article) {
			a.Canonical = "https://pandia.example/veille"
		})},
		{"live, the next day", titled(d.column, "EN DIRECT. Procès d’Orion : suivez les débats"), dated(besides(d.column, "EN DIRECT. Procès d’Orion : suivez les débats", d.column.Body, digestNext), day(13, 6))},
		{"a town in each of two titles", titled(d.column, "Un atelier à Nantes, venez essayer"), elsewhere(d.column, "Brest accueille notre atelier des débutants")},
		{"English: a day in each title", titled(d.wire, "What Harbour Labs said on Wednesday"), elsewhere(d.wire, "Harbour Labs and the schools: Thursday’s statement")},
		{"English: titles that say the contrary at length", titled(d.wire, "The school plan of Harbour Labs is approved"), elsewhere(d.wire, "The school plan of Harbour Labs is turned down at last")},
		{"English: a version", titled(d.wire, "Harbour Labs gives Tide 2 to schools"), elsewhere(d.wire, "Harbour Labs gives Tide 2.5 to schools")},
	}
	return append(all, denials(d)...)
}

// denials are pairs of which one says that something is not so, in the text or in the title.
func denials(d desk) (all []pair) {
	inText := func(quiet newsletter.Article, said, denied string) {
		all = append(all,
			pair{"text: " + denied, quiet, elsewhere(quiet, "", said, denied)},
			pair{"text, same site: " + denied, quiet, besides(quiet, "", said, denied)})
	}
	for said, denied := range map[string]string{
		"Il est proposé":                     "Il n’est plus proposé",
		"Les développeurs peuvent choisir":   "Les développeurs ne peuvent guère choisir",
		"L’ancien modèle reste disponible":   "L’ancien modèle ne reste nullement disponible",
		"L’entreprise publie une fiche":      "L’entreprise ne publie aucune fiche",
		"suit mieux les consignes longues":   "ne suit jamais mieux les consignes longues",
		"Les comptes gratuits y auront":      "Les comptes\nnon gratuits y auront",
		"dit avoir réduit":                   "dit n’avoir en rien réduit",
		"y auront accès":                     "y auront rarement accès",
		"avec une mémoire":                   "sans une mémoire",
		"pour les clients qui en ont besoin": "pour les clients qui n’en ont point besoin",
	} {
		inText(titled(d.release, "Orion et ses abonnés"), said, denied)
	}
	for said, denied := range map[string]string{
		"Pupils under thirteen need":         "Pupils under thirteen no longer need",
		"Teachers can use":                   "Teachers never use",
		"The company is able":                "The company isn’t able",
		"and publishes":                      "and never publishes",
		"with 200 schools":                   "without 200 schools",
		"other schools can join":             "other schools cannot join",
		"who will pay":                       "who won’t pay",
		"Unions welcomed":                    "Unions hardly welcomed",
		"will make its small model":          "will not make its small model",
		"The minister said that the results": "The minister refused, said that the results",
	} {
		inText(titled(d.wire, "Harbour Labs and the schools"), said, denied)
	}
	for said, denied := range map[string]string{
		"Orion vend encore l’ancien modèle":              "Orion ne vend plus l’ancien modèle",
		"Les comptes gratuits auront accès au modèle":    "Les comptes gratuits n’auront guère accès au modèle",
		"Le nouveau modèle d’Orion coûte plus cher":      "Le nouveau modèle d’Orion ne coûte nullement plus cher",
		"Une fiche d’Orion sur la sécurité du modèle":    "Aucune fiche d’Orion sur la sécurité du modèle",
		"Orion livre son modèle avec une fiche":          "Orion livre son modèle sans fiche",
		"Orion, reconnu coupable, change de modèle":      "Orion, reconnu non coupable, change de modèle",
		"Orion is able to change the price of its model": "Orion isn’t able to change the price of its model",
		"Orion sells the old model to schools":           "Orion no longer sells the old model to schools",
		"Orion will keep the old model for schools":      "Orion will never keep the old model for schools",
		"Orion ships its model with a safety card":       "Orion ships its model without a safety card",
	} {
		all = append(all, pair{"title: " + denied, titled(d.release, said), elsewhere(d.release, denied)})
	}
	return all
}
