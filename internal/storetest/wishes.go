package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// sub reads a subscription as it stands.
func (b *bench) sub(s newsletter.Subscription) newsletter.Subscription {
	b.t.Helper()
	s, err := b.Subscription(b.ctx, s.ID)
	b.must(err)
	return s
}

// handle is what a fresh link gives.
func (b *bench) handle(s newsletter.Subscription) subscription.Handle {
	b.t.Helper()
	return subscription.Handle{Subscription: s.ID, Epoch: b.sub(s).Epoch}
}

// own is a consent by the reader's own page.
func (b *bench) own(act newsletter.ConsentAct) newsletter.Consent {
	return newsletter.Consent{Act: act, At: b.now, Origin: newsletter.OriginPreferences}
}

func (b *bench) takeBack(s newsletter.Subscription) {
	b.t.Helper()
	b.must(b.TakeBack(b.ctx, b.handle(s), time.Time{}, b.consent(newsletter.ConsentConfirmed)))
}

// prefer has a reader of hebdo choose among both newsletters.
func (b *bench) prefer(s newsletter.Subscription, until time.Time, chosen ...string) {
	b.t.Helper()
	b.must(b.Prefer(b.ctx, b.handle(s), subscription.Preference{
		Shown: []string{"hebdo", "quotidien"}, Chosen: chosen, Until: until,
		Given: b.own(newsletter.ConsentConfirmed), Withdrawn: b.own(newsletter.ConsentWithdrawn),
	}))
}

func (b *bench) limit(key string, times int) admission.Limit {
	return admission.Limit{Key: []byte(key), Times: times, Per: 24 * time.Hour}
}

// balanced holds an edition's accounts against what each reader is told: planned = rows to come + left before + rows.
func (b *bench) balanced(when string, e newsletter.Edition, subs []newsletter.Subscription) {
	b.t.Helper()
	coming, made := 0, 0
	for _, s := range subs {
		told, err := b.Letters(b.ctx, b.address(s.Subscriber.Address), 10)
		b.must(err)
		mine := 0
		for _, letter := range told {
			if letter.Edition == e.ID {
				mine++
				if letter.ID == 0 {
					coming++
				}
			}
		}
		if mine > 1 {
			b.t.Errorf("%s: %s has %d copies", when, s.Subscriber.Address, mine)
		}
	}
	for _, n := range b.counts(e) {
		made += n
	}
	now := b.edition(e)
	if now.Planned != coming+now.LeftBefore+made {
		b.t.Errorf("%s: planned %d, to come %d, left before %d, made %d", when, now.Planned, coming, now.LeftBefore, made)
	}
}

func takingBack(t *testing.T, b *bench) {
	future := b.now.Add(240 * time.Hour)
	for i, test := range []struct {
		was   newsletter.SubscriptionState
		until time.Time // of the pause that was
		later time.Duration
		pause time.Time // instead
		want  newsletter.SubscriptionState
		err   error
	}{
		{was: newsletter.Active, want: newsletter.Active},
		{was: newsletter.Active, pause: future, want: newsletter.Paused},
		{was: newsletter.Paused, until: future, want: newsletter.Paused},
		{was: newsletter.Paused, until: b.now.Add(time.Minute), later: time.Hour, want: newsletter.Active},
		{was: newsletter.Paused, until: b.now.Add(time.Minute), pause: future, want: newsletter.Paused},
		{was: "", want: newsletter.Active, err: newsletter.ErrState}, // it was not left
	} {
		s := b.readers(i + 1)[i]
		if test.was == newsletter.Paused {
			b.prefer(s, test.until, "hebdo")
		}
		if test.was != "" {
			b.leave(s)
			if left := b.sub(s); left.State != newsletter.Unsubscribed || !left.Until.IsZero() {
				t.Errorf("%+v: left as %+v", test, left)
			}
		}
		b.later(test.later)
		h := b.handle(s)
		err := b.TakeBack(b.ctx, h, test.pause, b.consent(newsletter.ConsentConfirmed))
		now := b.sub(s)
		if !errors.Is(err, test.err) || now.State != test.want || (now.State == newsletter.Paused) != now.Until.Equal(future) {
			t.Errorf("%+v: %v, it is %+v", test, err, now)
		}
		if err != nil {
			continue
		}
		if now.Epoch <= h.Epoch || !now.Subscriber.Acted.Equal(b.now) || !now.Confirmed.Equal(s.Confirmed) {
			t.Errorf("%+v: %+v", test, now)
		}
		record, err := b.Consents(b.ctx, s.ID)
		b.must(err)
		if len(record) != 3 || record[2].Act != newsletter.ConsentConfirmed || !record[2].At.Equal(b.now) {
			t.Errorf("%+v: the record is %+v", test, record)
		}
		for _, stale := range []subscription.Handle{h, b.handle(s), {Subscription: 999, Epoch: 1}} {
			if err := b.TakeBack(b.ctx, stale, test.pause, b.consent(newsletter.ConsentConfirmed)); !errors.Is(err, newsletter.ErrState) {
				t.Errorf("%+v: done once more: %v", test, err)
			}
		}
	}
}

func comingBack(t *testing.T, b *bench) {
	subs := b.readers(9)
	e, err := b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	step := func(when string, do func()) {
		t.Helper()
		do()
		b.balanced(when, e, subs)
	}
	chunk := func(n int) func() {
		return func() {
			_, err := b.QueueNext(b.ctx, n, b.now)
			b.must(err)
		}
	}
	step("approved", func() {})
	step("rows of 0 to 3", chunk(4))
	step("one with a row leaves", func() { b.leave(subs[0]) })
	step("its letter is dropped", func() { b.mark(b.due()[0]) })
	step("it comes back", func() { b.takeBack(subs[0]) })
	step("the last leaves", func() { b.leave(subs[8]) })
	step("the last comes back before its turn", func() { b.takeBack(subs[8]) })
	step("the last leaves again", func() { b.leave(subs[8]) })
	step("and comes back again", func() { b.takeBack(subs[8]) })
	step("rows of 4 and 5", chunk(2))
	step("7 leaves", func() { b.leave(subs[7]) })
	step("6 leaves for good", func() { b.leave(subs[6]) })
	step("the rest", b.queueAll)
	step("7 comes back when it was passed", func() { b.takeBack(subs[7]) })
	step("3 pauses instead", func() {
		b.leave(subs[3])
		b.must(b.TakeBack(b.ctx, b.handle(subs[3]), b.now.Add(time.Hour), b.consent(newsletter.ConsentConfirmed)))
	})
	var got []string
	refused := b.mark(b.due()...)
	if len(refused) != 1 {
		t.Errorf("refused: %v; want the one who paused", refused)
	}
	left, err := b.Remnants(b.ctx, 100)
	b.must(err)
	for _, d := range left {
		got = append(got, d.Address[:4])
	}
	slices.Sort(got)
	if want := []string{"r000", "r001", "r002", "r004", "r005", "r007", "r008"}; !slices.Equal(got, want) {
		t.Errorf("on the wire: %v, want %v", got, want)
	}
	if e := b.edition(e); e.Planned != 9 || e.LeftBefore != 1 {
		t.Errorf("planned %d, left before %d; want 9 and 1", e.Planned, e.LeftBefore)
	}
	b.leave(subs[1]) // on the wire, and sent
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, left...)
	step("a letter that was sent stays so", func() { b.takeBack(subs[1]) })
	if due := b.due(); len(due) != 0 {
		t.Errorf("due once more: %+v", due)
	}
}

func comingBackLate(t *testing.T, b *bench) {
	subs := b.readers(4)
	ids := b.put(2)
	first, err := b.Publish(b.ctx, b.publication(1, ids[0]))
	b.must(err)
	b.leave(subs[2])
	second, err := b.Publish(b.ctx, b.publication(2, ids[1]))
	b.must(err)
	b.takeBack(subs[2])
	for range 2 {
		b.balanced("came back between two editions", first, subs)
		b.balanced("came back between two editions", second, subs)
		b.queueAll()
	}
	if a, z := b.edition(first), b.edition(second); a.LeftBefore != 0 || a.Planned != 4 || z.LeftBefore != 0 || z.Planned != 3 {
		t.Errorf("planned %d and %d, left before %d and %d", a.Planned, z.Planned, a.LeftBefore, z.LeftBefore)
	}
	if due := b.due(); len(due) != 7 {
		t.Errorf("%d letters are due, want 4 and 3", len(due))
	}
	b.must(b.Pause(b.ctx, first.Ref(), true))
	_, err = b.Cancel(b.ctx, second.Ref())
	b.must(err)
	b.leave(subs[3])
	b.takeBack(subs[3])
	b.balanced("a held edition", first, subs)
	b.balanced("a cancelled edition", second, subs)
	if due := b.due(); len(due) != 0 {
		t.Errorf("due: %+v", due)
	}
}

func pausesEnd(t *testing.T, b *bench) {
	subs := b.readers(5)
	for i, s := range subs[:4] {
		b.prefer(s, b.now.Add(time.Duration(i)*time.Hour+time.Second), "hebdo")
	}
	b.leave(subs[0])
	b.later(2*time.Hour + time.Second)
	for _, want := range []int{1, 1, 0} {
		if n, err := b.ResumePaused(b.ctx, b.now, 1); err != nil || n != want {
			t.Errorf("%d pauses ended, %v; want %d", n, err, want)
		}
	}
	for i, want := range []newsletter.SubscriptionState{newsletter.Unsubscribed, newsletter.Active, newsletter.Active, newsletter.Paused, newsletter.Active} {
		if s := b.sub(subs[i]); s.State != want || s.Until.IsZero() != (want != newsletter.Paused) {
			t.Errorf("reader %d is %+v, want %s", i, s, want)
		}
	}
}

func pauseOverAtApproval(t *testing.T, b *bench) {
	subs := b.readers(3)
	ids := b.put(2)
	b.prefer(subs[0], b.now.Add(time.Hour), "hebdo")
	b.prefer(subs[1], b.now.Add(3*time.Hour), "hebdo")
	b.later(time.Hour)
	first := b.publish(1, ids[0])
	if due := b.due(); first.Planned != 2 || len(due) != 2 {
		t.Errorf("planned %d, due %d; want the one whose pause is over, and the one without", first.Planned, len(due))
	}
	open, err := b.Publish(b.ctx, b.publication(2, ids[1]))
	b.must(err)
	b.later(2 * time.Hour)
	if n, err := b.ResumePaused(b.ctx, b.now, 10); err != nil || n != 1 {
		t.Errorf("%d pauses ended, %v", n, err)
	}
	b.queueAll()
	b.balanced("a pause ended in the run", open, subs)
}

func goodbyes(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	once := b.limit("goodbye", 1)
	if err := b.SayGoodbye(b.ctx, b.handle(s), "other", once, b.now); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("a reason without a leave: %v", err)
	}
	old := b.handle(s)
	b.leave(s)
	for range 2 {
		b.must(b.SayGoodbye(b.ctx, b.handle(s), "other", once, b.now))
	}
	if err := b.SayGoodbye(b.ctx, old, "other", once, b.now); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("a reason by an old link: %v", err)
	}
}

func preferring(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	until := b.now.Add(24 * time.Hour)
	states := func() (got string) {
		t.Helper()
		all, err := b.Beside(b.ctx, s.ID)
		b.must(err)
		for _, s := range all {
			got += fmt.Sprintf("%s %s %v, ", s.Newsletter, s.State, s.Until.Equal(until))
			if !s.Subscriber.Acted.Equal(b.now) {
				t.Errorf("the latest act is of %s, want %s", s.Subscriber.Acted, b.now)
			}
		}
		return got
	}
	for _, test := range []struct {
		until    time.Time
		chosen   []string
		want     string
		consents int // of hebdo, in all
		raised   bool
	}{
		{chosen: []string{"hebdo"}, want: "hebdo active false, ", consents: 1},
		{chosen: []string{"quotidien", "hebdo"}, want: "hebdo active false, quotidien active false, ", consents: 1},
		{until: until, chosen: []string{"hebdo", "quotidien"}, want: "hebdo paused true, quotidien paused true, ", consents: 1},
		{until: until, chosen: []string{"quotidien"}, want: "hebdo unsubscribed false, quotidien paused true, ", consents: 2, raised: true},
		{chosen: []string{"hebdo"}, want: "hebdo active false, quotidien unsubscribed false, ", consents: 3, raised: true},
		{want: "hebdo unsubscribed false, quotidien unsubscribed false, ", consents: 4, raised: true},
		{until: until, chosen: []string{"hebdo"}, want: "hebdo paused true, quotidien unsubscribed false, ", consents: 5, raised: true},
		{chosen: []string{"hebdo"}, want: "hebdo active false, quotidien unsubscribed false, ", consents: 5},
	} {
		b.later(time.Minute)
		before := b.handle(s)
		b.prefer(s, test.until, test.chosen...)
		record, err := b.Consents(b.ctx, s.ID)
		b.must(err)
		if got := states(); got != test.want || len(record) != test.consents || (b.handle(s) != before) != test.raised {
			t.Errorf("%v until %s: %s %d consents, epoch %d then %d; want %+v", test.chosen, test.until, got, len(record), before.Epoch, b.handle(s).Epoch, test)
		}
	}
	stale := subscription.Handle{Subscription: s.ID, Epoch: 1}
	if err := b.Prefer(b.ctx, stale, subscription.Preference{Shown: []string{"hebdo"}}); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("by an old link: %v", err)
	}
	if _, err := b.Beside(b.ctx, 999); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("beside nothing: %v", err)
	}
}

func keepingPauses(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	until := b.now.Add(24 * time.Hour)
	b.prefer(s, until.Add(time.Hour), "hebdo")
	before := b.sub(s)
	b.later(time.Minute)
	b.must(b.Prefer(b.ctx, b.handle(s), subscription.Preference{
		Shown: []string{"hebdo", "quotidien"}, Chosen: []string{"hebdo", "quotidien"}, Until: until, KeepPauses: true, Given: b.own(newsletter.ConsentConfirmed),
	}))
	kept := b.sub(s)
	if !kept.Subscriber.Acted.Equal(b.now) || !kept.Until.Equal(before.Until) || !kept.Since.Equal(before.Since) || kept.Epoch != before.Epoch {
		t.Errorf("a pause that was to stay was %+v and is %+v", before, kept)
	}
	all, err := b.Beside(b.ctx, s.ID)
	b.must(err)
	if len(all) != 2 || all[1].State != newsletter.Paused || !all[1].Until.Equal(until) {
		t.Errorf("beside a pause that stays: %+v", all)
	}
}

func pausingUnmade(t *testing.T, b *bench) {
	subs := b.readers(4)
	e, err := b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	b.prefer(subs[1], b.now.Add(time.Hour), "hebdo")
	b.balanced("paused", e, subs)
	b.prefer(subs[2], time.Time{}) // leaves all
	b.balanced("left", e, subs)
	b.prefer(subs[1], time.Time{}, "hebdo")
	b.balanced("goes on", e, subs)
	b.queueAll()
	b.balanced("queued", e, subs)
	b.prefer(subs[2], time.Time{}, "hebdo")
	b.balanced("chosen anew", e, subs)
	if due := b.due(); len(due) != 4 || b.edition(e).LeftBefore != 0 {
		t.Errorf("%d letters are due, %d left before; want 4 and 0", len(due), b.edition(e).LeftBefore)
	}
}

func latest(t *testing.T, b *bench) {
	b.readers(3)
	ids := b.put(2)
	b.publish(1, ids[0])
	b.send(b.due()...)
	e, err := b.Publish(b.ctx, b.publication(2, ids[1]))
	b.must(err)
	subs := b.readers(5) // two came later
	owe := func(s newsletter.Subscription) bool {
		t.Helper()
		came, err := b.OweLatest(b.ctx, b.handle(s), b.limit(s.Subscriber.Address, 3), b.now)
		b.must(err)
		return came == subscription.LatestSent
	}
	if owe(subs[0]) {
		t.Error("an edition whose row is to come was owed besides")
	}
	if !owe(subs[3]) || owe(subs[3]) {
		t.Error("a newcomer is owed the edition once")
	}
	due := b.due()
	if len(due) != 1 || due[0].Edition != e.ID || due[0].Copy != 1 || due[0].Subscriber != subs[3].Subscriber.ID {
		t.Fatalf("due: %+v; want the newcomer's copy, ahead", due)
	}
	b.balanced("a copy ahead of the run", e, subs[:3])
	_, err = b.QueueNext(b.ctx, 2, b.now)
	b.must(err)
	b.balanced("after a chunk", e, subs[:3])
	b.queueAll()
	b.balanced("queued", e, subs[:3])
	if all := b.due(); len(all) != 4 || b.edition(e).Planned != 3 || b.edition(e).LeftBefore != 0 {
		t.Fatalf("%d are due of %+v; want the newcomer's copy and all three of the run", len(all), b.edition(e))
	}
	b.send(due...)
	if owe(subs[3]) {
		t.Error("an edition that was sent is owed again")
	}
	run := b.due()
	b.mark(run...)
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), run...)
	_, err = b.Finish(b.ctx)
	b.must(err)
	if !owe(subs[1]) {
		t.Error("an edition that did not arrive is not owed")
	}
	if again := b.due(); len(again) != 1 || again[0].ID != run[1].ID {
		t.Errorf("due again: %+v; want the same delivery", again)
	}
	b.balanced("one more try", e, subs[:3])
	b.leave(subs[2])
	b.must(b.Suppress(b.ctx, b.address(subs[4].Subscriber.Address), newsletter.SuppressedComplaint, "spam", b.now))
	if owe(subs[2]) || owe(subs[4]) {
		t.Error("who left, or is suppressed, is owed an edition")
	}
}

// Whoever asks is told why nothing came of it.
func latestTold(t *testing.T, b *bench) {
	subs := b.readers(3)
	told := func(name string, s newsletter.Subscription, limit string, want subscription.Latest) {
		t.Helper()
		got, err := b.OweLatest(b.ctx, b.handle(s), b.limit(limit, 1), b.now)
		b.must(err)
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	told("before the first edition", subs[0], "one", subscription.LatestNone)
	b.publish(1, b.put(1)...)
	b.send(b.due()...)
	told("who has it", subs[0], "one", subscription.LatestHad)
	b.prefer(subs[1], b.now.Add(time.Hour), "hebdo")
	told("who pauses", subs[1], "one", subscription.LatestPaused)
	late := b.readers(5)
	told("who came later", late[3], "one", subscription.LatestSent)
	told("whose copy is on its way", late[3], "one", subscription.LatestHad)
	told("over the limit", late[4], "one", subscription.LatestLimited)
	b.leave(subs[2])
	told("who left", subs[2], "one", subscription.LatestNone)
}

func latestHeld(t *testing.T, b *bench) {
	b.readers(1)
	e := b.publish(1, b.put(1)...)
	late := b.readers(3)
	owe := func(s newsletter.Subscription) bool {
		t.Helper()
		came, err := b.OweLatest(b.ctx, b.handle(s), b.limit(s.Subscriber.Address, 3), b.now)
		b.must(err)
		return came == subscription.LatestSent
	}
	if !owe(late[1]) {
		t.Fatal("the edition is not owed")
	}
	ahead := b.due()[0]
	b.must(b.Pause(b.ctx, e.Ref(), true))
	if owe(late[2]) {
		t.Error("an edition that is held was owed")
	}
	if refused := b.mark(ahead); len(refused) != 1 || len(b.due()) != 0 {
		t.Errorf("a copy of an edition that is held was marked, or waits: %+v", b.due())
	}
	b.must(b.Pause(b.ctx, e.Ref(), false))
	if !owe(late[1]) || b.due()[0].ID != ahead.ID {
		t.Error("after the hold it is not owed")
	}
	_, err := b.Cancel(b.ctx, e.Ref())
	b.must(err)
	if refused := b.mark(ahead); len(refused) != 1 || len(b.due()) != 0 || owe(late[2]) {
		t.Error("a copy of an edition that was cancelled leaves")
	}
}

func managing(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	variant, err := b.FreezeLetter(b.ctx, newsletter.Variant{Key: "manage hebdo", Kind: newsletter.KindLetter, Subject: "s", Text: "t"})
	b.must(err)
	for range 3 {
		b.must(b.OweManage(b.ctx, b.handle(s), variant, b.limit("manage", 2), b.now))
	}
	due := b.due()
	if len(due) != 2 || due[0].Letter != newsletter.LetterManage || due[0].Subscription != s.ID || due[0].Address != s.Subscriber.Address {
		t.Errorf("due: %+v; want two managing letters", due)
	}
	told, err := b.Letters(b.ctx, b.address(s.Subscriber.Address), 10)
	b.must(err)
	if len(told) != 3 || told[0].State != newsletter.Cancelled || told[0].Reason != newsletter.CancelLimited {
		t.Errorf("the third letter is %+v", told[0])
	}
	if err := b.OweManage(b.ctx, subscription.Handle{Subscription: s.ID}, variant, b.limit("manage", 2), b.now); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("by an old link: %v", err)
	}
}
