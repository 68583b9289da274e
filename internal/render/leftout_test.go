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
		"<a href=' JavaScript:x'>a</a>":                                      "a link that is no address",
		"<a href='vbscript:x'>a</a> <a href=/p>b</a> <a href=mailto:a@b.fr>": "a link that is no address",
		"[b](javascript:x)":                                                  "",
		"un <a href=\"https://a.fr suite":                                    "markup that does not end, and stands among the words",
		"un <!-- et la suite":                                                "a comment that does not end, and all that follows it",
		"un <!-- mot --> et 1 <b = 2":                                        "",
		"La balise <title> et la balise <script> comptent.":                  "",
		"a\u202eb": "characters that nobody sees",
	} {
		if got := strings.Join(render.LeftOut(text), ", "); got != want {
			t.Errorf("of %q is left out %q, want %q", text, got, want)
		}
	}
}

func TestLeftOutOfBody(t *testing.T) {
	const noAddress = "a link that is no address"
	for text, want := range map[string]string{
		"# Un\n\n[a](https://a.fr) [b](mailto:a@b.fr) [c](/d) [e](#f) <https://a.fr>\n\n> cité": "",
		"`<script>` et\n\n```\n<iframe onload=x>\n<a href=\n```\n":                              "",
		"[x](<javascript:alert(1)>)":       noAddress,
		"[x]( javascript:alert )":          noAddress,
		"[x][1]\n\n[1]: javascript:alert":  noAddress,
		"[x](vbscript:y) [z](data:text)":   noAddress,
		"un\n\n<script>x</script>\n\ndeux": "<script>",
		"La balise <title> compte.":        "",
		"un <a href=\"x suite":             "markup that does not end, and stands among the words",
		"<!-- tout -->":                    "all of its text, which no reader could see",
		"":                                 "",
	} {
		if got := strings.Join(render.LeftOutOfBody(text), ", "); got != want {
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
		render.LeftOutOfBody(text)
		if out := render.LeftOut(plain); !strings.ContainsAny(plain, "<[") && len(out) > 0 {
			t.Fatalf("of %q is left out %q", plain, out)
		}
	})
}
