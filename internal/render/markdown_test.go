package render_test

import (
	"runtime"
	"strings"
	"testing"

	"facteur/internal/render"
)

func TestChapo(t *testing.T) {
	const title = "Google prépare un **partenariat**"
	tests := []struct{ name, markdown, want string }{
		{"nothing", "", ""},
		{"before the first heading", "Le chapô.\n\n## Suite\n\nLe corps.", "Le chapô."},
		{"setext heading", "Le chapô.\n\nSuite\n-----\n\nLe corps.", "Le chapô."},
		{"no heading", "Un.\n\nDeux.", "Un. Deux."},
		{"title as a line, twice", "Google prépare un partenariat\n\nGoogle prépare un partenariat\n\nLe chapô.\n\n## Suite", "Le chapô."},
		{"title as a heading", "# Google prépare un partenariat\n\nLe chapô.\n\n## Suite\n\nLe corps.", "Le chapô."},
		{"heading first", "## Sommaire\n\n- un\n\n## Un\n\nLe corps.\n\n## Deux\n\nLa suite.", "Le corps."},
		{"only headings", "# Un\n\n## Deux\n\n- trois", ""},
		{"markup", "Un *mot*, un **autre**, `du code` et [un lien](https://example.org/x \"titre\").", "Un mot, un autre, du code et un lien."},
		{"picture", "![alt](https://example.org/x.png) Texte.", "Texte."},
		{"list and quotation", "> Cité.\n\n- un\n- deux\n\nAprès.", "Cité."},
		{"list first", "- un\n- deux\n\nLe chapô.", "Le chapô."},
		{"only a list", "- Mistigri arrive\n- Il parle.\n- Boréal l’achète\n", "Mistigri arrive; Il parle. Boréal l’achète"},
		{"title and a list", "# Google prépare un partenariat\n\n- un\n- deux", ""},
		{"lists of several levels", "1. Un :\n    - a\n    - b\n2. Deux", "Un : a; b; Deux"},
		{"table", "| a | b |\n|---|---|\n| c | d |\n\nLe chapô.", "Le chapô."},
		{"code", "```\nx := 1\n```\n\nLe chapô.\n\n    y := 2\n\nLa suite.", "Le chapô. La suite."},
		{"footnotes", "Un mot[^1], deux[^2], 3<sup>e</sup> et non<sup><a href=\"#n4\">4</a></sup>[^n].\n\n[^1]: Une note.\n    Sa suite.\n[^n]: https://a.example/\n\nLa fin.", "Un mot, deux, 3e et non. La fin."},
		{"picture with a caption", "<figure><img src=\"x.png\"><figcaption>Une photo</figcaption></figure>\n\nLe chapô.", "Le chapô."},
		{"paragraphs of HTML", "<p>Un.</p><p>Deux.<br>Trois.</p><div>Quatre.</div>cinq", "Un. Deux. Trois. Quatre. cinq"},
		{"list and table of HTML", "<p>Un.</p><table><tr><td>a</td><td>b</td></tr></table><p>Deux.</p><ul><li>c</li></ul>", "Un. Deux."},
		{"heading in HTML", "<div><p>Un.</p><h2>Suite</h2><p>Deux.</p></div>", "Un."},
		{"empty heading", "Un.\n\n<h2></h2>\n\nDeux.", "Un."},
		{"what looks like a tag", "Une `List<int>` et une List<int>, a < b.", "Une List<int> et une List<int>, a < b."},
		{"lines of a paragraph", "Une ligne\r\net la suite\u00a0: ici.", "Une ligne et la suite\u00a0: ici."},
		{"hard break", "Une ligne  \net la suite.", "Une ligne et la suite."},
		{"entities", "Q&amp;R &lt;b&gt; &eacute; < 3 & \"cité\"", "Q&R <b> é < 3 & \"cité\""},
		{"HTML", "<p>Le <b>chapô</b>.</p>\n\n<h2>Suite</h2>\n\nLe corps.", "Le chapô."},
		{"script", "Avant.\n\n<script>alert('x')</script>\n\n<style>p{}</style>\n\nAprès.", "Avant. Après."},
		{"javascript link", "[ici](javascript:alert(1)) <a href=\"javascript:x\" onclick=y>là</a>", "ici là"},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := render.Chapo(title, test.markdown); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A text that is about tags keeps them, in code or not.
func TestChapo_tags(t *testing.T) {
	for body, want := range map[string]string{
		"La balise `<title>` compte aussi, et `<script>`.":                         "La balise <title> compte aussi, et <script>.",
		"La balise <title> compte aussi.\n\nEt <section>.":                         "La balise <title> compte aussi. Et <section>.",
		"Tapez `<votre nom>` dans le prompt. La balise <title> compte aussi.":      "Tapez <votre nom> dans le prompt. La balise <title> compte aussi.",
		"<div>\n\nUn texte <b>fort</b>.\n\n</div>\n\n<p>Un autre.":                 "Un texte fort. Un autre.",
		"Un texte.\n\n<script>alert(1)</script>\n\n<section>\n\nUn autre.<br>Fin.": "Un texte. Un autre. Fin.",
	} {
		if got := render.Chapo("", body); got != want {
			t.Errorf("%s\nbegins %q\nwant   %q", body, got, want)
		}
	}
}

func TestSummary(t *testing.T) {
	for _, test := range []struct{ given, want string }{
		{"", ""},
		{"Un résumé : « simple ».", "Un résumé : « simple »."},
		{"<p>Un r&eacute;sum&eacute; en <strong>HTML</strong></p>", "Un résumé en HTML"},
		{"<p>Un.</p><ul><li>Deux</li><li>Trois</li></ul>", "Un. Deux Trois"},
		{"Si a < b, x <3 et List<int> &lt;b&gt; & Q&A", "Si a < b, x <3 et List<int> <b> & Q&A"},
		{"Fin sans fin <b", "Fin sans fin <b"},
		{"https://a.example/?a=1&copy=2&amp;b", "https://a.example/?a=1&copy=2&b"},
		{"Avant <script>alert(1)</script><img src=x alt=y>après<!-- non --> ", "Avant après"},
		{"a&#0;&#x202e;&zwj;b", "a\ufffdb"},
	} {
		if got := render.Summary(test.given); got != test.want {
			t.Errorf("%q became %q, want %q", test.given, got, test.want)
		}
	}
}

func TestWords(t *testing.T) {
	for markdown, want := range map[string]int{
		"":                                     0,
		"## Un titre\n\nTrois mots *ici*.":     5,
		"[un lien](https://example.org/a-b-c)": 2,
		"![image](x.png)":                      0,
		"- a\n- b\n\n```\nc d\n```":            4,
	} {
		if got := render.Words(markdown); got != want {
			t.Errorf("%q has %d words, want %d", markdown, got, want)
		}
	}
}

// Of what is far too long to be an article the beginning is read.
func TestAVeryLongText(t *testing.T) {
	for line, words := range map[string]int{"un deux trois quatre\n": 4, "été ": 1} {
		text := "Le chapô.\n\n## Suite\n\n" + strings.Repeat(line, 2_000_000/len(line))
		want := words * 2_000_000 / len(line)
		if got := render.Words(text); got < want*99/100 || got > want*101/100 {
			t.Errorf("%d words of %q, want about %d", got, line, want)
		}
		if got := render.Chapo("", text); got != "Le chapô." {
			t.Errorf("the chapô is %.80q", got)
		}
	}
	for _, hostile := range []string{"[", "&", "**a", ">", "- a\n", "<b>"} {
		text := strings.Repeat(hostile, 3_500_000/len(hostile))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		render.Words(text)
		render.Chapo("", text)
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 500<<20 {
			t.Errorf("reading %q over and over takes %d MB", hostile, (after.TotalAlloc-before.TotalAlloc)>>20)
		}
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add("# a\n\nb")
	f.Add("<script>x</script>[a](javascript:b)![c](d)")
	f.Add(strings.Repeat("[", 200) + strings.Repeat("*_`", 50))
	f.Add("<ul><li>a<sup><a>1</a></sup><h2>b<table><td>c")
	f.Add("<em>a</em><table><p>b<br/></b><!--c--><img src=d>&lt;e")
	f.Add("&#0;&#x202e;&amp;lt;\x00\r\v")
	f.Fuzz(func(t *testing.T, markdown string) {
		for _, text := range []string{render.PlainText(markdown), render.Summary(markdown), render.Chapo("a", markdown), render.Title(markdown, true), render.Title(markdown, false)} {
			if strings.ContainsAny(text, "\n\r\t\x00\u202e") || strings.Contains(text, "  ") || text != strings.Trim(text, " ") {
				t.Errorf("%q became %q, which is not one clean line", markdown, text)
			}
		}
	})
}
