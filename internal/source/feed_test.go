package source_test

import (
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"facteur/internal/collect"
	"facteur/internal/fetch"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

func today() time.Time { return time.Date(2026, 11, 26, 6, 0, 0, 0, time.UTC) }

// Feeds as sites make them become the articles that their editors meant. Read a golden file as you would the article.
func TestParseFeed_sites(t *testing.T) {
	for _, name := range []string{"wordpress.xml", "ghost.xml", "atom.xml", "feed.json", "courrier.xml"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			offers, faults, err := source.ParseFeed("https://pandia.example/feed/", data, "application/xml", paris(), today())
			if err != nil {
				t.Fatal(err)
			}
			got := written(offers, faults)
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s: (-file +now)\n%s", golden, diff)
			}
		})
	}
}

func written(offers []collect.Offer, faults []collect.Fault) string {
	var b strings.Builder
	for _, o := range offers {
		a := o.Article
		fmt.Fprintf(&b, "== %s\nurl       %s\ntitle     %s\nsummary   %s\nauthor    %s\ntags      %q\nlanguage  %s\npublished %s\npicture   %s\nalt       %s\n\n%s\n\n",
			o.Name, a.URL, a.Title, a.Summary, a.Author, a.Tags, a.Language, a.Published.Format(time.RFC3339), a.Picture, a.PictureAlt, a.Body)
	}
	for _, f := range faults {
		fmt.Fprintf(&b, "!! %s: %s\n", f.Name, f.Reason)
	}
	return b.String()
}

// rss is a feed of one entry.
func rss(entry string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>T</title><link>https://site.example/</link><item>` + entry + `</item></channel></rss>`
}

func one(t *testing.T, data []byte, mediaType string) newsletter.Article {
	t.Helper()
	offers, faults, err := source.ParseFeed("https://site.example/feed", data, mediaType, paris(), today())
	if err != nil || len(offers) != 1 {
		t.Fatalf("%d articles, %v, %v", len(offers), faults, err)
	}
	return offers[0].Article
}

// Titles are text where their format says so. Else tags in pairs are HTML, and a tag alone is text.
func TestParseFeed_titles(t *testing.T) {
	atom := func(title string) []byte {
		return []byte(`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><title type="html">F</title><entry><id>0</id><title type="html">&lt;b&gt;Z&lt;/b&gt;</title></entry><entry><source><title type="html">S</title></source>` + title + `<media:title type="html">M</media:title><id>urn:1</id><link href="https://site.example/a"/></entry></feed>`)
	}
	old := func(title string) []byte {
		return []byte(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title mode="escaped">F</title><entry>` + title + `<id>1</id><link rel="alternate" type="text/html" href="https://site.example/a"/></entry></feed>`)
	}
	jsonFeed := func(title string) []byte {
		return []byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"https://site.example/a","title":"` + title + `"}]}`)
	}
	inRSS := func(title string) []byte {
		return []byte(rss("<title>" + title + "</title><link>https://site.example/a</link>"))
	}
	for _, tt := range []struct {
		name, want string
		data       []byte
	}{
		{"JSON", "Faut-il encore utiliser <table> et <b> ?", jsonFeed("Faut-il encore utiliser <table> et <b> ?")},
		{"JSON, in pairs", "Un mot fort", jsonFeed("Un mot <em>fort</em>")},
		{"JSON, entities", "Vieil élève & R&D", jsonFeed("Vieil &eacute;l&egrave;ve &amp; R&D")},
		{"JSON, a script", "Écrire <script>x</script>", jsonFeed("Écrire <script>x</script>")},
		{"text", "La balise <main> en HTML", atom(`<title type="text">La balise &lt;main&gt; en HTML</title>`)},
		{"text by default", "La balise <main> en HTML", atom(`<title>La balise &lt;main&gt; en HTML</title>`)},
		{"text in CDATA", "La balise <main> en HTML", atom(`<title><![CDATA[La balise <main> en HTML]]></title>`)},
		{"text, as its older name", "La balise <main>", atom(`<title type="text/plain">La balise &lt;main&gt;</title>`)},
		{"HTML in what should be text", "Un élève fort & lent", atom(`<title>Un &amp;eacute;l&amp;egrave;ve &lt;em&gt;fort&lt;/em&gt; &amp;amp; lent</title>`)},
		{"HTML", "La balise <main> en HTML", atom(`<title type="html">La &lt;i&gt;balise&lt;/i&gt; &amp;lt;main&amp;gt; en HTML</title>`)},
		{"HTML, a tag alone", "La balise <main> en HTML", atom(`<title type="HTML">La balise &lt;main&gt; en HTML</title>`)},
		{"XHTML", "La balise <main> en HTML", atom(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">La <b>balise</b> &lt;main> en HTML</div></title>`)},
		{"escaped", "Vieil élève", old(`<title mode="escaped">Vieil &amp;eacute;l&amp;egrave;ve</title>`)},
		{"escaped, of a type", "Vieil élève", old(`<title type="text/html" mode='escaped'>&lt;b&gt;Vieil&lt;/b&gt; &amp;eacute;l&amp;egrave;ve</title>`)},
		{"escaped text", "La balise <main>", old(`<title mode="escaped" type="text/plain">La balise &lt;main&gt;</title>`)},
		{"RSS", "La balise <main> en HTML", inRSS("La balise &lt;main&gt; en HTML")},
		{"RSS, a tag twice", "Les balises <b> et <i>", inRSS("<![CDATA[Les balises <b> et <i>]]>")},
		{"RSS, in pairs", "Un mot fort", inRSS("Un &lt;em&gt;mot&lt;/em&gt; <![CDATA[<strong class='x'>fort</strong>]]>")},
		{"RSS, entities", "L’élève & lui", inRSS("L&amp;#8217;&amp;eacute;l&amp;egrave;ve &amp;amp; lui")},
		{"RSS, a line end", "Un titre et sa suite", inRSS("Un titre&lt;br /&gt;et sa suite")},
	} {
		offers, _, err := source.ParseFeed("https://site.example/feed", tt.data, "", nil, today())
		if err != nil || len(offers) != 1 || offers[0].Article.Title != tt.want {
			t.Errorf("%s: %+v, %v; want %q", tt.name, offers, err, tt.want)
		}
	}
	text := old(`<title>T</title><content mode="escaped">&lt;p&gt;Un &lt;b&gt;mot&lt;/b&gt;.&lt;/p&gt;</content>`)
	if a := one(t, text, ""); a.Body != "Un **mot**." {
		t.Errorf("an escaped text is %q", a.Body)
	}
}

// Of the links of an Atom entry one leads to its page: not that to its data, and rather in the language of the feed.
func TestParseFeed_links(t *testing.T) {
	const page = `<link rel="alternate" type="text/html" href="https://site.example/a"/>`
	for links, want := range map[string]string{
		`<link rel="alternate" type="application/json" href="https://site.example/2.json"/>` + page:                                                                               "https://site.example/a",
		`<link rel="alternate" type="application/epub+zip" href="/a.epub"/><link href="/a"/>`:                                                                                     "https://site.example/a",
		`<link rel="self" type="application/atom+xml" href="/a.atom"/><link rel="alternate" type="application/pdf" href="/a.pdf"/><link type="application/xhtml+xml" href="/a"/>`: "https://site.example/a",
		`<link type="Text/HTML; charset=utf-8" href="/a"/><link type="application/json" href="/2.json"/>`:                                                                         "https://site.example/a",
		`<link hreflang="en" type="text/html" href="/en"/><link hreflang="fr-FR" type="text/html" href="/a"/><link href="/x"/>`:                                                   "https://site.example/a",
		`<link hreflang="en" type="text/html" href="/en"/><link href="/a"/>`:                                                                                                      "https://site.example/a",
		`<link hreflang="en" type="text/html" href="/en"/><link hreflang="de" href="/de"/>`:                                                                                       "https://site.example/en",
		`<link rel="alternate" type="application/pdf" href="https://site.example/a.pdf"/>`:                                                                                        "https://site.example/a.pdf",
		`<link rel="enclosure" href="/a.mp3"/><link rel="related" href="/b"/>` + page + `<link rel="alternate" type="text/html" href="/b"/>`:                                      "https://site.example/a",
		`<link rel="self" href="https://site.example/self"/>`:                                                                                                                     "https://site.example/self",
	} {
		data := `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>F</title><entry><title>T</title><id>urn:1</id>` + links + `</entry></feed>`
		if got := one(t, []byte(data), "").URL; got != want {
			t.Errorf("%s\nleads to %s, want %s", links, got, want)
		}
	}
}

// A JSON feed says where its site is, and may write one thing for a list of them.
func TestParseFeed_jsonFeeds(t *testing.T) {
	for _, tt := range []struct{ feed, entry, want string }{
		{`"home_page_url":"https://gazette.example/news/"`, `"url":"a","title":"T – La Gazette"`, "https://gazette.example/news/a|T||"},
		{`"home_page_url":"/news/"`, `"url":"a","title":"T – Gazette"`, "https://site.example/news/a|T – Gazette||"},
		{``, `"url":"a","title":"T | La Gazette"`, "https://site.example/a|T | La Gazette||"},
		{`"home_page_url":"https://gazette.example/"`, `"url":"a","title":"T","tags":[2026,"ia",null,{"name":"x"}]`, "https://gazette.example/a|T|2026 ia x|"},
		{`"author":"Ana Roux"`, `"url":"a","title":"T","tags":"ia, été"`, "https://site.example/a|T|ia été|Ana Roux"},
		{`"authors":[{"name":"Ana Roux"}]`, `"url":"a","title":"T","tags":["ia, été"],"author":"Yann Petit"`, "https://site.example/a|T|ia, été|Yann Petit"},
		{`"author":{"name":"Ana Roux"}`, `"url":"a","title":"T","authors":["Yann Petit",{"name":"Nora Sami"},null]`, "https://site.example/a|T||Yann Petit, Nora Sami"},
		{`"author":false,"authors":null,"language":7`, `"url":"a","title":"T","authors":{"name":"Yann Petit"},"attachments":{"url":"/x"},"image":false`, "https://site.example/a|T||Yann Petit"},
	} {
		feed := tt.feed
		if feed != "" {
			feed += ","
		}
		a := one(t, []byte(`{"version":"https://jsonfeed.org/version/1.1","title":"La Gazette",`+feed+`"items":[{`+tt.entry+`}]}`), "")
		if got := strings.Join([]string{a.URL, a.Title, strings.Join(a.Tags, " "), a.Author}, "|"); got != tt.want || a.Picture != "" {
			t.Errorf("%s, %s\nis   %s, %s\nwant %s", tt.feed, tt.entry, got, a.Picture, tt.want)
		}
	}
	a := one(t, []byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"/a","title":"T","summary":"La balise <main> a <em>dix</em> ans.","date_published":1583049600}]}`), "")
	if render.Summary(a.Summary) != "La balise <main> a dix ans." || a.Published.Format(time.DateOnly) != "2020-03-01" {
		t.Errorf("its summary is %q, its date %s", a.Summary, a.Published)
	}
}

// Ids that several entries share, or that only name their site, make no single story of them.
func TestParseFeed_idsOfNoEntry(t *testing.T) {
	for _, id := range []string{"https://site.example/", "https://site.example", "https://site.example/liste#1", "https://site.example/same"} {
		text := rss(`<title>Un</title><link>https://site.example/a</link><guid>` + id + `</guid></item><item><title>Deux</title><link>https://site.example/b</link><guid>` + id + `</guid>`)
		offers, _, err := source.ParseFeed("https://site.example/feed", []byte(text), "", paris(), today())
		if err != nil || len(offers) != 2 || offers[0].Article.Canonical != "" || offers[1].Article.Canonical != "" {
			t.Errorf("%s: %+v, %v", id, offers, err)
		}
	}
}

// An entry names its original by a link of that kind, or by an id that is an address.
func TestParseFeed_canonical(t *testing.T) {
	const link = "<title>T</title><link>https://site.example/a</link>"
	atom := func(links string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>T</title><id>urn:1</id>` + links + `</entry></feed>`
	}
	for text, want := range map[string]string{
		rss(link): "",
		rss(link + `<guid isPermaLink="false">91</guid>`):     "",
		rss(link + `<guid>https://site.example/a#top</guid>`): "",
		rss(link + `<guid>https://site.example/?p=91</guid>`): "https://site.example/?p=91",
		rss(link + `<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="Canonical" href="/original"/><guid>https://site.example/?p=91</guid>`): "https://site.example/original",
		rss(link + `<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="https://site.example/x"/>`):                                "",
		rss(link + `<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="canonical" href="mailto:x@site.example"/>`):                            "",
		atom(`<link href="https://site.example/a"/><link rel="canonical" href="https://agence.example/1?utm_source=x"/>`):                     "https://agence.example/1",
		atom(`<link rel="canonical" href="https://site.example/a"/><link rel="alternate" href="https://site.example/a"/>`):                    "",
		atom(`<link href="https://site.example/a"/>`): "",
	} {
		if a := one(t, []byte(text), ""); a.URL != "https://site.example/a" || a.Canonical != want {
			t.Errorf("%s has %q for its original, want %q", a.URL, a.Canonical, want)
		}
	}
}

// The name of the feed or its site goes from the end of a title, and nothing else: a company has news of itself.
func TestParseFeed_nameOfTheSite(t *testing.T) {
	for _, tt := range []struct{ feed, site, title, want string }{
		{"La Gazette", "https://lagazette-du-val.example/", "Le stade ferme - La Gazette", "Le stade ferme"},
		{"La Gazette", "https://news.example/", "Le stade ferme | LA GAZETTE", "Le stade ferme"},
		{"La Gazette – Toute l’actualité", "https://www.lagazette.example/", "Le stade ferme – La Gazette", "Le stade ferme"},
		{"Rennes - La Gazette", "https://lagazette.example/", "Débat sur la place du marché - Rennes", "Débat sur la place du marché - Rennes"},
		{"Actualités", "https://www.pandia.example/", "Mistigri arrive · PandIA", "Mistigri arrive"},
		{"Boréal", "https://boreal.example/", "Boréal : un bureau à Madrid", "Boréal : un bureau à Madrid"},
		{"Boréal", "https://boreal.example/", "Mistigri arrive chez Boréal", "Mistigri arrive chez Boréal"},
		{"Boréal", "https://boreal.example/", "Boréal", "Boréal"},
		{"Radio 20", "https://x.example/", "Le temps de demain - 20", "Le temps de demain - 20"},
	} {
		text := `<rss version="2.0"><channel><title>` + tt.feed + `</title><link>` + tt.site + `</link><item><title>` + tt.title + `</title><link>` + tt.site + `a</link></item></channel></rss>`
		if a := one(t, []byte(text), ""); a.Title != tt.want {
			t.Errorf("of the feed %s: %q, want %q", tt.feed, a.Title, tt.want)
		}
	}
}

// What the bytes are goes before what is said of them.
func TestParseFeed_encodings(t *testing.T) {
	const title = "L’été « œuvre » à 35 €"
	text := rss("<title>" + title + "</title><link>https://site.example/a</link>")
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(text, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	say := func(text, encoding string) string { return strings.Replace(text, `encoding="UTF-8"`, encoding, 1) }
	for name, c := range map[string]struct{ data, mediaType string }{
		"UTF-8":                                 {text, "application/rss+xml; charset=UTF-8"},
		"with a byte order mark":                {"\ufeff" + text, ""},
		"after an empty line":                   {"\n\n" + text, ""},
		"said to be Latin-1":                    {say(text, `encoding="ISO-8859-1"`), "text/xml; charset=iso-8859-1"},
		"Windows-1252 said to be UTF-8":         {latin, "text/xml; charset=utf-8"},
		"Windows-1252 said to be Latin-1":       {say(latin, `encoding="iso-8859-1"`), ""},
		"Windows-1252 said by the server alone": {say(latin, ``), "text/xml; charset=windows-1252"},
		"Windows-1252 of which nothing is said": {say(latin, ``), ""},
		"an encoding that does not exist":       {say(latin, `encoding="latin-quinze"`), "text/xml; charset=???"},
		"UTF-16":                                {wide, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := one(t, []byte(c.data), c.mediaType).Title; got != title {
				t.Errorf("read as %q", got)
			}
		})
	}
	damaged := strings.Replace(text, "été", "été \xe9", 1)
	if got := one(t, []byte(damaged), "").Title; !strings.HasPrefix(got, "L’été \ufffd « œuvre »") {
		t.Errorf("one damaged letter among others: %q", got)
	}
}

func TestParseFeed_dates(t *testing.T) {
	for text, want := range map[string]string{
		"Wed, 25 Nov 2026 08:15:00 +0100": "2026-11-25T07:15:00Z",
		"Wed, 25 Nov 2026 08:15:00 GMT":   "2026-11-25T08:15:00Z",
		"Wed, 25 Nov 2026 08:15:00 EST":   "2026-11-25T13:15:00Z",
		"Wed, 25 Nov 2026 08:15:00":       "2026-11-25T07:15:00Z", // no zone: that of the source
		"2026-11-25T08:15:00Z":            "2026-11-25T08:15:00Z",
		"2026-11-25T08:15:00":             "2026-11-25T07:15:00Z",
		"2026-11-25 08:15:00":             "2026-11-25T07:15:00Z",
		"2026-11-25":                      "2026-11-24T23:00:00Z",
		"mercredi 25 novembre 2026, 8h15": "2026-11-25T07:15:00Z",
		"1er août 2026":                   "2026-07-31T23:00:00Z",
		"Fri, 27 Nov 2026 08:15:00 +0100": "2026-11-27T07:15:00Z", // it waits for its day
		"Wed, 25 Nov 2036 08:15:00 +0100": "",                     // a year was mistyped
		"Thu, 01 Jan 1970 00:00:00 +0000": "",
		"Wed, 30 Nov -0001 00:00:00":      "",
		"26/11/2026 09:15":                "2026-11-26T08:15:00Z",
		"26.11.2026 à 9h15":               "2026-11-26T08:15:00Z",
		"11/26/2026 09:15":                "2026-11-26T08:15:00Z",
		"05/11/2026 09:15":                "2026-11-05T08:15:00Z",
		"31/02/2026 09:15":                "refused",
		"26/11/2026 29:15":                "2026-11-25T23:00:00Z",
		"26/31/2026 09:15":                "refused",
		"26-11-2026":                      "2026-11-25T23:00:00Z",
		"26/11/2026 09:15 PM":             "2026-11-26T20:15:00Z",
		"26/11/2026 13:15 PM":             "2026-11-25T23:00:00Z",
		"26/11/2026 09:15 -0500":          "2026-11-26T14:15:00Z",
		"26/11/2026 09:15 demain":         "2026-11-25T23:00:00Z",
		// without a zone, in forms that leave no choice
		"2020-03-01T08:00":               "2020-03-01T07:00:00Z",
		"2020/03/01 08:00":               "2020-03-01T07:00:00Z",
		"2020/03/01 08:00:30":            "2020-03-01T07:00:30Z",
		"2020/3/1":                       "2020-02-29T23:00:00Z",
		"2020.03.01 8:00":                "2020-03-01T07:00:00Z",
		"2020-03-01 08:00:30.250":        "2020-03-01T07:00:30Z",
		"2020-03-01T08:00:30,250":        "2020-03-01T07:00:30Z",
		"20200301T080000Z":               "2020-03-01T08:00:00Z",
		"20200301080000":                 "2020-03-01T07:00:00Z",
		"20200301":                       "2020-02-29T23:00:00Z",
		"1 March 2020 08:00":             "2020-03-01T07:00:00Z",
		"March 1, 2020 8:00 am":          "2020-03-01T07:00:00Z",
		"1 mars 2020 à 8h00":             "2020-03-01T07:00:00Z",
		"dimanche 1er mars 2020 à 8 h":   "2020-03-01T07:00:00Z",
		"dim. 1 mars 2020 08:00":         "2020-03-01T07:00:00Z",
		"dim. 01/03/2020 08:00":          "2020-03-01T07:00:00Z",
		"Mar 5, 2020":                    "2020-03-04T23:00:00Z",
		"Mon, 2020-03-02 08:00":          "2020-03-02T07:00:00Z",
		"Publié le 01/03/2020 à 8h":      "2020-03-01T07:00:00Z",
		"Sunday, 01-Mar-20 08:00:00 GMT": "2020-03-01T08:00:00Z",
		"01-Mar-2020 08:00":              "2020-03-01T07:00:00Z",
		"Sun, 01 Mar 20 08:00:00":        "2020-03-01T07:00:00Z",
		"Sun, 01 Mar 98 08:00:00 GMT":    "1998-03-01T08:00:00Z",
		"Sun Mar  1 08:00:00 2020":       "2020-03-01T07:00:00Z",
		"Sun Mar  1 08:00:00 +0200 2020": "2020-03-01T06:00:00Z",
		"Sun Mar 01 08:00:00 CET 2020":   "2020-03-01T07:00:00Z",
		"1583049600":                     "2020-03-01T08:00:00Z",
		"1583049600123":                  "2020-03-01T08:00:00Z",
		// and with one
		"2020-03-01T08:00Z":                                                   "2020-03-01T08:00:00Z",
		"2020-03-01T08:00:00.000+01:00":                                       "2020-03-01T07:00:00Z",
		"2020-03-01 08:00:00 +01":                                             "2020-03-01T07:00:00Z",
		"2020-03-01T08:00:00+01":                                              "2020-03-01T07:00:00Z",
		"2020-03-01T08:00:00+01:00[Europe/Paris]":                             "2020-03-01T07:00:00Z",
		"2020/03/01 08:00 CET":                                                "2020-03-01T07:00:00Z",
		"Thu, 26 Nov 2026 08:00:00 GMT+1":                                     "2026-11-26T07:00:00Z",
		"Thu, 26 Nov 2026 08:00:00 GMT+01:00":                                 "2026-11-26T07:00:00Z",
		"Thu, 26 Nov 2026 08:00:00 +01":                                       "2026-11-26T07:00:00Z",
		"Thu, 26 Nov 2026 08:00:00 +0100 (CET)":                               "2026-11-26T07:00:00Z",
		"Thu, 26 Nov 2026 08:00:00 -0500 EST":                                 "2026-11-26T13:00:00Z",
		"Thu Nov 26 2026 08:00:00 GMT+0100 (heure normale d’Europe centrale)": "2026-11-26T07:00:00Z",
		"Sun, 26 Jul 2026 08:00:00 CEST":                                      "2026-07-26T06:00:00Z",
		// a database has this for none
		"0000-00-00 00:00:00":        "",
		"00/00/0000":                 "",
		"-0001-11-30T00:00:00+00:00": "",
		// of which nobody knows the year
		"05/11/26 09:15":        "refused",
		"26 novembre à 10 h 30": "refused",
		"26 novembre 10 h 30":   "refused",
		// a day, an hour or a zone that does not exist; of the latter two the day counts
		"31 Nov 2026 08:00:00 +0100":          "refused",
		"31 nov. 2026":                        "refused",
		"31 février 2026":                     "refused",
		"29 février 2027":                     "refused",
		"26 novembre 2026, 25h70":             "2026-11-25T23:00:00Z",
		"26 novembre 2026 à 24h":              "2026-11-25T23:00:00Z",
		"jeu, 26 nov 2026 08:00:00 +1900":     "2026-11-25T23:00:00Z",
		"jeu, 26 nov 2026 08:00:00 XYZ":       "2026-11-25T23:00:00Z",
		"Thu, 26 Nov 2026 08:00:00 IST":       "2026-11-25T23:00:00Z", // of India, Israel or Ireland
		"26 novembre 2026, 8h15 ou 9h":        "2026-11-25T23:00:00Z",
		"29 février 2028, mais pas avant 10h": "",
		// and what is written is kept
		"jeu, 26 nov 2026 08:00:00 -0500":          "2026-11-26T13:00:00Z",
		"jeu, 26 nov 2026 08:00:30 +01:00":         "2026-11-26T07:00:30Z",
		"jeu. 26 nov. 2026 08:00:00 GMT":           "2026-11-26T08:00:00Z",
		"jeu. 26 nov. 2026 08:00 (UTC+2)":          "2026-11-26T06:00:00Z",
		"26 novembre 2026 à 10h":                   "2026-11-26T09:00:00Z",
		"26 novembre 2026 - 10 h":                  "2026-11-26T09:00:00Z",
		"26\u00a0novembre 2026, 10\u202fh\u00a030": "2026-11-26T09:30:00Z",
		"26 novembre 2026 à 10 heures 30 CET":      "2026-11-26T09:30:00Z",
		"26 juillet 2026 à 10h30 CEST.":            "2026-07-26T08:30:00Z",
		"Thu, 26 Nov 2026 08:00:00 CET":            "2026-11-26T07:00:00Z",
		"Thu Nov 26 08:15:00 2026 EST":             "2026-11-26T13:15:00Z",
		"hier":                                     "refused",
		"":                                         "",
	} {
		for _, element := range []string{"pubDate", "dc:date"} {
			if got := dated(t, "", "<"+element+">"+text+"</"+element+">"); got != want {
				t.Errorf("%q as %s is %s, want %s", text, element, got, want)
			}
		}
	}
}

// dated is when the one entry of a feed in a language came out, or “refused”.
func dated(t *testing.T, lang, dates string) string {
	t.Helper()
	text := rss("<title>T</title><link>https://site.example/a</link>" + dates)
	text = strings.Replace(text, `version="2.0"`, `version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"`, 1)
	if lang != "" {
		text = strings.Replace(text, "<item>", "<language>"+lang+"</language><item>", 1)
	}
	offers, faults, err := source.ParseFeed("https://site.example/feed", []byte(text), "", paris(), today())
	switch {
	case err == nil && len(faults) == 1 && strings.Contains(faults[0].Reason, "cannot be read"):
		return "refused"
	case err != nil || len(offers) != 1:
		t.Fatalf("%s: %v, %v, %v", dates, offers, faults, err)
	case offers[0].Article.Published.IsZero():
		return ""
	}
	return offers[0].Article.Published.Format(time.RFC3339)
}

func TestParseFeed_tellsOfADateThatIsNone(t *testing.T) {
	const none, odd = ` of “L’IA” cannot be read`, ` of “L’IA” is before 1990 or more than a year ahead`
	const refused = "cannot be read, and it may be old: have its site write one such as 2026-11-26T08:00:00+01:00, or none"
	updated := func(text string) string {
		return "<atom:updated xmlns:atom='http://www.w3.org/2005/Atom'>" + text + "</atom:updated>"
	}
	for dates, want := range map[string]string{
		"<pubDate>bientôt</pubDate>":                                           `its date "bientôt" ` + refused,
		"<pubDate>31/02/2026 09:15</pubDate>":                                  `its date "31/02/2026 09:15" ` + refused,
		"<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate>":                   `the date "Thu, 01 Jan 1970 00:00:00 +0000"` + odd + ": it counts as not dated",
		"<pubDate>bientôt</pubDate>" + updated("2026-11-25T08:15:00Z"):         `the date "bientôt"` + none + ": another of its dates counts",
		"<pubDate>25/11/2036</pubDate>" + updated("2026-11-25T08:15:00Z"):      `the date "25/11/2036"` + odd + ": another of its dates counts",
		"<pubDate>bientôt</pubDate>" + updated("1970-01-01T00:00:00Z"):         `its date "bientôt" ` + refused,
		"<pubDate>1er août 2026</pubDate>":                                     "",
		"<pubDate>31 février 2026</pubDate>":                                   `its date "31 février 2026" ` + refused,
		"<pubDate>26 novembre 2026, 25h70</pubDate>":                           `the date "26 novembre 2026, 25h70" of “L’IA” can be read for its day only: that counts`,
		"<pubDate>Wed, 25 Nov 2026 08:15:00 +0100</pubDate>":                   "",
		"<pubDate>Wed, 25 Nov 2026 08:15:00 +0100</pubDate>" + updated("hier"): "",
		"<pubDate> </pubDate>":                                                 "",
		"":                                                                     "",
	} {
		data := []byte(rss("<title>L’IA</title><link>https://site.example/a</link>" + dates))
		offers, faults, err := source.ParseFeed("https://site.example/feed", data, "", paris(), today())
		got := ""
		if len(faults) == 1 {
			got = faults[0].Reason
		} else if len(offers) == 1 {
			got = offers[0].Remark
		}
		if err != nil || got != want || len(offers)+len(faults) != 1 {
			t.Errorf("%s: %q, %v; want %q", dates, got, err, want)
		}
	}
}

// A date that cannot be read takes nothing of another one.
func TestParseFeed_twoDates(t *testing.T) {
	entry := func(dates string) []byte {
		return []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>T</title><id>urn:1</id><link href="https://site.example/a"/>` + dates + `</entry></feed>`)
	}
	for dates, want := range map[string]string{
		"<published>bientôt</published><updated>2026-11-25T08:15:00Z</updated>":                   "2026-11-25T08:15:00Z",
		"<published>2026-11-24T08:15:00Z</published><updated>2026-11-25T08:15:00Z</updated>":      "2026-11-24T08:15:00Z",
		"<published>24 novembre 2026, midi</published><updated>2026-11-25T08:15:00Z</updated>":    "2026-11-23T23:00:00Z",
		"<updated>2026-11-25T08:15:00Z</updated>":                                                 "2026-11-25T08:15:00Z",
		"<published>0000-00-00T00:00:00Z</published><updated>2026-11-25T08:15:00+01:00</updated>": "2026-11-25T07:15:00Z",
	} {
		if got := one(t, entry(dates), "").Published.Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", dates, got, want)
		}
	}
}

// Of two entries with one address the first counts, and the other is told of unless it is the same once more.
func TestParseFeed_twoWithOneAddress(t *testing.T) {
	const item = "<title>Un</title><link>https://site.example/a</link><guid>1</guid></item><item><title>%s</title><link>https://site.example/a#b</link><guid>%s</guid>"
	told := []collect.Fault{{Name: "“Deux”", Reason: "it has the address of https://site.example/a: give each its own, or keep one"}}
	for _, second := range []struct {
		title, id string
		want      []collect.Fault
	}{{"Un", "1", nil}, {"Un", "2", nil}, {"Un, corrigé", "1", nil}, {"Deux", "2", told}, {"Deux", "", told}} {
		offers, faults, err := source.ParseFeed("https://site.example/feed", []byte(rss(fmt.Sprintf(item, second.title, second.id))), "", paris(), today())
		if err != nil || len(offers) != 1 || offers[0].Article.Title != "Un" || !cmp.Equal(faults, second.want) {
			t.Errorf("%+v: %+v, %v, %v", second, offers, faults, err)
		}
	}
}

// A date in figures of which two are possible is none where the feed is English, unless its other dates tell.
func TestParseFeed_datesOfEnglish(t *testing.T) {
	for text, want := range map[string]string{
		"05/11/2026 09:15": "refused", "05/11/2026": "refused", "26/11/2026 09:15": "2026-11-26T08:15:00Z", "11/26/2026 09:15": "2026-11-26T08:15:00Z", "11/11/2026 09:15": "2026-11-11T08:15:00Z",
	} {
		if got := dated(t, "en-US", "<pubDate>"+text+"</pubDate>"); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	for _, tt := range []struct{ lang, other, want string }{
		{"en", "11/25/2026 08:00", "2026-05-11"}, {"en", "25/11/2026 08:00", "2026-11-05"}, {"en", "25/11/2026</pubDate><link>/c</link></item><item><title>V</title><pubDate>11/25/2026", "refused"},
		{"fr", "11/25/2026 08:00", "2026-05-11"}, {"fr", "", "2026-11-05"}, {"fr", "25/11/2026</pubDate><link>/c</link></item><item><title>V</title><pubDate>11/25/2026", "2026-11-05"},
	} {
		text := rss("<title>T</title><link>/a</link><pubDate>05/11/2026 08:00</pubDate></item><item><title>U</title><pubDate>" + tt.other + "</pubDate><link>/b</link>")
		text = strings.Replace(text, "<item>", "<language>"+tt.lang+"</language><item>", 1)
		offers, _, err := source.ParseFeed("https://site.example/feed", []byte(text), "", nil, today())
		got := "refused"
		if len(offers) > 0 && offers[0].Article.Title == "T" {
			got = offers[0].Article.Published.Format(time.DateOnly)
		}
		if err != nil || got != tt.want {
			t.Errorf("beside %q in %s it is %s, %v; want %s", tt.other, tt.lang, got, err, tt.want)
		}
	}
}

// What an entry lacks is its own fault, and only what cannot be done without.
func TestParseFeed_entries(t *testing.T) {
	long := strings.Repeat("très ", 200)
	for entry, want := range map[string]string{
		"<title>T</title><link>/a</link>":                                                                                                                         "https://site.example/a T",
		"<title>T</title><guid>https://site.example/a</guid>":                                                                                                     "https://site.example/a T",
		"<title>T</title><guid isPermaLink='false'>17</guid>":                                                                                                     "it has no address of a page",
		"<title>T</title><atom:link xmlns:atom='http://www.w3.org/2005/Atom' href='/a'/>":                                                                         "https://site.example/a T",
		"<title>T</title><a10:link xmlns:a10='http://www.w3.org/2005/Atom' rel='Alternate' href='https://site.example/a'/>":                                       "https://site.example/a T",
		"<title>T</title><atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='/a'/>":                                                              "it has no address of a page",
		"<title>T</title><atom:link xmlns:atom='http://www.w3.org/2005/Atom' href='/b'/><guid>https://site.example/a</guid>":                                      "https://site.example/a T",
		"<title>T</title><atom:link xmlns:atom='http://www.w3.org/2005/Atom' href='/b'/><link>/a</link>":                                                          "https://site.example/a T",
		"<title>T</title><link>javascript:alert(1)</link>":                                                                                                        "it has no address of a page",
		"<title>T</title><link>ftp://site.example/a</link>":                                                                                                       "it has no address of a page",
		"<link>/a</link><description>x</description>":                                                                                                             "it has no title",
		"<title>&lt;script&gt;x&lt;/script&gt;</title><link>/a</link>":                                                                                            "it has no title",
		"<title><![CDATA[<b>Gras</b> &amp; <i>fin</i>]]></title><link>/a#top</link>":                                                                              "https://site.example/a Gras & fin",
		"<title>2 &lt; 3 &amp; 4</title><link>/a?utm_source=rss&amp;p=1</link>":                                                                                   "https://site.example/a?p=1 2 < 3 & 4",
		"<title>" + long + "</title><link>/a</link>":                                                                                                              "https://site.example/a " + strings.TrimSpace(string([]rune(long)[:499])) + "…",
		"<title>a\x00b\x1bc</title><link>/a</link>":                                                                                                               "https://site.example/a abc",
		"<title>T</title><link>/a</link><enclosure url='/x.jpg' type='image/jpeg'/>":                                                                              "https://site.example/a T https://site.example/x.jpg",
		"<title>T</title><link>/a</link><enclosure url='javascript:x' type='image/jpeg'/>":                                                                        "https://site.example/a T",
		"<title>T</title><link>/a</link><enclosure url='/x.mp3' type='audio/mpeg'/>":                                                                              "https://site.example/a T",
		"<title>T</title><link>https://p.example/1</link><fb:origLink xmlns:fb='http://rssnamespace.org/feedburner/ext/1.0'>https://site.example/a</fb:origLink>": "https://site.example/a T",
	} {
		entry = strings.ReplaceAll(entry, "fb:", "feedburner:")
		offers, faults, err := source.ParseFeed("https://site.example/feed", []byte(rss(strings.ReplaceAll(entry, ":fb=", ":feedburner="))), "", nil, today())
		if err != nil {
			t.Errorf("%s: %v", entry, err)
			continue
		}
		got := ""
		for _, o := range offers {
			got = strings.TrimSpace(o.Article.URL + " " + o.Article.Title + " " + o.Article.Picture)
		}
		for _, f := range faults {
			got = f.Reason
		}
		if got != want {
			t.Errorf("%s\n is %q\nwant %q", entry, got, want)
		}
	}
}

// A text that is nested without end is read in little more memory than it takes.
func TestParseFeed_nestedTexts(t *testing.T) {
	inside := strings.Repeat("une ligne<br>", 20_000)
	for _, element := range []string{"blockquote", "ul><li", "div", "b", "a href='/x'", "table><tr><td"} {
		for _, levels := range []int{300, 50_000} {
			text := strings.Repeat("<"+element+">", levels) + inside
			a := one(t, []byte(rss("<title>T</title><link>/a</link><description><![CDATA["+text+"]]></description>")), "")
			if !strings.Contains(a.Body, "une ligne") || len(a.Body) > 10*len(inside) {
				t.Errorf("%d levels of %s become %d bytes", levels, element, len(a.Body))
			}
		}
	}
}

func TestParseFeed_refuses(t *testing.T) {
	whole := rss("<title>T</title><link>/a</link>")
	for text, want := range map[string]string{
		"":                                      "it is empty",
		" \n":                                   "it is empty",
		"<!DOCTYPE html><html><body>Bonjour":    "it is a page in HTML and no feed",
		"<urlset><url/></urlset>":               "it is neither RSS, nor Atom, nor a JSON feed",
		"PK\x03\x04":                            "it is neither RSS, nor Atom, nor a JSON feed",
		`{"articles": []}`:                      "it is neither RSS, nor Atom, nor a JSON feed",
		`{"version": "https://jsonfeed.org/`:    "it breaks off or is damaged",
		whole[:strings.Index(whole, "</item>")]: "it breaks off or is damaged",
	} {
		offers, _, err := source.ParseFeed("https://site.example/feed", []byte(text), "", nil, today())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %d articles, %v; want %q", text, len(offers), err, want)
		}
	}
}

// feedAt reads feeds as the program does.
func feedAt(address string) source.Feed {
	client := fetch.New(fetch.Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Agent: "Facteur/test"})
	return source.Feed{Address: address, Zone: paris(), Now: today, Web: func(ctx context.Context, q source.Question) (source.Reply, error) {
		f, err := client.GetChanged(ctx, q.Address, q.Accept, fetch.Known{ETag: q.ETag, Modified: q.Modified}, q.Most)
		return source.Reply{Same: f.Same, Body: f.Body, Type: f.Type, Address: f.Address, Moved: f.Moved, ETag: f.Known.ETag, Modified: f.Known.Modified}, err
	}}
}

// A reading is what one brought.
type reading struct {
	titles  []string
	faults  []collect.Fault
	gone    []string
	renamed []string
	drafts  []string
	waits   int
	anew    int
	hauls   int
	whole   int
	mark    string
	moved   string
}

// read reads on from a mark, which stays where no haul brings another, and again what has these names.
func read(t *testing.T, r collect.Reader, mark string, again ...string) (got reading, err error) {
	t.Helper()
	got.mark = mark
	err = r.Read(t.Context(), mark, again, func(h collect.Haul) error {
		for _, o := range h.Offers {
			got.titles = append(got.titles, o.Article.Title)
		}
		got.faults, got.gone, got.drafts = append(got.faults, h.Faults...), append(got.gone, h.Gone...), append(got.drafts, h.Drafts...)
		got.renamed = append(got.renamed, h.Renamed...)
		got.waits += h.Waiting
		if h.Anew {
			got.anew++
		}
		got.hauls++
		if h.Whole {
			got.whole++
		}
		got.moved += h.Moved
		if h.Mark != "" {
			got.mark = h.Mark
		}
		return nil
	})
	return got, err
}

// Where a feed is for good is told at each reading, whether it has changed or not, and whether or not its server knows that.
func TestFeed_hasMoved(t *testing.T) {
	for etag, name := range map[string]string{"": "a server without validators", `"1"`: "one with them"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", etag)
			switch {
			case r.URL.Path == "/feed":
				http.Redirect(w, r, "/rss", http.StatusMovedPermanently)
			case etag != "" && r.Header.Get("If-None-Match") == etag:
				w.WriteHeader(http.StatusNotModified)
			default:
				_, _ = io.WriteString(w, rss("<title>Un</title><link>/a</link>"))
			}
		}))
		t.Cleanup(server.Close)
		first, err := read(t, feedAt(server.URL+"/feed"), "")
		if err != nil || first.moved != server.URL+"/rss" || len(first.titles) != 1 {
			t.Errorf("%s: %+v, %v", name, first, err)
		}
		second, err := read(t, feedAt(server.URL+"/feed"), first.mark)
		if err != nil || second.moved != server.URL+"/rss" || second.titles != nil {
			t.Errorf("%s, once more: %+v, %v", name, second, err)
		}
		if there, err := read(t, feedAt(server.URL+"/rss"), ""); err != nil || there.moved != "" {
			t.Errorf("%s, where it is: %+v, %v", name, there, err)
		}
	}
}

// What has not changed is not sent again, or, where a server does not know that, not read again.
func TestFeed_readsOn(t *testing.T) {
	var sent, asked int
	text := rss("<title>Un</title><link>/a</link>")
	var etag string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if etag != "" {
			w.Header().Set("ETag", etag)
			if r.Header.Get("If-None-Match") == etag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		sent++
		_, _ = io.WriteString(w, text)
	}))
	defer server.Close()
	f := feedAt(server.URL + "/feed")
	step := func(mark string, want int, titles ...string) string {
		t.Helper()
		got, err := read(t, f, mark)
		if err != nil || !cmp.Equal(got.titles, titles) || sent != want {
			t.Errorf("%q, sent %d times, want %d; %v", got.titles, sent, want, err)
		}
		return got.mark
	}
	mark := step("", 1, "Un")
	mark = step(mark, 2) // no validator: the same bytes
	etag = `"v1"`
	mark = step(mark, 3) // the same bytes, but from now on with one
	mark = step(mark, 3)
	text, etag = rss("<title>Deux</title><link>/b</link>"), `W/"v2"`
	mark = step(mark, 4, "Deux")
	step(mark, 4)
	step("rubbish", 5, "Deux")
	if asked != 7 {
		t.Errorf("asked %d times", asked)
	}
}

// atOnce is how many articles come in a haul.
const atOnce = 100

// Where all that there is comes at once, that is said.
func TestFeed_tellsThatItIsWhole(t *testing.T) {
	for entries, whole := range map[int]int{1: 1, atOnce: 1, atOnce + 1: 0} {
		var items []string
		for i := range entries {
			items = append(items, fmt.Sprintf("<title>Un</title><link>/%d</link>", i))
		}
		text := rss(strings.Join(items, "</item><item>"))
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }))
		if got, err := read(t, feedAt(server.URL), ""); err != nil || len(got.titles) != entries || got.whole != whole {
			t.Errorf("%d entries: %d, whole %d, %v", entries, len(got.titles), got.whole, err)
		}
		server.Close()
	}
}

// An entry that was refused and has left the feed is gone.
func TestFeed_tellsWhatIsGone(t *testing.T) {
	text := rss("<title>Un</title><link>/a</link></item><item><link>/b</link></item><item><link>/c</link>")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }))
	defer server.Close()
	f := feedAt(server.URL + "/feed")
	first, err := read(t, f, "")
	if err != nil || len(first.faults) != 2 {
		t.Fatalf("%+v, %v", first, err)
	}
	asked := []string{first.faults[0].Name, first.faults[1].Name}
	if got, err := read(t, f, first.mark, asked...); err != nil || got.hauls != 0 {
		t.Errorf("nothing has changed: %+v, %v", got, err)
	}
	text = rss("<title>Un</title><link>/a</link></item><item><link>/c</link>")
	if got, err := read(t, f, first.mark, asked...); err != nil || !cmp.Equal(got.gone, asked[:1]) || len(got.faults) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// Whatever a server does, the source is named, it is said what to do, and nobody waits for ever.
func TestFeed_badServers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/private":
			http.Redirect(w, r, "http://10.1.2.3/feed", http.StatusFound)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/busy":
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/huge": // 500 MB and more
			_, _ = io.WriteString(w, rss("<title>T</title><link>/a</link>")[:80])
			for line := []byte(strings.Repeat("<x>", 4096)); r.Context().Err() == nil; {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		case "/cut":
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, "<rss>")
		case "/packed", "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, "<html>")
			if r.URL.Path == "/bomb" {
				_, _ = z.Write(make([]byte, 30<<20))
			}
			_ = z.Close()
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
		case "/unasked":
			w.WriteHeader(http.StatusNotModified)
		default:
			_, _ = io.WriteString(w, "<html><p>Bienvenue")
		}
	}))
	defer server.Close()
	for path, want := range map[string]string{
		"/loop": "it redirects more than 5 times", "/private": "which is not public", "/gone": "its server answers 410 Gone", "/busy": "answers 503",
		"/huge": "is larger than 10 MiB, or never ends", "/cut": "the connection was cut", "/unasked": "its server answers 304 Not Modified", "/": "it is a page in HTML",
		"/packed": "it is a page in HTML", "/bomb": "is larger than 10 MiB", "/brotli": `was not fetched: its server packs it with "br"`,
	} {
		got, err := read(t, feedAt(server.URL+path), "")
		trouble, told := errors.AsType[collect.Trouble](err)
		if !told || !strings.Contains(trouble.What, want) || !strings.Contains(trouble.What, "the feed "+server.URL+path) || trouble.Do == "" || got.hauls != 0 {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
		var asked interface{ RetryAfter() time.Duration }
		if errors.As(err, &asked) && asked.RetryAfter() != 0 != (path == "/busy") {
			t.Errorf("%s asks for %s", path, asked.RetryAfter())
		}
	}
	server.Close()
	if _, err := read(t, feedAt(server.URL), ""); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("vanished: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := feedAt(server.URL).Read(ctx, "", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop: %v", err)
	}
}

// FuzzParseFeed: whatever the bytes, an error, or articles that are named and in the form of those that are stored.
func FuzzParseFeed(f *testing.F) {
	for _, name := range []string{"wordpress.xml", "ghost.xml", "atom.xml", "feed.json", "courrier.xml"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(rss("<title>T</title><link>/a</link><description>&lt;ul&gt;&lt;li&gt;&lt;pre&gt;`x&lt;/pre&gt;</description>")))
	f.Add([]byte(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">&lt;b&gt; &amp;eacute;</title><link type="application/pdf" href="/a.pdf"/><link hreflang="fr" href="/a"/><issued>1 mars 2020 à 8h</issued></entry></feed>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","home_page_url":"/x","author":"A","items":[{"url":"a","title":"<p>T <b>","tags":2026,"authors":["A",{"name":1}],"attachments":{},"date_published":20200301}]}`))
	f.Add([]byte("\xff\xfe<\x00r\x00s\x00s\x00>\x00"))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[null,{"id":1,"url":"/a","title":"T","authors":[null]},{"title":[]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		offers, faults, err := source.ParseFeed("https://site.example/feed", data, "", nil, today())
		if err != nil && (len(offers) > 0 || len(faults) > 0) {
			t.Errorf("an error, and %d articles", len(offers))
		}
		for _, o := range offers {
			if err := o.Article.Validate(); err != nil {
				t.Errorf("%q is not valid: %v", o.Name, err)
			}
			if canonical, err := newsletter.CanonicalURL(o.Article.URL); err != nil || canonical != o.Article.URL || o.Name == "" {
				t.Errorf("address %q of %q: %v", o.Article.URL, o.Name, err)
			}
			if p, err := newsletter.PictureURL(o.Article.Picture); err != nil || p != o.Article.Picture {
				t.Errorf("picture %q: %v", o.Article.Picture, err)
			}
		}
		for _, f := range faults {
			if f.Name == "" || f.Reason == "" {
				t.Errorf("a fault without words: %+v", f)
			}
		}
	})
}

// What JSON Feed calls text is text, whatever it looks like; what it calls HTML is HTML.
func TestParseFeed_plainText(t *testing.T) {
	for content, want := range map[string]string{
		`"content_text":"Le champ <b> met *en gras*.\n\nPour List<int> & &amp;, non."`: "Le champ \\<b> met \\*en gras\\*.\n\nPour List\\<int> & &amp;amp;, non.",
		`"content_html":"<p>Le champ <b>met</b> en gras.</p>"`:                         "Le champ **met** en gras.",
		`"content_html":"<p>Du HTML.</p>","content_text":"Du texte."`:                  "Du HTML.",
	} {
		if a := one(t, []byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a","title":"T",`+content+`}]}`), ""); a.Body != want {
			t.Errorf("%s is %q, want %q", content, a.Body, want)
		}
	}
}

// An entry of a JSON feed that is none keeps no other from coming, wherever it is wrong.
func TestParseFeed_wrongEntriesInJSON(t *testing.T) {
	for entry, want := range map[string]string{
		`null`:                      "entry 2: it is null",
		`7`:                         "entry 2: it is a number and no object of JSON",
		`[]`:                        "entry 2: it is an array and no object of JSON",
		`{"url":"/b","title":[]}`:   "https://site.example/b: it has no title",
		`{"url":"/b","title":2026}`: "2026",
		`{"url":"/b","title":"Deux","tags":"ia"}`:                                                       "Deux",
		`{"url":"/b","title":"Deux","authors":[{"name":{}}]}`:                                           "Deux",
		`{"url":"/b","title":"Deux","summary":{},"image":false,"content_html":7,"date_published":null}`: "Deux",
		`{"url":"/b","title":"Deux","date_published":[]}`:                                               "Deux",
		`{"id":"17","title":"Deux"}`:                                                                    "17: it has no address of a page",
		`{}`:                                                                                            "entry 2: it has no address of a page",
		`{"url":"/b","title":"Deux","authors":[null]}`:                                                  "Deux",
		`{"id":17,"url":"/b","title":"Deux"}`:                                                           "Deux",
		`{"id":null,"url":"/b","title":"Deux"}`:                                                         "Deux",
		`{"url":"/b","title":"Deux","attachments":[null]}`:                                              "Deux",
	} {
		text := `{"version":"https://jsonfeed.org/version/1.1","title":5,"authors":[null],"items":[{"url":"/a","title":"Un"},` + entry + `,{"url":"/c","title":"Trois"}]}`
		offers, faults, err := source.ParseFeed("https://site.example/feed", []byte(text), "", nil, today())
		got := ""
		for _, o := range offers {
			if !strings.Contains("Un Trois", o.Article.Title) {
				got += o.Article.Title
			}
		}
		for _, f := range faults {
			got += f.Name + ": " + f.Reason
		}
		if err != nil || got != want || len(offers)+len(faults) != 3 {
			t.Errorf("%s\n is %q, %v\nwant %q", entry, got, err, want)
		}
	}
}

// What is said of a feed that is damaged fits its kind, and is in the words of people.
func TestParseFeed_damaged(t *testing.T) {
	for text, want := range map[string]collect.Trouble{
		`{"version":"https://jsonfeed.org/version/1.1","items":[{]}`: {
			What: "it breaks off or is damaged (invalid character ']' looking for beginning of object key string)", Do: "tell whoever looks after its site: https://validator.jsonfeed.org/ shows where",
		},
		`{"version":"https://jsonfeed.org/version/1.1","items":{}}`: {
			What: "it breaks off or is damaged (its items are no list)", Do: "tell whoever looks after its site: https://validator.jsonfeed.org/ shows where",
		},
		`<rss version="2.0"><channel><item>`: {
			What: "it breaks off or is damaged (XML syntax error on line 1: unexpected EOF)", Do: "tell whoever looks after its site: https://validator.w3.org/feed/ shows where",
		},
	} {
		if _, _, err := source.ParseFeed("https://site.example/feed", []byte(text), "", nil, today()); !errors.Is(err, want) {
			t.Errorf("%s\n is %+v\nwant %+v", text, err, want)
		}
	}
}

// What a program of the site says before a feed is left out; where the feed cannot be read behind it, it is told of.
func TestParseFeed_behindWarnings(t *testing.T) {
	const warning = "<br />\n<b>Warning</b>:  Cannot modify header information in <b>/var/www/x.php</b> on line <b>3</b><br />\n"
	const declared = `<?xml version="1.0" encoding="ISO-8859-1"?>`
	whole := strings.TrimPrefix(rss("<title>Un \xe9t\xe9</title><link>/a</link>"), `<?xml version="1.0" encoding="UTF-8"?>`)
	atom := `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Un été</title><id>1</id><link href="https://site.example/a"/></entry></feed>`
	for text, want := range map[string]string{
		warning + declared + whole:                               "Un été",
		"Notice: x is undefined in a.php\n\n" + declared + whole: "Un été",
		"<!-- Cached -->\n" + warning + whole:                    "Un été",
		"<!-- Cached -->\n" + declared + whole:                   "Un été",
		"\n\ufeff" + atom:                                        "Un été",
		"Deprecated: x\n" + atom:                                 "Un été",
		"<!DOCTYPE rss>\n" + whole:                               "Un été",
		warning + `{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"https://site.example/a","title":"Un été"}]}`: "Un été",
	} {
		if a := one(t, []byte(text), ""); a.Title != want {
			t.Errorf("%s\nis %q", text, a.Title)
		}
	}
	for text, want := range map[string]collect.Trouble{
		warning + declared + whole[:60]: {
			What: "before it stands what is no part of it, “Warning: Cannot modify header information in /var/www/x.php on line 3”, and it breaks off or is damaged (XML syntax error on line 1: unexpected EOF)",
			Do:   "tell whoever looks after its site: a program of it writes that into the feed",
		},
		"<!DOCTYPE html><html><body><pre>" + declared + whole: {
			What: "it is a page in HTML and no feed", Do: "open its address in a browser, and give the address of the feed itself as url",
		},
	} {
		if _, _, err := source.ParseFeed("https://site.example/feed", []byte(text), "", nil, today()); !errors.Is(err, want) {
			t.Errorf("%s\n is %+v\nwant %+v", text, err, want)
		}
	}
}

// A tag that nobody closed keeps the end of what holds it from being seen; a text on such tags has them.
func TestParseFeed_unclosed(t *testing.T) {
	for text, want := range map[string]string{
		"Un été <br> très chaud":    "Un été très chaud",
		"Un été <hr>très <br>chaud": "Un été très chaud",
		"<![CDATA[Une entrée commence par &lt;description&gt; et finit par &lt;/description&gt;]]>": "Une entrée commence par <description> et finit par </description>",
	} {
		a := one(t, []byte(rss("<title>"+text+"</title><link>https://site.example/a</link><description>Dit : "+text+"</description><pubDate>Wed, 25 Nov 2026 09:00:00 GMT</pubDate>")), "")
		if a.Title != want || a.Summary != "Dit : "+want || a.Published.IsZero() {
			t.Errorf("%s is %q, %q, of %s", text, a.Title, a.Summary, a.Published)
		}
	}
}

// The cards of Ghost: what they say stays, a link with where it leads; their ornaments go.
func TestParseFeed_cards(t *testing.T) {
	const (
		bookmark = `<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/autre"><div class="kg-bookmark-content"><div class="kg-bookmark-title">Un autre site</div>` +
			`<div class="kg-bookmark-description">Ce qu’il dit de lui-même.</div><div class="kg-bookmark-metadata"><img class="kg-bookmark-icon" src="/icon.png"><span>Le Site</span></div></div>` +
			`<div class="kg-bookmark-thumbnail"><img src="/vignette.jpg"></div></a></figure>`
		callout = `<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">🔥</div><div class="kg-callout-text">À retenir.</div></div>`
	)
	for html, want := range map[string]string{
		bookmark: "[Un autre site](<https://site.example/autre>)",
		callout:  "À retenir.",
		"<a href=/b><h3>Titre</h3><p>Dit.</p></a>": "### [Titre](<https://site.example/b>)\n\nDit.",
		"<a href=/b><p>Lire</p></a>":               "[Lire](<https://site.example/b>)",
		"<a><p>Lire</p></a>":                       "Lire",
		"<a href=/b><ul><li>Lire</li></ul></a>":    "- Lire",
	} {
		a := one(t, []byte(rss("<title>T</title><link>https://site.example/a</link><description><![CDATA[<p>Avant.</p>"+html+"<p>"+strings.Repeat("Après. ", 100)+"</p>]]></description>")), "")
		if said, _, _ := strings.Cut(a.Body, "\n\nAprès."); said != "Avant.\n\n"+want || a.Picture != "" {
			t.Errorf("%s is %q, with %q", html, said, a.Picture)
		}
	}
	if a := takes(t, "<title>T</title><article>"+strings.Replace(prose, "</p>", "</p>"+bookmark+callout, 1)+"</article>"); !strings.Contains(a.Body, "\n\n[Un autre site](<https://site.example/autre>)\n\nÀ retenir.\n\n") {
		t.Errorf("on a page they are %q", a.Body)
	}
}

// Lists of other articles change while an article does not: none of them is its text. A list that nothing announces is.
func TestParseFeed_otherArticles(t *testing.T) {
	const list, listed = "<ul><li><a href=/b>Un autre</a></li> <li><a href=/c>Encore un</a> <time>26 nov.</time></li></ul>", "- [Un autre](<https://site.example/b>)\n- [Encore un](<https://site.example/c>) 26 nov."
	for html, want := range map[string]string{
		"<div class='related-posts'><h3>Titre</h3>" + list + "</div>":                                            "",
		"<h3>Articles liés</h3><div class='related-posts'>" + list + "</div>":                                    "",
		"<div id='jp-relatedposts' class='jp-relatedposts'>" + list + "</div>":                                   "",
		"<div class='yarpp yarpp-template'><p>" + strings.Repeat("Un extrait. ", 5) + "</p>" + list + "</div>":   "",
		"<aside class='related'>" + list + "</aside>":                                                            "",
		"<ul class='wp-block-latest-posts__list wp-block-latest-posts'><li><a href=/b>Un autre</a></li></ul>":    "",
		"<h2>À lire aussi</h2>" + list:                                                                           "",
		"<p><strong>A lire aussi :</strong></p>\n" + list:                                                        "",
		"<p>👉 Lire aussi :</p><div>" + list + "</div>":                                                           "",
		"<div><h4>Sur le même sujet</h4></div><ol><li><a href=/b>Un autre</a></li></ol>":                         "",
		"<strong>Nos derniers articles</strong> :" + list:                                                        "",
		"<h3>Related</h3>" + list:                                                                                "",
		"<p>Nos derniers articles : <a href=/b>Un autre</a>, <a href=/c>encore un</a> et <a href=/d>un</a>.</p>": "",
		"<p><b>À lire aussi</b></p><p><a href=/b>Un autre</a></p>\n<p><a href=/c>Encore un</a></p>":              "",
		"<p>Dit. Lire aussi : <a href=/b>Un autre</a></p>":                                                       "Dit.",
		"<p>Dit. The post is open.</p>":                                                                          "Dit. The post is open.",
		"<p>Dit. <a href=/a>Lire la suite</a></p>":                                                               "Dit.",
		"<h3>Sur le même sujet</h3><p><a href=/b>Un autre</a></p>":                                               "",
		"<p>Lire aussi</p><p>Dit.</p><p><a href=/b>Un autre</a></p>":                                             "Lire aussi\n\nDit.\n\n[Un autre](<https://site.example/b>)",
		"<p>Les sources</p><p><a href=/b>Un autre</a></p>":                                                       "Les sources\n\n[Un autre](<https://site.example/b>)",
		"<p>Lire aussi :<br><a href=/b>Un autre</a><br><a href=/c>Encore un</a></p>":                             "",

		list:                             listed,
		"<h2>Les outils</h2>" + list:     "## Les outils\n\n" + listed,
		"<h2>À lire</h2>" + list:         "## À lire\n\n" + listed,
		"<p>Trois outils :</p>" + list:   "Trois outils :\n\n" + listed,
		"<h2>Lire aussi</h2><p>Dit.</p>": "## Lire aussi\n\nDit.",
		"<h2>Voir aussi</h2><ul><li><a href=/b>Un autre</a>, qui dit pourquoi.</li></ul>":     "## Voir aussi\n\n- [Un autre](<https://site.example/b>), qui dit pourquoi.",
		"<p>Nos derniers articles ont dit <a href=/b>pourquoi</a>.</p>":                       "Nos derniers articles ont dit [pourquoi](<https://site.example/b>).",
		"<p>Lire aussi : <a href=/b>le rapport</a>, que la Cour a publié.</p>":                "Lire aussi : [le rapport](<https://site.example/b>), que la Cour a publié.",
		"<div class='similar'><p>" + strings.Repeat("Tout le texte. ", 90) + "Fin.</p></div>": strings.Repeat("Tout le texte. ", 90) + "Fin.",
	} {
		a := one(t, []byte(rss("<title>T</title><link>https://site.example/a</link><description><![CDATA[<p>Avant.</p>"+html+"<p>"+strings.Repeat("Après. ", 100)+"</p>]]></description>")), "")
		said, _, _ := strings.Cut(a.Body, "\n\nAprès.")
		if said = strings.TrimPrefix(strings.TrimPrefix(said, "Avant."), "\n\n"); said != want {
			t.Errorf("%s is %q", html, said)
		}
	}
}

// What does nothing but ask to share a text is none of it, in feeds and on pages; what is said of networks is.
func TestParse_shareBars(t *testing.T) {
	const list, listed = "<ul><li>Facebook</li><li>X (Twitter)</li><li>WhatsApp</li><li>E-mail</li></ul>", "- Facebook\n- X (Twitter)\n- WhatsApp\n- E-mail"
	for html, want := range map[string]string{
		"<div>Partager sur Facebook Partager sur X Partager sur LinkedIn Copier le lien</div>":                           "",
		"<div><span>Partager sur Facebook</span><span>Copier le lien</span></div>":                                       "",
		"<ul><li><a href=/f>Cliquez pour partager sur Facebook(ouvre dans une nouvelle fenêtre)</a></li><li>X</li></ul>": "",
		list:                       "",
		"<h3>Partager</h3>" + list: "",
		"<div><span>Facebook</span> <span>X</span> <span>LinkedIn</span></div>": "",
		"<ul><li>Partager sur Facebook</li><li>WhatsApp</li></ul>":              "",
		"<p>Partager :</p>" + list:                                              "",
		"<p><a href=/f>Facebook</a> | <a href=/l>LinkedIn</a></p>":              "",

		"<p>Le bouton mène vers :</p>" + list:                                       "Le bouton mène vers :\n\n" + listed,
		"<h2>Les réseaux</h2>" + list:                                               "## Les réseaux\n\n" + listed,
		"<p>Le menu propose :</p><ul><li>Imprimer</li><li>Copier le lien</li></ul>": "Le menu propose :\n\n- Imprimer\n- Copier le lien",
		"<h2>LinkedIn</h2><p>Dit.</p>":                                              "## LinkedIn\n\nDit.",
		"<p>Facebook et X.</p>":                                                     "Facebook et X.",
		"<p>Partager sur Facebook et X ne suffit plus.</p>":                         "Partager sur Facebook et X ne suffit plus.",
	} {
		after := "<p>" + strings.Repeat("Après. ", 100) + "</p>"
		for where, a := range map[string]newsletter.Article{
			"a feed": one(t, []byte(rss("<title>T</title><link>https://site.example/a</link><description><![CDATA[<p>Avant.</p>"+html+after+"]]></description>")), ""),
			"a page": takes(t, "<title>T</title><article>"+prose+"<p>Avant.</p>"+html+after+"</article>"),
		} {
			_, said, _ := strings.Cut(a.Body, "Avant.")
			if said, _, _ = strings.Cut(said, "\n\nAprès."); strings.TrimPrefix(said, "\n\n") != want {
				t.Errorf("%s is %q in %s", html, said, where)
			}
		}
	}
	want := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n").Replace(prose))
	a := takes(t, "<title>T</title><main><h1>T</h1><div>Partager sur Facebook Partager sur X Partager sur LinkedIn Copier le lien</div><div>"+prose+"</div>"+list+"</main>")
	if a.Body != want {
		t.Errorf("around a text: %s", a.Body)
	}
}

// A summary ends where its article does: what programs put behind it, in whatever language, is none of it, nor are the lines that they put around.
func TestParseFeed_summaryEnds(t *testing.T) {
	const said = "Le laboratoire a présenté un modèle. Il écoute."
	for end, want := range map[string]string{
		"": said,
		"<p>L’article <a href=/a>Un modèle</a> est apparu en premier sur <a href=/>Le Site</a>.</p>":       said,
		"<p>L&#8217;article <a href=/a>Un modèle</a> est apparu en premier sur <a href=/>Le Site</a>.</p>": said,
		"\n\nCet article Un modèle est apparu en premier sur Le Site.":                                     said,
		" La publication Un modèle est apparue en premier sur Le Site.":                                    said,
		"<p>Cet article est d’abord paru sur Le Site.</p>":                                                 said,
		"<p>The post <a href=/a>Un modèle</a> appeared first on <a href=/>Le Site</a>.</p>":                said,
		"<p>The post Un modèle first appeared on Le Site.</p>":                                             said,
		"<p>Der Beitrag Un modèle erschien zuerst auf Le Site.</p>":                                        said,
		" <a href=/a>Lire la suite</a>":                                                                    said,
		" […] <a href=/a>Lire la suite →</a>":                                                              said,
		" (…)": said,
		" <a href=/a>Continue reading <span>« Un modèle »</span> →</a>":                           said,
		"&#8230; <a href=/a>Continuer la lecture de « Un modèle »</a>":                            said,
		" <a href=/a>[Lire la suite]</a>":                                                         said,
		" <a href=/a>Read the full story</a>":                                                     said,
		" <a href=/a>(lire la suite)</a>":                                                         said,
		" (Lire la suite…)":                                                                       said,
		"… [+1250 chars]":                                                                         said,
		" <a href=/a>(more…)</a>":                                                                 said,
		" […]<p>L’article Un modèle est apparu en premier sur Le Site.</p>":                       said,
		"<p><a href=/a>Lire la suite</a></p><p>The post Un modèle appeared first on Le Site.</p>": said,
		"<p>Crédit photo : Ana Roux</p><p>Temps de lecture : 4 min</p><p>312 vues</p>":            said,
		"\n\n-\n<a href='/r' rel='directory'>Nature</a>\n\n/\n<a href='/m' rel='tag'>mot</a>":     said,
		" (…)\n-\n<a href='/r' rel='directory'>Nature</a>":                                        said,
		"<br><br>Crédit photo : Ana Roux":                                                         said,
		"<p><a href=/f>Facebook</a> | <a href=/x>X</a></p>":                                       said,
		" Il est apparu en premier sur une île.":                                                  said + " Il est apparu en premier sur une île.",
		" Le conseil a voté, puis M. […]":                                                         said,
		" On en parle, dans des films et more…":                                                   said,
	} {
		a := one(t, []byte(rss("<title>T</title><link>https://site.example/a</link><description><![CDATA[<p>"+said+"</p>"+end+"]]></description>")), "")
		if a.Summary != want {
			t.Errorf("%s\nis   %q\nwant %q", end, a.Summary, want)
		}
	}
}

// What a site cut ends with the last sentence that is whole, and in the middle of one only where it has no other.
func TestParseFeed_cutSummaries(t *testing.T) {
	for text, want := range map[string]string{
		"L’opposition a quitté la salle. <a href=/a>Lire la suite</a>":       "L’opposition a quitté la salle.",
		"L’opposition a quitté la salle. Le maire, qui avait dit à M. Roux…": "L’opposition a quitté la salle.",
		"L’opposition a quitté la salle ! Puis le maire a [&#8230;]":         "L’opposition a quitté la salle !",
		"L’opposition a quitté la salle, et le maire […]":                    "L’opposition a quitté la salle, et le maire …",
		"Rennes. L’opposition a quitté la salle, et le maire […]":            "Rennes. L’opposition a quitté la salle, et le maire …",
		"L’opposition a quitté la salle, puis M. […]":                        "L’opposition a quitté la salle, puis M. …",
		"L’opposition a quitté la salle. Le maire reste":                     "L’opposition a quitté la salle. Le maire reste",
		"Le maire a dit : « Nous votons. Rien d’autre. » La salle […]":       "Le maire a dit : « Nous votons. Rien d’autre. »",
		"Le titre de l’article":                                              "",
		"Le titre de l’article.":                                             "",
		"<p>Le titre de l’article</p> <a href=/a>Lire la suite</a>":          "",
		"Le titre de l’article – Site":                                       "",
		"Le titre de l’article dit tout.":                                    "Le titre de l’article dit tout.",
	} {
		a := one(t, []byte(rss("<title>Le titre de l’article – Site</title><link>https://site.example/a</link><description><![CDATA["+text+"]]></description>")), "")
		if a.Summary != want || a.Body != "" {
			t.Errorf("%s\nis   %q, %q\nwant %q", text, a.Summary, a.Body, want)
		}
	}
	for _, said := range []string{"La balise &lt;main&gt; a dix ans.", "L’entité &amp;eacute; aussi."} {
		text := "<description><![CDATA[<p>" + said + "</p>]]></description>"
		for _, more := range []string{"", "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>&lt;p&gt;Un texte.&lt;/p&gt;</content:encoded>"} {
			a := one(t, []byte(rss("<title>T</title><link>https://site.example/a</link>"+text+more)), "")
			if got := render.Summary(a.Summary); got != html.UnescapeString(said) {
				t.Errorf("%s is read as %q, with %q", said, got, a.Body)
			}
		}
	}
	if a := one(t, []byte(rss("<title>新聞</title><link>https://site.example/a</link><description>天気</description>")), ""); a.Summary != "天気" {
		t.Errorf("in another script it is %q", a.Summary)
	}
}

// What a summary is about stays, however the feed writes it, and beside what programs add.
func TestParseFeed_tagsInSummaries(t *testing.T) {
	const about = "La balise <article> et la balise <section> diffèrent."
	for text, want := range map[string]string{
		"La balise &lt;article&gt; et la balise &lt;section&gt; diffèrent.": about,
		"<![CDATA[" + about + "]]>":                                                               about,
		"<![CDATA[<p>" + about + "</p>]]>":                                                        about,
		"<![CDATA[<p>" + about + "</p><p>Crédit photo : Ana Roux</p>]]>":                          about,
		"<![CDATA[<p>" + about + " <a href='/a'>Lire la suite</a>]]>":                             about,
		"<![CDATA[" + about + " La balise <title> aussi, et puis […]]]>":                          about,
		"<![CDATA[<div><p>Le conseil <b>a voté.<p>Il siège <a href='/x'>demain</p></div>]]>":      "Le conseil a voté. Il siège demain",
		"<![CDATA[<img src='/x.jpg'>Le conseil a voté.<br>Il siège demain.]]>":                    "Le conseil a voté. Il siège demain.",
		"<![CDATA[La balise &lt;b&gt; et &lt;/b&gt; marquent un mot. <p>Le <i>reste</i> suit.]]>": "La balise <b> et </b> marquent un mot. Le reste suit.",
	} {
		a := one(t, []byte(rss("<title>T</title><link>https://site.example/a</link><description>"+text+"</description>")), "")
		if got := render.Summary(a.Summary); got != want {
			t.Errorf("%s\nis   %q\nwant %q", text, got, want)
		}
	}
	long := strings.Repeat("Le conseil a voté. ", 40)
	a := one(t, []byte(rss("<title>T</title><link>https://site.example/a</link><description><![CDATA["+about+" "+long+"]]></description>")), "")
	if got := render.PlainText(a.Body); got != about+" "+strings.TrimSpace(long) {
		t.Errorf("a long one is %q", got)
	}
}

// An account is nobody's name in a feed either.
func TestParseFeed_accounts(t *testing.T) {
	for creator, want := range map[string]string{"Ana Roux": "Ana Roux", "admin": "", "Administrateur": "", "webmaster": "", "aroux_2024": "", "Par Ana Roux": "Ana Roux", "la rédaction": "la rédaction"} {
		a := one(t, []byte(`<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><link>https://site.example/</link><item><title>T</title><link>https://site.example/a</link><dc:creator>`+creator+`</dc:creator></item></channel></rss>`), "")
		if a.Author != want {
			t.Errorf("%s is %q, want %q", creator, a.Author, want)
		}
	}
}

// What programs put below a text goes from its end, whether it stands by itself or behind a sentence, and in a text without tags.
func TestParseFeed_textEnds(t *testing.T) {
	said := strings.Repeat("Le port a rouvert. ", 60) + "Il est plein."
	jsonFeed := func(text string) []byte {
		return []byte(`{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","url":"https://site.example/a","title":"T","content_text":"` + text + `"}]}`)
	}
	for name, data := range map[string][]byte{
		"a paragraph":        []byte(rss("<title>T</title><link>/a</link><description><![CDATA[<p>" + said + "</p><p>L’article <a href=/a>T</a> est apparu en premier sur <a href=/>Le Site</a>.</p>]]></description>")),
		"behind a sentence":  []byte(rss("<title>T</title><link>/a</link><description><![CDATA[<p>" + said + " The post <a href=/a>T</a> appeared first on <a href=/>Le Site</a>.</p>]]></description>")),
		"in JSON, as text":   jsonFeed(said + `\n\nThe post T appeared first on Le Site.`),
		"in JSON, on a line": jsonFeed(said + `\nCet article T est apparu en premier sur Le Site.`),
	} {
		if a := one(t, data, ""); a.Body != said {
			t.Errorf("%s: %q", name, a.Body[max(0, len(a.Body)-200):])
		}
	}
}
