package extract_test

import (
	"strings"
	"testing"
)

// The title of an article, where no program is told it: what is marked as such, else the line that readers take for it. It is none of the text.
func TestPage_titlesShown(t *testing.T) {
	const want = "Le moulin tourne de nouveau"
	for name, page := range map[string]string{
		"a heading with a class, below the name of the site": "<title>Le Journal du lac</title><h1><a href=/>Le Journal du lac</a></h1><h2 class='entry-title'>" + want + "</h2>",
		"a heading in an h-entry":                            "<title>Un blog</title><div class=h-entry><h2 class=p-name>" + want + "</h2></div>",
		"a heading in microdata":                             "<title>Un blog</title><div itemscope itemtype='https://schema.org/Article'><h3 itemprop=headline>" + want + "</h3></div>",
		"the site before a colon, which its heading names":   "<title>Le Journal du lac: " + want + "</title><h1><a href=/>Le Journal du lac</a></h1><h3 class='post-title'>" + want + "</h3>",
		"the site behind a dash, which its heading names":    "<title>" + want + " - Le Journal du lac</title><h1><a href=/>Le Journal du lac</a></h1>",
		"bold, above who wrote":                              "<title>Le Journal du lac</title><p><b>" + want + "</b></p><p><i>Par Ana Roux</i></p>",
		"bold, above a date":                                 "<title>Le Journal du lac</title><p><strong>" + want + "</strong></p><p>3 mars 2026</p>",
		"bold, in a title with the name of the site":         "<title>Le Journal du lac - " + want + "</title><p><b>" + want + "</b></p>",
		"bold, below the name of the site":                   "<title>Le Journal du lac - " + want + "</title><div><font size=6>Le Journal du lac</font></div><div><b>" + want + "</b><br><i>Par Ana Roux</i></div>",
		"a large font":                                       "<title>Page 12</title><center><font size='+2'>" + want + "</font></center>",
		"a large font in one cell with all":                  "<title>Le Journal du lac</title><table><tr><td><a href=/>Accueil</a><br><a href=/l>Liens</a></td><td><font size=5>" + want + "</font><br>par Ana Roux<br><br>",
		"a heading below a banner":                           "<title>Le Lac</title><h1>Le Lac</h1><h3>Le journal du lac et de ses rives</h3><h2>" + want + "</h2><p>Par Ana Roux</p>",
		"a class":                                            "<title>Le Journal du lac</title><div class=titre>" + want + "</div><div class=date>Le 3 mars 2026</div>",
		"the site in a header, behind the title":             "<title>" + want + " - Amicale laïque</title><header><h1>Amicale laïque</h1></header><h2>" + want + "</h2>",
		"the site before the title":                          "<title>Le Quai des rives » " + want + "</title><h1>Le Quai des rives</h1><h3>Bienvenue au bord du lac</h3><h2>" + want + "</h2>",
		"a part of the site between the title and its name":  "<title>" + want + " | Sciences | Le Lac et ses rives</title><h1>Le Lac et ses rives</h1><nav><h2>Menu</h2></nav><h2>" + want + "</h2>",
		"the site alone, which its heading names":            "<title>Amicale laïque</title><header><h1><a href=/>Amicale laïque</a></h1></header><h2>" + want + "</h2>",
		"the site and its motto, which its heading names":    "<title>Amicale laïque – Un quartier, une école</title><h1><a href=/>Amicale laïque</a></h1><h2>" + want + "</h2>",
		"a heading of the second rank, above who wrote":      "<title>Le Journal du lac</title><h2>" + want + "</h2><p>Par Ana Roux</p>",
	} {
		a := takes(t, "<html><body>"+page+prose)
		if a.Title != want {
			t.Errorf("%s: %q", name, a.Title)
		}
		if !strings.HasPrefix(a.Body, "Le laboratoire a présenté mardi") {
			t.Errorf("%s: its text is %q", name, a.Body)
		}
	}
	for name, page := range map[string]string{
		"a bold sentence of the text":      "<title>Un titre à retenir</title><p><b>Le moulin tourne de nouveau.</b></p>",
		"a bold line of the text":          "<title>Un titre à retenir</title><p><b>Un moulin qui tourne</b></p>",
		"a bold line under a heading":      "<title>Le Journal</title><h1>Un titre à retenir</h1><p><b>Un moulin qui tourne</b></p><p>Par Ana Roux</p>",
		"a bold line that leads away":      "<title>Un titre à retenir</title><p><b><a href=/b>Un moulin qui tourne</a></b></p><p>Par Ana Roux</p>",
		"the site below its heading":       "<title>Un titre à retenir - Le Quai</title><h1>Un titre à retenir</h1><h2>Le Quai</h2>",
		"a part of the site below it":      "<title>Un titre à retenir - Sciences et avenir</title><h1>Un titre à retenir</h1><h2>Sciences et avenir</h2>",
		"a bold word":                      "<title>Un titre à retenir</title><p><b>Exclusif</b></p><p>Par Ana Roux</p>",
		"a heading with a class in a card": "<title>Un titre à retenir</title><ul><li><h3 class='entry-title'>Un moulin qui tourne</h3></li></ul>",
	} {
		if a := takes(t, "<html><body>"+page+prose); a.Title != "Un titre à retenir" {
			t.Errorf("%s: %q", name, a.Title)
		}
	}
}

// What stands above a title is none of the text; what stands below it is, also where the title comes twice.
func TestPage_aboveTheTitle(t *testing.T) {
	for html, want := range map[string]string{
		"<p>Sciences</p><p><a href=/>Accueil</a> &gt; <a href=/s>Sciences</a> &gt; T U V</p><h1>T U V</h1><p>Il écoute.</p>": "Il écoute.",
		"<h1>T U V</h1><p>Il écoute.</p><h2>T U V</h2>":                                                                      "Il écoute.",
		"<h1>T U V</h1><p><a href=/r>Le rapport</a> dit tout.</p>":                                                           "[Le rapport](<https://site.example/r>) dit tout.",
		"<h1>T U V</h1><p><img src=/p.jpg><br>Photo : Ana Roux</p>":                                                          "",
	} {
		a := takes(t, "<title>T U V</title><body><main>"+html+prose+"</main>")
		if said, _, _ := strings.Cut(a.Body, "Le laboratoire"); strings.TrimSpace(said) != want {
			t.Errorf("%s is %q", html, said)
		}
		if strings.Contains(html, "img") && a.Picture != "https://site.example/p.jpg" {
			t.Errorf("%s shows %q", html, a.Picture)
		}
	}
}

// Below a heading of the text a date is what the text says, and no hour of a live report goes.
func TestPage_datesInTheText(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	for html, want := range map[string]string{
		first + "</p><h2>Le bal</h2><p>3 mars 2026</p>" + second: "## Le bal\n\n3 mars 2026",
		first + "</p><h2>10h25</h2><p>Il parle.</p>" + second:    "## 10h25\n\nIl parle.",
		"<h2>10h25</h2>" + first + "</p><h2>10h05</h2>" + second: "## 10h05",
	} {
		a := takes(t, "<title>T</title><article><h1>T</h1>"+html+"</article>")
		_, said, _ := strings.Cut(a.Body, "à voix haute.")
		if said, _, _ = strings.Cut(said, "Il sera ouvert"); strings.TrimSpace(said) != want || !a.Published.IsZero() {
			t.Errorf("%s is %q, of %s", html, said, a.Published)
		}
	}
}
