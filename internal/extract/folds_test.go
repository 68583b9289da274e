package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// A text of which a part is opened by a click is taken whole, in its order.
func TestPage_folds(t *testing.T) {
	for name, page := range map[string]string{
		"Bootstrap 5 tabs":         `<ul class="nav nav-tabs" role="tablist"><li><button data-bs-toggle="tab" data-bs-target="#nav-un" role="tab" aria-controls="nav-un">Un</button></li><li><button data-bs-toggle="tab" data-bs-target="#nav-deux" role="tab">Deux</button></li></ul><div class="tab-content"><div class="tab-pane fade show active" id="nav-un" role="tabpanel">` + partOne + `</div><div class="tab-pane fade" id="nav-deux" role="tabpanel" aria-hidden="true">` + partTwo + `</div></div>`,
		"Bootstrap 3 collapse":     partOne + `<a data-toggle="collapse" href="#suite">Lire la suite</a><div class="collapse" id="suite" aria-hidden="true">` + partTwo + `</div>`,
		"Bootstrap collapse class": partOne + `<p><a class="btn" data-bs-toggle="collapse" href="#suite" role="button">Lire la suite</a></p><div class="collapse" id="suite">` + partTwo + `</div>`,
		"Elementor tabs": `<div class="elementor-tabs"><div class="elementor-tabs-wrapper" role="tablist"><div id="elementor-tab-title-11" class="elementor-tab-title elementor-tab-desktop-title" data-tab="1" role="tab" aria-controls="elementor-tab-content-11"><a href="">Un</a></div><div id="elementor-tab-title-12" class="elementor-tab-title" data-tab="2" role="tab" aria-controls="elementor-tab-content-12">Deux</div></div>` +
			`<div class="elementor-tabs-content-wrapper"><div id="elementor-tab-content-11" class="elementor-tab-content elementor-clearfix" data-tab="1" role="tabpanel">` + partOne + `</div><div id="elementor-tab-content-12" class="elementor-tab-content" data-tab="2" role="tabpanel" hidden="hidden">` + partTwo + `</div></div></div>`,
		"Elementor accordion":    `<div class="elementor-accordion"><div class="elementor-accordion-item"><h3 class="elementor-tab-title" aria-controls="c1">Un ?</h3><div id="c1" class="elementor-tab-content" role="region">` + partOne + `</div></div><div class="elementor-accordion-item"><h3 class="elementor-tab-title" aria-controls="c2">Deux ?</h3><div id="c2" class="elementor-tab-content" style="display: none;">` + partTwo + `</div></div></div>`,
		"an accordion":           `<h3><button aria-expanded="false" aria-controls="a1">Un ?</button></h3><div id="a1" hidden>` + partOne + `</div><h3><button aria-controls="a2">Deux ?</button></h3><div id="a2" hidden>` + partTwo + `</div>`,
		"details":                `<details><summary>Un</summary>` + partOne + `</details><details><summary>Deux</summary><div>` + partTwo + `</div></details>`,
		"a button over a rest":   partOne + `<button class="js-more">Lire la suite</button><div class="rest" style="display:none">` + partTwo + `</div>`,
		"a button under a rest":  partOne + `<div style="display:none">` + partTwo + `</div><p><button>Afficher la suite</button></p>`,
		"a link at the end":      strings.TrimSuffix(partOne, "</p>") + ` <a href="#" onclick="more()">Lire la suite</a></p><div hidden>` + partTwo + `</div>`,
		"several paragraphs":     partOne + `<div class="toggle"><button>Lire plus</button></div>` + strings.Replace(partTwo, "<p>", "<p hidden>", 1) + strings.Replace(partThree, "<p>", "<p hidden>", 1),
		"hidden twice":           partOne + `<button aria-controls="x">Lire la suite</button><div id="x" hidden><div aria-hidden="true">` + partTwo + `</div></div>`,
		"Divi":                   partOne + `<div class="et_pb_toggle et_pb_toggle_close"><h5 class="et_pb_toggle_title">Deux</h5><div class="et_pb_toggle_content" style="display:none">` + partTwo + `</div></div>`,
		"jQuery UI":              `<div id="tabs"><ul><li><a href="#tabs-1">Un</a></li><li><a href="#tabs-2">Deux</a></li></ul><div id="tabs-1">` + partOne + `</div><div id="tabs-2" style="display:none">` + partTwo + `</div></div>`,
		"UIkit":                  `<ul uk-accordion><li class="uk-open"><a class="uk-accordion-title" href="#">Un</a><div class="uk-accordion-content">` + partOne + `</div></li><li><a class="uk-accordion-title" href="#">Deux</a><div class="uk-accordion-content" hidden>` + partTwo + `</div></li></ul>`,
		"a text that is clipped": `<div class="text" style="max-height:300px">` + partOne + partTwo + `</div><button>Lire la suite</button>`,
		"a text by its class":    `<div class="article-body collapsed">` + partOne + partTwo + `</div><div class="fade"><a href="#">Lire la suite</a></div>`,
		"a text by its control":  `<div id="texte">` + partOne + partTwo + `</div><button aria-expanded="false" aria-controls="texte">Lire la suite</button>`,
		"a panel by its name":    partOne + `<div class="wp-block-accordion__panel" aria-hidden="true">` + partTwo + `</div>`,
		"an anchor":              partOne + `<p><a href="#plus">La seconde version</a></p><section id="plus" style="visibility:hidden">` + partTwo + `</section>`,
	} {
		for _, frame := range []string{"<article>" + prose + page + "</article>", "<div class=page><main><div class=content>" + prose + page + prose + "</div></main></div>", prose + page} {
			a, err := extract.Page(address, address, []byte("<title>T</title>"+frame), "text/html", nil, today())
			one, two := strings.Index(a.Body, "devant les chercheurs."), strings.Index(a.Body, "laboratoire a publiées.")
			if err != nil || two < 0 || one < two || !strings.Contains(a.Body, "qui l’ont essayé.") || strings.Contains(a.Body, "suite") || strings.Contains(page, "a1") && (!strings.Contains(a.Body, "Un ?") || !strings.Contains(a.Body, "Deux ?")) {
				t.Errorf("%s: %v\n%s", name, err, a.Body)
			}
		}
	}
}

// A text that is hidden amid another, and that nothing there opens, may be the rest of it, or not.
func TestPage_hiddenText(t *testing.T) {
	for _, page := range []string{
		"<article>" + prose + "<div style='display:none'>" + partOne + partTwo + "</div></article>", "<article>" + prose + strings.ReplaceAll(partOne+partTwo, "<p>", "<p hidden>") + "</article>",
		"<main><div>" + prose + "<section aria-hidden=true>" + partOne + partTwo + "</section></div></main>",
		"<main><div>" + prose + "</div><div hidden>" + partOne + partTwo + "</div></main>", "<article><div class=content>" + prose + "</div><section class=premium-content style='display: none'>" + partOne + partTwo + "</section></article>",
		"<article>" + prose + "<div class=views><div>" + another + "</div><div style='display:none'>" + partOne + partTwo + "</div></div>" + prose + "</article>",
		"<article>" + prose + "<div class=slider><div class=slide>" + another + "</div><div class=slide aria-hidden=true>" + partOne + partTwo + "</div></div></article>",
		"<div class=page><div class=text>" + prose + "</div><div class=reserve hidden><div>" + partOne + partTwo + "</div></div></div>",
	} {
		_, err := extract.Page(address, address, []byte("<title>T</title>"+page), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "a part of its text is hidden, and may open by a script: “La première version") {
			t.Errorf("%s: %v", brief(page), err)
		}
	}
	for _, foreign := range []string{
		"<div class=slider>" + strings.Repeat("<figure class=slide aria-hidden=true><img src=a.jpg><figcaption>"+said+"</figcaption></figure>", 3) + "</div>",
		"<div class=slider>" + strings.Repeat("<div class=slide aria-hidden=true><h3><a href=/b>La piscine rouvre</a></h3><p>"+said+"</p></div>", 3) + "</div>",
		"<div class=print hidden>" + prose + "</div>", "<div hidden lang=de>" + partOne + partTwo + "</div>",
		"<div class=conditions hidden>" + partOne + partTwo + "</div>", "</article><div class=foot hidden>" + partOne + partTwo + "</div><article>",
	} {
		a, err := extract.Page(address, address, []byte("<html lang=fr><title>T</title><body><article>"+prose+foreign+"</article>"), "text/html", nil, today())
		if err != nil || strings.Contains(a.Body, "La première version") || strings.Contains(a.Body, "Le prix du grain") {
			t.Errorf("%s: %v\n%s", brief(foreign), err, a.Body)
		}
	}
}

// What else pages hide stays out, and nobody is told of it.
func TestPage_hiddenOtherwise(t *testing.T) {
	links := strings.Repeat("<li><a href=/b>Un autre article de la rubrique, qui a un titre assez long pour deux lignes</a></li>", 5)
	want := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n").Replace(prose))
	for _, other := range []string{
		"<button aria-controls=m>Rubriques</button><ul id=m hidden>" + links + "</ul>", "<div class=modal id=x aria-hidden=true>" + partOne + partTwo + "</div><a href=#x data-toggle=modal>Conditions</a>", "<div role=dialog hidden>" + partOne + partTwo + "</div>",
		"<div class=cookie-panel style='display:none'>" + partOne + partTwo + "</div>", "<div style='display:none'><p>Nous et nos partenaires utilisons des cookies sur cet appareil, pour mesurer l’audience, avec votre consentement, que vous pouvez retirer quand vous le voulez, sans frais, ici même.</p></div>",
		"<button aria-controls=s>Partager</button><div id=s class=panel hidden><a href=/f>Facebook</a> <a href=/x>X</a></div>", "<div class=mobile-only style='display:none'>" + prose + "</div>", "<div style='display:none'>" + prose + "</div>", "<div lang=en hidden id=en class=tab-pane>" + partOne + partTwo + "</div>",
		"<button role=tab aria-controls=en>English</button><div id=en role=tabpanel hidden>" + partOne + partTwo + "</div>", "<button aria-controls=c>12 commentaires</button><div id=c hidden>" + partOne + partTwo + "</div>", "<div id=comments hidden>" + partOne + partTwo + "</div>", "<div hidden><p>Caché, et court.</p></div>", "<aside hidden>" + partOne + partTwo + "</aside>",
		"<div aria-hidden=true><p>qui lit des images et des sons, et qui répond en une seconde à des questions posées à voix haute.</p></div><p aria-hidden=true>Il sera ouvert aux chercheurs au printemps, puis aux entreprises, avec des prix qui ne sont pas encore connus</p>", "<div hidden id=n class=collapse><p>Recevez nos guides.</p><form><input type=email></form></div><a href=#n>S’inscrire</a>",
	} {
		for _, frame := range []string{"<article>" + prose + other + "</article>", "<article>" + prose + "</article>" + other} {
			a, err := extract.Page(address, address, []byte("<html lang=fr><title>T</title>"+frame), "text/html", nil, today())
			if err != nil || !strings.HasPrefix(a.Body, want) || strings.Contains(a.Body, "version") || strings.Contains(a.Body, "Caché") {
				t.Errorf("%s: %v", strings.ReplaceAll(brief(frame), partOne, "…"), err)
			}
		}
	}
	if a := takes(t, "<title>T</title><article>"+prose+"</article><div hidden>"+partOne+partTwo+"</div>"); a.Body != want {
		t.Errorf("a text beside the article: %s", a.Body)
	}
}
