package storetest

import (
	"errors"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// The newsletter quotidien, a sister of hebdo, brings two articles; hebdo recalls the first.
func sisters(t *testing.T, b *bench) {
	ids := b.put(3)
	want := func(of, sister string, brought ...newsletter.EditionRef) {
		t.Helper()
		candidates, err := b.Candidates(b.ctx, of, sister)
		b.must(err)
		for i, ref := range brought {
			if candidates[i].Sister != ref {
				t.Errorf("for %s article %d was brought by %v, want %v", of, ids[i], candidates[i].Sister, ref)
			}
		}
	}
	none, daily := newsletter.EditionRef{}, newsletter.EditionRef{Newsletter: "quotidien", Number: 1}

	p := b.publication(1, ids[0], ids[1])
	p.Newsletter = "quotidien"
	_, err := b.Publish(b.ctx, p)
	b.must(err)
	want("hebdo", "quotidien", daily, daily, none)
	want("quotidien", "hebdo", none, none, none)
	alone, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	if alone[0].Sister != none {
		t.Errorf("without a family an article was brought by %v", alone[0].Sister)
	}

	b.later(time.Minute)
	recall := b.publication(1, ids[0])
	recall.Sisters = map[string]int{"quotidien": 1}
	if _, err := b.Publish(b.ctx, recall); !errors.Is(err, newsletter.ErrExists) {
		t.Errorf("a choice made before the sister's edition gives %v, want %v", err, newsletter.ErrExists)
	}
	recall.Sisters["quotidien"] = 2
	recall.Verdicts[0].Rule, recall.Verdicts[0].Sister = newsletter.RuleRecalled, daily
	_, err = b.Publish(b.ctx, recall)
	b.must(err)
	want("quotidien", "hebdo", none, none, none) // what is recalled is hers still
	recorded, err := b.Verdicts(b.ctx, "hebdo", recall.Slot)
	b.must(err)
	if v := recorded[0]; v.Brought("hebdo") != daily || v.CarriedBy != 0 {
		t.Errorf("recorded is %+v", v)
	}

	b.later(time.Minute)
	own := b.publication(2, ids[1]) // from before they were a family
	own.Approved = b.now
	_, err = b.Publish(b.ctx, own)
	b.must(err)
	want("hebdo", "quotidien", daily, none, none)
	want("quotidien", "hebdo", none, newsletter.EditionRef{Newsletter: "hebdo", Number: 2}, none)
}
