package storetest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// A told is a story as editors put it together: of an article, or of two stories by a merge.
type told struct {
	lead   int64
	sides  []*told
	merged int // the turn of the latest merge, in the order in which things are said
}

func (s *told) articles() []int64 {
	if s.sides == nil {
		return []int64{s.lead}
	}
	return slices.Concat(s.sides[0].articles(), s.sides[1].articles())
}

func (s *told) has(id int64) bool { return slices.Contains(s.articles(), id) }

// A model is what stories and pins are to be after any orders.
type model struct {
	stories []*told
	turn    int
	pinned  map[int64]int // the turns
	said    []string
}

func (m *model) story(id int64) int {
	return slices.IndexFunc(m.stories, func(s *told) bool { return s.has(id) })
}

func (m *model) merge(lead, other int64) {
	i, j := m.story(lead), m.story(other)
	if i == j {
		m.stories[i].lead, m.stories[i].merged = lead, m.turn
		return
	}
	m.stories[i] = &told{lead, []*told{m.stories[i], m.stories[j]}, m.turn}
	m.stories = slices.Delete(m.stories, j, j+1)
}

// split reports whether there was anything to.
func (m *model) split(id int64) bool {
	i := m.story(id)
	sides := m.stories[i].sides
	if sides != nil {
		m.stories = append(slices.Delete(m.stories, i, i+1), sides...)
	}
	return sides != nil
}

// pins are the articles for which pins count.
func (m *model) pins() (ids []int64) {
	for id, turn := range m.pinned {
		if s := m.stories[m.story(id)]; turn < s.merged {
			id = s.lead
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// obey carries out an order here and there.
func (m *model) obey(b *bench, order string, id, other int64) {
	m.turn++
	m.said = append(m.said, fmt.Sprint(order, " ", id, " ", other))
	switch order {
	case "merge":
		m.merge(id, other)
		b.must(b.MergeArticles(b.ctx, id, other))
	case "split":
		if err := b.SplitArticle(b.ctx, id, nil); m.split(id) == errors.Is(err, newsletter.ErrInvalid) {
			b.must(fmt.Errorf("split %d: %w", id, err))
		}
	case "pin":
		if m.pinned[id] == 0 {
			m.pinned[id] = m.turn
			b.must(b.TakeStance(b.ctx, "hebdo", []int64{id}, pinned, b.now))
		}
	}
	m.compare(b)
}

// compare holds the store against the model.
func (m *model) compare(b *bench) {
	b.t.Helper()
	for _, s := range m.stories {
		want := slices.DeleteFunc(s.articles(), func(id int64) bool { return id == s.lead })
		slices.Sort(want)
		members, err := b.Story(b.ctx, s.lead)
		b.must(err)
		var got []int64
		for _, one := range members {
			got = append(got, one.ID)
			if (one.Sign == neardup.ByHand) != (len(members) > 1) {
				b.t.Fatalf("%v: article %d of %v has the sign %q", m.said, one.ID, members, one.Sign)
			}
		}
		if want = append([]int64{s.lead}, want...); !slices.Equal(got, want) {
			b.t.Fatalf("%v: the story of %d is %v, want %v", m.said, s.lead, got, want)
		}
	}
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	var got []int64
	for _, c := range candidates {
		if c.Stance == pinned {
			got = append(got, c.Article)
		}
	}
	if !slices.Equal(got, m.pins()) {
		b.t.Fatalf("%v: pinned are %v, want %v", m.said, got, m.pins())
	}
}

// mergesModelled gives any orders to merge, to pin and to split, and then splits until all are alone.
func mergesModelled(_ *testing.T, b *bench) {
	ids := b.put(6)
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 0))
		m := &model{pinned: map[int64]int{}}
		for _, id := range ids {
			m.stories = append(m.stories, &told{lead: id})
		}
		for range random.IntN(20) {
			order := []string{"merge", "merge", "split", "pin"}[random.IntN(4)]
			some := random.Perm(len(ids))
			m.obey(b, order, ids[some[0]], ids[some[1]])
		}
		for _, id := range ids {
			for len(m.stories[m.story(id)].sides) > 0 {
				m.obey(b, "split", id, 0)
			}
		}
		b.must(b.DropStance(b.ctx, "hebdo", slices.Collect(maps.Keys(m.pinned)), pinned))
	}
}
