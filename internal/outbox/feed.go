package outbox

import (
	"context"
	"fmt"
	"sync"
	"time"

	"facteur/internal/newsletter"
)

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
		handed, waits := r.hand(ctx, r.ahead, due, look)
		if handed > 0 {
			continue
		}
		if !waits {
			look.landed = nil
		}
		if err := r.rest(ctx, look, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) feedCopies(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := r.heed(ctx); err != nil {
			return err
		}
		r.mu.Lock()
		r.breaker.forget()
		r.mu.Unlock()
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
		r.pace.wait(due)
		if handed, _ := r.hand(ctx, r.copies, due, look); handed > 0 || queued {
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
	refused int // marks until then
}

func (r *run) look() look {
	changed := r.Store.Changed()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lands == nil {
		r.lands = make(chan struct{})
	}
	l := look{now: r.Now(), changed: changed, landed: r.lands, refused: r.refused, flying: make(map[int64]bool, len(r.flying))}
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
	rows := min(max(chunkFirst, 2*r.rows), chunk)
	err = r.patiently(ctx, func() error {
		more, err = r.Store.QueueNext(ctx, rows, r.Now())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("queue an edition: %w", err)
	}
	if r.rows = rows; !more {
		r.rows = 0
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
// may have been read before it landed. Once a mark is refused the rest of the list waits for another look, too: what may not go any more
// is often a whole edition, and costs a server its time, letter by letter. waits reports that there is something to look for when a
// letter lands.
func (r *run) hand(ctx context.Context, to chan<- newsletter.Delivery, due []newsletter.Delivery, l look) (handed int, waits bool) {
	for _, d := range due {
		if r.outdated(l) {
			return handed, true
		}
		if l.flying[d.ID] {
			waits = true
			continue
		}
		if !r.lift(d, to == r.ahead) {
			continue
		}
		if !r.offer(ctx, to, d) {
			r.release(d.ID)
			return handed, waits
		}
		handed++
	}
	return handed, waits
}

// outdated reports that something was found since that may not go any more.
func (r *run) outdated(l look) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refused != l.refused
}

// offer waits for a worker who takes a letter, and returns false when ctx is done.
func (r *run) offer(ctx context.Context, to chan<- newsletter.Delivery, d newsletter.Delivery) bool {
	select {
	case to <- d:
		return true
	case <-ctx.Done():
		return false
	}
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
