package sqlite

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// BenchmarkStory looks for one article among 100,000 of 200 words each, as its arrival does, and finds it. All have their
// first sentence in common, as texts of one site do.
func BenchmarkStory(b *testing.B) {
	const articles = 100_000
	s := openHere(b, Options{})
	now := time.Now()
	for first := 0; first < articles; first += 5000 {
		err := s.update(b.Context(), func(t tx) error {
			for i := first; i < first+5000; i++ {
				if err := t.shelve(arrival(i, now), now); err != nil {
					return err
				}
			}
			for range 5000 / keyedAtOnce {
				if err := t.keyEarlier(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for i := range b.N {
		a := arrival(i%articles, now)
		a.URL = fmt.Sprintf("https://autre.example/%d", i)
		puts, err := s.PutArticles(b.Context(), []newsletter.Article{a}, now)
		if err != nil || puts[0].Outcome != collect.Added {
			b.Fatal(puts, err)
		}
		if members, err := s.Story(b.Context(), puts[0].Article); err != nil || len(members) < 2 {
			b.Fatalf("%s was not recognised: %v", a.URL, err)
		}
	}
}

// shelve stores an article as an earlier version did, without looking for its story.
func (t tx) shelve(a newsletter.Article, now time.Time) error {
	_, err := t.exec(`INSERT INTO articles (title, section, summary, body, author, tags, language, published_at, picture, picture_alt, url, arrived_at, updated_at)
		VALUES (?1, '', '', ?2, '', '[]', 'fr', ?3, '', '', ?4, ?3, ?3)`, a.Title, a.Body, now.UnixMilli(), a.URL)
	return err
}

func arrival(i int, now time.Time) newsletter.Article {
	random := rand.New(rand.NewPCG(uint64(i), 1))
	var text strings.Builder
	text.WriteString("Voici ce que la rédaction a retenu ce matin de ce que les chercheurs et les entreprises ont publié depuis hier. ")
	for range 180 {
		_, _ = fmt.Fprintf(&text, "mot%s ", strings.Repeat(string(rune('a'+random.IntN(26))), 1+random.IntN(40)))
	}
	return newsletter.Article{
		URL: fmt.Sprintf("https://site.example/%d", i), Title: fmt.Sprintf("Ce que dit la nouvelle étude numéro %d", i), Body: text.String(), Language: "fr", Published: now,
	}
}
