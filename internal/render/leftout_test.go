package render_test

import (
	"strings"
	"testing"

	"facteur/internal/render"
)

func TestLeftOut(t *testing.T) {
	for text, want := range map[string]string{
		"Un texte, a < b, List<int>, **fort** et [lien](https://a.example).": "",
		"<p>Un <em>mot</em> <a href=\"https://a.example\">et</a>":            "",
		"Famille 👨‍👩‍👧, e\u0301té\u00a0: oui":                                "",
		"<script>x</script><SCRIPT>y":                                        "<script>",
		"<b onclick=x()>a</b><iframe src=x>":                                 "onclick, <iframe>",
		"<a href=' JavaScript:x'>a</a> [b](javascript:x)":                    "a link that is no address",
		"a\u202eb": "characters that nobody sees",
	} {
		if got := strings.Join(render.LeftOut(text), ", "); got != want {
			t.Errorf("of %q is left out %q, want %q", text, got, want)
		}
	}
}

// FuzzLeftOut looks for a text that ends the program, and for a clean one that is complained about.
func FuzzLeftOut(f *testing.F) {
	for _, seed := range []string{"", "<script", "<a href=", "a\u202eb", "\xff", "<b on=1>", "[x](javascript:y)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := render.PlainText(text)
		if out := render.LeftOut(plain); !strings.ContainsAny(plain, "<[") && len(out) > 0 {
			t.Fatalf("of %q is left out %q", plain, out)
		}
	})
}
