package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"facteur/internal/extract"
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

// A heading beside which the author goes on is one of the text, whatever it says; over what asks, leads elsewhere or is empty, the same words are none.
func TestPage_headingsOfFurnitureWords(t *testing.T) {
	const under = "<p>Les remarques des habitants sont lues à voix haute en réunion, sans nom. Trois d’entre elles ont changé la machine.</p>"
	for _, heading := range []string{
		"Newsletter", "Commentaires", "Comments", "Partager", "Share", "À lire", "Sur le même sujet", "Tags", "Mots-clés", "Étiquettes", "Les plus lus", "Read more", "Recommended", "Autres articles", "Related",
	} {
		for name, text := range map[string]string{
			"a paragraph": under, "several": under + "<p>" + said + "</p>", "code": under + "<pre><code>tag(1)</code></pre>", "a list": "<ul><li>Les remarques des habitants sont lues à voix haute en réunion.</li><li>Trois ont changé la machine.</li></ul>",
		} {
			a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+"<h2>"+heading+"</h2>"+text+"<h2>Le port</h2>"+another+"</article>")
			if at := strings.Index(a.Body, "# "+heading+"\n\n"); at < 0 || at > strings.Index(a.Body, "Les remarques des habitants") {
				t.Errorf("%s over %s: %s", heading, name, a.Body)
			}
		}
	}
	for _, box := range []string{
		"<h2>Partager</h2><p><a href=https://x.example/s><svg></svg></a></p>", "<h2>Newsletter</h2><form><input type=email></form>", "<h2>Newsletter</h2><p>Recevez chaque matin notre lettre dans votre boîte mail, et rien d’autre.</p>",
		"<h2>Sur le même sujet</h2><p><a href=/a>La piscine de Lannion ferme ses portes pour dix-huit mois de travaux.</a></p>", "<h2>Tags</h2><ul><li><a href=/t/a>Ports</a></li><li><a href=/t/b>Piscines</a></li></ul>", "<h2>Partager</h2><button>Facebook</button>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+box+another+"</article>"); strings.Contains(a.Body, "#") {
			t.Errorf("%s: %s", box, a.Body)
		}
	}
}

// builders are the blocks of page builders, of a heading H and the text T under it.
func builders() map[string]string {
	return map[string]string{
		"Elementor":       "<section class=elementor-section><div class=elementor-container><div class=elementor-widget-wrap><div class='elementor-element elementor-widget elementor-widget-heading'><div class=elementor-widget-container><h2 class=elementor-heading-title>H</h2></div></div><div class='elementor-element elementor-widget elementor-widget-text-editor'><div class=elementor-widget-container>T</div></div></div></div></section>",
		"Elementor, flat": "<div class='elementor-widget elementor-widget-heading'><div class=elementor-widget-container><h2>H</h2></div></div><div class='elementor-widget elementor-widget-divider'><span class=elementor-divider></span></div><div class='elementor-widget elementor-widget-text-editor'>T</div>",
		"Divi":            "<div class=et_pb_section><div class=et_pb_row><div class='et_pb_module et_pb_heading'><div class=et_pb_heading_container><h2 class=et_pb_module_heading>H</h2></div></div><div class='et_pb_module et_pb_text'><div class=et_pb_text_inner>T</div></div></div></div>",
		"WPBakery":        "<div class='vc_row wpb_row'><div class=wpb_wrapper><div class=uvc-heading><div class=uvc-main-heading><h2>H</h2></div><div class=uvc-heading-spacer></div></div><div class=wpb_text_column><div class=wpb_wrapper>T</div></div></div></div>",
		"Beaver Builder":  "<div class=fl-row><div class=fl-col-content><div class='fl-module fl-module-heading'><div class=fl-module-content><h2 class=fl-heading><span class=fl-heading-text>H</span></h2></div></div><div class='fl-module fl-module-rich-text'><div class=fl-rich-text>T</div></div></div></div>",
		"Wix":             "<section class=wixui-section><div id=comp-l2 class=wixui-rich-text><h2 class=font_2><span>H</span></h2></div><div id=comp-l3 class=wixui-rich-text>T</div></section>",
		"Squarespace":     "<div class='row sqs-row'><div class='col sqs-col-12'><div class='sqs-block html-block'><div class=sqs-block-content><h2>H</h2></div></div><div class='sqs-block html-block'><div class=sqs-html-content>T</div></div></div></div>",
		"Webflow":         "<section class=section_content><div class=container-large><div class=section-header><h2 class=heading-style-h2>H</h2></div><div class=w-richtext>T</div></div></section>",
		"SiteOrigin":      "<div class=panel-grid-cell><div class='so-panel widget widget_sow-headline'><div class=sow-headline-container><h2 class=sow-headline>H</h2></div></div><div class='so-panel widget widget_sow-editor'><div class=textwidget>T</div></div></div>",
		"HubSpot":         "<div class=dnd-section><div class='widget-span widget-type-custom_widget'><div class='hs_cos_wrapper hs_cos_wrapper_widget widget-type-header'><h2>H</h2></div></div><div class='widget-span widget-type-custom_widget'><div class='hs_cos_wrapper hs_cos_wrapper_widget'>T</div></div></div>",
		"TYPO3":           "<div class=frame><div class=frame-inner><header class=frame-header><h2 class=element-header>H</h2></header><div class=ce-bodytext>T</div></div></div>",
		"by role":         "<div class=elementor-widget-heading><div class=in><div class=title role=heading aria-level=2>H</div></div></div><div class=text-block>T</div>",
		"numbered":        "<div class=step><div class=step-header><span class=step-number>Étape</span><h2>H</h2></div><div class=step-content>T</div></div>",
		"named":           "<div class=banner-heading><div class=in><h2>H</h2></div></div><div class=contact-text><div>T</div></div>",
	}
}

// A heading between two paragraphs that were taken is taken, in whatever block a page builder puts it.
func TestPage_headingsOfBuilders(t *testing.T) {
	for name, block := range builders() {
		for _, frame := range []string{"<main>%s</main>", "<main id=content><article class=post>%s</article></main>", "<div id=page><div id=content class=site-content>%s</div></div>"} {
			text := "<h1>T</h1>"
			for i := range 3 {
				text += strings.NewReplacer(">H<", fmt.Sprintf(">Le moulin %d<", i), ">T<", fmt.Sprintf("><p>Le meunier numéro %d raconte, devant la commission réunie mardi, ce qu’il a vu du chantier, et ce que lui en ont dit les voisins.</p><", i)).Replace(block)
			}
			a := takes(t, "<title>T</title>"+fmt.Sprintf(frame, text))
			for i := 1; i < 3; i++ {
				heading, before, under := fmt.Sprintf("## Le moulin %d\n", i), fmt.Sprintf("numéro %d raconte", i-1), fmt.Sprintf("numéro %d raconte", i)
				if at := strings.Index(a.Body, heading); at < strings.Index(a.Body, before) || at > strings.Index(a.Body, under) || !strings.Contains(a.Body, under) {
					t.Errorf("%s in %s: %s", name, frame, a.Body)
				}
			}
		}
	}
}

// What else a builder puts between paragraphs is of the text, too.
func TestPage_blocksOfBuilders(t *testing.T) {
	for _, inner := range []string{"<ul><li>Une tonne de grain, alpha</li><li>et du blé</li></ul>", "<table><tr><td>Grain, alpha</td><td>12</td></tr><tr><td>Blé</td><td>13</td></tr></table>", "<blockquote><p>Le grain, alpha.</p></blockquote>", "<h3 class=elementor-icon-box-title><span>Le grain</span></h3><p>Alpha, une tonne.</p>"} {
		for _, below := range []string{another, ""} {
			a := takes(t, "<title>T</title><main><div class=elementor><div class=elementor-widget><div class=elementor-widget-container>"+prose+"</div></div><div class='elementor-widget elementor-widget-box'><div class=elementor-widget-container>"+inner+"</div></div><div class=elementor-widget>"+below+another+"</div></div></main>")
			if !strings.Contains(strings.ToLower(a.Body), "alpha") {
				t.Errorf("%s: %s", inner, a.Body)
			}
		}
	}
}

// One that is lost nevertheless is told of.
func TestPage_lostHeading(t *testing.T) {
	page := "<title>T</title><article><h1>T</h1>" + prose + "<figure class=legends><p>Le canal, les vannes et la roue à aubes de l’ancienne minoterie.</p><h2>Le moulin</h2></figure>" + another + "</article>"
	if a, err := extract.Page(address, address, []byte(page), "text/html", paris(), today()); err == nil || !strings.Contains(err.Error(), "only a part") {
		t.Errorf("%v: %s", err, a.Body)
	}
}
