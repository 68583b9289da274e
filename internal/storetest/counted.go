package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
)

// among adds a reader for each domain, and returns their subscriptions.
func (b *bench) among(domains ...string) (subs []newsletter.Subscription) {
	b.t.Helper()
	for i, domain := range domains {
		to := fmt.Sprintf("r%d@%s", i, domain)
		_, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{{Address: b.address(to), Language: "fr"}}, b.consent(newsletter.ConsentConfirmed))
		b.must(err)
		subs = append(subs, b.standing(to, "hebdo"))
	}
	return subs
}

func counted(t *testing.T, b *bench) {
	b.must(b.SetGroups(b.ctx, newsletter.Groups{{Name: "orange", Domains: []string{"orange.example"}}}))
	subs := b.among("orange.example", "orange.example", "autres.example", "autres.example")
	e := b.publish(1, b.put(1)...)
	due := b.due()
	slices.SortFunc(due, func(a, b newsletter.Delivery) int { return int(a.ID - b.ID) })
	b.send(due[0])
	b.leave(subs[1])
	b.mark(due[1])
	b.mark(due[2])
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due[2])
	_, err := b.ResendTo(b.ctx, e.Ref(), b.address(due[0].Address), b.order("op"))
	b.must(err)
	b.readers(1)
	b.resend(e, outbox.ResendNewcomers)
	want := []outbox.Counted{
		{State: newsletter.Failed, Letters: 1},
		{State: newsletter.Queued, Letters: 1},
		{Newcomer: true, State: newsletter.Queued, Letters: 1},
		{Group: "orange", State: newsletter.Cancelled, Reason: newsletter.CancelLeft, Letters: 1},
		{Group: "orange", State: newsletter.Sent, Letters: 1},
		{Group: "orange", Further: true, State: newsletter.Queued, Letters: 1},
	}
	if got, err := b.EditionCounts(b.ctx, e.ID); err != nil || !slices.Equal(got, want) {
		t.Errorf("counted %+v, %v; want %+v", got, err, want)
	}
	failed, err := b.Trouble(b.ctx, e.ID, []newsletter.DeliveryState{newsletter.Failed, newsletter.Expired}, -1)
	if err != nil || len(failed) != 1 || failed[0].ID != due[2].ID {
		t.Errorf("failed are %+v, %v", failed, err)
	}
	if lost, err := b.Trouble(b.ctx, e.ID, []newsletter.DeliveryState{newsletter.Unknown}, -1); err != nil || len(lost) != 0 {
		t.Errorf("of unknown outcome are %+v, %v", lost, err)
	}
}

func saidAlike(t *testing.T, b *bench) {
	b.readers(4)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due...)
	b.settle(newsletter.Deferred, newsletter.NewReply(550, "5.1.1 an earlier try says nothing"), due[0])
	b.later(time.Hour)
	b.mark(due[0])
	for i, id := range []string{"4bX2kq9Z1abc", "4bX2kq9Z1abd", "4bX2kq9Z1abe"} {
		b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 refused as "+id), due[i])
	}
	b.settle(newsletter.Sent, newsletter.NewReply(250, "ok"), due[3])
	got, err := b.Refusals(b.ctx, e.ID, 10)
	if err != nil || len(got) != 1 || got[0].Letters != 3 || got[0].State != newsletter.Failed || got[0].Reply.Code != 550 {
		t.Errorf("servers said %+v, %v", got, err)
	}
	if got, err := b.Refusals(b.ctx, e.ID, 0); err != nil || len(got) != 0 {
		t.Errorf("none were asked for: %+v, %v", got, err)
	}
}

func waiting(t *testing.T, b *bench) {
	b.must(b.SetGroups(b.ctx, newsletter.Groups{{Name: "orange", Domains: []string{"orange.example"}}}))
	b.among("orange.example", "orange.example", "autres.example", "autres.example")
	_, last, err := b.Tried(b.ctx, -1)
	b.must(err)
	e := b.publish(1, b.put(1)...)
	b.must(b.Proof(b.ctx, e.Ref(), b.address("moi@autres.example"), b.now))
	due := b.due()
	slices.SortFunc(due, func(a, b newsletter.Delivery) int { return int(a.ID - b.ID) })
	b.send(due[2])
	b.mark(due[0])
	b.settle(newsletter.Deferred, newsletter.NewReply(451, "later"), due[0])
	again := b.due()
	if len(again) != 3 {
		t.Fatalf("%d are due", len(again))
	}
	states, next, err := b.Tried(b.ctx, last)
	if err != nil || !maps.Equal(states, map[newsletter.DeliveryState]int{newsletter.Sent: 1, newsletter.Deferred: 1}) {
		t.Errorf("tried: %v, %v", states, err)
	}
	if states, same, err := b.Tried(b.ctx, next); err != nil || len(states) != 0 || same != next {
		t.Errorf("tried since: %v until %d, %v", states, same, err)
	}
	want := []outbox.Trouble{{Edition: e.Ref(), State: newsletter.Deferred, Letters: 1}}
	if trouble, err := b.Troubled(b.ctx); err != nil || !slices.Equal(trouble, want) {
		t.Errorf("did not arrive: %v, %v", trouble, err)
	}
	b.must(b.Pause(b.ctx, e.Ref(), true))
	b.must(b.Proof(b.ctx, e.Ref(), b.address("toi@autres.example"), b.now))
	for _, d := range b.due() {
		if d.Address == "toi@autres.example" {
			b.mark(d)
			b.settle(newsletter.Deferred, newsletter.NewReply(451, "later"), d)
		}
	}
	lazy := b.asking("lea@autres.example", "hebdo")
	lazy.Worked, lazy.Due = false, b.now.Add(10*time.Minute)
	b.signUp(lazy)
	got, err := b.Waiting(b.ctx, b.now)
	b.must(err)
	for i := range got {
		if (got[i].Letters > got[i].Due) == got[i].Next.IsZero() {
			t.Errorf("of %+v the others are due at no time, or there are none", got[i])
		}
		if got[i].Delayed && !got[i].Next.Equal(lazy.Due) {
			t.Errorf("%+v is due at another time than was asked", got[i])
		}
		got[i].Next = time.Time{}
	}
	if want := []outbox.Waiting{
		{Letters: 2, Due: 1},
		{Delayed: true, Letters: 1},
		{Edition: e.Ref(), Held: true, Letters: 1, Due: 1},
		{Edition: e.Ref(), Held: true, Group: "orange", Letters: 2, Due: 1},
	}; !slices.Equal(got, want) {
		t.Errorf("waiting: %+v, want %+v", got, want)
	}
	if unmade, err := b.Unmade(b.ctx); err != nil || len(unmade) != 0 {
		t.Errorf("unmade: %v, %v", unmade, err)
	}
}
