package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// storyInWhateverOrder brings articles of two stories, and some that are like both, in every order: the stories are the same ones.
func storyInWhateverOrder(t *testing.T, b *bench) {
	n := 0
	for _, kinds := range [][]string{
		{"", "Lyon", "Nantes"}, {"", "Lyon", "Nantes", "Brest"}, {"", "", "Lyon", "Nantes"}, {"", "page", "Lyon", "Nantes"},
	} {
		var before string
		permutations(len(kinds), func(order []int) {
			n++
			ids := make([]int64, len(kinds))
			for _, i := range order {
				ids[i] = b.store(toured(n, i, kinds[i]))
			}
			var stories []string
			for _, id := range ids {
				members, err := b.Story(b.ctx, id)
				b.must(err)
				var is []int
				for _, m := range members {
					is = append(is, slices.Index(ids, m.ID))
				}
				slices.Sort(is)
				stories = append(stories, fmt.Sprint(is))
			}
			if now := strings.Join(stories, " "); before == "" {
				before = now
			} else if now != before {
				t.Errorf("%q in the order %v: the stories are %s, want %s", kinds, order, now, before)
			}
		})
	}
}

// storyOfTwoSources brings two articles of one text and one minute from a feed and from the database of their site, in every order: each source has both, so
// neither is a correction of the other.
func storyOfTwoSources(t *testing.T, b *bench) {
	half := []string{"matin", "soir"}
	n := 0
	permutations(4, func(order []int) {
		n++
		ids := make([]int64, len(order))
		for _, i := range order {
			ids[i] = b.bring([]string{"fil", "site"}[i%2], programme(n, i, half[i/2]))
		}
		b.wantStory(ids[0], slices.Sorted(slices.Values(ids[:2]))...)
		b.wantStory(ids[2], slices.Sorted(slices.Values(ids[2:]))...)
	})
	n++
	feed, site := b.bring("fil", programme(n, 0, "matin")), b.bring("site", programme(n, 1, "matin (complet)"))
	b.wantStory(feed, feed, site) // the title was corrected
	n++
	feed, site = b.bring("fil", programme(n, 0, "matin")), b.bring("fil", programme(n, 1, "matin (complet)"))
	b.wantStory(feed, feed)
	b.wantStory(site, site)
}

// programme is an article of a day that one text serves for two halves.
func programme(n, i int, half string) newsletter.Article {
	a := toured(n, i, "")
	a.Title, a.Published = "La tournée, le programme du "+half, time.Date(2026, 10, 12, 7, 30, 0, 0, time.UTC)
	return a
}

// storyOfTwoFeeds brings two articles of one text by two feeds of one site, of which one has both: two titles, or two bulletins of a day. Whatever else the other
// has, in whichever order, at the same addresses or at its own, they are two stories.
func storyOfTwoFeeds(_ *testing.T, b *bench) {
	n := 0
	for _, one := range [][]int{{0}, {1}, {0, 1}, {1, 0}} {
		for _, both := range [][]int{{0, 1}, {1, 0}} {
			for _, feeds := range [][2][]int{{one, both}, {both, one}} {
				for _, own := range []int{0, 2} { // from where on the addresses of the second are
					n++
					b.byTwoFeeds(feeds, own, func(i int) newsletter.Article {
						return programme(n, i, []string{"matin", "matin (complet)"}[i%2])
					})
					n++
					b.byTwoFeeds(feeds, own, func(i int) newsletter.Article {
						a := programme(n, i, "matin")
						a.Published = a.Published.Add(time.Duration(i%2) * 5 * time.Hour)
						return a
					})
				}
			}
		}
	}
}

// byTwoFeeds has each feed bring some of two articles, and wants what is of one to be one story.
func (b *bench) byTwoFeeds(feeds [2][]int, own int, article func(i int) newsletter.Article) {
	b.t.Helper()
	var came [2][]int64
	for feed, has := range feeds {
		var haul []newsletter.Article
		for _, i := range has {
			haul = append(haul, article(i+feed*own))
		}
		for j, id := range b.bringAll([]string{"fil", "site"}[feed], haul...) {
			came[has[j]] = append(came[has[j]], id)
		}
	}
	for _, ids := range came {
		slices.Sort(ids)
		b.wantStory(ids[0], slices.Compact(ids)...)
	}
}

func (b *bench) bring(source string, a newsletter.Article) int64 {
	b.t.Helper()
	return b.bringAll(source, a)[0]
}

// bringAll has a source bring articles at once.
func (b *bench) bringAll(source string, articles ...newsletter.Article) (ids []int64) {
	b.t.Helper()
	b.later(time.Minute)
	puts, err := b.TakeHaul(b.ctx, collect.Taking{Source: source, Declared: priorities{"fil": 0, "site": 0}, Articles: brought(articles...)}, b.now)
	b.must(err)
	b.endReading(source)
	for _, p := range puts {
		ids = append(ids, p.Article)
	}
	return ids
}

// toured is a text of tour n, for a town that it names more or less often, or for none; "page" has it under another spelling of the first one's address.
func toured(n, i int, town string) newsletter.Article {
	name := "Nomade" + strings.Repeat("a", n)
	a := newsletter.Article{URL: fmt.Sprintf("https://pandia.example/o/%d/%d", n, i), Title: "La tournée " + name, Section: "guides", Body: strings.ReplaceAll(pattern, "rédaction", "tournée "+name)}
	switch town {
	case "page":
		a.URL = fmt.Sprintf("http://www.pandia.example/o/%d/0/", n)
	case "Lyon", "Nantes", "Brest":
		a.Title += " à " + town
		a.Body += "\n\nRendez-vous à " + town + strings.Repeat(" le matin", len(town)-3) + "."
	}
	return a
}

func permutations(n int, visit func(order []int)) {
	var add func(order []int)
	add = func(order []int) {
		if len(order) == n {
			visit(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				add(append(slices.Clone(order), i))
			}
		}
	}
	add(nil)
}
