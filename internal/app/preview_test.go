package app_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// BenchmarkPreview100k is `facteur digest preview` over 100,000 articles, with a hundred editions behind it.
func BenchmarkPreview100k(b *testing.B) {
	a := published100k(b, 100, "[site]\nname = \"PandIA\"\n")
	for b.Loop() {
		p, err := a.Desk.Preview(b.Context(), a.Newsletters[0], time.Time{})
		if err != nil || len(p.Verdicts) != 100_000 {
			b.Fatal(len(p.Verdicts), err)
		}
	}
}

// BenchmarkWhy100k is `facteur digest why` over as many, with two hundred editions behind it: for now, where a hundred guides that were carried
// are compared with what they say now, and for the first slot, as it was recorded.
func BenchmarkWhy100k(b *testing.B) {
	a := published100k(b, 200, `[newsletters.hebdo]
sections = [{name="actualites",title="Actualités",quota=4},{name="guides",title="Guides",quota=4,updated=20},{name="liste-ia",title="Liste",quota=4},{name="prompts",title="Prompts",quota=4}]
`)
	hebdo := a.Newsletters[0]
	slots, err := a.Store.Slots(b.Context(), hebdo.Name, 200)
	if err != nil {
		b.Fatal(err)
	}
	updateGuides(b, a, 100)
	for name, slot := range map[string]newsletter.Slot{"now": "", "recorded": slots[0].Slot} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				e, err := a.Desk.Why(b.Context(), hebdo, slot)
				if err != nil || len(e.Verdicts) != 100_000 || e.Recorded != (slot != "") {
					b.Fatal(len(e.Verdicts), err)
				}
			}
		})
	}
}

// published100k is a program with 100,000 articles, which came between so many editions.
func published100k(b *testing.B, editions int, settings string) *app.App {
	b.Helper()
	file := filepath.Join(b.TempDir(), "facteur.toml")
	writeFile(b, file, settings)
	cfg, err := config.Load(config.Options{File: file, Data: filepath.Join(b.TempDir(), "data")})
	if err != nil {
		b.Fatal(err)
	}
	a, err := app.Open(b.Context(), cfg, app.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close() })
	hebdo := a.Newsletters[0]
	articles := make([]newsletter.Article, 100_000/editions)
	for edition := range editions {
		now := time.Now()
		for i := range articles {
			n := len(articles)*edition + i
			articles[i] = newsletter.Article{
				URL: fmt.Sprintf("https://pandia.example/a/%d", n), Title: fmt.Sprintf("Article %d", n), Section: hebdo.Sections[n%4].Name,
				Body: "Un texte.", Published: now.Add(-time.Duration(100_000-n) * 5 * time.Second), // within the first horizon, so that each edition has something
			}
		}
		if _, err := a.Store.PutArticles(b.Context(), articles, now); err != nil {
			b.Fatal(err)
		}
		if r, err := a.Desk.Publish(b.Context(), hebdo); err != nil || !r.Published() {
			b.Fatal(r.Reason, err)
		}
	}
	return a
}

// updateGuides gives a text of a thousand words to so many guides that were carried.
func updateGuides(b *testing.B, a *app.App, count int) {
	b.Helper()
	shelf, err := a.Store.ListArticles(b.Context(), []string{"guides"}, 0)
	if err != nil {
		b.Fatal(err)
	}
	var guides []newsletter.Article
	for _, one := range shelf {
		if len(one.CarriedBy) > 0 && len(guides) < count {
			one.Body = strings.Repeat(fmt.Sprintf("Le guide %d dit autre chose. ", one.ID), 200)
			guides = append(guides, one.Article)
		}
	}
	if _, err := a.Store.PutArticles(b.Context(), guides, time.Now()); err != nil || len(guides) != count {
		b.Fatal(len(guides), err)
	}
}
