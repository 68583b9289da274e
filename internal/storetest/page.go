package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

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
	_, err := b.Cancel(b.ctx, e.Ref(), func(int) {})
	b.must(err)
	if refused := b.mark(ahead); len(refused) != 1 || len(b.due()) != 0 || owe(late[2]) {
		t.Error("a copy of an edition that was cancelled leaves")
	}
}

func managing(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	variant, err := b.FreezeLetter(b.ctx, newsletter.Variant{Key: "manage hebdo", Kind: newsletter.KindLetter, Subject: "s", Text: "t"})
	b.must(err)
	owe := func(want subscription.Owed) {
		t.Helper()
		if got, err := b.OweManage(b.ctx, b.handle(s), variant, b.limit("manage", 2), b.now); err != nil || got != want {
			t.Errorf("what came of it is %q, %v; want %q", got, err, want)
		}
	}
	owe(subscription.OwedSent)
	owe(subscription.OwedSent)
	owe(subscription.OwedLimited)
	due := b.due()
	if len(due) != 2 || due[0].Letter != newsletter.LetterManage || due[0].Subscription != s.ID || due[0].Address != s.Subscriber.Address {
		t.Errorf("due: %+v; want two managing letters", due)
	}
	told, err := b.Letters(b.ctx, b.address(s.Subscriber.Address), 10)
	b.must(err)
	if len(told) != 3 || told[0].State != newsletter.Cancelled || told[0].Reason != newsletter.CancelLimited {
		t.Errorf("the third letter is %+v", told[0])
	}
	b.later(24 * time.Hour)
	b.must(b.Suppress(b.ctx, b.address(s.Subscriber.Address), newsletter.SuppressedOperator, "", b.now))
	owe(subscription.OwedSilenced)
	if told, err = b.Letters(b.ctx, b.address(s.Subscriber.Address), 1); err != nil || told[0].Reason != newsletter.CancelSuppressed {
		t.Errorf("the letter to a suppressed address is %+v, %v", told, err)
	}
	if _, err := b.OweManage(b.ctx, subscription.Handle{Subscription: s.ID}, variant, b.limit("manage", 2), b.now); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("by an old link: %v", err)
	}
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
