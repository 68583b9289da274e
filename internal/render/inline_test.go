package render_test

import (
	"strings"
	"testing"

	"facteur/internal/render"
)

// A paragraph is set as its reader sees it, whatever markup is between the words.
func TestHTMLSetsWordsAcrossMarkup(t *testing.T) {
	for _, tt := range [][2]string{
		{"l'**IA** d'`API`", "<p>l’<strong>IA</strong> d’<code>API</code></p>"},
		{`Un "*texte*" ici`, "<p>Un «~<em>texte</em>~» ici</p>"},
		{"Lisez [le dossier](https://a.fr)!", `<p>Lisez <a href="https://a.fr" rel="noopener noreferrer">le dossier</a>~!</p>`},
		{"**10** % de `a ? b`: oui", "<p><strong>10</strong>~% de <code>a ? b</code>~: oui</p>"},
		{"un\\\n! deux", "<p>un<br>\n! deux</p>"},
		{"- un: *deux*!\n- trois!", "<ul>\n<li>un~: <em>deux</em>~!</li>\n<li>trois~!</li>\n</ul>"},
		{`Il dit <span lang="en">"It's fine: yes!"</span>: bien!`, "<p>Il dit “It’s fine: yes!”~: bien~!</p>"},
		{`Il dit <i lang=en>yes!`, "<p>Il dit yes!</p>"},
		{`Il dit <span>oui!</span>`, "<p>Il dit oui~!</p>"},
	} {
		if got, want := strings.TrimSpace(string(render.HTML(tt[0], "fr"))), strings.ReplaceAll(tt[1], "~", "\u00a0"); got != want {
			t.Errorf("%q\n got %q\nwant %q", tt[0], got, want)
		}
	}
}
