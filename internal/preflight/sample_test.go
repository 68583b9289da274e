package preflight_test

import (
	"strings"
	"testing"
	"time"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
	"facteur/internal/render"
	"facteur/internal/token"
	"facteur/templates"
)

const webURL = "https://lettre.pandia.example"

func hebdo(t testing.TB, lang string) newsletter.Newsletter {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return newsletter.Newsletter{
		Name: "hebdo", Title: "La lettre de PandIA", Language: lang, Zone: zone,
		ListID: "hebdo.lettre.pandia.example", FeedbackID: "pandia", Schedule: "0 7 * * 2",
		Sections: []newsletter.Section{{Title: "Actualités"}, {Title: "Guides"}},
		Sender: newsletter.Sender{
			Site: "PandIA", SiteURL: "https://pandia.example/", Publisher: "Éditions PandIA",
			Postal: "12, rue des Tanneurs\n75013 Paris", Contact: "redaction@pandia.example",
			LegalURL: "https://pandia.example/mentions-legales", PrivacyURL: "https://pandia.example/confidentialite",
			Name: "PandIA", Address: "lettre@pandia.example",
		},
	}
}

func content(t testing.TB) newsletter.Content {
	t.Helper()
	return newsletter.Content{
		Number: 42, Date: time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC),
		Subject:   "Puissance de calcul\u00a0: Google et Anthropic négocient",
		Preheader: "Et aussi\u00a0: bien rédiger une consigne, vérifier une réponse.",
		Lead: &newsletter.Story{
			Article: 1, URL: "https://pandia.example/actualites/google-anthropic?é=1&b=2", Section: "Actualités", Words: 480,
			Title: "Puissance de calcul : Google et Anthropic négocient", Summary: "Google envisagerait de resserrer ses liens avec Anthropic.",
		},
		Chapters: []newsletter.Chapter{
			{Name: "actualites", Title: "Actualités", Stories: []newsletter.Story{
				{Article: 2, URL: "https://pandia.example/actualites/poids-ouverts", Words: 700, Title: "« Poids ouverts » ou « open source » ?", Summary: "Une nuance qui compte."},
				{Article: 3, URL: "https://www.example.org/weights", Language: "en", Words: 900, Title: "What open weights really means", Summary: "Some publish weights, few publish data."},
			}},
			{Name: "guides", Title: "Guides", Stories: []newsletter.Story{
				{Article: 4, URL: "https://pandia.example/guides/verifier", Title: "Vérifier une réponse d’IA en dix minutes"},
			}},
		},
	}
}

func renderer(t testing.TB) *render.Renderer {
	t.Helper()
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(files, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// edition is a letter as the product makes it, with the copies of two readers.
func edition(t testing.TB, r *render.Renderer, n newsletter.Newsletter, c newsletter.Content) preflight.Letter {
	t.Helper()
	parts, err := r.Edition(render.Frame{Newsletter: n, WebURL: webURL}, c)
	if err != nil {
		t.Fatal(err)
	}
	l := preflight.Letter{
		Newsletter: n, Content: c, WebURL: webURL, Subject: parts.Subject, Preheader: parts.Preheader, HTML: parts.HTML, Text: parts.Text,
		Needs: []token.Purpose{token.Leave, token.Preferences},
	}
	composed(t, &l, newsletter.Variant{Kind: newsletter.KindEdition}, letter.Frame{Newsletter: n, Number: c.Number, WebURL: webURL})
	return l
}

func single(t testing.TB, r *render.Renderer, n newsletter.Newsletter, kind newsletter.LetterKind) preflight.Letter {
	t.Helper()
	const day = 24 * time.Hour
	parts, err := r.Single(kind, []newsletter.Newsletter{n}, render.Terms{
		WebURL: webURL, Link: 3 * day, Pending: 7 * day, Reminder: 2 * day, Manage: 30 * time.Minute, Keep: 30 * day,
	})
	if err != nil {
		t.Fatal(err)
	}
	l := preflight.Letter{Newsletter: n, WebURL: webURL, Subject: parts.Subject, Preheader: parts.Preheader, HTML: parts.HTML, Text: parts.Text}
	composed(t, &l, newsletter.Variant{Kind: newsletter.KindLetter}, letter.Frame{Newsletter: n, Single: kind, WebURL: webURL})
	return l
}

// composed adds what two readers get who share nothing.
func composed(t testing.TB, l *preflight.Letter, v newsletter.Variant, f letter.Frame) {
	t.Helper()
	v.Subject, v.HTML, v.Text = l.Subject, l.HTML, l.Text
	made, err := letter.New(f, v)
	if err != nil {
		t.Fatal(err)
	}
	l.Needs = made.Needs()
	for i, who := range []string{"a", "zoé-marie.o’neil"} {
		r := letter.Reader{
			Address: strings.ReplaceAll(strings.ReplaceAll(who, "é", "e"), "’", "") + "@lecteurs.example", MessageID: "m" + who[:1] + "@pandia.example",
			Date: time.Date(2026, 11, 24+i, 7, 0, 0, 0, time.UTC), Consent: time.Date(2020+i, 3, 9, 0, 0, 0, 0, time.UTC), Tokens: map[token.Purpose]string{},
		}
		for _, p := range l.Needs {
			r.Tokens[p] = p.String() + strings.Repeat("Az-_"[i:i+1], token.Len-1)
		}
		message, err := made.Copy(r)
		if err != nil {
			t.Fatal(err)
		}
		l.Copies[i] = message.Append(nil)
	}
}
