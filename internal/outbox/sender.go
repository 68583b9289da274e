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
	Connections int               // for whatever is due; one more is kept for what goes ahead of editions
	Pace        newsletter.Pace   // of all letters together
	Groups      newsletter.Groups // providers that are told apart; none: whatever a server says goes for all letters
	Canary      Canary
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
// UntilIdle says so. A copy whose provider is left alone is not due, one that waits for its pace is. When ctx is done,
// letters whose content is on the wire are brought to their end, for as long as the transport gives them, and recorded,
// for which a store that fails is tried a few seconds more.
// It returns the error of the store or, under UntilIdle, of the way out. The end of ctx is no error.
func (s *Sender) Run(ctx context.Context) (Tally, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := &run{
		Sender: s, stop: stop, pace: newPacer(s.Pace, s.Groups), flying: make(map[int64]newsletter.Delivery),
		ahead: make(chan newsletter.Delivery), copies: make(chan newsletter.Delivery), first: canaries{Canary: s.Canary},
	}
	err := r.prepare(ctx)
	if err == nil {
		var workers sync.WaitGroup
		for range max(1, s.Connections) {
			workers.Go(func() { r.work(ctx, r.copies) })
		}
		workers.Go(func() { r.work(ctx, nil) }) // what goes ahead never waits for copies that are stuck
		err = r.feed(ctx)
		close(r.ahead)
		close(r.copies)
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
	stop   context.CancelFunc
	pace   *pacer
	ahead  chan newsletter.Delivery // to the workers: what goes ahead of editions
	copies chan newsletter.Delivery // to the workers: copies of editions

	mu      sync.Mutex
	flying  map[int64]newsletter.Delivery // handed over and not settled
	lands   chan struct{}                 // closed when one lands: something may be due that was flying; nil: nobody waits for it
	first   canaries
	breaker breaker
	tally   Tally
	failed  error // what ended the run
}

// prepare takes over from the run before.
func (r *run) prepare(ctx context.Context) error {
	err := r.patiently(ctx, func() error { return r.Store.SetGroups(ctx, r.Groups) })
	if err != nil {
		return fmt.Errorf("tell providers apart: %w", err)
	}
	var closings []newsletter.Closing
	var left []Departure
	err = r.patiently(ctx, func() (err error) {
		if closings, err = r.Store.Closings(ctx, r.Now()); err != nil || r.pace.remembers() == 0 {
			return err
		}
		left, err = r.Store.Departures(ctx, r.Now().Add(-r.pace.remembers()))
		return err
	})
	if err != nil {
		return fmt.Errorf("find who has had how much: %w", err)
	}
	for _, c := range closings {
		r.pace.close(c)
	}
	for _, d := range left {
		r.pace.left(d)
	}
	return r.recover(ctx)
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

// feed hands what is due to the workers, until ctx is done or, under UntilIdle, nothing is due. What goes ahead has a
// feeder of its own: it does not wait behind a batch of copies.
func (r *run) feed(ctx context.Context) error {
	feeding, stop := context.WithCancel(ctx)
	var ahead sync.WaitGroup
	ahead.Go(func() {
		if err := r.feedAhead(feeding); err != nil && feeding.Err() == nil {
			r.fail(err)
		}
	})
	err := r.feedCopies(ctx)
	stop()
	ahead.Wait()
	return err
}

func (r *run) feedAhead(ctx context.Context) error {
	for ctx.Err() == nil {
		look := r.look()
		due, err := r.due(ctx, func() ([]newsletter.Delivery, error) { return r.Store.DueAhead(ctx, look.now, batch+len(look.flying)) })
		if err != nil {
			return err
		}
		if r.hand(ctx, r.ahead, due, look) > 0 {
			continue
		}
		if err := r.rest(ctx, look, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) feedCopies(ctx context.Context) error {
	for ctx.Err() == nil {
		look := r.look()
		queued, err := r.queue(ctx)
		if err != nil {
			return err
		}
		if err := r.openEditions(ctx); err != nil {
			return err
		}
		due, err := r.due(ctx, func() ([]newsletter.Delivery, error) {
			return r.Store.DueCopies(ctx, look.now, batch+len(look.flying), r.room(look))
		})
		if err != nil {
			return err
		}
		if r.hand(ctx, r.copies, due, look) > 0 || queued {
			continue
		}
		if len(look.flying) == 0 {
			finished, err := r.finish(ctx)
			if err != nil {
				return err
			}
			if r.UntilIdle && finished == 0 {
				if idle, err := r.idle(ctx, look); idle || err != nil {
					return err
				}
			}
		}
		if err := r.rest(ctx, look, r.opens(look.now)); err != nil {
			return err
		}
	}
	return nil
}

// room is how many copies may be handed over. What flies may be among those that are listed, and is not handed over again.
func (r *run) room(l look) Room {
	beside := func(room int) int {
		if room > 0 {
			room += len(l.flying)
		}
		return room
	}
	return Room{
		Group: func(name string) int { return beside(r.pace.room(name, l.now)) },
		Edition: func(id int64) int {
			r.mu.Lock()
			defer r.mu.Unlock()
			return beside(r.first.room(id))
		},
	}
}

// opens is the first instant at which time alone gives room to a copy that has none; zero: never.
func (r *run) opens(now time.Time) time.Time {
	r.mu.Lock()
	next := r.first.opens()
	r.mu.Unlock()
	if paced := r.pace.opens(now); next.IsZero() || !paced.IsZero() && paced.Before(next) {
		return paced
	}
	return next
}

// A look is what a feeder knew before it asked the store: its answer is of that instant or later.
type look struct {
	now     time.Time
	changed <-chan struct{} // closed at the next commit
	landed  <-chan struct{} // closed when the next letter lands
	flying  map[int64]bool
}

func (r *run) look() look {
	changed := r.Store.Changed()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lands == nil {
		r.lands = make(chan struct{})
	}
	l := look{now: r.Now(), changed: changed, landed: r.lands, flying: make(map[int64]bool, len(r.flying))}
	for id := range r.flying {
		l.flying[id] = true
	}
	return l
}

// idle reports that nothing is due any more but for copies whose provider is left alone.
func (r *run) idle(ctx context.Context, l look) (bool, error) {
	var due []newsletter.Delivery
	var err error
	if due, err = r.due(ctx, func() ([]newsletter.Delivery, error) { return r.Store.DueAhead(ctx, l.now, 1) }); err != nil || len(due) > 0 {
		return false, err
	}
	due, err = r.due(ctx, func() ([]newsletter.Delivery, error) {
		return r.Store.DueCopies(ctx, l.now, 1, Room{Group: func(name string) int { return r.pace.open(name, l.now) }})
	})
	return len(due) == 0, err
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

// due asks the store what is due.
func (r *run) due(ctx context.Context, ask func() ([]newsletter.Delivery, error)) (due []newsletter.Delivery, err error) {
	err = r.patiently(ctx, func() error {
		due, err = ask()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find what is due: %w", err)
	}
	return due, nil
}

// hand gives what is due to the workers. What was in flight before the store was asked waits for the next look: its state
// may have been read before it landed.
func (r *run) hand(ctx context.Context, to chan<- newsletter.Delivery, due []newsletter.Delivery, l look) (handed int) {
	for _, d := range due {
		if l.flying[d.ID] || !r.lift(d, to == r.ahead) {
			continue
		}
		select {
		case to <- d:
			handed++
		case <-ctx.Done():
			r.release(d.ID)
			return handed
		}
	}
	return handed
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

// rest waits until something may be due that was not when l was taken, or opens has come; its zero never comes.
func (r *run) rest(ctx context.Context, l look, opens time.Time) error {
	var next time.Time
	var comes bool
	err := r.patiently(ctx, func() (err error) {
		next, comes, err = r.Store.NextDue(ctx, l.now)
		return err
	})
	if err != nil {
		return fmt.Errorf("find what is due next: %w", err)
	}
	if !opens.IsZero() && (!comes || opens.Before(next)) {
		next, comes = opens, true
	}
	var timer <-chan time.Time
	if comes {
		t := time.NewTimer(next.Sub(r.Now()))
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-timer:
	case <-l.changed:
	case <-l.landed:
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

// lift counts a letter as handed over, if its pace lets it go.
func (r *run) lift(d newsletter.Delivery, ahead bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !ahead && r.first.room(d.Edition) == 0 || !r.pace.take(d, ahead, r.Now()) {
		return false
	}
	r.first.handed(d)
	r.flying[d.ID] = d
	return true
}

// release tells that letters are no longer on their way.
func (r *run) release(ids ...int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		if d, flew := r.flying[id]; flew {
			r.pace.back(d)
			r.first.back(d)
		}
		delete(r.flying, id)
	}
	if r.lands != nil {
		close(r.lands)
		r.lands = nil
	}
}
