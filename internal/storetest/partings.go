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

// reported is a dispatch about town n, as an outlet has it.
func reported(n int, outlet string) newsletter.Article {
	town := "Nomade" + strings.Repeat("a", n)
	return newsletter.Article{
		URL: fmt.Sprintf("https://%s.example/d/%d", outlet, n), Title: "Le conseil de " + town + " approuve le guichet automatique", Section: "actualites", Language: "fr",
		Body: "Le conseil de " + town + ` a examiné lundi le projet d’un guichet automatique pour les demandes des habitants. Le projet est adopté par une large majorité,
et coûtera 40 000 euros par an. Une machine lira les courriers et proposera une réponse, qu’une personne relira avant de la signer. Les habitants peuvent demander qu’aucune machine ne
lise leur courrier. Le maire veut ouvrir ce guichet au printemps, après un essai de trois mois dans deux quartiers. Les syndicats craignent que des postes disparaissent, et demandent un
bilan public. Le prestataire sera choisi mardi, après un second appel aux entreprises de la région.`,
	}
}

// edited is an article with other words in its title and text.
func edited(a newsletter.Article, old ...string) newsletter.Article {
	r := strings.NewReplacer(old...)
	a.Title, a.Body = r.Replace(a.Title), r.Replace(a.Body)
	return a
}

// partedByUpdate has one of two outlets say something else than the other, and then the same again.
func partedByUpdate(t *testing.T, b *bench) {
	for n, old := range [][]string{
		{"approuve le", "repousse et renvoie le"},
		{"approuve le", "rejette le", "est adopté par", "est rejeté par"},
		{"approuve le", "approuve mardi le", "examiné lundi", "examiné mardi"},
		{"approuve le", "approuve pour 90 000 euros le", "40 000 euros", "90 000 euros"},
		{"approuve le", "n’approuve pas le", "est adopté par", "n’est pas adopté par"},
	} {
		for _, first := range []bool{true, false} {
			n := 2 * n
			if first {
				n++
			}
			here, there := reported(n, "pandia"), reported(n, "depeches")
			ids := []int64{b.store(here), b.store(there)}
			b.wantStory(ids[1], ids...)
			changed, id := there, ids[1]
			if first {
				changed, id = here, ids[0]
			}
			b.store(edited(changed, old...))
			b.wantStory(ids[0], ids[0])
			b.wantStory(ids[1], ids[1])
			other := ids[0] + ids[1] - id
			for _, of := range ids {
				partings, err := b.Partings(b.ctx, of)
				same := func(a, b collect.Parting) bool { return a.Article == b.Article && a.From == b.From && a.At.Equal(b.At) }
				if err != nil || !slices.EqualFunc(partings, []collect.Parting{{Article: id, From: other, At: b.now}}, same) {
					t.Errorf("%q: of %d is told %v, %v", old, of, partings, err)
				}
			}
			b.store(edited(edited(changed, old...), "printemps", "printemps prochain")) // what left is not brought back by a correction
			b.wantStory(ids[0], ids[0])
			b.store(changed)
			b.wantStory(id, other, id)
			if partings, err := b.Partings(b.ctx, id); err != nil || len(partings) != 0 {
				t.Errorf("%q: one story again, and %v is told, %v", old, partings, err)
			}
		}
	}
}

// editedAnotherDay has an update give an article that it words anew another day: that is a column of which two sites had one.
func editedAnotherDay(_ *testing.T, b *bench) {
	here, there := dated(reported(1, "pandia")), at("https://depeches.example/guichet", dated(reported(1, "")))
	first, second := b.store(here), b.store(there)
	b.wantStory(second, first, second)
	there = edited(there, "40 000 euros", "90 000 euros")
	there.Published = there.Published.Add(24 * time.Hour)
	b.store(there)
	b.wantStory(second, second)
}

// editedOfTwoTowns has pages of one pattern, of two towns, that were one story while they said the same part once each has its own figures.
func editedOfTwoTowns(_ *testing.T, b *bench) {
	page := func(town string) newsletter.Article {
		return at("https://pandia.example/"+town+"/resultats", reported(1, "pandia"))
	}
	first, second := b.store(page("brest")), b.store(page("quimper"))
	b.wantStory(second, second, first)
	b.store(edited(page("quimper"), "40 000 euros", "90 000 euros"))
	b.wantStory(second, second)
}

// toldAfterEdit has what is like an article be of its story, although another one of that was edited since.
func toldAfterEdit(_ *testing.T, b *bench) {
	first, second := b.store(reported(1, "pandia")), b.store(reported(1, "depeches"))
	after := edited(reported(1, "depeches"), "est adopté", "est voté")
	b.store(after)
	third := b.store(reported(1, "miroir"))
	fourth := b.store(at("https://echo.example/d/1", after))
	b.wantStory(first, first, second, third, fourth)
}

// correctedTogether has an article stay in its story that is only corrected.
func correctedTogether(_ *testing.T, b *bench) {
	for n, old := range [][]string{
		{"majorité", "majorité,"},
		{"adopté", "addopté", "guichet", "guichets"},
		{"de la région.", "de la région.\n\nMis à jour à 14 h 30."},
		{"Le maire veut", "Mise à jour : la séance reprend.\n\nLe maire veut"},
		{" Les syndicats craignent que des postes disparaissent, et demandent un\nbilan public.", ""},
		{"Les syndicats craignent que des postes disparaissent, et demandent un\nbilan public.", "Du côté des syndicats, on redoute surtout des suppressions de postes dans les années à venir."},
		{"approuve le guichet automatique", "dit oui à la machine qui lit les courriers des habitants"},
		{"est adopté par", "est voté par"},
		{"est adopté par", "est rejeté par"},
		{"40 000 euros", "40 500 euros"},
		{"lundi", "mardi", "Le maire veut", "La maire souhaite"},
		{"lise leur courrier", "lise jamais leur courrier"},
	} {
		here, there := reported(n, "pandia"), reported(n, "depeches")
		first, second := b.store(here), b.store(there)
		b.store(edited(there, old...))
		b.wantStory(second, first, second)
		b.store(edited(here, old...))
		b.wantStory(second, first, second)
	}
}

// partedAfterEditions parts what an edition carried: that stays carried, whichever article of the story had it, and what left is new where it was not itself.
func partedAfterEditions(t *testing.T, b *bench) {
	b.readers(1)
	contrary := []string{"approuve", "rejette", "est adopté", "est rejeté"}
	number := 0
	story := func() (here, there newsletter.Article, first, second int64) {
		number++
		here, there = reported(number, "pandia"), reported(number, "depeches")
		return here, there, b.store(here), b.store(there)
	}
	want := func(of string, first, second int, ids ...int64) {
		t.Helper()
		for i, by := range []int{first, second} {
			if got := b.carriedBy(of, ids[i]); got != by {
				t.Errorf("in %s article %d of story %d was brought by %d, want %d", of, i+1, number, got, by)
			}
		}
	}
	_, there, first, second := story()
	b.appear("hebdo", 1, first)
	b.store(edited(there, contrary...))
	want("hebdo", 1, 0, first, second)

	here, there, first, second := story()
	carried := b.appear("hebdo", 2, first)
	b.store(edited(here, contrary...))
	want("hebdo", 2, 2, first, second)
	want("quotidien", 0, 0, first, second)
	if by := b.carriedBy("quotidien", second, "hebdo"); by != 2 {
		t.Errorf("for a sister it was brought by %d", by)
	}
	members, err := b.Story(b.ctx, second)
	b.must(err)
	if !slices.Equal(members[0].CarriedBy, []string{"hebdo/2"}) {
		t.Errorf("told is %v", members)
	}
	third := b.store(reported(number, "miroir")) // as the first was when it was carried
	b.wantStory(third, second, third)
	b.store(edited(there, "guichet", "guichet payant"))
	want("hebdo", 0, 2, second, third)

	_, err = b.Cancel(b.ctx, carried.Ref(), func(int) {})
	b.must(err)
	want("hebdo", 0, 0, first, third)
}

// heldByHand has what an editor merged stay one story, whatever it says by now, but not what was recognised since.
func heldByHand(_ *testing.T, b *bench) {
	contrary := []string{"approuve", "rejette", "est adopté", "est rejeté"}
	here, there := reported(1, "pandia"), reported(1, "depeches")
	first, second := b.store(here), b.store(there)
	b.must(b.MergeArticles(b.ctx, first, second))
	late := b.store(reported(1, "miroir"))
	b.wantStory(late, first, second, late)
	b.store(edited(there, contrary...))
	b.wantStory(second, first, second, late)
	b.store(edited(reported(1, "miroir"), "guichet", "guichet payant"))
	b.wantStory(late, late)
	b.wantStory(second, first, second)

	here, there = reported(2, "pandia"), reported(2, "depeches")
	first, second = b.store(here), b.store(there)
	b.store(edited(there, contrary...))
	b.must(b.MergeArticles(b.ctx, second, first)) // who parted is brought back for good
	b.store(edited(there, "approuve", "n’approuve pas"))
	b.wantStory(first, second, first)
	b.must(b.SplitArticle(b.ctx, second, nil))
	b.store(there)
	b.wantStory(first, first)
}

// partedWithItsPage has the other address of an article that leaves go with it.
func partedWithItsPage(t *testing.T, b *bench) {
	contrary := []string{"approuve", "rejette", "est adopté", "est rejeté"}
	here, there := reported(1, "pandia"), reported(1, "depeches")
	page := here
	page.URL = "http://www.pandia.example/d/1/?utm_source=fil"
	first, second, third := b.store(here), b.store(there), b.store(page)
	b.wantStory(second, first, second, third)
	b.store(edited(here, contrary...))
	b.wantStory(second, second)
	b.wantStory(third, first, third)
	b.store(edited(page, contrary...))
	b.wantStory(third, first, third)
	if signs := b.signs(first); signs[0] != "" || signs[1] != "address" {
		t.Errorf("they are found by %v", signs)
	}
	b.wantStory(b.store(edited(reported(1, "miroir"), contrary...)), first, third, third+1) // who is like what left joins that
}

// partedAndExcluded has what an editor said of a story hold for what stays.
func partedAndExcluded(_ *testing.T, b *bench) {
	contrary := []string{"approuve", "rejette", "est adopté", "est rejeté"}
	here, there := reported(1, "pandia"), reported(1, "depeches")
	first, second := b.store(here), b.store(there)
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{first}, excluded, b.now))
	b.store(edited(here, contrary...))
	b.wantStances("hebdo", stand(first, excluded), stand(second, excluded))

	here, there = reported(2, "pandia"), reported(2, "depeches")
	third, fourth := b.store(here), b.store(there)
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{third}, excluded, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{fourth}, pinned, b.now)) // the last word counts
	b.store(edited(here, contrary...))
	b.wantStances("hebdo", stand(first, excluded), stand(second, excluded), stand(third, excluded), stand(fourth, pinned))
}
