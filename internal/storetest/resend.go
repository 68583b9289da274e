package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/subscription"
)

// order is one that the named user gives at a terminal.
func (b *bench) order(by string) outbox.Order {
	return outbox.Order{By: by, Way: outbox.WayTerminal, Flags: "--yes", At: b.now}
}

// round sends an edition once more, and checks that as many people were foreseen as were reached.
func (b *bench) round(e newsletter.Edition, r outbox.Round) (n int) {
	b.t.Helper()
	foreseen, err := b.CountResend(b.ctx, e.Ref(), r)
	b.must(err)
	listed := 0
	for _, what := range r.Groups {
		who, err := b.ListResend(b.ctx, e.ID, what, r.Since, 0, 1000)
		b.must(err)
		listed += len(who)
	}
	before, told := len(b.dueOf(e)), 0
	people, err := b.Resend(b.ctx, e.Ref(), r, b.order("op"), func(so int) { told = so })
	b.must(err)
	for what, some := range people {
		n += some
		if foreseen[what] != some {
			b.t.Errorf("%s: %d were foreseen, %d reached", what, foreseen[what], some)
		}
	}
	if now := b.edition(e); listed != n || told != n || !now.Paused && len(b.dueOf(e)) != before+n {
		b.t.Errorf("%d people: %d were listed, %d told of, and %d letters became due", n, listed, told, len(b.dueOf(e))-before)
	}
	return n
}

// resend sends an edition once more to groups of readers, and returns how many people that were.
func (b *bench) resend(e newsletter.Edition, groups ...outbox.ResendWhat) int {
	b.t.Helper()
	return b.round(e, outbox.Round{Groups: groups})
}

func (b *bench) dueOf(e newsletter.Edition) []newsletter.Delivery {
	b.t.Helper()
	return slices.DeleteFunc(b.due(), func(d newsletter.Delivery) bool { return d.Edition != e.ID })
}

// lose marks letters and settles them as one that stays unknown does.
func (b *bench) lose(deliveries ...newsletter.Delivery) {
	b.t.Helper()
	b.mark(deliveries...)
	b.settle(newsletter.Unknown, newsletter.Reply{Text: "EOF"}, deliveries...)
}

// finish lets the sender look whether anything is over.
func (b *bench) finish() {
	b.t.Helper()
	_, err := b.Finish(b.ctx)
	b.must(err)
}

func (b *bench) newcomers(e newsletter.Edition) map[newsletter.DeliveryState]int {
	b.t.Helper()
	counts, err := b.EditionCounts(b.ctx, e.ID)
	b.must(err)
	return outbox.ByState(counts, true)
}

func resendingUnknown(t *testing.T, b *bench) {
	subs := b.readers(6)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	first := b.now
	b.send(due[0])
	b.lose(due[1:5]...)
	b.mark(due[5])
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due[5])
	b.finish()
	b.leave(subs[2])
	b.prefer(subs[3], b.now.Add(time.Hour), "hebdo")
	b.must(b.Suppress(b.ctx, b.address(subs[4].Subscriber.Address), newsletter.SuppressedComplaint, "spam", b.now))
	b.later(time.Hour / 2)
	if n := b.resend(e, outbox.ResendUnknown); n != 1 {
		t.Errorf("%d reached, want 1: who has it, left, paused or is suppressed is passed over, and so is what failed", n)
	}
	again := b.due()
	if len(again) != 1 || again[0].ID != due[1].ID || again[0].Copy != 1 || again[0].Tries != 0 || again[0].Unknowns != 1 || !again[0].First.Equal(first) {
		t.Errorf("due again: %+v; want the same letter with its date", again)
	}
	if state := b.edition(e).State; state != newsletter.EditionSending {
		t.Errorf("the edition is %s, want sending", state)
	}
	if n := b.resend(e, outbox.ResendUnknown); n != 0 {
		t.Errorf("a second order reached %d", n)
	}
	b.lose(again...)
	b.finish()
	if due := b.due(); len(due) != 0 || b.edition(e).State != newsletter.EditionDone {
		t.Errorf("unknown again: %+v; it waits for the next order", due)
	}
	if n := b.resend(e, outbox.ResendUnknown); n != 1 {
		t.Errorf("the next order reached %d, want 1", n)
	}
	b.send(b.due()...)
	b.balanced("sent at last", e, subs)
}

// A further copy that did not arrive, or may not have, is no reason to write once more to who has the first.
func resendingNobodyTwice(t *testing.T, b *bench) {
	b.readers(2)
	e := b.publish(1, b.put(1)...)
	b.send(b.due()...)
	for i, lost := range []newsletter.DeliveryState{newsletter.Unknown, newsletter.Failed} {
		_, err := b.ResendTo(b.ctx, e.Ref(), b.address(fmt.Sprintf("r%03d@lecteurs.example", i)), b.order("op"))
		b.must(err)
		copies := b.due()
		b.mark(copies...)
		b.settle(lost, newsletter.NewReply(554, "no"), copies...)
	}
	if n := b.resend(e, outbox.ResendGroups()...); n != 0 || len(b.due()) != 0 {
		t.Errorf("%d people who have the edition are owed it", n)
	}
}

func resendingNewcomers(t *testing.T, b *bench) {
	old := b.readers(3)
	ids := b.put(2)
	b.later(24 * time.Hour)
	e := b.publish(1, ids[0])
	b.send(b.due()...)
	b.finish()
	b.later(-48 * time.Hour) // the clock was set back: the order of the two is not one of clocks
	b.readers(5)
	b.later(96 * time.Hour)
	late := b.readers(9)
	b.leave(late[6])
	b.prefer(late[7], b.now.Add(time.Hour), "hebdo")
	b.must(b.Suppress(b.ctx, b.address(late[8].Subscriber.Address), newsletter.SuppressedComplaint, "spam", b.now))
	second := b.publish(2, ids[1])
	if n := b.resend(second, outbox.ResendNewcomers); n != 0 {
		t.Errorf("%d readers of the second edition are newcomers to it", n)
	}
	b.send(b.due()...)

	if n := b.round(e, outbox.Round{Groups: []outbox.ResendWhat{outbox.ResendNewcomers}, Since: b.now}); n != 1 {
		t.Errorf("%d newcomers of this instant, want 1", n)
	}
	if n := b.resend(e, outbox.ResendNewcomers); n != 2 {
		t.Errorf("%d newcomers besides, want 2", n)
	}
	if n := b.resend(e, outbox.ResendNewcomers); n != 0 {
		t.Errorf("a second order reached %d", n)
	}
	due := b.due()
	if len(due) != 3 || due[0].Copy != 1 || due[0].Edition != e.ID || !due[0].First.IsZero() {
		t.Fatalf("due: %+v; want copy 1 for each of the three", due)
	}
	b.balanced("newcomers are queued", e, old)
	if now := b.edition(e); now.Planned != 3 || now.State != newsletter.EditionSending || b.newcomers(e)[newsletter.Queued] != 3 {
		t.Errorf("planned %d, %s, newcomers %v", now.Planned, now.State, b.newcomers(e))
	}
	b.leave(late[3])
	if refused := b.mark(due...); len(refused) != 1 {
		t.Errorf("refused: %v; want the one who left since", refused)
	}
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, due...)
	b.finish()
	if now := b.newcomers(e); b.edition(e).State != newsletter.EditionDone || now[newsletter.Sent] != 2 || now[newsletter.Cancelled] != 1 {
		t.Errorf("the edition is %s, newcomers %v", b.edition(e).State, now)
	}
	b.balanced("newcomers have it", e, old)
}

// Who was dropped because they had left, and signs up anew, is a newcomer, and their letter is the one there is.
func resendingWhoCameBack(t *testing.T, b *bench) {
	subs := b.readers(3)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.leave(subs[0])
	b.mark(due...)
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, due[1:]...)
	b.finish()
	b.leave(subs[1])
	for _, s := range subs[:2] {
		b.later(time.Hour)
		b.signUp(b.asking(s.Subscriber.Address, "hebdo"))
		b.confirm(s.Subscriber.Address, "hebdo")
	}
	if n := b.resend(e, outbox.ResendGroups()...); n != 1 {
		t.Errorf("%d reached, want the one who has no copy", n)
	}
	if again := b.dueOf(e); len(again) != 1 || again[0].ID != due[0].ID {
		t.Errorf("due: %+v; want the letter that was dropped", again)
	}
	b.balanced("came back", e, subs)
	if counts := b.newcomers(e); len(counts) != 0 {
		t.Errorf("one of the planned counts as a newcomer: %v", counts)
	}
}

// An order may come while rows are still being made, while the edition is held, and as it is done.
func resendingMeanwhile(t *testing.T, b *bench) {
	old := b.readers(6)
	e, err := b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	_, err = b.QueueNext(b.ctx, 3, b.now)
	b.must(err)
	due := b.due()
	b.lose(due[0])
	b.mark(due[1])
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due[1])
	b.readers(8)
	if n := b.resend(e, outbox.ResendGroups()...); n != 4 {
		t.Errorf("%d reached, want the lost one, the failed one and two newcomers, none whose row is still to be made", n)
	}
	b.balanced("rows are being made", e, old)
	counts, err := b.OutboxCounts(b.ctx)
	b.must(err)
	if counts[newsletter.Queued] != 8 {
		t.Errorf("the outbox counts %v", counts)
	}
	b.queueAll()
	b.balanced("rows are made", e, old)
	if all := b.due(); len(all) != 8 {
		t.Errorf("%d letters are due, want one for each", len(all))
	}

	b.must(b.Pause(b.ctx, e.Ref(), true))
	b.readers(9)
	if n := b.resend(e, outbox.ResendNewcomers); n != 1 || len(b.due()) != 0 || !b.edition(e).Paused {
		t.Errorf("%d reached of an edition that is held, due: %v", n, b.due())
	}
	b.must(b.Pause(b.ctx, e.Ref(), false))
	b.send(b.due()...)
	b.finish()
	if now := b.counts(e); b.edition(e).State != newsletter.EditionDone || now[newsletter.Sent] != 6 || b.newcomers(e)[newsletter.Sent] != 3 {
		t.Errorf("the edition is %s: %v and newcomers %v", b.edition(e).State, now, b.newcomers(e))
	}
}

// A copy that a newcomer asked for on their page goes ahead of its edition, and is dropped where that is held. Sent once more, it
// waits with it.
func resendingAhead(t *testing.T, b *bench) {
	b.readers(1)
	e := b.publish(1, b.put(1)...)
	b.send(b.due()...)
	late := b.readers(3)
	for _, s := range late[1:] {
		_, err := b.OweLatest(b.ctx, b.handle(s), b.limit(s.Subscriber.Address, 3), b.now)
		b.must(err)
	}
	if n := b.resend(e, outbox.ResendGroups()...); n != 0 {
		t.Errorf("%d people whose copy is under way are owed one", n)
	}
	due := b.due()
	b.mark(due[0])
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due[0])
	b.must(b.Pause(b.ctx, e.Ref(), true))
	if refused := b.mark(due[1]); len(refused) != 1 {
		t.Error("a copy of an edition that is held was marked")
	}
	_, err := b.ResendTo(b.ctx, e.Ref(), b.address(due[1].Address), b.order("op"))
	b.must(err)
	if n := b.resend(e, outbox.ResendGroups()...); n != 1 || b.newcomers(e)[newsletter.Queued] != 2 {
		t.Errorf("%d reached besides the one who was named, want 1; newcomers %v", n, b.newcomers(e))
	}
	if refused := b.mark(due...); len(refused) != 2 || b.newcomers(e)[newsletter.Queued] != 2 {
		t.Errorf("what waits with the edition was marked or dropped: %v", b.newcomers(e))
	}
	b.must(b.Pause(b.ctx, e.Ref(), false))
	if refused := b.mark(b.due()...); len(refused) != 0 || b.newcomers(e)[newsletter.Attempting] != 2 {
		t.Errorf("after the hold, refused: %v, newcomers %v", refused, b.newcomers(e))
	}
}

// auditing reads who asked for what, for whom and how.
func auditing(t *testing.T, b *bench) {
	b.readers(4)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due...)
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due[0], due[1])
	b.settle(newsletter.Unknown, newsletter.Reply{Text: "EOF"}, due[2])
	b.settle(newsletter.Sent, newsletter.Reply{Code: 250}, due[3])
	since := b.now
	b.later(time.Minute)
	b.readers(5)
	first := outbox.Order{By: "camille", Way: outbox.WayScript, Flags: "--failed --unknown --newcomers --yes", At: b.now}
	_, err := b.Resend(b.ctx, e.Ref(), outbox.Round{Groups: outbox.ResendGroups(), Since: since}, first, func(int) {})
	b.must(err)
	if n := b.resend(e, outbox.ResendGroups()...); n != 0 {
		t.Errorf("a second order reached %d", n)
	}
	b.later(time.Hour)
	next, err := b.ResendTo(b.ctx, e.Ref(), b.address(due[3].Address), b.order("nora"))
	b.must(err)
	_, err = b.ResendTo(b.ctx, e.Ref(), b.address("inconnue@lecteurs.example"), b.order("nora"))
	if !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a resend to nobody gives %v", err)
	}
	told, err := b.Letters(b.ctx, b.address(due[3].Address), 10)
	b.must(err)
	got, err := b.Resends(b.ctx, e.ID)
	b.must(err)
	want := []outbox.Resend{
		{Order: first, What: outbox.ResendUnknown, People: 1, Whole: true},
		{Order: first, What: outbox.ResendFailed, People: 2, Whole: true},
		{Order: first, What: outbox.ResendNewcomers, Since: since, People: 1, Whole: true},
		{Order: b.order("nora"), What: outbox.ResendTo, People: 1, Whole: true, Delivery: told[0].ID},
	}
	if !slices.Equal(got, want) || next.Delivery != told[0].ID {
		t.Errorf("the record of resends is %+v, want %+v", got, want)
	}
}

// listingWhom turns the pages of those whom an order would reach.
func listingWhom(t *testing.T, b *bench) {
	subs := b.readers(5)
	e := b.publish(1, b.put(1)...)
	due := b.due()
	b.mark(due...)
	b.settle(newsletter.Failed, newsletter.NewReply(550, "5.7.1 policy"), due...)
	late := b.readers(6)
	var got []outbox.Recipient
	for after := int64(0); ; {
		some, err := b.ListResend(b.ctx, e.ID, outbox.ResendFailed, time.Time{}, after, 2)
		b.must(err)
		if len(some) == 0 {
			break
		}
		got, after = append(got, some...), some[len(some)-1].Subscriber
	}
	var want []outbox.Recipient
	for i, s := range subs {
		want = append(want, outbox.Recipient{Subscriber: s.Subscriber.ID, Address: s.Subscriber.Address, Delivery: due[i].ID})
	}
	if !slices.Equal(got, want) {
		t.Errorf("of those whose letter failed %+v are listed, want %+v", got, want)
	}
	got, err := b.ListResend(b.ctx, e.ID, outbox.ResendNewcomers, time.Time{}, 0, 10)
	b.must(err)
	if want := []outbox.Recipient{{Subscriber: late[5].Subscriber.ID, Address: late[5].Subscriber.Address}}; !slices.Equal(got, want) {
		t.Errorf("newcomers are %+v, want %+v", got, want)
	}
	if len(b.due()) != 0 || b.edition(e).State != newsletter.EditionSending {
		t.Error("looking changed something")
	}
}

// resendingAmongAll has everything happen in any order, and orders in between. Whatever it was, the planned readers stay
// accounted for, nobody who may not gets a letter and nobody two; and once all goes well, everybody who may has one.
func resendingAmongAll(t *testing.T, b *bench) {
	seed := rand.Uint64()
	m := &mixture{bench: b, chance: rand.New(rand.NewPCG(seed, 0)), arrived: map[int64]int{}, silent: map[string]bool{}}
	m.planned = b.readers(12)
	var err error
	m.issue, err = b.Publish(b.ctx, b.publication(1, b.put(1)...))
	b.must(err)
	for range 150 {
		b.later(time.Minute)
		when := m.step()
		b.balanced(fmt.Sprintf("seed %d: %s", seed, when), m.issue, m.planned)
	}
	b.must(b.Pause(b.ctx, m.issue.Ref(), false))
	b.queueAll()
	for range 2 {
		b.later(24 * time.Hour)
		m.carry(newsletter.Sent, b.due()...)
		b.resend(m.issue, outbox.ResendGroups()...)
	}
	b.finish()
	b.balanced("the end", m.issue, m.planned)
	for _, s := range m.everybody() {
		may := s.State == newsletter.Active && !m.silent[s.Subscriber.Address]
		if n := m.arrived[s.Subscriber.ID]; n > 1 || may && n != 1 {
			t.Errorf("seed %d: %s (%s, may be written to: %v) has %d copies", seed, s.Subscriber.Address, s.State, may, n)
		}
	}
	if state := b.edition(m.issue).State; state != newsletter.EditionDone {
		t.Errorf("seed %d: the edition is %s", seed, state)
	}
}

// A mixture is an edition under way and all that can happen to it and its readers.
type mixture struct {
	*bench
	chance  *rand.Rand
	issue   newsletter.Edition
	planned []newsletter.Subscription
	arrived map[int64]int // copies that a subscriber has
	silent  map[string]bool
}

func (m *mixture) everybody() []newsletter.Subscription {
	subs, err := m.Subscriptions(m.ctx, subscription.Filter{Newsletter: "hebdo"})
	m.must(err)
	return subs
}

// step does one thing, and says which.
func (m *mixture) step() string {
	all := m.everybody()
	who := all[m.chance.IntN(len(all))]
	switch n := m.chance.IntN(14); {
	case n == 0:
		m.readers(len(all) + 1)
		return "one more signs up"
	case n == 1 && who.State == newsletter.Active:
		m.leave(who)
		return "one leaves"
	case n == 2 && who.State == newsletter.Unsubscribed:
		m.takeBack(who)
		return "one comes back"
	case n == 3 && who.State == newsletter.Active:
		m.prefer(who, m.now.Add(5*time.Minute), "hebdo")
		return "one pauses"
	case n == 4:
		_, err := m.ResumePaused(m.ctx, m.now, 10)
		m.must(err)
		return "pauses end"
	case n == 5 && m.chance.IntN(3) == 0:
		m.silent[who.Subscriber.Address] = true
		m.must(m.Suppress(m.ctx, m.address(who.Subscriber.Address), newsletter.SuppressedComplaint, "spam", m.now))
		return "one is suppressed"
	case n == 6 && m.bench.edition(m.issue).State != newsletter.EditionDone:
		m.must(m.Pause(m.ctx, m.issue.Ref(), m.chance.IntN(2) == 0))
		return "the edition is held, or goes on"
	case n == 7:
		_, err := m.QueueNext(m.ctx, 3, m.now)
		m.must(err)
		return "a chunk"
	case n == 8:
		m.finish()
		return "what is over is done"
	case n <= 10:
		group := outbox.ResendGroups()[m.chance.IntN(3)]
		m.resend(m.issue, group)
		return "sent once more: " + string(group)
	}
	if due := m.due(); len(due) > 0 {
		outcome := []newsletter.DeliveryState{newsletter.Sent, newsletter.Failed, newsletter.Unknown, newsletter.Deferred, newsletter.Expired}[m.chance.IntN(5)]
		m.carry(outcome, due[m.chance.IntN(len(due))])
		return "a letter ends " + string(outcome)
	}
	return "nothing"
}

// carry takes letters out, and checks that those who get them may.
func (m *mixture) carry(outcome newsletter.DeliveryState, letters ...newsletter.Delivery) {
	m.t.Helper()
	refused := m.mark(letters...)
	letters = slices.DeleteFunc(letters, func(d newsletter.Delivery) bool { return slices.Contains(refused, d.ID) })
	m.settle(outcome, newsletter.NewReply(550, "so it is"), letters...)
	for _, d := range letters {
		if s := m.standing(d.Address, "hebdo"); s.State != newsletter.Active || m.silent[d.Address] {
			m.t.Errorf("%s, who is %s, got a letter", d.Address, s.State)
		}
		if m.arrived[d.Subscriber] > 0 {
			m.t.Errorf("%s, who has the edition, got a letter", d.Address)
		}
		if outcome == newsletter.Sent {
			m.arrived[d.Subscriber]++
		}
	}
}

// resendingToMovers has readers of the weekly letter, which recalled what the daily one brought, move to that. Who has had all of an edition by the other is no newcomer
// to it; what did not arrive, and an edition with anything else, counts as before.
func resendingToMovers(t *testing.T, b *bench) {
	ids := b.put(2)
	daily := func(number int, articles ...int64) newsletter.Edition {
		p := b.publication(number, articles...)
		p.Newsletter = "quotidien"
		e, err := b.Publish(b.ctx, p)
		b.must(err)
		return e
	}
	first, second := daily(1, ids[0]), daily(2, ids...)
	b.later(time.Hour)
	movers := b.readers(3)
	weekly := b.publish(1, ids[0])
	due := b.dueOf(weekly)
	b.mark(due[1])
	b.settle(newsletter.Failed, newsletter.NewReply(554, "no"), due[1])
	b.send(due[0], due[2])
	b.later(time.Hour)
	for _, m := range movers {
		b.prefer(m, time.Time{}, "quotidien")
	}
	if n := b.resend(first, outbox.ResendNewcomers); n != 1 {
		t.Errorf("%d are newcomers to an edition of which two had all, want 1", n)
	}
	if n := b.resend(second, outbox.ResendNewcomers); n != 3 {
		t.Errorf("%d are newcomers to an edition with more, want 3", n)
	}
	if _, err := b.ResendTo(b.ctx, first.Ref(), b.address(movers[0].Subscriber.Address), b.order("op")); err != nil {
		t.Errorf("to a person by name: %v", err)
	}
}

// resendingUpdates brings an article to two readers, of whom one leaves, and once more as updated to the other. Who comes back lacks that; who had it by an edition
// that it did not change since, or by a later one, had it.
func resendingUpdates(t *testing.T, b *bench) {
	guide := b.put(1)[0]
	subs := b.readers(3)
	bring := func(name string, number int, rule newsletter.Rule, fresh int, away ...newsletter.Subscription) newsletter.Edition {
		t.Helper()
		for _, s := range away {
			b.prefer(s, b.now.Add(24*time.Hour), name)
		}
		b.later(time.Minute)
		p := b.publication(number, guide)
		p.Newsletter, p.Verdicts[0].Rule, p.Verdicts[0].Fresh, p.Approved = name, rule, fresh, b.now
		e, err := b.Publish(b.ctx, p)
		b.must(err)
		b.queueAll()
		b.send(b.dueOf(e)...)
		b.later(time.Hour)
		return e
	}
	back := func(s newsletter.Subscription, name string) {
		t.Helper()
		b.prefer(s, time.Time{}, name)
		b.later(time.Minute)
	}
	want := func(e newsletter.Edition, newcomers, sated int) {
		t.Helper()
		got, err := b.CountSated(b.ctx, e.Ref(), time.Time{})
		b.must(err)
		if n := b.resend(e, outbox.ResendNewcomers); n != newcomers || got != sated {
			t.Errorf("%s reaches %d newcomers and passes over %d, want %d and %d", e.Ref(), n, got, newcomers, sated)
		}
		b.send(b.dueOf(e)...)
	}

	bring("hebdo", 1, newsletter.RuleNew, 0)
	longer := b.article(1)
	longer.Body = "Le texte, avec un chapitre de plus."
	_, err := b.PutArticles(b.ctx, []newsletter.Article{longer}, b.now)
	b.must(err)
	updated := bring("hebdo", 2, newsletter.RuleUpdated, 37, subs[1], subs[2])
	back(subs[1], "hebdo")
	want(updated, 1, 0)
	want(updated, 0, 0)

	daily := bring("quotidien", 1, newsletter.RuleRecalled, 37)
	back(subs[0], "quotidien") // had it by hebdo/2 as it still is
	want(daily, 0, 1)
	again := b.article(1)
	again.Body = "Le texte, avec un chapitre de plus et encore un."
	_, err = b.PutArticles(b.ctx, []newsletter.Article{again}, b.now)
	b.must(err)
	later := bring("quotidien", 2, newsletter.RuleUpdated, 30)
	back(subs[1], "quotidien")
	want(later, 1, 0)
	want(daily, 0, 2) // and by the later one
}
