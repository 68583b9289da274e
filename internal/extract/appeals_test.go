package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// Boxes in which a site asks for gifts, and what it says in place of a film or of who may read, are none of a text; what an article says of these is.
func TestPage_appeals(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	for _, box := range []string{
		"<div><h3>XXX soutenez-nous</h3><p>Notre journal vit sans publicité grâce aux dons de ses lecteurs. XXX Chaque euro compte et ouvre droit à une réduction d'impôt de 66 %.</p><a class=button href=/don>Je fais un don</a></div>", "<div><p>XXX Notre journal vit des dons de ses lecteurs.</p><button>Faire un don</button></div>",
		"<section><h2>XXX Support independent journalism</h2><p>We depend on readers like you. Please consider a donation.</p><p><a href=/donate>Donate now</a></p></section>", "<div class=box><p>XXX Vous aimez nos articles ?</p><p><a href=/soutien>Soutenez-nous</a></p></div>",
		"<div class=x><h2>Résumé généré par l’IA</h2><p>XXX Le modèle lit cinq langues.</p></div>", "<div class=x><h3>AI-generated summary</h3><ul><li>XXX</li></ul></div>",
		"<p>Cet article est en accès libre. Pour soutenir la rédaction, <a href=/xxx>abonnez-vous</a>.</p>", "<p>Cet article vous est offert.</p>", "<p>This story is free to read for everyone.</p>",
		"<div><div><strong>YouTube</strong> est désactivé. <button>✓ Autoriser</button></div></div>", "<div><p>Ce contenu est bloqué car vous n’avez pas accepté les cookies.</p></div>", "<p>Pour voir cette vidéo, veuillez accepter les cookies de YouTube.</p>", "<p>This content is blocked because you have not accepted cookies.</p>", "<p>Please accept cookies to watch this video.</p>",
	} {
		for _, page := range []string{first + box + second + prose, prose + prose + box} {
			a := takes(t, "<title>T</title><article>"+page+"</article>")
			if strings.Count(a.Body, "\n\n") != 3 || strings.Contains(a.Body, "XXX") {
				t.Errorf("%s stays: %s", box, a.Body)
			}
		}
	}
	for _, stays := range []string{
		"<p>La Croix-Rouge l’a dit : il est temps de <a href=/don>faire un don</a>.</p>", "<p>Cet article est gratuit, répète le vendeur à chaque client qui passe.</p>", "<p>YouTube est désactivé dans les écoles du pays depuis mardi.</p>", "<h3>Résumé généré par IA : le juge tranche</h3><p>Le tribunal a tranché.</p>",
		"<p>Ce contenu est bloqué par le ministère, qui n’a pas dit pourquoi.</p>", "<p>Faire un don, dit-elle, est un plaisir.</p>", "<blockquote><p>Cet article est gratuit.</p></blockquote>",
	} {
		text := stays[strings.Index(stays, ">")+1:][:12]
		if a := takes(t, "<title>T</title><article>"+first+stays+second+prose+"</article>"); !strings.Contains(a.Body, strings.TrimPrefix(text, "<p>")) {
			t.Errorf("%s is gone: %s", stays, a.Body)
		}
	}
	if a, err := extract.Page(address, address, []byte("<title>T</title><article>"+prose+"<div><p>Pour continuer, faites un don.</p><button>Faire un don</button></div></article>"), "text/html", nil, today()); err == nil {
		t.Errorf("a wall that asks for a gift: %s", a.Body)
	}
}
