package extract_test

import (
	"strings"
	"testing"
)

// A heading over a text is one, whatever it is called, and what it stands in: one may click it.
func TestPage_headings(t *testing.T) {
	for _, heading := range []string{
		"<h2 class=section-header>Le moulin</h2>", "<h3 class=header>Le moulin</h3>", "<h2 class=subheader>Le moulin</h2>", "<h2 class='banner'>Le moulin</h2>", "<h4 class=promo>Le moulin</h4>", "<h2 class=toc-heading>Le moulin</h2>",
		"<h2 class=tags>Le moulin</h2>", "<h3 class=share>Le moulin</h3>", "<h5 class=header-anchor-post>Le moulin<div class=header-anchor-parent><button aria-label=Lien></button></div></h5>", "<h2 id=les-commentaires-du-meunier>Le moulin</h2>",
		"<h2 id=header-2 class=widget-title>Le moulin</h2>", "<div class=title-row><h2 class=section-header>Le moulin</h2></div>",
		"<h3><button>Le moulin</button></h3>", "<h2 class=accordion-header><button class='accordion-button collapsed' data-bs-toggle=collapse data-bs-target='#x'><span>Le moulin</span></button></h2>",
		"<h3 class=elementor-tab-title role=button aria-expanded=true>Le moulin</h3>", "<div class=elementor-tab-title role=button><a class=elementor-toggle-title>Le moulin</a></div>", "<button class=accordion>Le moulin</button>",
	} {
		for _, under := range []string{"<p>" + said + "</p>", "<div id=x class=panel><p>" + said + "</p></div>", "<ul><li>" + said + "</li><li>Et du blé.</li></ul>"} {
			a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+heading+under+another+"</article>")
			if at := strings.Index(a.Body, "Le moulin\n\n"); at < 0 || at > strings.Index(a.Body, "Le prix du grain") {
				t.Errorf("%s, %s: %s", heading, under, a.Body)
			}
		}
	}
	for _, box := range []string{
		"<h3 class=newsletter-title>La lettre du Quai</h3><p>Recevez chaque matin notre lettre dans votre boîte mail, avec le meilleur de l’actualité.</p>", "<h3 class=share-title>Partagez</h3>", "<h3><button>Partager</button></h3>",
		"<h2 class=comments-title>La lettre</h2><ol class=commentlist><li>Bravo pour cet article, il est très complet.</li></ol>", "<h3 class=related-title>Le moulin</h3><ul><li><a href=/b>La piscine</a></li><li><a href=/c>Le port</a></li></ul>",
	} {
		a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+box+another+"</article>")
		if strings.Contains(a.Body, "La lettre") || strings.Contains(a.Body, "Partage") || strings.Contains(a.Body, "Le moulin") {
			t.Errorf("%s: %s", box, a.Body)
		}
	}
}
