package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// again is an article under another spelling of its address.
func (b *bench) again(n int) newsletter.Article {
	a := b.article(n)
	a.URL = fmt.Sprintf("http://www.pandia.example/a/%d/?utm_source=fil", n)
	return a
}

func (b *bench) store(a newsletter.Article) int64 {
	b.t.Helper()
	b.later(time.Minute)
	puts, err := b.PutArticles(b.ctx, []newsletter.Article{a}, b.now)
	b.must(err)
	return puts[0].Article
}

func (b *bench) wantStory(of int64, want ...int64) {
	b.t.Helper()
	members, err := b.Story(b.ctx, of)
	b.must(err)
	var got []int64
	for _, m := range members {
		got = append(got, m.ID)
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("the story of %d is %v, want %v", of, got, want)
	}
}

func storyOnce(t *testing.T, b *bench) {
	first, second, other := b.store(b.article(1)), b.store(b.again(1)), b.store(b.article(2))
	b.wantStory(second, first, second)
	b.wantStory(other, other)
	members, err := b.Story(b.ctx, first)
	b.must(err)
	if members[0].Sign != "" || members[1].Sign != neardup.ByAddress {
		t.Errorf("the signs are %+v", members)
	}
	edited := b.again(1)
	edited.Title, edited.Body = "Tout autre", "Tout autre chose."
	if id := b.store(edited); id != second {
		t.Errorf("an edited article is %d, want %d as before", id, second)
	}
	b.wantStory(first, first, second)
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	var leaders []int64
	for _, c := range candidates {
		leaders = append(leaders, c.Leader)
	}
	if !slices.Equal(leaders, []int64{0, first, 0}) {
		t.Errorf("the leaders are %v", leaders)
	}
}

// storyInAnyOrder puts four spellings of one article in, in every order.
func storyInAnyOrder(t *testing.T, b *bench) {
	spellings := []string{
		"https://pandia.example/o/%d", "http://www.pandia.example/o/%d/", "https://pandia.example/o/%d/amp", "https://pandia.example/o/%d?fbclid=x",
	}
	n := 0
	permutations(len(spellings), func(order []int) {
		n++
		var ids []int64
		for _, i := range order {
			a := b.article(n)
			a.URL = fmt.Sprintf(spellings[i], n)
			ids = append(ids, b.store(a))
		}
		b.wantStory(ids[len(ids)-1], ids...)
	})
}

// pattern is a text that a site fills in again and again.
const pattern = `Chaque semaine, la rédaction mesure ce que les lecteurs font des outils dont elle parle, et publie les réponses sans les retoucher. Le questionnaire
reste ouvert du lundi au vendredi, il ne demande ni nom ni adresse, et personne n’est obligé de répondre à tout. Les assistants gardent la première place, devant la
traduction et la transcription. La plupart des lecteurs disent gagner du temps le matin, et en perdre un peu le soir à relire ce que la machine a écrit. Le détail, la
méthode et les limites de l’exercice se trouvent au bas de cette page, avec le lien pour prendre part à la prochaine édition.`

// storyAmongAlike brings copies from another site of what came first, in the midst and last of many that differ in a figure of the title, or in a name.
func storyAmongAlike(t *testing.T, b *bench) {
	const many = 80
	named := func(n int) string {
		name := "Nomade" + strings.Repeat("a", n)
		return strings.NewReplacer("Les assistants", "Les assistants de "+name, "la machine", name, "cette page", "la page de "+name).Replace(pattern)
	}
	numbered, cards := make([]int64, many), make([]int64, many)
	for n := range many {
		weekly := newsletter.Article{URL: fmt.Sprintf("https://pandia.example/s/%d", n), Title: fmt.Sprintf("Semaine %d", n), Section: "guides", Body: pattern}
		card := newsletter.Article{URL: fmt.Sprintf("https://pandia.example/c/%d", n), Title: "Les outils", Section: "guides", Body: named(n)}
		numbered[n], cards[n] = b.store(weekly), b.store(card)
	}
	for _, n := range []int{0, many / 2, many - 1} {
		weekly := newsletter.Article{URL: fmt.Sprintf("https://autre.example/s/%d", n), Title: fmt.Sprintf("Les réponses, %d", n), Section: "guides", Body: pattern}
		id := b.store(weekly)
		b.wantStory(id, numbered[n], id)
		card := newsletter.Article{URL: fmt.Sprintf("https://autre.example/c/%d", n), Title: "Le détail", Section: "guides", Body: named(n) + "\n\nLire aussi nos autres fiches."}
		id = b.store(card)
		b.wantStory(id, cards[n], id)
	}
}

// storyBetweenTwo brings a text that two others add to, each for a town of its own, in every order: the two are never one story.
func storyBetweenTwo(t *testing.T, b *bench) {
	towns := []string{"", "Lyon", "Nantes"}
	n := 0
	permutations(len(towns), func(order []int) {
		n++
		ids := map[string]int64{}
		for i, at := range order {
			town := towns[at]
			a := newsletter.Article{URL: fmt.Sprintf("https://pandia.example/t/%d/%d", n, i), Title: fmt.Sprintf("Tour%d", n), Section: "guides", Body: pattern}
			a.Body = strings.ReplaceAll(a.Body, "rédaction", fmt.Sprintf("tournée Nomade%s", strings.Repeat("a", n)))
			if town != "" {
				a.Body += "\n\nRendez-vous à " + town + "."
			}
			ids[town] = b.store(a)
		}
		members, err := b.Story(b.ctx, ids["Lyon"])
		b.must(err)
		together := map[int64]bool{}
		for _, m := range members {
			together[m.ID] = true
		}
		if together[ids["Nantes"]] {
			t.Errorf("in the order %v: two towns are one story", order)
		}
		if members, err = b.Story(b.ctx, ids[""]); err != nil || len(members) != 2 {
			t.Errorf("in the order %v: the text without a town is one story with %+v, %v", order, members, err)
		}
	})
}

func storyByHand(t *testing.T, b *bench) {
	first, second := b.store(b.article(1)), b.store(b.again(1))
	b.must(b.SplitArticle(b.ctx, first, nil))
	b.wantStory(first, first)
	b.wantStory(second, second)
	if err := b.SplitArticle(b.ctx, first, nil); !errors.Is(err, newsletter.ErrInvalid) {
		t.Errorf("splitting what is alone: %v", err)
	}
	for _, a := range []newsletter.Article{b.article(1), b.again(1)} { // a correction of either makes them look at each other again
		a.Body = "Corrigé."
		b.store(a)
		b.wantStory(first, first)
	}
	third := b.article(1)
	third.URL = "https://pandia.example/a/1/amp/"
	b.wantStory(b.store(third), first, first+2)

	b.must(b.MergeArticles(b.ctx, second, first))
	b.wantStory(first, second, first, first+2)
	b.must(b.SplitArticle(b.ctx, second, nil))
	b.wantStory(first, first, first+2)
	if err := b.MergeArticles(b.ctx, first, 99); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("merging with nothing: %v", err)
	}
}

// signs are those of a story, the one that leads first.
func (b *bench) signs(of int64) (signs []neardup.Sign) {
	b.t.Helper()
	members, err := b.Story(b.ctx, of)
	b.must(err)
	for _, m := range members {
		signs = append(signs, m.Sign)
	}
	return signs
}

// mergeUndone has stories of two articles and of three made one and parted again, by whichever of them.
func mergeUndone(t *testing.T, b *bench) {
	amp := func(n int) newsletter.Article {
		a := b.article(n)
		a.URL += "/amp/"
		return a
	}
	a1, a2 := b.store(b.article(1)), b.store(b.again(1))
	c1, c2 := b.store(b.article(2)), b.store(b.again(2))
	alone := b.store(b.article(3))
	for _, by := range []int64{a1, a2, c1, c2} {
		b.must(b.MergeArticles(b.ctx, a1, c2))
		b.wantStory(c1, a1, a2, c1, c2)
		if signs, want := b.signs(a1), []neardup.Sign{neardup.ByHand, neardup.ByAddress, neardup.ByHand, neardup.ByAddress}; !slices.Equal(signs, want) {
			t.Errorf("merged by %v, want %v", signs, want)
		}
		b.must(b.SplitArticle(b.ctx, by, nil))
		b.wantStory(a2, a1, a2)
		b.wantStory(c2, c1, c2)
		for _, of := range []int64{a1, c1} {
			if signs, want := b.signs(of), []neardup.Sign{"", neardup.ByAddress}; !slices.Equal(signs, want) {
				t.Errorf("split, the story of %d is found by %v, want %v", of, signs, want)
			}
		}
	}
	b.must(b.MergeArticles(b.ctx, a1, c1))
	b.must(b.MergeArticles(b.ctx, a1, alone))
	late := b.store(amp(2)) // what is recognised meanwhile goes with its like
	b.must(b.SplitArticle(b.ctx, c2, nil))
	b.wantStory(alone, alone)
	b.wantStory(late, a1, a2, c1, c2, late)
	b.must(b.SplitArticle(b.ctx, c2, nil))
	b.wantStory(c1, c1, c2, late)
	b.wantStory(a1, a1, a2)
	b.must(b.MergeArticles(b.ctx, c2, late)) // one story already: it chooses the lead
	b.must(b.SplitArticle(b.ctx, late, nil))
	b.wantStory(c1, c2, c1)
	b.wantStory(late, late)
}

// mergesUndone has what was merged come apart in the order in which it was, each time under the lead that it had.
func mergesUndone(t *testing.T, b *bench) {
	ids := b.put(4)
	b.must(b.MergeArticles(b.ctx, ids[1], ids[0]))
	b.must(b.MergeArticles(b.ctx, ids[2], ids[0]))
	b.must(b.SplitArticle(b.ctx, ids[2], nil))
	b.wantStory(ids[0], ids[1], ids[0])
	b.wantStory(ids[2], ids[2])
	b.must(b.MergeArticles(b.ctx, ids[2], ids[0]))
	b.must(b.SplitArticle(b.ctx, ids[0], nil)) // the part that was there before leaves together
	b.wantStory(ids[0], ids[1], ids[0])
	if signs, want := b.signs(ids[0]), []neardup.Sign{neardup.ByHand, neardup.ByHand}; !slices.Equal(signs, want) {
		t.Errorf("the part is found by %v, want %v", signs, want)
	}
	b.must(b.SplitArticle(b.ctx, ids[0], nil))
	b.wantStory(ids[0], ids[0])

	b.must(b.MergeArticles(b.ctx, ids[0], ids[1]))
	late := b.store(b.again(2))
	b.wantStory(late, ids[0], ids[1], late)
	b.must(b.MergeArticles(b.ctx, late, ids[0])) // one story already: it chooses the lead
	b.must(b.SplitArticle(b.ctx, late, nil))     // which came afterwards, and so was of no part
	b.wantStory(late, late)
	b.wantStory(ids[0], ids[0], ids[1])
	b.must(b.MergeArticles(b.ctx, ids[0], late))
	b.must(b.MergeArticles(b.ctx, ids[0], ids[3]))
	b.must(b.SplitArticle(b.ctx, ids[3], nil))
	b.must(b.SplitArticle(b.ctx, late, nil))
	b.wantStory(late, late)
	b.must(b.SplitArticle(b.ctx, ids[1], nil))
	b.wantStory(ids[0], ids[0])
}

// leadsUndone takes articles out of a story that was recognised, of which editors chose the lead. With who was chosen goes what was said until then.
func leadsUndone(_ *testing.T, b *bench) {
	amp, person := b.article(1), b.article(1)
	amp.URL += "/amp/"
	person.URL += "/"
	feed := collect.Taking{Source: "fil", Declared: priorities{"fil": 0}, Articles: brought(b.article(1), b.again(1), amp)}
	puts, err := b.TakeHaul(b.ctx, feed, b.now)
	b.must(err)
	first, second, third := puts[0].Article, puts[1].Article, puts[2].Article
	for _, lead := range []int64{second, third, third} {
		b.must(b.MergeArticles(b.ctx, lead, first))
	}
	b.must(b.SplitArticle(b.ctx, third, nil))
	b.wantStory(first, second, first)
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{first}, pinned, b.now))
	b.must(b.MergeArticles(b.ctx, third, first))
	b.must(b.MergeArticles(b.ctx, third, second))
	b.wantStances("hebdo", stand(third, pinned))
	b.must(b.SplitArticle(b.ctx, third, nil))
	b.wantStances("hebdo", stand(first, pinned))

	b.must(b.MergeArticles(b.ctx, first, second))
	b.must(b.SplitArticle(b.ctx, second, nil))
	given := b.store(person) // goes before what a source brought
	b.wantStory(first, given, first)
	b.wantStances("hebdo", stand(first, pinned))
}

// chosenGoes takes the one out that was chosen to lead: what was pinned before counts for itself again.
func chosenGoes(_ *testing.T, b *bench) {
	amp := b.article(1)
	amp.URL += "/amp/"
	first, second, third := b.store(b.article(1)), b.store(b.again(1)), b.store(amp)
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{second}, pinned, b.now))
	b.must(b.MergeArticles(b.ctx, third, first))
	b.wantStances("hebdo", stand(third, pinned))
	b.must(b.SplitArticle(b.ctx, third, nil))
	b.wantStory(first, first, second)
	b.wantStances("hebdo", stand(second, pinned))
}

// keepingCompany has articles of one page stay one story, whatever they say by now.
func keepingCompany(t *testing.T, b *bench) {
	other, first, second := b.store(b.article(2)), b.store(b.article(1)), b.store(b.again(1))
	for _, a := range []newsletter.Article{b.article(1), b.again(1)} {
		a.Title, a.Canonical = b.article(2).Title, b.article(2).URL
		b.store(a)
	}
	b.wantStory(other, other)
	b.wantStory(first, first, second)
	if signs := b.signs(first); signs[0] != "" {
		t.Errorf("the one that leads is found by %v", signs)
	}
}

// priorities are those of sources, by their names.
type priorities = map[string]int

// storyOwned lets a second source not overwrite what the first brought, as long as that is in the settings and has no lower priority.
func storyOwned(t *testing.T, b *bench) {
	take := func(source, title string, want collect.Outcome, declared priorities) {
		t.Helper()
		a := b.article(1)
		a.Title = title
		b.later(time.Minute)
		puts, err := b.TakeHaul(b.ctx, collect.Taking{Source: source, Declared: declared, Articles: brought(a)}, b.now)
		b.must(err)
		if puts[0].Outcome != want {
			t.Errorf("%s from %s is %s, want %s", title, source, puts[0].Outcome, want)
		}
	}
	both := priorities{"site": 0, "fil": 0}
	take("site", "Un", collect.Added, both)
	take("fil", "Deux", collect.Unchanged, both)
	take("site", "Trois", collect.Updated, both)
	take("fil", "Quatre", collect.Updated, priorities{"fil": 0})
	take("site", "Cinq", collect.Unchanged, priorities{"site": -1, "fil": 0})
	take("site", "Six", collect.Updated, priorities{"site": 1, "fil": 0})
	take("fil", "Sept", collect.Unchanged, priorities{"site": 1, "fil": 0})
	b.store(b.article(1))
	take("fil", "Huit", collect.Unchanged, priorities{"fil": 9})
}

// storyLed has that article lead a story whose source has the highest priority, until an editor chooses one.
func storyLed(t *testing.T, b *bench) {
	take := func(source, host string, declared priorities) int64 {
		t.Helper()
		a := b.article(1)
		a.URL = "https://" + host + "/a/1"
		b.later(time.Minute)
		puts, err := b.TakeHaul(b.ctx, collect.Taking{Source: source, Declared: declared, Articles: brought(a)}, b.now)
		b.must(err)
		return puts[0].Article
	}
	order := priorities{"fil": 0, "site": 5, "agence": 5, "miroir": -1}
	mirror := take("miroir", "amp.pandia.example", order)
	feed := take("fil", "pandia.example", order)
	b.wantStory(feed, feed, mirror)
	site := take("site", "www.pandia.example", order)
	b.wantStory(feed, site, mirror, feed)
	agency := take("agence", "www.amp.pandia.example", order)
	b.wantStory(feed, site, mirror, feed, agency)
	order["fil"] = 9 // everything is read anew then
	take("fil", "pandia.example", order)
	b.wantStory(site, feed, mirror, site, agency)
	members, err := b.Story(b.ctx, mirror)
	b.must(err)
	for i, m := range members {
		if want := []neardup.Sign{"", neardup.ByAddress}[min(i, 1)]; m.Sign != want {
			t.Errorf("article %d has the sign %q, want %q", m.ID, m.Sign, want)
		}
	}
	person := b.article(1)
	person.URL = "http://pandia.example/a/1"
	given := b.store(person)
	b.wantStory(site, given, mirror, feed, site, agency)

	b.must(b.MergeArticles(b.ctx, mirror, feed))
	take("fil", "pandia.example", order)
	b.store(person)
	b.wantStory(site, mirror, feed, site, agency, given)
	if members, err = b.Story(b.ctx, mirror); err != nil || members[0].Sign != neardup.ByHand {
		t.Errorf("chosen by an editor: %+v, %v", members[0], err)
	}
	b.must(b.SplitArticle(b.ctx, mirror, order))
	b.wantStory(site, given, feed, site, agency)
	b.must(b.SplitArticle(b.ctx, given, order))
	b.wantStory(site, feed, site, agency)
	b.wantStory(mirror, mirror)
}
