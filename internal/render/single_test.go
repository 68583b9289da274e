package render_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/token"
	"facteur/templates"
)

func terms() render.Terms {
	const day = 24 * time.Hour
	return render.Terms{
		WebURL: "https://lettre.pandia.example/", Link: 3 * day, Pending: 7 * day, Reminder: 2 * day, Manage: 30 * time.Minute, Keep: 30 * day,
	}
}

func single(t testing.TB, r *render.Renderer, kind newsletter.LetterKind, about ...newsletter.Newsletter) render.Parts {
	t.Helper()
	parts, err := r.Single(kind, about, terms())
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// singles renders every single letter in a language.
func singles(t testing.TB, lang string) map[newsletter.LetterKind]render.Parts {
	t.Helper()
	n := frame(t).Newsletter
	n.Language = lang
	all := map[newsletter.LetterKind]render.Parts{}
	r := renderer(t)
	for _, kind := range newsletter.LetterKinds() {
		all[kind] = single(t, r, kind, n)
	}
	return all
}

const pages = "https://lettre.pandia.example"

// ways are the links of each letter besides those of the sender's identity, in order.
func ways(kind newsletter.LetterKind) []string {
	own := func(p token.Purpose) string { return pages + "/" + p.String() + "/" + token.Placeholder(p) }
	const site = "https://pandia.example/"
	return map[newsletter.LetterKind][]string{
		newsletter.LetterConfirm: {own(token.Confirm)},
		newsletter.LetterRemind:  {own(token.Confirm)},
		newsletter.LetterWelcome: {site, pages + "/archives", own(token.Leave), own(token.Preferences)},
		newsletter.LetterAlready: {site, own(token.Preferences), own(token.Leave)},
		newsletter.LetterLink:    {site, own(token.Preferences)},
		newsletter.LetterManage:  {site, own(token.Manage)},
		newsletter.LetterMove:    {site, own(token.Move)},
		newsletter.LetterKeep:    {site, own(token.Preferences), own(token.Leave)},
	}[kind]
}

// Each letter has the links of its kind and the sender's identity, in both parts and in the same order, and nothing
// that a mail program would load.
func TestSingleLettersHaveTheirLinksInBothParts(t *testing.T) {
	identity := []string{"redaction@pandia.example", "https://pandia.example/mentions-legales", "https://pandia.example/confidentialite"}
	for _, lang := range []string{"fr", "en"} {
		for kind, parts := range singles(t, lang) {
			want := slices.Concat(ways(kind), identity)
			if diff := cmp.Diff(want, hrefs(t, parts.HTML)); diff != "" {
				t.Errorf("%s in %s: links of the HTML (-want +got)\n%s", kind, lang, diff)
			}
			if diff := cmp.Diff(want, textAddresses(parts.Text)); diff != "" {
				t.Errorf("%s in %s: addresses of the text (-want +got)\n%s", kind, lang, diff)
			}
			for name, part := range map[string]string{"HTML": parts.HTML, "text": parts.Text} {
				if tokens := strings.Count(part, token.TokenMark); tokens != strings.Count(strings.Join(want, ""), token.TokenMark) {
					t.Errorf("%s in %s: the %s has %d links of the reader's own", kind, lang, name, tokens)
				}
				for _, said := range []string{"Éditions PandIA", "12, rue des Tanneurs, 75013 Paris"} {
					if !strings.Contains(part, said) {
						t.Errorf("%s in %s: the %s lacks %q", kind, lang, name, said)
					}
				}
			}
		}
	}
}

var unset = regexp.MustCompile(`<no value>|\{\{|%!|&amp;|&#|&nbsp;|<[a-z/]|[^\x{00a0}\x{202f}] ?[;!?»]|« `)

func TestSingleLettersReadWell(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for kind, parts := range singles(t, lang) {
			if n := utf8.RuneCountInString(parts.Subject); n == 0 || n > 60 {
				t.Errorf("%s in %s: the subject %q has %d characters", kind, lang, parts.Subject, n)
			}
			if n := utf8.RuneCountInString(parts.Preheader); n < 40 || n > 110 || strings.Contains(parts.Subject, parts.Preheader) {
				t.Errorf("%s in %s: the preheader %q has %d characters", kind, lang, parts.Preheader, n)
			}
			text := parts.Subject + "\n" + parts.Preheader + "\n" + parts.Text
			if bad := unset.FindString(text); bad != "" && lang == "fr" {
				t.Errorf("%s: %q stands in\n%s", kind, bad, text)
			}
			for line := range strings.SplitSeq(parts.Text, "\n") {
				if utf8.RuneCountInString(line) > 76 && strings.Contains(line, " ") {
					t.Errorf("%s in %s: line of %d characters: %q", kind, lang, utf8.RuneCountInString(line), line)
				}
			}
			if strings.Contains(parts.Text, "\n\n\n\n") || !strings.HasSuffix(parts.Text, "\n") {
				t.Errorf("%s in %s: the text is not tidy", kind, lang)
			}
		}
	}
}

func TestSingleLettersPromiseWhatTheSettingsSay(t *testing.T) {
	n := frame(t).Newsletter
	r := renderer(t)
	for _, test := range []struct {
		kind   newsletter.LetterKind
		change func(*render.Terms)
		want   string
	}{
		{newsletter.LetterConfirm, func(*render.Terms) {}, "fonctionne pendant 3\u00a0jours."},
		{newsletter.LetterConfirm, func(x *render.Terms) { x.Link = 36 * time.Hour }, "fonctionne pendant 36\u00a0heures."},
		{newsletter.LetterConfirm, func(x *render.Terms) { x.Link = 24 * time.Hour }, "fonctionne pendant 1\u00a0jour."},
		{newsletter.LetterConfirm, func(*render.Terms) {}, "rien d’autre qu’un rappel, et votre adresse sera effacée dans 7\u00a0jours au plus tard."},
		{newsletter.LetterConfirm, func(x *render.Terms) { x.Reminder = 0 }, "vous ne recevrez rien, et votre adresse"},
		{newsletter.LetterRemind, func(*render.Terms) {}, "sera effacée dans 5\u00a0jours au plus tard."},
		{newsletter.LetterManage, func(x *render.Terms) { x.Manage = 45 * time.Minute }, "fonctionne pendant 45\u00a0minutes."},
		{newsletter.LetterMove, func(*render.Terms) {}, "fonctionne pendant 30\u00a0minutes."},
		{newsletter.LetterKeep, func(x *render.Terms) { x.Keep = 60 * 24 * time.Hour }, "Sans réponse d’ici 60\u00a0jours"},
	} {
		x := terms()
		test.change(&x)
		parts, err := r.Single(test.kind, []newsletter.Newsletter{n}, x)
		if err != nil {
			t.Fatal(err)
		}
		for name, part := range map[string]string{"HTML": parts.HTML, "text": parts.Text} {
			if !strings.Contains(strings.ReplaceAll(part, "\n", " "), test.want) {
				t.Errorf("%s: the %s lacks %q:\n%s", test.kind, name, test.want, parts.Text)
			}
		}
	}
}

// The letter that asks whether to go on only opens the page where that is said: its button says so, and its words name the button there.
func TestKeepLetterSaysWhatItsButtonDoes(t *testing.T) {
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"fr", "en"} {
		said := map[string]string{}
		for _, family := range []string{"mail", "web"} {
			c, err := render.LoadCatalogue(files, family, lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{"keep_button", "link_button"} {
				if family == "mail" || id == "keep_button" {
					if said[family+" "+id], err = c.Text(id, nil); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if said["mail keep_button"] != said["mail link_button"] {
			t.Errorf("%s: the button says %q and opens what %q opens", lang, said["mail keep_button"], said["mail link_button"])
		}
		n := frame(t).Newsletter
		n.Language = lang
		if text := strings.Join(strings.Fields(single(t, renderer(t), newsletter.LetterKeep, n).Text), " "); !strings.Contains(text, said["web keep_button"]) {
			t.Errorf("%s: the letter does not name the button %q of the page:\n%s", lang, said["web keep_button"], text)
		}
	}
}

func TestSingleLettersNameTheirNewsletters(t *testing.T) {
	r := renderer(t)
	titled := func(lang string, titles ...string) (all []newsletter.Newsletter) {
		for _, title := range titles {
			n := frame(t).Newsletter
			n.Language, n.Title = lang, title
			all = append(all, n)
		}
		return all
	}
	for _, test := range []struct {
		about []newsletter.Newsletter
		want  string
	}{
		{titled("fr", "A"), "recevoir «\u00a0A\u00a0» à"},
		{titled("fr", "A", "B"), "recevoir «\u00a0A\u00a0» et «\u00a0B\u00a0» à"},
		{titled("fr", "A", "L'\"autre\" lettre", "C"), "recevoir «\u00a0A\u00a0», «\u00a0L’“autre” lettre\u00a0» et «\u00a0C\u00a0» à"},
		{titled("en", "A", "B", "C"), "receive “A”, “B” and “C” at"},
	} {
		if text := strings.ReplaceAll(single(t, r, newsletter.LetterConfirm, test.about...).Text, "\n", " "); !strings.Contains(text, test.want) {
			t.Errorf("the letter lacks %q:\n%s", test.want, text)
		}
	}
	// One link leaves one newsletter, and the other ones stay.
	if text := single(t, r, newsletter.LetterKeep, titled("fr", "A", "B")...).Text; !strings.Contains(text, "\nSe désinscrire de l’une de ces lettres\u00a0:\n") {
		t.Errorf("the letter does not say that one is left:\n%s", text)
	}
}

func TestWelcomeSaysWhatComesAndWhen(t *testing.T) {
	r := renderer(t)
	for _, test := range []struct{ lang, schedule, want string }{
		{"fr", "0 7 * * 2", "paraît chaque mardi, vers 7\u00a0h. Au sommaire\u00a0: Actualités et Liste IA."},
		{"fr", "30 18 * * mon,THU,0", "paraît chaque lundi, jeudi et dimanche, vers 18\u00a0h\u00a030. Au"},
		{"fr", "0 6 * * 1-5", "paraît du lundi au vendredi, vers 6\u00a0h."},
		{"fr", "0 6 * * *", "paraît chaque jour, vers 6\u00a0h."},
		{"fr", "0 6 * * 0-6", "paraît chaque jour, vers 6\u00a0h."},
		{"en", "5 7 * * 7", "appears every Sunday at about 7:05. In it: Actualités and Liste IA."},
		{"fr", "0 7 1 * *", "paraît chaque mois. Au sommaire\u00a0: Actualités et Liste IA."},
		{"fr", "*/5 7 * * 1", "Au sommaire de «\u00a0La lettre de PandIA\u00a0»\u00a0: Actualités et Liste IA."},
		{"fr", "0 7 * * 1#2", "Au sommaire de «\u00a0La lettre de PandIA\u00a0»\u00a0: Actualités et Liste IA."},
		{"fr", "0 7 * * 5-2", "Au sommaire de «\u00a0La lettre de PandIA\u00a0»\u00a0: Actualités et Liste IA."},
		{"fr", "0 7 * * ,", "Au sommaire de «\u00a0La lettre de PandIA\u00a0»\u00a0: Actualités et Liste IA."},
		{"fr", "@weekly", "paraît chaque dimanche, vers 0\u00a0h. Au sommaire\u00a0: Actualités et Liste IA."},
	} {
		n := frame(t).Newsletter
		n.Language, n.Schedule, n.Sections = test.lang, test.schedule, []newsletter.Section{{Title: "Actualités"}, {Title: "Liste IA"}}
		text := strings.ReplaceAll(single(t, r, newsletter.LetterWelcome, n).Text, "\n", " ")
		if !strings.Contains(text, test.want) || (strings.HasPrefix(test.want, "Au") && strings.Contains(text, "paraît")) {
			t.Errorf("%q: the letter lacks %q:\n%s", test.schedule, test.want, text)
		}
	}
}

func TestHostileTitles(t *testing.T) {
	r := renderer(t)
	for _, title := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "a\r\nBcc: x@example.org\x00\u202e", "{{.Names}}", "{{template \"x\"}}",
		"a" + token.Placeholder(token.Confirm) + token.DayPlaceholder(10), "\xff\xfe", "« » “ ” &amp;", strings.Repeat("x", 5000), "",
	} {
		n := frame(t).Newsletter
		n.Title, n.Sections = title, []newsletter.Section{{Title: title}}
		for _, kind := range newsletter.LetterKinds() {
			parts := single(t, r, kind, n, n)
			checkHarmless(t, parts)
			want := strings.Count(strings.Join(ways(kind), ""), token.TokenMark)
			if strings.ContainsAny(parts.Subject, "\r\n") || strings.Count(parts.HTML, token.TokenMark) != want || strings.Count(parts.Text, token.TokenMark) != want {
				t.Errorf("%q: the letter %s is\n%s\n%s", title, kind, parts.Subject, parts.Text)
			}
		}
	}
}

func TestNoSuchSingleLetter(t *testing.T) {
	n := frame(t).Newsletter
	if _, err := renderer(t).Single("farewell", []newsletter.Newsletter{n}, terms()); err == nil {
		t.Error("a letter of no kind was written")
	}
	if _, err := renderer(t).Single(newsletter.LetterConfirm, nil, terms()); err == nil {
		t.Error("a letter about nothing was written")
	}
	n.Language = "eo"
	if _, err := renderer(t).Single(newsletter.LetterConfirm, []newsletter.Newsletter{n}, terms()); err == nil || !strings.Contains(err.Error(), `"eo"`) {
		t.Errorf("a language without strings: %v", err)
	}
}
