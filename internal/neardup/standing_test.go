package neardup

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// A line that one source has under another address, with everything else as it was, is the same article as long as the source does not have it at both; where
// nothing tells whether it has, the addresses must not be those of two.
func TestSame_readdressed(t *testing.T) {
	first := telling("fr", "Municipales : les résultats du premier tour", "")
	first.URL, first.Summary, first.Published = "https://gazette.example/actualites/resultas-municipales", "Bureau par bureau.", day(6, 7)
	moved := at("https://gazette.example/actualites/resultats-municipales")
	type edit = func(*newsletter.Article)
	summary := func(text string) edit { return func(a *newsletter.Article) { a.Summary = text } }
	both := func(change edit) [2]edit { return [2]edit{change, change} }
	for _, tt := range []struct {
		name                         string
		edits                        [2]edit // of the first and of the other
		unknown, here, missing, gone bool
	}{
		{"another slug", both(func(*newsletter.Article) {}), true, false, true, true},
		{"a whole text", both(func(a *newsletter.Article) { a.Body = "Le scrutin est clos." }), true, false, true, true},
		{"a full hour", both(func(a *newsletter.Article) { a.Published = day(6, 7).Truncate(time.Hour) }), true, false, true, true},
		{"midnight in Paris", both(func(a *newsletter.Article) { a.Published = day(6, 22).Truncate(time.Hour) }), false, false, false, true},
		{"no date", both(func(a *newsletter.Article) { a.Published = time.Time{} }), false, false, false, false},
		{"a second later", [2]edit{func(*newsletter.Article) {}, func(a *newsletter.Article) { a.Published = a.Published.Add(time.Second) }}, false, false, false, false},
		{"no summary", both(summary("")), false, false, false, false},
		{"another summary", [2]edit{summary("Bureau par bureau."), summary("Canton par canton.")}, false, false, false, false},
		{"another summary over one text", [2]edit{
			func(a *newsletter.Article) { a.Body, a.Summary = "Le scrutin est clos.", "À Brest." }, func(a *newsletter.Article) { a.Body, a.Summary = "Le scrutin est clos.", "À Quimper." },
		}, false, false, false, false},
		{"a title of three words", both(func(a *newsletter.Article) { a.Title = "Les résultats municipaux" }), false, false, false, false},
		{"another title", [2]edit{func(*newsletter.Article) {}, func(a *newsletter.Article) { a.Title = "Municipales : les résultats du second tour" }}, false, false, false, false},
		{"two folders", [2]edit{at("https://gazette.example/brest/tour"), at("https://gazette.example/quimper/tour")}, false, false, true, true},
		{"two towns in a name", [2]edit{at("https://gazette.example/resultats-brest"), at("https://gazette.example/resultats-quimper")}, false, false, true, true},
		{"two editions", [2]edit{at("https://brest.gazette.example/tour"), at("https://quimper.gazette.example/tour")}, false, false, true, true},
		{"two numbers", [2]edit{at("https://gazette.example/?p=12"), at("https://gazette.example/?p=13")}, false, false, true, true},
		{"another name", [2]edit{at("https://gazette.example/un"), at("https://gazette.example/deux")}, true, false, true, true},
		{"a typing error beside an accent", [2]edit{at("https://gazette.example/réunon-publique"), at("https://gazette.example/r%C3%A9union-publique")}, true, false, true, true},
		{"an apostrophe", [2]edit{at("https://gazette.example/coupure-deau"), at("https://gazette.example/coupure-d-eau")}, true, false, true, true},
		{"a folder more", [2]edit{at("https://gazette.example/tour"), at("https://gazette.example/2026/10/tour")}, true, false, true, true},
		{"another domain", [2]edit{at("https://ancien.example/brest/tour"), at("https://nouveau.example/brest/tour")}, true, false, true, true},
	} {
		a, b := first, but(first, moved)
		tt.edits[0](&a)
		tt.edits[1](&b)
		for standing, want := range map[Standing]bool{Unknown: tt.unknown, Here: tt.here, Missing: tt.missing, Gone: tt.gone} {
			one, other := Of(a, "fil").As(standing), Of(b, "fil")
			if got := Same(one, other) == ByTitle; got != want || Same(other, one) != Same(one, other) {
				t.Errorf("%s, standing %d: %v, want %v", tt.name, standing, got, want)
			}
			if Same(one, Of(b, "fil").As(Here)) != "" {
				t.Errorf("%s: what was there before is one story", tt.name)
			}
		}
	}
}
