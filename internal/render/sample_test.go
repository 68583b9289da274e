package render_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/templates"
)

func frame(t testing.TB) render.Frame {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return render.Frame{
		WebURL: "https://lettre.pandia.example",
		Newsletter: newsletter.Newsletter{
			Name: "hebdo", Title: "La lettre de PandIA", Language: "fr", Zone: zone,
			Sender: newsletter.Sender{
				Site: "PandIA", SiteURL: "https://pandia.example/", Publisher: "Éditions PandIA",
				Postal: "12, rue des Tanneurs\n75013 Paris", Contact: "redaction@pandia.example",
				LegalURL: "https://pandia.example/mentions-legales", PrivacyURL: "https://pandia.example/confidentialite",
			},
		},
	}
}

func content() newsletter.Content {
	return newsletter.Content{
		Number: 42, Date: time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC),
		Subject: "Calcul\u00a0: Google et Anthropic négocient", Preheader: "Et aussi\u00a0: deux prompts prêts à l’emploi.",
		Lead: &newsletter.Story{
			URL: "https://pandia.example/a", Section: "Actualités", Words: 480,
			Title: "« Calcul » : Google et Anthropic négocient !", Summary: "Un partenariat de grande ampleur.",
			Picture: &newsletter.Picture{Name: "00112233445566778899aabbccddeeff.jpg", Width: 1200, Height: 801, Alt: "Deux serveurs : l'un \"éteint\", l'autre non"},
		},
		Chapters: []newsletter.Chapter{
			{Title: "Actualités", Stories: []newsletter.Story{
				{URL: "https://pandia.example/b?x=1&y=é", Title: "Poids ouverts : l'essentiel", Summary: strings.Repeat("Un résumé assez long. ", 20), Words: 10},
				{URL: "https://www.example.org/w_(x)", Language: "en-GB", Title: "What now? A reader's guide: weights", Summary: "Why not?"},
			}},
			{Title: "Liste IA", Stories: []newsletter.Story{
				{URL: "https://pandia.example/" + strings.Repeat("long-", 40), Language: "fr-CA", Title: "Transcrire : les outils"},
			}},
		},
	}
}

// everything is content with all that an edition can have.
func everything() newsletter.Content {
	c := content()
	c.Word = &newsletter.Word{Text: "Un mot, **fort**, de *nous* :\n\nlisez [l'enquête](https://pandia.example/enquete).", By: "Camille"}
	c.Chapters = append(c.Chapters, newsletter.Chapter{Title: "En bref", Brief: true, Stories: []newsletter.Story{
		{URL: "https://pandia.example/c", Title: "Un modèle de plus", Summary: "Il tient sur un téléphone.", Words: 300},
		{URL: "https://www.example.org/d", Language: "en", Title: "A shorter one", Summary: "It fits: really?"},
		{URL: "https://pandia.example/e", Title: "Sans résumé"},
		{URL: "https://pandia.example/f", Title: "Sur la page seulement"},
	}})
	c.Beyond = 1
	return c
}

func renderer(t testing.TB) *render.Renderer {
	t.Helper()
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(files, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func edition(t testing.TB, f render.Frame, c newsletter.Content) render.Parts {
	t.Helper()
	parts, err := renderer(t).Edition(f, c)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// elements lists the elements of a page in the order in which they stand there.
func elements(t testing.TB, page string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
