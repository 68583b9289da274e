package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"facteur/internal/newsletter"
)

// A Composer makes a delivery's letter.
type Composer interface {
	Compose(ctx context.Context, d newsletter.Delivery, date time.Time) (newsletter.Parcel, error)
}

// A Sender carries the outbox empty, over several connections at once. There is one for each database: whoever runs
// it holds the sender's lock.
type Sender struct {
	Store       Store
	Transport   Transport
	Composer    Composer
	Policy      Policy
	Connections int
	Now         func() time.Time
	Log         *slog.Logger // the mail log: one line an attempt; no address, no token

	// UntilIdle ends Run when nothing is due, instead of waiting for what will be.
	UntilIdle bool
	// Progress, if set, is called after each commit that settled letters.
	Progress func(Tally)
}

// A Tally counts what a run has settled so far.
type Tally struct {
	Sent, Deferred, Failed, Expired, Unknown int
}

// batch is how many deliveries wait in memory at most; their letters are composed one by one.
const batch = 256

// chunk is how many rows of an audience are made in one transaction, so that sign-ups wait milliseconds.
const chunk = 5000

// Run settles what a dead sender left, then sends what is due until ctx is done, or until nothing is due where
// UntilIdle says so. When ctx is done, letters whose content is on the wire are brought to their end and recorded.
// It returns the error of the store or, under UntilIdle, of the way out.
func (s *Sender) Run(ctx context.Context) (Tally, error) {
	r := &run{Sender: s, flying: make(map[int64]newsletter.Delivery), due: make(chan newsletter.Delivery), wake: make(chan struct{}, 1)}
	if err := r.recover(ctx); err != nil {
		return r.tally, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	for range max(1, s.Connections) {
		workers.Go(func() { r.work(ctx, cancel) })
	}
	err := r.feed(ctx)
	close(r.due)
	workers.Wait()
	if err == nil {
		err = context.Cause(ctx)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, errIdle) {
		err = nil
	}
	return r.tally, err
}

var errIdle = errors.New("nothing is due")

// A run is what one call of Run keeps in memory.
type run struct {
	*Sender
	due  chan newsletter.Delivery
	wake chan struct{} // a letter landed: something may be due that was flying

	mu     sync.Mutex
	flying map[int64]newsletter.Delivery // handed over and not settled
	tally  Tally
}

// recover settles what a dead sender left attempting. The lock is ours, so whatever says attempting is a remnant.
func (r *run) recover(ctx context.Context) error {
	for {
		remnants, err := r.Store.Remnants(ctx, batch)
		if err != nil {
			return fmt.Errorf("look for what the last run left: %w", err)
		}
		if len(remnants) == 0 {
			return nil
		}
		now := r.Now()
		settled := make([]Settlement, len(remnants))
		for i, d := range remnants {
			settled[i] = r.Policy.Decide(d, remnant(now), rand.Float64())
		}
		if _, err := r.Store.Step(ctx, settled, nil, now); err != nil {
			return fmt.Errorf("settle what the last run left: %w", err)
		}
		r.log(ctx, remnants, settled)
	}
}

// feed finds what is due and hands it to the workers until ctx is done.
func (r *run) feed(ctx context.Context) error {
	for ctx.Err() == nil {
		now, changed := r.Now(), r.Store.Changed()
		more, err := r.Store.QueueNext(ctx, chunk, now)
		if err != nil {
			return fmt.Errorf("queue an edition: %w", err)
		}
		handed, err := r.hand(ctx, now)
		if err != nil {
			return err
		}
		if more || handed > 0 {
			continue
		}
		if err := r.rest(ctx, now, changed); err != nil {
			return err
		}
	}
	return nil
}

// hand gives one batch of due deliveries to the workers.
func (r *run) hand(ctx context.Context, now time.Time) (int, error) {
	deliveries, err := r.Store.Due(ctx, now, batch+r.inFlight())
	if err != nil {
		return 0, fmt.Errorf("find what is due: %w", err)
	}
	handed := 0
	for _, d := range deliveries {
		if !r.lift(d) {
			continue
		}
		select {
		case r.due <- d:
			handed++
		case <-ctx.Done():
			r.release(d.ID)
			return handed, nil
		}
	}
	return handed, nil
}

// rest waits for something to be due after now. With nothing flying it finishes editions, and under UntilIdle it ends
// the run.
func (r *run) rest(ctx context.Context, now time.Time, changed <-chan struct{}) error {
	if r.inFlight() == 0 {
		done, err := r.Store.Finish(ctx)
		if err != nil {
			return fmt.Errorf("finish an edition: %w", err)
		}
		if len(done) > 0 {
			return nil // its commit is a change: look again
		}
		if r.UntilIdle {
			return errIdle
		}
	}
	next, any, err := r.Store.NextDue(ctx, now)
	if err != nil {
		return fmt.Errorf("find what is due next: %w", err)
	}
	var timer <-chan time.Time
	if any {
		t := time.NewTimer(next.Sub(r.Now()))
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-timer:
	case <-changed:
	case <-r.wake:
	case <-ctx.Done():
	}
	return nil
}

func (r *run) inFlight() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.flying)
}

func (r *run) lift(d newsletter.Delivery) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, flying := r.flying[d.ID]; flying {
		return false
	}
	r.flying[d.ID] = d
	return true
}

func (r *run) release(ids ...int64) {
	r.mu.Lock()
	for _, id := range ids {
		delete(r.flying, id)
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}
