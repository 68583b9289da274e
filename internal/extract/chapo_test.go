package extract_test

import (
	"strings"
	"testing"
)

// A chapô goes out as the summary, and stands in the text no second time.
func TestPage_chapo(t *testing.T) {
	const chapo = "Après trois essais, le modèle écoute et répond. Son prix divise."
	given := `<meta name=description content="` + chapo + `">`
	for name, html := range map[string]string{
		"by its class":                        `<p class=chapo>` + chapo + `</p><div>` + prose + `</div>`,
		"by its class, beside the text":       `<p class=chapo>` + chapo + `</p>` + prose,
		"of SPIP":                             `<div class="chapo surlignable"><p>` + chapo + `</p></div><div class=texte>` + prose + `</div>`,
		"of Drupal":                           `<div class="field field--name-field-chapo"><p>` + chapo + `</p></div><div class=field--name-body>` + prose + `</div>`,
		"in two paragraphs":                   `<div class=chapo><p>Après trois essais, le modèle écoute et répond.</p><p>Son prix divise.</p></div><div>` + prose + `</div>`,
		"by microdata":                        `<div itemprop=description>` + chapo + `</div><div itemprop=articleBody>` + prose + `</div>`,
		"below who wrote":                     `<p>Par Lise Muller</p><p class=chapo>` + chapo + `</p><div>` + prose + `</div>`,
		"below a line":                        `<p>Une voix de plus</p><div class=chapo><p>` + chapo + `</p></div><div>` + prose + `</div>`,
		"below two lines":                     `<p>Une voix de plus</p><h3>Introduction</h3><p class=chapeau>` + chapo + `</p>` + prose,
		"as an intro above the first heading": `<p class=intro>` + chapo + `</p><h2>Un début</h2>` + prose,
		"bold, and given to programs":         given + `<p><b>` + chapo + `</b></p>` + prose,
		"apart, and given to programs":        given + `<div><p>` + chapo + `</p></div><div>` + prose + `</div>`,
		"in a frame, above a link":            `<meta name=description content="` + chapo + `"><section><p>` + chapo + `</p><div><a href=/x.pdf>Le rapport</a></div></section><div>` + prose + `</div>`,
		"apart, and given as linked data":     linkedData(`{"@type":"NewsArticle","headline":"T","description":"`+chapo+`"}`) + `<p>` + chapo + `</p><div>` + prose + `</div>`,
		"in a class of one word":              `<p class=epArticleChapo>` + chapo + `</p>` + prose,
		"above who wrote, given to programs":  given + `<p class=x>` + chapo + `</p><div class=y><a href=/a>Ana Roux</a> <span>24 novembre 2026 \ 18h12</span></div><div>` + prose + `</div>`,
		"a subtitle":                          given + `<h2 class=subtitle>` + chapo + `</h2>` + prose,
		"a subtitle of a header":              given + `<header><h2>` + chapo + `</h2></header>` + prose,
	} {
		a := takes(t, "<title>T</title><article><h1>T</h1>"+html+"</article>")
		if a.Summary != chapo || strings.Contains(a.Body, "trois essais") || !strings.Contains(a.Body, "Le laboratoire a présenté mardi") {
			t.Errorf("%s: summary %q, text %q", name, a.Summary, a.Body)
		}
	}
}

// What the text begins with is of it, whatever a design calls its first paragraph.
func TestPage_noChapo(t *testing.T) {
	const first = "Après trois essais, le modèle écoute et répond. Son prix divise les laboratoires."
	given := `<meta name=description content="` + first + `">`
	for name, html := range map[string]string{
		"in large letters":       `<p class=lead>` + first + `</p>` + prose,
		"given to programs":      given + `<p>` + first + `</p>` + prose,
		"above nothing":          `<div class=chapo><p>` + first + `</p>` + prose + `</div><div><p>Fin.</p></div>`,
		"said again by the text": `<p class=chapo>` + first + `</p><div><p>` + first + ` La suite est plus longue.</p>` + prose + `</div>`,
	} {
		a := takes(t, "<title>T</title><article><h1>T</h1>"+html+"</article>")
		if a.Summary != "" || strings.Count(a.Body, "Après trois essais") != 1 {
			t.Errorf("%s: summary %q, text %q", name, a.Summary, a.Body)
		}
	}
}

// A subtitle that says at length what the page gives for its description is the chapô, too.
func TestPage_longSubtitle(t *testing.T) {
	const chapo = "We replaced a frontier model with an 8B one for three quarters of our traffic. Here is what worked, what broke, and how we measured it."
	for _, html := range []string{"<h2>" + chapo + "</h2>", "<header><h2 class=subtitle>" + chapo + "</h2></header>", "<div><h3 id=a1>" + chapo + "</h3></div>"} {
		a := takes(t, `<title>T</title><meta name=description content="`+chapo+`"><article><h1>T</h1>`+html+prose+"<h2>What broke</h2>"+prose+"</article>")
		if a.Summary != chapo || strings.Contains(a.Body, "frontier") || !strings.Contains(a.Body, "## What broke") {
			t.Errorf("%s: summary %q, text %q", html, a.Summary, a.Body)
		}
	}
}

// A paragraph under a heading of the text is the first of what that says, whatever the page gives for its description.
func TestPage_underHeading(t *testing.T) {
	const first = "Batch jobs on shared accelerators fail in the least interesting way: they run out of memory at hour nine, and nobody looks."
	for _, html := range []string{
		"<h2>TL;DR</h2><p>" + first + "</p><h2>Next</h2>" + prose, "<h2>Introduction</h2><p>" + first + "</p><h2>Next</h2>" + prose, "<div><h2>Why they fail</h2><p>" + first + "</p></div><div><h2>Next</h2>" + prose + "</div>",
		"<section><h2>Abstract</h2><div><p>" + first + "</p></div></section><section><h2>Next</h2>" + prose + "</section>", "<div><h2>Why</h2></div><p>" + first + "</p><div>" + prose + "<h2>Next</h2>" + prose + "</div>",
		"<section><h2>Background</h2><p itemprop=description>" + first + "</p></section><section>" + prose + "</section>",
	} {
		a := takes(t, `<title>T</title><meta name=description content="`+first+`"><article><h1>T</h1>`+html+"</article>")
		if strings.Count(a.Body, "Batch jobs") != 1 || !strings.HasPrefix(a.Body, "##") {
			t.Errorf("%s: summary %q, text %q", html, a.Summary, a.Body)
		}
	}
	for _, html := range []string{
		"<h2>T</h2><p>" + first + "</p><div>" + prose + "<h2>Next</h2>" + prose + "</div>", "<header><h1>T</h1><h2>Machines</h2><p>" + first + "</p></header><div>" + prose + "<h2>Next</h2>" + prose + "</div>", "<h1>T</h1><p class=chapo>" + first + "</p>" + prose + "<h2>Next</h2>" + prose,
	} {
		a := takes(t, `<title>T</title><meta name=description content="`+first+`"><article>`+html+"</article>")
		if a.Summary != first || strings.Contains(a.Body, "Batch jobs") {
			t.Errorf("%s: summary %q, text %q", html, a.Summary, a.Body)
		}
	}
}
