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
				stop(fmt.Errorf("no way out: %w", err))
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
		held := &d
		next := func(ctx context.Context) (newsletter.Parcel, bool) { return r.next(ctx, &held, stop) }
		err = courier.Carry(ctx, next, r.step)
		if held != nil {
			r.release(held.ID)
		}
		if err != nil && ctx.Err() == nil {
			if errors.Is(err, errStore) {
				stop(err)
				return
			}
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

// next composes the letter that is due next; the first of a connection is the one it was opened for. A letter that
// cannot be composed fails and the one after it is taken.
func (r *run) next(ctx context.Context, held **newsletter.Delivery, stop context.CancelCauseFunc) (newsletter.Parcel, bool) {
	for {
		var d newsletter.Delivery
		if *held != nil {
			d, *held = **held, nil
		} else if next, ok := r.receive(ctx); ok {
			d = next
		} else {
			return newsletter.Parcel{}, false
		}
		date := d.First
		if date.IsZero() {
			date = r.Now()
		}
		parcel, err := r.Composer.Compose(ctx, d, date)
		if err == nil {
			return parcel, true
		}
		if !errors.Is(err, newsletter.ErrInvalid) {
			r.release(d.ID)
			stop(err)
			return newsletter.Parcel{}, false
		}
		if err := r.spoiled(ctx, d, err); err != nil {
			stop(err)
			return newsletter.Parcel{}, false
		}
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

// step is the [Step] that couriers call.
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
