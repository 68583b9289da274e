package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
)

// openMove has a reader ask for a new address, and returns the number of the change as the latest letter names it.
func (b *bench) openMove(s newsletter.Subscription, to string, mailbox ...admission.Limit) newsletter.Delivery {
	b.t.Helper()
	variant, err := b.FreezeLetter(b.ctx, newsletter.Variant{Key: "move hebdo", Kind: newsletter.KindLetter, Subject: "s", Text: "t"})
	b.must(err)
	m := newAddress(b.address(to), variant, b.now)
	for _, l := range mailbox {
		m.Mailbox = l
	}
	if opened, err := b.OpenMove(b.ctx, b.handle(s), m); err != nil || !opened {
		b.t.Fatalf("a change of address: %v, %v", opened, err)
	}
	told, err := b.Letters(b.ctx, b.address(to), 1)
	b.must(err)
	if len(told) != 1 || told[0].Letter != newsletter.LetterMove || told[0].Move == 0 || told[0].Address != to {
		b.t.Fatalf("the letter to the new address is %+v", told)
	}
	return told[0].Delivery
}

// newAddress asks for a change as often as there is a second, and writes to the address as often.
func newAddress(to address.Address, variant int64, now time.Time) subscription.NewAddress {
	wide := func(of string) admission.Limit {
		return admission.Limit{Key: []byte(of + to.String()), Times: 3600, Per: time.Hour}
	}
	return subscription.NewAddress{Address: to, Variant: variant, At: now, Asking: wide("asking for "), Mailbox: wide("writing to ")}
}

func (b *bench) move(id int64) error {
	_, err := b.Move(b.ctx, id, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: b.now, Origin: newsletter.OriginMove})
	return err
}

func moving(t *testing.T, b *bench) {
	b.must(b.SetGroups(b.ctx, newsletter.Groups{{Name: "ailleurs", Domains: []string{"ailleurs.example"}}}))
	s := b.readers(1)[0]
	b.prefer(s, time.Time{}, "hebdo", "quotidien")
	e := b.publish(1, b.put(1)...)
	edition := b.due()[0]
	first := b.openMove(s, "perdue@ailleurs.example")
	b.later(time.Minute)
	letter := b.openMove(s, "neuve@ailleurs.example")
	if _, _, err := b.MoveTo(b.ctx, first.Move); !errors.Is(err, newsletter.ErrNotFound) || !errors.Is(b.move(first.Move), newsletter.ErrState) {
		t.Errorf("a change that another took the place of is open: %v", err)
	}
	if told, err := b.Letters(b.ctx, b.address("perdue@ailleurs.example"), 9); err != nil || len(told) != 0 {
		t.Errorf("its address is kept: %+v, %v", told, err)
	}
	if to, language, err := b.MoveTo(b.ctx, letter.Move); err != nil || to.String() != "neuve@ailleurs.example" || language != "fr" {
		t.Errorf("the change leads to %s, %v", to, err)
	}
	if due := b.due(); len(due) != 2 || due[0].ID != letter.ID {
		t.Errorf("due: %+v; want the letter to the new address, then the edition", due)
	}
	before, err := b.Beside(b.ctx, s.ID)
	b.must(err)
	b.must(b.move(letter.Move))
	after, err := b.Beside(b.ctx, s.ID)
	b.must(err)
	for i, now := range after {
		if now.Subscriber.Address != "neuve@ailleurs.example" || now.Epoch != before[i].Epoch+1 || now.State != newsletter.Active ||
			now.Confirmed != before[i].Confirmed || !now.Subscriber.Acted.Equal(b.now) {
			t.Errorf("after the move: %+v", now)
		}
		record, err := b.Consents(b.ctx, now.ID)
		b.must(err)
		if len(record) != 2 || record[1].Origin != newsletter.OriginMove {
			t.Errorf("the record is %+v", record)
		}
	}
	if !errors.Is(b.move(letter.Move), newsletter.ErrState) {
		t.Error("the change was made twice")
	}
	if due := b.due(); len(due) != 1 || due[0].ID != edition.ID || due[0].Address != "neuve@ailleurs.example" || due[0].Group != "ailleurs" {
		t.Errorf("due: %+v; want the edition, to the new address", due)
	}
	b.balanced("moved", e, after[:1])
	if n, err := b.SweepMoves(b.ctx, b.now, 10); err != nil || n != 0 {
		t.Errorf("%d changes were kept, %v", n, err)
	}
}

func leavingAnAddress(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	old := s.Subscriber.Address
	left := b.now
	b.must(b.move(b.openMove(s, "neuve@ailleurs.example").Move))
	enrols := func(want subscription.Outcome) {
		t.Helper()
		people := []subscription.Person{b.person(old, "")}
		got, err := b.Foresee(b.ctx, "hebdo", people, b.consent(newsletter.ConsentConfirmed))
		b.wantOutcomes(got, err, want)
		got, err = b.Enrol(b.ctx, "hebdo", people, b.consent(newsletter.ConsentConfirmed))
		b.wantOutcomes(got, err, want)
	}
	enrols(subscription.Left)
	b.later(time.Minute)
	b.erase("neuve@ailleurs.example")
	enrols(subscription.Left)
	if d := b.dossier(old); !d.Left.Equal(left) || d.Subscriber.ID != 0 || len(d.Letters) != 0 {
		t.Errorf("of the address before is known %+v, want that it was left at %s", d, left)
	}
	b.signUp(b.asking(old, "hebdo"))
	enrols(subscription.Left) // whoever typed it
	if !b.confirm(old, "hebdo") {
		t.Error("who signs up with it cannot confirm")
	}
	enrols(subscription.AlreadyActive)
	if at, err := b.LeftAddress(b.ctx, b.address(old)); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("it is kept that its reader left it at %s, %v", at, err)
	}
	back := b.standing(old, "hebdo")
	b.must(b.move(b.openMove(back, "tierce@ailleurs.example").Move))
	enrols(subscription.Left)
	b.must(b.move(b.openMove(b.standing("tierce@ailleurs.example", "hebdo"), old).Move)) // and home again
	enrols(subscription.AlreadyActive)
	b.must(b.move(b.openMove(b.standing(old, "hebdo"), "tierce@ailleurs.example").Move))
	got, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{b.person(old, newsletter.SuppressedRequest)}, b.consent(newsletter.ConsentConfirmed))
	b.wantOutcomes(got, err, subscription.Silenced)
	b.must(second(b.Unsuppress(b.ctx, b.address(old))))
	enrols(subscription.Left)
	b.erase(old)
	enrols(subscription.Suppressed)
	if _, err := b.LeftAddress(b.ctx, b.address(old)); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("beside the silence of an erasure it is kept that the address was left: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func movingToOthers(t *testing.T, b *bench) {
	subs := b.readers(3)
	b.must(b.Suppress(b.ctx, b.address("stop@ailleurs.example"), newsletter.SuppressedRequest, "", b.now))
	limit := b.limit("to", 1)
	for _, test := range []struct {
		to     string
		limits []admission.Limit
		late   bool // the link of the letter before lives no longer
		want   newsletter.CancelReason
	}{
		{to: "r001@lecteurs.example", want: newsletter.CancelTaken},
		{to: "stop@ailleurs.example", want: newsletter.CancelSuppressed},
		{to: "libre@ailleurs.example", limits: []admission.Limit{limit}},
		{to: "libre@ailleurs.example", limits: []admission.Limit{limit}}, // pressed twice: the first letter stands
		{to: "libre@ailleurs.example", limits: []admission.Limit{limit}, late: true, want: newsletter.CancelLimited},
	} {
		if test.late {
			b.now = b.now.Add(subscription.LinkLife)
		}
		letter := b.openMove(subs[0], test.to, test.limits...)
		if letter.Reason != test.want || (letter.State == newsletter.Cancelled) != (test.want != "") {
			t.Errorf("to %s: the letter is %s (%s), want %q", test.to, letter.State, letter.Reason, test.want)
		}
	}
	first := b.openMove(subs[0], "deux-fois@ailleurs.example", b.limit("to twice", 1))
	if again := b.openMove(subs[0], "deux-fois@ailleurs.example", b.limit("to twice", 1)); again.ID != first.ID || again.State != newsletter.Queued {
		t.Errorf("pressed twice, the letter is %d, %s; want the first one, %d, queued", again.ID, again.State, first.ID)
	}
	if to, _, err := b.MoveTo(b.ctx, first.Move); err != nil || to.String() != "deux-fois@ailleurs.example" {
		t.Errorf("pressed twice, the link leads to %s, %v", to, err)
	}
	open := b.openMove(subs[0], "dernière@ailleurs.example")
	more := newAddress(b.address("autre-encore@ailleurs.example"), open.Variant, b.now)
	more.Asking = b.limit("asked", 1)
	for n, want := range []bool{true, false} {
		before := open
		if opened, err := b.OpenMove(b.ctx, b.handle(subs[0]), more); err != nil || opened != want {
			t.Errorf("a change asked for %d times: opened %v, %v", n+1, opened, err)
		}
		if want {
			told, err := b.Letters(b.ctx, more.Address, 1)
			b.must(err)
			open = told[0].Delivery
			if _, _, err := b.MoveTo(b.ctx, before.Move); !errors.Is(err, newsletter.ErrNotFound) {
				t.Errorf("the change before is open still: %v", err)
			}
		} else if to, _, err := b.MoveTo(b.ctx, open.Move); err != nil || to.String() != more.Address.String() {
			t.Errorf("the change that was open is to %s, %v", to, err)
		}
	}
	for i, meanwhile := range []func(mine, to string){
		func(_, to string) { // another took it
			_, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{{Address: b.address(to)}}, b.consent(newsletter.ConsentConfirmed))
			b.must(err)
		},
		func(_, to string) {
			b.must(b.Suppress(b.ctx, b.address(to), newsletter.SuppressedOperator, "", b.now))
		},
		func(mine, _ string) {
			b.must(b.Suppress(b.ctx, b.address(mine), newsletter.SuppressedComplaint, "", b.now))
		},
	} {
		to := []string{"prise", "muette", "autre"}[i] + "@ailleurs.example"
		letter := b.openMove(subs[2], to)
		if _, _, err := b.MoveTo(b.ctx, letter.Move); err != nil || letter.Reason != "" {
			t.Errorf("to %s: the letter is %s, %v", to, letter.Reason, err)
		}
		meanwhile(subs[2].Subscriber.Address, to)
		if err := b.move(letter.Move); !errors.Is(err, newsletter.ErrState) || b.sub(subs[2]).Subscriber.Address != subs[2].Subscriber.Address {
			t.Errorf("to %s, which is not possible any more: %v", to, err)
		}
		if refused := b.mark(letter); to == "muette@ailleurs.example" && len(refused) != 1 {
			t.Errorf("a letter to an address that was suppressed leaves all the same")
		}
	}
}

// Whoever types an address into a form does not take it from the person who opens its letters.
func movingPastStrangers(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	const to = "neuve@ailleurs.example"
	b.signUp(b.asking(to, "hebdo", "quotidien"))
	theirs := b.due()[0]
	b.mark(theirs)
	stranger := b.standing(to, "hebdo")
	letter := b.openMove(s, to)
	if letter.State != newsletter.Queued {
		t.Errorf("the letter is %s (%s)", letter.State, letter.Reason)
	}
	if err := b.move(letter.Move); !errors.Is(err, newsletter.ErrBusy) || b.sub(s).Subscriber.Address != s.Subscriber.Address {
		t.Errorf("with the stranger's letter on the wire: %v", err)
	}
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, theirs)
	b.must(b.move(letter.Move))
	if got := b.standing(to, "hebdo"); got.ID != s.ID || got.State != newsletter.Active {
		t.Errorf("at the new address stands %+v", got)
	}
	if _, err := b.Subscription(b.ctx, stranger.ID); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the stranger's sign-up is kept: %v", err)
	}
	if files, err := b.FilesDue(b.ctx); err != nil || !slices.Contains(files, theirs.ID) {
		t.Errorf("files are due of %v, %v; want the stranger's among them", files, err)
	}
	gone := b.readers(3)[1:]
	b.erase(gone[0].Subscriber.Address)
	_, err := b.Unsuppress(b.ctx, b.address(gone[0].Subscriber.Address)) // its person may come again
	b.must(err)
	if err := b.move(b.openMove(gone[1], gone[0].Subscriber.Address).Move); err != nil {
		t.Errorf("to the address of somebody erased, whose objection is over: %v", err)
	}
}

func movingForgets(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	b.publish(1, b.put(1)...)
	sent := b.due()
	b.mark(sent...)
	b.settle(newsletter.Sent, newsletter.NewReply(250, "for r000 (lecteurs)"), sent...)
	b.publish(2, b.put(1)...)
	coming := b.due()[0]
	b.must(b.Suppress(b.ctx, b.address(s.Subscriber.Address), newsletter.SuppressedHardBounce, "550 no r000 here", b.now))
	first := b.openMove(s, "faute@ailleurs.example")
	b.send(first)
	letter := b.openMove(s, "neuve@ailleurs.example")
	expect := func(when string, want ...int64) {
		t.Helper()
		if got, err := b.FilesDue(b.ctx); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s, files are due of %v, %v; want %v", when, got, err, want)
		}
	}
	expect("after the second letter", first.ID)
	b.send(letter)
	b.must(b.move(letter.Move))
	expect("after the change", sent[0].ID, first.ID, letter.ID)
	told, err := b.Letters(b.ctx, b.address("neuve@ailleurs.example"), 9)
	b.must(err)
	for _, l := range told {
		for _, a := range l.Attempts {
			if a.Reply.Text != "" {
				t.Errorf("words about the address before are kept: %q", a.Reply.Text)
			}
		}
		if l.ID == coming.ID && l.State != newsletter.Queued {
			t.Errorf("the letter that was to come is %s", l.State)
		}
	}
	if sup, err := b.Suppression(b.ctx, b.address(s.Subscriber.Address)); err != nil || sup.Address != "" || strings.Contains(sup.Reason, "r000") {
		t.Errorf("the silence of the address before is %+v, %v", sup, err)
	}
}

func movesSwept(t *testing.T, b *bench) {
	subs := b.readers(3)
	old := []newsletter.Delivery{b.openMove(subs[0], "a@ailleurs.example"), b.openMove(subs[1], "b@ailleurs.example")}
	b.send(old[0])
	b.later(time.Hour)
	young := b.openMove(subs[2], "c@ailleurs.example")
	for _, want := range []int{1, 1, 0} {
		if n, err := b.SweepMoves(b.ctx, b.now.Add(-time.Hour), 1); err != nil || n != want {
			t.Errorf("%d swept, %v; want %d", n, err, want)
		}
	}
	for _, d := range old {
		if _, _, err := b.MoveTo(b.ctx, d.Move); !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("an old change is there: %v", err)
		}
		if told, err := b.Letters(b.ctx, b.address(d.Address), 9); err != nil || len(told) != 0 {
			t.Errorf("its address is kept: %+v, %v", told, err)
		}
	}
	if files, err := b.FilesDue(b.ctx); err != nil || !slices.Equal(files, []int64{old[0].ID, old[1].ID}) {
		t.Errorf("files are due of %v, %v", files, err)
	}
	if due := b.due(); len(due) != 1 || due[0].ID != young.ID {
		t.Errorf("due: %+v; want the letter of the young change alone", due)
	}
}

func movingNowhere(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	letter := b.openMove(s, "faute@ailleurs.example")
	b.mark(letter)
	_, err := b.Step(b.ctx, []outbox.Settlement{{
		Delivery: letter.ID, To: letter.Address, State: newsletter.Failed, Suppress: newsletter.SuppressedHardBounce,
		Attempt: newsletter.Attempt{Started: b.now, Ended: b.now, State: newsletter.Failed, Reply: newsletter.NewReply(550, "5.1.1 unknown")},
	}}, nil, b.now)
	b.must(err)
	if sup, err := b.Suppression(b.ctx, b.address(s.Subscriber.Address)); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the reader is suppressed for a mailbox that is not theirs: %+v, %v", sup, err)
	}
}

// An edition was written to the address before when its reader moved: it goes to the new one.
func movingFromALetter(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	b.publish(1, b.put(1)...)
	old := b.due()[0]
	b.must(b.move(b.openMove(s, "neuve@ailleurs.example").Move))
	if refused := b.mark(old); !slices.Equal(refused, []int64{old.ID}) {
		t.Errorf("refused are %v; want the letter to the address before", refused)
	}
	due := slices.DeleteFunc(b.due(), func(d newsletter.Delivery) bool { return d.ID != old.ID })
	if len(due) != 1 || due[0].Address != "neuve@ailleurs.example" {
		t.Fatalf("due: %+v; want the same letter to the new address", due)
	}
	if refused := b.mark(due[0]); len(refused) != 0 {
		t.Errorf("refused to the new address: %v", refused)
	}
}

// Readers are erased between what is listed as due and its mark: nothing goes to them, and nothing of others is held up.
func erasingFromALetter(t *testing.T, b *bench) {
	s := b.readers(2)[0]
	b.publish(1, b.put(1)...)
	b.signUp(b.asking("lea@lecteurs.example", "hebdo"))
	due := b.due()
	if len(due) != 3 {
		t.Fatalf("due: %+v", due)
	}
	b.erase(s.Subscriber.Address)
	b.erase("lea@lecteurs.example")
	var gone []int64
	for _, d := range due {
		if d.Address == s.Subscriber.Address || d.Address == "lea@lecteurs.example" {
			gone = append(gone, d.ID)
		}
	}
	refused := b.mark(due...)
	slices.Sort(gone)
	slices.Sort(refused)
	if !slices.Equal(refused, gone) || len(gone) != 2 {
		t.Errorf("refused are %v; want %v", refused, gone)
	}
}

// An edition was on the wire to the address before when its reader moved, and its mailbox is gone.
func movingFromABounce(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	b.publish(1, b.put(1)...)
	edition := b.due()[0]
	b.mark(edition)
	letter := b.openMove(s, "neuve@ailleurs.example")
	b.send(letter)
	b.must(b.move(letter.Move))
	_, err := b.Step(b.ctx, []outbox.Settlement{{
		Delivery: edition.ID, To: edition.Address, State: newsletter.Failed, Suppress: newsletter.SuppressedHardBounce,
		Attempt: newsletter.Attempt{Started: b.now, Ended: b.now, State: newsletter.Failed, Reply: newsletter.NewReply(550, "5.1.1 no r000 here")},
	}}, nil, b.now)
	b.must(err)
	for _, a := range []string{"neuve@ailleurs.example", edition.Address} {
		if sup, err := b.Suppression(b.ctx, b.address(a)); !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("%s is suppressed: %+v, %v", a, sup, err)
		}
	}
	told, err := b.Letters(b.ctx, b.address("neuve@ailleurs.example"), 9)
	b.must(err)
	for _, l := range told {
		if l.ID == edition.ID && (l.State != newsletter.Failed || len(l.Attempts) != 1 || l.Attempts[0].Reply.Text != "") {
			t.Errorf("the edition is %+v; want it failed, without words about the address before", l)
		}
	}
}
