package extract_test

import (
	"strings"
	"testing"
)

// How one cites a text is none of it, where archives tell; a text about citing goes on.
func TestPage_citation(t *testing.T) {
	const head = `<title>T</title><meta name=citation_author content="Ana Roux"><main><h1>T</h1>`
	for _, html := range []string{
		"<div><h4>Résumé</h4>" + prose + "</div><h4>Citer</h4><p>Ana Roux, Paul Le Bris. Les images et les sons. Journées du calcul, nov. 2026, Lyon, France.</p>",
		"<div><h4>Abstract</h4>" + prose + "</div><h3>How to cite</h3><p>Roux, A. (2026). Images and sounds. Journal of Machines, 12(3), pp. 4-9.</p>",
		"<div><h2>Résumé</h2>" + prose + "</div><div><h2>Pour citer ce document</h2></div><div><p>Les images et les sons, https://doi.org/10.1234/abc</p></div>",
	} {
		a := takes(t, head+html+"</main>")
		if strings.Contains(strings.ToLower(a.Body), "cite") || strings.Contains(a.Body, "Lyon") || strings.Contains(a.Body, "doi.org") || !strings.Contains(a.Body, "Le laboratoire a présenté mardi") {
			t.Errorf("%s: %q", html, a.Body)
		}
	}
	for _, html := range []string{
		prose + "<h2>Citer</h2><p>Citer est un art. Les chercheurs le pratiquent depuis longtemps, et chacun à sa manière.</p><h2>Lire</h2>" + partOne,
		prose + "<h2>Citation</h2><pre><code>@misc{roux2026, title={T}, url={https://doi.org/10.1234/abc}}</code></pre><h2>Lire</h2>" + partOne,
		prose + "<h2>How to cite</h2>" + partOne + "<p>See https://doi.org/10.1234/abc for more.</p><h2>Lire</h2>" + partTwo,
	} {
		if a := takes(t, head+html+"</main>"); !strings.Contains(a.Body, "it") || strings.Count(a.Body, "## ") != 2 {
			t.Errorf("%s: %q", html, a.Body)
		}
	}
}

// For whom its authors work is told by a site, wherever it does; what an article says of its own is its text.
func TestPage_interests(t *testing.T) {
	const told = "<h3>Déclaration d’intérêts</h3><p>Ana Roux ne travaille pas, ne conseille pas, ne possède pas de parts, ne reçoit pas de fonds d’une organisation qui pourrait tirer profit de cet article, et n’a déclaré aucune autre affiliation que son organisme de recherche.</p>"
	const block = "<h2>Auteur</h2><ol><li class=vcard><span class=fn>Ana Roux</span><p>Directrice de recherche, université de Lyon</p></li></ol>" + told + "<h3>Partenaires</h3><p>L’université de Lyon apporte un financement en tant que membre adhérent de la revue.</p>"
	for _, html := range []string{
		"<section>" + block + "</section><div>" + prose + "</div>", "<div>" + prose + "</div><section>" + block + "</section>", "<div><div>" + block + "</div><div>" + prose + "</div></div>", "<div>" + prose + told + "</div>",
		"<div>" + prose + "</div><section><h2>Author</h2><p>Ana Roux</p><h3>Disclosure statement</h3><p>Ana Roux does not work for, consult, own shares in or receive funding from any company that would benefit from this article.</p></section>",
	} {
		a := takes(t, "<title>T</title><article><h1>T</h1>"+html+"</article>")
		for _, gone := range []string{"Directrice", "intérêts", "travaille pas", "Partenaires", "Disclosure", "consult", "financement"} {
			if strings.Contains(a.Body, gone) || !strings.Contains(a.Body, "deux personnes qui l’ont essayé") {
				t.Errorf("%s: %q", html, a.Body)
			}
		}
	}
	const own = "<h2>Déclaration d’intérêts</h2><p>Les élus devront dire en janvier ce qu’ils possèdent, pour qui ils travaillent et ce qu’ils reçoivent.</p>"
	if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+own+"<h2>Suite</h2>"+partOne+"</article>"); !strings.Contains(a.Body, "## Déclaration d’intérêts\n\nLes élus devront") {
		t.Errorf("%q", a.Body)
	}
}
