package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	Operator    string       // whom notices go to; empty: nobody

	// UntilIdle ends Run when nothing is due, instead of waiting for what will be.
	UntilIdle bool
	// Progress, if set, is called after each commit that settled letters.
	Progress func(Tally)
}

// A Tally counts the tries of a run by what they came to.
type Tally struct {
	Sent, Deferred, Failed, Expired, Unknown int
}

// batch is how many deliveries wait in memory at most; their letters are composed one by one.
const batch = 256

// chunk is how many rows of an audience are made in one transaction, so that sign-ups wait milliseconds.
const chunk = 5000

// Run settles what a dead sender left, then sends what is due until ctx is done, or until nothing is due where
// UntilIdle says so. When ctx is done, letters whose content is on the wire are brought to their end, for as long as
// the transport gives them, and recorded, for which a store that fails is tried a few seconds more.
// It returns the error of the store or, under UntilIdle, of the way out. The end of ctx is no error.
func (s *Sender) Run(ctx context.Context) (Tally, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := &run{Sender: s, stop: stop, flying: make(map[int64]newsletter.Delivery), due: make(chan newsletter.Delivery), wake: make(chan struct{}, 1)}
	err := r.recover(ctx)
	if err == nil {
		var workers sync.WaitGroup
		for range max(1, s.Connections) {
			workers.Go(func() { r.work(ctx) })
		}
		err = r.feed(ctx)
		close(r.due)
		workers.Wait()
	}
	if err != nil && ctx.Err() == nil {
		r.fail(err)
	}
	return r.tally, r.failed
}

// A run is what one call of Run keeps in memory.
type run struct {
	*Sender
	stop context.CancelFunc
	due  chan newsletter.Delivery
	wake chan struct{} // a letter landed: something may be due that was flying

	mu     sync.Mutex
	flying map[int64]newsletter.Delivery // handed over and not settled
	tally  Tally
	failed error // what ended the run
}

// recover settles what a dead sender left attempting. The lock is ours, so whatever says attempting is a remnant. Each
// round leaves fewer of them.
func (r *run) recover(ctx context.Context) error {
	for {
		var remnants []newsletter.Delivery
		err := r.patiently(ctx, func() (err error) {
			remnants, err = r.Store.Remnants(ctx, batch)
			return err
		})
		if err != nil {
			return fmt.Errorf("look for what the last run left: %w", err)
		}
		if len(remnants) == 0 {
			return nil
		}
		settled := make([]Settlement, len(remnants))
		for i, d := range remnants {
			settled[i] = r.decide(d, remnant(r.Now()))
		}
		err = r.patiently(ctx, func() error {
			_, err := r.Store.Step(ctx, settled, nil, r.Now())
			return err
		})
		if err != nil {
			return fmt.Errorf("settle what the last run left: %w", err)
		}
		r.log(ctx, remnants, settled)
	}
}

// feed finds what is due and hands it to the workers, until ctx is done or, under UntilIdle, nothing is due.
func (r *run) feed(ctx context.Context) error {
	for ctx.Err() == nil {
		changed := r.Store.Changed()
		queued, err := r.queue(ctx)
		if err != nil {
			return err
		}
		now, flying := r.Now(), r.inFlight()
		handed, err := r.hand(ctx, now, flying)
		if err != nil {
			return err
		}
		if queued || handed > 0 {
			continue
		}
		if len(flying) == 0 {
			finished, err := r.finish(ctx)
			if err != nil || (finished == 0 && r.UntilIdle) {
				return err
			}
		}
		if err := r.rest(ctx, now, changed); err != nil {
			return err
		}
	}
	return nil
}

// queue makes the next rows of an edition that still has readers without one.
func (r *run) queue(ctx context.Context) (more bool, err error) {
	err = r.patiently(ctx, func() error {
		more, err = r.Store.QueueNext(ctx, chunk, r.Now())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("queue an edition: %w", err)
	}
	return more, nil
}

// hand gives one batch of what is due at now to the workers. flying is what was in flight before the store was asked:
// its state may have been read before it landed, so it waits for the next look.
func (r *run) hand(ctx context.Context, now time.Time, flying map[int64]bool) (handed int, err error) {
	var deliveries []newsletter.Delivery
	err = r.patiently(ctx, func() error {
		deliveries, err = r.Store.Due(ctx, now, batch+len(flying))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("find what is due: %w", err)
	}
	for _, d := range deliveries {
		if flying[d.ID] {
			continue
		}
		r.lift(d)
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

// finish moves editions on to done that owe nothing any more.
func (r *run) finish(ctx context.Context) (editions int, err error) {
	err = r.patiently(ctx, func() error {
		editions, err = r.Store.Finish(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("finish an edition: %w", err)
	}
	return editions, nil
}

// rest waits until something may be due that was not at now.
func (r *run) rest(ctx context.Context, now time.Time, changed <-chan struct{}) error {
	var next time.Time
	var comes bool
	err := r.patiently(ctx, func() (err error) {
		next, comes, err = r.Store.NextDue(ctx, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("find what is due next: %w", err)
	}
	var timer <-chan time.Time
	if comes {
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

// errStore marks that the ledger cannot be used: nothing more may be sent.
var errStore = errors.New("the ledger cannot be used")

const storeTries = 8 // waits of a tenth of a second, doubled each time: about 13 seconds besides the store's own patience

// patiently asks the store, to read or to write, until it answers: a full disk or a locked file may pass. It gives up
// after storeTries, when ctx is done, and at once when the run is broken already.
func (r *run) patiently(ctx context.Context, ask func() error) error {
	wait := 100 * time.Millisecond
	for try := 1; ; try++ {
		err := ask()
		if err == nil {
			return nil
		}
		if try == storeTries || ctx.Err() != nil || r.broken() {
			return fmt.Errorf("%w: %w", errStore, err)
		}
		r.Log.WarnContext(ctx, errStore.Error(), "error", err, "again_in", wait)
		if sleep(ctx, wait) {
			wait *= 2
		}
	}
}

// lastPatience is how long a stop waits for a store that fails.
const lastPatience = 3 * time.Second

// outlasting returns a context that ends lastPatience after ctx, and not before it lasted that long itself.
func outlasting(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unwatch := context.AfterFunc(ctx, func() {
		sleep(longer, lastPatience)
		cancel()
	})
	return longer, func() {
		unwatch()
		cancel()
	}
}

// fail ends the run. The first error is the one that is told.
func (r *run) fail(err error) {
	r.mu.Lock()
	if r.failed == nil {
		r.failed = err
	}
	r.mu.Unlock()
	r.stop()
}

func (r *run) broken() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed != nil
}

func (r *run) inFlight() map[int64]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	flying := make(map[int64]bool, len(r.flying))
	for id := range r.flying {
		flying[id] = true
	}
	return flying
}

func (r *run) lift(d newsletter.Delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flying[d.ID] = d
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
