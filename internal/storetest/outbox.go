package storetest

import (
	"errors"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
)

func audience(t *testing.T, b *bench) {
	subs := b.readers(3)
	b.leave(subs[0])
	e, err := b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	if e.Planned != 2 || e.State != newsletter.EditionQueueing {
		t.Fatalf("the edition is %s with %d planned, want queueing with 2", e.State, e.Planned)
	}
	_, err = b.Enrol(b.ctx, "hebdo", []subscription.Person{{Address: b.address("tard@lecteurs.example")}}, b.consent(newsletter.ConsentConfirmed))
	b.must(err)
	b.leave(subs[2])
	b.queueAll()
	due := b.due()
	if len(due) != 1 || due[0].Address != subs[1].Subscriber.Address || due[0].Subscription != subs[1].ID || due[0].Newsletter != "hebdo" {
		t.Errorf("due: %+v; want the one who was a reader at approval and still is", due)
	}
	if e := b.edition(e); e.State != newsletter.EditionSending || e.LeftBefore != 1 {
		t.Errorf("the edition is %s, %d left before their row; want sending, 1", e.State, e.LeftBefore)
	}
}

func chunks(t *testing.T, b *bench) {
	b.readers(25)
	e, err := b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	for _, reader := range []string{"r000@lecteurs.example", "r024@lecteurs.example"} {
		told, err := b.Letters(b.ctx, b.address(reader), 10)
		b.must(err)
		if len(told) != 1 || told[0].Number != 1 || told[0].State != newsletter.Queued || told[0].ID != 0 {
			t.Errorf("%s, whose row is to come, is told %+v", reader, told)
		}
	}
	for _, want := range []int{10, 20, 25} {
		more, err := b.QueueNext(b.ctx, 10, b.now)
		b.must(err)
		if n := len(b.due()); !more || n != want {
			t.Fatalf("%d rows, more: %v; want %d", n, more, want)
		}
	}
	if more, err := b.QueueNext(b.ctx, 10, b.now); err != nil || more {
		t.Errorf("rows are still made behind the last reader: %v, %v", more, err)
	}
	if e := b.edition(e); e.State != newsletter.EditionSending {
		t.Errorf("the edition is %s, want sending", e.State)
	}
}

func ahead(t *testing.T, b *bench) {
	b.readers(3)
	b.publish(1, b.put(1)...)
	b.later(time.Hour)
	b.must(b.Skip(b.ctx, b.record("2026-12-01T07:00", newsletter.SlotSkipped), nil, &newsletter.Notice{To: "op@pandia.example", Subject: "s", Text: "t"}))
	due, err := b.DueAhead(b.ctx, b.now, 2)
	b.must(err)
	if len(due) != 1 || due[0].Kind != newsletter.KindNotice {
		t.Errorf("ahead: %+v; want the notice", due)
	}
	copies, err := b.DueCopies(b.ctx, b.now, 2, outbox.Room{})
	b.must(err)
	if len(copies) != 2 || copies[0].Kind != newsletter.KindEdition || copies[1].Kind != newsletter.KindEdition {
		t.Errorf("copies: %+v; want two", copies)
	}
}

func markRefuses(t *testing.T, b *bench) {
	subs := b.readers(4)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	elsewhere, err := b.Enrol(b.ctx, "quotidien", []subscription.Person{{Address: b.address(subs[0].Subscriber.Address), Language: "fr"}}, b.consent(newsletter.ConsentConfirmed))
	b.wantOutcomes(elsewhere, err, subscription.Added) // who reads another newsletter on has left this one all the same
	b.leave(subs[0])
	b.must(b.Suppress(b.ctx, b.address(subs[1].Subscriber.Address), newsletter.SuppressedComplaint, "spam", b.now))
	if refused := b.mark(due...); len(refused) != 2 || refused[0] != due[0].ID || refused[1] != due[1].ID {
		t.Errorf("refused: %v, want who left and who is suppressed", refused)
	}
	if refused := b.mark(due[2]); len(refused) != 1 {
		t.Error("a letter that is attempting was marked a second time")
	}
	told, err := b.Letters(b.ctx, b.address(subs[0].Subscriber.Address), 10)
	b.must(err)
	if len(told) != 1 || told[0].State != newsletter.Cancelled || told[0].Reason != newsletter.CancelLeft {
		t.Errorf("who left is told: %+v", told)
	}
	if counts := b.counts(e); counts[newsletter.Cancelled] != 2 || counts[newsletter.Attempting] != 2 {
		t.Errorf("counts are %v", counts)
	}
}

func stepping(t *testing.T, b *bench) {
	b.readers(2)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[0])
	sent := outbox.Settlement{Delivery: due[0].ID, State: newsletter.Sent, Attempt: newsletter.Attempt{
		Started: b.now, Ended: b.now, Stage: newsletter.StageDone, State: newsletter.Sent, Reply: newsletter.NewReply(250, "2.0.0 queued as 4F1"), Relay: "north",
	}}
	_, err := b.Step(b.ctx, []outbox.Settlement{sent}, []newsletter.Parcel{{Delivery: due[1].ID, Date: b.now, Envelope: newsletter.Envelope{To: due[1].Address}}}, b.now)
	b.must(err)
	if counts := b.counts(e); counts[newsletter.Sent] != 1 || counts[newsletter.Attempting] != 1 {
		t.Errorf("counts are %v", counts)
	}
	told, err := b.Letters(b.ctx, b.address(due[0].Address), 10)
	b.must(err)
	if len(told) != 1 || len(told[0].Attempts) != 1 || told[0].Attempts[0].Reply.Text != "queued as 4F1" || told[0].Attempts[0].Relay != "north" || told[0].Number != 1 {
		t.Errorf("the history is %+v", told)
	}
	if told[0].First.IsZero() {
		t.Error("the date of the message is not kept")
	}
}

func onceRecorded(t *testing.T, b *bench) {
	b.readers(1)
	b.publish(1, b.put(1)...)
	d := b.due()[0]
	b.send(d)
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.1.1 no such user"), d)
	told, err := b.Letters(b.ctx, b.address(d.Address), 10)
	b.must(err)
	if told[0].State != newsletter.Sent || len(told[0].Attempts) != 1 {
		t.Errorf("a second outcome changed what is sent: %+v", told[0])
	}
}

// deferredOnce records a deferral again whose commit got no answer, and then the next one.
func deferredOnce(t *testing.T, b *bench) {
	b.readers(2)
	b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[0]) // the other is put off before its content, without a mark
	for tries := 1; tries <= 2; tries++ {
		for range 2 {
			b.settle(newsletter.Deferred, newsletter.NewReply(451, "4.7.1 try again later"), due...)
		}
		for _, d := range due {
			told, err := b.Letters(b.ctx, b.address(d.Address), 10)
			b.must(err)
			if told[0].Tries != tries || len(told[0].Attempts) != tries || told[0].State != newsletter.Deferred {
				t.Errorf("after deferral %d %s is %s with %d tries and %d attempts", tries, d.Address, told[0].State, told[0].Tries, len(told[0].Attempts))
			}
		}
		b.later(time.Hour)
	}
	b.mark(due[0])
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due...)
	if due := b.due(); len(due) != 0 {
		t.Errorf("failed after deferrals, and due: %+v", due)
	}
}

func remnants(t *testing.T, b *bench) {
	b.readers(3)
	b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[1])
	left, err := b.Remnants(b.ctx, 10)
	b.must(err)
	if len(left) != 1 || left[0].ID != due[1].ID || left[0].Address != due[1].Address || left[0].First.IsZero() {
		t.Errorf("remnants: %+v", left)
	}
}

func deferred(t *testing.T, b *bench) {
	b.readers(1)
	b.publish(1, b.put(1)...)
	d := b.due()[0]
	b.mark(d)
	b.settle(newsletter.Deferred, newsletter.NewReply(451, "4.7.1 try again later"), d)
	if due := b.due(); len(due) != 0 {
		t.Fatalf("a deferred letter is due before its time: %+v", due)
	}
	next, any, err := b.NextDue(b.ctx, b.now)
	b.must(err)
	if !any || !next.Equal(b.now.Add(time.Hour)) {
		t.Fatalf("next due %s (%v), want in an hour", next, any)
	}
	first := b.now
	b.later(time.Hour)
	due := b.due()
	if len(due) != 1 || due[0].Tries != 1 || !due[0].First.Equal(first) || !due[0].Round.Equal(first) {
		t.Errorf("due at its time: %+v", due)
	}
}

func finishing(t *testing.T, b *bench) {
	b.readers(2)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.send(due[0])
	b.mark(due[1])
	if done, err := b.Finish(b.ctx); err != nil || done != 0 {
		t.Fatalf("%d done while a letter is on the wire: %v", done, err)
	}
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 no"), due[1])
	done, err := b.Finish(b.ctx)
	b.must(err)
	if done != 1 || b.edition(e).State != newsletter.EditionDone {
		t.Errorf("%d finished, and the edition is %s", done, b.edition(e).State)
	}
}

func pausing(t *testing.T, b *bench) {
	b.readers(2)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.must(b.Pause(b.ctx, e.Ref(), true))
	if refused := b.mark(due[0]); len(refused) != 1 {
		t.Error("a letter of a paused edition was marked")
	}
	if due := b.due(); len(due) != 0 {
		t.Errorf("a paused edition is due: %+v", due)
	}
	b.must(b.Pause(b.ctx, e.Ref(), false))
	if again := b.due(); len(again) != 2 {
		t.Errorf("after the pause %d letters are due, want 2", len(again))
	}
}

func cancelling(t *testing.T, b *bench) {
	b.readers(5)
	p := b.publication(1, b.put(1)...)
	e, err := b.Publish(b.ctx, p)
	b.must(err)
	_, err = b.QueueNext(b.ctx, 3, b.now)
	b.must(err)
	due := b.due()
	b.mark(due[0])
	letters, err := b.Cancel(b.ctx, e.Ref(), func(int) {})
	b.must(err)
	if letters != 4 {
		t.Errorf("%d letters will not leave, want 4: two queued and two whose row was not made", letters)
	}
	b.settle(newsletter.Deferred, newsletter.NewReply(451, "later"), due[0])
	counts := b.counts(e)
	if counts[newsletter.Cancelled] != 5 || len(b.due()) != 0 {
		t.Errorf("counts are %v; what was on the wire and deferred must be cancelled as well", counts)
	}
	for _, order := range []func() error{
		func() error { return b.Pause(b.ctx, e.Ref(), true) },
		func() error { _, err := b.Cancel(b.ctx, e.Ref(), func(int) {}); return err },
		func() error {
			_, err := b.ResendTo(b.ctx, e.Ref(), b.address(due[0].Address), b.order("op"))
			return err
		},
	} {
		if err := order(); !errors.Is(err, newsletter.ErrState) {
			t.Errorf("an order to a cancelled edition gives %v, want %v", err, newsletter.ErrState)
		}
	}
}

func resending(t *testing.T, b *bench) {
	subs := b.readers(5)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.send(due[0])
	b.mark(due[1:]...)
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due[1], due[2], due[3])
	b.settle(newsletter.Expired, newsletter.NewReply(451, "later"), due[4])
	if _, err := b.Finish(b.ctx); err != nil {
		t.Fatal(err)
	}
	b.leave(subs[2])
	b.must(b.Suppress(b.ctx, b.address(subs[3].Subscriber.Address), newsletter.SuppressedOperator, "", b.now))
	if n := b.resend(e, outbox.ResendFailed); n != 2 {
		t.Errorf("%d made due, want 2: who has it, left or is suppressed is passed over", n)
	}
	again := b.due()
	if len(again) != 2 || again[0].ID != due[1].ID || again[0].Copy != 1 || again[0].Tries != 0 || !again[0].First.Equal(b.now) {
		t.Errorf("due again: %+v", again)
	}
	if state := b.edition(e).State; state != newsletter.EditionSending {
		t.Errorf("the edition is %s, want sending", state)
	}
}

func resendTo(t *testing.T, b *bench) {
	subs := b.readers(3)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[0], due[1])
	if _, err := b.ResendTo(b.ctx, e.Ref(), b.address(due[0].Address), b.order("op")); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("a copy that is on the wire was doubled: %v", err)
	}
	b.settle(newsletter.Deferred, newsletter.NewReply(451, "4.7.1 later"), due[0], due[1])
	next, err := b.ResendTo(b.ctx, e.Ref(), b.address(due[0].Address), b.order("op"))
	b.must(err)
	if again := b.due(); next.Copy != 1 || len(again) != 2 || again[0].ID != due[0].ID {
		t.Errorf("a deferred copy that is asked for again: copy %d, due %+v; want the same one at once", next.Copy, again)
	}
	b.later(time.Hour)
	b.send(due...)
	b.leave(subs[1])
	for text, want := range map[string]error{
		due[0].Address: nil, due[1].Address: newsletter.ErrState, "inconnu@lecteurs.example": newsletter.ErrNotFound,
	} {
		next, err := b.ResendTo(b.ctx, e.Ref(), b.address(text), b.order("op"))
		if !errors.Is(err, want) || (want == nil && next.Copy != 2) {
			t.Errorf("resend to %s: copy %d, %v; want %v", text, next.Copy, err, want)
		}
	}
	again := b.due()
	if len(again) != 1 || again[0].Copy != 2 || again[0].ID == due[0].ID {
		t.Errorf("due again: %+v", again)
	}
}

func suppressing(t *testing.T, b *bench) {
	b.readers(1)
	b.publish(1, b.put(2)[0])
	d := b.due()[0]
	b.mark(d)
	_, err := b.Step(b.ctx, []outbox.Settlement{{
		Delivery: d.ID, To: d.Address, State: newsletter.Failed, Suppress: newsletter.SuppressedHardBounce,
		Attempt: newsletter.Attempt{Started: b.now, Ended: b.now, State: newsletter.Failed, Reply: newsletter.NewReply(550, "5.1.1 unknown")},
	}}, nil, b.now)
	b.must(err)
	e := b.publish(2, 2)
	if due := b.due(); len(due) != 0 {
		t.Errorf("a suppressed address is due: %+v", due)
	}
	if counts := b.counts(e); counts[newsletter.Cancelled] != 1 {
		t.Errorf("counts are %v", counts)
	}
}

// accounting follows an edition through everything that can happen to its readers.
func accounting(t *testing.T, b *bench) {
	subs := b.readers(9)
	e, err := b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	check := func(when string) {
		t.Helper()
		e := b.edition(e)
		made := 0
		for _, n := range b.counts(e) {
			made += n
		}
		unmade := 0
		if e.State == newsletter.EditionQueueing {
			unmade = e.Planned - e.LeftBefore - made
		}
		if e.Planned != 9 || unmade < 0 || (e.State != newsletter.EditionQueueing && made+e.LeftBefore != e.Planned) {
			t.Errorf("%s: planned %d, left before %d, made %d, state %s", when, e.Planned, e.LeftBefore, made, e.State)
		}
	}
	check("approved")
	_, err = b.QueueNext(b.ctx, 4, b.now)
	b.must(err)
	check("first chunk")
	b.leave(subs[0]) // has a row
	b.leave(subs[8]) // has none yet
	check("two left")
	due := b.due()
	b.mark(due...)
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, due[1])
	b.settle(newsletter.Deferred, newsletter.Reply{Code: 451}, due[2])
	check("some sent")
	b.queueAll()
	check("queued")
	_, err = b.Cancel(b.ctx, e.Ref(), func(int) {})
	b.must(err)
	check("cancelled")
}

// leavingUnmade has readers leave before their row was made, of an edition that is held and of one that is cancelled then.
func leavingUnmade(t *testing.T, b *bench) {
	subs := b.readers(9)
	ids := b.put(2)
	for number, end := range []func(newsletter.EditionRef) error{
		func(ref newsletter.EditionRef) error { return b.Pause(b.ctx, ref, false) },
		func(ref newsletter.EditionRef) error { _, err := b.Cancel(b.ctx, ref, func(int) {}); return err },
	} {
		e, err := b.Publish(b.ctx, b.publication(number+1, ids[number]))
		b.must(err)
		_, err = b.QueueNext(b.ctx, 3, b.now)
		b.must(err)
		b.must(b.Pause(b.ctx, e.Ref(), true))
		b.leave(subs[number])   // has a row
		b.leave(subs[8-number]) // has none yet
		b.must(end(e.Ref()))
		b.queueAll()
		made := 0
		for _, n := range b.counts(e) {
			made += n
		}
		after := b.edition(e)
		if after.State == newsletter.EditionQueueing || after.LeftBefore != 1 || after.Planned != 9-2*number || made != after.Planned-1 {
			t.Errorf("edition %d is %s: planned %d, left before %d, made %d", after.Number, after.State, after.Planned, after.LeftBefore, made)
		}
		for i, want := range map[int]int{number: 1, 5: 1, 8 - number: 0} {
			told, err := b.Letters(b.ctx, b.address(subs[i].Subscriber.Address), 10)
			b.must(err)
			n := 0
			for _, letter := range told {
				if letter.Edition == e.ID {
					n++
				}
			}
			if n != want {
				t.Errorf("edition %d: reader %d is told of %d letters, want %d", after.Number, i, n, want)
			}
		}
	}
}

func noticing(t *testing.T, b *bench) {
	changed := b.Changed()
	select {
	case <-changed:
		t.Fatal("a change before anything was written")
	default:
	}
	b.put(1)
	select {
	case <-changed:
	case <-time.After(10 * time.Second):
		t.Error("a commit went unnoticed")
	}
	b.readers(1)
	b.publish(1, b.put(1)...)
	for _, state := range []newsletter.DeliveryState{newsletter.Deferred, newsletter.Failed} { // by each, others may be due
		d := b.due()[0]
		b.mark(d)
		changed := b.Changed()
		b.settle(state, newsletter.NewReply(451, "later"), d)
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Errorf("%s: went unnoticed", state)
		}
		b.now = b.now.Add(24 * time.Hour)
	}
}
