package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
)

// wantStances compares the stances of candidates by article, in the order in which they were taken.
func (b *bench) wantStances(of string, want ...newsletter.Stand) {
	b.t.Helper()
	candidates, err := b.Candidates(b.ctx, of)
	b.must(err)
	turns := map[int64]newsletter.Stand{}
	var order []int64
	for _, c := range candidates {
		if c.Stance == "" {
			continue
		}
		turns[c.Stood] = newsletter.Stand{Article: c.Article, Stance: c.Stance}
		order = append(order, c.Stood)
	}
	var got []newsletter.Stand
	for len(order) > 0 {
		least := 0
		for i := range order {
			if order[i] < order[least] {
				least = i
			}
		}
		got = append(got, turns[order[least]])
		order = append(order[:least], order[least+1:]...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("in %s: %s", of, diff)
	}
}

func stances(t *testing.T, b *bench) {
	const pinned, lead, excluded = newsletter.StancePinned, newsletter.StanceLead, newsletter.StanceExcluded
	stand := func(id int64, s newsletter.Stance) newsletter.Stand { return newsletter.Stand{Article: id, Stance: s} }
	ids := b.put(4)
	twin := b.store(b.again(1))
	for _, id := range []int64{ids[2], ids[1], ids[2], twin} { // the same again keeps its turn
		b.must(b.TakeStance(b.ctx, "hebdo", id, pinned, b.now))
	}
	b.must(b.TakeStance(b.ctx, "hebdo", ids[3], excluded, b.now))
	b.must(b.TakeStance(b.ctx, "quotidien", ids[1], excluded, b.now))
	if err := b.TakeStance(b.ctx, "nowhere", ids[1], pinned, b.now); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("in a newsletter that is none: %v", err)
	}
	b.wantStances("hebdo", stand(ids[2], pinned), stand(ids[1], pinned), stand(twin, pinned), stand(ids[3], excluded))
	b.wantStances("quotidien", stand(ids[1], excluded))

	if err := b.DropStance(b.ctx, "hebdo", ids[2], excluded); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("taking back what was not decided: %v", err)
	}
	b.must(b.TakeStance(b.ctx, "hebdo", ids[2], excluded, b.now))
	b.must(b.DropStance(b.ctx, "hebdo", ids[2], excluded))
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

	b.must(b.TakeStance(b.ctx, "hebdo", ids[2], lead, b.now))
	b.must(b.TakeStance(b.ctx, "quotidien", ids[2], lead, b.now))
	b.must(b.TakeStance(b.ctx, "hebdo", ids[0], lead, b.now)) // one leads, and the other stays pinned
	b.wantStances("hebdo", stand(ids[3], excluded), stand(ids[2], pinned), stand(ids[0], lead))
	b.wantStances("quotidien", stand(ids[1], excluded), stand(ids[2], lead))
	for _, name := range []string{"hebdo", "quotidien"} {
		for id, s := range map[int64]newsletter.Stance{ids[0]: lead, ids[2]: pinned} {
			if name == "quotidien" && s == pinned {
				s = lead
			}
			if err := b.DropStance(b.ctx, name, id, s); (err != nil) != (name == "quotidien" && id == ids[0]) {
				t.Errorf("taking back %d in %s: %v", id, name, err)
			}
		}
	}

	all, err := b.Stands(b.ctx, 0)
	b.must(err)
	want := []newsletter.Stand{
		{Article: ids[3], Newsletter: "hebdo", Stance: excluded, Since: b.now}, {Article: ids[1], Newsletter: "quotidien", Stance: excluded, Since: b.now},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	one, err := b.Stands(b.ctx, ids[1])
	b.must(err)
	if diff := cmp.Diff(want[1:], one); diff != "" {
		t.Error(diff)
	}
}
