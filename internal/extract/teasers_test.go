package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// mill is an article of four paragraphs.
const mill = prose + "<p>La roue a été refaite par un charpentier de marine, qui a mis deux hivers à trouver du chêne assez droit pour les quarante-huit aubes.</p>" +
	"<p>Le meunier compte moudre trois tonnes de grain par semaine, et recevoir les écoles du canton le jeudi, quand la vanne du bief est fermée.</p>"

// Below an article stands what is none of it: what readers say, lists of other articles, and what its <article> does not hold.
func TestPage_belowTheArticle(t *testing.T) {
	const title, said = "<h1>Le moulin tourne de nouveau</h1>", "<p>La piscine municipale fermera ses portes en janvier pour dix-huit mois de travaux, a annoncé le maire devant les clubs, qui cherchent des bassins.</p>"
	for name, page := range map[string]string{
		"comments, beside each other":       "<article>" + title + mill + "</article><h2>2 commentaires</h2><div><b>Jean</b> <span>3 mars 2026</span>" + said + "</div><div><b>Zoé</b>" + said + "</div>",
		"comments in paragraphs":            title + mill + "<h3>Commentaires</h3><p>Jean, le 3 mars 2026</p>" + said + "<p>Zoé, le 4 mars 2026</p>" + said,
		"comments that one answers":         title + mill + "<div><h3>Réactions</h3></div><div><p>Jean</p>" + said + "<a href='#'>Répondre</a></div><div><p>Zoé</p>" + said + "</div>",
		"what readers think":                title + mill + "<p><strong>Vos réactions (2)</strong></p><p><b>Jean</b> : " + said[3:],
		"comments of WordPress":             "<article>" + title + mill + "<h4>2 réflexions sur « Le moulin »</h4><ol><li><p>Jean</p>" + said + "</li></ol><h3>Laisser un commentaire</h3><p>Soyez bref.</p></article>",
		"responses":                         title + mill + "<h2>Responses</h2><div>Jean<br>Mar 3, 2026</div>" + said,
		"a list under a heading":            title + mill + "<div><h2>Ça bouge en ville</h2><div><h3><a href=/a>La piscine</a></h3>" + said + "</div><div><h3><a href=/b>Le marché</a></h3>" + said + "</div></div>",
		"a list without a box":              title + mill + "<h2>En direct</h2><div><a href=/a><h3>La piscine</h3>" + said + "</a></div><div><a href=/b><h3>Le marché</h3></a>" + said + "</div>",
		"a list in one box":                 title + mill + "<div><h3>La semaine</h3><h4><a href=/a>La piscine</a></h4>" + said + "<h4><a href=/b>Le marché</a></h4>" + said + "</div>",
		"a list of items":                   title + mill + "<section><h2>Toute l’info</h2><ul><li><h3><a href=/a>La piscine</a></h3>" + said + "</li><li><h3><a href=/b>Le marché</a></h3>" + said + "</li></ul></section>",
		"another under a title in a block":  "<div><div>" + title + "</div><article>" + mill + "</article></div><div><h2>La piscine ferme</h2>" + said + said + "</div>",
		"another beside its article":        "<article>" + title + mill + "</article><h2>La piscine ferme</h2>" + said + said,
		"what the site asks":                "<section>" + title + "<article>" + mill + "</article><div><button>Contribuer à la piscine municipale</button></div></section><section><h4>La piscine municipale</h4><p>Elle vous attend.</p></section>",
		"what the site asks, under a title": "<section><article>" + title + mill + "</article></section><section><h5>La piscine municipale</h5><p>Elle vous attend.</p><a href=/p>Y aller</a></section>",
	} {
		a := takes(t, "<title>Le moulin tourne de nouveau - Le Quai</title><main>"+page+"</main>")
		if strings.Contains(a.Body, "piscine municipale") || strings.Contains(a.Body, "Jean") || strings.Contains(a.Body, "\n#") || !strings.HasSuffix(a.Body, "est fermée.") || !strings.HasPrefix(a.Body, "Le laboratoire") {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	for name, page := range map[string]string{
		"reactions of which it tells":       mill + "<h2>Réactions</h2><p>La maire est ravie.</p>" + said,
		"comments of which it tells":        prose + "<h2>3 commentaires sur le vote</h2><p>Un premier.</p>" + mill + "<h2>La piscine</h2>" + said,
		"a digest with links to its site":   "<p>Cinq lieux.</p>" + mill + "<h2><a href=/a>La piscine</a></h2>" + said + "<h2><a href=/b>Le bief</a></h2>" + said,
		"a digest of other sites":           mill + "<div><h2><a href=https://autre.example/a>La piscine</a></h2>" + said + "</div><div><h2><a href=https://autre.example/b>Le bief</a></h2>" + said + "</div>",
		"a list amid it":                    mill + "<div><h3><a href=/a>La piscine</a></h3>" + said + "</div><div><h3><a href=/b>Le bief</a></h3>" + said + "</div>" + mill,
		"an article for its beginning only": "<article><p>Le bief.</p></article><div><h2>La piscine</h2>" + said + mill + "</div>",
	} {
		a := takes(t, "<title>Le moulin tourne de nouveau - Le Quai</title><main>"+title+page+"</main>")
		if !strings.Contains(a.Body, "piscine municipale") || !strings.Contains(a.Body, "est fermée.") {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
}

// A page of titles that lead to articles, each with a paragraph, is none itself, whatever it makes its list of.
func TestPage_listings(t *testing.T) {
	list := func(item string) string { return strings.Repeat(item+prose[:strings.Index(prose, "</p>")+4], 4) }
	for name, page := range map[string]string{
		"blocks":             strings.ReplaceAll(list("<div><h2><a href=/a>Un titre du jour</a></h2>"), "</p>", "</p></div>"),
		"nothing around":     list("<h3><a href=/a>Un titre du jour</a></h3>"),
		"links around":       strings.ReplaceAll(list("<a href=/a><h3>Un titre du jour</h3>"), "</p>", "</p></a>"),
		"a word about it":    "<p>Tout ce que le journal du lac a publié sur les transports, du tramway au bac, en passant par les pistes cyclables et par les horaires de la gare.</p>" + list("<h2><a href=/a>Un titre du jour</a></h2>"),
		"a title at the end": list("<h2><a href=/a>Un titre du jour</a></h2>") + "<h2>La lettre du lac</h2>",
	} {
		for _, title := range []string{"Transports", "Mot-clé tramway"} {
			a, err := extract.Page(address, address, []byte("<title>"+title+" - Le Quai</title><main><h1>"+title+"</h1>"+page+"</main>"), "text/html", paris(), today())
			if err == nil || !strings.Contains(err.Error(), "several articles") {
				t.Errorf("%s: %v, %s", name, err, a.Body)
			}
		}
	}
	for name, page := range map[string]string{
		"two paragraphs each": strings.Repeat("<h2><a href=/a>Un titre du jour</a></h2>"+prose, 3),
		"other sites":         list("<h2><a href=https://autre.example/a>Un titre du jour</a></h2>"),
		"an article above":    mill + list("<div><h2><a href=/a>Un titre du jour</a></h2>"),
		"it says so":          `<meta property="og:type" content="article">` + list("<h2><a href=/a>Un titre du jour</a></h2>"),
	} {
		if a := takes(t, "<title>La revue de presse de lundi - Le Quai</title><main><h1>La revue de presse de lundi</h1>"+page+"</main>"); !strings.Contains(a.Body, "Le laboratoire") {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
}

// Amid a text and below it stand boxes that lead to other articles, and who wrote it; what the text leads to, or lists, stays.
func TestPage_boxes(t *testing.T) {
	const link, other = "<a href=/piscine>La piscine ferme ses portes</a>", "<a href=/marche>Le marché et sa piscine</a>"
	page := func(box, end string) string {
		return takes(t, "<title>Le moulin tourne de nouveau - Le Quai</title><main><article><h1>Le moulin tourne de nouveau</h1><p>Par Ana Roux</p>"+mill+box+prose+end+"</article></main>").Body
	}
	bare := page("", "")
	for name, box := range map[string]string{
		"a list":                    "<div><ul><li>" + link + "</li><li>" + other + "</li></ul></div>",
		"a list in blocks":          "<div><div><div><ul><li>" + link + "</li><li>" + other + "</li></ul></div></div></div>",
		"a title around which is a": "<a href=/piscine><h4>La piscine ferme ses portes</h4><p>Dix-huit mois de travaux.</p></a>",
		"a card":                    "<div><a href=/piscine><img src=p.jpg></a><div><span>Ville</span><h3>" + link + "</h3></div></div>",
		"a choice":                  "<div><p>Le choix du mois</p><h4>" + link + "</h4></div>",
		"a choice without a box":    "<p>Le choix du mois</p><h4>" + link + "</h4><h4>" + other + "</h4>",
		"announced, without a box":  "<p>À lire aussi</p><h4>" + link + "</h4>",
	} {
		if got := page(box, ""); got != bare {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, end := range map[string]string{
		"behind a rule":       "<hr><p>Ana Roux est journaliste au Quai.</p>",
		"in a box":            "<hr><div class=about><img src=a.jpg alt='Ana Roux'><p><b>Ana Roux</b> est journaliste au Quai.</p><p><a href=https://x.com/ana>Suivre sur X</a></p></div>",
		"under her name":      "<div><img src=a.jpg><div><h4>Ana Roux</h4><p>Elle suit le lac depuis 2011.</p></div></div>",
		"beside her picture":  "<div><img src=a.jpg alt='Portrait d’Ana Roux'><p>Ana Roux suit le lac depuis 2011.</p></div>",
		"announced, in a box": "<div><p><b>À propos de l’autrice</b></p><p>Elle suit le lac depuis 2011.</p></div>",
	} {
		if got := page("", end); got != bare {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, box := range map[string]string{
		"a list that a colon introduces":    "<p>Où nager :</p><div><ul><li>" + link + "</li><li>" + other + "</li></ul></div>",
		"a list under a heading":            "<h2>Où nager</h2><div><ul><li>" + link + "</li><li>" + other + "</li></ul></div>",
		"a list of the text":                "<ul><li>" + link + "</li><li>" + other + "</li></ul>",
		"a list of other sites":             "<div><ul><li><a href=https://autre.example/piscine>La piscine</a></li><li><a href=https://autre.example/b>Le bassin</a></li></ul></div>",
		"a heading that leads to a dossier": "<h2><a href=/dossier/piscine>La piscine</a></h2>",
		"who somebody else is":              "<div><p>Zoé Petit est journaliste et nage à la piscine.</p></div>",
	} {
		if got := page(box, ""); !strings.Contains(got, "piscine") || !strings.Contains(got, "est fermée.") {
			t.Errorf("%s: %s", name, got)
		}
	}
	digest := ""
	for _, month := range strings.Fields("janvier février mars avril mai juin juillet août") {
		digest += "<div><h3><a href=/" + month + ">La piscine en " + month + "</a></h3><p>Elle sera fermée en " + month + ", après dix-huit mois de travaux et deux hivers sans leçons.</p></div>"
	}
	if got := page(digest, ""); strings.Count(got, "La piscine en ") != 8 {
		t.Errorf("a digest: %s", got)
	}
}
