package extract_test

import (
	"fmt"
	"strings"
	"testing"
)

// Where a page names no picture, the one above the text in its article counts, whatever it stands in; nobody's portrait does, nor a sign.
func TestPage_pictureAbove(t *testing.T) {
	frames := []string{"<main><article><h1>T</h1>%s<div class=field--name-body>%s</div></article></main>", "<main><div class=item-page itemscope itemtype='https://schema.org/Article'><h1>T</h1>%s<div itemprop=articleBody>%s</div></div></main>", "<div id=content><article class=node><h1>T</h1><div class=node__content>%s<div class=text>%s</div></div></article></div>", "<div class=page><div id=content><div class=cartouche>%s<h1>T</h1></div><div class=texte>%s</div></div></div>"}
	check := func(above, want string) {
		t.Helper()
		for _, frame := range frames {
			if a := takes(t, "<title>T</title>"+fmt.Sprintf(frame, above, prose+another)); a.Picture != want {
				t.Errorf("%s in %s: %q", above, frame, a.Picture)
			}
		}
	}
	const own = "https://site.example/i/moulin.jpg"
	for _, above := range []string{
		"<div class='field field--name-field-image'><img src=/i/moulin.jpg width=1200 height=675 alt='Le moulin'></div>", "<figure class='left item-image'><img src=/i/moulin.jpg itemprop=thumbnailUrl></figure>", "<div class=hero><picture><source srcset=/i/x.webp><img src=/i/moulin.jpg></picture></div>",
		"<a href=/i/moulin-grand.jpg><img class=wp-post-image src=/i/moulin.jpg></a>", "<p><img src=data:image/gif;base64,R0 data-src=/i/moulin.jpg></p>", "<img class='spip_logo spip_logos' src=/i/moulin.jpg width=200 height=133>", "<div class=meta><img src=/a.jpg class=avatar></div><div><img src=/i/moulin.jpg></div>",
	} {
		check(above, own)
	}
	for _, above := range []string{"<div class=author-box><img src=/i/ana.jpg></div>", "<img class=avatar src=/i/ana.jpg>", "<a href=/><img src=/i/enseigne.png></a>", "<img src=/i/point.gif width=100 height=20>", "<a href=/autre><img src=/i/autre.jpg></a>"} {
		check(above, "")
	}
	if a := takes(t, "<title>T</title><article><h1>T</h1><div><img src=/i/moulin.jpg></div><div>"+prose+"<p><img src=/i/port.jpg alt=port></p>"+another+"</div></article>"); !strings.HasPrefix(a.Picture, "https://site.example/i/") {
		t.Errorf("%q", a.Picture)
	}
	if a := takes(t, "<title>T</title><meta property=og:image content=/i/une.jpg><article><h1>T</h1><div><img src=/i/moulin.jpg></div><div>"+prose+"</div></article>"); a.Picture != "https://site.example/i/une.jpg" {
		t.Errorf("%q", a.Picture)
	}
}
