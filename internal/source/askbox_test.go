package source_test

import (
	"strings"
	"testing"
)

// A box that asks for an address goes as a whole, whatever it is made of, and nothing around it does.
func TestParsePage_askBoxes(t *testing.T) {
	for _, box := range []string{
		"<div class='p-6'><h3>Restez informé</h3><p>L’essentiel, chaque vendredi.</p><div><input type=email placeholder='vous@exemple.fr'><button>OK</button></div><p>Un clic suffit pour partir.</p></div>",
		"<div><div><h2>La lettre du vendredi</h2></div><form action=/n><label>Votre adresse</label><input type=email><input type=submit value=OK></form><div>Merci !</div><div>Une erreur est survenue.</div></div>",
		"<div><span>Chaque matin, l’essentiel.</span><input type=text name=nl_email><button>OK</button></div>",
		"<section><h3>Rien que l’essentiel</h3><p>Une fois la semaine.</p><a href=/newsletter>Je m’inscris</a></section>",
		"<div><p>Rejoignez 12 000 lecteurs.</p><div><button>S’abonner</button></div></div>",
		"<div><h3>Un coup d’avance</h3><p>" + strings.Repeat("Recevez chaque semaine le meilleur de la rédaction. ", 4) + "</p><input type='email'></div>",
		"<input type=email>",
	} {
		for where, text := range withParagraph(t, box) {
			if where == "a page" && text != "Avant.\n\nAprès." {
				t.Errorf("%s stays: %q", box, text)
			}
		}
	}
	for html, want := range map[string]string{
		"<p>Il faut <a href=/inscription>s’inscrire</a> avant mardi.</p>":                                                                               "Il faut [s’inscrire](<https://site.example/inscription>) avant mardi.",
		"<p>Quel est le mot ? <input type=text name=mot></p>":                                                                                           "Quel est le mot ?",
		"<div><p>Un premier point.</p><p>Un second.</p><p>Un troisième.</p><p>Un quatrième.</p><p>Un cinquième.</p><div><input type=email></div></div>": "Un premier point.\n\nUn second.\n\nUn troisième.\n\nUn quatrième.\n\nUn cinquième.",
		"<div><p>" + strings.Repeat("Le port a rouvert. ", 8) + "</p><input type=email></div>":                                                          strings.TrimSpace(strings.Repeat("Le port a rouvert. ", 8)),
	} {
		for where, text := range withParagraph(t, html) {
			if want := "Avant.\n\n" + want + "\n\nAprès."; where == "a page" && text != want {
				t.Errorf("%s is %q, want %q", html, text, want)
			}
		}
	}
}
