package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// another is the text of a story that is none of the page's.
const another = "<p>La piscine municipale fermera ses portes en janvier pour dix-huit mois de travaux, a annoncé le maire devant les clubs, qui cherchent des bassins.</p>" +
	"<p>Les nageurs iront à Plouzané, où les créneaux sont rares, et les écoles se passeront de leçons jusqu’à la rentrée, faute de cars et de surveillants.</p>"

// Of a page that shows other stories whole beside its article, the article alone is taken.
func TestPage_otherStories(t *testing.T) {
	const title, og = "Le moulin tourne de nouveau", `<meta property="og:type" content="article"><meta property="og:title" content="Le moulin tourne de nouveau">`
	byline := "<p class=byline>Par Ana Roux, le 3 mars 2026</p>"
	for name, page := range map[string]string{
		"articles with an h1 each":             "<main><article><h1>" + title + "</h1>" + prose + "</article><article><h1>La piscine ferme ses portes</h1>" + another + "</article></main>",
		"articles with an h2 each":             "<main><article><h2>" + title + "</h2>" + prose + "</article><article><h2>La piscine ferme ses portes</h2>" + another + "</article></main>",
		"an h1, and an h2 below":               "<main><article><h1>" + title + "</h1>" + prose + "</article><article><h2>La piscine ferme ses portes</h2>" + another + "</article></main>",
		"three of them":                        "<main><article><h1>" + title + "</h1>" + prose + "</article>" + strings.Repeat("<article><h1>La piscine ferme ses portes</h1>"+another+"</article>", 3) + "</main>",
		"the article below another":            "<main><article><h1>La piscine ferme ses portes</h1>" + another + "</article><article><h1>" + title + "</h1>" + prose + "</article></main>",
		"posts of a theme":                     "<div id=content><div class='post'><h1 class=entry-title>" + title + "</h1>" + prose + "</div><div class='post'><h1 class=entry-title>La piscine ferme ses portes</h1>" + another + "</div></div>",
		"posts with an h2 each":                "<main><div class=post><h2>" + title + "</h2>" + prose + "</div><div class=post><h2>La piscine ferme ses portes</h2>" + another + "</div></main>",
		"hentry":                               "<main><div id=post-12 class='post-12 hentry'><header><h1>" + title + "</h1></header><div class=entry-content>" + prose + "</div></div><div id=post-13 class='post-13 hentry'><header><h1>La piscine ferme ses portes</h1></header><div class=entry-content>" + another + "</div></div></main>",
		"a block called next":                  "<main><div class=post><h1>" + title + "</h1>" + prose + "</div><div class=next><h2>La piscine ferme ses portes</h2>" + another + "</div></main>",
		"a block called next, beside the text": "<main><h1>" + title + "</h1>" + prose + "<div class='next-article'><h2>La piscine ferme ses portes</h2>" + another + "</div></main>",
		"sections called stories":              "<main><section class=story><h1>" + title + "</h1>" + prose + "</section><section class=story><h1>La piscine ferme ses portes</h1>" + another + "</section></main>",
		"sections that are signed":             "<main><section><h1>" + title + "</h1>" + byline + prose + "</section><section><h2>La piscine ferme ses portes</h2><p>Par Luc Petit, le 4 mars 2026</p>" + another + "</section></main>",
		"sections that are dated":              "<main><section><h1>" + title + "</h1><time>3 mars 2026</time>" + prose + "</section><section><h1>La piscine ferme ses portes</h1><time>4 mars 2026</time>" + another + "</section></main>",
		"an address for a script":              "<main><div><h1>" + title + "</h1>" + prose + "</div><div data-url='/actualites/piscine'><h2>La piscine ferme ses portes</h2>" + another + "</div></main>",
		"a title that leads to its page":       "<main><div><h1>" + title + "</h1>" + prose + "</div><div><h2><a href='/actualites/piscine'>La piscine ferme ses portes</a></h2>" + another + another + "</div></main>",
		"microdata":                            "<main><div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop=headline>" + title + "</h1><div itemprop=articleBody>" + prose + "</div></div><div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop=headline>La piscine ferme ses portes</h1><div itemprop=articleBody>" + another + "</div></div></main>",
		"a line above it":                      "<main><div><h1>" + title + "</h1>" + prose + "</div><p>À lire ensuite</p><div><h2>La piscine ferme ses portes</h2>" + another + "</div></main>",
		"a line in its block":                  "<main><div class=a><h1>" + title + "</h1>" + prose + "</div><div class=b><p>Article suivant</p><h2>La piscine ferme ses portes</h2>" + another + "</div></main>",
		"its title above the articles":         "<main><h1>" + title + "</h1><article>" + prose + "</article><article><h1>La piscine ferme ses portes</h1>" + another + "</article></main>",
		"its title in the header of the page":  "<header><h1>" + title + "</h1></header><main><article>" + prose + "</article><article><h2>La piscine ferme ses portes</h2><p>Par Luc Petit, le 4 mars 2026</p>" + another + "</article></main>",
		"its title as a line":                  "<main><article><div class=title>" + title + "</div>" + prose + "</article><article><h2>La piscine ferme ses portes</h2>" + another + "</article></main>",
		"bars to share each":                   "<main><div><h1>" + title + "</h1><ul class=share><li>Facebook</li></ul>" + prose + "</div><div><h1>La piscine ferme ses portes</h1><ul class=share><li>Facebook</li></ul>" + another + "</div></main>",
		"without a title, signed":              "<main><article><h1>" + title + "</h1>" + prose + "</article><article><p>Par Luc Petit, le 4 mars 2026</p>" + another + "</article></main>",
		"one under another, without blocks":    "<main><h1>" + title + "</h1>" + byline + prose + "<h1>La piscine ferme ses portes</h1><p>Par Luc Petit, le 4 mars 2026</p>" + another + "</main>",
		"within one article":                   "<article><div class=post><h1>" + title + "</h1>" + prose + "</div><div class=post><h1>La piscine ferme ses portes</h1>" + another + "</div></article>",
		"deeper":                               "<div id=app><div class=infinite-scroll><div><div class=page><article><header><h1>" + title + "</h1></header><div>" + prose + "</div></article></div><div class=page><article><header><span>Ville</span><h1>La piscine ferme ses portes</h1></header><div>" + another + "</div></article></div></div></div></div>",
		"a title and a text beside each other": "<main><div class=post><h1>" + title + "</h1>" + prose + "</div><div class=post-title><h1>La piscine ferme ses portes</h1><p>Par Luc Petit</p></div><div class=post-body>" + another + "</div></main>",
		"Drupal":                               "<main><article class='node node--type-article'><h1><span>" + title + "</span></h1><div class=field--name-body>" + prose + "</div></article><article class='node node--type-article'><h2><a href='/actualites/piscine' rel=bookmark><span>La piscine ferme ses portes</span></a></h2><div class=field--name-body>" + another + another + "</div></article></main>",
		"another title for search engines":     "<main><article><h1>Au bord du lac, le vieux moulin tourne</h1>" + prose + "</article><article><h1>La piscine ferme ses portes</h1>" + another + "</article></main>",
		"a bar with the title above":           "<div class=sticky><h2>" + title + "</h2></div><main><article><h1>" + title + "</h1>" + prose + "</article><article><h1>La piscine ferme ses portes</h1>" + another + "</article></main>",
		"blocks that hold a header and a body": "<div id=__nuxt><div class=article-wrapper data-article-id=12><div class=article-header><p>Société</p><h1>" + title + "</h1></div><div class=article-body>" + prose + "</div></div><div class=article-wrapper data-article-id=13><div class=article-header><p>Ville</p><h2>La piscine ferme ses portes</h2><div class=byline>Par Luc Petit</div></div><div class=article-body>" + another + "</div></div></div>",
		"blocks called wrappers":               "<div><div class=article-wrapper><h1>" + title + "</h1>" + prose + "</div><hr><div class=article-wrapper><h1>La piscine ferme ses portes</h1>" + another + "</div></div>",
		"titles between texts":                 "<main><section class=hero><h1>" + title + "</h1></section><div class=content>" + prose + "</div><section class=hero><h1>La piscine ferme ses portes</h1></section><div class=content>" + another + "</div></main>",
		"SPIP":                                 "<div id=contenu><div class=cartouche><h1>" + title + "</h1><p class=info-publi>3 mars 2026, par Ana Roux</p></div><div class=texte>" + prose + "</div></div><div id=autres><div class=cartouche><h2>La piscine ferme ses portes</h2><p class=info-publi>4 mars 2026, par Luc Petit</p></div><div class=texte>" + another + "</div></div>",
		"a list of articles":                   "<ul><li><article><h1>" + title + "</h1>" + prose + "</article></li><li><article><h1>La piscine ferme ses portes</h1>" + another + "</article></li></ul>",
		"a page that never ends":               "<div class=infinite-scroll><div class=infinite-item><h1>" + title + "</h1>" + prose + "</div><div class=infinite-item><h1>La piscine ferme ses portes</h1>" + another + "</div></div>",
		"a title of the third rank":            "<div class=post><h3 class=post-title>" + title + "</h3><div class=post-body>" + prose + "</div></div><div class=post><h3 class=post-title>La piscine ferme ses portes</h3><div class=post-body>" + another + "</div></div>",
		"more stories than text, related":      "<article><h1>" + title + "</h1>" + prose + "<div class=related><h3><a href=/b>Un autre</a></h3>" + another + another + "<h3><a href=/c>Encore</a></h3>" + another + "</div></article>",
		"a slider above it":                    "<div class=slider><h2>La piscine ferme ses portes</h2>" + another + "</div><div class=main><h2>" + title + "</h2>" + prose + "</div>",
		"who the site is, below":               "<main><section><h1>" + title + "</h1>" + prose + "</section><section class=agence><h1>Notre agence</h1><p>La piscine du siège et ses nageurs sont célèbres dans le canton, où la maison compte cent vingt personnes et une chorale.</p></section></main>",
		"another language":                     "<main><div lang=fr><h1>" + title + "</h1>" + prose + "</div><div lang=en><h1>The mill turns again</h1>" + another + "</div></main>",
		"another paywall":                      "<main><article><h1>" + title + "</h1>" + prose + "</article><article><h1>La piscine ferme ses portes</h1>" + another + "<p>La suite est réservée aux abonnés.</p></article></main>",
	} {
		for kind, head := range map[string]string{"title": "<title>" + title + " - Le Quai</title>", "OpenGraph": og + "<title>Le Quai</title>"} {
			a, err := extract.Page(address, address, []byte("<html><head>"+head+"</head><body>"+page+"</body></html>"), "text/html", paris(), today())
			if err != nil || strings.Contains(a.Body, "piscine") || strings.Contains(a.Body, "nageurs") || !strings.HasPrefix(a.Body, "Le laboratoire") || !strings.HasSuffix(a.Body, "l’ont essayé.") || strings.Contains(a.Author, "Luc") {
				t.Errorf("%s, %s: %v, by %q: %s", name, kind, err, a.Author, a.Body)
			}
		}
	}
}

// Headings of one article begin no other, whatever blocks they stand in.
func TestPage_chapters(t *testing.T) {
	const title = "Le moulin tourne de nouveau"
	for name, page := range map[string]string{
		"h2 in sections":                          "<article><h1>" + title + "</h1><section><h2>Le bief</h2>" + prose + "</section><section><h2>La roue</h2>" + another + "</section></article>",
		"h2 in sections, without an article":      "<main><h1>" + title + "</h1><section><h2>Le bief</h2>" + prose + "</section><section><h2>La roue</h2>" + another + "</section></main>",
		"h2 in sections beside the title":         "<main><section><h1>" + title + "</h1>" + prose + "</section><section><h2>La roue</h2>" + another + "</section></main>",
		"h1 above the article":                    "<main><h1>" + title + "</h1><article>" + prose + "<h2>La roue</h2>" + another + "</article></main>",
		"h1 in the header of the page":            "<header><h1>" + title + "</h1></header><main><article><h2>Le bief</h2>" + prose + "<h2>La roue</h2>" + another + "</article></main>",
		"several h1":                              "<article><h1>" + title + "</h1>" + prose + "<h1>La roue</h1>" + another + "</article>",
		"several h1 without an article":           "<main><h1>" + title + "</h1>" + prose + "<h1>La roue</h1>" + another + "</main>",
		"several h1 in a text":                    "<main><h1>" + title + "</h1><div class=texte>" + prose + "<h1>La roue</h1>" + another + "</div></main>",
		"several h1 from the start of a text":     "<main><h1>" + title + "</h1><div class=texte><h1>Le bief</h1>" + prose + "<h1>La roue</h1>" + another + "</div></main>",
		"several h1 in sections":                  "<article><section><h1>" + title + "</h1>" + prose + "</section><section><h1>La roue</h1>" + another + "</section></article>",
		"several h1 in sections of Elementor":     "<main><div class=elementor><section class='elementor-section'><div><h1>" + title + "</h1></div><div>" + prose + "</div></section><section class='elementor-section'><div><h1>La roue</h1></div><div>" + another + "</div></section></div></main>",
		"several h1 below a signed title":         "<main><div><h1>" + title + "</h1><p>Par Ana Roux, le 3 mars 2026</p>" + prose + "</div><div><h1>La roue</h1>" + another + "</div></main>",
		"groups of WordPress":                     "<article><h1 class=entry-title>" + title + "</h1><div class=entry-content><div class=wp-block-group><h1>Le bief</h1>" + prose + "</div><div class=wp-block-group><h1>La roue</h1>" + another + "</div></div></article>",
		"the title twice":                         "<main><h1>" + title + "</h1><article><h2>" + title + "</h2>" + prose + "<h2>La roue</h2>" + another + "</article></main>",
		"the title twice, in sections":            "<main><header><h1>" + title + "</h1></header><section><h2>" + title + "</h2>" + prose + "</section><section><h2>La roue</h2>" + another + "</section></main>",
		"a lead in the header":                    "<main><header><h1>" + title + "</h1><p>Après trois essais et deux hivers de travaux, le moulin du lac a repris son service mardi, devant une foule venue de toutes les rives du canton.</p></header><div><h1>Le bief</h1>" + prose + "<h1>La roue</h1>" + another + "</div></main>",
		"articles for chapters below the title":   "<main><h1>" + title + "</h1><article><h2>Le bief</h2>" + prose + "</article><article><h2>La roue</h2>" + another + "</article></main>",
		"articles without a heading":              "<main><h1>" + title + "</h1><article>" + prose + "</article><article>" + another + "</article></main>",
		"a title that is not shown":               "<main><section><h2>Le bief</h2>" + prose + "</section><section><h2>La roue</h2>" + another + "</section></main>",
		"experts who answer, each signed":         "<article><h1>" + title + "</h1><section><h2>Le bief</h2><p>Par Ana Roux</p>" + prose + "</section><section><h2>La roue</h2><p>Par Luc Petit</p>" + another + "</section></article>",
		"an article in the article":               "<article><h1>" + title + "</h1>" + prose + "<article><h2>La roue</h2>" + another + "</article></article>",
		"chapters of SPIP":                        "<div class=cartouche><h1 class=crayon>" + title + "</h1></div><div class='texte surlignable'>" + prose + "<h2 class=spip>La roue</h2>" + another + "</div>",
		"Ghost":                                   "<main><article class='article post'><header><h1 class=article-title>" + title + "</h1></header><section class='gh-content'>" + prose + "<h1 id=la-roue>La roue</h1>" + another + "</section></article></main>",
		"paragraphs of Drupal":                    "<main><article class=node><h1>" + title + "</h1><div class=field__item><div class=paragraph><h2>Le bief</h2>" + prose + "</div></div><div class=field__item><div class=paragraph><h2>La roue</h2>" + another + "</div></div></article></main>",
		"a lead in a hero":                        "<main><section class=hero><h1>" + title + "</h1><p>" + said + "</p></section><article><h2>Le bief</h2><p>Par Ana Roux</p>" + prose + another + "</article></main>",
		"a lead in a hero, above h1":              "<main><section class=hero><h1>" + title + "</h1><p>" + said + "</p></section><div class=content><h1>Le bief</h1>" + prose + another + "</div></main>",
		"a lead in a hero, above a post":          "<main><section class=hero><h1>" + title + "</h1><p>" + said + "</p></section><div class=post><h2>Le bief</h2>" + prose + another + "</div></main>",
		"a block of what comes next":              "<main><div class=content><h1>" + title + "</h1>" + prose + "</div><div class=next-steps><h2>La suite des travaux</h2>" + another + "</div></main>",
		"headings to which its contents lead":     "<main><ul><li><a href='#roue'>La roue</a></li></ul><div class=p><h1>" + title + "</h1>" + prose + "</div><div class=p><h1 id=roue>La roue</h1>" + another + "</div></main>",
		"a day as heading, dated":                 "<main><div class=intro><h1>" + title + "</h1>" + prose + "</div><div class=jour><h2>Lundi</h2><p>3 mars 2026</p>" + another + "</div></main>",
		"a heading that leads to a dossier":       "<main><article><h1>" + title + "</h1>" + prose + "<section><h2><a href=/dossier/roue>La roue</a></h2>" + another + "</section></article></main>",
		"titles of the second rank":               "<main><div class=intro><h2>" + title + "</h2>" + prose + "</div><div class=suite><h3>La roue</h3>" + another + "</div></main>",
		"articles for chapters, one byline":       "<main><h1>" + title + "</h1><article class=a><p>Par Ana Roux</p><h2>Le bief</h2>" + prose + "</article><article class=a><h2>La roue</h2>" + another + "</article></main>",
		"a digest, of which each part leads on":   "<div class=entry><h2>" + title + "</h2>" + prose + "<h2><a href=/actualites/b>La roue</a></h2>" + another + "</div>",
		"a diary of days":                         "<main><h1>" + title + "</h1>" + prose + "<h1>Lundi</h1><p>3 mars 2026</p>" + another + "</main>",
		"a picture for a script":                  "<main><div><h1>" + title + "</h1>" + prose + "</div><div data-bg-url='/img/roue.jpg'><h2>La roue</h2>" + another + "</div></main>",
		"a live report, of which each part dated": linkedData(`{"@type":"LiveBlogPosting","headline":"Le moulin tourne de nouveau"}`) + "<article><h1>" + title + "</h1><article><h2>Le bief</h2><p>Par Ana Roux, à 10h25</p>" + prose + "</article><article><h2>La roue</h2><p>Par Luc Petit, à 10h05</p>" + another + "</article></article>",
	} {
		for kind, head := range map[string]string{"title": "<title>" + title + " - Le Quai</title>", "OpenGraph": `<meta property="og:type" content="article"><meta property="og:title" content="` + title + `">`} {
			a, err := extract.Page(address, address, []byte("<html><head>"+head+"</head><body>"+page+"</body></html>"), "text/html", paris(), today())
			if err != nil || !strings.Contains(a.Body, "Le laboratoire a présenté") || !strings.Contains(a.Body, "l’ont essayé.") || !strings.Contains(a.Body, "La piscine municipale") || !strings.Contains(a.Body, "surveillants.") || !strings.HasPrefix(a.Title, title) {
				t.Errorf("%s, %s: %v, %q: %s", name, kind, err, a.Title, a.Body)
			}
		}
	}
}

// Where nothing tells which of several stories is that of the page, none is taken.
func TestPage_storiesAlike(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"articles under no title of the page": {"<article><h2>Le moulin tourne de nouveau</h2>" + prose + "</article><article><h2>La piscine ferme ses portes</h2>" + another + "</article>", "several articles"},
		"posts under no title of the page":    {"<div class=post><h2>Le moulin tourne de nouveau</h2>" + prose + "</div><div class=post><h2>La piscine ferme ses portes</h2>" + another + "</div>", "several articles"},
		"an article, it says":                 {`<meta property="og:type" content="article"><article><h2>Le moulin tourne de nouveau</h2>` + prose + "</article><article><h2>La piscine ferme ses portes</h2>" + another + "</article><article><h2>Le phare rouvre</h2>" + prose + "</article>", "several articles"},
		"a part of the site, links":           {"<title>Actualités - Le Quai</title><h1>Actualités</h1><article><h2><a href=/a>Le moulin tourne de nouveau</a></h2>" + prose + "</article><article><h2><a href=/b>La piscine ferme ses portes</a></h2>" + another + "</article>", "several articles"},
		"a part of the site, signed":          {"<title>Actualités - Le Quai</title><h1>Actualités</h1><article><h2>Le moulin tourne de nouveau</h2><p>Par Ana Roux</p>" + prose + "</article><article><h2>La piscine ferme ses portes</h2><p>Par Luc Petit</p>" + another + "</article>", "several articles"},
		"a part of the site, dated":           {"<title>Actualités - Le Quai</title><h1>Actualités</h1><div class=post><h2>Le moulin tourne de nouveau</h2><time>3 mars 2026</time>" + prose + "</div><div class=post><h2>La piscine ferme ses portes</h2><time>4 mars 2026</time>" + another + "</div>", "several articles"},
		"two titles without a sign":           {"<title>Le moulin tourne de nouveau</title><div><h1>Le moulin tourne de nouveau</h1>" + prose + "</div><div><h1>La piscine ferme ses portes</h1>" + another + "</div>", "titles of one rank"},
	} {
		a, err := extract.Page(address, address, []byte("<title>Le Quai, journal du lac</title><main>"+c.page+"</main>"), "text/html", paris(), today())
		if strings.Contains(c.page, "<title>") {
			a, err = extract.Page(address, address, []byte("<main>"+c.page+"</main>"), "text/html", paris(), today())
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %s", name, err, a.Body)
		}
	}
}
