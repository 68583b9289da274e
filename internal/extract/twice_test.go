package extract_test

import (
	"strings"
	"testing"
)

// What a page says once for narrow screens and once for wide ones is said once.
func TestPage_repeats(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	plain := func(html string) string {
		return strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n", "<h2>", "## ", "</h2>", "\n\n").Replace(html))
	}
	for html, want := range map[string]string{
		"<div class=d-md-none>" + prose + another + "</div><div class='d-none d-md-block'>" + prose + another + "</div>":                                                                 prose + another,
		"<div class='hide-mobile'><h2>La roue</h2>" + first + "<p>Court.</p>" + second + "</div><div class='only-mobile'><h2>La roue</h2>" + first + "<p>Court.</p>" + second + "</div>": "<h2>La roue</h2>" + first + "<p>Court.</p>" + second,
		"<section class='elementor-hidden-mobile'><div>" + prose + "</div></section><section class='elementor-hidden-desktop'><div>" + prose + "</div></section>":                        prose,
		"<div class=row><div class=m>" + first + "</div><div class=d>" + first + "</div></div><div class=row><div class=m>" + second + "</div><div class=d>" + second + "</div></div>":   prose,
		"<div class=m>" + first + "</div><div class=d>" + first + "</div>" + second + another:                                                                                            prose + another,
		"<p class=m>" + said + "</p><p class=d>" + said + "</p>" + prose:                                                                                                                 "<p>" + said + "</p>" + prose,
		"<div class=m>" + prose + "<p>Publicité</p></div><div class=d>" + prose + "<p>Fin.</p></div>":                                                                                    prose,
		// a refrain, what is short, and what is said otherwise
		"<p>" + said + "</p>" + first + "<p>" + said + "</p>" + second:                                                                "<p>" + said + "</p>" + first + "<p>" + said + "</p>" + second,
		"<div><p>Oui.</p>" + first + "</div><div><p>Oui.</p>" + second + "</div>":                                                     "<p>Oui.</p>" + first + "<p>Oui.</p>" + second,
		"<div>" + first + second + "</div><div>" + first + another + "</div>":                                                         prose + another,
		"<div>" + prose + "</div><div><p>" + strings.TrimSuffix(strings.TrimPrefix(first, "<p>"), "</p>") + " Plus encore.</p></div>": prose + strings.TrimSuffix(first, "</p>") + " Plus encore.</p>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+html+"</article>"); a.Body != plain(want) {
			t.Errorf("%s\nis   %s\nwant %s", html, a.Body, plain(want))
		}
	}
}
