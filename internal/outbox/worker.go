package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

const (
	reopenFirst   = time.Second     // wait before a way out that led nowhere is tried again
	reopenLongest = 5 * time.Minute // the wait doubles up to this
	drainLongest  = 8 * time.Second // under UntilIdle no wait is longer: the way out is given up instead
)

// ErrNoWayOut reports that no connection could be opened, or that none carried a letter. It is wrapped with the reason.
var ErrNoWayOut = errors.New("no way out")

// work carries letters over one connection at a time to a relay, opened when there is a letter to carry. After a way out that
// broke off before any letter was taken or refused for good it waits, each time for longer, so that a relay is not
// besieged that is away or puts off every letter and hangs up. Of several, the relay is left alone as a whole.
//
// It carries what goes ahead of editions, and copies where it is given those.
func (r *run) work(ctx context.Context, one *relay, copies <-chan newsletter.Delivery) {
	wait := reopenFirst
	for {
		d, ok := r.receive(ctx, one, true, copies)
		if !ok {
			return
		}
		l, err := r.carry(ctx, one, d, copies)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			wait = reopenFirst
			r.relays.tried(one, r.Now())
		case l.finished > 0:
			wait = reopenFirst
			r.Log.WarnContext(ctx, "a connection was lost", r.naming(one, "error", nameless(err.Error()))...)
		case r.relays.several():
			rests := r.leaveAlone(ctx, one, 0, err.Error())
			if r.UntilIdle && !r.relays.up() && (l.settled == 0 || rests > drainLongest) {
				r.fail(fmt.Errorf("%w: %w", ErrNoWayOut, err))
				return
			}
		case r.UntilIdle && (l.settled == 0 || wait > drainLongest):
			r.fail(fmt.Errorf("%w: %w", ErrNoWayOut, err))
			return
		default:
			now := r.Now()
			r.relays.says(one, nameless(err.Error()), now, now.Add(wait))
			r.Log.WarnContext(ctx, "the way out is closed", "error", nameless(err.Error()), "again_in", wait)
			if !sleep(ctx, wait) {
				return
			}
			wait = min(2*wait, reopenLongest)
		}
	}
}

// carry opens a way out for a delivery and carries it, and what is due after it, as far as that way leads.
func (r *run) carry(ctx context.Context, one *relay, d newsletter.Delivery, copies <-chan newsletter.Delivery) (*load, error) {
	l := &load{run: r, relay: one, ctx: ctx, copies: copies, handed: map[int64]bool{}}
	ctx, end := context.WithCancel(ctx)
	defer end()
	l.vigil.recall = end
	l.vigil.first = &d
	defer l.unload()
	l.awaits()
	courier, err := one.Transport.Open(ctx)
	if err != nil {
		return l, err
	}
	l.came()
	r.relays.opened(one)
	defer r.relays.closed(one)
	return l, courier.Carry(ctx, l.next, l.beside, l.step)
}

// receive waits for the next letter that a relay may take; of two that are ready it takes the one that goes ahead, where it may be one.
func (r *run) receive(ctx context.Context, one *relay, ahead bool, copies <-chan newsletter.Delivery) (newsletter.Delivery, bool) {
	for {
		t := r.relays.turn(one, r.Now())
		t.ahead = t.ahead && ahead
		d, ok := r.await(ctx, t, copies)
		switch {
		case ok && r.relays.take(one, r.Now()):
			return d, true
		case ok:
			r.giveBack(d.ID)
		case ctx.Err() != nil || r.over():
			return newsletter.Delivery{}, false
		}
	}
}

// await waits for a letter as long as a turn holds.
func (r *run) await(ctx context.Context, t turn, copies <-chan newsletter.Delivery) (d newsletter.Delivery, ok bool) {
	ahead := r.ahead
	if !t.ahead {
		ahead = nil
	}
	if !t.copies {
		copies = nil
	}
	select {
	case d = <-ahead:
		return d, true
	default:
	}
	var opens <-chan time.Time
	if !t.opens.IsZero() {
		timer := time.NewTimer(t.opens.Sub(r.Now()))
		defer timer.Stop()
		opens = timer.C
	}
	select {
	case d = <-ahead:
		return d, true
	case d = <-copies:
		return d, true
	case <-t.changed:
	case <-opens:
	case <-r.fed:
	case <-ctx.Done():
	}
	return newsletter.Delivery{}, false
}

// over reports that nothing more comes.
func (r *run) over() bool {
	select {
	case <-r.fed:
		return true
	default:
		return false
	}
}

// A load is what one connection carries. Its methods are called by one courier, one at a time.
type load struct {
	*run
	relay    *relay
	vigil    vigil
	ctx      context.Context            // of the run: composing outlives the lull in which it was asked for
	copies   <-chan newsletter.Delivery // nil: it carries only what goes ahead of editions
	handed   map[int64]bool             // handed over, and neither settled nor refused
	settled  int                        // how many came to an outcome
	finished int                        // how many of these were taken or refused for good
}

// next is the [Next] of a connection: the letter that is due next.
func (l *load) next(ctx context.Context) (newsletter.Parcel, bool) {
	l.came()
	if l.tookBack() != 0 {
		return newsletter.Parcel{}, false
	}
	parcel, ok := l.draw(ctx, l.take)
	if ok {
		l.awaits()
	}
	return parcel, ok
}

// beside is the [Next] for a letter that travels with the content of another: a copy, while the server is quick and nothing waits that
// goes ahead.
func (l *load) beside(ctx context.Context) (newsletter.Parcel, bool) {
	if l.copies == nil || len(l.ahead) > 0 || !l.quick() {
		return newsletter.Parcel{}, false
	}
	parcel, ok := l.draw(ctx, l.takeBeside)
	if ok {
		l.listens(besidePatience)
	}
	return parcel, ok
}

// draw composes the letter that is taken. One that cannot be composed fails, and the one after it is taken.
func (l *load) draw(ctx context.Context, take func(context.Context) (newsletter.Delivery, bool)) (newsletter.Parcel, bool) {
	for {
		d, ok := take(ctx)
		if !ok {
			return newsletter.Parcel{}, false
		}
		parcel, cause, err := l.compose(d)
		if err == nil && cause == nil {
			l.handed[d.ID] = true
			l.handing(d.ID)
			return parcel, true
		}
		if err == nil {
			err = l.spoiled(l.ctx, d, cause)
		}
		if err != nil {
			l.release(d.ID)
			if l.ctx.Err() == nil {
				l.fail(err)
			}
			return newsletter.Parcel{}, false
		}
	}
}

// compose makes a delivery's letter, or says why it can never be made.
func (l *load) compose(d newsletter.Delivery) (parcel newsletter.Parcel, cause, err error) {
	date := d.First
	if date.IsZero() {
		date = l.Now()
	}
	err = l.patiently(l.ctx, func() (err error) {
		parcel, err = l.Composer.Compose(l.ctx, d, date)
		if errors.Is(err, newsletter.ErrInvalid) {
			cause, err = err, nil
		}
		return err
	})
	return parcel, cause, err
}

func (l *load) take(ctx context.Context) (newsletter.Delivery, bool) {
	if d, ok := l.takeFirst(); ok {
		return d, true
	}
	return l.receive(ctx, l.relay, true, l.copies)
}

// atHand is how long a marked letter waits for another to travel with it.
const atHand = time.Millisecond

// takeBeside takes a copy that is at hand; mostly the feeder holds one out, and there is nothing to wait for.
func (l *load) takeBeside(ctx context.Context) (newsletter.Delivery, bool) {
	if l.relays.turn(l.relay, l.Now()).copies {
		select {
		case d := <-l.copies:
			if l.relays.take(l.relay, l.Now()) {
				return d, true
			}
			l.giveBack(d.ID)
		default:
		}
	}
	ctx, cancel := context.WithTimeout(ctx, atHand)
	defer cancel()
	return l.receive(ctx, l.relay, false, l.copies)
}

// step is the [Step] of a connection. It heeds the run's context, whose end a courier keeps from its steps.
func (l *load) step(_ context.Context, done []newsletter.Settled, begin []newsletter.Parcel) ([]newsletter.Parcel, error) {
	l.came()
	defer l.awaits()
	back := l.tookBack()
	var gone []newsletter.Parcel
	if back != 0 {
		done = slices.DeleteFunc(slices.Clone(done), func(s newsletter.Settled) bool { return s.Delivery == back })
		begin, gone = apart(begin, back)
	}
	l.spoke(done, begin)
	refused, err := l.run.step(l.ctx, l.relay, done, begin)
	if err != nil {
		l.fail(err)
		return nil, err
	}
	l.settled += len(done)
	for _, s := range done {
		delete(l.handed, s.Delivery)
		switch newsletter.Outcome(s.Attempt.Stage, s.Attempt.Reply) {
		case newsletter.Sent, newsletter.Failed:
			l.finished++
			l.relays.finished(l.relay)
		}
	}
	for _, p := range refused {
		delete(l.handed, p.Delivery)
	}
	l.stepped(len(begin) > len(refused))
	return append(refused, gone...), nil
}

// apart parts letters from the one that was taken back.
func apart(begin []newsletter.Parcel, back int64) (ours, gone []newsletter.Parcel) {
	for _, p := range begin {
		if p.Delivery == back {
			gone = append(gone, p)
		} else {
			ours = append(ours, p)
		}
	}
	return ours, gone
}

// unload gives back what the connection did not come to: it is as due as before.
func (l *load) unload() {
	l.rested()
	delete(l.handed, l.tookBack())
	if d, ok := l.takeFirst(); ok {
		l.giveBack(d.ID)
	}
	for id := range l.handed {
		l.giveBack(id)
	}
}

// spoiled records a letter that cannot be composed: the operator sees why and can send it again once it is mended.
func (r *run) spoiled(ctx context.Context, d newsletter.Delivery, cause error) error {
	now := r.Now()
	_, err := r.commit(ctx, []Settlement{{
		Delivery: d.ID, To: d.Address, State: newsletter.Failed,
		Attempt: newsletter.Attempt{Started: now, Ended: now, Stage: newsletter.StageConnect, State: newsletter.Failed,
			Reply: newsletter.NewReply(0, cause.Error()).WithoutAddress(d.Address)},
	}}, nil)
	return err
}

// step decides what became of letters, and makes that and the marks of the next ones durable.
func (r *run) step(ctx context.Context, one *relay, done []newsletter.Settled, begin []newsletter.Parcel) ([]newsletter.Parcel, error) {
	settled := make([]Settlement, len(done))
	for i, letter := range done {
		d := r.flight(letter.Delivery)
		letter.Attempt.Reply = letter.Attempt.Reply.WithoutAddress(d.Address, display(d.Address))
		settled[i] = r.decide(d, letter.Attempt)
		settled[i].Closing = r.heard(ctx, one, d, settled[i].Attempt)
		settled[i].Hold = r.hold(ctx, one, d, settled[i].Attempt)
		r.elsewhere(one, &settled[i])
	}
	ids, err := r.commit(ctx, settled, begin)
	if err != nil {
		return nil, err
	}
	var refused []newsletter.Parcel
	for _, id := range ids {
		for _, p := range begin {
			if p.Delivery == id {
				refused = append(refused, p)
			}
		}
	}
	return refused, nil
}

// display is an address with its domain in its own script, as a server may write it, too; "" where that is no other.
func display(written string) string {
	if !strings.Contains(written, "xn--") {
		return ""
	}
	a, err := address.Parse(written)
	if err != nil {
		return ""
	}
	return a.Display()
}

// commit makes outcomes and marks durable. It does not end with ctx, the run's: an outcome that is not recorded is a
// letter whose fate is unknown. But it does not hold up a stop for long.
func (r *run) commit(ctx context.Context, settled []Settlement, begin []newsletter.Parcel) (refused []int64, err error) {
	longer := r.longer
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		longer, cancel = outlasting(ctx)
		defer cancel()
	}
	err = r.patiently(longer, func() error {
		refused, err = r.Store.Step(longer, settled, begin, r.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	r.landed(ctx, settled, refused)
	return refused, nil
}

// landed forgets deliveries that are no longer in flight and counts them.
func (r *run) landed(ctx context.Context, settled []Settlement, refused []int64) {
	ids := make([]int64, 0, len(settled)+len(refused))
	r.mu.Lock()
	for _, s := range settled {
		ids = append(ids, s.Delivery)
		r.tally.Add(s.Attempt.State, 1)
		if s.Hold != nil {
			r.breaker.durable(r.flying[s.Delivery].Edition)
		}
		if !s.Next.Equal(s.Attempt.Ended) {
			delete(r.moved, s.Delivery)
		}
	}
	r.refused += len(refused)
	if r.Progress != nil && len(settled) > 0 {
		r.Progress(r.tally)
	}
	r.mu.Unlock()
	for _, s := range settled {
		r.log(ctx, r.flight(s.Delivery), s.Attempt)
	}
	r.release(append(ids, refused...)...)
}

// Add counts tries that came to the same.
func (t *Tally) Add(state newsletter.DeliveryState, n int) {
	switch state {
	case newsletter.Sent:
		t.Sent += n
	case newsletter.Deferred:
		t.Deferred += n
	case newsletter.Failed:
		t.Failed += n
	case newsletter.Expired:
		t.Expired += n
	case newsletter.Unknown:
		t.Unknown += n
	}
}

func (r *run) flight(id int64) newsletter.Delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.flying[id]
}

// sleep waits, and reports false when ctx ended the wait.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
