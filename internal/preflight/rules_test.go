package preflight_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
	"facteur/internal/render"
)

type edit func(t *testing.T, l *preflight.Letter)

// html changes a piece of the HTML that must be there.
func html(old, now string) edit {
	return func(t *testing.T, l *preflight.Letter) {
		t.Helper()
		if !strings.Contains(l.HTML, old) {
			t.Fatalf("the letter has no %q:\n%s", old, l.HTML)
		}
		l.HTML = strings.Replace(l.HTML, old, now, 1)
	}
}

// everywhere changes a piece of the HTML wherever it stands.
func everywhere(old, now string) edit {
	return func(t *testing.T, l *preflight.Letter) {
		t.Helper()
		if !strings.Contains(l.HTML, old) {
			t.Fatalf("the letter has no %q", old)
		}
		l.HTML = strings.ReplaceAll(l.HTML, old, now)
	}
}

// within puts a piece of HTML into the lead story, which is told of.
func within(piece string) edit { return html("</h3>", "</h3>"+piece) }

// leaving puts the way out between other words, and styles it.
func leaving(style string) edit {
	return html("Se désinscrire", `<span class="leave" style="`+style+`">Se désinscrire</span>`)
}

// styled puts a rule into the style sheet.
func styled(rule string) edit { return html("<style>", "<style>"+rule) }

func text(old, now string) edit {
	return func(t *testing.T, l *preflight.Letter) {
		t.Helper()
		if !strings.Contains(l.Text, old) {
			t.Fatalf("the text has no %q:\n%s", old, l.Text)
		}
		l.Text = strings.Replace(l.Text, old, now, 1)
	}
}

func subject(s string) edit { return func(_ *testing.T, l *preflight.Letter) { l.Subject = s } }

// titled is a subject that was made of this title.
func titled(title, s string) edit {
	return with(func(l *preflight.Letter) {
		lead := *l.Content.Lead
		lead.Title, l.Content.Lead, l.Subject = title, &lead, s
	})
}

func with(f func(l *preflight.Letter)) edit {
	return func(_ *testing.T, l *preflight.Letter) { f(l) }
}

// pictured shows a picture with the lead story, for which these words stand.
func pictured(alt string) edit {
	return with(func(l *preflight.Letter) {
		lead := *l.Content.Lead
		lead.Picture = &newsletter.Picture{Name: "00000000000000000000000000000000.jpg", Width: 9, Height: 9, Alt: alt}
		l.Content.Lead = &lead
	})
}

func gone(address string) map[string]preflight.Failure {
	return map[string]preflight.Failure{address: {Story: "Titre", Reason: "404 Not Found", At: time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)}}
}

func failedLink(address string) edit {
	return with(func(l *preflight.Letter) { l.Links = gone(address) })
}

func failed(address string) edit {
	return with(func(l *preflight.Letter) { l.Pictures = gone(address) })
}

// advertised puts an advertisement into the letter, which is then as the product makes it.
func advertised(t *testing.T, l *preflight.Letter) {
	t.Helper()
	advertises(content(t), "Dix pour cent sur [les essais de la rentrée](https://librairie.example/essais), jusqu’à dimanche.")(t, l)
}

// advertises makes a letter that shows an advertisement among what else it says.
func advertises(c newsletter.Content, words string) edit {
	return func(t *testing.T, l *preflight.Letter) {
		t.Helper()
		c.Sponsor = &newsletter.Sponsor{For: "Librairie des Tanneurs", Text: words}
		*l = edition(t, renderer(t), hebdo(t, "fr"), c)
		ad := preflight.Advertisement(render.Advertised(*c.Sponsor, "fr"))
		l.Sponsor = &ad
	}
}

// quoting is an edition whose editor, lead story and last story say what its advertisement does.
func quoting(words string) newsletter.Content {
	return newsletter.Content{
		Number: 42, Subject: "Un titre", Preheader: "Un résumé.", Word: &newsletter.Word{Text: words},
		Lead: &newsletter.Story{URL: "https://pandia.example/titre", Title: "Un titre", Summary: words},
		Chapters: []newsletter.Chapter{{Title: "Guides", Stories: []newsletter.Story{
			{URL: "https://pandia.example/long", Title: "Un guide", Summary: strings.Repeat("Il prend son temps pour tout dire. ", 9)},
			{URL: "https://pandia.example/cite", Title: "Une citation", Summary: words},
		}}},
	}
}

// copies changes what the second reader gets.
func copies(old, now string) edit {
	return func(t *testing.T, l *preflight.Letter) {
		t.Helper()
		if !strings.Contains(string(l.Copies[1]), old) {
			t.Fatalf("the copy has no %q:\n%s", old, l.Copies[1])
		}
		l.Copies[1] = []byte(strings.Replace(string(l.Copies[1]), old, now, 1))
	}
}

// both does two things.
func both(a, b edit) edit {
	return func(t *testing.T, l *preflight.Letter) { t.Helper(); a(t, l); b(t, l) }
}

func title(s string) func(*preflight.Letter) {
	return func(l *preflight.Letter) { l.Content.Chapters[0].Stories[0].Title = s }
}

// addresses gives two stories of a chapter others.
func addresses(one, other string) func(*preflight.Letter) {
	return func(l *preflight.Letter) {
		l.Content.Chapters[0].Stories[0].URL, l.Content.Chapters[1].Stories[0].URL = one, other
	}
}

const (
	lead   = "https://pandia.example/actualites/google-anthropic?%c3%a9=1&b=2"
	image  = `<img src="https://lettre.pandia.example/i/a.jpg" width="544" height="306" border="0" alt="Un centre de calcul" style="display:block;max-width:100%;height:auto">`
	beyond = "Mozilla" // text that is in no letter
)

// Each rule is tripped by one letter, and not by another that comes near. The one by default is the product's own.
var rules = []struct {
	rule     string
	severity preflight.Severity
	trips    edit
	near     edit   // nil: the letter as it is
	place    string // the beginning of the place that is named; empty: any
}{
	{"too-large", preflight.Blocks, within("<p>" + strings.Repeat("mot ", 25_000) + "</p>"), within("<p>" + strings.Repeat("mot ", 18_000) + "</p>"), "HTML"},
	{"large", preflight.Warns, within("<p>" + strings.Repeat("mot ", 18_000) + "</p>"), within("<p>" + strings.Repeat("mot ", 10_000) + "</p>"), "HTML"},
	{"html-unreadable", preflight.Blocks, within(strings.Repeat("<div>", 1000)), within(strings.Repeat("<div>", 20) + strings.Repeat("</div>", 20)), "HTML"},

	{"subject-empty", preflight.Blocks, subject(" "), nil, "the subject"},
	{"subject-long", preflight.Warns, subject(strings.Repeat("é", 61)), subject(strings.Repeat("e\u0301", 60)), "the subject: é"},
	{"subject-capitals", preflight.Warns, subject("TOUT SUR LA NOUVELLE IA"), subject("SNCF, RATP et LVMH misent sur l’IA"), ""},
	{"subject-capitals", preflight.Warns, subject("Voici une NOUVELLE VRAIMENT INCROYABLE à lire dès ce matin sans tarder"), subject("Le PDG de LVMH"), ""},
	{"subject-wordless", preflight.Warns, subject("🎉 !"), subject("🎉 3"), "the subject"},
	{"subject-cut", preflight.Warns, subject("Puissance de calcul : Google et…"), subject("Et puis…"), "the subject"},
	{"subject-cut", preflight.Warns, subject("Puissance de calcul : Google et… (n°\u00a05)"), subject("Puissance… de calcul"), "the subject"},
	{"subject-cut", preflight.Warns, titled("Le préfet : « Nous irons au bout », dit-il", "Le préfet : «\u00a0Nous irons…\u00a0»"), titled("« Nous… »", "«\u00a0Nous…\u00a0»"), "the subject"},
	{"subject-exclaims", preflight.Warns, subject("À lire\u00a0!\u00a0!"), subject("À lire\u00a0!"), ""},
	{"subject-emoji", preflight.Warns, subject("🎉 Une fête 🎉"), subject("Une fête 👩🏽‍🚀"), ""},
	{"subject-emoji", preflight.Warns, subject("Une 🎉 fête"), subject("🎉 Une fête !"), ""},
	{"subject-pretends", preflight.Warns, subject("RE\u00a0: votre demande"), subject("Rester ou partir"), ""},
	{"subject-is-preheader", preflight.Warns, both(subject("Le calcul"), with(func(l *preflight.Letter) { l.Preheader = "le calcul !" })), nil, ""},
	{"subject-again", preflight.Warns, with(func(l *preflight.Letter) { l.Earlier = 41 }), nil, ""},
	{"preheader-empty", preflight.Warns, with(func(l *preflight.Letter) { l.Preheader = "" }), nil, "the preheader"},
	{"preheader-not-first", preflight.Warns, html("<div style=\"display:none", "<p>Avant</p><div style=\"display:none"), html("</div>", "<span aria-hidden=\"true\">&#847;&zwnj;&nbsp;</span></div>"), "HTML"},
	{"sender-without-name", preflight.Warns, with(func(l *preflight.Letter) { l.Newsletter.Sender.Name = "" }), nil, "its header: lettre@pandia.example"},
	{"sender-takes-no-reply", preflight.Warns, with(func(l *preflight.Letter) { l.Newsletter.Sender.Address = "no-reply@pandia.example" }),
		with(func(l *preflight.Letter) {
			l.Newsletter.Sender.Address, l.Newsletter.Sender.ReplyTo = "no-reply@pandia.example", "redaction@pandia.example"
		}), ""},

	{"duplicate-article", preflight.Blocks, with(func(l *preflight.Letter) { l.Content.Chapters[0].Stories[0].URL = l.Content.Lead.URL }), with(addresses("https://s.example/a%2Fb", "https://s.example/a/b")),
		"the letter, story “« Poids ouverts"},
	{"duplicate-article", preflight.Blocks, with(addresses("https://s.example/?q=+1", "https://s.example/?q=+1")), with(addresses("https://s.example/?q=+1", "https://s.example/?q=%2B1")), ""},
	{"title-direction", preflight.Warns, with(title("Un titre \u202eerttel\u202c")), with(title("Un titre עברית")), "the letter, story"},
	{"duplicate-title", preflight.Warns, with(title("Vérifier une réponse d'IA en dix minutes !")), with(title("Vérifier une réponse d’IA en cinq minutes")), ""},

	{"articles-beyond", preflight.Warns, with(func(l *preflight.Letter) { l.Content.Beyond = 1 }), nil, "the letter"},
	{"summary-missing", preflight.Warns, with(func(l *preflight.Letter) { l.Content.Lead.Summary = "" }),
		with(func(l *preflight.Letter) { l.Content.Lead.Summary, l.Content.Lead.Words = "", 0 }), "the letter, story"},
	{"article-cut", preflight.Warns, with(func(l *preflight.Letter) { l.Content.Lead.LeftOut = []string{"a script"} }), nil, "the letter, story"},

	{"footer-field-missing", preflight.Blocks, everywhere("12, rue des Tanneurs", beyond), everywhere("12, rue des Tanneurs, ", "12, rue des Tanneurs<br>"), "HTML"},
	{"footer-field-missing", preflight.Blocks, text("75013 Paris", beyond), text("75013 Paris", "75013\nParis"), "text part"},
	{"footer-field-missing", preflight.Blocks, with(func(l *preflight.Letter) { l.Newsletter.Sender.Publisher = "" }), nil, "the letter"},
	{"footer-field-missing", preflight.Blocks, everywhere("redaction@pandia.example", beyond), nil, "HTML"},
	{"footer-field-missing", preflight.Blocks, html("https://pandia.example/mentions-legales", "https://pandia.example/"), nil, "HTML"},
	{"footer-field-missing", preflight.Blocks, text("https://pandia.example/confidentialite", ""), text("https://pandia.example/confidentialite", "100 % https://pandia.example/confidentialit%65"), "text part"},
	{"footer-field-missing", preflight.Blocks, html("Se désinscrire", ""), html("Se désinscrire", `<img src="https://a.example/a.png" alt="Partir" width="9" height="9">`), "HTML"},
	{"footer-field-missing", preflight.Blocks, text("u-token-of-the-reader", ""), nil, "text part"},
	{"footer-field-missing", preflight.Blocks, html("~since~", beyond), nil, "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("height:0;overflow:hidden"), leaving("height:0;overflow:visible"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("max-height:0px;overflow-y:hidden"), leaving("max-height:40px;overflow-y:hidden"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("text-indent:-9999px"), leaving("text-indent:-2px"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("font-size:4px"), leaving("font-size:14px"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("font-size:10%"), leaving("font-size:90%"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("font:1px/1px serif"), leaving("font:700 16px/20px serif"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("position:absolute;left:-999em"), leaving("position:absolute;left:10px"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("margin:0 0 0 -5000px"), leaving("margin:0 0 0 -5px"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("color:transparent"), leaving("color:#222222"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("color:rgba(0, 0, 0, 0)"), leaving("color:rgb(0, 0, 0)"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("color:#ffffff00"), leaving("color:#222222"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("clip-path:circle(0)"), leaving("clip-path:none"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("clip:rect(0 0 0 0)"), leaving("clip:auto"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("transform:scale(0)"), leaving("transform:scale(1.1)"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("transform:translatex(-200%)"), leaving("transform:translatex(-2%)"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("opacity:0.01"), leaving("opacity:1"), "HTML"},
	{"footer-field-missing", preflight.Blocks, leaving("visibility:collapse"), leaving("visibility:visible"), "HTML"},
	{"footer-field-missing", preflight.Blocks, both(leaving(""), styled(".leave { display: none }")), both(leaving(""), styled("@media print { .leave { display: none } }")), "HTML"},
	{"footer-field-missing", preflight.Blocks, both(leaving(""), styled("[data-ogsc] .leave, .x { color: transparent !important }")), both(leaving(""), styled("[data-ogsc] .left { color: transparent !important }")), "HTML"},
	{"footer-field-missing", preflight.Blocks, both(leaving(""), styled("@media (prefers-color-scheme: dark) { .leave { font-size: 0 } }")), leaving(""), "HTML"},
	{"footer-field-missing", preflight.Blocks, html("Se désinscrire", "… ·"), html("Se désinscrire", "Oui"), "HTML"},
	{"footer-field-missing", preflight.Blocks, html("Se désinscrire", "&zwnj;ㅤ"), nil, "HTML"},
	{"list-header-missing", preflight.Blocks, with(func(l *preflight.Letter) {
		l.Copies[0] = []byte(strings.Replace(string(l.Copies[0]), "List-Unsubscribe-Post", "X-Post", 1))
	}), nil, "its header: List-Unsubscribe-Post"},
	{"list-header-unwanted", preflight.Blocks, with(func(l *preflight.Letter) { l.Needs = nil }), nil, "its header"},

	{"forbidden-element", preflight.Blocks, within("<script>alert(1)</script>"), nil, "HTML, line 57, story “Puissance de calcul"},
	{"forbidden-element", preflight.Blocks, within("<form></form>"), within("<p>un &lt;form&gt;</p>"), ""},
	{"forbidden-element", preflight.Blocks, within("<svg><circle></svg>"), nil, ""},
	{"forbidden-element", preflight.Blocks, within("<iframe></iframe>"), nil, ""},
	{"forbidden-element", preflight.Blocks, html("<title>", `<link rel="stylesheet" href="https://a.example/a.css"><title>`), nil, ""},
	{"forbidden-element", preflight.Blocks, html("<title>", `<meta http-equiv="Refresh" content="0"><title>`), nil, ""},
	{"forbidden-element", preflight.Blocks, within("<!--[if mso]><script>x</script><![endif]-->"), within("<!-- <script> -->"), "HTML: in a comment that Outlook reads"},
	{"forbidden-attribute", preflight.Blocks, within(`<p srcdoc="x">a</p>`), nil, ""},
	{"forbidden-attribute", preflight.Blocks, within(`<a href="https://a.example/" ping="https://b.example/">un mot</a>`), nil, ""},
	{"event-handler", preflight.Blocks, within(`<p OnClick="x()">a</p>`), nil, ""},
	{"event-handler", preflight.Blocks, within(`<p style="width:expression(alert(1))">a</p>`), nil, ""},
	{"forbidden-address", preflight.Blocks, within("<a href=\"java\nscript:x\">un mot</a>"), within(`<a href="https://a.example/?javascript:x">un mot</a>`), ""},
	{"forbidden-address", preflight.Blocks, within(`<img src="data:image/png;base64,AA==" alt="" width="9" height="9">`), nil, ""},
	{"address-not-whole", preflight.Blocks, within(`<a href="/page">un mot</a>`), within(`<a href="mailto:a@b.example">un mot</a>`), ""},
	{"address-missing", preflight.Blocks, within(`<a href="">un mot</a>`), nil, ""},
	{"remote-style", preflight.Blocks, styled("@import url(https://a.example/a.css);"), nil, ""},
	{"remote-style", preflight.Blocks, styled("@font-face { font-family: x; src: url(https://a.example/a.woff) }"), nil, ""},
	{"remote-style", preflight.Blocks, styled(".a { background: #ffffff url('https://a.example/p.png') }"), styled(".a { background: #ffffff url(https://lettre.pandia.example/i/a.png) }"), "HTML, line 5: url('https://a.example/p.png"},
	{"remote-style", preflight.Blocks, styled("@media screen { .a::before { content: U\\52l(//a.example/p.png) } }"), styled("/* url(https://a.example/p.png) */"), ""},
	{"remote-style", preflight.Blocks, styled(".a { list-style-image: image-set(\"https://a.example/p.png\" 1x) }"), nil, ""},
	{"remote-style", preflight.Blocks, styled(strings.Repeat(".a { color: #222222 }", 600) + ".a { background: url(https://a.example/p.png) }"), nil, ""},
	{"remote-style", preflight.Blocks, within("<!--[if mso]><style>.a { background: url(https://a.example/p.png) }</style><![endif]-->"), nil, ""},
	{"remote-background", preflight.Blocks, within(`<p style="background-image:url(https://a.example/p.png)">a</p>`), within(`<p style="background-image:url(https://lettre.pandia.example/i/a.png)">a</p>`), "HTML, line 57, story"},
	{"remote-background", preflight.Blocks, within(`<ul style="list-style-image:url(&quot;https://a.example/p.png&quot;)"></ul>`), nil, ""},
	{"remote-background", preflight.Blocks, within(`<table role="presentation"><tr><td background="https://a.example/p.png">a</td></tr></table>`),
		within(`<table role="presentation"><tr><td background="https://lettre.pandia.example/i/a.png">a</td></tr></table>`), ""},
	{"remote-background", preflight.Blocks, within(`<!--[if mso]><v:rect><v:fill type="frame" src="https://a.example/p.png"/></v:rect><![endif]-->`),
		within(`<!--[if mso]><v:rect><v:fill type="frame" src="https://lettre.pandia.example/i/a.png"/></v:rect><![endif]-->`), "HTML: in a comment that Outlook reads"},
	{"remote-background", preflight.Blocks, within(strings.Replace(image, "<img", `<img srcset="https://lettre.pandia.example/i/a.jpg 1x, https://a.example/p.jpg 2x"`, 1)), nil, ""},

	{"alt-missing", preflight.Blocks, within(strings.Replace(image, ` alt="Un centre de calcul"`, "", 1)), within(image), "HTML, line 57, story “Puissance de calcul"},
	{"alt-missing", preflight.Blocks, within(`<img src="https://a.example/a.png" width="9" height="9">`), within(`<img src="https://a.example/a.png" width="9" height="9" alt="">`), ""},
	{"picture-per-reader", preflight.Blocks, within(`<p style="background-image:url(https://lettre.pandia.example/i/u-token-of-the-reader-0)">a</p>`), nil, ""},
	{"picture-per-reader", preflight.Blocks, styled(".a { background: url(https://lettre.pandia.example/i/u-token-of-the-reader-0) }"), nil, ""},
	{"picture-per-reader", preflight.Blocks, within(strings.Replace(image, "/i/a.jpg", "/u/u-token-of-the-reader-0", 1)), within(image), ""},
	{"tracking-pixel", preflight.Blocks, within(`<img src="https://a.example/p.gif" alt="" width="1" height="1">`), within(image), ""},
	{"tracking-pixel", preflight.Blocks, within(`<img src="https://a.example/p.gif" alt="" width="3" height="3">`), within(`<img src="https://a.example/p.gif" alt="" width="16" height="16">`), ""},
	{"tracking-pixel", preflight.Blocks, within(`<img src="https://a.example/p.gif" alt="" style="width:0.5px;height:20px">`), within(`<img src="https://lettre.pandia.example/i/p.gif" alt="" width="100%" height="8">`), ""},
	{"tracking-pixel", preflight.Blocks, within(`<div style="display:none"><img src="https://a.example/p.gif" alt="" width="50" height="50"></div>`), nil, ""},
	{"tracking-pixel", preflight.Blocks, within(`<img src="https://a.example/p.gif" alt="" style="display:none">`), nil, ""},
	{"picture-without-size", preflight.Warns, within(`<img src="https://a.example/p.png" alt="">`), within(image), ""},
	{"picture-elsewhere", preflight.Warns, within(strings.Replace(image, "lettre.pandia.example", "a.example", 1)), within(image), ""},
	{"picture-missing", preflight.Warns, failed("https://a.example/a.jpg"), both(within(image), failed("https://lettre.pandia.example/i/a.jpg")), "the letter, story “Titre”: https://a.example/a.jpg"},
	{"picture-wordless", preflight.Warns, pictured(""), pictured("Un plan"), "the letter, story"},
	{"picture-failed", preflight.Warns, both(within(image), failed("https://lettre.pandia.example/i/a.jpg")), within(image), ""},

	{"heading-order", preflight.Warns, everywhere("h1", "p"), nil, "HTML"},
	{"heading-order", preflight.Warns, within("<h5>Un pas de trop</h5>"), within("<h4>Un pas</h4>"), ""},
	{"heading-order", preflight.Warns, within("<h1>Encore un</h1>"), nil, ""},
	{"heading-empty", preflight.Warns, within("<h4><br></h4>"), within("<h4>Un mot</h4>"), ""},

	{"link-empty", preflight.Blocks, within(`<a href="https://a.example/"><img src="https://a.example/a.png" alt="" width="9" height="9"></a>`),
		within(`<a href="https://a.example/"><img src="https://a.example/a.png" alt="Un plan" width="9" height="9"></a>`), ""},
	{"link-empty", preflight.Blocks, within(`<a href="https://a.example/">&nbsp;</a>`), within(`<a href="https://a.example/">🎉…</a>`), ""},
	{"link-empty", preflight.Blocks, within(`<a href="https://a.example/">&zwnj;&#8203;</a>`), nil, ""},
	{"link-text", preflight.Warns, within(`<a href="https://a.example/">Cliquez&nbsp;ici&nbsp;!</a>`), within(`<a href="https://a.example/">Cliquez pour lire le guide</a>`), "HTML, line 57, story “Puissance de calcul"},
	{"link-text", preflight.Warns, within(`<a href="https://a.example/">ici</a>`), nil, ""},
	{"link-bare-address", preflight.Warns, within(`<a href="https://a.example/">https://a.example/</a>`), within(`<a href="mailto:a@b.example">a@b.example</a>`), ""},
	{"link-same-text", preflight.Warns, within(`<a href="https://a.example/">Mentions légales</a>`), within(`<a href="https://pandia.example/mentions-legales">Mentions légales</a>`), ""},
	{"link-failed", preflight.Warns, failedLink(lead), nil, "HTML, line 57, story “Puissance de calcul"},

	{"sponsor-unmarked", preflight.Blocks, both(advertised, html(">Publicité</h2>", "></h2>")), advertised, "HTML: Dix pour cent"},
	{"sponsor-unmarked", preflight.Blocks, both(advertised, html(">Publicité</h2>", "><span style=\"display:none\">Publicité</span></h2>")), both(advertised, html(">Publicité</h2>", ">Contenu sponsorisé</h2>")), "HTML: Dix pour cent"},
	{"sponsor-unmarked", preflight.Blocks, both(advertised, html("Annonceur\u00a0: Librairie des Tanneurs", "Un ami")), advertised, "HTML: Dix pour cent"},
	{"sponsor-unmarked", preflight.Blocks, both(advertised, text("PUBLICITÉ", "EN BREF")), advertised, "text part: Dix pour cent"},
	{"sponsor-unmarked", preflight.Blocks, both(advertised, text("Librairie des Tanneurs", "un ami")), advertised, "text part"},
	{"sponsor-unmarked", preflight.Blocks, both(advertises(quoting("Promo"), "Promo"), html(">Publicité</h2>", "></h2>")), advertises(quoting("Promo"), "Promo"), "HTML: Promo"},
	{"sponsor-unmarked", preflight.Blocks, both(advertises(quoting("Dix pour cent sur tous les essais de la rentrée"), "Dix pour cent sur tous les essais, dimanche"), text("PUBLICITÉ", "EN BREF")),
		advertises(quoting("Dix pour cent sur tous les essais de la rentrée"), "Dix pour cent sur tous les essais, dimanche"), "text part"},
	{"sponsor-unmarked", preflight.Blocks, both(advertised, html(">Publicité</h2>", "><span style=\"color:transparent\">Publicité</span></h2>")), nil, "HTML: Dix pour cent"},
	{"sponsor-unmarked", preflight.Blocks, both(advertised, html(">Publicité</h2>", "><span style=\"font-size:2px\">Publicité</span></h2>")), nil, "HTML: Dix pour cent"},
	{"sponsor-unmarked", preflight.Blocks, both(both(advertised, html(">Publicité</h2>", "><span class=\"mark\">Publicité</span></h2>")), styled(".mark { transform: scale(0) }")), nil, "HTML: Dix pour cent"},
	{"sponsor-missing", preflight.Warns, with(func(l *preflight.Letter) {
		l.Sponsor = &preflight.Advertisement{For: "Librairie", HTML: "Dix pour cent", Text: "Dix pour cent"}
	}), advertised, "HTML: Dix pour cent"},
	{"sponsor-link", preflight.Warns, both(advertised, html(` rel="sponsored"`, ` rel="noopener"`)), advertised, "HTML, line"},
	{"sponsor-unwanted", preflight.Blocks, both(within(`<a href="https://a.example/" rel="sponsored">Dix pour cent</a>`), with(func(l *preflight.Letter) { l.Content = newsletter.Content{} })),
		with(func(l *preflight.Letter) { l.Content = newsletter.Content{} }), "HTML, line"},

	{"language-missing", preflight.Blocks, html(`<html lang="fr"`, "<html"), nil, "HTML"},
	{"language-wrong", preflight.Blocks, html(`<html lang="fr"`, `<html lang="en"`), html(`<html lang="fr"`, `<html lang="fr-FR"`), "HTML"},
	{"language-not-repeated", preflight.Warns, html(`role="presentation" lang="fr"`, `role="presentation"`), nil, ""},
	{"story-language", preflight.Warns, everywhere(` lang="en"`, ""), nil, "HTML, line 7"},

	{"contrast", preflight.Blocks, within(`<p class="ink" style="color:#8a8a8a">gris</p>`), within(`<p class="ink" style="color:#555555">gris</p>`), "HTML, line 57, story “Puissance de calcul"},
	{"contrast", preflight.Blocks, within(`<p class="ink" style="color:#8a7a6a;font-size:16px">gris</p>`), within(`<p class="ink" style="color:#8a7a6a;font-size:24px">gris</p>`), ""}, // 3.7 to 1
	{"contrast", preflight.Blocks, styled("@media (prefers-color-scheme: dark) { h1.ink { color: #332e29 !important } }"), styled("@media print { h1.ink { color: #332e29 !important } }"), ""},
	{"contrast", preflight.Blocks, within(`<p><font color="white">blanc</font></p>`), nil, ""},
	{"contrast", preflight.Blocks, styled("[data-ogsc] p.muted { color: #201d1b !important }"), styled("[data-ogsc] p.muted { color: #eeeeee !important }"), "HTML, line"},
	{"contrast-unknown", preflight.Warns, within(`<p style="color:hsl(1 2 3)">gris</p>`), within(`<p style="color:rgb(30, 30, 30)">gris</p>`), ""},

	{"shown-by-style-sheet", preflight.Warns, styled(".a { display: none }"), nil, ""},
	{"hidden-text", preflight.Warns, within(`<p style="font-size:0">un secret</p>`), within(`<p style="font-size:14px">rien de caché</p>`), ""},
	{"hidden-text", preflight.Warns, within(`<p style="color:transparent">un secret</p>`), within(`<div style="font-size:0"><p class="ink" style="font-size:16px;color:#222222">rien de caché</p></div>`), ""},
	{"text-small", preflight.Warns, within(`<p style="font-size:8px">une note</p>`), within(`<p style="font-size:14px">une note</p>`), "HTML, line 57, story"},
	{"text-small", preflight.Warns, within(`<p style="font-size:13px">une note</p>`), within(`<p style="font-size:1em">une note</p>`), "HTML, line 57, story"},
	{"table-role", preflight.Warns, within("<table><tr><td>a</td></tr></table>"), within("<table><tr><th>a</th></tr></table>"), ""},

	{"feature-unknown", preflight.Warns, within("<blink-182>a</blink-182>"), nil, ""},
	{"feature-unknown", preflight.Warns, within(`<p style="text-wrap:balance">a</p>`), nil, ""},
	{"feature-missing", preflight.Warns, within(`<div style="display:flex">a</div>`), within(`<div style="display:block">a</div>`), ""},
	{"feature-missing", preflight.Warns, within(`<p style="margin:1rem">a</p>`), within(`<p style="margin:16px">a</p>`), ""},
	{"feature-missing", preflight.Warns, within(`<p style="color:#222222/* noir */">a</p>`), nil, ""},
	{"feature-missing", preflight.Warns, styled(".a { color: #222222!important }"), styled(".a { color: #222222 !important }"), ""},
	{"feature-missing", preflight.Warns, within(strings.Replace(image, ".jpg", ".webp?x", 1)), within(image), ""},
	{"feature-missing", preflight.Warns, within(`<a href="#bas">En bas</a>`), nil, ""},
	{"style-sheet-large", preflight.Warns, styled(strings.Repeat(".a { color: #222222 }", 800)), styled(strings.Repeat(".a { color: #222222 }", 100)), ""},

	{"text-missing", preflight.Blocks, with(func(l *preflight.Letter) { l.Text = "\n" }), nil, "text part"},
	{"text-lacks-link", preflight.Blocks, text(lead, ""), nil, "text part, story “Puissance de calcul"},
	{"text-line-long", preflight.Warns, text("PandIA", strings.Repeat("mot ", 20)), text("PandIA", "https://a.example/"+strings.Repeat("x", 90)), "text part, line 1: mot"},
	{"text-markup", preflight.Warns, text("PandIA", "Pand&nbsp;IA"), text("PandIA", "Pand & IA; <3"), ""},
	{"text-markup", preflight.Warns, text("PandIA", "<B>PandIA</B>"), text("PandIA", "<a@b.example> <https://a.example/> i<b"), "text part, line 1"},
	{"text-markup", preflight.Warns, text("PandIA", "Un <img src=x> ici"), nil, "text part, line 1"},
	{"text-markup", preflight.Warns, subject("Une <i>puissance</i> de calcul"), subject("Moins de 3 < 4 > 2"), "the subject"},
	{"text-order", preflight.Warns, both(text(lead, beyond), text("https://pandia.example/guides/verifier", "https://pandia.example/guides/verifier\n"+lead)), nil, ""},
	{"text-says-less", preflight.Warns, within("<p>" + strings.Repeat("mot ", 1000) + "</p>"), within("<p>" + strings.Repeat("mot ", 20) + "</p>"), ""},

	{"readers-differ", preflight.Blocks, copies("Google envisagerait", "Google =C3=A9cartera"), nil, "text part"},
	{"readers-differ", preflight.Blocks, copies("Feedback-ID: hebdo-42", "Feedback-ID: hebdo-zoe"), nil, "its header: Feedback-Id"},
	{"readers-differ", preflight.Blocks, copies("List-Help:", "X-Reader: zoe\r\nList-Help:"), nil, ""},
	{"readers-differ", preflight.Blocks, copies("<https://lettre.pandia.example/u/", "<https://lettre.pandia.example/zoe/u/"), nil, "its header: List-Unsubscribe"},
	{"message-unreadable", preflight.Blocks, copies("Content-Type: multipart", "Content-Type: ;"), nil, ""},
}

func TestRules(t *testing.T) {
	r := renderer(t)
	for _, test := range rules {
		t.Run(test.rule, func(t *testing.T) {
			l := edition(t, r, hebdo(t, "fr"), content(t))
			test.trips(t, &l)
			f := found(preflight.Look(l), test.rule, test.place)
			if f == nil {
				t.Errorf("it was not told at %q: %v", test.place, preflight.Look(l))
			} else if f.Severity != test.severity || f.What == "" || f.Cure == "" {
				t.Errorf("told as %+v", *f)
			}
			near := edition(t, r, hebdo(t, "fr"), content(t))
			if test.near != nil {
				test.near(t, &near)
			}
			if f := found(preflight.Look(near), test.rule, ""); f != nil {
				t.Errorf("told of a letter that only comes near: %s: %s", f.Place, f.What)
			}
		})
	}
}

func found(all []preflight.Finding, rule, place string) *preflight.Finding {
	for _, f := range all {
		if f.Rule == rule && strings.HasPrefix(f.Place.String(), place) {
			return &f
		}
	}
	return nil
}

// What blocks an edition for one article names the command that keeps that out.
func TestCuresNameTheArticle(t *testing.T) {
	r := renderer(t)
	c := content(t)
	blank := *c.Lead
	blank.Title, blank.Article = "\u3164\u2800", 12
	c.Lead = &blank
	l := edition(t, r, hebdo(t, "fr"), c)
	if f := found(preflight.Look(l), "link-empty", ""); f == nil || !strings.HasSuffix(f.Cure, "facteur article hide 12") {
		t.Errorf("of a title with nothing to see: %+v", f)
	}
	l.Content.Chapters[0].Stories = append(l.Content.Chapters[0].Stories, blank)
	if f := found(preflight.Look(l), "duplicate-article", ""); f == nil || !strings.HasSuffix(f.Cure, "facteur article hide 12") {
		t.Errorf("of an article that is told twice: %+v", f)
	}
}

// Every rule of the code has a letter that trips it.
func TestRulesAreAllTried(t *testing.T) {
	tried := map[string]bool{}
	for _, test := range rules {
		tried[test.rule] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 4 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			literal, isLiteral := call.Args[0].(*ast.BasicLit)
			if !ok || !isLiteral || method.Sel.Name != "blocks" && method.Sel.Name != "warns" {
				return true
			}
			rule, err := strconv.Unquote(literal.Value)
			if count++; err != nil || !tried[rule] {
				t.Errorf("%s: no letter trips %s", name, literal.Value)
			}
			return true
		})
	}
	if count < 40 {
		t.Errorf("only %d rules were found in the code", count)
	}
}

// A rule that every story breaks is listed a few times and counted.
func TestManyOfOneRule(t *testing.T) {
	l := edition(t, renderer(t), hebdo(t, "fr"), content(t))
	within(strings.Repeat(`<img src="https://a.example/a.png" width="9" height="9">`, 30))(t, &l)
	n := 0
	lines := 0
	for _, f := range preflight.Look(l) {
		if f.Rule == "alt-missing" {
			lines++
			n += 1 + f.More
		}
	}
	if n != 30 || lines > 5 {
		t.Errorf("%d pictures without alt were told of on %d lines", n, lines)
	}
}

// What blocks comes first, whatever its place in the letter.
func TestWhatBlocksComesFirst(t *testing.T) {
	l := edition(t, renderer(t), hebdo(t, "fr"), content(t))
	both(subject(strings.Repeat("x", 70)), html("~since~", beyond))(t, &l)
	all := preflight.Look(l)
	if len(preflight.Blocking(all)) == 0 || len(preflight.Warnings(all)) == 0 || len(preflight.Blocking(all))+len(preflight.Warnings(all)) != len(all) {
		t.Fatalf("blocking %v, warnings %v", preflight.Blocking(all), preflight.Warnings(all))
	}
	for i, f := range all {
		if (f.Severity == preflight.Blocks) != (i < len(preflight.Blocking(all))) {
			t.Errorf("%d is %s", i, f.Severity)
		}
	}
}

// A single letter that is written to nobody who could leave needs no way out, and one that is needs it.
func TestSingleLetters(t *testing.T) {
	r := renderer(t)
	confirm := single(t, r, hebdo(t, "fr"), newsletter.LetterConfirm)
	confirm.HTML = strings.ReplaceAll(confirm.HTML, "12, rue des Tanneurs", beyond)
	if f := found(preflight.Look(confirm), "footer-field-missing", "HTML"); f == nil {
		t.Error("a confirmation without a postal address passes")
	}
	welcome := single(t, r, hebdo(t, "fr"), newsletter.LetterWelcome)
	welcome.Text = strings.ReplaceAll(welcome.Text, "u-token-of-the-reader", "")
	if f := found(preflight.Look(welcome), "footer-field-missing", "text part"); f == nil {
		t.Error("a welcome letter without a way out passes")
	}
}
