package extract_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"facteur/internal/extract"
	"facteur/internal/newsletter"
)

var update = flag.Bool("update", false, "write the golden files anew")

func today() time.Time { return time.Date(2026, 11, 26, 6, 0, 0, 0, time.UTC) }

func paris() *time.Location { return time.FixedZone("CET", 3600) }

// The real article of the site becomes what its editors wrote, whether its page says all of itself or nothing. Read a golden file as you would
// the article.
func TestPage_sites(t *testing.T) {
	for _, name := range []string{"page-pandia.html", "page-bare.html"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			const at = "https://pandia.example/actualites/google-anthropic-partenariat/"
			a, err := extract.Page(at+"?utm_source=x", at, data, "text/html; charset=utf-8", paris(), today())
			if err != nil {
				t.Fatal(err)
			}
			hold(t, filepath.Join("testdata", name+".golden"), written(a))
			for _, never := range []string{"Recevez", "envelope", "rejoignez", "Liste IA", "Partager", "similaires", "Mistral", "commentaire", "cookies", "PandIA", "Étiquettes"} {
				if strings.Contains(a.Body+a.Summary+a.Title, never) {
					t.Errorf("it holds %q", never)
				}
			}
		})
	}
}

func written(a newsletter.Article) string {
	return fmt.Sprintf("url       %s\ntitle     %s\nsummary   %s\nauthor    %s\ntags      %q\nlanguage  %s\npublished %s\npicture   %s\nalt       %s\nsection   %s\n\n%s\n",
		a.URL, a.Title, a.Summary, a.Author, a.Tags, a.Language, a.Published.Format(time.RFC3339), a.Picture, a.PictureAlt, a.Section, a.Body)
}

const address = "https://site.example/actualites/une"

// prose is a text long enough for an article.
const prose = "<p>Le laboratoire a présenté mardi un modèle qui lit des images et des sons, et qui répond en une seconde à des questions posées à voix haute.</p>" +
	"<p>Il sera ouvert aux chercheurs au printemps, puis aux entreprises, avec des prix qui ne sont pas encore connus, selon deux personnes qui l’ont essayé.</p>"

// takes is the article of a page, which must have one.
func takes(t *testing.T, html string) newsletter.Article {
	t.Helper()
	a, err := extract.Page(address, address, []byte(html), "text/html", paris(), today())
	if err != nil {
		t.Fatalf("%v\n%s", err, html)
	}
	return a
}

// Data of another article, as teasers carry it, tell nothing of the page's; those of its own do, also where they lack its address, or give a wrong one.
func TestPage_dataOfAnother(t *testing.T) {
	const (
		ours       = `{"@type":"NewsArticle","headline":"Le moulin tourne de nouveau","author":{"name":"Ana Roux"}%s}`
		theirs     = `{"@type":"NewsArticle","headline":"La piscine du moulin ferme ses portes","author":{"name":"Luc Petit"},"datePublished":"2026-03-01"%s}`
		elsewhere  = `,"url":"https://site.example/actualites/piscine"`
		mainEntity = `,"mainEntityOfPage":{"@type":"WebPage","@id":"/actualites/piscine?de=une"}`
	)
	page := func(data ...string) newsletter.Article {
		return takes(t, "<title>Le moulin tourne de nouveau - Le Quai</title>"+linkedData("["+strings.Join(data, ",")+"]")+"<article><h1>Le moulin tourne de nouveau</h1><p>Par Ana Roux</p>"+prose+"</article>")
	}
	for name, data := range map[string][]string{
		"its address":                          {fmt.Sprintf(theirs, elsewhere)},
		"its page":                             {fmt.Sprintf(theirs, mainEntity)},
		"on another site":                      {fmt.Sprintf(theirs, `,"url":"https://autre.example/piscine"`)},
		"before ours":                          {fmt.Sprintf(theirs, elsewhere), fmt.Sprintf(ours, "")},
		"before ours, neither with an address": {fmt.Sprintf(theirs, ""), fmt.Sprintf(ours, "")},
		"before ours, which has another":       {fmt.Sprintf(theirs, elsewhere), fmt.Sprintf(ours, `,"url":"https://site.example/amp/une"`)},
	} {
		if a := page(data...); a.Title != "Le moulin tourne de nouveau" || a.Author != "Ana Roux" || !a.Published.IsZero() {
			t.Errorf("%s: %q, %q, %s", name, a.Title, a.Author, a.Published)
		}
	}
	for name, at := range map[string]string{
		"the page, with a slash": `,"url":"https://site.example/actualites/une/"`,
		"the front page":         `,"url":"https://site.example/"`,
		"no address":             `,"mainEntityOfPage":"True"`,
		"a part of the page":     `,"url":"/actualites/une#article"`,
		"the page for phones":    `,"url":"https://site.example/amp/actualites/une"`,
	} {
		if a := page(fmt.Sprintf(theirs, at)); a.Author != "Luc Petit" {
			t.Errorf("%s: %q, %q", name, a.Title, a.Author)
		}
	}
}

func linkedData(json string) string {
	return `<script type="application/ld+json">` + json + `</script>`
}

// Where a page says the same thing in several ways, the one that is meant for its readers counts, and what it does not say is left out.
func TestPage_says(t *testing.T) {
	type said struct{ title, summary, author, published, picture, alt, section, language, tags string }
	for name, c := range map[string]struct {
		head, body string
		want       said
	}{
		"nothing": {"<title>Un titre à retenir</title>", prose, said{title: "Un titre à retenir"}},
		"JSON-LD alone": {
			linkedData(`{"@context":"https://schema.org","@type":["NewsArticle","Article"],"headline":"L&rsquo;été des modèles","description":"Trois modèles sont sortis. Un seul compte.",
				"author":[{"@type":"Person","name":"Ana Roux"},{"@type":"Person","name":"Luc Petit"}],"datePublished":"2026-11-25T08:15:00+0100","image":[{"@type":"ImageObject","url":"/p.jpg"}],
				"articleSection":"Guides","keywords":"modèles, été","inLanguage":"fr"}`), prose,
			said{"L’été des modèles", "Trois modèles sont sortis. Un seul compte.", "Ana Roux, Luc Petit", "2026-11-25T07:15:00Z", "https://site.example/p.jpg", "", "Guides", "fr", "modèles été"},
		},
		"JSON-LD in a graph, with its parts elsewhere": {
			linkedData(`{"@graph":[{"@type":"WebSite","name":"Le Site"},{"@type":"BlogPosting","headline":"Titre - Le Site","author":{"@id":"#a"},"image":{"@id":"#i"}},{"@id":"#a","name":"Ana Roux"},{"@id":"#i","contentUrl":"https://cdn.example/i.png"}]}`),
			prose, said{title: "Titre", author: "Ana Roux", picture: "https://cdn.example/i.png"},
		},
		"JSON-LD of several articles": {
			linkedData(`[{"@type":"Article","headline":"Un autre","url":"https://site.example/autre"},{"@type":"Article","headline":"Celui-ci","mainEntityOfPage":{"@id":"` + address + `"}}]`), prose, said{title: "Celui-ci"},
		},
		"JSON-LD with a line end in a text":         {linkedData("{\"@type\":\"Article\",\"headline\":\"En deux\nlignes\"}"), prose, said{title: "En deux lignes"}},
		"JSON-LD that is none":                      {linkedData(`{"@type":"Article",`) + "<title>Un titre</title>", prose, said{title: "Un titre"}},
		"JSON-LD of its page, which knows the date": {linkedData(`{"@graph":[{"@type":"WebPage","datePublished":"2026-11-25T08:15:00+01:00"},{"@type":"Article","headline":"T"}]}`), prose, said{title: "T", published: "2026-11-25T07:15:00Z"}},
		"JSON-LD that knows when it was begun":      {linkedData(`{"@type":"Article","headline":"T","dateCreated":"2026-11-25T08:15:00+01:00"}`), prose, said{title: "T", published: "2026-11-25T07:15:00Z"}},
		"JSON-LD of something else":                 {linkedData(`{"@type":"Organization","name":"X"}`) + "<title>Un titre</title>", prose, said{title: "Un titre"}},
		"OpenGraph alone": {
			`<meta property="og:title" content="Un modèle qui écoute"><meta property="og:description" content="Il répond en une seconde."><meta property="og:image" content="https://site.example/o.jpg">
			<meta property="og:image:alt" content="Un micro"><meta property="article:published_time" content="2026-11-25T08:15:00Z"><meta property="article:author" content="https://facebook.com/ana">
			<meta property="article:section" content="Guides"><meta property="article:tag" content="voix"><meta property="article:tag" content="images"><meta property="og:locale" content="fr_FR">`, prose,
			said{"Un modèle qui écoute", "Il répond en une seconde.", "", "2026-11-25T08:15:00Z", "https://site.example/o.jpg", "Un micro", "Guides", "fr-FR", "voix images"},
		},
		"the site behind a dash, known by its host":                   {"<title>Un modèle – Site</title>", prose, said{title: "Un modèle"}},
		"the site behind a dash, which it names":                      {`<meta property="og:site_name" content="Le Journal de l’IA"><title>Un modèle — Le journal de l'IA</title>`, prose, said{title: "Un modèle"}},
		"the site before the title":                                   {"<title>Site.example | Un modèle</title>", prose, said{title: "Un modèle"}},
		"section and site, and a heading that has none":               {"<title>Un modèle qui écoute - Tech - Un nom</title>", "<h1>Un modèle qui écoute</h1>" + prose, said{title: "Un modèle qui écoute"}},
		"a dash of its own":                                           {"<title>Claude – le modèle – et ses prix</title>", prose, said{title: "Claude – le modèle – et ses prix"}},
		"a colon of its own":                                          {"<title>Agents : bien débuter en une heure</title>", prose, said{title: "Agents : bien débuter en une heure"}},
		"a part of the site as its first heading":                     {`<meta property="og:title" content="Vie privée et données : ce qui change">`, "<h1>Vie privée et données</h1>" + prose, said{title: "Vie privée et données : ce qui change"}},
		"a title that a program cut":                                  {linkedData(`{"@type":"Article","headline":"Le laboratoire présente un modèle qui…"}`), "<h1>Le laboratoire présente un modèle qui écoute</h1>" + prose, said{title: "Le laboratoire présente un modèle qui écoute"}},
		"the logo as heading":                                         {`<meta property="og:title" content="Un modèle">`, "<h1>Site</h1>" + prose, said{title: "Un modèle"}},
		"entities twice":                                              {`<meta property="og:title" content="Recherche &amp;amp; d&amp;rsquo;autres">`, prose, said{title: "Recherche & d’autres"}},
		"a description that was cut":                                  {`<title>T</title><meta name="description" content="Le laboratoire a présenté mardi un […]">`, prose, said{title: "T"}},
		"a description that is the beginning":                         {`<title>T</title><meta name="description" content="Le laboratoire a présenté mardi un modèle qui lit des images et des sons">`, prose, said{title: "T"}},
		"a chapô above the text":                                      {`<title>T</title><meta name="description" content="Pour les moteurs.">`, `<article><header><h2 class="article__chapo">Un chapô que les lecteurs voient, et qui dit tout en deux phrases. Le voici.</h2></header><div>` + prose + "</div></article>", said{title: "T", summary: "Un chapô que les lecteurs voient, et qui dit tout en deux phrases. Le voici."}},
		"a name in a byline":                                          {"<title>T</title>", `<article><p class="signature">Par Ana de La Roche, le 3 novembre 2026</p>` + prose + "</article>", said{title: "T", author: "Ana de La Roche", published: "2026-11-02T23:00:00Z"}},
		"the site alone as title":                                     {"<title>PandIA</title>", "<article><h1>Un modèle qui écoute</h1>" + prose + "</article>", said{title: "Un modèle qui écoute"}},
		"the site alone as title, and nothing around":                 {"<title>PandIA</title>", "<h1>Un modèle qui écoute</h1>" + prose, said{title: "Un modèle qui écoute"}},
		"another title for search engines":                            {"<title>Modèle vocal : prix, date, avis</title>", "<main><h1>Un modèle qui écoute et qui répond</h1>" + prose + "</main>", said{title: "Un modèle qui écoute et qui répond"}},
		"a shorter title for search engines":                          {"<title>Un modèle</title>", "<article><header><h1>Un modèle qui écoute</h1></header>" + prose + "</article>", said{title: "Un modèle qui écoute"}},
		"a heading with a mark to lead to":                            {"<title>PandIA</title>", "<article><h1><a name=haut></a>Un modèle qui écoute</h1>" + prose + "</article>", said{title: "Un modèle qui écoute"}},
		"one word as heading":                                         {"<title>Tout sur un modèle</title>", "<article><h1>Claude</h1>" + prose + "</article>", said{title: "Claude"}},
		"the name of the site as heading, leading to its front":       {"<title>Un modèle qui écoute</title>", "<div><h1><a href='/'>Le Journal des modèles</a></h1></div>" + prose, said{title: "Un modèle qui écoute"}},
		"the name of the site in its header":                          {"<title>Un modèle qui écoute</title>", "<header><h1>Le Journal des modèles</h1></header><main>" + prose + "</main>", said{title: "Un modèle qui écoute"}},
		"a part of the site above the title":                          {"<title>Un modèle qui écoute : le test</title>", "<h1>Nos essais de modèles</h1><h2>Un modèle qui écoute</h2>" + prose, said{title: "Un modèle qui écoute : le test"}},
		"another article beside it":                                   {"<title>PandIA</title>", "<article><h1>Un modèle qui écoute</h1>" + prose + "</article><aside><article><h1>Un autre modèle arrive</h1></article></aside>", said{title: "Un modèle qui écoute"}},
		"a short chapô, marked, in the header of its article":         {`<title>T</title><meta name="description" content="Pour les moteurs.">`, `<article><header><h1>T</h1><p class="chapo">Il écoute et répond.</p></header><div>` + prose + "</div></article>", said{title: "T", summary: "Il écoute et répond."}},
		"a short chapô, marked, in a header above":                    {`<title>T</title><meta name="description" content="Pour les moteurs.">`, `<header><nav><a href=/>Accueil</a></nav><h1>T</h1><p class="chapo">Il écoute et répond.</p></header><main>` + prose + "</main>", said{title: "T", summary: "Il écoute et répond."}},
		"a short chapô, marked, in a box":                             {`<title>T</title><meta name="description" content="Pour les moteurs.">`, `<article><header><div class="article-chapeau"><p>Il écoute.</p><p>Il répond.</p></div></header><div>` + prose + "</div></article>", said{title: "T", summary: "Il écoute. Il répond."}},
		"a slogan in the header of the site":                          {`<title>T</title><meta name="description" content="Il écoute et répond.">`, `<header><h1>Site</h1><p class="lead">Toute l’actualité des modèles, de leurs prix et de leurs usages, chaque matin.</p></header><main>` + prose + "</main>", said{title: "T", summary: "Il écoute et répond."}},
		"a label called intro":                                        {`<title>T</title><meta name="description" content="Il écoute et répond.">`, `<article><p class="intro">Exclusif</p>` + prose + "</article>", said{title: "T", summary: "Il écoute et répond."}},
		"a heading of the site, and not of the article":               {"<title>Un modèle qui écoute tout</title>", "<h1>Bonjour</h1>" + prose, said{title: "Un modèle qui écoute tout"}},
		"a name that the page shows, and a headline that it does not": {linkedData(`{"@type":"Article","name":"Modèle","headline":"programme d’ordinateur"}`) + "<title>Modèle — Encyclopédie</title>", prose, said{title: "Modèle"}},
		"a day behind a name":                                         {"<title>T</title>", "<p>Par Lise Muller le 12 septembre</p>" + prose, said{title: "T", author: "Lise Muller"}},
		"a day with a capital behind a name":                          {"<title>T</title>", "<p>Par Lise Muller Le 12 septembre 2026</p>" + prose, said{title: "T", author: "Lise Muller", published: "2026-09-11T23:00:00Z"}},
		"particles of a name":                                         {"<title>T</title>", "<p>Par Jeanne d’Albret de la Tour et Charles van der Meer</p>" + prose, said{title: "T", author: "Jeanne d’Albret de la Tour, Charles van der Meer"}},
		"two names in a byline":                                       {"<title>T</title>", "<p>By Ana Roux and Tom Lee March 25, 2026</p>" + prose, said{title: "T", author: "Ana Roux, Tom Lee", published: "2026-03-24T23:00:00Z"}},
		"three names in a byline":                                     {"<title>T</title>", "<p>Par Ana Roux, Luc Petit et Lise Muller</p>" + prose, said{title: "T", author: "Ana Roux, Luc Petit, Lise Muller"}},
		"a place behind a name":                                       {"<title>T</title>", "<p>Par Ana Roux, Rennes</p>" + prose, said{title: "T", author: "Ana Roux"}},
		"two links to their authors":                                  {"<title>T</title>", `<article><p>Par <a rel=author>Ana Roux</a> et <a rel=author>Luc Petit</a></p>` + prose + "</article>", said{title: "T", author: "Ana Roux, Luc Petit"}},
		"one of two authors linked":                                   {"<title>T</title>", `<article><p>Par <a rel=author>Ana Roux</a> et Luc Petit</p>` + prose + "</article>", said{title: "T", author: "Ana Roux, Luc Petit"}},
		"the author of another article":                               {"<title>T</title>", `<article><p>Par <a rel=author>Ana Roux</a></p>` + prose + "</article><div><p>Un autre, par <a rel=author>Luc Petit</a></p></div>", said{title: "T", author: "Ana Roux"}},
		"the paper behind a name":                                     {`<title>T</title><meta property="og:site_name" content="The Quay Post"><meta name="author" content="Sam Reed, The Quay Post">`, "<p>Sam Reed, The Quay Post</p>" + prose, said{title: "T", author: "Sam Reed"}},
		"the publisher among authors":                                 {linkedData(`{"@type":"Article","headline":"T","publisher":{"name":"The Quay Post"},"author":[{"name":"Sam Reed"},{"name":"The Quay Post"}]}`), prose, said{title: "T", author: "Sam Reed"}},
		"the publisher alone as author":                               {linkedData(`{"@type":"Article","headline":"T","publisher":{"name":"The Quay Post"},"author":[{"name":"The Quay Post"}]}`), prose, said{title: "T", author: "The Quay Post"}},
		"a date behind a name":                                        {"<title>T</title>", "<p>By Ana Roux March 25, 2026</p>" + prose, said{title: "T", author: "Ana Roux", published: "2026-03-24T23:00:00Z"}},
		"a link to its author in a line that has no capital":          {"<title>T</title>", `<article><p>par <a rel="author" href="/r">la rédaction</a></p><div>` + prose + "</div></article>", said{title: "T", author: "la rédaction"}},
		"a link to its author in a line":                              {"<title>T</title>", `<article><h1>T</h1><p>Par <a rel=author>Ana Roux</a></p>` + prose + "</article>", said{title: "T", author: "Ana Roux"}},
		"a link to its author":                                        {"<title>T</title>", `<article><a rel="author" href="/ana">Ana Roux</a><div>` + prose + "</div></article>", said{title: "T", author: "Ana Roux"}},
		"an e-mail address for a name":                                {`<title>T</title><meta name="author" content="ana@site.example">`, prose, said{title: "T"}},
		"a picture that waits for a script":                           {"<title>T</title>", `<article><img src="data:image/gif;base64,R0" data-src="/grand.jpg" alt="Un micro">` + prose + "</article>", said{title: "T", picture: "https://site.example/grand.jpg", alt: "Un micro"}},
		"an address of a picture that leads nowhere":                  {`<title>T</title><meta property="og:image" content="javascript:x">`, prose, said{title: "T"}},
		"addresses that begin elsewhere":                              {`<title>T</title><base href="https://cdn.example/x/"><meta property="og:image" content="p.jpg">`, prose, said{title: "T", picture: "https://cdn.example/x/p.jpg"}},
		"a language that is none":                                     {`<title>T</title><meta property="og:locale" content="klingon_ever">`, prose, said{title: "T"}},
		"the sentence of the site as its description":                 {linkedData(`{"@type":"WebSite","description":"Tout sur l’IA."}`) + `<title>T</title><meta name="description" content="Tout sur l’IA.">`, prose, said{title: "T"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := takes(t, "<html><head>"+c.head+"</head><body>"+c.body+"</body></html>")
			got := said{a.Title, a.Summary, a.Author, "", a.Picture, a.PictureAlt, a.Section, a.Language, strings.Join(a.Tags, " ")}
			if !a.Published.IsZero() {
				got.published = a.Published.Format(time.RFC3339)
			}
			if got != c.want {
				t.Errorf("\nis   %+v\nwant %+v", got, c.want)
			}
			if !strings.Contains(a.Body, "Le laboratoire a présenté mardi") || !strings.HasSuffix(a.Body, "deux personnes qui l’ont essayé.") || strings.HasPrefix(strings.ToLower(a.Body), "par") {
				t.Errorf("its text is %q", a.Body)
			}
		})
	}
}

func TestPage_dates(t *testing.T) {
	for shown, want := range map[string]string{
		"26 novembre 2026":                                        "2026-11-25T23:00:00Z",
		"Publié le jeudi 26 novembre 2026 à 7h30":                 "2026-11-26T06:30:00Z",
		"Mis à jour le 26/11/2026, publié le 25/11/2026":          "2026-11-24T23:00:00Z",
		"Publié le 25 nov. 2026 • Mis à jour le 26 nov. 2026":     "2026-11-24T23:00:00Z",
		"1er août 2026":                                           "2026-07-31T23:00:00Z",
		"03/04/2026":                                              "2026-04-02T23:00:00Z", // the third of April
		"Mis à jour le 26 novembre 2026":                          "",
		`<time datetime="2026-11-25T08:15:00+01:00">Hier</time>`:  "2026-11-25T07:15:00Z",
		`<time>26 novembre 2026</time>`:                           "2026-11-25T23:00:00Z",
		"26 novembre 2062":                                        "",
		"Publié le 26 novembre 2026 à 10h par Ana Roux":           "2026-11-26T09:00:00Z",
		"Publié le 26 novembre 2026 à 10 h 30 • 5 min":            "2026-11-26T09:30:00Z",
		"Publié le 26/11/2026 - 10h":                              "2026-11-26T09:00:00Z",
		"Publié le 26 novembre 2026, 10:30 UTC":                   "2026-11-26T10:30:00Z",
		"Publié le 26 novembre 2026 • 5 min de lecture":           "2026-11-25T23:00:00Z",
		`<time datetime="Thu, 26 Nov 2026 08:00:00 EST">x</time>`: "2026-11-26T13:00:00Z",
		`<time datetime="Thu, 26 Nov 2026 08:00:00">x</time>`:     "2026-11-26T07:00:00Z",
		`<time datetime="2026-11-26 08:00:00 CET">x</time>`:       "2026-11-26T07:00:00Z",
		"Publié le 31 novembre 2026":                              "",
		"Publié le 31/02/2026":                                    "",
		"Publié le 26 novembre 2026 à 25h70":                      "",
		"Hier":                                                    "",
		"mardi 3 mars 2026, par Ana Roux":                         "2026-03-02T23:00:00Z",
		"Soumis par Ana Roux le mar 03/03/2026 - 08:00":           "2026-03-03T07:00:00Z",
		"Submitted by Ana Roux on March 3, 2026 - 8:00am":         "2026-03-03T07:00:00Z",
		"mars 3, 2026":                                            "2026-03-02T23:00:00Z",
		"Tuesday, March 3rd, 2026 at 9:30 PM":                     "2026-03-03T20:30:00Z",
		"3 March 2026 | 4 min":                                    "2026-03-02T23:00:00Z",
		"Publié le 2026-03-03 à 8h":                               "2026-03-03T07:00:00Z",
		"Le 03-04-2026":                                           "2026-04-02T23:00:00Z",
		"08:15 GMT, 24 November 2026":                             "2026-11-24T08:15:00Z",
		"Publié à 8h15, le mardi 24 novembre 2026":                "2026-11-24T07:15:00Z",
		"24/11/26 - 8h15":                                         "2026-11-24T07:15:00Z",
		"Publié par Ana Roux le 24/11/26 à 8h15":                  "2026-11-24T07:15:00Z",
		"24/11/26": "2026-11-23T23:00:00Z",
		"31/02/26": "",
		"<span>3 mars 2026</span></p><p>Publié par Zoé sur <span>3 mars 2026, 08:15am</span>":                                                 "2026-03-03T07:15:00Z",
		"<span>3 mars 2026</span></p><p>Publié par Zoé sur <span>4 mars 2026, 08:15am</span>":                                                 "2026-03-02T23:00:00Z",
		`Mis à jour : <time datetime="2026-05-03T08:00:00Z">3 mai</time> Publié : <time datetime="2026-03-03T08:00:00Z">3 mars</time>`:        "2026-03-03T08:00:00Z",
		`<span>Modifié le</span> <span><time datetime="2026-05-03">3 mai</time></span> | <time datetime="2026-03-03T08:00:00Z">3 mars</time>`: "2026-03-03T08:00:00Z",
		`Publié le <time datetime="2026-03-03T08:00:00Z">3 mars</time>, mis à jour le <time datetime="2026-05-03">3 mai</time>`:               "2026-03-03T08:00:00Z",
		"Publié le 29 February 2026": "",
		`<abbr class="published" title="2026-03-03T08:00:00Z">mardi 3 mars 2026</abbr>`:                                                            "2026-03-03T08:00:00Z",
		`<span class="date-display-single" property="dc:date" content="2026-03-03T08:00:00+01:00">mardi, mars 3, 2026</span>`:                      "2026-03-03T07:00:00Z",
		`<a href=/une><time class="entry-date published" datetime="2026-03-03T08:00:00+01:00">3 mars 2026</time></a>`:                              "2026-03-03T07:00:00Z",
		`<span title="2026-03-03 08:00:00 +0100 CET">3 mars 2026</span> · 4 min`:                                                                   "2026-03-03T07:00:00Z",
		`<meta itemprop="dateModified" content="2026-05-03T08:00:00Z"><span>3 mars 2026</span>`:                                                    "2026-03-02T23:00:00Z",
		`<time class="dt-published" datetime="2026-03-03T08:00:00Z">Mar 3</time>`:                                                                  "2026-03-03T08:00:00Z",
		`<span itemprop="datePublished" content="2026-03-03T08:00:00Z">il y a 8 mois</span>`:                                                       "2026-03-03T08:00:00Z",
		`<time itemprop="dateModified" datetime="2026-05-03">3 mai</time> <time datetime="2026-03-03T08:00:00Z">3 mars</time>`:                     "2026-03-03T08:00:00Z",
		`<time class="entry-date published" datetime="2026-03-03T08:00:00Z">3 mars</time><time class="updated" datetime="2026-05-03">3 mai</time>`: "2026-03-03T08:00:00Z",
	} {
		a := takes(t, "<title>T</title><article><h1>Titre</h1><p>"+shown+"</p>"+prose+"<p>L’accord a été conclu le 4 mai 2024.</p></article>")
		got := ""
		if !a.Published.IsZero() {
			got = a.Published.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s is %q, want %q", shown, got, want)
		}
	}
	if a := takes(t, "<title>T</title>"+prose+"<p>Il paraît le 4 mai 2024.</p>"); !a.Published.IsZero() {
		t.Errorf("a date in the text is that of the article: %s", a.Published)
	}
	beside := "<div><time datetime=2026-11-20>20 novembre</time></div>"
	if a := takes(t, "<title>T</title><main><article><h1>T</h1>"+prose+"</article>"+beside+"</main>"); !a.Published.IsZero() {
		t.Errorf("a date below the article is its own: %s", a.Published)
	}
	if a := takes(t, "<title>T</title><main>"+beside+"<article><h1>T</h1>"+prose+"</article></main>"); a.Published.IsZero() {
		t.Error("a date above the article is not its own")
	}
	if a := takes(t, "<title>T</title><div>3 mars 2026</div><h1>T</h1><div>"+prose+"</div><p>Posté par LucieR à 08:15 - Jardins - Permalien</p>"); a.Author != "LucieR" || a.Published.Format(time.RFC3339) != "2026-03-03T07:15:00Z" {
		t.Errorf("below the article stands who wrote it when: %q, %s", a.Author, a.Published)
	}
}

// What a page is that holds no article, or not all of it, is told with what was seen, and what to do.
func TestPage_refuses(t *testing.T) {
	shell := func(title, body string) string {
		return "<html><head><title>" + title + "</title></head><body>" + body + "</body></html>"
	}
	for name, c := range map[string]struct{ from, mediaType, page, want string }{
		"a PDF":                              {"", "application/pdf", "%PDF-1.7\n%âãÏÓ", "it is a PDF and no page"},
		"a PDF said to be HTML":              {"", "text/html", "%PDF-1.7\n", "it is a PDF and no page"},
		"a JPEG":                             {"", "image/jpeg", "\xff\xd8\xff\xe0JFIF", "it is a picture (JPEG) and no page"},
		"a PNG":                              {"", "", "\x89PNG\r\n", "it is a picture (PNG) and no page"},
		"a film":                             {"", "video/mp4", "\x00\x00\x00\x18ftyp", "it is video/mp4 and no page in HTML"},
		"JSON":                               {"", "application/json", `{"a": 1}`, "it is application/json and no page in HTML"},
		"a feed":                             {"", "application/xml", `<?xml version="1.0"?><rss version="2.0">`, "it is a feed and no page"},
		"nothing":                            {"", "text/html", "  \n", "it is empty"},
		"too large":                          {"", "text/html", "<html>" + strings.Repeat("x", 5<<20), "it is larger than 5 MiB, or never ends"},
		"nested too deep":                    {"", "text/html", "<html>" + strings.Repeat("<div>", 1000), "its HTML cannot be read"},
		"too many elements":                  {"", "text/html", "<html>" + strings.Repeat("<p>x", 60_000), "it has more than 50000 elements"},
		"frames":                             {"", "text/html", "<html><frameset><frame src=/x></frameset>", "only frames"},
		"no title":                           {"", "text/html", "<html><body>" + prose, "it has no title"},
		"too short":                          {"", "text/html", shell("Agenda", "<p>Le salon ouvre mardi.</p>"), "its text is too short for an article: “Le salon ouvre mardi.”"},
		"no text":                            {"", "text/html", shell("Vidéo", "<video src=/x.mp4></video>"), "no text of an article was found in it"},
		"a script in its place":              {"", "text/html", shell("App", `<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>`), "no text of an article was found in it"},
		"a soft 404":                         {"", "text/html", shell("Page non trouvée - Le Site", prose), "there is no such page: it says “Page non trouvée - Le Site”"},
		"a soft 404 by its heading":          {"", "text/html", shell("Le Site", "<h1>Oups ! Cette page n’existe plus</h1>"+prose), "there is no such page: it says “Oups ! Cette page n’existe plus”"},
		"a soft 404 by its text":             {"", "text/html", shell("Le Site", "<p>La page que vous cherchez est introuvable.</p>"), "there is no such page"},
		"an error in English":                {"", "text/html", shell("404 | Not Found", prose), "there is no such page: it says “404 | Not Found”"},
		"the front page":                     {"https://site.example/", "text/html", shell("Le Site", prose), "it is the front page of its site"},
		"a consent wall elsewhere":           {"https://consent.portal.example/v2/collect?sessionId=1", "text/html", shell("Portal", prose), "its server leads to https://consent.portal.example/"},
		"a consent wall on the site":         {"https://site.example/v2/collectConsent?sessionId=1", "text/html", shell("Portal", prose), "its server leads to https://site.example/v2/collectConsent"},
		"a gate that leads back":             {"https://site.example/cookie-choices?next=https%3A%2F%2Fsite.example%2Factualites%2Fune", "text/html", shell("Le Site", prose), "its server leads to https://site.example/cookie-choices"},
		"a login elsewhere":                  {"https://site.example/connexion?retour=/une", "text/html", shell("Le Site", prose), "its server leads to https://site.example/connexion"},
		"a consent wall in its place":        {"", "text/html", shell("Le Site", "<div><h2>Bienvenue</h2><button>Tout accepter</button><button>Continuer sans accepter</button></div>"), "it asks for consent before it shows anything: it says “Tout accepter"},
		"a long consent wall":                {"", "text/html", shell("Le Site", "<main><p>Avec votre accord, nous et nos 842 partenaires utilisons des cookies, ou d’autres moyens, pour garder des données de votre visite.</p><p>Vous pouvez retirer votre consentement, ou paramétrer les cookies, à tout moment, en suivant le lien qui se trouve en bas de chaque page, ou continuer sans accepter.</p></main>"), "it asks for consent before it shows anything"},
		"a wall against programs":            {"", "text/html", shell("Just a moment...", "<p>Checking your browser before accessing site.example.</p>"), "its site wants to see a person: it says “Just a moment...”"},
		"a wall against programs again":      {"", "text/html", shell("site.example", "<p>Please enable JS and disable any ad blocker</p>"), "its site wants to see a person before it shows anything"},
		"a login in its place":               {"", "text/html", shell("Se connecter – Le Site", prose), "it asks visitors to log in: it says “Se connecter – Le Site”"},
		"a paywall by its data":              {"", "text/html", shell("T", linkedData(`{"@type":"NewsArticle","headline":"T","isAccessibleForFree":"False"}`)+prose), "it says that it is for subscribers"},
		"a paywall by OpenGraph":             {"", "text/html", `<meta property="article:content_tier" content="locked"><title>T</title>` + prose, "it says that it is for subscribers"},
		"a paywall in words":                 {"", "text/html", shell("T", "<article>"+prose+"<div class='paywall-subscribe'><p>Il vous reste 82 % de cet article à lire. La suite est réservée aux abonnés.</p></div></article>"), "it is for subscribers or members: it says “Il vous reste 82 % de cet article"},
		"a paywall that asks for an address": {"", "text/html", shell("T", prose+"<div><h2>Continuez la lecture</h2><p>La suite est réservée aux abonnés.</p><form><input type=email><button>S’abonner</button></form></div>"), "it is for subscribers or members: it says “La suite est réservée aux abonnés.”"},
		"a paywall of a letter":              {"", "text/html", shell("T", prose+"<div><h2>This post is for paid subscribers</h2><button>Subscribe</button></div>"), "it is for subscribers or members: it says “This post is for paid subscribers”"},
		"articles one under another":         {"", "text/html", shell("Le Site", post("<h2>Un titre</h2>")+post("<h2>Un autre titre</h2>")+post("<h2>Un titre encore</h2>")), "it shows several articles, one under another"},
		"the beginnings of articles":         {"", "text/html", shell("Le Site", "<main>"+post("<h2><a href=/1>Un titre</a></h2>")+post("<a href=/2><h2>Un autre titre</h2></a>")+post("<h2><a href=/3>Un titre encore</a></h2>")+"</main>"), "it shows several articles, one under another"},
		"a text of which most is apart":      {"", "text/html", shell("T", apart("alpha", "beta", "gamma", "delta", "epsilon", "zeta")), "only a part of its text could be told from what stands around it"},
		"a paywall in English":               {"", "text/html", shell("T", prose+"<p>Subscribe to continue reading</p>"), "it is for subscribers or members: it says “Subscribe to continue reading”"},
	} {
		t.Run(name, func(t *testing.T) {
			from := c.from
			if from == "" {
				from = address
			}
			a, err := extract.Page(address, from, []byte(c.page), c.mediaType, nil, today())
			if err == nil || !strings.Contains(err.Error(), c.want) || a.Title != "" {
				t.Errorf("%v, want %q; %+v", err, c.want, a)
			}
		})
	}
}

// post is an article under a heading, beside others.
func post(heading string) string { return "<article>" + heading + prose + "</article>" }

// Articles are taken although they speak of what keeps others from being taken.
func TestPage_takes(t *testing.T) {
	for name, page := range map[string]string{
		"on lost pages":            "<title>Page introuvable : l’histoire de l’erreur 404</title>" + linkedData(`{"@type":"Article","headline":"Page introuvable : l’histoire de l’erreur 404"}`) + prose,
		"above other articles":     "<title>T</title><main>" + post("<h1>T</h1>") + strings.Repeat("<article><h3><a href=/b>Un autre</a></h3><p>Il dit en deux phrases ce que les élus ont répondu aux pêcheurs, qui demandaient un délai de deux ans avant que la criée ne soit déplacée. Le préfet, lui, ne dit rien : il attend le rapport que la chambre régionale lui a promis pour le printemps.</p></article>", 3) + "</main>",
		"on a car":                 "<title>Peugeot 404 : le retour</title>" + prose,
		"on the web":               "<title>Connexion internet : ce qui change</title>" + prose,
		"on patience":              "<title>Un instant de répit pour les laboratoires</title>" + prose,
		"on a chip":                "<title>Introuvable : la puce que tous veulent</title>" + prose,
		"with a banner":            "<title>T</title>" + prose + "<div class='cookie-banner'><p>Nous utilisons des cookies.</p><a>Tout accepter</a> <a>Continuer sans accepter</a> <a>Gérer mes choix</a></div>",
		"beside what is paid":      "<title>T</title>" + prose + "<ul><li><a href=/b>Article réservé aux abonnés Un autre</a></li></ul>",
		"with a wall that sleeps":  "<title>T</title>" + prose + "<div hidden><p>La suite est réservée aux abonnés.</p></div>",
		"in a frame of one form":   "<title>T</title><form><div>" + prose + "</div></form>",
		"in a badly named frame":   "<title>T</title><div class='sidebar-layout related newsletter'><div>" + prose + "</div></div>",
		"on buttons":               "<title>T</title>" + prose + "<p>Les boutons « Tout accepter » et « Tout refuser » doivent se ressembler, dit la CNIL.</p>",
		"with a long discussion":   "<title>T</title>" + prose + "<div id=comments>" + strings.Repeat("<p>Je ne suis pas d’accord avec ce que dit l’article, et je le dis ici, longuement, comme il convient.</p>", 20) + "</div>",
		"under a public agreement": "<title>T</title>" + prose + "<p>La CNIL rappelle que le consentement doit être libre.</p>",
		"named XHTML":              `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" ""><html><head><title>T</title></head><body>` + prose + "</body></html>",
	} {
		if a := takes(t, page); !strings.Contains(a.Body, "Le laboratoire a présenté mardi") || !strings.Contains(a.Body, "deux personnes qui l’ont essayé.") {
			t.Errorf("%s: %q", name, a.Body)
		}
	}
}

// A short address may lead to an article that is about what others are asked for.
func TestPage_redirected(t *testing.T) {
	for _, to := range []string{"/blog/cookie-consent", "/tech/captcha-history", "/guides/consentement?via=x", "/2026/les-cookies-en-2027", "/guides/consentement", "/auteurs/ana/une", "/login-une-histoire"} {
		if _, err := extract.Page("https://court.example/x", "https://site.example"+to, []byte("<title>T</title>"+prose), "text/html", nil, today()); err != nil {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// What stands around a text, or in the middle of it, and is none of it.
func TestPage_leavesOut(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	for _, other := range []string{
		"<h2>T</h2>", "<h4>T</h4>", "<p>T</p>",
		"<div>Abonnez-vous à notre newsletter</div>",
		"<div class='x1'><h3>Recevez nos guides par e-mail</h3><p>Chaque jeudi, le meilleur.</p><a href=/n>Je m’inscris</a></div>",
		"<h4>Inscrivez-vous à la lettre d’information</h4><p>Un envoi par semaine.</p>",
		"<p>Si vous souhaitez recevoir nos guides, abonnez-vous.</p>",
		"<p>📩 Subscribe to our newsletter and never miss a story</p>",
		"<p><strong>À lire aussi :</strong> <a href=/b>Un autre article</a></p>",
		"<p>Lire aussi | <a href=/b>Un autre article</a></p>",
		"<div><h3>Sur le même sujet</h3><ul><li><a href=/b>Un autre</a></li><li><a href=/c>Encore un</a></li></ul></div>",
		"<h3>Articles similaires</h3><ul><li><a href=/b>Un autre</a></li></ul>",
		"<div class='social-links'><a href=/x>Facebook</a> <a href=/y>LinkedIn</a></div>",
		"<div>Partager sur Facebook</div>",
		"<div class='ez-toc-container'><p>Sommaire</p><ul><li><a href=#a>Un</a></li></ul></div>",
		"<aside><p>Un encadré sans rapport.</p></aside>",
		"<div role='complementary'>Un encadré.</div>",
		"<div style='display: none'>Caché.</div>",
		"<p>Partager : Facebook X</p>",
		"<div>Partagez cet article sur Facebook, X ou LinkedIn</div>",
		"<p>Share: <a href=/f>Facebook</a> · <a href=/x>X</a> · Copy link</p>",
		"<p>Vous avez aimé cet article ? Recevez notre lettre chaque jeudi : inscrivez-vous</p>",
		"<div><p>Cet article vous a plu ? Abonnez-vous, c’est gratuit.</p></div>",
		"<p>Enjoyed this story? Sign up and get one like it each week.</p>",
		"<p>Recevez chaque jeudi la lettre de la rédaction : inscrivez-vous.</p>",
		"<p>Pour aller plus loin : <a href=/b>Un autre article</a></p>",
		"<script>alert(1)</script><style>p{}</style>",
		"<button>Copier le lien</button>",
		"<figure><img src=/p.jpg alt=''><figcaption>Photo : AFP</figcaption></figure>",
	} {
		for _, page := range []string{prose + other, first + other + second} {
			want := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n").Replace(prose))
			if a := takes(t, "<title>T</title><body><main><div>"+page+"</div></main>"); a.Body != want {
				t.Errorf("with %s\n%s", other, a.Body)
			}
		}
	}
}

// What leads elsewhere within a paragraph goes, and the paragraph stays.
func TestPage_pointerInAParagraph(t *testing.T) {
	const said = "Le service ouvrira mardi, dit le laboratoire."
	for tail, want := range map[string]string{
		" <strong>Lire aussi :</strong> <a href=/b>Un autre article</a>":                      "",
		" <em>À lire aussi : <a href=/b>Un autre article</a></em>.":                           "",
		"<br><b>Lire aussi</b> : <a href=/b>Un autre article</a>":                             "",
		" Selon <a href=/a>lui</a>, oui. Lire aussi : <a href=/b>Un autre article</a>":        " Selon [lui](<https://site.example/a>), oui.",
		" Il faut <a href=/b>lire la suite</a>":                                               " Il faut [lire la suite](<https://site.example/b>)",
		" Read more: <a href=/b>Another story</a>":                                            "",
		" À lire aussi : le rapport de <a href=/b>la Cour</a>, qui en compte le prix.":        " À lire aussi : le rapport de [la Cour](<https://site.example/b>), qui en compte le prix.",
		" On peut lire aussi : <a href=/b>le rapport</a>":                                     " On peut lire aussi : [le rapport](<https://site.example/b>)",
		" <strong>Lire aussi :</strong> <a href=/b>le rapport</a>, que la Cour a publié hier": " **Lire aussi :** [le rapport](<https://site.example/b>), que la Cour a publié hier",
	} {
		if a := takes(t, "<title>T</title><article>"+prose+"<p>"+said+tail+"</p></article>"); !strings.HasSuffix(a.Body, "\n\n"+said+want) {
			t.Errorf("%s\nin %s", tail, a.Body)
		}
	}
}

// Another article in the margin goes, even where it is longer than the one beside it, or that which holds it.
func TestPage_articleInTheMargin(t *testing.T) {
	other := "<aside><article><h2>Un autre</h2>" + strings.Repeat("<p>Un encadré qui est long, et qui parle de tout autre chose que l’article, avec force détails et sans fin.</p>", 20) + "</article></aside>"
	want := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n").Replace(prose))
	for _, page := range []string{"<article>" + prose + "</article>" + other, "<main><article>" + prose + other + "</article></main>"} {
		if a := takes(t, "<title>T</title><body>"+page); a.Body != want {
			t.Errorf("%s", a.Body)
		}
	}
	if a := takes(t, "<title>T</title><body><aside><article>"+prose+"</article></aside><article><p>Un renvoi.</p></article>"); a.Body != want {
		t.Errorf("an article that is all that the page has: %s", a.Body)
	}
}

// A text keeps what belongs to it.
func TestPage_keeps(t *testing.T) {
	for html, want := range map[string]string{
		"<section id=sharing-with-others><h2 id=cookies>Les cookies</h2><p>Ils sont partagés.</p></section>": "## Les cookies\n\nIls sont partagés.",
		"<h2>Comment ?</h2><p>Par étapes.</p>":                                                      "## Comment ?\n\nPar étapes.",
		"<ul><li>Un premier point.</li><li>Un second point.</li></ul>":                              "- Un premier point.\n- Un second point.",
		"<blockquote><p>« Nous recevons vos avis. »</p></blockquote>":                               "> « Nous recevons vos avis. »",
		"<pre><code>x := 1</code></pre>":                                                            "```\nx := 1\n```",
		"<p>Voir <a href='../guides/agents'>le guide</a> pour plus.</p>":                            "Voir [le guide](<https://site.example/guides/agents>) pour plus.",
		"<p>Partager des données avec un laboratoire reste risqué.</p>":                             "Partager des données avec un laboratoire reste risqué.",
		"<p>Partager sur Facebook et X ne suffit plus aux éditeurs.</p>":                            "Partager sur Facebook et X ne suffit plus aux éditeurs.",
		"<p>Partager : X a retiré ce bouton de son site.</p>":                                       "Partager : X a retiré ce bouton de son site.",
		"<p>Recevez 20 % de plus avec la lettre du ministre, dit l’offre.</p>":                      "Recevez 20 % de plus avec la lettre du ministre, dit l’offre.",
		"<p>Vous avez aimé cet article de la loi ? Il change en mars.</p>":                          "Vous avez aimé cet article de la loi ? Il change en mars.",
		"<p>Pour aller plus loin, la commission <a href=/b>propose</a> d’interdire ces outils.</p>": "Pour aller plus loin, la commission [propose](<https://site.example/b>) d’interdire ces outils.",
		"<p>À voir aussi, le rapport de <a href=/b>la Cour</a>, qui en compte le prix.</p>":         "À voir aussi, le rapport de [la Cour](<https://site.example/b>), qui en compte le prix.",
		"<p>Vous aimez marcher ? L’inscription à la course ouvre mardi.</p>":                        "Vous aimez marcher ? L’inscription à la course ouvre mardi.",
		"<p>Like this model, others were late. They now sign up testers.</p>":                       "Like this model, others were late. They now sign up testers.",
		"<p>Inscrivez-vous sur la liste d’attente du modèle.</p>":                                   "Inscrivez-vous sur la liste d’attente du modèle.",
	} {
		if a := takes(t, "<title>T</title><article>"+prose+html+prose[strings.Index(prose, "</p>")+4:]+"</article>"); !strings.Contains(a.Body, "\n\n"+want+"\n\n") {
			t.Errorf("%s\nin %s", html, a.Body)
		}
	}
}

func TestPage_encodings(t *testing.T) {
	const title = "L’été « œuvre » à 35 €"
	page := func(meta string) string {
		return "<html><head>" + meta + "<title>" + title + "</title></head><body>" + prose
	}
	latin := func(text string) string {
		text, err := charmap.Windows1252.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	cyrillic, err := charmap.Windows1251.NewEncoder().String(`<meta charset=windows-1251><title>Лето</title>` + strings.NewReplacer("é", "e", "è", "e", "à", "a").Replace(prose))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, mediaType, want string }{
		"UTF-8":                         {page(`<meta charset="utf-8">`), "text/html", title},
		"UTF-8 said to be Latin-1":      {page(`<meta charset="iso-8859-1">`), "text/html; charset=iso-8859-1", title},
		"Latin-1":                       {latin(page(`<meta charset="iso-8859-1">`)), "text/html", title},
		"Latin-1 in the old way":        {latin(page(`<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">`)), "text/html", title},
		"Latin-1 by the server alone":   {latin(page("")), "text/html; charset=iso-8859-1", title},
		"Latin-1 of which nobody spoke": {latin(page("")), "text/html", title},
		"Cyrillic":                      {cyrillic, "text/html; charset=utf-8", "Лето"},
	} {
		a, err := extract.Page(address, address, []byte(c.text), c.mediaType, nil, today())
		if err != nil || a.Title != c.want {
			t.Errorf("%s: %q, %v", name, a.Title, err)
		}
	}
}

// The address under which an article is kept. That of the page stands beside it, for the article may be known by it.
func TestPage_addresses(t *testing.T) {
	for link, want := range map[string]string{
		``: "https://m.site.example/une",
		`<link rel="canonical" href="https://www.site.example/actualites/une?utm_medium=x#a">`: "https://www.site.example/actualites/une",
		`<link rel="alternate canonical" href="/actualites/une">`:                              "https://m.site.example/actualites/une",
		`<meta property="og:url" content="https://www.site.example/deux">`:                     "https://www.site.example/deux",
		`<link rel="canonical" href="https://www.site.example/">`:                              "https://m.site.example/une", // on every page of it
		`<link rel="canonical" href="javascript:x">`:                                           "https://m.site.example/une",
		`<link rel="canonical" href="https://original.example/une">`:                           "https://original.example/une",
	} {
		const at = "https://m.site.example/une?utm_source=x"
		a, err := extract.Page(at, at, []byte("<head><title>T</title>"+link+"</head>"+prose), "text/html", nil, today())
		if err != nil || a.URL != want {
			t.Errorf("%s is %s, %v", link, a.URL, err)
		}
		if page := "https://m.site.example/une"; a.Canonical != page && a.URL != page || a.Canonical == a.URL {
			t.Errorf("%s: %s has %q beside it", link, a.URL, a.Canonical)
		}
	}
}

// The front of a part of a site is no article's own address, whatever its pages say; what stands below an article is that article.
func TestPage_folders(t *testing.T) {
	for at, want := range map[string]string{
		"https://site.example/actualites/le-conseil-vote-la-ligne/":  "https://site.example/actualites/le-conseil-vote-la-ligne/",
		"https://site.example/actualites/2026/11/une_piscine_fermee": "https://site.example/actualites/2026/11/une_piscine_fermee",
		"https://site.example/actualites/amp/":                       "https://site.example/actualites/",
		"https://site.example/actualites/page-2/":                    "https://site.example/actualites/",
		"https://site.example/actualites/comment-page-2/":            "https://site.example/actualites/",
		"https://site.example/le-conseil-vote-la-ligne":              "https://site.example/actualites/",
	} {
		a, err := extract.Page(at, at, []byte(`<head><title>T</title><link rel="canonical" href="/actualites/"></head>`+prose), "text/html", nil, today())
		if err != nil || a.URL != want {
			t.Errorf("%s is %s, %v", at, a.URL, err)
		}
	}
}

// FuzzPage: whatever the bytes, an error in words, or an article in the form of those that are stored.
func FuzzPage(f *testing.F) {
	pages, err := filepath.Glob(filepath.Join("testdata", "pages", "*.html"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range append(pages, filepath.Join("testdata", "page-pandia.html"), filepath.Join("testdata", "page-bare.html")) {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("<title>T - Site</title><h1>T</h1><h1>Site</h1><p>Par Ana, 26/11/2026</p>" + prose + "<h3>Recevez nos guides par e-mail</h3><p>x"))
	f.Add([]byte(linkedData(`{"@graph":[{"@type":["Article"],"headline":["T"],"author":[{"@id":"#a"},"B"],"isAccessibleForFree":true},{"@id":"#a","name":{"@value":"A"}}]}`) + prose))
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"))
	f.Add([]byte("<table><tr><td><b>T<br>par A<br></b><font size=5><br>x<input type=email></font><p><p>3 vues<dl><dt>a<br><br>b"))
	f.Add([]byte("<table><tr><td><form><select><option><p>a<br><br>b<noscript><img src=x></noscript><svg><title>x</title><p>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := extract.Page(address, address, data, "", nil, today())
		if err != nil {
			if err.Error() == "" || a.Title != "" {
				t.Errorf("an error without words, or with an article: %q", err)
			}
			return
		}
		if err := a.Validate(); err != nil {
			t.Errorf("it is not valid: %v", err)
		}
		if canonical, err := newsletter.CanonicalURL(a.URL); err != nil || canonical != a.URL {
			t.Errorf("address %q: %v", a.URL, err)
		}
		if p, err := newsletter.PictureURL(a.Picture); err != nil || p != a.Picture {
			t.Errorf("picture %q: %v", a.Picture, err)
		}
	})
}
