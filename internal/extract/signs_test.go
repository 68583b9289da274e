package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// An icon says by its name that an article is sold, or an empty element under a short text waits for the wall.
func TestPage_signsWithoutText(t *testing.T) {
	for _, page := range []string{
		"<h1>T</h1><span class=icon title='Réservé aux abonnés'></span>" + prose, "<h1><svg aria-label='Article réservé aux abonné·es'></svg>T</h1>" + prose, prose + "<img src=/cadenas.png alt='Article réservé aux abonnés'>", "<div class=meta><i data-tooltip='Article premium'></i></div>" + prose, prose + "<div><i title='Subscribers only'></i></div>",
		prose + "<div data-piano-container=paywall></div>", prose + "<div class='text fade-out'></div><div id=paywall></div>", prose + "<section data-zone=Paywall></section>",
	} {
		if a, err := extract.Page(address, address, []byte("<title>T</title><article>"+page+"</article>"), "text/html", nil, today()); err == nil || !strings.Contains(err.Error(), "for subscribers or members: ") {
			t.Errorf("%s: %v\n%s", brief(page), err, a.Body)
		}
	}
	for _, page := range []string{
		"<article>" + prose + "</article><a href=/b title='Réservé aux abonnés'>La piscine ferme ses portes</a>", "<article>" + prose + "</article><div><i title='Article abonné'></i><a href=/b>La piscine ferme ses portes</a></div>", "<article>" + prose + "<ul><li><i title='Article abonné'></i> <a href=/b>La piscine</a></li></ul></article>",
		"<article>" + prose + "<button title='Réservé aux abonnés'><svg></svg></button></article>", "<article><p>Par Ana Roux <button aria-label='Contenu réservé aux abonnés'></button></p>" + prose + "</article>", "<article><p>Écouter l’article <i title='Réservé aux abonnés'></i></p>" + prose + "</article>", "<nav><i title='Réservé aux abonnés'></i></nav><article>" + prose + "</article>",
		"<article>" + prose + "<figure><img src=/a.png alt='Une page d’un journal, avec la mention « Réservé aux abonnés »'></figure></article>", "<article>" + prose + "</article><aside><h3><i title='Article abonné'></i>La piscine</h3></aside>",
		"<article>" + prose + "<div id=paywall></div></article>", "<article>" + strings.Repeat(prose, 12) + "<div data-piano-container=paywall></div></article>", "<meta itemprop=isAccessibleForFree content=true><article>" + prose + "<div data-piano-container=paywall></div></article>", "<div class=paywall></div><article>" + prose + "</article><div class=fade></div>",
	} {
		takes(t, "<title>T</title>"+page)
	}
}
