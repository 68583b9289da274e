package render_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/token"
	"facteur/internal/typography"
	"facteur/templates"
)

func TestHeadingsInOrder(t *testing.T) {
	var got []string
	for _, n := range elements(t, edition(t, frame(t), content()).HTML) {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			got = append(got, strings.TrimSpace(n.Data+" "+attribute(n, "lang")+" "+words(n)))
		}
	}
	want := []string{
		"h1  La lettre de PandIA",
		"h2  À la une",
		"h3  «\u00a0Calcul\u00a0»\u00a0: Google et Anthropic négocient\u00a0!",
		"h2  Actualités",
		"h3  Poids ouverts\u00a0: l’essentiel",
		"h3 en-GB What now? A reader’s guide: weights",
		"h2  Liste IA",
		"h3  Transcrire\u00a0: les outils",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBothPartsHaveTheSameLinks(t *testing.T) {
	parts := edition(t, frame(t), everything())
	links := hrefs(t, parts.HTML)
	addresses := textAddresses(parts.Text)
	if diff := cmp.Diff(links, addresses); diff != "" {
		t.Errorf("links of the HTML (-) and of the text (+), which has each alone on its line:\n%s", diff)
	}
	if !slices.Contains(links, "https://www.example.org/w_%28x%29") || !slices.Contains(links, "https://pandia.example/b?x=1&y=%c3%a9") {
		t.Errorf("an address was changed: %q", links)
	}
}

// hrefs lists where the links of a page lead, each once.
func hrefs(t *testing.T, page string) (links []string) {
	t.Helper()
	for _, n := range elements(t, page) {
		if href := strings.TrimPrefix(attribute(n, "href"), "mailto:"); n.Data == "a" && !slices.Contains(links, href) {
			links = append(links, href)
		}
	}
	return links
}

// textAddresses lists the addresses of a text part.
func textAddresses(text string) (addresses []string) {
	for line := range strings.SplitSeq(text, "\n") {
		contact, found := strings.CutPrefix(line, "Nous écrire\u00a0: ")
		if !found {
			contact, found = strings.CutPrefix(line, "Write to us: ")
		}
		switch {
		case found:
			addresses = append(addresses, contact)
		case strings.Contains(line, "://") && !slices.Contains(addresses, line): // the address online stands at the head and at the end
			addresses = append(addresses, line)
		}
	}
	return addresses
}

func TestTextPart(t *testing.T) {
	text := edition(t, frame(t), content()).Text
	for line := range strings.SplitSeq(text, "\n") {
		if utf8.RuneCountInString(line) > 76 && strings.Contains(line, " ") {
			t.Errorf("line of %d characters: %q", utf8.RuneCountInString(line), line)
		}
	}
	if !strings.HasPrefix(text, "PandIA\nhttps://pandia.example/\n\nLA LETTRE DE PANDIA\n") {
		t.Errorf("the text part begins %.80q", text)
	}
	if n := strings.Count(text, "\n• "); n != len(content().Stories()) {
		t.Errorf("%d titles of articles are marked, want %d", n, len(content().Stories()))
	}
	for _, want := range []string{
		"LA LETTRE DE PANDIA\n", "n°\u00a042 · mardi 24\u00a0novembre\u00a02026\n", "\nÀ LA UNE\n", "\nACTUALITÉS\n", "\nLISTE IA\n",
		"Actualités · 3\u00a0min de lecture\n", "12, rue des Tanneurs, 75013 Paris\n", "Éditeur\u00a0: Éditions PandIA\n",
		"Se désinscrire\u00a0:\nhttps://lettre.pandia.example/u/" + token.Placeholder(token.Leave) + "\n",
		"Gérer mes préférences\u00a0:\nhttps://lettre.pandia.example/p/" + token.Placeholder(token.Preferences) + "\n",
		"Lire cette lettre en ligne\u00a0:\nhttps://lettre.pandia.example/archives/hebdo/42\n", "depuis le " + token.DayPlaceholder(len("24/11/2026")) + ".",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text part lacks %q", want)
		}
	}
	for _, unwanted := range []string{"&amp;", "&nbsp;", "&#", "<", "\n\n\n\n"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("the text part has %q", unwanted)
		}
	}
}

func TestEditionNamesItself(t *testing.T) {
	parts := edition(t, frame(t), content())
	for _, want := range []string{parts.Subject, "<title>" + parts.Subject + "</title>", parts.Preheader} {
		if !strings.Contains(parts.HTML, want) {
			t.Errorf("the HTML part lacks %q", want)
		}
	}
	for _, want := range []string{
		`>Lire l’article sur PandIA</a>`, "sur example.org", `<html lang="fr" dir="ltr">`,
	} {
		if !strings.Contains(parts.HTML, want) {
			t.Errorf("the HTML part lacks %q", want)
		}
	}
}

// The subject is that of an article, in its language: set again in the newsletter's it would get other spaces.
func TestSubjectArrivesFinished(t *testing.T) {
	for _, test := range []struct{ given, want string }{
		{"Is it “open”? Yes: so", "Is it “open”? Yes: so"},
		{"Calcul\u00a0: Google et Anthropic", "Calcul\u00a0: Google et Anthropic"},
		{"It's \"so\" ?", "It's \"so\" ?"},
		{"a\u202eb\u200b c\ufeff\uffff\r\nd e\u0301", "ab c d é"},
	} {
		c := content()
		c.Subject, c.Preheader = test.given, test.given
		parts := edition(t, frame(t), c)
		if parts.Subject != test.want || parts.Preheader != test.want {
			t.Errorf("%q: subject %q and preheader %q, want both %q", test.given, parts.Subject, parts.Preheader, test.want)
		}
		for _, n := range elements(t, parts.HTML) {
			if n.Data == "title" && words(n) != parts.Subject {
				t.Errorf("%q: title %q, want %q", test.given, words(n), parts.Subject)
			}
		}
	}
}

// What tells one subject from another is in the language of its newsletter.
func TestNumbered(t *testing.T) {
	for lang, want := range map[string]string{"fr": "(n°\u00a012)", "en": "(No.\u00a012)"} {
		got, err := renderer(t).Numbered(newsletter.Newsletter{Language: lang}, 12)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", lang, got, err)
		}
	}
	if got, err := renderer(t).Numbered(newsletter.Newsletter{Language: "de"}, 12); err == nil {
		t.Errorf("without strings: %q", got)
	}
}

// What the desk makes of a title for the subject, and what the letter makes of it for the headline, are one.
func TestHeadlineAndSubjectAgree(t *testing.T) {
	const title = "What's \"open\" ? L'IA : «oui»"
	for _, lang := range []string{"fr", "en", "en-GB", "de"} {
		c := content()
		c.Lead.Title, c.Lead.Summary, c.Lead.Language = title, title, lang
		c.Subject = typography.Set(title, lang)
		parts := edition(t, frame(t), c)
		if n := strings.Count(html.UnescapeString(parts.HTML), parts.Subject); n < 3 {
			t.Errorf("%s: %q stands %d times in the letter, want it as title, headline and summary", lang, parts.Subject, n)
		}
	}
}

func TestSummaryAsHTML(t *testing.T) {
	c := content()
	c.Lead.Summary = render.Summary("<p>Un r&eacute;sum&eacute; en <strong>HTML</strong>&nbsp;: l'IA.</p><p>Deux.</p>")
	parts := edition(t, frame(t), c)
	const want = "Un résumé en HTML\u00a0: l’IA. Deux."
	if !strings.Contains(parts.HTML, ">"+want+"</p>") || !strings.Contains(parts.Text, "\n"+want+"\n") {
		t.Errorf("a part lacks %q", want)
	}
}

func TestEnglishNewsletter(t *testing.T) {
	f := frame(t)
	f.Newsletter.Language, f.Newsletter.Title = "en", "The Letter"
	parts := edition(t, f, content())
	for _, want := range []string{
		`<html lang="en"`, "Unsubscribe", "Tuesday 24\u00a0November\u00a02026", "Top story",
		`<h3 lang="fr-CA"`, "Transcrire\u00a0: les outils",
	} {
		if !strings.Contains(parts.HTML, want) {
			t.Errorf("the HTML part lacks %q", want)
		}
	}
	if strings.Contains(parts.HTML, `lang="en-GB"`) {
		t.Error("an English story is marked as foreign in an English letter")
	}
	f.Newsletter.Language = "eo"
	if _, err := renderer(t).Edition(f, content()); err == nil || !strings.Contains(err.Error(), `"eo"`) {
		t.Errorf("a language without strings: %v", err)
	}
}

// A story in a language that is written from right to left says so wherever its words stand.
func TestRightToLeft(t *testing.T) {
	for lang, dir := range map[string]string{"ar": "rtl", "he": "rtl", "fa-IR": "rtl", "ur": "rtl", "pa-Arab": "rtl", "de": "", "pa": "", "en": ""} {
		c := content()
		c.Lead.Language = lang
		c.Lead.Picture = &newsletter.Picture{Name: "9f86d081884c7d659a2feaa0c55ad015.jpg", Width: 10, Height: 10, Alt: "x"}
		story := newsletter.Story{URL: "https://example.net/a", Title: "x", Summary: "x", Language: lang}
		c.Chapters = []newsletter.Chapter{{Title: "A", Stories: []newsletter.Story{story}}, {Title: "B", Brief: true, Stories: []newsletter.Story{story}}}
		marked := 0
		for _, n := range elements(t, edition(t, frame(t), c).HTML) {
			if attribute(n, "lang") == lang {
				marked++
				if got := attribute(n, "dir"); got != dir {
					t.Errorf("%s: <%s> has the direction %q, want %q", lang, n.Data, got, dir)
				}
			}
		}
		if marked != 7 {
			t.Errorf("%s: %d elements name their language, want picture, three titles and three summaries", lang, marked)
		}
	}
}

// What follows a summary on its line follows no full stop.
func TestBriefEndsOnce(t *testing.T) {
	for summary, want := range map[string]string{
		"Douze semaines.": ">Douze semaines</span> · sur example.net<", "Douze ?": ">Douze\u00a0?</span> · sur example.net<", "Eau, etc.": ">Eau, etc.</span> · sur example.net<",
		"Douze...": ">Douze…</span> · sur example.net<", "": ">sur example.net<",
	} {
		c := content()
		c.Chapters = []newsletter.Chapter{{Title: "B", Brief: true, Stories: []newsletter.Story{
			{URL: "https://example.net/a", Title: "x", Summary: summary}, {URL: "https://pandia.example/b", Title: "y", Summary: "Elle reste."},
		}}}
		page := edition(t, frame(t), c).HTML
		if !strings.Contains(page, want) || !strings.Contains(page, ">Elle reste.</span></span></li>") {
			t.Errorf("%q: %q is not in\n%s", summary, want, page[strings.Index(page, "<ul"):strings.Index(page, "</ul>")])
		}
	}
}

func TestPlaceholders(t *testing.T) {
	marks := []string{token.Placeholder(token.Leave), token.Placeholder(token.Preferences), token.DayPlaceholder(len("24/11/2026"))}
	for _, mark := range append(marks, token.Placeholder(token.Confirm), token.DayPlaceholder(len("24 Nov 2026")), "-token-of-"+token.TokenMark+"the-reader-", "~sin~since~ce~") {
		c := content()
		c.Subject += mark
		c.Lead.Title, c.Lead.Section = "a"+mark, mark
		c.Chapters[0].Stories[0].URL += mark
		c.Chapters[0].Stories[1].Summary = mark
		parts := edition(t, frame(t), c)
		if strings.Contains(parts.Subject, token.TokenMark) || strings.Contains(parts.Subject, token.DayMark) {
			t.Errorf("%s stands in the subject %q", mark, parts.Subject)
		}
		for name, part := range map[string]string{"HTML": parts.HTML, "text": parts.Text} {
			for _, want := range marks {
				if n := strings.Count(part, want); n != 1 {
					t.Errorf("%s has %s %d times for an article with %s: it must not get what is a reader's own", name, want, n, mark)
				}
				if at := strings.Index(part, want); at < len(part)/2 {
					t.Errorf("%s has %s at %d of %d: copies share the bytes before it", name, want, at, len(part))
				}
			}
			if tokens, days := strings.Count(part, token.TokenMark), strings.Count(part, token.DayMark); tokens != 2 || days != 1 {
				t.Errorf("%s has %d tokens and %d days for an article with %s, want 2 and 1", name, tokens, days, mark)
			}
		}
	}
}

func TestStoryWithoutAddress(t *testing.T) {
	for _, address := range []string{"", "javascript:alert(1)", "//example.org/x", "data:text/html,x", "https://"} {
		c := content()
		c.Lead.Article, c.Lead.URL = 7, address
		if _, err := renderer(t).Edition(frame(t), c); err == nil || !strings.Contains(err.Error(), "article 7") {
			t.Errorf("%q: error %v, want one that names article 7", address, err)
		}
	}
}

func TestOverridingTemplates(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"does not parse", "mail/edition.txt.tmpl", "a\n{{if}}\n", "edition.txt.tmpl:2"},
		{"unknown field", "mail/edition.html.tmpl", "<p>\n\n{{.Nope}}</p>", "edition.html.tmpl:3"},
		{"unknown field of a story", "mail/story.html.tmpl", "{{define \"lead\"}}\n{{.Nope}}{{end}}{{define \"chapter\"}}{{end}}", "story.html.tmpl:2"},
		{"unknown string", "mail/edition.txt.tmpl", "{{.Say \"nope\"}}", "nope"},
		{"unknown function", "mail/footer.html.tmpl", "\n\n\n{{nope}}", "footer.html.tmpl:4"},
		{"string missing", "strings/mail.fr.toml", "lead = \"x\"", "strings/mail.fr.toml"},
		{"strings do not parse", "strings/mail.en.toml", "lead = ", "mail.en.toml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, test.file)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(test.text), 0o644); err != nil {
				t.Fatal(err)
			}
			files, err := templates.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := render.New(files, ""); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	if _, err := render.New(fstest.MapFS{}, ""); err == nil {
		t.Error("no templates at all are no error")
	}
}

func TestHostileArticles(t *testing.T) {
	hostile := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</title></style><svg onload=x>`, `{{.Leave}}`,
		"a\r\nb\x00c\u202egnp.exe", "\xff\xfe broken", strings.Repeat("x", 20000), "<!--[if mso]>", "]]>", "🤖👩‍🚀 e\u0301",
	}
	for _, text := range hostile {
		c := content()
		c.Subject, c.Preheader, c.Lead.Title, c.Lead.Summary, c.Lead.Section = text, text, text, text, text
		c.Lead.Picture.Alt = text
		c.Chapters[0].Title, c.Chapters[0].Stories[0].Title, c.Chapters[0].Stories[0].Language = text, text, text
		c.Chapters[0].Stories[0].URL = "https://example.org/" + text
		if strings.ContainsAny(text, "\r\x00") {
			c.Chapters[0].Stories[0].URL = "https://example.org/"
		}
		checkHarmless(t, edition(t, frame(t), c))
	}
}

func checkHarmless(t *testing.T, parts render.Parts) {
	t.Helper()
	known := map[string]bool{}
	for name := range strings.FieldsSeq("html head meta style title body div table tbody tr td p a span h1 h2 h3 br img") {
		known[name] = true
	}
	for _, n := range elements(t, parts.HTML) {
		if !known[n.Data] {
			t.Errorf("an article brought in <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" && !strings.HasPrefix(a.Val, "https://lettre.pandia.example/i/") {
				t.Errorf("an article brought in %s=%q", a.Key, a.Val)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "mailto:") {
				t.Errorf("an article brought in a link to %q", a.Val)
			}
		}
	}
	for name, part := range map[string]string{"subject": parts.Subject, "HTML": parts.HTML, "text": parts.Text} {
		if !utf8.ValidString(part) || strings.ContainsAny(part, "\r\x00\u202e") {
			t.Errorf("the %s has octets that no letter may have", name)
		}
	}
}

func FuzzEdition(f *testing.F) {
	f.Add("Titre", "Résumé", "fr", "https://example.org/", "## a\n\n[x](javascript:y) <b>z</b>")
	f.Add("<script>", "\u202e\x00\xff", "en-\"x", "https://example.org/?a=\"><b>", "<script>x</script>\n<style>y")
	f.Add("« a » : b ?", "`", "zz", "http://[::1]/%zz", "* a\n1. b\n> c\n\n\tcode\n\n| a | b |\n|---|---|\n| c | d |")
	r := renderer(f)
	frame := frame(f)
	f.Fuzz(func(t *testing.T, title, summary, lang, address, markdown string) {
		story := newsletter.Story{
			URL: address, Title: title, Section: title, Summary: summary, Language: lang,
			Picture: &newsletter.Picture{Name: "00112233445566778899aabbccddeeff.png", Width: len(summary), Height: len(title), Alt: summary},
		}
		chapo := story
		chapo.Summary, chapo.Words = render.Chapo(title, markdown), render.Words(markdown)
		c := newsletter.Content{Number: 1, Subject: title, Preheader: summary, Lead: &story,
			Chapters: []newsletter.Chapter{{Title: title, Stories: []newsletter.Story{chapo}}}}
		parts, err := r.Edition(frame, c)
		if err != nil {
			return
		}
		parts.HTML = strings.ReplaceAll(parts.HTML, `href="http://`, `href="https://`)
		checkHarmless(t, parts)
		if n := strings.Count(parts.HTML, token.Placeholder(token.Leave)) + strings.Count(parts.Text, token.Placeholder(token.Leave)); n != 2 {
			t.Errorf("%d leave links in both parts", n)
		}
	})
}

// Brief stories are items of a real list, in both parts at the end, and what has no room is told instead of the last.
func TestBriefStoriesAndTheRest(t *testing.T) {
	parts := edition(t, frame(t), everything())
	var items []string
	for _, n := range elements(t, parts.HTML) {
		if n.Data == "li" && n.Parent.Data == "ul" {
			items = append(items, words(n))
		}
	}
	want := []string{"Un modèle de plusIl tient sur un téléphone.", "A shorter oneIt fits: really? · sur example.org", "Sans résumé"}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	_, text, _ := strings.Cut(parts.Text, "EN BREF\n")
	text, _, _ = strings.Cut(text, "\n----------------------------------------")
	wantText := `-------

• Un modèle de plus
Il tient sur un téléphone.
https://pandia.example/c

• A shorter one
It fits: really?
sur example.org
https://www.example.org/d

• Sans résumé
https://pandia.example/e


La suite sur le site (1 autre article) :
https://lettre.pandia.example/archives/hebdo/42
`
	if diff := cmp.Diff(wantText, strings.ReplaceAll(text, "\u00a0", " ")); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(parts.HTML+parts.Text, "Sur la page seulement") {
		t.Error("what only the page has is in the letter")
	}
}

// What an earlier letter had before it was updated says so wherever it stands, in the language of the letter.
func TestEdition_SaysWhatWasUpdated(t *testing.T) {
	for lang, want := range map[string]string{"fr": "Mis à jour", "en": "Updated"} {
		f, c := frame(t), everything()
		f.Newsletter.Language = lang
		c.Lead.Updated = true
		c.Chapters[0].Stories[1].Updated, c.Chapters[2].Stories[2].Updated = true, true
		parts := edition(t, f, c)
		for part, text := range map[string]string{"HTML": parts.HTML, "text": parts.Text} {
			if n := strings.Count(text, want); n != 3 {
				t.Errorf("%s, %s: %d stories say that they were updated, not 3", lang, part, n)
			}
		}
		if !strings.Contains(parts.Text, want+" · Actualités · ") {
			t.Errorf("%s: the lead does not begin with it:\n%s", lang, parts.Text)
		}
	}
}
