package letter_test

import (
	"fmt"
	"testing"
	"time"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/token"
	"facteur/templates"
)

const readersToken = "uReaderOneReaderOneReaderOneReaderOneReaderOneReaderOne_"

// tokensOf gives a reader every token there is; the one for leaving is the text itself.
func tokensOf(text string) map[token.Purpose]string {
	tokens := map[token.Purpose]string{}
	for _, p := range token.Purposes() {
		tokens[p] = p.String() + text[1:]
	}
	return tokens
}

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
		ListID: "hebdo.lettre.pandia.example", FeedbackID: "pandia", Schedule: "0 7 * * 2",
		Sections: []newsletter.Section{{Title: "Actualités"}, {Title: "Guides"}, {Title: "Prompts"}, {Title: "Liste IA"}},
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
		Date:   time.Date(2026, 11, 24, 7, 0, 5, 0, paris(t)),
		Tokens: tokensOf(readersToken), Consent: time.Date(2026, 3, 9, 23, 30, 0, 0, time.UTC), // the 10th in Paris
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
			Picture: &newsletter.Picture{Name: "9f86d081884c7d659a2feaa0c55ad015.jpg", Width: 1200, Height: 675, Alt: "Une allée de serveurs, éclairée en bleu"},
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

func single(t testing.TB, r *render.Renderer, kind newsletter.LetterKind, about ...newsletter.Newsletter) newsletter.Variant {
	t.Helper()
	const day = 24 * time.Hour
	parts, err := r.Single(kind, about, render.Terms{
		WebURL: "https://lettre.pandia.example", Link: 3 * day, Pending: 7 * day, Reminder: 2 * day, Manage: 30 * time.Minute, Keep: 30 * day,
	})
	if err != nil {
		t.Fatal(err)
	}
	return newsletter.Variant{Kind: newsletter.KindLetter, Subject: parts.Subject, HTML: parts.HTML, Text: parts.Text}
}

func rendered(t testing.TB, n newsletter.Newsletter, c newsletter.Content) newsletter.Variant {
	t.Helper()
	parts, err := renderer(t).Edition(render.Frame{Newsletter: n, WebURL: "https://lettre.pandia.example"}, c)
	if err != nil {
		t.Fatal(err)
	}
	return newsletter.Variant{Kind: newsletter.KindEdition, Subject: parts.Subject, HTML: parts.HTML, Text: parts.Text}
}

func frame(n newsletter.Newsletter, number int) letter.Frame {
	return letter.Frame{Newsletter: n, Number: number, WebURL: "https://lettre.pandia.example"}
}

func singleFrame(n newsletter.Newsletter, kind newsletter.LetterKind) letter.Frame {
	return letter.Frame{Newsletter: n, Single: kind, WebURL: "https://lettre.pandia.example"}
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
	return message.Append(nil)
}

func sponsor() *newsletter.Sponsor {
	return &newsletter.Sponsor{
		For:  "Librairie des Tanneurs",
		Text: "**Dix essais pour comprendre l'IA**, choisis par nos libraires : [la sélection de la rentrée](https://librairie.example/essais-ia), livrée partout en France.",
	}
}

// everything is an edition with all that one can have.
func everything(t testing.TB) newsletter.Content {
	t.Helper()
	c := content(t)
	c.Word = &newsletter.Word{
		Text: "Chères lectrices, chers lecteurs,\n\ncette semaine, tout le monde parle de *puissance de calcul*. Notre [dossier](https://pandia.example/dossiers/calcul) " +
			"explique qui la possède, qui la loue, et **ce qu'elle coûte**.\n\nBonne lecture !",
		By: "Camille Durand, rédactrice en chef",
	}
	c.Sponsor = sponsor()
	c.Chapters = append(c.Chapters, newsletter.Chapter{Name: "breves", Title: "En bref", Brief: true, Stories: []newsletter.Story{
		{URL: "https://pandia.example/breves/1", Title: "Mistral ouvre un centre de recherche à Lyon", Summary: "Une centaine de chercheurs y travailleront sur les petits modèles.", Words: 90},
		{URL: "https://pandia.example/breves/2", Title: "La CNIL publie un guide pour les associations"},
		{URL: "https://www.example.org/chips", Language: "en", Title: "Chip makers see shortage easing", Summary: "Lead times are back to twelve weeks."},
	}})
	return c
}

// long is an edition of so many stories.
func long(t testing.TB, stories int) newsletter.Content {
	t.Helper()
	c := everything(t)
	titles := []string{
		"Règlement européen sur l'IA : l'essentiel pour un petit site", "« Rédigé avec l'aide d'une IA » : bien le dire au lecteur",
		"Eau, électricité : ce que consomme un centre de données", "Utiliser un modèle de langage en local, pas à pas",
	}
	summary := "Un blog, une boutique ou une association n'a pas les obligations d'un fabricant de modèles. Reste un réflexe à prendre : dire au public quand il a affaire à une machine."
	for i := range stories - len(c.Stories()) {
		at := &c.Chapters[i%2]
		at.Stories = append(at.Stories, newsletter.Story{
			URL: fmt.Sprintf("https://pandia.example/guides/%d", i), Title: titles[i%len(titles)], Summary: summary, Words: 200 * (1 + i%5),
		})
	}
	return c
}
