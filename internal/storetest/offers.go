package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// offer has a source, or the inbox, bring an article without an id.
func (b *bench) offer(source string, a newsletter.Article) int64 {
	if source == "" {
		return b.store(a)
	}
	return b.bring(source, a)
}

// endReading ends one reading of a source.
func (b *bench) endReading(source string) {
	b.t.Helper()
	b.must(b.SettleSource(b.ctx, collect.SourceState{Name: source, Tried: b.now, Succeeded: b.now}, "", nil))
}

// addressOfferedAnew has the inbox, and a source without ids, give an article another address of its site: that leads, and so does the first one where it is offered
// once more, and a third one. Another spelling does not, nor does what another one has.
func addressOfferedAnew(_ *testing.T, b *bench) {
	for n, source := range []string{"", "fil"} {
		bring := func(url string) int64 { return b.offer(source, at(url, dated(toured(n, 0, "")))) }
		page := "https://pandia.example/o/" + source
		first := bring(page)
		spelled := bring(page + "?fbclid=x")
		b.wantStory(first, first, spelled)
		second := bring(page + "-corrigee")
		b.wantStory(first, second, first, spelled)
		bring(page)
		b.wantStory(first, first, spelled, second)
		third := bring(page + "-encore")
		b.wantStory(first, third, first, spelled, second)
		bring(page + "-corrigee")
		elsewhere := bring("https://ailleurs.example/" + source)
		b.wantStory(first, second, first, spelled, third, elsewhere)
		if source != "" {
			site := b.bring("site", at(page+"-site", dated(toured(n, 0, ""))))
			b.wantStory(first, second, first, spelled, third, elsewhere, site)
		}
	}
}

// addressKnownBefore has the inbox, or a source, correct an address to one under which another source brought the article before, or in between: it leads, and
// the first one does again where that is offered once more.
func addressKnownBefore(_ *testing.T, b *bench) {
	for n, order := range [][2]string{{"", "fil"}, {"fil", "site"}, {"site", "fil"}} {
		for k, knownFirst := range []bool{false, true} {
			n := 2*n + k
			dead, alive := dated(toured(n, 0, "")), at(toured(n, 1, "").URL, dated(toured(n, 0, "")))
			var one, two int64
			if knownFirst {
				two = b.offer(order[1], alive)
			}
			one = b.offer(order[0], dead)
			if !knownFirst {
				two = b.offer(order[1], alive)
			}
			b.offer(order[0], alive)
			b.wantStory(one, two, one)
			b.offer(order[1], alive)
			b.wantStory(one, two, one)
			b.offer(order[0], dead)
			if order[0] == "" || !knownFirst {
				b.wantStory(one, one, two)
			}
		}
	}
	dead, alive := dated(toured(9, 0, "")), at(toured(9, 1, "").URL, dated(toured(9, 0, "")))
	two, _ := b.named("fil", "", alive)
	one, _ := b.named("site", "", dead) // whose words count more
	b.wantStory(one, one, two)
	b.named("site", "", alive)
	b.wantStory(one, two, one)
}

// addressHeldTwice has a source have an article at two addresses, one of which it reads first: whichever is read anew with the other, the later one leads, until
// the source has it no longer.
func addressHeldTwice(_ *testing.T, b *bench) {
	a := dated(toured(0, 0, ""))
	twice := []collect.Brought{{Article: a, Identity: "a.md"}, {Article: at(a.URL+"-copie", a), Identity: "b.md"}}
	first, _ := b.named("fil", twice[0].Identity, twice[0].Article)
	second, _ := b.named("fil", twice[1].Identity, twice[1].Article)
	b.wantStory(first, second, first)
	for _, one := range slices.Backward(twice) {
		_, err := b.TakeHaul(b.ctx, collect.Taking{Source: "fil", Declared: priorities{"fil": 0}, Articles: []collect.Brought{one}}, b.now)
		b.must(err)
		b.wantStory(first, second, first)
	}
	b.endReading("fil")
	other := collect.Brought{Article: twice[1].Article, Identity: "c.md"} // the same under another name
	_, err := b.TakeHaul(b.ctx, collect.Taking{Source: "fil", Declared: priorities{"fil": 0}, Articles: []collect.Brought{other}, Gone: []string{"b.md"}}, b.now)
	b.must(err)
	b.wantStory(first, second, first)
	b.endReading("fil")
	_, err = b.TakeHaul(b.ctx, collect.Taking{Source: "fil", Declared: priorities{"fil": 0}, Gone: []string{"c.md"}}, b.now)
	b.must(err)
	b.wantStory(first, first, second)
}

// addressesAmongAll has a site move its articles to and fro, while the inbox and sources with ids and without tell of it sooner or later, in whatever order and with
// whatever priorities: once all have told, each article is one story, which goes out by the address that it has.
func addressesAmongAll(t *testing.T, b *bench) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		site := make([]newsletter.Article, 3)
		for i := range site {
			site[i] = dated(toured(int(seed)*len(site)+i, 0, ""))
		}
		sources := []string{"", "fil", "site"}[r.IntN(2):]
		declared := priorities{"fil": r.IntN(2), "site": r.IntN(2)}
		withIDs := map[string]bool{"fil": r.IntN(2) == 0, "site": r.IntN(2) == 0}
		told := map[string]string{} // what the inbox was told of each article
		var story [3]int64
		tell := func(source string) {
			b.later(time.Minute)
			if source == "" {
				for i, a := range site {
					if told[a.Title] != a.URL {
						told[a.Title], story[i] = a.URL, b.store(a)
					}
				}
				return
			}
			taking := collect.Taking{Source: source, Declared: declared}
			for _, a := range site {
				brought := collect.Brought{Article: a}
				if withIDs[source] {
					brought.Identity = a.Title
				}
				taking.Articles = append(taking.Articles, brought)
			}
			puts, err := b.TakeHaul(b.ctx, taking, b.now)
			b.must(err)
			b.endReading(source)
			for i, p := range puts {
				story[i] = p.Article
			}
		}
		var history []string
		for range 12 {
			if r.IntN(3) == 0 {
				i := r.IntN(len(site))
				site[i].URL = fmt.Sprintf("https://pandia.example/m/%d/%d/%d", seed, i, r.IntN(3))
				history = append(history, site[i].URL)
			}
			source := sources[r.IntN(len(sources))]
			tell(source)
			history = append(history, source)
		}
		for _, i := range r.Perm(len(sources)) {
			tell(sources[i])
			history = append(history, sources[i])
		}
		for i, a := range site {
			members, err := b.Story(b.ctx, story[i])
			b.must(err)
			if members[0].URL != a.URL {
				t.Errorf("seed %d, %v, ids of %v: %s goes out as %s, %v", seed, declared, withIDs, a.URL, members[0].URL, history)
			}
			for _, m := range members {
				if m.Title != a.Title {
					t.Errorf("seed %d: %s is one with %s", seed, a.Title, m.Title)
				}
			}
		}
	}
}

// toldByAnother has a source without ids correct address and title together, before and after one with ids does: it is one story, which goes out by the address
// that both have.
func toldByAnother(t *testing.T, b *bench) {
	for n, order := range [][]string{{"fil", ""}, {"", "fil"}} {
		for k, owner := range []string{"site", "inbox"} {
			n := 2*n + k
			a := dated(toured(n, 0, ""))
			after := at(a.URL+"-corrigee", a)
			after.Title += " en images"
			tell := func(source string, a newsletter.Article) int64 {
				switch {
				case source == "fil":
					id, _ := b.named("fil", fmt.Sprint(n), a)
					return id
				case owner == "inbox":
					return b.store(a)
				}
				id, _ := b.named("site", "", a)
				return id
			}
			first := tell("", a)
			tell("fil", a)
			for _, source := range append(order, order...) {
				tell(source, after)
			}
			members, err := b.Story(b.ctx, first)
			b.must(err)
			if members[0].URL != after.URL || order[0] == "fil" && len(members) > 1 {
				t.Errorf("%v, %s: %+v goes out", order, owner, members)
			}
		}
	}
}

// ownerGone has the source that has charge of an article lose its file where another one has it at another address already.
func ownerGone(t *testing.T, b *bench) {
	a := dated(toured(0, 0, ""))
	first, _ := b.named("site", "a.md", a)
	b.named("fil", "7", a)
	b.named("fil", "7", at(corrected, a))
	_, err := b.TakeHaul(b.ctx, collect.Taking{Source: "site", Declared: priorities{"site": 1}, Gone: []string{"a.md"}}, b.now)
	b.must(err)
	if stored, err := b.ArticleByURL(b.ctx, corrected); err != nil || stored.ID != first {
		t.Errorf("at the address that the other one has is %+v, %v", stored, err)
	}
}

// goneFromFolder has a folder lose a file that another source has at another address.
func goneFromFolder(_ *testing.T, b *bench) {
	a := dated(toured(0, 0, ""))
	first, _ := b.named("site", "a.md", a)
	second, _ := b.named("fil", "7", at(corrected, a))
	b.wantStory(first, first, second)
	_, err := b.TakeHaul(b.ctx, collect.Taking{Source: "site", Declared: priorities{"site": 1}, Gone: []string{"a.md"}}, b.now)
	b.must(err)
	b.wantStory(first, second, first)
}
