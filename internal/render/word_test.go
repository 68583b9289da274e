package render_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/token"
)

const said = "Chères lectrices, chers lecteurs : l'été **revient**, *enfin* !\n\n" +
	"Lisez [notre *grande* enquête](https://pandia.example/enquete?a=1&b=2), puis écrivez-nous : <redaction@pandia.example>.\n\n" +
	"## Un intertitre\n\n- un point\n- deux\n\n<script>alert(1)</script>\n\n<b onclick=\"x()\">et</b> [non](javascript:alert(1)) ![image](https://suivi.example/p.png)"

func TestWordOfTheEditor(t *testing.T) {
	c := content()
	c.Word = &newsletter.Word{Text: said, By: "Camille, rédactrice en chef"}
	parts := edition(t, frame(t), c)
	for _, want := range []string{
		"Chères lectrices, chers lecteurs\u00a0: l’été <strong>revient</strong>, <em>enfin</em>\u00a0!</p>", ">notre grande enquête</a>, puis",
		`href="https://pandia.example/enquete?a=1&amp;b=2"`, `href="mailto:redaction@pandia.example"`, "—\u00a0Camille, rédactrice en chef</p>",
	} {
		if !strings.Contains(parts.HTML, want) {
			t.Errorf("the HTML lacks %q", want)
		}
	}
	for _, hostile := range []string{"<script", "onclick", "javascript:", "suivi.example"} {
		if strings.Contains(parts.HTML, hostile) || strings.Contains(parts.Text, hostile) {
			t.Errorf("%q is in the letter", hostile)
		}
	}
	_, text, _ := strings.Cut(parts.Text, "LE MOT DE LA RÉDACTION\n")
	text, _, _ = strings.Cut(text, "À LA UNE")
	want := `----------------------

Chères lectrices, chers lecteurs : l’été revient, enfin !

Lisez notre grande enquête, puis écrivez-nous : redaction@pandia.example.
https://pandia.example/enquete?a=1&b=2

Un intertitre

un point

deux

et non

— Camille, rédactrice en chef


`
	if diff := cmp.Diff(strings.ReplaceAll(want, "\u00a0", " "), strings.ReplaceAll(text, "\u00a0", " ")); diff != "" {
		t.Error(diff)
	}
}

// Where a paragraph has several links, the text part says which is which; an address that was written out needs no name.
func TestWordNamesItsLinks(t *testing.T) {
	c := content()
	c.Word = &newsletter.Word{Text: "Lisez [l'enquête](https://pandia.example/a), [un guide](https://pandia.example/b) et https://pandia.example/c aussi."}
	want := "Lisez l’enquête, un guide et aussi.\nl’enquête :\nhttps://pandia.example/a\nun guide :\nhttps://pandia.example/b\nhttps://pandia.example/c\n"
	if text := strings.ReplaceAll(edition(t, frame(t), c).Text, "\u00a0", " "); !strings.Contains(text, want) {
		t.Errorf("%q is not in\n%s", want, text)
	}
}

func TestWordSaysNothing(t *testing.T) {
	c := content()
	c.Word = &newsletter.Word{Text: "<!-- rien -->"}
	if parts := edition(t, frame(t), c); strings.Contains(parts.HTML, "Le mot de") || strings.Contains(parts.Text, "LE MOT DE") {
		t.Error("a heading stands over no word")
	}
}

// FuzzWord looks for Markdown that brings more into a letter than words, emphasis and links to the web.
func FuzzWord(f *testing.F) {
	r, fr := renderer(f), frame(f)
	for _, seed := range []string{
		said, "", "<", "[a](b)", "[](https://a.example)", "**", "a\n\n\n\nb", "[x](https://a.example/\"onclick=\")", "<a href=\"https://a.example\">x", "`code`",
		"u" + token.TokenMark, "~sin**ce~** ~since~~", "<mailto:a b>", "[x](mailto:a@b.example?subject=x%0d%0abcc:c)", "| a |\n|---|\n| b |", "> cité", "\u202egnp\x00\xff",
	} {
		f.Add(seed)
	}
	allowed := []string{"a", "br", "em", "p", "strong"}
	f.Fuzz(func(t *testing.T, text string) {
		c := content()
		c.Word = &newsletter.Word{Text: text}
		parts, err := r.Edition(fr, c)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(parts.HTML, token.TokenMark); n != 2 {
			t.Fatalf("%d places for tokens", n)
		}
		if strings.Count(parts.Text, token.TokenMark) != 2 || strings.Count(parts.Text, token.DayMark) != 1 || strings.Count(parts.HTML, token.DayMark) != 1 {
			t.Fatal("a place of the reader's own was brought in")
		}
		_, word, found := strings.Cut(parts.HTML, "Le mot de la rédaction</h2>")
		if !found {
			return
		}
		word, _, _ = strings.Cut(word, "</td>")
		tokens := html.NewTokenizer(strings.NewReader(word))
		for tokens.Next() != html.ErrorToken {
			tag := tokens.Token()
			if tag.Type == html.TextToken || tag.Type == html.EndTagToken {
				continue
			}
			if !slices.Contains(allowed, tag.Data) {
				t.Fatalf("the letter has %s", tag)
			}
			for _, a := range tag.Attr {
				switch {
				case a.Key == "class" || a.Key == "style":
				case a.Key == "href" && (strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "mailto:")):
				default:
					t.Fatalf("the letter has %s", tag)
				}
			}
		}
	})
}

func TestSayable(t *testing.T) {
	for _, nothing := range []string{"![Un dessin](https://example.org/a.png)", "<!-- plus tard -->", "---", "[](https://example.org/)"} {
		if err := render.Sayable(nothing); err == nil {
			t.Errorf("%q can be said", nothing)
		}
	}
	for _, text := range []string{"Bonjour.", "![Un dessin](https://example.org/a.png) Bonjour.", "<b>Bonjour</b>", "[Nos essais](https://example.org/)"} {
		if err := render.Sayable(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
