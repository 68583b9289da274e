package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"facteur/internal/newsletter"
)

// storyOfMany has a story that has more articles than an arrival is compared with take what is equal to it, and nothing that is only like it, whoever of
// them would speak against it.
func storyOfMany(t *testing.T, b *bench) {
	longer := func(a newsletter.Article) newsletter.Article {
		a.Body += "\n\nRetrouvez demain matin notre entretien avec le maire."
		return a
	}
	var all []int64
	for i := range 20 {
		all = append(all, b.store(reported(1, fmt.Sprintf("fil%d", i))))
	}
	page := reported(1, "fil3")
	page.URL = strings.Replace(page.URL, "https://", "http://www.", 1)
	all = append(all, b.store(page))
	b.wantStory(all[0], all...)
	alike := b.store(longer(reported(1, "pandia")))
	b.wantStory(alike, alike)
	b.store(edited(reported(1, "fil7"), "région", "regions"))
	b.wantStory(all[0], all...)
	b.store(edited(reported(1, "fil3"), "approuve", "rejette"))
	b.wantStory(all[3], all[3], all[20])
	rest := slices.DeleteFunc(slices.Clone(all), func(id int64) bool { return id == all[3] || id == all[20] })
	b.wantStory(all[0], rest...)
	few := []int64{b.store(reported(2, "fil1")), b.store(longer(reported(2, "pandia")))}
	b.wantStory(few[0], few...)
	parted, err := b.Partings(b.ctx, all[3])
	b.must(err)
	if len(parted) != 1 || parted[0].Article != all[3] {
		t.Errorf("%+v left the story, want %d alone", parted, all[3])
	}
}
