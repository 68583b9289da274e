package storetest

import (
	"errors"
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
	_, err := b.TakeBack(b.ctx, b.handle(s), time.Time{}, b.consent(newsletter.ConsentConfirmed))
	b.must(err)
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
		_, err := b.TakeBack(b.ctx, h, test.pause, b.consent(newsletter.ConsentConfirmed))
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
			if _, err := b.TakeBack(b.ctx, stale, test.pause, b.consent(newsletter.ConsentConfirmed)); !errors.Is(err, newsletter.ErrState) {
				t.Errorf("%+v: done once more: %v", test, err)
			}
		}
	}
}

// What one act ended comes back together, each as it was; what another act ended, or has touched since, stays.
func takingBackAll(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	far := b.now.Add(240 * time.Hour)
	other := func() newsletter.Subscription {
		t.Helper()
		all, err := b.Beside(b.ctx, s.ID)
		b.must(err)
		return all[1]
	}
	back := func(of newsletter.Subscription, until time.Time) []string {
		t.Helper()
		b.later(time.Minute)
		names, err := b.TakeBack(b.ctx, b.handle(of), until, b.consent(newsletter.ConsentConfirmed))
		b.must(err)
		return names
	}
	b.prefer(s, far, "quotidien")
	b.later(time.Minute)
	b.must(b.Prefer(b.ctx, b.handle(s), subscription.Preference{
		Shown: []string{"hebdo", "quotidien"}, Chosen: []string{"hebdo", "quotidien"}, KeepPauses: true, Given: b.own(newsletter.ConsentConfirmed),
	}))
	for _, test := range []struct {
		name  string
		apart bool // they are left one after the other
		of    func() newsletter.Subscription
		until time.Time
		want  []string
		hebdo newsletter.SubscriptionState
		other newsletter.SubscriptionState
	}{
		{"by the first", false, func() newsletter.Subscription { return s }, time.Time{}, []string{"hebdo", "quotidien"}, newsletter.Active, newsletter.Paused},
		{"by the second", false, other, time.Time{}, []string{"quotidien", "hebdo"}, newsletter.Active, newsletter.Paused},
		{"to be paused", false, other, far, []string{"quotidien", "hebdo"}, newsletter.Paused, newsletter.Paused},
		{"two acts", true, func() newsletter.Subscription { return s }, time.Time{}, []string{"hebdo"}, newsletter.Paused, newsletter.Unsubscribed},
	} {
		b.later(time.Minute)
		if test.apart {
			b.leave(other())
			b.later(time.Minute)
		}
		b.prefer(s, time.Time{})
		if err := b.SayGoodbye(b.ctx, b.handle(s), "other", b.limit(test.name, 1), b.now); err != nil {
			t.Errorf("%s: a reason: %v", test.name, err)
		}
		if got := back(test.of(), test.until); !slices.Equal(got, test.want) || b.sub(s).State != test.hebdo || other().State != test.other {
			t.Errorf("%s: %q came back, and they are %s and %s", test.name, got, b.sub(s).State, other().State)
		}
	}
	b.later(time.Minute)
	b.prefer(s, time.Time{}, "hebdo", "quotidien")
	b.later(time.Minute)
	b.prefer(s, time.Time{})
	b.later(time.Minute)
	undo := b.handle(s)
	b.must(b.Prefer(b.ctx, b.handle(other()), subscription.Preference{Shown: []string{"quotidien"}, Chosen: []string{"quotidien"}, Until: far, Given: b.own(newsletter.ConsentConfirmed)}))
	names, err := b.TakeBack(b.ctx, undo, time.Time{}, b.consent(newsletter.ConsentConfirmed))
	if err != nil || !slices.Equal(names, []string{"hebdo"}) || other().State != newsletter.Paused {
		t.Errorf("after one was chosen again: %q, %v; it is %s", names, err, other().State)
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
		_, err := b.TakeBack(b.ctx, b.handle(subs[3]), b.now.Add(time.Hour), b.consent(newsletter.ConsentConfirmed))
		b.must(err)
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
	_, err = b.Cancel(b.ctx, second.Ref(), func(int) {})
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
