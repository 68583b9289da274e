package sqlite_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// BenchmarkImport reads 100,000 people from CSV into a new file.
func BenchmarkImport(b *testing.B) {
	const people = 100_000
	var list bytes.Buffer
	list.WriteString("email;nom;langue\n")
	for i := range people {
		_, _ = fmt.Fprintf(&list, "Lecteur.%d@exemple%d.example;\"Dupont, Jo\";fr\n", i, i%100)
	}
	for range b.N {
		b.StopTimer()
		s := open(b)
		if err := s.EnsureNewsletters(b.Context(), []string{"hebdo"}); err != nil {
			b.Fatal(err)
		}
		register := &subscription.Register{Store: s, Now: time.Now}
		b.StartTimer()
		report, err := register.Import(b.Context(), newsletter.Newsletter{Name: "hebdo", Language: "fr"},
			subscription.List{File: bytes.NewReader(list.Bytes()), Source: "salon"})
		if err != nil || report.Outcomes[subscription.Added] != people {
			b.Fatal(report, err)
		}
	}
	b.ReportMetric(float64(people*b.N)/b.Elapsed().Seconds(), "rows/s")
}
