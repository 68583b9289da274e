package extract_test

import (
	"fmt"
	"strings"
	"testing"
)

// A letter laid out in tables, one below another, is taken whole, whatever its cells are called.
func TestPage_layoutTables(t *testing.T) {
	for _, class := range []string{"", "x", "mcnTextContent", "content", "text-content", "body", "post"} {
		table := func(inside string) string {
			return fmt.Sprintf("<table role=presentation><tbody><tr><td class=%q>%s</td></tr></tbody></table>", class, inside)
		}
		a := takes(t, "<title>T</title><body><center><table><tr><td>"+table(prose)+table("<h2>Le moulin</h2><p>"+said+"</p>")+table("<h2>La piscine</h2>"+another)+"</td></tr></table></center>")
		for _, part := range []string{"Le laboratoire a présenté", "## Le moulin\n\nLe prix du grain", "## La piscine\n\nLa piscine municipale"} {
			if !strings.Contains(a.Body, part) {
				t.Errorf("%q: it lacks %q: %s", class, part, a.Body)
			}
		}
	}
}

// A table that says something in its cells stays one.
func TestPage_tableOfATextStays(t *testing.T) {
	a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+"<table><tr><td>2025</td><td><p>"+said+"</p></td></tr><tr><td>2026</td><td><p>Rien.</p></td></tr></table>"+another+"</article>")
	if !strings.Contains(a.Body, "2025 – Le prix") {
		t.Error(a.Body)
	}
}

// What tells how to cite a text is none of it; a heading of a guide is.
func TestPage_citations(t *testing.T) {
	const abstract = "<div><h4>Résumé</h4>" + prose + "</div>"
	for _, below := range []string{
		"<h4>Citer</h4><p>Anna Prigent, Paul Kerjean. Échantillonner les allocations. JDEV 2026, Nov 2026, Lyon, France.</p>", "<h3>How to cite</h3><p>Prigent, A. (2026). Sampling allocations. Journal of Tracers, 12(3), 4-18.</p>",
		"<h2>Pour citer cet article</h2><p>Anna Prigent, « Échantillonner », Revue des traces [En ligne], 12 | 2026.</p>",
	} {
		a := takes(t, "<title>T</title><main><h1>T</h1>"+abstract+below+"</main>")
		if strings.Contains(a.Body, "Prigent") || strings.Contains(a.Body, "cite") || !strings.Contains(a.Body, "Le laboratoire") {
			t.Errorf("%s: %s", below, a.Body)
		}
	}
	a := takes(t, "<title>T</title><main><h1>T</h1>"+prose+"<h2>Citer</h2><p>"+said+"</p>"+another+"</main>")
	if !strings.Contains(a.Body, "## Citer\n\nLe prix") {
		t.Error(a.Body)
	}
}

// A heading that stands beside a block of paragraphs, over others, is taken with them.
func TestPage_headingBesideBlock(t *testing.T) {
	a := takes(t, "<title>T</title><main><h1>T</h1><div><h2>Le port</h2>"+prose+"</div><h2>Le moulin</h2><p>"+said+"</p></main>")
	if !strings.Contains(a.Body, "## Le moulin\n\nLe prix") || !strings.Contains(a.Body, "Le laboratoire") {
		t.Error(a.Body)
	}
}
