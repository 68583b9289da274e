package render_test

import (
	"testing"

	"facteur/internal/render"
)

// A tag that stands alone is what a title is about. Pairs mark words, and entities are meant by nobody.
func TestTitle(t *testing.T) {
	for title, want := range map[string]string{
		"Faut-il encore utiliser <table> et <b> ?":                "Faut-il encore utiliser <table> et <b> ?",
		"La balise <main> en HTML":                                "La balise <main> en HTML",
		"Les listes <ul>, <ol> et <dl>":                           "Les listes <ul>, <ol> et <dl>",
		"Fermer avec </body>":                                     "Fermer avec </body>",
		"List<int> a < b > c <3":                                  "List<int> a < b > c <3",
		"La balise &lt;main&gt; en HTML":                          "La balise <main> en HTML",
		"Charger <img loading=\"lazy\">":                          "Charger <img loading=\"lazy\">",
		"Un mot <em>fort</em> et <I>un autre</I>":                 "Un mot fort et un autre",
		"<span class=\"x\">Avant</span> <b>puis <i>après</i></b>": "Avant puis après",
		"<p>Tout le titre</p>":                                    "Tout le titre",
		"<p>Tout le titre":                                        "Tout le titre",
		"<h2>Le titre</h2>":                                       "Le titre",
		"<a href=\"/x\">Le titre</a>":                             "Le titre",
		"<i class=\"icon\"></i> Le titre":                         "Le titre",
		"Le titre<br>sa suite":                                    "Le titre sa suite",
		"Le titre <br/> sa suite":                                 "Le titre sa suite",
		"Le titre :<br />sa suite":                                "Le titre : sa suite",
		"<img src=\"e.png\" alt=\"\" /> Le titre":                 "Le titre",
		"Le titre<!-- fin -->":                                    "Le titre",
		"<em>Un mot</em> sur <em>":                                "Un mot sur <em>",
		"<em> contre <strong> : <b>lequel</b> choisir ?":          "<em> contre <strong> : lequel choisir ?",
		"H<sub>2</sub>O":                                          "H2O",
		"Vieil &eacute;l&egrave;ve":                               "Vieil élève",
		"L&#8217;avenir &amp; R&D":                                "L’avenir & R&D",
		"Utiliser <p> ou <div> ?":                                 "Utiliser <p> ou <div> ?",
		"Pourquoi <script ne finit pas":                           "Pourquoi <script ne finit pas",
	} {
		for _, isText := range []bool{true, false} {
			if got := render.Title(title, isText); got != want {
				t.Errorf("%s is %q, want %q (text: %t)", title, got, want, isText)
			}
		}
	}
	for title, want := range map[string][2]string{ // as text, and where nobody knows
		"La balise <br> en HTML":              {"La balise <br> en HTML", "La balise en HTML"},
		"<script>alert(1)</script> est vieux": {"<script>alert(1)</script> est vieux", "est vieux"},
		"La paire <b></b>":                    {"La paire <b></b>", "La paire"},
		"Écrire <!DOCTYPE html> ou <?php":     {"Écrire <!DOCTYPE html> ou <?php", "Écrire <!DOCTYPE html> ou <?php"},
	} {
		if got := [2]string{render.Title(title, true), render.Title(title, false)}; got != want {
			t.Errorf("%s is %q, want %q", title, got, want)
		}
	}
}
