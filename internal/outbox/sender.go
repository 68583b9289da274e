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
	Transport   Transport // the way out; without meaning where there are Relays
	Relays      []Relay   // the ways out, where there are several
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
	// Progress, if set, is called after each commit that settled letters, one call after the other. The sender waits for it.
	Progress func(Tally)
}

// A Tally counts the tries of a run by what they came to.
type Tally struct {
	Sent, Deferred, Failed, Expired, Unknown int
}

// batch is how many deliveries wait in memory at most; their letters are composed one by one.
const batch = 256

// chunk is how many rows are made or changed in one transaction at most, so that sign-ups wait milliseconds. Those of an
// edition begin with chunkFirst and double: its first letters wait for few rows.
const (
	chunk      = 2500
	chunkFirst = 100
)

// Run settles what a dead sender left, then sends what is due until ctx is done, or until nothing is due where
// UntilIdle says so. A copy whose provider is left alone is not due, one that waits for its pace is. When ctx is done,
// letters whose content is on the wire are brought to their end, for as long as the transport gives them, and recorded,
// for which a store that fails is tried a few seconds more.
// It returns the error of the store or, under UntilIdle, of the way out. The end of ctx is no error.
func (s *Sender) Run(ctx context.Context) (Tally, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	relays := newRelays(s.waysOut())
	r := &run{
		Sender: s, stop: stop, pace: newPacer(s.Pace, s.Groups, relays.connections()), flying: make(map[int64]newsletter.Delivery),
		ahead: make(chan newsletter.Delivery, relays.connections()), copies: make(chan newsletter.Delivery), fed: make(chan struct{}), first: canaries{Canary: s.Canary},
		relays: relays, moved: make(map[int64]bool),
	}
	var forget context.CancelFunc
	r.longer, forget = outlasting(ctx)
	defer forget()
	err := r.prepare(ctx)
	if err == nil {
		err = r.send(ctx)
	}
	if err != nil && ctx.Err() == nil {
		r.fail(err)
	}
	return r.tally, r.failed
}

// send has workers carry what is fed to them, until that ends.
func (r *run) send(ctx context.Context) error {
	telling, tell := context.WithCancel(ctx)
	var workers, teller sync.WaitGroup
	teller.Go(func() { r.tellRests(telling) })
	for _, one := range r.relays.all {
		for range one.Connections {
			workers.Go(func() { r.work(ctx, one, r.copies) })
		}
		workers.Go(func() { r.work(ctx, one, nil) }) // what goes ahead never waits for copies that are stuck
	}
	err := r.feed(ctx)
	close(r.fed)
	workers.Wait()
	tell()
	teller.Wait()
	return err
}

// waysOut are the relays, or the only way out, which has no name.
func (s *Sender) waysOut() []Relay {
	if len(s.Relays) > 0 {
		return s.Relays
	}
	return []Relay{{Transport: s.Transport, Connections: s.Connections, Share: 1}}
}

// A run is what one call of Run keeps in memory.
type run struct {
	*Sender
	stop   context.CancelFunc
	longer context.Context // of what was asked of the store before the end
	pace   *pacer
	relays *relays
	ahead  chan newsletter.Delivery // to the workers: what goes ahead of editions, and waits here for the next of them
	copies chan newsletter.Delivery // to the workers: copies of editions
	fed    chan struct{}            // closed when nothing more comes

	mu      sync.Mutex
	flying  map[int64]newsletter.Delivery // handed over and not settled
	lands   chan struct{}                 // closed when one lands: something may be due that was flying; nil: nobody waits for it
	first   canaries
	breaker breaker
	moved   map[int64]bool // flying, or due again, after a relay lost them or kept silent: such a letter goes elsewhere at once, once
	tally   Tally
	refused int   // marks, of letters that may not go any more
	failed  error // what ended the run

	// The feeder of copies alone keeps these.
	wall time.Time // of the latest look at the clock
	rows int       // made in the latest chunk of an audience; 0: none is being made
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
	if err := r.rewind(ctx); err != nil {
		return err
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
		for i, d := range remnants {
			r.log(ctx, d, settled[i].Attempt)
		}
	}
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
	if !ahead && (r.breaker.holds(d.Edition) || r.first.room(d.Edition) == 0) || !r.pace.take(d, ahead, r.Now()) {
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
	now := r.Now()
	for _, id := range ids {
		if d, flew := r.flying[id]; flew {
			r.pace.landed(d, now)
			r.first.back(d)
		}
		delete(r.flying, id)
	}
	r.land()
}

// giveBack tells that a letter did not get on its way: it is as due as before.
func (r *run) giveBack(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d, flew := r.flying[id]; flew {
		r.pace.back(d)
		r.first.stayed(d)
	}
	delete(r.flying, id)
	r.land()
}

func (r *run) land() {
	if r.lands != nil {
		close(r.lands)
		r.lands = nil
	}
}
