package digest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// A story goes by the best of its articles that finds a place, once, and one that a story let go of takes nobody else's.
func TestChoose_storyFindsAPlace(t *testing.T) {
	twin := func(id, of int64, section string, days float64) newsletter.Candidate {
		c := article(id, section, days)
		c.Leader = of
		return c
	}
	updated := article(1, "guides", 300)
	updated.CarriedBy, updated.Fresh, updated.Changed = 4, 40, monday()
	pinned := twin(2, 1, "guides", 400)
	pin(&pinned)
	for name, tt := range map[string]struct {
		edition    int // the minimum
		candidates []newsletter.Candidate
		want       []string
	}{
		"over the quota, the other of another section": {0, []newsletter.Candidate{article(1, "actualites", 3), twin(2, 1, "guides", 3), article(3, "actualites", 1)},
			[]string{"3 new", "2 new", "1 duplicate-of 2"}},
		"over the quota, the other newer": {0, []newsletter.Candidate{article(1, "actualites", 3), twin(2, 1, "actualites", 1), article(3, "actualites", 2)},
			[]string{"2 new", "3 waiting", "1 duplicate-of 2"}},
		"no place for either": {0, []newsletter.Candidate{article(1, "actualites", 3), twin(2, 1, "guides", 3), article(3, "actualites", 1), article(4, "guides", 1)},
			[]string{"3 new", "4 new", "1 waiting", "2 duplicate-of 1"}},
		"a section too small": {0, []newsletter.Candidate{article(1, "breves", 1), twin(2, 1, "guides", 1), article(3, "actualites", 1)},
			[]string{"3 new", "2 new", "1 duplicate-of 2"}},
		"a section too small, and no other place": {0, []newsletter.Candidate{article(1, "breves", 1), twin(2, 1, "guides", 2), article(3, "guides", 1)},
			[]string{"3 new", "1 below-minimum", "2 duplicate-of 1"}},
		"what gives way finds another place": {0, []newsletter.Candidate{
			article(1, "actualites", 2), twin(2, 1, "guides", 2), article(3, "guides", 3), twin(4, 3, "outils", 3), article(5, "actualites", 1),
		}, []string{"5 new", "2 new", "4 new", "1 duplicate-of 2", "3 duplicate-of 4"}},
		"the third of three": {0, []newsletter.Candidate{article(1, "actualites", 2), twin(2, 1, "guides", 2), twin(3, 1, "outils", 2), article(4, "actualites", 1), article(5, "guides", 1)},
			[]string{"4 new", "5 new", "3 new", "1 duplicate-of 3", "2 duplicate-of 3"}},
		"two that would leave each other's section": {0, []newsletter.Candidate{article(1, "breves", 1), twin(2, 1, "agenda", 1), article(3, "agenda", 2), twin(4, 3, "breves", 2)},
			[]string{"1 new", "4 new", "2 duplicate-of 1", "3 duplicate-of 4"}},
		"one over the quota comes where one is too few": {0, []newsletter.Candidate{
			article(1, "actualites", 3), twin(2, 1, "breves", 3), article(3, "actualites", 1), article(4, "breves", 1), twin(5, 4, "guides", 1),
		}, []string{"3 new", "4 new", "2 new", "5 duplicate-of 4", "1 duplicate-of 2"}},
		"an edition too small": {3, []newsletter.Candidate{article(1, "actualites", 2), twin(2, 1, "guides", 1), article(3, "guides", 2)},
			[]string{"1 below-minimum", "3 below-minimum", "2 duplicate-of 1"}},
		"an update that waits": {0, []newsletter.Candidate{updated, twin(2, 1, "actualites", 1), article(3, "guides", 1)},
			[]string{"3 new", "1 waiting", "2 duplicate-of 1"}},
		"pinned beyond the horizon": {0, []newsletter.Candidate{article(1, "actualites", 1), pinned},
			[]string{"2 pinned", "1 duplicate-of 2"}},
	} {
		n := weekly()
		n.Minimum = tt.edition
		n.Sections = []newsletter.Section{
			{Name: "actualites", Quota: 1}, {Name: "guides", Quota: 1}, {Name: "outils", Quota: 1},
			{Name: "breves", Quota: 2, Minimum: 2}, {Name: "agenda", Quota: 2, Minimum: 2}, {Name: "lectures", Quota: 3, Minimum: 3},
		}
		var got []string
		for _, v := range digest.Choose(n, tt.candidates, monday(), began(30*day)).Verdicts {
			one := fmt.Sprintf("%d %s", v.Article, v.Rule)
			if v.Original > 0 {
				one += fmt.Sprintf(" %d", v.Original)
			}
			got = append(got, one)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Whatever the articles of stories are: one of each goes at most, none after one that was carried or in the place of one that is excluded, and
// none that has a place is left out for one that goes behind it.
func TestChoose_storiesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := weekly()
		n.Minimum = 0
		n.Sections[0].Quota, n.Sections[1].Minimum = rapid.IntRange(1, 3).Draw(t, "quota"), rapid.IntRange(0, 2).Draw(t, "minimum")
		all := someStories(t)
		checkStories(t, n, all, brought(n, all))
	})
}

// No section is left out that stories without a place are enough for, and in whatever order articles are read, the choice is one.
func TestChoose_storiesFillSections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := weekly()
		n.Minimum = 0
		n.Sections = append(n.Sections, newsletter.Section{Name: "sport", Quota: 4})
		for i := range n.Sections {
			n.Sections[i].Minimum = rapid.IntRange(0, n.Sections[i].Quota).Draw(t, "minimum")
		}
		all := someStories(t)
		in, again := brought(n, all), brought(n, rapid.Permutation(all).Draw(t, "order"))
		if diff := cmp.Diff(in, again); diff != "" {
			t.Fatal(diff)
		}
		checkFilled(t, n, all, in)
	})
}

func checkFilled(t *rapid.T, n newsletter.Newsletter, all []newsletter.Candidate, in map[int64]newsletter.Rule) {
	taken, without := map[string]int{}, map[string]int{}
	for _, members := range byStory(all) {
		standing, could := false, map[string]bool{}
		for _, c := range members {
			if in[c.Article] != "" {
				standing = true
				taken[c.Section]++
			}
			could[c.Section] = could[c.Section] || within(n, c, monday(), began(30*day))
		}
		if standing || bound(n, members) {
			continue
		}
		for section, may := range could {
			if may {
				without[section]++
			}
		}
	}
	for _, s := range n.Sections {
		if taken[s.Name] == 0 && without[s.Name] >= max(1, s.Minimum) {
			t.Fatalf("%s is left out, and %d stories without a place are enough for it: %v", s.Name, without[s.Name], in)
		}
	}
}

// bound reports a story of which one article goes or none: it was carried, or is excluded, or pinned and waits for its date.
func bound(n newsletter.Newsletter, members []newsletter.Candidate) bool {
	first := foremost(n, members)
	return slices.ContainsFunc(members, func(c newsletter.Candidate) bool { return c.CarriedBy > 0 }) ||
		first != nil && (first.Stance == newsletter.StanceExcluded || first.Stance.In() && first.Published.After(monday()))
}

// brought is what a newsletter would bring, and by which rule.
func brought(n newsletter.Newsletter, all []newsletter.Candidate) map[int64]newsletter.Rule {
	in := map[int64]newsletter.Rule{}
	for _, v := range digest.Choose(n, all, monday(), began(30*day)).Verdicts {
		if v.Rule.In() {
			in[v.Article] = v.Rule
		}
	}
	return in
}

func byStory(all []newsletter.Candidate) map[int64][]newsletter.Candidate {
	of := map[int64][]newsletter.Candidate{}
	for _, c := range all {
		lead := c.Article
		if c.Leader > 0 {
			lead = c.Leader
		}
		of[lead] = append(of[lead], c)
	}
	return of
}

func someStories(t *rapid.T) []newsletter.Candidate {
	var all []newsletter.Candidate
	for i := range rapid.IntRange(1, 24).Draw(t, "articles") {
		c := article(int64(i+1), rapid.SampledFrom([]string{"actualites", "guides", "sport"}).Draw(t, "section"), float64(rapid.IntRange(-2, 22).Draw(t, "days")))
		c.Hidden, c.Stood = rapid.IntRange(0, 9).Draw(t, "hidden") == 9, int64(100-i)
		c.Stance = rapid.SampledFrom([]newsletter.Stance{"", "", "", "", newsletter.StancePinned, newsletter.StanceExcluded}).Draw(t, "stance")
		if rapid.IntRange(0, 9).Draw(t, "carried") == 9 {
			c.CarriedBy, c.Stance = 3, ""
			if c.Section == "guides" {
				c.Fresh = rapid.IntRange(0, 1).Draw(t, "fresh") * 40
				c.Changed = monday()
			}
		}
		if of := rapid.IntRange(0, i).Draw(t, "of"); of > 0 && all[of-1].Leader == 0 {
			c.Leader = int64(of)
		}
		all = append(all, c)
	}
	return all
}

func checkStories(t *rapid.T, n newsletter.Newsletter, all []newsletter.Candidate, in map[int64]newsletter.Rule) {
	for _, members := range byStory(all) {
		var goes *newsletter.Candidate
		carried := false
		for i, c := range members {
			carried = carried || c.CarriedBy > 0
			if in[c.Article] == "" {
				continue
			}
			if goes != nil {
				t.Fatalf("%d and %d go, and are one story", goes.Article, c.Article)
			}
			goes = &members[i]
		}
		if goes != nil && carried && in[goes.Article] != newsletter.RuleUpdated {
			t.Fatalf("%d goes though its story was carried", goes.Article)
		}
		leads := foremost(n, members)
		excluded := leads != nil && leads.Stance == newsletter.StanceExcluded
		waits := leads != nil && leads.Stance.In() && leads.Published.After(monday())
		if goes != nil && excluded && !carried {
			t.Fatalf("%d goes in the place of %d, which is excluded", goes.Article, leads.Article)
		}
		if goes != nil && waits && !carried {
			t.Fatalf("%d goes in the place of %d, which is pinned and waits for its date", goes.Article, leads.Article)
		}
		for _, c := range members {
			if carried || excluded || waits || goes != nil && !goesFirst(c, *goes) || !within(n, c, monday(), began(30*day)) {
				continue
			}
			if place := hasPlace(n, all, in, c); place {
				t.Fatalf("%d has a place, and %+v goes: %v", c.Article, goes, in)
			}
		}
	}
}

// foremost is the member of a story that would stand for it, if it could: nil where all are hidden or of no section.
func foremost(n newsletter.Newsletter, members []newsletter.Candidate) (first *newsletter.Candidate) {
	for i, c := range members {
		if _, listed := n.Section(c.Section); listed && !c.Hidden && (first == nil || goesFirst(c, *first)) {
			first = &members[i]
		}
	}
	return first
}

// goesFirst reports whether one member of a story is to go before another: pinned before, or what leads, or stored before.
func goesFirst(a, b newsletter.Candidate) bool {
	switch {
	case a.Stance.In() != b.Stance.In():
		return a.Stance.In()
	case a.Stance.In():
		return a.Stood < b.Stood
	}
	return a.Article != b.Article && (a.Leader == 0 || b.Leader != 0 && a.Article < b.Article)
}

// hasPlace reports that a section has room for a candidate, or gave it to one that goes behind it. One that has a minimum and is left out has none.
func hasPlace(n newsletter.Newsletter, all []newsletter.Candidate, in map[int64]newsletter.Rule, c newsletter.Candidate) bool {
	section, listed := n.Section(c.Section)
	if !listed {
		return false
	}
	taken, behind := 0, false
	for _, o := range all {
		if other, _ := n.Section(o.Section); in[o.Article] == "" || other.Name != section.Name {
			continue
		}
		taken++
		behind = behind || !o.Stance.In() && (c.Stance.In() || o.Fresh > 0 || o.Published.Before(c.Published))
	}
	if taken == 0 && section.Minimum > 0 && !c.Stance.In() {
		return false
	}
	return c.Stance.In() || taken < section.Quota || behind
}
