package extract_test

import (
	"strings"
	"testing"
)

// Boxes in which sites that live on gifts ask for one go with all that they say; an article about gifts keeps its links and lines.
func TestPage_giftBoxes(t *testing.T) {
	const long = "Alpha est un journal indépendant, sans publicité ni actionnaire, en accès libre pour tous. Chaque jour, une équipe de douze journalistes enquête, vérifie et raconte ce que d’autres taisent, et 98 % de ce qui nous fait vivre vient de nos lectrices et lecteurs. Si vous le pouvez, soutenez-nous, même d’un euro par mois."
	for _, gone := range []string{
		"<div id=contributions-epic><h2>What does alpha take to keep the lights on?</h2><p>We have a favour to ask: millions have turned to alpha for open, independent journalism since we started publishing 200 years ago, and we hope you will consider supporting us.</p><a href=/support>Support us from just €1</a></div>",
		"<div><h3>Avant de partir, un mot d’alpha</h3><p>" + long + "</p><p>" + long + "</p><a href='https://alpha.example/don'>Soutenez Reporterre</a></div>", "<div><p><strong>" + long + "</strong></p><p><a class=button href='https://www.helloasso.com/alpha'>Faire un don</a></p></div>",
		"<section><p>Alpha is a nonprofit newsroom. We depend on readers like you to fund our reporting, which stays free for everyone to read.</p><div><a href=/donate>Donate $25</a> <a href=/donate>Donate $50</a></div></section>", "<div><p>Alpha a besoin de vous.</p><button>Je donne 10 €</button></div>",
		"<div><h4>Alpha vous plaît ?</h4><a href=https://tipeee.example/x>Je fais un don défiscalisé</a></div>", "<div><p>Support alpha, our independent newsroom.</p><a href=/membership>Become a sustaining member</a></div>", "<div><p>Ce média vit de vos dons : alpha.</p><a href=/soutenir>Soutenir alpha à partir de 5 € par mois</a></div>",
		"<div><p>I write alpha on my own time, for free.</p><a href=https://buymeacoffee.example/x>Buy me a coffee</a></div>", "<div><h3>Support independent journalism, alpha</h3><a href=/give>Give monthly</a></div>",
	} {
		for where, page := range map[string]string{"below": strings.Repeat(prose, 6) + gone, "amid": strings.Repeat(prose, 3) + gone + strings.Repeat(prose, 3)} {
			if a := takes(t, "<title>T</title><article><h1>T</h1>"+page+"</article>"); strings.Contains(strings.ToLower(a.Body), "alpha") || strings.Count(a.Body, "Le laboratoire") != 6 {
				t.Errorf("%s %s: %s", gone, where, a.Body)
			}
		}
	}
	for _, stays := range []string{
		"<p>Alpha a reçu des dons. <a href=/don>Faire un don</a> reste rare.</p>", "<p>Les lecteurs donnent à alpha, qui vit de <a href=/don>dons</a>.</p>", "<p>Alpha : <a href=https://helloasso.example/x>soutenir les sinistrés</a> coûte peu.</p>",
		"<div><p>L’ONG alpha, qui vit de dons, a ouvert douze écoles dans la vallée en dix ans, et compte en ouvrir trois autres avant l’été.</p><p>Elle a reçu 3 millions d’euros en 2025.</p><p><a href=https://ong.example/don>Faire un don</a></p></div>",
		"<p>Support us, says alpha, and we will do the rest.</p>", "<h2>Donner à alpha, mode d’emploi</h2><p>Il faut un compte.</p>", "<ul><li><a href=https://alpha.example/give>Give Alpha</a> a demandé 3 millions.</li></ul>", "<p>The law lets you give $5 a month to alpha.</p>", "<p>« Je donne 10 € », dit alpha.</p>", "<p>Aidez-nous, a écrit alpha.</p>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+stays+prose+"</article>"); !strings.Contains(strings.ToLower(a.Body), "alpha") {
			t.Errorf("%s is gone: %s", stays, a.Body)
		}
	}
}
