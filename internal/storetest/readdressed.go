package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// named brings an article by which its source knows it, too.
func (b *bench) named(source, identity string, a newsletter.Article) (int64, collect.Outcome) {
	b.t.Helper()
	b.later(time.Minute)
	haul := collect.Taking{Source: source, Declared: priorities{"fil": 0, "site": 1}, Articles: []collect.Brought{{Article: a, Identity: identity}}}
	puts, err := b.TakeHaul(b.ctx, haul, b.now)
	b.must(err)
	b.endReading(source)
	return puts[0].Article, puts[0].Outcome
}

func dated(a newsletter.Article) newsletter.Article {
	a.Published = time.Date(2026, 10, 12, 7, 31, 20, 0, time.UTC)
	return a
}

func at(url string, a newsletter.Article) newsletter.Article {
	a.URL = url
	return a
}

const corrected = "https://pandia.example/corrigee"

// addressCorrected has a source give an article another address: it stays the one that editions carried and editors know. Another article under the same id is
// another one, and under the same address, too, is what it was.
func addressCorrected(t *testing.T, b *bench) {
	first, _ := b.named("fil", "7", dated(b.article(1)))
	b.publish(1, first)
	again, outcome := b.named("fil", "7", at(corrected, dated(b.article(1))))
	if again != first || outcome != collect.Updated {
		t.Errorf("with another address it is article %d, %s", again, outcome)
	}
	stored, err := b.ArticleByURL(b.ctx, corrected)
	b.must(err)
	if stored.ID != first || !stored.Arrived.Before(b.now) {
		t.Errorf("the article is %+v", stored)
	}
	if link, err := b.DueLink(b.ctx, b.now); err != nil || link.URL != corrected {
		t.Errorf("the address that is checked next is %+v, %v", link, err)
	}
	if _, outcome := b.named("fil", "7", at(corrected, dated(b.article(1)))); outcome != collect.Unchanged {
		t.Errorf("once more it is %s", outcome)
	}
	b.wantStory(first, first)

	other := dated(b.article(2))
	other.Published = other.Published.Add(time.Hour)
	second, outcome := b.named("fil", "7", other)
	if second == first || outcome != collect.Added {
		t.Errorf("another article with its id is %d, %s", second, outcome)
	}
	if moved, _ := b.named("fil", "7", at("https://pandia.example/deuxieme", other)); moved != second {
		t.Errorf("the other one with another address is %d, want %d", moved, second)
	}
	if back, outcome := b.named("fil", "7", at(corrected, dated(b.article(1)))); back != first || outcome != collect.Unchanged {
		t.Errorf("the first one with its id is %d, %s", back, outcome)
	}
	if elsewhere, _ := b.named("site", "7", at("https://pandia.example/ailleurs", dated(b.article(1)))); elsewhere == first {
		t.Error("an id of another source counts")
	}
}

// addressTaken has a source give an article the address under which another one brought it: what stands there leads, whoever is first and whose words count more.
func addressTaken(_ *testing.T, b *bench) {
	for n, by := range [][2]string{{"fil", "site"}, {"site", "fil"}, {"fil", "fil"}} {
		url := "https://pandia.example/" + by[0] + by[1]
		first, _ := b.named(by[0], "1"+by[1], dated(b.article(n+1)))
		there, _ := b.named(by[1], "2"+by[0], at(url, dated(b.article(n+1))))
		b.named(by[0], "1"+by[1], at(url, dated(b.article(n+1))))
		b.wantStory(first, there, first)
		b.named(by[1], "2"+by[0], at(url, dated(b.article(n+1))))
		b.wantStory(first, there, first)
	}
}

// addressesSwapped has a source put right what it had the wrong way round, and one bring another article under an address and an id that it had: no two of them become one story.
func addressesSwapped(_ *testing.T, b *bench) {
	one, two := dated(b.article(1)), dated(b.article(2))
	two.Published = two.Published.Add(time.Hour)
	one.Body, two.Body = strings.Repeat("La mairie ouvre un bureau pour les demandes de logement. ", 6), strings.Repeat("Le club de voile cherche des bénévoles pour la régate de samedi. ", 6)
	first, _ := b.named("fil", "1", one)
	second, _ := b.named("fil", "2", two)
	b.named("fil", "1", at(two.URL, one))
	b.named("fil", "2", at(one.URL, two))
	b.wantStory(first, first)
	b.wantStory(second, second)

	third, _ := b.named("site", "3", at(corrected, two))
	b.named("fil", "1", at(corrected, one))
	b.wantStory(first, third, first) // which says by now what the second did
	b.wantStory(second, second)
}

// addressKept leaves an article of which another one has charge under the address that this one gave it, until that corrects it; and what an editor split, apart.
func addressKept(t *testing.T, b *bench) {
	given := b.store(dated(b.article(1)))
	b.named("fil", "1", dated(b.article(1)))
	if feed, outcome := b.named("fil", "1", at(corrected, dated(b.article(1)))); feed != given || outcome != collect.Unchanged {
		t.Errorf("with the address of a source, what a person brought is %d, %s", feed, outcome)
	}
	first, _ := b.named("fil", "2", dated(b.article(2)))
	second, _ := b.named("site", "2", at("https://pandia.example/deux", dated(b.article(2))))
	b.must(b.MergeArticles(b.ctx, first, second))
	b.must(b.SplitArticle(b.ctx, second, nil))
	b.named("fil", "2", at("https://pandia.example/deux", dated(b.article(2))))
	b.wantStory(first, first)
	b.wantStory(second, second)
}

// addressOfTwoSources has two sources correct an article one after the other, in both orders, and a third one have it still where it was: it is one article.
func addressOfTwoSources(t *testing.T, b *bench) {
	for n, order := range [][]string{{"fil", "site"}, {"site", "fil"}} {
		a := dated(toured(n, 0, "Lyon"))
		first, _ := b.named("fil", a.URL, a)
		b.named("site", a.URL, a)
		b.publish(n+1, first)
		after := at(a.URL+"-corrigee", a)
		after.Title += ", le programme"
		for _, source := range order {
			if id, _ := b.named(source, a.URL, after); id != first {
				t.Errorf("corrected by %s it is %d", source, id)
			}
		}
		for _, source := range []string{"fil", "depeches"} {
			if id, outcome := b.named(source, source+a.URL, a); id != first || outcome != collect.Unchanged {
				t.Errorf("what %s has still where it was is %d, %s", source, id, outcome)
			}
		}
		b.wantStory(first, first)
		if _, err := b.ArticleByURL(b.ctx, after.URL); err != nil {
			t.Errorf("the corrected address: %v", err)
		}
	}
}

// addressReplaced has a source correct an article's address to one that another brought, and its title afterwards: what it was before goes with it.
func addressReplaced(_ *testing.T, b *bench) {
	a := dated(toured(0, 0, "Lyon"))
	first, _ := b.named("site", "1", a)
	b.publish(1, first)
	after := at(a.URL+"-corrigee", a)
	there, _ := b.named("fil", "9", after)
	b.named("site", "1", after)
	b.wantStory(first, there, first)
	after.Title += ", le programme complet"
	after.Body = strings.Replace(after.Body, "Lyon", "Lille", 1)
	b.named("site", "1", after)
	b.wantStory(first, there, first)
}

// idsGivenAnew has a table be filled anew with another article ahead of those that it had, all of one minute: each id is another one's.
func idsGivenAnew(t *testing.T, b *bench) {
	haul := func(articles ...newsletter.Article) (ids []int64) {
		taking := collect.Taking{Source: "site", Declared: priorities{"site": 1}}
		for n, a := range articles {
			taking.Articles = append(taking.Articles, collect.Brought{Article: dated(a), Identity: strings.Repeat("i", n+1)})
		}
		puts, err := b.TakeHaul(b.ctx, taking, b.now)
		b.must(err)
		for _, p := range puts {
			ids = append(ids, p.Article)
		}
		return ids
	}
	before := haul(toured(0, 0, "Lyon"), toured(0, 1, "Nantes"))
	after := haul(toured(0, 2, "Brest"), toured(0, 0, "Lyon"), toured(0, 1, "Nantes"))
	if after[1] != before[0] || after[2] != before[1] || after[0] == before[0] {
		t.Errorf("with other ids %v are %v", before, after)
	}
}

// addressGivenAway has a source correct an article's address and give the former one to another article, in one reading and in both orders.
func addressGivenAway(t *testing.T, b *bench) {
	for n := range 2 {
		one, two := dated(b.article(2*n)), dated(b.article(2*n+1))
		two.Title, two.Published = "La bibliothèque ouvre le dimanche", two.Published.Add(24*time.Hour)
		id := fmt.Sprint(n)
		first, _ := b.named("site", id, one)
		b.publish(n+1, first)
		b.later(time.Minute)
		haul := []collect.Brought{{Article: at(one.URL+"-corrigee", one), Identity: id}, {Article: at(one.URL, two), Identity: id + "b"}}
		if n == 1 {
			slices.Reverse(haul)
		}
		puts, err := b.TakeHaul(b.ctx, collect.Taking{Source: "site", Declared: priorities{"site": 1}, Articles: haul}, b.now)
		b.must(err)
		moved, other := puts[n], puts[1-n]
		if moved.Article != first || other.Article == first || other.Outcome != collect.Added {
			t.Errorf("article %d is %d by now, and the other one %d, %s", first, moved.Article, other.Article, other.Outcome)
		}
	}
}

// addressGivenAwayEarly has a source correct an article's address and give the former one to another article, at once or in two readings, while one whose words count
// more has the article still where it was, by an id or without: the other one is stored, and neither of the two becomes the other.
func addressGivenAwayEarly(t *testing.T, b *bench) {
	for n, id := range []string{"late", ""} {
		for k, once := range []bool{true, false} {
			n := 2*n + k
			one, two := dated(b.article(2*n)), dated(b.article(2*n+1))
			two.Title, two.Published = "La bibliothèque ouvre le dimanche", two.Published.Add(24*time.Hour)
			moved, other := at(one.URL+"-corrigee", one), at(one.URL, two)
			first, _ := b.named("site", id, one)
			b.named("fil", one.URL, one)
			b.publish(n+1, first)
			haul := []collect.Brought{{Article: moved, Identity: one.URL}, {Article: other, Identity: two.URL}}
			if !once {
				b.named("fil", one.URL, moved)
				haul = haul[1:]
			}
			puts, err := b.TakeHaul(b.ctx, collect.Taking{Source: "fil", Declared: priorities{"fil": 0, "site": 1}, Articles: haul}, b.now)
			b.must(err)
			second := puts[len(puts)-1].Article
			if second == first || puts[len(puts)-1].Outcome != collect.Added {
				t.Errorf("the other article is %d, %s", second, puts[len(puts)-1].Outcome)
			}
			if late, outcome := b.named("site", id, one); late != first || outcome != collect.Unchanged {
				t.Errorf("the article where it was is %d, %s, want %d", late, outcome, first)
			}
			for _, is := range []struct {
				article newsletter.Article
				id      int64
			}{{moved, first}, {other, second}} {
				if stored, err := b.ArticleByURL(b.ctx, is.article.URL); err != nil || stored.ID != is.id || stored.Title != is.article.Title {
					t.Errorf("at %s is %+v, %v, want %d", is.article.URL, stored, err, is.id)
				}
			}
			if again, outcome := b.named("site", id, moved); again != first {
				t.Errorf("once the other source corrected it, the article is %d, %s", again, outcome)
			}
		}
	}
}

// telling is a site of which a source tells with ids: all of it each time, in parts where it is much.
type telling struct {
	*bench
	t      *testing.T
	source string
	ids    map[string]int64 // articles by the ids of the site
}

// tell brings what is at addresses: pairs of an id and an article.
func (s telling) tell(all ...collect.Brought) {
	s.t.Helper()
	s.later(time.Minute)
	const most = 2
	for from := 0; from < len(all); from += most {
		part := collect.Taking{Source: s.source, Declared: priorities{s.source: 0}, Articles: all[from:min(from+most, len(all))], Together: all}
		puts, err := s.TakeHaul(s.ctx, part, s.now)
		s.must(err)
		for i, p := range puts {
			s.ids[part.Articles[i].Identity] = p.Article
		}
	}
	s.endReading(s.source)
}

// addressesExchanged has a source move articles to where others were, in a ring, in a chain and in an exchange, in whatever order and however much else it tells:
// each stays the one that editions carried.
func addressesExchanged(t *testing.T, b *bench) {
	n := 0
	texts := []string{"La mairie ouvre un bureau pour les demandes de logement. ", "Le club de voile cherche des bénévoles pour la régate de samedi. ", "Un incendie détruit la scierie au bord du canal cette nuit. "}
	for _, to := range [][]int{{1, 0, 2}, {1, 2, 3}, {1, 2, 0}, {2, 3, 1}} { // the place to which each goes
		permutations(len(to), func(order []int) {
			n++
			s := telling{b, t, fmt.Sprint("s", n), map[string]int64{}}
			article := func(i, place int) collect.Brought {
				a := dated(b.article(i))
				a.URL, a.Title, a.Body = fmt.Sprintf("https://pandia.example/x/%d/%d", n, place), fmt.Sprintf("Le titre qui est celui du %s %d", []string{"logement", "club", "canal"}[i], n), strings.Repeat(texts[i], 6)
				a.Published = a.Published.Add(time.Duration(i) * 61 * time.Minute)
				return collect.Brought{Article: a, Identity: fmt.Sprint(i)}
			}
			s.tell(article(0, 0), article(1, 1), article(2, 2))
			before := maps.Clone(s.ids)
			b.publish(n, before["0"])
			var all []collect.Brought
			for _, i := range order {
				all = append(all, article(i, to[i]))
			}
			s.tell(all...)
			for i, place := range to {
				id := fmt.Sprint(i)
				if stored, err := b.ArticleByURL(b.ctx, article(i, place).URL); err != nil || s.ids[id] != before[id] || stored.ID != before[id] || stored.Title != article(i, place).Title {
					t.Errorf("%v in the order %v: article %d is %d, and at its address is %+v, %v", to, order, before[id], s.ids[id], stored, err)
				}
				b.wantStory(before[id], before[id])
			}
		})
	}
}

// addressGivenWithoutIDs has a source without ids move an article and give its address to another one at once, in both orders.
func addressGivenWithoutIDs(t *testing.T, b *bench) {
	for n := range 2 {
		one, two := dated(toured(n, 0, "")), dated(toured(n, 1, ""))
		two.Title, two.Body, two.Published = "La bibliothèque ouvre le dimanche", strings.Repeat("Le club de voile cherche des bénévoles pour la régate. ", 8), two.Published.Add(24*time.Hour)
		first := b.bring("fil", one)
		b.publish(n+1, first)
		haul := []newsletter.Article{at(one.URL+"-corrigee", one), at(one.URL, two)}
		if n == 1 {
			slices.Reverse(haul)
		}
		ids := b.bringAll("fil", haul...)
		if ids[n] != first || ids[1-n] == first {
			t.Errorf("article %d is %d by now, and the other one %d", first, ids[n], ids[1-n])
		}
	}
}

// decidedByHand has a source correct an address to one that another source brought before: what an editor said of the article counts for the one that goes out.
func decidedByHand(t *testing.T, b *bench) {
	for n, say := range []func(first, second, third int64){
		func(first, _, _ int64) {
			b.must(b.TakeStance(b.ctx, "hebdo", []int64{first}, newsletter.StancePinned, b.now))
		},
		func(first, second, _ int64) { b.must(b.MergeArticles(b.ctx, first, second)) },
		func(first, _, third int64) { b.must(b.MergeArticles(b.ctx, first, third)) },
	} {
		a := dated(toured(n, 0, ""))
		after := at(a.URL+"-corrigee", a)
		first, _ := b.named("fil", fmt.Sprint("f", n), a)
		second, _ := b.named("depeches", fmt.Sprint("d", n), after)
		third, _ := b.named("depeches", fmt.Sprint("t", n), dated(b.article(n)))
		say(first, second, third)
		b.named("fil", fmt.Sprint("f", n), after)
		members, err := b.Story(b.ctx, first)
		b.must(err)
		if members[0].ID != second {
			t.Errorf("%d: %+v leads", n, members[0])
		}
		stands, err := b.Stands(b.ctx, first)
		b.must(err)
		if len(stands) > 0 {
			t.Errorf("%d: of the former one stands %+v", n, stands)
		}
	}
}

// idsGivenAway has a folder keep an article under another name and give the former name and address to another one, in both orders; a source that is read for the
// first time tell of it, whether its words count more or not; and one give the address of an article away that another source has brought at its new one.
func idsGivenAway(t *testing.T, b *bench) {
	n := 0
	for _, tells := range []string{"fil", "site", "depeches"} {
		for _, known := range []bool{false, true} {
			for _, backwards := range []bool{false, true} {
				n++
				one, two := dated(toured(n, 0, "")), dated(toured(n, 1, ""))
				name := "Régate" + strings.Repeat("e", n)
				two.Title, two.Body, two.Published = "La bibliothèque "+name+" ouvre le dimanche", strings.Repeat("Le club "+name+" cherche des bénévoles pour samedi. ", 8), two.Published.Add(24*time.Hour)
				first, _ := b.named("fil", fmt.Sprint("direct", n), one)
				b.publish(n, first)
				moved := at(one.URL+"-archive", one)
				if known {
					b.named("agence", fmt.Sprint(n), moved)
				}
				haul := []collect.Brought{{Article: moved, Identity: fmt.Sprint("archive", n)}, {Article: at(one.URL, two), Identity: fmt.Sprint("direct", n)}}
				if known { // the id stays
					haul[0].Identity, haul[1].Identity = haul[1].Identity, haul[0].Identity
					if tells != "fil" {
						continue
					}
				}
				if backwards {
					slices.Reverse(haul)
				}
				b.later(time.Minute)
				_, err := b.TakeHaul(b.ctx, collect.Taking{Source: tells, Declared: priorities{"fil": 0, "site": 1, "depeches": -1}, Articles: haul}, b.now)
				b.must(err)
				b.endReading(tells)
				other, err := b.ArticleByURL(b.ctx, one.URL)
				b.must(err)
				at, err := b.ArticleByURL(b.ctx, moved.URL)
				b.must(err)
				story, err := b.Story(b.ctx, at.ID)
				b.must(err)
				if other.ID == first || other.Title != two.Title || story[0].ID != at.ID || !slices.ContainsFunc(story, func(m collect.Member) bool { return m.ID == first }) {
					t.Errorf("%s, known %v, backwards %v: at its address is %d, %q, and the article is of %+v", tells, known, backwards, other.ID, other.Title, story)
				}
				b.wantStory(other.ID, other.ID)
			}
		}
	}
}

// addressesCrossed has two sources that have one story each correct the other's address, one after the other, and give their own to another story.
func addressesCrossed(t *testing.T, b *bench) {
	one, two := dated(toured(0, 0, "")), dated(toured(1, 0, ""))
	two.Title, two.Body, two.Published = "La bibliothèque ouvre le dimanche", strings.Repeat("Le club de voile cherche des bénévoles pour samedi. ", 8), two.Published.Add(24*time.Hour)
	g, d := one.URL, one.URL+"-d"
	tell := func(source, id, url string, a newsletter.Article) int64 {
		b.later(time.Minute)
		haul := collect.Taking{Source: source, Declared: priorities{"one": 0, "two": 0}, Articles: []collect.Brought{{Article: at(url, a), Identity: id}}}
		puts, err := b.TakeHaul(b.ctx, haul, b.now)
		b.must(err)
		b.endReading(source)
		return puts[0].Article
	}
	first := tell("two", "a", g, one)
	tell("one", "a", d, one)
	tell("two", "a", d, one)
	tell("one", "a", g, one)
	other := tell("one", "b", d, two)
	tell("two", "a", g, one)
	tell("two", "b", d, two)
	b.wantStory(other, other)
	members, err := b.Story(b.ctx, first)
	b.must(err)
	if members[0].URL != g {
		t.Errorf("%+v goes out", members)
	}
}

// filedAndHidden has what an editor said beside stances go with a corrected address.
func filedAndHidden(t *testing.T, b *bench) {
	a := dated(toured(0, 0, ""))
	first, _ := b.named("fil", "1", a)
	b.must(b.FileArticles(b.ctx, []int64{first}, "prompts"))
	b.must(b.HideArticle(b.ctx, first, true, b.now))
	b.named("depeches", "9", at(corrected, a))
	b.named("fil", "1", at(corrected, a))
	if stored, err := b.ArticleByURL(b.ctx, corrected); err != nil || stored.Section != "prompts" || !stored.Filed || !stored.Hidden {
		t.Errorf("what is there is %+v, %v", stored, err)
	}
}
