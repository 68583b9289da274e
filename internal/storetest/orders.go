package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
