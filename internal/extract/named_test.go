package extract_test

import (
	"strings"
	"testing"
)

// said is a text of some length that is of an article, wherever it stands in that.
const said = "Le prix du grain a doublé en deux ans dans la vallée, et le meunier compte sur les boulangers du canton, qui lui prennent déjà la moitié de ce qu’il moud."

// A name does not make of a text something else than a text.
func TestPage_textsUnderNames(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	for _, part := range []string{
		"<div class='newsletter-article'><p>" + said + "</p></div>", "<div class='meta-analyse'><p>" + said + "</p></div>", "<p class=social>" + said + "</p>", "<div class=promo><p>" + said + "</p></div>",
		"<div class='ad-content'><p>" + said + "</p></div>", "<div class=modal><p>" + said + "</p></div>", "<div class='banner'><p>" + said + "</p></div>", "<section class='tags'><h2>Le grain</h2><p>" + said + "</p></section>",
		"<div class='promo'><div class='promo-inner'><h3 class='promo-title'>Le grain</h3><p class='promo-text'>" + said + "</p></div></div>", "<p class=meta>" + said + "</p>", "<div id=promo>" + said + "</div>",
		"<div class='sponsor-story'><p>" + said + "</p><p>La suite au printemps.</p></div>", "<div class='pub'><p>" + said + "</p><ul><li>Blé : 12 €</li></ul></div>", "<section class='wp-block-group popup'><p>" + said + " <a href=/prix>Les prix</a> montent.</p></section>",
		"<aside class=encadre><p>" + said + "</p></aside>", "<aside><h3>Le grain</h3><p>" + said + "</p></aside>", "<aside class='chiffres-cles'><h3>Le grain</h3><ul><li>Deux fois plus cher en deux ans, dit la chambre d’agriculture</li><li>La moitié pour le canton, et le reste pour la ville</li></ul><p>" + said + "</p></aside>",
		"<div class='related-text'><p>" + said + "</p></div>", "<div class='teaser'><p>" + said + "</p></div>", "<div class='extra'><p>" + said + "</p></div>", "<div class='remark'><p>" + said + "</p></div>", "<div class=cookie-recipe><p>" + said + "</p></div>", "<div class=sommaire><p>" + said + "</p></div>",
		"<div class=contact><p>" + said + "</p><p>Le meunier le dit aussi, et il ouvre le samedi.</p></div>", "<div class=author><p>" + said + "</p></div>", "<div class=widget><p>" + said + "</p></div>", "<section class='media-text'><p>" + said + "</p></section>", "<div class=shopping-list><h3>Le grain</h3><p>" + said + "</p></div>", "<div id=masthead-note><p>" + said + "</p></div>", "<div class=scroll><p>" + said + "</p></div>",
		"<div class=meta-conseil><p>" + said + " Si vous passez par la vallée, le meunier vous ouvrira la porte.</p></div>", "<div class=promo><p>" + said + " Nous avons suivi le meunier une semaine, et notre carnet le raconte.</p></div>",
	} {
		for where, page := range map[string]string{
			"between": "<article><h1>T</h1>" + first + part + second + "</article>",
			"builder": "<main><h1>T</h1><div class=row>" + first + "</div><div class=row>" + part + "</div><div class=row>" + second + another + "</div></main>",
			"content": "<article><h1>T</h1><div class=entry-content>" + another + first + part + second + another + "</div></article>",
		} {
			a := takes(t, "<title>T</title><body>"+page+"</body>")
			if !strings.Contains(a.Body, "Le prix du grain a doublé") || strings.Contains(part, "Le grain<") && !strings.Contains(a.Body, "Le grain") || !strings.Contains(a.Body, "Le laboratoire") || !strings.Contains(a.Body, "Il sera ouvert") {
				t.Errorf("%s, %s: %s", where, part, a.Body)
			}
		}
	}
	for _, name := range []string{"single-tags-banner", "promo-layout social", "newsletter", "modal-page", "meta"} {
		page := "<title>T</title><div class='" + name + "'><h1>T</h1>" + prose + "</div><div class=suite>" + strings.Repeat("<p><a href=/b>Un autre article du journal</a></p>", 30) + "</div>"
		if a := takes(t, page); !strings.Contains(a.Body, "Le laboratoire") || !strings.Contains(a.Body, "Il sera ouvert") {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	for aside, want := range map[string]string{
		"<aside class=encadre><h3>Chiffres</h3><ul><li>12 % de grain en plus</li><li>3 moulins rouverts</li></ul></aside>":                                                                       "### Chiffres\n\n- 12 % de grain en plus\n- 3 moulins rouverts",
		"<aside><p><strong>Bief</strong> : canal qui mène l’eau à la roue d’un moulin.</p></aside>":                                                                                              "**Bief** : canal qui mène l’eau à la roue d’un moulin.",
		"</div><div class=row><aside><h3>Repères</h3><p>" + said + "</p></aside></div><div class=row>":                                                                                           "### Repères\n\n" + said,
		"<aside><p>" + said + "</p></aside><aside class=bio><p>Ana Roux est journaliste au Quai, elle suit les moulins et les ports depuis vingt ans, et elle a écrit trois livres.</p></aside>": said,
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1><div class=row>"+first+aside+second+another+"</div></article>"); !strings.Contains(a.Body, "à voix haute.\n\n"+want+"\n\nIl sera ouvert") {
			t.Errorf("%s: %s", aside, a.Body)
		}
	}
	if a := takes(t, "<title>T</title><article><h1>T</h1><div class=promo-half>"+prose+"</div><div class=promo-half>"+another+"</div></article>"); !strings.Contains(a.Body, "Le laboratoire") || !strings.Contains(a.Body, "La piscine") {
		t.Errorf("halves: %s", a.Body)
	}
	for _, part := range []string{"<div class='meta-analyse'><p>" + said + "</p></div>", "<div class=promo><p>" + said + "</p></div>", "<p class=social>" + said + "</p>"} {
		for where, page := range map[string]string{"above": part + prose, "below": prose + part} {
			if a := takes(t, "<title>T</title><article><h1>T</h1>"+page+"</article>"); !strings.Contains(a.Body, "Le prix du grain a doublé") {
				t.Errorf("%s, %s: %s", where, part, a.Body)
			}
		}
	}
}

// A margin is none of an article, whatever it says.
func TestPage_marginsOfProse(t *testing.T) {
	for _, page := range []string{
		"<main><h1>T</h1><div class=row><div class=col-8>" + prose + another + "</div><div class='col-4 sidebar'><p>" + said + "</p></div></div></main>",
		"<div class=wrap><article><h1>T</h1>" + prose + another + "</article><aside class=sidebar><h3>Le Quai</h3><p>" + said + "</p></aside></div><section class=plus><p><a href=/b>Un autre article du journal, qui est long</a>, et ce qu’il dit de la vallée et de ceux qui la quittent.</p></section>",
		"<main><div><h1>T</h1>" + prose + another + "</div><div class='newsletter'><p>" + said + "</p></div></main>",
	} {
		if a := takes(t, "<title>T</title><body>"+page); strings.Contains(a.Body, "grain") || !strings.HasSuffix(a.Body, "surveillants.") || !strings.HasPrefix(a.Body, "Le laboratoire") {
			t.Errorf("%s: %s", page, a.Body)
		}
	}
}

// What is what its name says goes, however much it says, and wherever it stands.
func TestPage_boxesUnderNames(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	want := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n").Replace(prose))
	for _, box := range []string{
		"<div class=newsletter><p>Chaque jeudi, la rédaction vous envoie le meilleur de la semaine, des guides et des récits, et vous pouvez vous désinscrire d’un clic quand vous le voulez.</p></div>",
		"<div class=newsletter-box><h3>La lettre</h3><p>" + said + "</p><form><input type=email></form></div>",
		"<div class=promo><p>Découvrez notre nouveau guide des moulins, avec deux cents pages de conseils et de cartes, écrites par ceux qui les font tourner toute l’année.</p><a href=/boutique>J’achète</a></div>",
		"<div class=ad><p>Publicité</p><p>" + said + "</p></div>",
		"<div class='ad sponsored'><p>" + said + "</p><p><a rel=sponsored href='https://marque.example/'>En savoir plus</a></p></div>",
		"<div class=related><h3>À lire aussi</h3><p>" + said + "</p></div>",
		"<div class=related><h3><a href=/b>Un autre article</a></h3><p>" + said + "</p></div>",
		"<aside class=related><h3><a href=/b>Un autre article</a></h3><p>" + said + "</p></aside>",
		"<aside><article><h3>Un autre</h3><p>" + said + "</p></article></aside>",
		"<div class=comments><p>" + said + "</p></div>",
		"<div class='author-box'><p>Ana Roux est journaliste au Quai depuis 2015, où elle suit les moulins, les phares et les ports de la côte, après dix ans passés à la radio.</p></div>",
		"<aside><p>Ana Roux est journaliste au Quai depuis 2015, où elle suit les moulins, les phares et les ports de la côte, après dix ans passés à la radio.</p><p>Contact : ana@quai.example</p></aside>",
		"<div class=social><p>Suivez-nous sur les réseaux pour ne rien manquer de nos récits, de nos guides et de nos enquêtes, et parlez-en autour de vous si vous les aimez.</p></div>",
		"<div class='cookie-notice'><p>Nous utilisons des cookies pour mesurer l’audience de nos pages et pour vous montrer des publicités qui vous intéressent, sur ce site et sur d’autres.</p></div>",
		"<div class='modal' role=dialog><p>" + said + "</p></div>", "<div class='pum pum-overlay'><div class='pum-container popmake'><p>" + said + "</p></div></div>",
		"<aside class=pullquote><p>Il sera ouvert aux chercheurs au printemps, puis aux entreprises, avec des prix qui ne sont pas encore connus</p></aside>",
	} {
		for _, page := range []string{prose + box, first + box + second} {
			if a := takes(t, "<title>T</title><body><main><article><h1>T</h1>"+page+"</article></main>"); a.Body != want {
				t.Errorf("with %s\n%s", box, a.Body)
			}
		}
	}
}
