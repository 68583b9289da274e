package extract_test

import (
	"strings"
	"testing"
)

// A box that asks for an address goes as a whole, whatever it is made of, and nothing around it does.
func TestPage_askBoxes(t *testing.T) {
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

// A sentence of an article about letters, boxes and addresses is none by which its site asks for one, wherever it stands.
func TestPage_sentencesThatInvite(t *testing.T) {
	for _, stays := range []string{
		"Recevez vos recommandés dans votre boîte mail, promet La Poste.", "Recevez vos recommandés dans votre boîte mail : c’est la promesse de La Poste.", "Sign up by email, urges the mayor, who wants 3,000 names by Christmas.",
		"Inscrivez-vous à la newsletter de la mairie, conseille l’adjoint, pour connaître les dates de collecte.", "Abonnez-vous à notre newsletter, répétait le patron du titre à ses clients.", "« Abonnez-vous à notre newsletter », dit l’affiche.",
		"Subscribe to our newsletter, the shop window says, and never pay again.", "Recevez nos offres par mail ! a lancé le vendeur, sans convaincre.", "Join our mailing list, says the church.", "Inscrivez-vous à notre infolettre, a-t-il écrit à tous les habitants.",
	} {
		for _, page := range []string{prose + "<p>" + stays + "</p>" + prose, "<p>" + stays + "</p>" + prose, prose + "<p>" + stays + "</p>", "<section>" + prose + "<p>" + stays + "</p></section><section>" + prose + "</section>"} {
			if a := takes(t, "<title>T</title><article>"+page+"</article>"); !strings.Contains(a.Body, stays) {
				t.Errorf("%q is gone: %s", stays, a.Body)
			}
		}
	}
	for _, stays := range []string{
		"Recevez les actes de la mairie dans votre boîte mail.", "Inscrivez-vous à la newsletter du musée pour suivre le chantier.", "Inscrivez-vous par e-mail avant le 12 décembre, à mairie@ville.example.",
	} {
		if a := takes(t, "<title>T</title><article>"+prose+"<p>"+stays+"</p>"+prose+"</article>"); !strings.Contains(a.Body, stays) {
			t.Errorf("%q is gone amid a text: %s", stays, a.Body)
		}
	}
	for html, stays := range map[string]string{
		"<h2>Recevez vos recommandés dans votre boîte mail</h2>" + prose:                    "## Recevez vos recommandés",
		"<p>Inscrivez-vous par e-mail avant le 12 décembre, à mairie@ville.example.</p>":    "mairie@ville.example",
		"<p>Inscrivez-vous à la newsletter du musée. L’exposition ouvrira mardi 3 mars</p>": "L’exposition ouvrira",
	} {
		if a := takes(t, "<title>T</title><article>"+prose+html+"</article>"); !strings.Contains(a.Body, stays) {
			t.Errorf("%s is gone: %s", html, a.Body)
		}
	}
}

// The same words go where more than words says that they ask, or where a text ends in nothing else.
func TestPage_boxesThatInvite(t *testing.T) {
	for _, gone := range []string{
		"<div class=bloc><h3>Recevez l’essentiel dans votre boîte mail</h3><p>Chaque matin.</p></div>", "<div><p>Recevez l’essentiel dans votre boîte mail</p><a href=/newsletter>Ici</a></div>", "<p>Recevez l’essentiel par e-mail : <a href=/inscription>c’est ici</a></p>",
		"<h3>Recevez l’essentiel par e-mail</h3><p>Chaque matin.</p>", "<p class=encart>Recevez l’essentiel par e-mail</p>", "<p>Abonnez-vous à notre newsletter.</p>", "<div><p>Recevez l’essentiel dans votre boîte mail</p><p>Chaque matin</p><div><button>OK</button></div></div>",
	} {
		if a := takes(t, "<title>T</title><article>"+prose+gone+prose+"</article>"); strings.Contains(a.Body, "Recevez") || strings.Contains(a.Body, "Abonnez") || strings.Count(a.Body, "Le laboratoire") != 2 {
			t.Errorf("%s: %s", gone, a.Body)
		}
	}
	for _, gone := range []string{"<p>Recevez l’essentiel dans votre boîte mail.</p>", "<p>Inscrivez-vous à la newsletter. Vous recevrez un e-mail chaque matin.</p>", "<p>Sign up for the newsletter</p><p>Privacy Policy</p>"} {
		if a := takes(t, "<title>T</title><article>"+prose+gone+"</article>"); strings.Contains(a.Body, "Recevez") || strings.Contains(a.Body, "Inscrivez") || strings.Contains(a.Body, "Sign up") {
			t.Errorf("%s: %s", gone, a.Body)
		}
	}
}
