package neardup

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"facteur/internal/newsletter"
)

// Whatever two articles are, which is named first makes no difference, an article is one with itself, and what is one story has a key in common.
func TestSame_properties(t *testing.T) {
	pick := func(t *rapid.T, name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	drawn := func(t *rapid.T) Print {
		a := newsletter.Article{
			URL: pick(t, "url", "https://gazette.example/direct", "http://www.gazette.example/direct/", "https://gazette.example/direct/amp", "https://amp.gazette.example/direct", "https://gazette.example/b?at_link=1",
				"https://autre.example/c"),
			Canonical: pick(t, "canonical", "", "https://gazette.example/direct", "https://gazette.example/b"),
			Title: pick(t, "title", "Le marché de Lyon à +5 %", "Le marche de Lyon à +5 %", "LE MARCHE DE LYON A -5 %", "En direct", "En direct : le marché de Lyon", "Procès Orion : suivez les débats du 12 octobre",
				"Procès Orion : suivez les débats du 13 octobre"),
			Summary:  pick(t, "summary", "", evening, trial, brief),
			Body:     pick(t, "body", "", "", launch, launch+" …", launch+"\n\nLire aussi.", guide, advice),
			Language: pick(t, "language", "", "fr", "en"),
			Arrived:  day(6, 12),
		}
		if half := rapid.SampledFrom([]int{-1, 0, 1, 2, 14, 28, 60}).Draw(t, "half hours"); half >= 0 {
			a.Published = day(6, 7).Truncate(time.Hour).Add(time.Duration(half)*30*time.Minute + time.Duration(rapid.SampledFrom([]int{0, 40}).Draw(t, "seconds"))*time.Second)
		}
		return Of(a, pick(t, "source", "", "flux", "base")).As(rapid.SampledFrom([]Standing{Unknown, Here, Missing, Gone}).Draw(t, "standing"))
	}
	rapid.Check(t, func(t *rapid.T) {
		prints := make([]Print, 12)
		for i := range prints {
			prints[i] = drawn(t)
		}
		for _, a := range prints {
			if Same(a, a) == "" {
				t.Fatal("it is not the same as itself")
			}
			for _, b := range prints {
				sign := Same(a, b)
				if sign != Same(b, a) || Equal(a, b) != Equal(b, a) || Contradict(a, b) != Contradict(b, a) || Beside(a, b) != Beside(b, a) || Another(a, b) != Another(b, a) || NearnessOf(a, b) != NearnessOf(b, a) {
					t.Fatalf("it depends on the order: %q, %q", a.title, b.title)
				}
				if sign != "" && !met(a.Keys(), b.Keys()) {
					t.Fatalf("the two are the same by their %s and have no key in common: %q, %q", sign, a.title, b.title)
				}
			}
		}
	})
}
