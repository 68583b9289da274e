package letter_test

import (
	"testing"
	"time"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/templates"
)

const readersToken = "uReaderOneReaderOneReaderOneReaderOneReaderOneReaderOne_"

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func hebdo(t testing.TB) newsletter.Newsletter {
	t.Helper()
	return newsletter.Newsletter{
		Name: "hebdo", Title: "La lettre de PandIA", Language: "fr", Zone: paris(t),
		ListID: "hebdo.lettre.pandia.example", FeedbackID: "pandia",
		Sender: newsletter.Sender{
			Site: "PandIA", SiteURL: "https://pandia.example/", Publisher: "Éditions PandIA",
			Postal: "12, rue des Tanneurs\n75013 Paris", Contact: "redaction@pandia.example",
			LegalURL: "https://pandia.example/mentions-legales", PrivacyURL: "https://pandia.example/confidentialite",
			Name: "PandIA", Address: "lettre@pandia.example", ReplyTo: "redaction@pandia.example",
		},
	}
}

func reader(t testing.TB) letter.Reader {
	t.Helper()
	return letter.Reader{
		Address: "zoe.martin@example.net", MessageID: "hebdo-42.17.1@pandia.example",
		Date: time.Date(2026, 11, 24, 7, 0, 5, 0, paris(t)), LeaveToken: readersToken,
	}
}

func content(t testing.TB) newsletter.Content {
	t.Helper()
	return newsletter.Content{
		Number: 42, Date: time.Date(2026, 11, 24, 7, 0, 0, 0, paris(t)),
		Subject:   "Puissance de calcul\u00a0: Google et Anthropic négocient",
		Preheader: "Et aussi\u00a0: bien rédiger une consigne, vérifier une réponse, et deux prompts prêts à l’emploi.",
		Lead: &newsletter.Story{
			URL: "https://pandia.example/actualites/google-anthropic", Section: "Actualités", Words: 480,
			Title:   "Puissance de calcul : Google et Anthropic négocient",
			Summary: "Google envisagerait de resserrer ses liens avec Anthropic. Les deux entreprises discutent d'un partenariat de grande ampleur, évalué à plusieurs dizaines de milliards de dollars.",
		},
		Chapters: []newsletter.Chapter{
			{Name: "actualites", Title: "Actualités", Stories: []newsletter.Story{{
				URL: "https://pandia.example/actualites/poids-ouverts?a=1&b=2", Words: 700,
				Title:   "« Poids ouverts » ou « open source » : une nuance qui compte",
				Summary: "Un modèle « ouvert » ne l'est pas toujours autant que son nom le promet.",
			}, {
				URL: "https://www.example.org/weights", Language: "en", Words: 900,
				Title:   "What \"open weights\" really means: a reader's guide",
				Summary: "Some models publish their weights, few publish their data.",
			}}},
			{Name: "guides", Title: "Guides", Stories: []newsletter.Story{{
				URL: "https://pandia.example/guides/verifier", Title: "Vérifier une réponse d'IA en dix minutes",
			}}},
		},
	}
}

func rendered(t testing.TB, n newsletter.Newsletter, c newsletter.Content) newsletter.Variant {
	t.Helper()
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(files)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := r.Edition(render.Frame{Newsletter: n, WebURL: "https://lettre.pandia.example"}, c)
	if err != nil {
		t.Fatal(err)
	}
	return newsletter.Variant{Kind: newsletter.KindEdition, Subject: parts.Subject, HTML: parts.HTML, Text: parts.Text}
}

func frame(n newsletter.Newsletter, number int) letter.Frame {
	return letter.Frame{Newsletter: n, Number: number, WebURL: "https://lettre.pandia.example"}
}

func copyOf(t testing.TB, f letter.Frame, v newsletter.Variant, r letter.Reader) []byte {
	t.Helper()
	l, err := letter.New(f, v)
	if err != nil {
		t.Fatal(err)
	}
	message, err := l.Copy(r)
	if err != nil {
		t.Fatal(err)
	}
	return message
}
