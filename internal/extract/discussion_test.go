package extract_test

import (
	"strings"
	"testing"
)

// What others say of an article elsewhere is none of it; what an article says of such messages is.
func TestPage_webmentions(t *testing.T) {
	for _, html := range []string{
		"<section class=webmentions><h3>Webmentions</h3><ol><li>Lena liked this</li><li><p>Lovely piece, thank you so much for writing it up.</p></li></ol></section>", "<div><h2>2 Webmentions</h2><ul><li>Lena reposted this</li><li>A fine thing to read.</li></ul></div>",
		"<h3>Mentions</h3><ul><li>Lena a aimé cet article</li><li>Paul a partagé</li></ul>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+html+"</article>"); !strings.HasSuffix(a.Body, "essayé.") {
			t.Errorf("%s: %q", html, a.Body)
		}
	}
	for _, html := range []string{"<h2>Webmentions</h2>" + partOne, "<h2>Mentions</h2><ul><li>Le jury a aimé le film, qui a reçu deux prix.</li></ul>" + partOne} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+html+"</article>"); !strings.Contains(a.Body, "entions\n\n") || !strings.Contains(a.Body, "trois équipes") {
			t.Errorf("%s: %q", html, a.Body)
		}
	}
}
