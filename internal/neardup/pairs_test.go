package neardup

import (
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// Texts of the labelled pairs.
const (
	launch = `La jeune pousse Boréal a présenté jeudi à Lyon son nouveau modèle de langage, Mistigri, qui fonctionne entièrement sur un ordinateur portable. L’équipe
promet des réponses en moins de deux secondes, sans qu’aucune phrase ne quitte la machine. Le modèle compte 7 milliards de paramètres et se télécharge librement, sous une
licence qui permet l’usage commercial. Plusieurs rédactions l’essaient depuis septembre pour relire des dépêches, traduire des entretiens et classer des archives. Selon sa
directrice, Inès Vasseur, la consommation électrique reste celle d’une lampe de bureau. Une version pour téléphones suivra au printemps.`

	launchTranslated = `The start-up Boréal showed its new language model, Mistigri, in Lyon on Thursday. It runs entirely on a laptop. The team promises answers in less than two
seconds, and no sentence leaves the machine. The model has 7 billion parameters and can be downloaded freely, under a licence that permits commercial use. Several newsrooms have tried it since
September to read dispatches again, translate interviews and sort archives. It needs as much power as a desk lamp, says Inès Vasseur, who leads the company.`

	launchElsewhere = `Un assistant qui se passe de réseau : c’est la promesse de Mistigri, que la société lyonnaise Boréal vient de mettre en ligne. Nous l’avons
installé sur un portable de 2023. Les résumés sont justes, les traductions vers l’anglais un peu raides, et le ventilateur se fait entendre au bout d’une minute. Avec 7 milliards
de paramètres, le modèle se compare aux meilleurs de sa taille, sans égaler les grands services en ligne. La licence, elle, est un vrai progrès : les entreprises peuvent s’en
servir sans rien demander. Reste à voir qui paiera les prochaines versions, car Boréal vit encore de subventions et de quelques contrats publics.`

	launchFollow = `Deux semaines après la sortie de Mistigri, Boréal reconnaît une faille : un fichier piégé pouvait faire lire au modèle d’autres documents du disque. La
société a publié lundi une version 1.1 qui la ferme, et invite chacun à la télécharger sans attendre. Personne n’en aurait profité, assure Inès Vasseur. Les chercheurs de Rennes
qui l’ont découverte racontent pourtant avoir eu besoin de trois heures seulement. Ils demandent que les prochains modèles soient soumis à un examen indépendant avant leur mise
en ligne, comme le sont les logiciels de paiement. Boréal dit y réfléchir et promet une réponse avant la fin du mois.`

	english = `The city library of Northport has begun to answer questions with an assistant that reads only its own shelves. Visitors type a question at one of
the desks, and get three books, a page number in each, and a short answer that quotes them. Nothing is sent to a company abroad: the program runs on two machines in the cellar. The
librarians, who first feared for their work, now correct its answers every morning and publish the corrections. In the first 6 weeks, about one answer in nine had to be mended,
most of them because a book had been catalogued wrongly decades ago. The council will decide in May whether the branches get it too.`

	englishElsewhere = `Ask a question in Northport’s reading room and a small screen will point you to a shelf. The scheme, paid for by the council, has divided readers.
Some like that every answer comes with a page to check. Others miss the talk at the counter. We spent a day beside the desks, and counted 40 questions, of which a dozen were
about opening hours. The staff told us that they spend mornings correcting what the machine said the day before. Whether that is time well spent is what councillors must weigh
in May, when the other branches ask for the same machines. A similar trial in Harrow was dropped after a single winter.`

	guide = `Un agent agit là où un assistant répond. Avant de lui confier une tâche, écrivez ce qu’il peut lire, ce qu’il peut changer et quand il doit
s’arrêter. Commencez par une tâche qui se défait : trier des messages, remplir un tableau, préparer un brouillon. Gardez la main sur ce qui part vers d’autres personnes. Notez pendant
une semaine chaque erreur, puis cherchez celles qui se répètent : elles disent quelle consigne manque. Donnez alors un exemple de ce que vous attendez, et un autre de ce que vous
refusez. Quand l’agent a réussi vingt fois de suite, élargissez ses droits, une permission à la fois.`

	barometer = `Le baromètre de la semaine suit les outils que nos lecteurs citent le plus. Cette fois, 412 personnes ont répondu au questionnaire, ouvert du lundi
au vendredi. Les assistants généralistes gardent la première place avec 58 % des réponses, devant les outils de traduction et ceux de transcription. Les lecteurs disent gagner en moyenne
37 minutes par jour. Une personne sur cinq paie son abonnement elle-même, les autres passent par leur employeur. Comme chaque semaine, le détail des réponses se trouve au bas de cette
page, avec la méthode, les limites de l’exercice et le lien pour participer à la prochaine édition.`

	card = `Pluma est un assistant d’écriture pensé pour les équipes. Il relit, propose des titres et signale les répétitions. L’interface existe en français et
en anglais, et les textes restent en Europe. La version gratuite suffit pour un usage occasionnel, la version payante ajoute le travail à plusieurs et l’historique. Nous avons aimé la
clarté des explications et la vitesse. Nous avons moins aimé les limites de la recherche et l’absence de mode hors ligne. À essayer si vous écrivez chaque jour, à plusieurs, des
textes courts qui passent par une relecture avant d’être publiés sur un site ou dans une lettre.`
)

func day(d, hour int) time.Time { return time.Date(2026, 10, d, hour, 30, 0, 0, time.UTC) }

func story(url, title, body string, published time.Time) newsletter.Article {
	return newsletter.Article{URL: url, Title: title, Body: body, Published: published, Arrived: published.Add(time.Hour), Language: "fr"}
}

// but is an article with a difference.
func but(a newsletter.Article, change func(*newsletter.Article)) newsletter.Article {
	change(&a)
	return a
}

func at(to string) func(*newsletter.Article) { return func(a *newsletter.Article) { a.URL = to } }

func replaced(old ...string) func(*newsletter.Article) {
	return func(a *newsletter.Article) {
		a.URL += "-bis"
		r := strings.NewReplacer(old...)
		a.Title, a.Body = r.Replace(a.Title), r.Replace(a.Body)
	}
}

type pair struct {
	name string
	a, b newsletter.Article
}

func titled(a newsletter.Article, title string) newsletter.Article {
	a.Title = title
	return a
}

// again is an article under another address of its site.
func again(a newsletter.Article) newsletter.Article {
	a.URL += "-2"
	return a
}

// anHourLater is an article that its site published after another.
func anHourLater(a newsletter.Article) newsletter.Article {
	return dated(a, a.Published.Add(time.Hour))
}

func samePairs() []pair {
	base := story("https://pandia.example/actualites/mistigri", "Boréal présente Mistigri, un modèle sans réseau", launch, day(6, 7))
	eng := story("https://northport.example/news/library", "Northport library asks its own shelves", english, day(6, 7))
	eng.Language = "en"
	how := story("https://pandia.example/guides/agents", "Agents : bien débuter sans se perdre", guide, day(6, 7))
	thin := but(base, func(a *newsletter.Article) { a.Body = "" })
	var pairs []pair
	for name, to := range map[string]string{
		"http": "http://pandia.example/actualites/mistigri", "www": "https://www.pandia.example/actualites/mistigri", "slash": "https://pandia.example/actualites/mistigri/",
		"utm": "https://pandia.example/actualites/mistigri?utm_source=x&utm_medium=mail", "fbclid": "https://pandia.example/actualites/mistigri?fbclid=abc",
		"xtor": "https://pandia.example/actualites/mistigri?xtor=RSS-1", "matomo": "https://pandia.example/actualites/mistigri?mtm_campaign=lettre&pk_kwd=ia",
		"amp path": "https://pandia.example/actualites/mistigri/amp/", "amp host": "https://amp.pandia.example/actualites/mistigri", "amp parameter": "https://pandia.example/actualites/mistigri?amp=1",
		"output": "https://pandia.example/actualites/mistigri?outputType=amp", "fragment and port": "https://PANDIA.example:443/actualites/mistigri#suite", "all": "http://www.pandia.example:80/actualites/mistigri/amp?gclid=1&utm_id=2#x",
	} {
		pairs = append(pairs, pair{"address " + name, thin, but(thin, func(a *newsletter.Article) { a.URL, a.Title = to, "Mistigri, le modèle qui se passe du réseau" })})
	}
	pairs = append(pairs,
		pair{"sorted query", but(thin, at("https://pandia.example/?page=3&id=7")), but(thin, at("https://pandia.example/?id=7&page=3&utm_source=a"))},
		pair{"canonical of the other", thin, but(thin, func(a *newsletter.Article) { a.URL, a.Canonical = "https://agregateur.example/x/91", base.URL })},
		pair{"canonical of both", but(base, func(a *newsletter.Article) { a.Canonical = "https://pandia.example/?p=91" }), but(base, func(a *newsletter.Article) {
			a.URL, a.Canonical, a.Body = "https://miroir.example/91", "http://pandia.example/?p=91", ""
		})},
		pair{"guid of WordPress", but(thin, func(a *newsletter.Article) { a.Canonical = "https://pandia.example/?p=12" }), but(thin, at("https://pandia.example/?p=12"))},
		pair{"title with the site's name", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title = "https://pandia.example/2026/10/mistigri", "Boréal présente Mistigri, un modèle sans réseau | PandIA"
		})},
		pair{"title in capitals, without accents", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title = "https://pandia.example/2026/10/mistigri", "BOREAL PRESENTE MISTIGRI : UN MODELE SANS RESEAU"
		})},
		pair{"title and minute, no text", thin, but(thin, at("https://pandia.example/2026/10/mistigri"))},
		pair{"title, and the beginning of the text", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Body = "https://autre.example/91", launch[:strings.Index(launch, "Selon sa")]
		})},
		pair{"title and most of the text, a day later", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Published = "https://autre.example/91", day(7, 9)
			a.Body = strings.Replace(launch, "Une version pour téléphones suivra au printemps.", "", 1)
		})},
		pair{"text under another title", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title = "https://autre.example/91", "Mistigri, un modèle qui se passe du réseau"
		})},
		pair{"text, with a line at its end", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body = "https://autre.example/91", "Mistigri tient sur un portable", launch+"\n\nLire aussi nos autres articles."
		})},
		pair{"text, with links", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title = "https://autre.example/91", "Mistigri tient sur un portable"
			a.Body = strings.Replace(launch, "Boréal", "[Boréal](https://boreal.example/2026?x=9)", 1)
		})},
		pair{"text, with other quotes and spaces", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title = "https://autre.example/91", "Mistigri tient sur un portable"
			a.Body = strings.NewReplacer("’", "'", "\n", " ", ", ", " , ").Replace(launch)
		})},
		pair{"text, days later", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title, a.Published = "https://autre.example/91", "Mistigri sur un portable", day(10, 9)
		})},
		pair{"a typing error was mended, and the slug", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Body = "https://www.pandia.example/actualites/mistigri-modele", strings.Replace(launch, "aucune phrase", "aucunne phrase", 1)
		})},
		pair{"a typing error was mended in text and title, a day later", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title, a.Published = "https://pandia.example/actualites/mistigri-2", "Boréal présente Mistigri, un modéle sans résau", day(7, 9)
			a.Body = strings.NewReplacer("électrique", "életcrique", "téléphones", "téléphone").Replace(launch)
		})},
		pair{"a typing error was mended, a line was added, and the title made clearer", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title = "https://pandia.example/actualites/mistigri-portable", "Mistigri : Boréal présente un modèle sans réseau, sur un portable"
			a.Body = strings.Replace(launch, "essaient", "essayent", 1) + "\n\nMis à jour à midi."
		})},
		pair{"English, a typing error was mended", eng, but(eng, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body = "https://northport.example/news/library-shelves", "Northport library asks its shelves", strings.Replace(english, "quotes them", "quotes tehm", 1)
			a.Body = strings.Replace(a.Body, "catalogued", "cataloged", 1)
		})},
		pair{"guide, a typing error was mended under one title", how, but(how, func(a *newsletter.Article) {
			a.URL, a.Body = "https://pandia.example/guides/bien-debuter", strings.Replace(guide, "permission", "permision", 1)
		})},
		pair{"English, other address", eng, but(eng, func(a *newsletter.Article) {
			a.URL = "https://www.northport.example/news/library/?utm_campaign=a"
		})},
		pair{"English, other title", eng, but(eng, func(a *newsletter.Article) {
			a.URL, a.Title = "https://wire.example/4", "A library that asks its own shelves"
		})},
		pair{"English, site's name before", eng, but(eng, func(a *newsletter.Article) {
			a.URL, a.Title = "https://northport.example/4", "Northport - Northport library asks its own shelves"
		})},
		pair{"English, a sentence less", eng, but(eng, func(a *newsletter.Article) {
			a.URL, a.Title = "https://wire.example/4", "Northport: the library asks its shelves"
			a.Body = strings.Replace(english, "The council will decide in May whether the branches get it too.", "", 1)
		})},
		pair{"text under a title that adds a place", titled(how, "Bien débuter avec un agent"), again(titled(how, "Bien débuter avec un agent à la rédaction"))},
		pair{"text under a title turned round", titled(how, "Un agent : comment bien débuter"), again(titled(how, "Comment bien débuter avec un agent"))},
		pair{"text under a title with a typing error mended", titled(how, "Bien débuter avec un assitant"), again(titled(how, "Bien débuter avec un assistant"))},
		pair{"text under a title rewritten without its negation", titled(how, "Un agent ne remplace pas une consigne claire"), again(titled(how, "Pourquoi un agent a besoin d’une consigne claire"))},
		pair{"text, with a line that says no", base, but(again(titled(base, "Mistigri tient sur un portable")), func(a *newsletter.Article) { a.Body += "\n\nNe manquez pas nos autres articles." })},
		pair{"English, text under a title rewritten", titled(eng, "Northport’s shelves answer back"), again(titled(eng, "In Northport, the library answers from its own shelves"))},
		pair{"guide, language not named", how, but(how, func(a *newsletter.Article) { a.URL, a.Language = "https://autre.example/g", "" })},
		pair{"guide, with its region", how, but(how, func(a *newsletter.Article) { a.URL, a.Language = "https://autre.example/g", "fr-FR" })},
		// What costs recall, and is left to an editor:
		pair{"a typing error was mended, and the title changed", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body = "https://autre.example/91", "Mistigri tient sur un portable", strings.Replace(launch, "aucune phrase", "aucunne phrase", 1)
		})},
		pair{"short text, another title", but(base, func(a *newsletter.Article) { a.Body = "Boréal présente un modèle." }), but(base, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body = "https://autre.example/91", "Mistigri", "Boréal présente un modèle."
		})},
	)
	return pairs
}

func otherPairs() []pair {
	base := story("https://pandia.example/actualites/mistigri", "Boréal présente Mistigri, un modèle sans réseau", launch, day(6, 7))
	eng := story("https://northport.example/news/library", "Northport library asks its own shelves", english, day(6, 7))
	eng.Language = "en"
	how := story("https://pandia.example/guides/agents", "Agents : bien débuter", guide, day(6, 7))
	weekly := story("https://pandia.example/barometre/41", "Le baromètre des outils, semaine 41", barometer, day(9, 17))
	tool := story("https://pandia.example/liste/pluma", "Pluma, un assistant d’écriture pour les équipes", card, day(6, 7))
	column := story("https://pandia.example/actus/6", "Les actus du jour", "", day(6, 7))
	long := story("https://pandia.example/essentiel/6", "L’essentiel de l’intelligence artificielle ce matin", "", day(6, 7))
	thin := but(base, func(a *newsletter.Article) { a.Body = "" })
	return []pair{
		{"two on one launch", base, story("https://autre.example/mistigri", "Mistigri, l’assistant qui se passe de réseau", launchElsewhere, day(6, 9))},
		{"two on one launch, one title", base, story("https://autre.example/mistigri", base.Title, launchElsewhere, day(6, 7))},
		{"a follow-up", base, story("https://pandia.example/actualites/mistigri-faille", "Mistigri : Boréal ferme une faille", launchFollow, day(20, 7))},
		{"a follow-up on the day", base, story("https://pandia.example/actualites/mistigri-2", "Boréal présente Mistigri, un modèle sans réseau", launchFollow, day(6, 18))},
		{"one title, two sites, no text", thin, but(thin, at("https://autre.example/mistigri"))},
		{"one title, no text, an hour apart", thin, but(thin, func(a *newsletter.Article) { a.URL, a.Published = "https://pandia.example/b", day(6, 8) })},
		{"one title, no dates, no text", but(thin, func(a *newsletter.Article) { a.Published = time.Time{} }), but(thin, func(a *newsletter.Article) { a.URL, a.Published = "https://pandia.example/b", time.Time{} })},
		{"one title, another summary", but(thin, func(a *newsletter.Article) {
			a.Summary = "Le modèle de la société lyonnaise tient sur un ordinateur portable."
		}), but(thin, func(a *newsletter.Article) {
			a.URL, a.Summary = "https://pandia.example/b", "Notre entretien avec la directrice, qui raconte trois ans de travail."
		})},
		{"one title, another figure in the summary", but(thin, func(a *newsletter.Article) {
			a.Summary = "Le modèle de la société lyonnaise compte 7 milliards de paramètres au total."
		}), but(thin, func(a *newsletter.Article) {
			a.URL, a.Summary = "https://pandia.example/b", "Le modèle de la société lyonnaise compte 9 milliards de paramètres au total."
		})},
		{"column of the next day", column, but(column, func(a *newsletter.Article) { a.URL, a.Published = "https://pandia.example/actus/7", day(7, 7) })},
		{"column of another site, same minute", column, but(column, at("https://autre.example/actus"))},
		{"column twice in a minute", column, but(column, at("https://pandia.example/actus/6b"))},
		{"long column of the next day", long, but(long, func(a *newsletter.Article) { a.URL, a.Published = "https://pandia.example/essentiel/7", day(7, 7) })},
		{"long column with two texts", but(long, func(a *newsletter.Article) { a.Body = launch }), but(long, func(a *newsletter.Article) {
			a.URL, a.Body, a.Published = "https://pandia.example/essentiel/7", guide, day(7, 7)
		})},
		{"long column, evening", but(long, func(a *newsletter.Article) { a.Body = launch }), but(long, func(a *newsletter.Article) {
			a.URL, a.Body, a.Published = "https://pandia.example/essentiel/6b", launchFollow, day(6, 18)
		})},
		{"weekly figures", weekly, but(weekly, replaced("41", "42", "412", "389", "58", "61", "37", "35"))},
		{"weekly figures, one title", but(weekly, func(a *newsletter.Article) { a.Title = "Le baromètre des outils de nos lecteurs" }), but(weekly, func(a *newsletter.Article) {
			a.URL, a.Title, a.Published = "https://pandia.example/barometre/42", "Le baromètre des outils de nos lecteurs", day(11, 7)
			a.Body = strings.Replace(barometer, "58 %", "61 %", 1)
		})},
		{"weekly, one figure", weekly, but(weekly, replaced("37 minutes", "38 minutes"))},
		{"weekly, only its number", weekly, but(weekly, replaced("semaine 41", "semaine 42"))},
		{"weekly, upside down", weekly, but(weekly, replaced("gardent", "perdent"))},
		{"a mended word, on another site", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Body = "https://autre.example/mistigri", strings.Replace(launch, "aucune phrase", "aucunne phrase", 1)
		})},
		{"a mended word, three days later", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Published, a.Body = "https://pandia.example/actualites/b", day(9, 9), strings.Replace(launch, "aucune phrase", "aucunne phrase", 1)
		})},
		{"a mended word, under quite another title", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Title, a.Body = "https://pandia.example/actualites/b", "Le portable de la semaine", strings.Replace(launch, "aucune phrase", "aucunne phrase", 1)
		})},
		{"a short word for another", base, but(base, replaced("compte", "coûte"))},
		{"one letter makes another word", base, but(base, replaced("permet", "permit", "relire", "relier", "jeudi", "lundi"))},
		{"of another kind at its first letter", eng, but(eng, replaced("sends", "lends", "mended", "tended"))},
		{"a million is no billion", base, but(base, replaced("milliards", "millions"))},
		{"English: a million is no billion", but(eng, replaced("three books", "a million books")), but(but(eng, at("https://northport.example/c")), replaced("three books", "a billion books"))},
		{"vend and rend", but(weekly, replaced("gagner", "vendre")), but(but(weekly, at("https://pandia.example/barometre/b")), replaced("gagner", "rendre"))},
		{"another name, one letter apart", tool, but(tool, replaced("Pluma", "Pluna"))},
		{"another figure beside a mended word", weekly, but(weekly, replaced("questionnaire", "questionaire", "37", "38"))},
		{"card of another tool", tool, but(tool, replaced("Pluma", "Verbo"))},
		{"card of another tool, other language", tool, but(tool, replaced("Pluma", "Kalamo", "en anglais", "en allemand"))},
		{"card of another tool, one word", tool, but(tool, replaced("Pluma", "Scriba", "écriture", "lecture"))},
		{"launch of another model", base, but(base, replaced("Mistigri", "Minet"))},
		{"launch by another company", base, but(base, replaced("Boréal", "Austral", "Lyon", "Nice"))},
		{"launch of another size", base, but(base, replaced("7 milliards", "13 milliards"))},
		{"a version later", but(base, replaced("Mistigri", "Mistigri 2")), but(but(base, at("https://pandia.example/actualites/mistigri-3")), replaced("Mistigri", "Mistigri 3"))},
		{"the same text a year later", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Published = "https://pandia.example/b", base.Published.AddDate(1, 0, 0)
		})},
		{"weekly column without figures, a fortnight later", story("https://pandia.example/g/1", "Agents : bien débuter", guide, day(1, 7)), story("https://pandia.example/g/2", "Agents : la suite", guide, day(15, 7))},
		{"translation", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Language, a.Body = "https://pandia.example/en/mistigri", "en", launchTranslated
		})},
		{"translation without a text", thin, but(thin, func(a *newsletter.Article) { a.URL, a.Language = "https://pandia.example/en/mistigri", "en" })},
		{"a title in another language over a text that waits for its translation", base, but(base, func(a *newsletter.Article) {
			a.URL, a.Language, a.Title, a.Published = "https://pandia.example/en/mistigri", "en", "A small model that needs no network at all", day(7, 7)
		})},
		{"two pages of one address but for a parameter", but(thin, at("https://pandia.example/lire?id=7")), but(thin, func(a *newsletter.Article) { a.URL, a.Title = "https://pandia.example/lire?id=8", "Une autre nouvelle" })},
		{"two hosts of one site", thin, but(thin, func(a *newsletter.Article) {
			a.URL, a.Title = "https://blog.pandia.example/actualites/mistigri", "Une autre nouvelle"
		})},
		{"one canonical for all", but(base, func(a *newsletter.Article) { a.Canonical = "https://pandia.example/actualites" }), story("https://pandia.example/g/1", "Agents : bien débuter", guide, day(6, 7))},
		{"one careless canonical", but(base, func(a *newsletter.Article) { a.Canonical = "https://pandia.example/actualites" }), but(story("https://pandia.example/g/1", "Agents : bien débuter", guide, day(6, 7)), func(a *newsletter.Article) { a.Canonical = "https://pandia.example/actualites" })},
		{"the front page as canonical", but(thin, func(a *newsletter.Article) { a.Canonical = "https://pandia.example/" }), but(thin, func(a *newsletter.Article) {
			a.URL, a.Title, a.Canonical = "https://pandia.example/b", "Une autre nouvelle du jour", "https://pandia.example/"
		})},
		{"all on the front page", but(thin, at("https://pandia.example/#a")), but(thin, func(a *newsletter.Article) {
			a.URL, a.Title = "https://www.pandia.example/#b", "Une autre nouvelle du jour"
		})},
		{"an address that was given anew", base, story("https://www.pandia.example/actualites/mistigri", "Agents : bien débuter", guide, day(6, 7))},
		{"English: two on one story", eng, but(story("https://herald.example/library", "A day beside Northport’s talking desks", englishElsewhere, day(6, 9)), func(a *newsletter.Article) { a.Language = "en" })},
		{"English: one title", eng, but(story("https://herald.example/library", eng.Title, englishElsewhere, day(6, 9)), func(a *newsletter.Article) { a.Language = "en" })},
		{"English: another city", eng, but(eng, replaced("Northport", "Harrow"))},
		{"English: another figure", eng, but(eng, replaced("6 weeks", "9 weeks"))},
		{"English: another month", eng, but(eng, replaced("in May", "in June"))},
		{"English: another word", eng, but(eng, replaced("three books", "four books"))},
		{"a text used again for another day", titled(how, "Programme de l’atelier du lundi"), again(titled(how, "Programme de l’atelier du mardi"))},
		{"a text used again for another town", titled(how, "Venez débuter avec nous : atelier de Nantes"), again(titled(how, "Venez débuter avec nous : atelier de Brest"))},
		{"titles that say the contrary", titled(base, "La licence de Mistigri est adoptée par la commission"), anHourLater(again(titled(base, "La licence de Mistigri est rejetée par la commission")))},
		{"titles that say the contrary, in two words", titled(base, "Le modèle de Boréal gagne du terrain"), anHourLater(again(titled(base, "Le modèle de Boréal quitte le terrain")))},
		{"a title that denies", titled(base, "Boréal publie le code de Mistigri"), again(titled(base, "Boréal ne publie pas le code de Mistigri"))},
		{"a text that denies, too", titled(base, "Boréal tient ses promesses"), but(again(titled(base, "Boréal ne tient pas ses promesses")), replaced("reste celle", "ne reste pas celle"))},
		{"a text that denies, under one title", base, but(base, replaced("se télécharge", "ne se télécharge pas"))},
		{"English: titles that say the contrary", titled(eng, "The council approves the library’s machines"), anHourLater(again(titled(eng, "The council rejects the library’s machines")))},
		{"English: another day", titled(eng, "Reading room hours for Monday"), again(titled(eng, "Reading room hours for Tuesday"))},
		{"English: a title that denies", titled(eng, "Branches will get the assistant"), again(titled(eng, "Branches will not get the assistant"))},
		{"English: a text that denies", eng, but(eng, replaced("Nothing is sent", "Something is sent"))},
		{"English: another part of the title", eng, but(thin, func(a *newsletter.Article) { a.Language, a.Title = "en", "Northport library asks its own readers" })},
	}
}

func allSame() []pair {
	return slices.Concat(samePairs(), newsSame(), titlesSame(), sourcesSame(), reusedSame(), accentsSame())
}

func allOther() []pair {
	return slices.Concat(otherPairs(), newsOther(), titlesOther(), sourcesOther(), townsOther(), reusedOther(), accentsOther())
}

// No pair of different stories may be taken for one. What is missed of the others is named, so that it is not more by accident.
func TestPairs(t *testing.T) {
	same, other := allSame(), allOther()
	if len(same)+len(other) < 60 || len(other) < len(same) {
		t.Errorf("%d pairs are the same and %d are not: too few", len(same), len(other))
	}
	var missed []string
	for _, p := range same {
		a, b := p.ofTwoSources()
		sign := both(t, p.name, a, b)
		if sign == "" {
			missed = append(missed, p.name)
		} else if !met(a.Keys(), b.Keys()) {
			t.Errorf("%s: the two are the same by their %s, and have no key in common", p.name, sign)
		}
	}
	for _, p := range other {
		for _, prints := range []func() (Print, Print){p.ofOneSource, p.ofTwoSources, p.ofTheInbox} {
			a, b := prints()
			if sign := both(t, p.name, a, b); sign != "" {
				t.Errorf("%s: two stories are taken for one by their %s", p.name, sign)
			}
		}
	}
	t.Logf("%d pairs: %d of %d that are the same were found", len(same)+len(other), len(same)-len(missed), len(same))
	if len(missed) > 17 {
		t.Errorf("missed: %q", missed)
	}
}

func TestIsTypingError(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"aucunne", "aucune", true}, {"reseau", "resau", true}, {"electrique", "eletcrique", true}, {"telephones", "telephone", true}, {"essayent", "essaient", true}, {"tehm", "them", true},
		{"million", "billion", false}, {"vendre", "rendre", false}, {"ouvert", "couvert", false}, {"dix", "six", false}, {"toi", "tio", false}, {"perd", "perde", false}, {"gardent", "perdent", false},
		{"possible", "impossible", false}, {"aucune", "aucune", false}, {"abcdef", "abfedc", false}, {"abcdef", "abcxyf", false},
	} {
		if got := isTypingError(c.a, c.b); got != c.want || got != isTypingError(c.b, c.a) {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// What tells two stories of one text apart is not undone by a third that is like both.
func TestContradict(t *testing.T) {
	contradicting := 0
	for _, p := range allOther() {
		if a, b := p.ofOneSource(); Contradict(a, b) != Contradict(b, a) {
			t.Errorf("%s: one way they contradict each other, and the other way not", p.name)
		} else if Contradict(a, b) {
			contradicting++
		}
	}
	if contradicting < 125 {
		t.Errorf("only %d of the pairs that are two stories contradict each other", contradicting)
	}
	for _, p := range allSame() {
		a, b := p.ofTwoSources()
		if sign := Same(a, b); (sign == ByText || sign == ByTitle) && Contradict(a, b) {
			t.Errorf("%s: they are the same by their %s, and contradict each other", p.name, sign)
		}
	}
}

func (p pair) ofOneSource() (a, b Print) { return Of(p.a, "flux"), Of(p.b, "flux") }

func (p pair) ofTwoSources() (a, b Print) { return Of(p.a, "flux"), Of(p.b, "base") }

func (p pair) ofTheInbox() (a, b Print) { return Of(p.a, ""), Of(p.b, "") }

func both(t *testing.T, name string, a, b Print) Sign {
	t.Helper()
	sign := Same(a, b)
	if back := Same(b, a); back != sign {
		t.Errorf("%s: %q one way, and %q the other", name, sign, back)
	}
	if Same(a, a) == "" && !isFront(a.address) {
		t.Errorf("%s: the first is not the same as itself", name)
	}
	return sign
}

func met(a, b []int64) bool {
	return slices.ContainsFunc(a, func(key int64) bool { return slices.Contains(b, key) })
}
