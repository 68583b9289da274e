package outbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"facteur/internal/newsletter"
)

const (
	reopenFirst   = time.Second     // wait before a way out that failed is tried again
	reopenLongest = 5 * time.Minute // the wait doubles up to this
)

// ErrNoWayOut reports that no connection could be opened. It is wrapped with the way out's own words.
var ErrNoWayOut = errors.New("no way out")

// work carries letters over one connection at a time, opened when there is a letter to carry.
func (r *run) work(ctx context.Context, stop context.CancelCauseFunc) {
	wait := reopenFirst
	for {
		d, ok := r.receive(ctx)
		if !ok {
			return
		}
		courier, err := r.Transport.Open(ctx)
		if err != nil {
			r.release(d.ID)
			if r.UntilIdle {
				stop(fmt.Errorf("%w: %w", ErrNoWayOut, err))
				return
			}
			r.Log.WarnContext(ctx, "the way out is closed", "error", err, "again_in", wait)
			if !sleep(ctx, wait) {
				return
			}
			wait = min(2*wait, reopenLongest)
			continue
		}
		wait = reopenFirst
		load := &load{run: r, ctx: ctx, stop: stop, first: &d, handed: map[int64]bool{}}
		err = courier.Carry(ctx, load.next, load.step)
		load.unload()
		switch {
		case errors.Is(err, errStore):
			stop(err)
			return
		case err != nil && ctx.Err() == nil:
			r.Log.WarnContext(ctx, "a connection was lost", "error", err)
		}
	}
}

func (r *run) receive(ctx context.Context) (newsletter.Delivery, bool) {
	select {
	case <-ctx.Done():
		return newsletter.Delivery{}, false
	case d, ok := <-r.due:
		return d, ok
	}
}

// A load is what one connection carries. Its methods are called by one courier, one at a time.
type load struct {
	*run
	ctx    context.Context // of the run: composing a letter outlives the lull in which it was asked for
	stop   context.CancelCauseFunc
	first  *newsletter.Delivery // the one that the connection was opened for, until it is handed over
	handed map[int64]bool       // handed over, and neither settled nor refused
}

// next is the [Next] of a connection: it composes the letter that is due next. One that cannot be composed fails, and
// the one after it is taken.
func (l *load) next(ctx context.Context) (newsletter.Parcel, bool) {
	for {
		d, ok := l.take(ctx)
		if !ok {
			return newsletter.Parcel{}, false
		}
		date := d.First
		if date.IsZero() {
			date = l.Now()
		}
		parcel, err := l.Composer.Compose(l.ctx, d, date)
		if err == nil {
			l.handed[d.ID] = true
			return parcel, true
		}
		if errors.Is(err, newsletter.ErrInvalid) {
			err = l.spoiled(l.ctx, d, err)
		}
		if err != nil {
			l.release(d.ID)
			l.stop(err)
			return newsletter.Parcel{}, false
		}
	}
}

func (l *load) take(ctx context.Context) (newsletter.Delivery, bool) {
	if l.first != nil {
		d := *l.first
		l.first = nil
		return d, true
	}
	return l.receive(ctx)
}

// step is the [Step] of a connection.
func (l *load) step(ctx context.Context, done []newsletter.Settled, begin []newsletter.Parcel) ([]newsletter.Parcel, error) {
	refused, err := l.run.step(ctx, done, begin)
	if err != nil {
		return nil, err
	}
	for _, s := range done {
		delete(l.handed, s.Delivery)
	}
	for _, p := range refused {
		delete(l.handed, p.Delivery)
	}
	return refused, nil
}

// unload gives back what the connection did not come to: it is as due as before.
func (l *load) unload() {
	if l.first != nil {
		l.release(l.first.ID)
	}
	for id := range l.handed {
		l.release(id)
	}
}

// spoiled records a letter that cannot be composed: the operator sees why and can send it again once it is mended.
func (r *run) spoiled(ctx context.Context, d newsletter.Delivery, cause error) error {
	now := r.Now()
	return r.settle(ctx, []Settlement{{
		Delivery: d.ID, State: newsletter.Failed,
		Attempt: newsletter.Attempt{Started: now, Ended: now, Stage: newsletter.StageConnect, State: newsletter.Failed,
			Reply: newsletter.NewReply(0, cause.Error())},
	}})
}

// step decides what became of letters, and makes that and the marks of the next ones durable.
func (r *run) step(ctx context.Context, done []newsletter.Settled, begin []newsletter.Parcel) ([]newsletter.Parcel, error) {
	settled := make([]Settlement, len(done))
	for i, letter := range done {
		d := r.flight(letter.Delivery)
		letter.Attempt.Reply = letter.Attempt.Reply.WithoutAddress(d.Address)
		settled[i] = r.Policy.Decide(d, letter.Attempt, rand.Float64())
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

func (r *run) settle(ctx context.Context, settled []Settlement) error {
	_, err := r.commit(ctx, settled, nil)
	return err
}

// errStore marks that the ledger cannot be written: nothing more may be sent.
var errStore = errors.New("the ledger cannot be written")

const commitTries = 8 // about 25 seconds of patience with a full disk or a locked file

// commit makes outcomes and marks durable. It is patient, because an outcome that is not recorded is a letter whose
// fate is unknown; and it does not end with ctx, for the same reason.
func (r *run) commit(ctx context.Context, settled []Settlement, begin []newsletter.Parcel) ([]int64, error) {
	ctx = context.WithoutCancel(ctx)
	wait := 100 * time.Millisecond
	for try := 1; ; try++ {
		refused, err := r.Store.Step(ctx, settled, begin, r.Now())
		if err == nil {
			r.landed(ctx, settled, refused)
			return refused, nil
		}
		if try == commitTries {
			return nil, fmt.Errorf("%w: %w", errStore, err)
		}
		r.Log.WarnContext(ctx, "the ledger cannot be written", "error", err, "again_in", wait)
		sleep(ctx, wait)
		wait *= 2
	}
}

// landed forgets deliveries that are no longer in flight and counts them.
func (r *run) landed(ctx context.Context, settled []Settlement, refused []int64) {
	deliveries := make([]newsletter.Delivery, len(settled))
	ids := make([]int64, 0, len(settled)+len(refused))
	r.mu.Lock()
	for i, s := range settled {
		deliveries[i] = r.flying[s.Delivery]
		ids = append(ids, s.Delivery)
		r.tally.add(s.Attempt.State)
	}
	tally := r.tally
	r.mu.Unlock()
	r.log(ctx, deliveries, settled)
	r.release(append(ids, refused...)...)
	if r.Progress != nil && len(settled) > 0 {
		r.Progress(tally)
	}
}

func (t *Tally) add(state newsletter.DeliveryState) {
	switch state {
	case newsletter.Sent:
		t.Sent++
	case newsletter.Deferred:
		t.Deferred++
	case newsletter.Failed:
		t.Failed++
	case newsletter.Expired:
		t.Expired++
	case newsletter.Unknown:
		t.Unknown++
	}
}

// log writes the mail log: ids and domain, never an address.
func (r *run) log(ctx context.Context, deliveries []newsletter.Delivery, settled []Settlement) {
	for i, s := range settled {
		_, domain, _ := strings.Cut(deliveries[i].Address, "@")
		a := s.Attempt
		r.Log.InfoContext(ctx, "attempt", "delivery", s.Delivery, "kind", deliveries[i].Kind,
			"subscriber", deliveries[i].Subscriber, "domain", domain, "state", a.State, "stage", a.Stage,
			"reply", a.Reply.String(), "took", a.Ended.Sub(a.Started).Round(time.Millisecond))
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
