package storetest

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// What a clock that was ahead left behind waits no longer than a clock that is right lets it.
func rewinding(t *testing.T, b *bench) {
	b.readers(4)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[0], due[1])
	_, err := b.Step(b.ctx, []outbox.Settlement{{
		Delivery: due[0].ID, State: newsletter.Deferred, Next: b.now.Add(time.Hour), Closing: &newsletter.Closing{Until: b.now.Add(2 * time.Hour)},
		Attempt: newsletter.Attempt{Started: b.now, Ended: b.now, Stage: newsletter.StageRcpt, State: newsletter.Deferred},
	}}, nil, b.now)
	b.must(err)
	b.send(due[1])
	b.must(b.Pause(b.ctx, e.Ref(), true)) // which changes nothing about it
	rewind := func(limit int) int {
		t.Helper()
		n, err := b.Rewind(b.ctx, b.now, b.now.Add(6*time.Hour), limit)
		b.must(err)
		return n
	}
	if n := rewind(10); n != 0 {
		t.Errorf("%d letters are changed although the clock was not", n)
	}
	b.later(-30 * time.Minute)
	if first, second, last := rewind(2), rewind(2), rewind(2); first != 2 || second != 1 || last != 0 {
		t.Errorf("half an hour back changes %d letters, then %d and %d; want the two that were never tried and the round of one", first, second, last)
	}
	b.must(b.Pause(b.ctx, e.Ref(), false))
	if due := b.due(); len(due) != 2 {
		t.Errorf("then %d letters are due, want two", len(due))
	}
	next, _, err := b.NextDue(b.ctx, b.now)
	b.must(err)
	if wait := next.Sub(b.now); wait != 90*time.Minute {
		t.Errorf("the one that was put off waits %s, want its hour and the half", wait)
	}
	b.later(-100 * 24 * time.Hour)
	rewind(10)
	b.later(6 * time.Hour)
	if alone, err := b.Closings(b.ctx, b.now); err != nil || len(alone) != 0 {
		t.Errorf("then there are left alone %v, %v", alone, err)
	}
	all := b.due()
	if len(all) != 3 {
		t.Fatalf("%d letters are due when none may wait any more, want three", len(all))
	}
	for _, d := range all {
		if d.Round.After(b.now) {
			t.Errorf("a round began at %s, after now", d.Round)
		}
	}
}
