package extract_test

import (
	"strings"
	"testing"
)

// A heading is taken with the text under it, whatever links stand in its block. Those to itself and to where one edits go.
func TestPage_headingBars(t *testing.T) {
	for _, bar := range []string{
		"<div class=tool-head><h2>Le moulin</h2><a href=https://moulin.example>Site officiel</a></div>", "<div><h2>Le moulin</h2><p><a href=https://moulin.example>Voir le moulin</a></p></div>",
		"<div><span><a href=https://moulin.example>Site</a></span><h3>Le moulin</h3></div>", "<section><h3>Le moulin</h3><a href=https://git.example/m>GitHub</a> <a href=https://moulin.example>Site</a></section>",
		"<div class=row><div class=col><h3>Le moulin</h3></div><div class=col><a href=https://moulin.example>Essayer</a></div></div>", "<div class=card-header><h2>Le moulin</h2><span>Gratuit</span><a class=btn href=/tests/moulin>Le test complet</a></div>",
		"<div><h2 id=m>Le moulin</h2><a href=#m>#</a></div>", "<div><a class=anchor href=#m>¶</a><h2 id=m>Le moulin</h2></div>", "<div class=sl-heading-wrapper><h2 id=m>Le moulin</h2><a href=#m><span aria-hidden=true>§</span><span class=sr-only>Section titled “Le moulin”</span></a></div>",
		"<div class='mw-heading mw-heading2'><h2 id=m>Le moulin</h2><span class=mw-editsection>[<a href=/w?edit>modifier</a> | <a href=/w?code>modifier le code</a>]</span></div>", "<div><h2>Le moulin</h2><a href=/edit>Edit</a></div>",
		"<h2><span class=mw-headline>Le moulin</span><span class=mw-editsection>[<a href=/w>modifier</a>]</span></h2>",
	} {
		a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+bar+"<p>"+said+"</p>"+another+"</article>")
		at, text := strings.Index(a.Body, "# Le moulin\n\n"), strings.Index(a.Body, "Le prix du grain")
		if at < 0 || at > text {
			t.Errorf("%s: %s", bar, a.Body)
		}
		for _, gone := range []string{"odifier", "Edit", "#m", "Section titled", "¶"} {
			if strings.Contains(a.Body, gone) {
				t.Errorf("%s: it says %q: %s", bar, gone, a.Body)
			}
		}
	}
}

// A heading of the text is no offer for how it begins.
func TestPage_headingsLikeOffers(t *testing.T) {
	for _, heading := range []string{"Chez Mistral", "Rez-de-chaussée", "US chips"} {
		a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+"<div><h2>"+heading+"</h2><a href=https://moulin.example>Site</a></div><p>"+said+"</p>"+another+"</article>")
		if !strings.Contains(a.Body, "## "+heading) {
			t.Errorf("%s: %s", heading, a.Body)
		}
	}
}

// A box amid a text that leads elsewhere or sells something stays out, with its heading.
func TestPage_boxesWithHeadings(t *testing.T) {
	for _, box := range []string{
		"<div><h3>Essayez notre application</h3><a href=/app>C’est par ici</a></div>", "<div><h3>Votre avis</h3><a href=https://avis.example>Donner son avis</a></div>",
		"<div><h3>Notre guide des moulins</h3><a href=/guide>Ouvrir le guide</a></div>", "<div><h3>Get the app</h3><a href=https://app.example>App Store</a></div>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+box+another+"</article>"); strings.Contains(a.Body, "#") {
			t.Errorf("%s: %s", box, a.Body)
		}
	}
}

// A heading of an editor's word is one that says nothing else: a text under “Modifier” stays under it.
func TestPage_headingThatIsALinkToEdit(t *testing.T) {
	a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+"<h2><a href=#modifier>Modifier</a></h2><p>"+said+"</p>"+another+"</article>")
	if !strings.Contains(a.Body, "Modifier") {
		t.Error(a.Body)
	}
}
