package preflight_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
	"facteur/internal/token"
)

// hostile are letters that want to be expensive, or to be read otherwise than they are.
func hostile() map[string]string {
	return map[string]string{
		"deep":            strings.Repeat("<div>", 50_000),
		"deep and hidden": strings.Repeat(`<b style="display:none">`, 10_000),
		"formatting":      strings.Repeat(`<b a><i b><p c>x`, 10_000),
		"many headings":   strings.Repeat("<h2>a<h4>b", 20_000),
		"many links":      strings.Repeat(`<a href="https://pandia.example/a">`, 8_000),
		"links anew":      "<a href=https://a.example/" + strings.Join(strings.Split(strings.Repeat("x", 9_000), ""), ">x</a><a href=https://a.example/"),
		"pictures":        strings.Repeat("<img src=x onerror=y style=color:red>", 8_000),
		"styles":          "<style>" + strings.Repeat(".a .b > .c, .d .e{color:red}", 5_000) + "</style>" + strings.Repeat("<p class=a>x", 5_000),
		"sheets":          strings.Repeat("<style>.a .b{color:red}</style><p class=b>x", 6_000),
		"blocks":          "<style>" + strings.Repeat("@media x{", 30_000) + "</style>",
		"comments":        strings.Repeat("<!--[if mso]><table><![endif]-->", 9_000),
		"open comment":    "<!--[if mso]><script>" + strings.Repeat("<", 100_000),
		"declarations":    `<p style="` + strings.Repeat("color:red;", 29_000) + `">x`,
		"brackets":        `<p style="` + strings.Repeat("(", 290_000) + `">x`,
		"placeholders":    "<p>" + strings.Repeat(token.DayMark, 40_000),
		"tables":          strings.Repeat("<table><tr><td>", 15_000),
		"svg":             "<svg><style><![CDATA[</style><script>x</script>]]></style><title><img src=x onerror=y></title></svg>",
		"not UTF-8":       "<p title=\"\xff\xfe\">\x00\xed\xa0\x80<a href=\"java\x00script:x\">y",
		"far too long":    strings.Repeat("<p>a", 100_000),
	}
}

// However a letter is made, the look at it ends and says something that can be shown.
func TestHostileLetters(t *testing.T) {
	for name, html := range hostile() {
		t.Run(name, func(t *testing.T) {
			l := preflight.Letter{
				Newsletter: hebdo(t, "fr"), WebURL: webURL, Content: content(t), Subject: html[:min(len(html), 1000)], HTML: html, Text: html, Needs: []token.Purpose{token.Leave},
			}
			fit(t, preflight.Look(l))
		})
	}
}

func fit(t *testing.T, all []preflight.Finding) {
	t.Helper()
	if len(preflight.Blocking(all)) == 0 {
		t.Error("nothing blocks it")
	}
	if len(all) > 300 {
		t.Errorf("%d findings", len(all))
	}
	for _, f := range all {
		if f.What == "" || f.Cure == "" || strings.ContainsAny(f.Place.Text+f.Place.Story, "\n\r") {
			t.Errorf("%+v", f)
		}
	}
	if _, err := json.Marshal(all); err != nil {
		t.Error(err)
	}
}

// FuzzLook: no letter stops the look, and none with a script, a handler or a script's address passes.
func FuzzLook(f *testing.F) {
	for _, html := range hostile() {
		f.Add(html[:min(len(html), 500)], "text", "subject", "color:red")
	}
	f.Add("<p style=\"color:#777\">", "https://a.example/ &nbsp;", "RE: À LIRE !!!", ".a{color:red}@media (prefers-color-scheme: dark){*{color:#000 !important}}")
	f.Add("<ScRiPt>x</ScRiPt >", "", "🎉🎉", "@import 'x'")
	f.Add("<a href='java\nscript:x'>ici</a>", "", "", "")
	n := hebdo(f, "fr")
	f.Fuzz(func(t *testing.T, html, text, subject, css string) {
		l := preflight.Letter{
			Newsletter: n, WebURL: webURL, Subject: subject, Text: text, Needs: []token.Purpose{token.Leave},
			HTML:    "<!DOCTYPE html><html lang=fr><head><style>" + css + "</style></head><body>" + html + "</body></html>",
			Content: newsletter.Content{Number: 1, Lead: &newsletter.Story{URL: "https://a.example/", Title: subject}},
			Links:   map[string]preflight.Failure{"https://a.example/": {Reason: "gone"}},
		}
		all := preflight.Look(l)
		for _, one := range all {
			if one.What == "" || one.Cure == "" || utf8.RuneCountInString(one.Place.String()) > 400 {
				t.Errorf("%+v", one)
			}
		}
		lower := strings.ToLower(html)
		if strings.HasPrefix(lower, "<script>") && !strings.Contains(lower, "</style") && !strings.Contains(strings.ToLower(css), "<") &&
			len(l.HTML) < 1000 && found(all, "forbidden-element", "") == nil {
			t.Errorf("a script passes: %q, %q", html, css)
		}
	})
}
