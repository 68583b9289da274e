package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

const years = 3 * 365 * 24 * time.Hour

// idle is the rule of three years, and of thirty days to answer.
func (b *bench) idle() subscription.Idle {
	return subscription.Idle{Since: b.now.Add(-years), Asked: b.now.Add(-30 * 24 * time.Hour)}
}

func (b *bench) withdrawal() newsletter.Consent {
	return newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: b.now, Origin: newsletter.OriginCommand}
}

func (b *bench) erase(text string) subscription.Erased {
	b.t.Helper()
	e, err := b.Erase(b.ctx, subscription.Erasure{Address: b.address(text), Withdrawal: b.withdrawal()})
	b.must(err)
	return e
}

func (b *bench) dossier(text string) subscription.Dossier {
	b.t.Helper()
	d, err := b.Dossier(b.ctx, b.address(text))
	b.must(err)
	return d
}

// keepVariant is the text of the letter that asks.
func (b *bench) keepVariant() int64 {
	b.t.Helper()
	id, err := b.FreezeLetter(b.ctx, newsletter.Variant{Key: "keep hebdo", Subject: "Encore ?", HTML: "<p>…</p>", Text: "…"})
	b.must(err)
	return id
}

func dossiers(t *testing.T, b *bench) {
	consent := b.consent(newsletter.ConsentConfirmed)
	consent.Wording, consent.Network = newsletter.NewWording("fr", "Je m’inscris."), "203.0.113.0/24"
	for _, name := range []string{"hebdo", "quotidien"} {
		_, err := b.Enrol(b.ctx, name, []subscription.Person{{Address: b.address("Lea@lecteurs.example"), Language: "fr"}}, consent)
		b.must(err)
	}
	b.readers(1)
	e := b.publish(1, b.put(1)...)
	var hers newsletter.Delivery
	for _, d := range b.due() {
		if d.Address == "Lea@lecteurs.example" {
			hers = d
		}
	}
	b.mark(hers)
	b.settle(newsletter.Failed, newsletter.Reply{Code: 550, Enhanced: "5.7.1", Text: "<<recipient>>: no"}, hers)
	_, err := b.ResendTo(b.ctx, e.Ref(), b.address("lea@lecteurs.example"), b.order("nora"))
	b.must(err)
	b.must(b.Proof(b.ctx, e.Ref(), b.address("LEA@lecteurs.example"), b.now))
	b.must(b.Suppress(b.ctx, b.address("lea@lecteurs.example"), newsletter.SuppressedOperator, "telephone", b.now))

	d := b.dossier("lea@LECTEURS.example")
	if d.Subscriber.Address != "Lea@lecteurs.example" || d.Suppression == nil || d.Suppression.Reason != "telephone" || len(d.Subscriptions) != 2 {
		t.Fatalf("the dossier is %+v", d)
	}
	if c := d.Subscriptions[1].Consents; len(c) != 1 || c[0] != consent {
		t.Errorf("consents are %+v, want %+v", c, consent)
	}
	if len(d.Letters) != 2 || d.Letters[0].ID != hers.ID || d.Letters[0].Subject != "Le sujet" || d.Letters[1].Kind != newsletter.KindProof {
		t.Fatalf("letters are %+v", d.Letters)
	}
	first := d.Letters[0]
	if len(first.Attempts) != 1 || first.Attempts[0].Reply.Text != "<Lea@lecteurs.example>: no" || len(first.Again) != 1 || !first.Again[0].At.Equal(b.now) {
		t.Errorf("the first letter is %+v", first)
	}
	if _, err := b.Dossier(b.ctx, b.address("personne@lecteurs.example")); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the dossier of nobody: %v", err)
	}
}

func erasing(t *testing.T, b *bench) {
	s := b.readers(2)[0]
	edition := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due[0])
	b.settle(newsletter.Deferred, newsletter.Reply{Code: 451, Text: "ask r000 at lecteurs.example"}, due[0])
	e := b.erase("R000@lecteurs.example")
	if !e.Done || !slices.Equal(e.Deliveries, []int64{due[0].ID}) || len(e.OnTheWire) != 0 {
		t.Errorf("erased: %+v, want delivery %d", e, due[0].ID)
	}
	b.wantObjectionOnly("r000@lecteurs.example")
	sub, err := b.Subscription(b.ctx, s.ID)
	if err != nil || sub.State != newsletter.Unsubscribed || sub.Epoch <= s.Epoch || sub.Subscriber.ID != s.Subscriber.ID || sub.Subscriber.Address != "" {
		t.Errorf("the subscription is %+v, %v", sub, err)
	}
	if c, err := b.Consents(b.ctx, s.ID); err != nil || len(c) != 2 || c[0].Source != "" || !c[0].At.Equal(b.now) || c[1].Act != newsletter.ConsentWithdrawn {
		t.Errorf("the record of consent is %+v, %v", c, err)
	}
	if counts := b.counts(edition); counts[newsletter.Cancelled] != 1 || counts[newsletter.Queued] != 1 {
		t.Errorf("the letters are %v", counts)
	}
	again := b.erase("r000@lecteurs.example")
	if again.Done || !slices.Equal(again.Deliveries, e.Deliveries) {
		t.Errorf("erasing again: %+v", again)
	}
	b.later(48 * time.Hour)
	if left := b.due(); len(left) != 1 || left[0].ID != due[1].ID {
		t.Errorf("due: %+v; want only the other reader's letter", left)
	}
	if _, err := b.Erase(b.ctx, subscription.Erasure{Address: b.address("personne@lecteurs.example"), Withdrawal: b.withdrawal()}); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("erasing nobody: %v", err)
	}
	if _, err := b.Erase(b.ctx, subscription.Erasure{Subscriber: 999, Withdrawal: b.withdrawal()}); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("erasing no subscriber: %v", err)
	}
	b.must(b.Scrub(b.ctx, time.Time{}))
}

// wantObjectionOnly fails where more is told of an erased address than that it receives nothing.
func (b *bench) wantObjectionOnly(text string) {
	b.t.Helper()
	d := b.dossier(text)
	sup := d.Suppression
	if sup == nil || sup.Kind != newsletter.SuppressedRequest || sup.Address != "" || d.Subscriber.ID != 0 || len(d.Subscriptions)+len(d.Letters) > 0 {
		b.t.Errorf("told of who was erased: %+v, %+v", sup, d)
	}
	if all, err := b.SubscriptionsOf(b.ctx, b.address(text)); !errors.Is(err, newsletter.ErrNotFound) {
		b.t.Errorf("subscriptions of who was erased: %+v, %v", all, err)
	}
	if told, err := b.Letters(b.ctx, b.address(text), 10); err != nil || len(told) > 0 {
		b.t.Errorf("letters of who was erased: %+v, %v", told, err)
	}
}

// erasedAndAsked has anybody sign up with the address of somebody who was erased: what the two left stays apart.
func erasedAndAsked(t *testing.T, b *bench) {
	const who = "r000@lecteurs.example"
	before := b.readers(1)[0]
	b.publish(1, b.put(1)...)
	b.send(b.due()...)
	enrol := func(when string, want subscription.Outcome) {
		t.Helper()
		got, err := b.Enrol(b.ctx, "quotidien", []subscription.Person{{Address: b.address(who), Language: "fr"}}, b.consent(newsletter.ConsentConfirmed))
		b.must(err)
		if got[0].Outcome != want {
			t.Errorf("%s, enrolling is %s, want %s", when, got[0].Outcome, want)
		}
	}
	b.erase(who)
	b.later(time.Hour)
	b.signUp(b.asking(who, "hebdo", "quotidien"))
	d := b.dossier(who)
	if d.Subscriber.ID == before.Subscriber.ID || !d.Subscriber.Created.Equal(b.now) || len(d.Letters) != 1 || d.Letters[0].Letter != newsletter.LetterConfirm {
		t.Errorf("told of who asked: %+v", d)
	}
	for _, s := range d.Subscriptions {
		if s.ID == before.ID || s.State != newsletter.Pending || len(s.Consents) != 1 {
			t.Errorf("told of who asked: %+v", s)
		}
	}
	if old, err := b.Subscription(b.ctx, before.ID); err != nil || old.State != newsletter.Unsubscribed || old.Subscriber.Address != "" {
		t.Errorf("the subscription of before: %+v, %v", old, err)
	}
	enrol("while it waits", subscription.Suppressed)
	_, err := b.PurgePending(b.ctx, b.now, 10)
	b.must(err)
	b.wantObjectionOnly(who)
	_, err = b.Unsuppress(b.ctx, b.address(who))
	b.must(err)
	b.signUp(b.asking(who, "quotidien"))
	enrol("while it waits, without the objection", subscription.Suppressed)

	b.confirm(who, "quotidien")
	enrol("who confirmed", subscription.AlreadyActive)
	if e, err := b.Erase(b.ctx, subscription.Erasure{Subscriber: before.Subscriber.ID, Withdrawal: b.withdrawal()}); err != nil || e.Done {
		t.Errorf("erasing who was erased, by number: %+v, %v", e, err)
	}
	if s := b.standing(who, "quotidien"); s.State != newsletter.Active {
		t.Errorf("the new reader is %s", s.State)
	}
	if e := b.erase(who); !e.Done {
		t.Errorf("erasing the new reader: %+v", e)
	}
	b.wantObjectionOnly(who)
}

func filesDue(t *testing.T, b *bench) {
	b.readers(2)
	b.publish(1, b.put(1)...)
	due := b.due()
	b.send(due[0])
	b.mark(due[1])
	b.erase(due[0].Address)
	b.erase(due[1].Address)
	expect := func(want ...int64) {
		t.Helper()
		if got, err := b.FilesDue(b.ctx); err != nil || !slices.Equal(got, want) {
			t.Errorf("files are due of %v, %v; want %v", got, err, want)
		}
	}
	expect(due[0].ID)
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, due[1])
	expect(due[0].ID, due[1].ID)
	b.must(b.FilesGone(b.ctx, []int64{due[0].ID}))
	expect(due[1].ID)
}

func erasedStays(t *testing.T, b *bench) {
	b.readers(1)
	b.erase("r000@lecteurs.example")
	again := func(name string, want subscription.Outcome) {
		t.Helper()
		got, err := b.Enrol(b.ctx, name, []subscription.Person{{Address: b.address("r000@lecteurs.example"), Language: "fr"}}, b.consent(newsletter.ConsentConfirmed))
		b.must(err)
		if got[0].Outcome != want {
			t.Errorf("enrolling for %s is %s, want %s", name, got[0].Outcome, want)
		}
	}
	again("hebdo", subscription.Suppressed)
	again("quotidien", subscription.Suppressed)
	_, err := b.Unsuppress(b.ctx, b.address("r000@lecteurs.example"))
	b.must(err)
	again("quotidien", subscription.Suppressed)
	if all, err := b.SubscriptionsOf(b.ctx, b.address("r000@lecteurs.example")); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the address is back: %+v, %v", all, err)
	}
}

func erasedOnTheWire(t *testing.T, b *bench) {
	b.readers(3)
	edition := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due...)
	for i, d := range due {
		e := b.erase(d.Address)
		if !slices.Equal(e.OnTheWire, []int64{d.ID}) {
			t.Errorf("letter %d is not told to be on the wire: %+v", i, e)
		}
	}
	ids := []int64{due[0].ID, due[1].ID, due[2].ID}
	if busy, err := b.OnTheWire(b.ctx, ids); err != nil || !busy {
		t.Errorf("on the wire: %v, %v", busy, err)
	}
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250, Text: "taken for r000"}, due[0])
	b.settle(newsletter.Deferred, newsletter.Reply{Code: 451, Text: "r001 later"}, due[1])
	b.settle(newsletter.Failed, newsletter.Reply{Code: 550, Enhanced: "5.1.1", Text: "who is r002"}, due[2])
	if busy, err := b.OnTheWire(b.ctx, ids); err != nil || busy {
		t.Errorf("still on the wire: %v, %v", busy, err)
	}
	if counts := b.counts(edition); counts[newsletter.Sent] != 1 || counts[newsletter.Cancelled] != 1 || counts[newsletter.Failed] != 1 {
		t.Errorf("the letters are %v", counts)
	}
	failed, err := b.Trouble(b.ctx, edition.ID, nil, 10)
	if err != nil || len(failed) != 1 || len(failed[0].Attempts) != 1 || failed[0].Attempts[0].Reply.Text != "" || failed[0].Attempts[0].Reply.Code != 550 {
		t.Errorf("the letter that failed is %+v, %v; want it without words", failed, err)
	}
	b.later(48 * time.Hour)
	if left := b.due(); len(left) != 0 {
		t.Errorf("due: %+v", left)
	}
}

// A proof went to somebody who is no reader, and an address is suppressed that nobody subscribed with. Capitals beyond
// ASCII count as little as others.
func erasedStranger(t *testing.T, b *bench) {
	e := b.publish(1, b.put(1)...)
	b.must(b.Proof(b.ctx, e.Ref(), b.address("Éditrice@pandia.example"), b.now))
	b.must(b.Proof(b.ctx, e.Ref(), b.address("editeur@pandia.example"), b.now))
	b.must(b.Suppress(b.ctx, b.address("stop@lecteurs.example"), newsletter.SuppressedComplaint, "her words", b.now))
	if e := b.erase("éditrice@pandia.example"); !e.Done || len(e.Deliveries) != 1 {
		t.Errorf("erased: %+v", e)
	}
	if due := b.due(); len(due) != 1 || due[0].Address != "editeur@pandia.example" {
		t.Errorf("due: %+v; want the other proof only", due)
	}
	if _, err := b.Dossier(b.ctx, b.address("éditrice@pandia.example")); err != nil {
		t.Errorf("the objection is not kept: %v", err)
	}
	at := b.now
	b.later(time.Hour)
	b.erase("stop@lecteurs.example")
	s, err := b.Suppression(b.ctx, b.address("stop@lecteurs.example"))
	b.must(err)
	if want := (newsletter.Suppression{Kind: newsletter.SuppressedComplaint, Reason: "erased", At: at}); s != want {
		t.Errorf("the suppression is %+v, want %+v", s, want)
	}
}

func erasedUnmade(t *testing.T, b *bench) {
	b.readers(3)
	e, err := b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	_, err = b.QueueNext(b.ctx, 1, b.now)
	b.must(err)
	b.erase("r000@lecteurs.example")
	b.erase("r002@lecteurs.example")
	b.queueAll()
	b.send(b.due()...)
	e = b.edition(e)
	counts := b.counts(e)
	if e.Planned != 3 || e.LeftBefore != 1 || counts[newsletter.Cancelled] != 1 || counts[newsletter.Sent] != 1 {
		t.Errorf("planned %d, left before %d, %v", e.Planned, e.LeftBefore, counts)
	}
}

func suppressions(t *testing.T, b *bench) {
	kinds := newsletter.SuppressionKinds()
	for i, kind := range kinds {
		b.must(b.Suppress(b.ctx, b.address(string(rune('a'+i))+"@lecteurs.example"), kind, string(kind), b.now))
		b.later(time.Hour)
	}
	all, err := b.Suppressions(b.ctx, "", 10)
	b.must(err)
	if len(all) != len(kinds) || all[0].Kind != kinds[len(kinds)-1] || all[0].Address != "d@lecteurs.example" {
		t.Errorf("all are %+v, want the latest first", all)
	}
	for _, kind := range kinds {
		if some, err := b.Suppressions(b.ctx, kind, 10); err != nil || len(some) != 1 || some[0].Reason != string(kind) {
			t.Errorf("those of kind %s are %+v, %v", kind, some, err)
		}
	}
	if some, err := b.Suppressions(b.ctx, "", 2); err != nil || len(some) != 2 {
		t.Errorf("of at most two: %+v, %v", some, err)
	}
	was, err := b.Unsuppress(b.ctx, b.address("A@lecteurs.example"))
	if err != nil || was.Kind != kinds[0] || was.Address != "a@lecteurs.example" {
		t.Errorf("taken away: %+v, %v", was, err)
	}
	if _, err := b.Unsuppress(b.ctx, b.address("a@lecteurs.example")); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("taken away twice: %v", err)
	}
	if counts, err := b.CountSuppressions(b.ctx); err != nil || counts[kinds[0]] != 0 || counts[kinds[1]] != 1 || len(counts) != len(kinds)-1 {
		t.Errorf("counts are %v, %v", counts, err)
	}
}

// ask asks everybody who is to be asked.
func (b *bench) ask() int {
	b.t.Helper()
	idle, err := b.IdleReaders(b.ctx, b.idle(), 100)
	b.must(err)
	var questions []subscription.Question
	for _, r := range idle {
		questions = append(questions, subscription.Question{Subscriber: r.Subscriber, Newsletter: r.Newsletters[0], Variant: b.keepVariant()})
	}
	n, err := b.AskIdle(b.ctx, questions, b.idle(), b.now)
	b.must(err)
	return n
}

func (b *bench) numbers() subscription.IdleNumbers {
	b.t.Helper()
	n, err := b.CountIdle(b.ctx, b.idle())
	b.must(err)
	return n
}

func (b *bench) gone() []int64 {
	b.t.Helper()
	ids, err := b.IdleGone(b.ctx, b.idle(), 100)
	b.must(err)
	return ids
}

func (b *bench) expectNumbers(when string, want subscription.IdleNumbers) {
	b.t.Helper()
	if got := b.numbers(); got != want {
		b.t.Errorf("%s: %+v, want %+v", when, got, want)
	}
}

func idling(t *testing.T, b *bench) {
	subs := b.readers(3) // 0 reads, 1 leaves, 2 is suppressed
	b.leave(subs[1])
	b.must(b.Suppress(b.ctx, b.address(subs[2].Subscriber.Address), newsletter.SuppressedHardBounce, "gone", b.now))
	b.later(years - time.Hour)
	b.expectNumbers("an hour before", subscription.IdleNumbers{People: 3})
	if n := b.ask(); n != 0 || len(b.gone()) != 0 {
		t.Errorf("an hour before: %d asked, %v to erase", n, b.gone())
	}
	b.later(time.Hour)
	b.expectNumbers("after three years", subscription.IdleNumbers{People: 3, ToAsk: 1, ToErase: 2})
	if gone := b.gone(); !slices.Equal(gone, []int64{subs[1].Subscriber.ID, subs[2].Subscriber.ID}) {
		t.Errorf("to erase: %v", gone)
	}
	if first, second := b.ask(), b.ask(); first != 1 || second != 0 {
		t.Errorf("asked %d and then %d, want 1 once", first, second)
	}
	due := b.due()
	if len(due) != 1 || due[0].Kind != newsletter.KindLetter || due[0].Letter != newsletter.LetterKeep || due[0].Subscription != subs[0].ID {
		t.Fatalf("due: %+v; want the letter that asks", due)
	}
	b.later(31 * 24 * time.Hour)
	if gone := b.gone(); slices.Contains(gone, subs[0].Subscriber.ID) {
		t.Error("a reader is to be erased who was never sent the question")
	}
	b.mark(due...)
	b.settle(newsletter.Failed, newsletter.Reply{Code: 554}, due...)
	b.expectNumbers("who was not reached", subscription.IdleNumbers{People: 3, ToAsk: 1, ToErase: 2})
	if n := b.ask(); n != 1 {
		t.Errorf("%d asked again, want the one who was not reached", n)
	}
	b.later(10 * 24 * time.Hour)
	b.send(b.due()...)
	b.later(29 * 24 * time.Hour)
	b.expectNumbers("within 30 days of the letter", subscription.IdleNumbers{People: 3, Waiting: 1, ToErase: 2})
	b.later(2 * 24 * time.Hour)
	b.expectNumbers("after the answer's time", subscription.IdleNumbers{People: 3, ToErase: 3})
	idle := b.idle()
	for _, id := range b.gone() {
		e, err := b.Erase(b.ctx, subscription.Erasure{Subscriber: id, Unless: &idle, Withdrawal: b.withdrawal()})
		b.must(err)
		if !e.Done {
			t.Errorf("subscriber %d was not erased", id)
		}
	}
	b.expectNumbers("in the end", subscription.IdleNumbers{})
}

func idleNoMore(t *testing.T, b *bench) {
	subs := b.readers(1)
	b.later(years)
	idle, err := b.IdleReaders(b.ctx, b.idle(), 100)
	b.must(err)
	if len(idle) != 1 || !slices.Equal(idle[0].Newsletters, []string{"hebdo"}) {
		t.Fatalf("idle: %+v", idle)
	}
	b.later(24 * time.Hour)
	b.leave(subs[0]) // an act of the person's own, after the list was made
	n, err := b.AskIdle(b.ctx, []subscription.Question{{Subscriber: idle[0].Subscriber, Newsletter: "hebdo", Variant: b.keepVariant()}}, b.idle(), b.now)
	if err != nil || n != 0 {
		t.Errorf("%d asked, %v", n, err)
	}
	rule := b.idle()
	e, err := b.Erase(b.ctx, subscription.Erasure{Subscriber: subs[0].Subscriber.ID, Unless: &rule, Withdrawal: b.withdrawal()})
	b.must(err)
	if d := b.dossier(subs[0].Subscriber.Address); e.Done || d.Subscriber.Address == "" {
		t.Errorf("somebody was erased who acted yesterday: %+v", e)
	}
	b.expectNumbers("after leaving", subscription.IdleNumbers{People: 1})
	b.later(years)
	b.expectNumbers("three years after leaving", subscription.IdleNumbers{People: 1, ToErase: 1})
}

func retaining(t *testing.T, b *bench) {
	if a, err := b.RetentionAllowed(b.ctx); err != nil || !a.At.IsZero() || a.People != 0 {
		t.Errorf("allowed at first: %+v, %v", a, err)
	}
	want := subscription.Allowance{At: b.now, People: 12}
	b.must(b.AllowRetention(b.ctx, want))
	if a, err := b.RetentionAllowed(b.ctx); err != nil || a != want {
		t.Errorf("allowed: %+v, %v; want %+v", a, err, want)
	}
	b.must(b.AllowRetention(b.ctx, subscription.Allowance{}))
	if a, err := b.RetentionAllowed(b.ctx); err != nil || a != (subscription.Allowance{}) {
		t.Errorf("allowed after all: %+v, %v", a, err)
	}
	for i, want := range []bool{true, false, true} {
		if i == 2 {
			b.later(24 * time.Hour)
		}
		if begun, err := b.BeginRetention(b.ctx, b.now); err != nil || begun != want {
			t.Errorf("run %d begins: %v, %v; want %v", i+1, begun, err, want)
		}
	}
}

func networks(t *testing.T, b *bench) {
	now := b.now
	for i, age := range []time.Duration{72 * time.Hour, 48 * time.Hour, 24 * time.Hour, 96 * time.Hour} { // before the last, the clock was set back
		b.now = now.Add(-age)
		consent := b.consent(newsletter.ConsentConfirmed)
		consent.Network = "203.0.113.0/24"
		_, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{{Address: b.address(string(rune('a'+i)) + "@lecteurs.example")}}, consent)
		b.must(err)
	}
	b.now = now
	before := b.now.Add(-36 * time.Hour)
	for i, want := range []int{3, 0} {
		if n, err := b.DropNetworks(b.ctx, before, 1); err != nil || n != want {
			t.Errorf("step %d dropped %d, %v; want %d", i+1, n, err, want)
		}
	}
	for text, want := range map[string]string{"a@lecteurs.example": "", "b@lecteurs.example": "", "c@lecteurs.example": "203.0.113.0/24", "d@lecteurs.example": ""} {
		if c := b.dossier(text).Subscriptions[0].Consents; len(c) != 1 || c[0].Network != want {
			t.Errorf("the consent of %s is %+v, want the network %q", text, c, want)
		}
	}
}
