package render_test

import (
	"strings"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/token"
)

func advertised() newsletter.Sponsor {
	return newsletter.Sponsor{For: "Librairie des Tanneurs", Text: "**Dix pour cent** sur [les essais](https://librairie.example/essais?a=1&b=2) !\n\n<script>alert(1)</script>\n\n![](https://suivi.example/p.png)"}
}

// An advertisement says what it is and for whom in both parts, before its words, in each language.
func TestSponsor(t *testing.T) {
	for lang, marks := range map[string][]string{"fr": {"Publicité", "Annonceur\u00a0: Librairie des Tanneurs"}, "en": {"Advertisement", "Paid for by Librairie des Tanneurs"}} {
		t.Run(lang, func(t *testing.T) {
			f, c, ad := frame(t), content(), advertised()
			f.Newsletter.Language, c.Sponsor = lang, &ad
			parts := edition(t, f, c)
			for _, part := range []string{parts.HTML, strings.ReplaceAll(parts.Text, strings.ToUpper(marks[0]), marks[0])} {
				i, j, k := strings.Index(part, marks[0]), strings.Index(part, marks[1]), strings.Index(part, "Dix pour cent")
				if i < 0 || j < i || k < j {
					t.Errorf("the mark stands at %d, the advertiser at %d, the words at %d:\n%s", i, j, k, part)
				}
			}
			if !strings.Contains(parts.HTML, `href="https://librairie.example/essais?a=1&amp;b=2" rel="sponsored"`) || strings.Count(parts.HTML, "sponsored") != 1 {
				t.Error("the link does not say that it was paid for, or another one does")
			}
			if !strings.Contains(parts.Text, "\nhttps://librairie.example/essais?a=1&b=2\n") {
				t.Errorf("the text part lacks the link:\n%s", parts.Text)
			}
			for _, hostile := range []string{"<script", "suivi.example"} {
				if strings.Contains(parts.HTML+parts.Text, hostile) {
					t.Errorf("%q is in the letter", hostile)
				}
			}
		})
	}
}

// Letters to one person about their subscription advertise nothing, and neither does an edition without an advertisement.
func TestSponsor_nowhereElse(t *testing.T) {
	letters := []string{edition(t, frame(t), content()).HTML}
	for _, kind := range newsletter.LetterKinds() {
		parts, err := renderer(t).Single(kind, []newsletter.Newsletter{frame(t).Newsletter}, render.Terms{WebURL: "https://lettre.pandia.example"})
		if err != nil {
			t.Fatal(err)
		}
		letters = append(letters, parts.HTML)
	}
	for _, letter := range letters {
		if strings.Contains(letter, "sponsored") || strings.Contains(letter, "Publicité") {
			t.Errorf("it advertises:\n%s", letter)
		}
	}
}

func TestAdvertised(t *testing.T) {
	a := render.Advertised(advertised(), "fr")
	if a.For != "Librairie des Tanneurs" || !strings.HasPrefix(a.HTML, "Dix pour cent sur les essais") || !strings.HasPrefix(a.Text, "Dix pour cent sur les essais") {
		t.Errorf("%+v", a)
	}
	if len(a.Links) != 1 || a.Links[0] != "https://librairie.example/essais?a=1&b=2" || strings.Contains(a.HTML, token.TokenMark) {
		t.Errorf("%+v", a)
	}
	if empty := render.Advertised(newsletter.Sponsor{For: "x", Text: "![](https://a.example/a.png)"}, "fr"); empty.HTML != "" {
		t.Errorf("%+v", empty)
	}
}

// What a letter would leave out without a word is refused with what to write in its place; all that a letter shows is taken.
func TestAdvertisable(t *testing.T) {
	for text, want := range map[string]string{
		"![Affiche](https://librairie.example/affiche.png)":        "has a picture, https://librairie.example/affiche.png,",
		"Dix essais.\n\n![](https://librairie.example/a.png)":      "from another server",
		`Nos <a href="https://librairie.example/">dix essais</a>.`: "<a>, and it takes Markdown: write a link as [the words](https://example.org/)",
		"<p>Nos **dix essais**.":                                   "leave an empty line between two paragraphs",
		"Nos essais.\n\n<script>alert(1)</script>":                 "<script>, and it takes Markdown: take it out",
		"Nos <b>dix</b> essais.":                                   "**these**",
		"Nos <EM>dix</EM> essais.":                                 "*these*",
		"Nos essais.<br>Les dix.":                                  `with a \`,
		`<img src="https://librairie.example/a.png">`:              "no picture in an advertisement",
		"Nos essais. <!-- à revoir -->":                            "a comment in HTML",
		"[Nos essais](/essais)":                                    `the link to "/essais"`,
		"[Nos essais](javascript:alert)":                           "leads nowhere",
		"---":                                                      "comes to nothing",
		"[](https://librairie.example/)":                           "comes to nothing",
	} {
		if err := render.Advertisable(text); err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), want) != 1 {
			t.Errorf("%q: %v, want %q once", text, err, want)
		}
	}
	for _, text := range []string{
		advertised().Text[:strings.Index(advertised().Text, "\n")], "Prix < 10 € : `<b>` coûte *moins* que 3 <4 & 5> 2.",
		"[Nos essais][1]\n\n[1]: https://librairie.example/", "<https://librairie.example/>", "[Écrire](mailto:a@librairie.example)", "Une ligne\\\nune autre.",
	} {
		if err := render.Advertisable(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
