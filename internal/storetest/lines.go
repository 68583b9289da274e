package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// teased is an article, the nth, of which a source has a title and a line.
func teased(n int) newsletter.Article {
	return newsletter.Article{
		URL: fmt.Sprintf("https://pandia.example/m/%d", n), Title: "Municipales : les résultats du premier tour, canton " + strings.Repeat("a", n+2), Section: "actualites",
		Summary: "Les scores des listes.", Language: "fr", Published: time.Date(2026, 10, 12, 7, 31, 20, 0, time.UTC),
	}
}

// wholly has a source that is read whole bring all that it has.
func (b *bench) wholly(source string, articles ...newsletter.Article) (ids []int64) {
	b.t.Helper()
	return b.take(collect.Taking{Source: source, Articles: brought(articles...), Whole: true})
}

// take has a source bring something, and ends its reading.
func (b *bench) take(h collect.Taking) (ids []int64) {
	b.t.Helper()
	b.later(time.Minute)
	h.Declared = priorities{"fil": 0, "site": 0}
	puts, err := b.TakeHaul(b.ctx, h, b.now)
	b.must(err)
	b.endReading(h.Source)
	for _, p := range puts {
		ids = append(ids, p.Article)
	}
	return ids
}

// lineReaddressed has the inbox, a table and a feed correct the address of an article of a line: it is one story, carried as it was, which goes out by the address
// that was offered last.
func lineReaddressed(t *testing.T, b *bench) {
	number := 0
	for from, to := range map[string]string{
		"https://pandia.example/municipales-resultas": "https://pandia.example/municipales-resultats",
		"https://pandia.example/un":                   "https://pandia.example/deux",
		"https://pandia.example/premier-tour":         "https://pandia.example/2026/10/premier-tour-a-brest",
		"https://ancien.example/premier-tour":         "https://nouveau.example/premier-tour",
	} {
		for name, bring := range map[string]func(a newsletter.Article) int64{
			"inbox": b.store,
			"table": func(a newsletter.Article) int64 { return b.bring("site", a) },
			"feed":  func(a newsletter.Article) int64 { return b.wholly("fil", a)[0] },
		} {
			number++
			at := func(url string) newsletter.Article { return at(fmt.Sprint(url, "?no=", number), teased(number)) }
			first := bring(at(from))
			b.appear("hebdo", number, first)
			second := bring(at(to))
			b.wantStory(first, second, first)
			if members, err := b.Story(b.ctx, first); err != nil || len(members[1].CarriedBy) != 1 {
				t.Errorf("%s: the edition has none of %+v, %v", name, members, err)
			}
		}
	}
	feed := func(url string) int64 { return b.wholly("fil", at(url, teased(0)))[0] }
	first := feed("https://pandia.example/brest/resultats")
	second := feed("https://pandia.example/finistere/resultats") // of the folder
	b.wantStory(first, second, first)
	feed("https://pandia.example/brest/resultats")
	b.wantStory(first, first, second)
	third := feed("https://autre.example/tout-autre") // of the site, and of the page
	b.wantStory(first, third, first, second)
}

// lineOfTwoFeeds has a site that has two feeds move to another domain, and back: whichever is read first, an article is one story, which goes out by the address that
// both have by now.
func lineOfTwoFeeds(_ *testing.T, b *bench) {
	for n, order := range [][2]string{{"fil", "site"}, {"site", "fil"}} {
		before, after := at(fmt.Sprint("https://ancien.example/", n), teased(n)), at(fmt.Sprint("https://nouveau.example/m/", n), teased(n))
		first := b.wholly("fil", before)[0]
		b.wholly("site", before)
		second := b.wholly(order[0], after)[0]
		b.wholly(order[1], after)
		b.wantStory(first, second, first)
		b.wholly(order[0], before)
		b.wholly(order[1], before)
		b.wantStory(first, first, second)
	}
}

// linesOfTwoTowns has what says the same of two towns, in a line and at one instant, be two stories: what a feed has at once, whichever comes first, goes first, or
// is corrected, and what the inbox has under addresses of one pattern.
func linesOfTwoTowns(_ *testing.T, b *bench) {
	brest, quimper := at("https://pandia.example/brest", teased(0)), at("https://pandia.example/quimper", teased(0))
	ids := b.wholly("fil", brest)
	ids = append(ids, b.wholly("fil", brest, quimper)[1])
	apart := func(ids ...int64) {
		b.t.Helper()
		for _, id := range ids {
			b.wantStory(id, id)
		}
	}
	apart(ids...)
	quimper.Tags = []string{"finistere"}
	b.wholly("fil", quimper) // the other one left the feed
	apart(ids...)

	brest, quimper = teased(1), at("https://pandia.example/quimper/premier", teased(1))
	ids = b.wholly("fil", brest, quimper)
	apart(ids...)
	corrected := b.wholly("fil", at(brest.URL+"-tour", brest), at(quimper.URL+"-tour", quimper))
	one, err := b.Story(b.ctx, corrected[0])
	b.must(err)
	two, err := b.Story(b.ctx, corrected[1])
	b.must(err)
	if len(one) != 2 || len(two) != 2 || one[0].ID == two[0].ID {
		b.t.Errorf("of two whose addresses were corrected the stories are %+v, %+v", one, two)
	}
	for n, addresses := range [][2]string{
		{"https://pandia.example/brest/page", "https://pandia.example/quimper/page"},
		{"https://pandia.example/resultats-brest", "https://pandia.example/resultats-quimper"},
		{"https://brest.pandia.example/tour", "https://quimper.pandia.example/tour"},
		{"https://pandia.example/?ville=29019", "https://pandia.example/?ville=29232"},
	} {
		for _, source := range []string{"", "site"} {
			a := teased(10 + 2*n + len(source)/4)
			a.Summary += source
			apart(b.offer(source, at(addresses[0]+source, a)), b.offer(source, at(addresses[1]+source, a)))
		}
	}
}

// linesOfTwo has what a feed has under one title after another one be another article where anything else tells so.
func linesOfTwo(_ *testing.T, b *bench) {
	for n, edit := range []func(a *newsletter.Article){
		func(a *newsletter.Article) { a.Published = a.Published.Add(time.Second) },
		func(a *newsletter.Article) { a.Summary = "Le détail des scores, et l’abstention." },
		func(a *newsletter.Article) { a.Title = "Municipales : les résultats du second tour" },
		func(a *newsletter.Article) { a.Body = "Le scrutin." },
	} {
		a := teased(n)
		first := b.wholly("fil", a)[0]
		edit(&a)
		second := b.wholly("fil", at(a.URL+"-bis", a))[0]
		b.wantStory(first, first)
		b.wantStory(second, second)
	}
	for n, edit := range []func(a *newsletter.Article){
		func(a *newsletter.Article) { a.Summary = "" },
		func(a *newsletter.Article) { a.Title = "Résultats" },
		func(a *newsletter.Article) { a.Published = time.Time{} },
		func(a *newsletter.Article) { a.Published = time.Date(2026, 10, 11, 22, 0, 0, 0, time.UTC) }, // the 12th, in Paris
	} {
		a := teased(10 + n)
		edit(&a)
		first, second := b.wholly("fil", a)[0], b.wholly("fil", at(a.URL+"-bis", a))[0]
		b.wantStory(first, first)
		b.wantStory(second, second)
	}
}

// fileRenamed has a folder lose a file and have it by another name, with another address, before or after: it is one story, of a date without an hour, too, and stays
// one whatever is corrected afterwards. A file that was there before is another one.
func fileRenamed(_ *testing.T, b *bench) {
	for n, late := range []bool{false, true} {
		file := func(end string) collect.Brought {
			a := teased(n)
			a.URL, a.Published = a.URL+end, time.Date(2026, 10, 11, 22, 0, 0, 0, time.UTC)
			return collect.Brought{Article: a, Identity: fmt.Sprint(n, end, ".md")}
		}
		before, after := file("-fautif"), file("-corrige")
		first := b.take(collect.Taking{Source: "fil", Articles: []collect.Brought{before}})[0]
		haul := collect.Taking{Source: "fil", Articles: []collect.Brought{after}, Gone: []string{before.Identity}}
		if late {
			b.take(collect.Taking{Source: "fil", Gone: haul.Gone})
			haul.Gone = nil
		}
		second := b.take(haul)[0]
		b.wantStory(first, second, first)
		after.Title += ", et l’abstention"
		b.take(collect.Taking{Source: "fil", Articles: []collect.Brought{after}})
		b.wantStory(first, second, first)

		other := file("-autre")
		other.Title = after.Title
		third := b.take(collect.Taking{Source: "fil", Articles: []collect.Brought{other}})[0]
		b.take(collect.Taking{Source: "fil", Gone: []string{after.Identity}})
		b.wantStory(third, third)
	}
}
