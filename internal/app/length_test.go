package app

import (
	"fmt"
	"mime/quotedprintable"
	"strings"
	"testing"

	"facteur/internal/config"
	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/token"
	"facteur/templates"
)

func pressed(t testing.TB) (letters, newsletter.Newsletter) {
	t.Helper()
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := render.New(files, "")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Options{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return newLetters(renderer, cfg), newsletters(cfg)[0]
}

// long is an edition of so many stories, the last third of them in brief.
func long(stories int) newsletter.Content {
	c := newsletter.Content{Number: 7, Subject: "Sujet", Lead: &newsletter.Story{URL: "https://pandia.example/0", Title: "Titre 0"}}
	full, brief := newsletter.Chapter{Title: "Actualités"}, newsletter.Chapter{Title: "En bref", Brief: true}
	for i := 1; i < stories; i++ {
		s := newsletter.Story{
			URL: fmt.Sprintf("https://pandia.example/%d", i), Title: fmt.Sprintf("Titre n° %d de l’été", i),
			Summary: strings.Repeat("Été à l’œuvre. ", 18), Words: 500,
		}
		if i < 2*stories/3 {
			full.Stories = append(full.Stories, s)
		} else {
			brief.Stories = append(brief.Stories, s)
		}
	}
	c.Chapters = []newsletter.Chapter{full, brief}
	return c
}

// However many stories, a letter stays below what mail programs show, with the way out in it, and its page has all.
func TestNoLetterIsTooLong(t *testing.T) {
	t.Parallel()
	l, n := pressed(t)
	for _, stories := range []int{1, 10, 60, 1000} {
		r, err := l.Render(n, long(stories))
		if err != nil {
			t.Fatal(err)
		}
		var encoded strings.Builder
		w := quotedprintable.NewWriter(&encoded)
		_, _ = w.Write([]byte(r.Letter.HTML))
		_ = w.Close()
		if encoded.Len() > 100_000 || len(r.Letter.HTML) > 100_000 {
			t.Errorf("%d stories: the HTML has %d octets, encoded %d", stories, len(r.Letter.HTML), encoded.Len())
		}
		if _, err := letter.New(letter.Frame{Newsletter: n, Number: 7, WebURL: l.terms.WebURL}, withKind(r.Letter)); err != nil {
			t.Error(err)
		}
		shown := strings.Count(r.Letter.HTML, "Titre n°")
		if r.Beyond == 0 != (r.Page.HTML == "") || r.Beyond == 0 != (stories < 60) {
			t.Errorf("%d stories: %d are beyond the letter", stories, r.Beyond)
		}
		for part, text := range map[string]string{"HTML": r.Letter.HTML, "text": r.Letter.Text} {
			rest := fmt.Sprintf("La suite sur le site (%d\u00a0autres articles)", r.Beyond)
			if strings.Contains(text, rest) != (r.Beyond > 0) || !strings.Contains(text, token.Placeholder(token.Leave)) {
				t.Errorf("%d stories: the %s part does not end as it should", stories, part)
			}
			if r.Beyond > 0 && strings.LastIndex(text, rest) > strings.Index(text, token.Placeholder(token.Leave)) {
				t.Errorf("%d stories: in the %s part the rest comes after the footer", stories, part)
			}
		}
		if r.Beyond == 0 {
			continue
		}
		if !strings.Contains(r.Page.HTML, fmt.Sprintf("Titre n°\u00a0%d de", stories-1)) || strings.Contains(r.Page.HTML, "La suite sur le site") {
			t.Errorf("%d stories: the page has not all of them", stories)
		}
		if shown < 20 || shown+r.Beyond < stories-1 {
			t.Errorf("%d stories: %d are shown and %d beyond", stories, shown, r.Beyond)
		}
		one := long(stories)
		one.Beyond = r.Beyond - 1
		if _, size, err := l.edition(n, one); err != nil || size <= letter.FitSize {
			t.Errorf("%d stories: one more would have had room, with %d octets (%v)", stories, size, err)
		}
	}
}

// Where letters are signed, an edition is cut earlier by what signatures take.
func TestSignaturesAreOfTheLength(t *testing.T) {
	t.Parallel()
	l, n := pressed(t)
	_, plain, err := l.edition(n, long(60))
	if err != nil {
		t.Fatal(err)
	}
	unsigned, err := l.Render(n, long(1000))
	if err != nil {
		t.Fatal(err)
	}
	l.signatures = 2
	if _, signed, err := l.edition(n, long(60)); err != nil || signed != plain+2*letter.SignatureSize {
		t.Errorf("a letter of %d octets has %d with two signatures (%v)", plain, signed, err)
	}
	if signed, err := l.Render(n, long(1000)); err != nil || signed.Beyond <= unsigned.Beyond {
		t.Errorf("%d stories are beyond the letter with signatures, %d without (%v)", signed.Beyond, unsigned.Beyond, err)
	}
}

func withKind(v newsletter.Variant) newsletter.Variant {
	v.Kind, v.Subject = newsletter.KindEdition, "Sujet"
	return v
}
