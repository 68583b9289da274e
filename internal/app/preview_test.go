package app_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// BenchmarkPreview100k is `facteur digest preview` over 100,000 articles, with a hundred editions behind it.
func BenchmarkPreview100k(b *testing.B) {
	settings := filepath.Join(b.TempDir(), "facteur.toml")
	writeFile(b, settings, "[site]\nname = \"PandIA\"\n")
	cfg, err := config.Load(config.Options{File: settings, Data: filepath.Join(b.TempDir(), "data")})
	if err != nil {
		b.Fatal(err)
	}
	a, err := app.Open(b.Context(), cfg, app.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close() })
	hebdo := a.Newsletters[0]
	now := time.Now()
	for edition := range 100 {
		articles := make([]newsletter.Article, 1000)
		for i := range articles {
			n := 1000*edition + i
			articles[i] = newsletter.Article{
				URL: fmt.Sprintf("https://pandia.example/a/%d", n), Title: fmt.Sprintf("Article %d", n), Section: hebdo.Sections[n%4].Name,
				Body: "Un texte.", Published: now.Add(-time.Duration(100_000-n) * time.Minute),
			}
		}
		if _, err := a.Store.PutArticles(b.Context(), articles, now); err != nil {
			b.Fatal(err)
		}
		if _, err := a.Desk.Publish(b.Context(), hebdo); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		p, err := a.Desk.Preview(b.Context(), hebdo, time.Time{})
		if err != nil || len(p.Verdicts) != 100_000 {
			b.Fatal(len(p.Verdicts), err)
		}
	}
}
