package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// BenchmarkStory looks for one article among 100,000 of 200 words each, as its arrival does, and finds it. All have their
// first sentence in common, as texts of one site do.
func BenchmarkStory(b *testing.B) {
	const articles = 100_000
	s := openHere(b, Options{})
	now := time.Now()
	shelve(b, s, articles, now)
	for i := 0; b.Loop(); i++ {
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

// shelve stores n articles with their keys, without looking for their stories: there are none.
func shelve(b *testing.B, s *Store, n int, now time.Time) {
	b.Helper()
	cache(b, s, 500_000) // keys come in no order, and the pages of all of them change in each transaction
	for first := 0; first < n; first += 5000 {
		err := s.updateAlone(b.Context(), func(t tx) error {
			for i := first; i < first+5000; i++ {
				a := arrival(i, now)
				var id int64
				if err := t.row(`INSERT INTO articles (title, section, summary, body, author, tags, language, published_at, picture, picture_alt, url, arrived_at, updated_at, keyed)
					VALUES (?1, '', '', ?2, '', '[]', 'fr', ?3, '', '', ?4, ?3, ?3, 1) RETURNING id`, a.Title, a.Body, now.UnixMilli(), a.URL).Scan(&id); err != nil {
					return err
				}
				if err := t.putKeys(id, neardup.Of(a, "").Keys()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	cache(b, s, 2000)
}

// cache has the writer keep so many kilobytes of pages in memory.
func cache(b *testing.B, s *Store, kilobytes int) {
	b.Helper()
	if err := s.update(b.Context(), func(t tx) error {
		_, err := t.exec(fmt.Sprintf(`PRAGMA cache_size = %d`, -kilobytes))
		return err
	}); err != nil {
		b.Fatal(err)
	}
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

// BenchmarkSignUpBesideHaul is how long a sign-up takes while a source brings 2,000 articles at once, which differ in a name, or in their addresses alone.
func BenchmarkSignUpBesideHaul(b *testing.B) {
	named := func(digit rune) rune { return digit - '0' + 'A' }
	for name, title := range map[string]func(i int) string{
		"names":     func(i int) string { return "Article de " + strings.Map(named, fmt.Sprint(i)) },
		"one title": func(int) string { return "Un titre pour tous les articles de la source" },
	} {
		b.Run(name, func(b *testing.B) { signUpBeside(b, title) })
	}
}

func signUpBeside(b *testing.B, title func(i int) string) {
	var haul collect.Haul
	for i := range 2000 {
		haul.Offers = append(haul.Offers, collect.Offer{Name: fmt.Sprint(i), Article: newsletter.Article{
			URL: fmt.Sprintf("https://site.example/%d", i), Title: title(i), Body: strings.Repeat("Un paragraphe de l’article, comme il y en a.\n\n", 60),
		}})
	}
	for range b.N {
		s, variant := signUps(b)
		g := collect.Gatherer{Store: s, Collector: &collect.Collector{}, Now: time.Now}
		done := make(chan error, 1)
		go func() {
			_, _, err := g.Fetch(b.Context(), collect.Source{Name: "site", Reader: brought(haul)})
			done <- err
		}()
		takes(b, s, variant, done)
	}
}

type brought collect.Haul

func (h brought) Read(_ context.Context, _ string, _ []string, take func(collect.Haul) error) error {
	return take(collect.Haul(h))
}
