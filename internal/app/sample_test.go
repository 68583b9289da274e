package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
)

func TestSampleAt(t *testing.T) {
	const site = "http://127.0.0.1:8025/site/"
	for _, test := range []struct{ name, url, body, wantURL, wantBody string }{
		{
			"a sample that links to samples", "https://pandia.example/guides/a",
			"[b](https://pandia.example/b?x=1#c), <https://pandia.example/d>\n\n[e]: https://pandia.example/",
			site + "guides/a", "[b](" + site + "b?x=1#c), <" + site + "d>\n\n[e]: " + site,
		},
		{
			"another site", "https://ailleurs.example/a", "[b](https://www.pandia.example/b) https://pandia.example.org/",
			"https://ailleurs.example/a", "[b](https://www.pandia.example/b) https://pandia.example.org/",
		},
		{"an address within an address", "https://ailleurs.example/?u=https://pandia.example/a", "", "https://ailleurs.example/?u=https://pandia.example/a", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := sampleAt(site, newsletter.Article{URL: test.url, Title: "t", Body: test.body})
			if diff := cmp.Diff(newsletter.Article{URL: test.wantURL, Title: "t", Body: test.wantBody}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
