package storetest

import (
	"fmt"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// pageReused gives the address of a live page to another article, in two spellings and both orders: the two are two stories, and an article that is corrected
// stays one story with the other spelling of its address.
func pageReused(_ *testing.T, b *bench) {
	live := func(n int, end, title, summary string, hour int) newsletter.Article {
		return newsletter.Article{
			URL: fmt.Sprintf("https://pandia.example/direct/%d%s", n, end), Title: title, Summary: summary, Section: "actualites", Language: "fr",
			Published: time.Date(2026, 11, 23, hour, 30, 0, 0, time.UTC),
		}
	}
	vote := func(n int, end string) newsletter.Article {
		return live(n, end, "EN DIRECT. Soirée électorale : suivez les résultats", "Suivez la soirée avec nos envoyés spéciaux dans les quartiers des partis.", 19)
	}
	trial := func(n int, end string) newsletter.Article {
		return live(n, end, "EN DIRECT. Procès Orion : suivez les débats", "La cour entend ce matin les premiers témoins avant sa décision.", 7)
	}
	for n, first := range []func(int, string) newsletter.Article{vote, trial} {
		second := []func(int, string) newsletter.Article{trial, vote}[n]
		one, other := b.store(first(n, "")), b.store(second(n, "/"))
		b.wantStory(one, one)
		b.wantStory(other, other)
		again := b.store(second(n, "?xtor=RSS-1"))
		b.wantStory(other, other, again)
		b.store(first(n, "/")) // an update of what stands there is a correction
		b.wantStory(again, other, again)
	}
}

// bulletinsOfTheInbox has one text under one title, with two dates, be two bulletins, in both orders; and what is offered again with the date that it had, one story.
func bulletinsOfTheInbox(_ *testing.T, b *bench) {
	bulletin := func(n, hour int, path string) newsletter.Article {
		a := toured(n, hour, "")
		a.URL += path
		a.Published = time.Date(2026, 11, 23, hour, 0, 0, 0, time.UTC)
		return a
	}
	for n, hours := range [][2]int{{12, 13}, {13, 12}} {
		one, other := b.store(bulletin(n, hours[0], "")), b.store(bulletin(n, hours[1], ""))
		b.wantStory(one, one)
		b.wantStory(other, other)
		again := b.store(bulletin(n, hours[1], "/complet"))
		b.wantStory(other, again, other) // its address was corrected
	}
}
