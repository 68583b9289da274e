package storetest

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// wantStances compares the stances of candidates, in the order in which they were taken.
func (b *bench) wantStances(of string, want ...newsletter.Stand) {
	b.t.Helper()
	candidates, err := b.Candidates(b.ctx, of)
	b.must(err)
	slices.SortFunc(candidates, func(x, y newsletter.Candidate) int { return cmp.Compare(x.Stood, y.Stood) })
	var got []newsletter.Stand
	for _, c := range candidates {
		if c.Stance != "" {
			got = append(got, newsletter.Stand{Article: c.Article, Stance: c.Stance})
		}
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("the stances in %s are %v, want %v", of, got, want)
	}
}

const (
	pinned   = newsletter.StancePinned
	toLead   = newsletter.StanceLead
	excluded = newsletter.StanceExcluded
)

func stand(id int64, s newsletter.Stance) newsletter.Stand {
	return newsletter.Stand{Article: id, Stance: s}
}

func stances(t *testing.T, b *bench) {
	ids := b.put(4)
	twin := b.store(b.again(1))
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{ids[2], ids[1], ids[2], twin}, pinned, b.now)) // the same again keeps its turn
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{ids[3]}, excluded, b.now))
	b.must(b.TakeStance(b.ctx, "quotidien", []int64{ids[1]}, excluded, b.now))
	if err := b.TakeStance(b.ctx, "nowhere", []int64{ids[1]}, pinned, b.now); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("in a newsletter that is none: %v", err)
	}
	b.wantStances("hebdo", stand(ids[2], pinned), stand(ids[1], pinned), stand(twin, pinned), stand(ids[3], excluded))
	b.wantStances("quotidien", stand(ids[1], excluded))

	if err := b.DropStance(b.ctx, "hebdo", []int64{ids[1], ids[3]}, pinned); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("taking back two, of which one was not decided: %v", err)
	}
	b.wantStances("hebdo", stand(ids[2], pinned), stand(ids[1], pinned), stand(twin, pinned), stand(ids[3], excluded))
	if err := b.DropStance(b.ctx, "hebdo", []int64{ids[2]}, excluded); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("taking back what was not decided: %v", err)
	}
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{ids[2]}, excluded, b.now))
	b.must(b.DropStance(b.ctx, "hebdo", []int64{ids[2]}, excluded))
	b.wantStances("hebdo", stand(ids[1], pinned), stand(twin, pinned), stand(ids[3], excluded))

	p := b.publication(1, ids[0], ids[3]) // of the story of the twin, and one that was excluded meanwhile
	p.Verdicts[0].Lead = newsletter.LeadPicture
	_, err := b.Publish(b.ctx, p)
	b.must(err)
	verdicts, err := b.Verdicts(b.ctx, "hebdo", p.Slot)
	b.must(err)
	if verdicts[0].Lead != newsletter.LeadPicture || verdicts[1].Lead != "" {
		t.Errorf("recorded are %+v", verdicts)
	}
	b.wantStances("hebdo", stand(ids[1], pinned), stand(ids[3], excluded))
	b.publish(2, ids[1])
	b.wantStances("hebdo", stand(ids[3], excluded))
	b.wantStances("quotidien", stand(ids[1], excluded))
}

func stancesListed(t *testing.T, b *bench) {
	ids := b.put(2)
	b.must(b.TakeStance(b.ctx, "quotidien", []int64{ids[0]}, excluded, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{ids[1]}, pinned, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{ids[0]}, pinned, b.now))
	for article, want := range map[int64][]string{
		0:      {"hebdo", "hebdo", "quotidien"},
		ids[0]: {"hebdo", "quotidien"},
		ids[1]: {"hebdo"},
	} {
		all, err := b.Stands(b.ctx, article)
		b.must(err)
		var got []string
		for _, one := range all {
			got = append(got, one.Newsletter)
			if article != 0 && one.Article != article || one.Newsletter == "quotidien" != (one.Stance == excluded) || !one.Since.Equal(b.now) {
				t.Errorf("listed of %d: %+v", article, one)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("article %d has stances in %v, want %v", article, got, want)
		}
	}
}

func oneLeads(t *testing.T, b *bench) {
	ids := b.put(2)
	b.must(b.TakeStance(b.ctx, "quotidien", []int64{ids[0]}, toLead, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{ids[0]}, toLead, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{ids[1]}, toLead, b.now))
	b.wantStances("hebdo", stand(ids[0], pinned), stand(ids[1], toLead))
	b.wantStances("quotidien", stand(ids[0], toLead))
	if err := b.DropStance(b.ctx, "hebdo", []int64{ids[0]}, toLead); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("what leads no longer is taken back: %v", err)
	}
	b.publish(1, ids[1])
	b.wantStances("hebdo", stand(ids[0], pinned))
}

// What was pinned keeps its turn, whether it is to lead for a while or another is instead of it.
func leadUndone(t *testing.T, b *bench) {
	ids := b.put(3)
	pinnedAt := b.now
	all := []newsletter.Stand{stand(ids[0], pinned), stand(ids[1], pinned)}
	b.must(b.TakeStance(b.ctx, "hebdo", ids[:2], pinned, b.now))
	b.later(time.Hour)
	for name, undo := range map[string]func() error{
		"undone":           func() error { return b.DropStance(b.ctx, "hebdo", ids[:1], toLead) },
		"pinned once more": func() error { return b.TakeStance(b.ctx, "hebdo", ids[:1], pinned, b.now) },
		"another leads, and none": func() error {
			return errors.Join(b.TakeStance(b.ctx, "hebdo", ids[2:], toLead, b.now), b.DropStance(b.ctx, "hebdo", ids[2:], toLead))
		},
	} {
		b.must(b.TakeStance(b.ctx, "hebdo", ids[:1], toLead, b.now))
		b.wantStances("hebdo", stand(ids[1], pinned), stand(ids[0], toLead))
		b.must(undo())
		b.wantStances("hebdo", all...)
		stands, err := b.Stands(b.ctx, ids[0])
		b.must(err)
		if len(stands) != 1 || !stands[0].Since.Equal(pinnedAt) {
			t.Errorf("%s: %+v, want it pinned since %s", name, stands, pinnedAt)
		}
	}
	b.must(b.TakeStance(b.ctx, "hebdo", ids[:1], toLead, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[:1], excluded, b.now))
	b.must(b.DropStance(b.ctx, "hebdo", ids[:1], excluded))
	b.wantStances("hebdo", all[1])
}

// Whoever merges says which article goes out for a story, be another of it pinned: that counts for the lead until they are split.
func mergedStances(t *testing.T, b *bench) {
	ids := b.put(5)
	b.must(b.TakeStance(b.ctx, "hebdo", ids[2:3], excluded, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[:2], pinned, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[3:4], excluded, b.now))
	b.must(b.TakeStance(b.ctx, "quotidien", ids[1:2], toLead, b.now))
	b.must(b.MergeArticles(b.ctx, ids[2], ids[1]))
	b.wantStances("hebdo", stand(ids[0], pinned), stand(ids[2], pinned), stand(ids[3], excluded))
	b.wantStances("quotidien", stand(ids[2], toLead))
	b.must(b.MergeArticles(b.ctx, ids[4], ids[3]))
	b.must(b.MergeArticles(b.ctx, ids[4], ids[0])) // it was excluded after that was pinned
	b.wantStances("hebdo", stand(ids[2], pinned), stand(ids[4], excluded))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[1:2], pinned, b.now)) // said since, it counts for the article itself
	b.wantStances("hebdo", stand(ids[2], excluded), stand(ids[4], excluded), stand(ids[1], pinned))
	for article, want := range map[int64][]newsletter.Stand{
		ids[0]: {{Article: ids[0], For: ids[4], Newsletter: "hebdo", Stance: pinned, Since: b.now}},
		ids[1]: {{Article: ids[1], For: ids[1], Newsletter: "hebdo", Stance: pinned, Since: b.now}, {Article: ids[1], For: ids[2], Newsletter: "quotidien", Stance: toLead, Since: b.now}},
		ids[2]: {{Article: ids[2], For: ids[2], Newsletter: "hebdo", Stance: excluded, Since: b.now}, {Article: ids[1], For: ids[2], Newsletter: "quotidien", Stance: toLead, Since: b.now}},
	} {
		if got, err := b.Stands(b.ctx, article); err != nil || !slices.Equal(got, want) {
			t.Errorf("of article %d was decided %+v, %v; want %+v", article, got, err, want)
		}
	}
	for _, id := range []int64{ids[0], ids[4], ids[1]} {
		b.must(b.SplitArticle(b.ctx, id, nil))
	}
	b.wantStances("hebdo", stand(ids[2], excluded), stand(ids[0], pinned), stand(ids[3], excluded), stand(ids[1], pinned))
	b.wantStances("quotidien", stand(ids[1], toLead))
}

// What was pinned when it was of no story yet is so itself, though an editor put the story together afterwards.
func pinnedBeforeItCame(_ *testing.T, b *bench) {
	ids := b.put(3)
	b.must(b.TakeStance(b.ctx, "hebdo", ids[2:], pinned, b.now))
	b.must(b.MergeArticles(b.ctx, ids[0], ids[1]))
	a := b.article(3)
	a.Title, a.Body, a.Canonical = b.article(2).Title, b.article(2).Body, b.article(2).URL
	b.store(a)
	b.wantStory(ids[2], ids...)
	b.wantStances("hebdo", stand(ids[2], pinned))
	b.must(b.MergeArticles(b.ctx, ids[0], ids[2]))
	b.wantStances("hebdo", stand(ids[0], pinned))
}

// saidAgain keeps its turn, unless something else was decided of its story since.
func saidAgain(t *testing.T, b *bench) {
	first, second := b.store(b.article(1)), b.store(b.again(1))
	say := func(id int64, s newsletter.Stance, want ...newsletter.Stand) {
		t.Helper()
		b.must(b.TakeStance(b.ctx, "hebdo", []int64{id}, s, b.now))
		b.wantStances("hebdo", want...)
	}
	say(first, excluded, stand(first, excluded))
	say(second, pinned, stand(first, excluded), stand(second, pinned))
	say(second, pinned, stand(first, excluded), stand(second, pinned))
	say(first, excluded, stand(second, pinned), stand(first, excluded))
	say(first, toLead, stand(second, pinned), stand(first, toLead))
	b.must(b.MergeArticles(b.ctx, second, first))
	b.wantStances("hebdo", stand(second, toLead))
	say(first, pinned, stand(second, pinned), stand(first, pinned))
}

// spentAgain gives back what an edition ended as it stood, whatever the rule by which its article was in.
func spentAgain(_ *testing.T, b *bench) {
	ids := b.put(5)
	last := b.store(b.again(5))
	b.readers(1)
	b.must(b.TakeStance(b.ctx, "hebdo", ids, pinned, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", []int64{last}, excluded, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[4:], pinned, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[1:2], toLead, b.now))
	cancelled := func(number int) {
		p := b.publication(number, ids[0], ids[1], ids[3], ids[4])
		p.Verdicts[0].Rule, p.Verdicts[1].Rule, p.Verdicts[1].Lead = newsletter.RuleRecalled, newsletter.RuleUpdated, newsletter.LeadByHand
		e, err := b.Publish(b.ctx, p)
		b.must(err)
		b.wantStances("hebdo", stand(ids[2], pinned), stand(last, excluded))
		if number == 2 {
			b.must(b.TakeStance(b.ctx, "hebdo", ids[2:3], toLead, b.now))
			b.must(b.TakeStance(b.ctx, "hebdo", ids[3:4], excluded, b.now))
		}
		_, err = b.Cancel(b.ctx, e.Ref(), func(int) {})
		b.must(err)
	}
	cancelled(1)
	b.wantStances("hebdo", stand(ids[0], pinned), stand(ids[2], pinned), stand(ids[3], pinned), stand(last, excluded), stand(ids[4], pinned), stand(ids[1], toLead))
	cancelled(2) // another is to lead by now
	b.wantStances("hebdo", stand(ids[0], pinned), stand(ids[1], pinned), stand(last, excluded), stand(ids[4], pinned), stand(ids[2], toLead), stand(ids[3], excluded))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[1:2], toLead, b.now))
	b.must(b.DropStance(b.ctx, "hebdo", ids[1:2], toLead))
	b.wantStances("hebdo", stand(ids[0], pinned), stand(ids[1], pinned), stand(ids[2], pinned), stand(last, excluded), stand(ids[4], pinned), stand(ids[3], excluded))
}

// underLead lists the pin of an article that was pinned before it was to lead, and for which article either counts.
func underLead(t *testing.T, b *bench) {
	ids := b.put(2)
	first := b.now
	b.must(b.TakeStance(b.ctx, "hebdo", ids[:1], pinned, b.now))
	b.must(b.MergeArticles(b.ctx, ids[1], ids[0]))
	b.later(time.Hour)
	b.must(b.TakeStance(b.ctx, "hebdo", ids[1:], pinned, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[1:], toLead, b.now))
	want := []newsletter.Stand{
		{Article: ids[0], For: ids[1], Newsletter: "hebdo", Stance: pinned, Since: first},
		{Article: ids[1], For: ids[1], Newsletter: "hebdo", Stance: pinned, Since: b.now, Under: true},
		{Article: ids[1], For: ids[1], Newsletter: "hebdo", Stance: toLead, Since: b.now},
	}
	if got, err := b.Stands(b.ctx, 0); err != nil || !slices.Equal(got, want) {
		t.Errorf("listed is %+v, %v; want %+v", got, err, want)
	}
	b.must(b.DropStance(b.ctx, "hebdo", ids[1:], toLead))
	want[1].Under = false
	if got, err := b.Stands(b.ctx, ids[1]); err != nil || !slices.Equal(got, want[:2]) {
		t.Errorf("after it was taken back, listed is %+v, %v; want %+v", got, err, want[:2])
	}
}
