package outbox

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// A Canary lets a few letters of a large edition go first, over all providers, and the rest after a wait: whatever is
// wrong with an edition shows before everybody has it. The zero Canary holds nothing back.
type Canary struct {
	Letters int           // how many go first
	Wait    time.Duration // from when these are settled until the rest may go; 0: there is no canary
	From    int           // readers that an edition has at the least
}

// An Unopened is an edition of which only the first letters may go, so far.
type Unopened struct {
	Edition int64
	Opens   time.Time // when the rest may; zero: the first letters are not settled
}

// canaries are the first letters of the editions under way.
type canaries struct {
	Canary
	open map[int64]*first // by edition; one that is not among them is open
}

// A first is how far the first letters of an edition have come.
type first struct {
	opens          time.Time
	handed, landed int
}

// watch takes over which editions are unopened. One that is held, or open by now, begins anew when it comes again.
func (c *canaries) watch(unopened []Unopened) {
	open := make(map[int64]*first, len(unopened))
	for _, u := range unopened {
		f, known := c.open[u.Edition]
		if !known {
			f = &first{}
		}
		f.opens = u.Opens
		open[u.Edition] = f
	}
	c.open = open
}

// room is how many more copies of an edition may be handed over.
func (c *canaries) room(edition int64) int {
	f, watched := c.open[edition]
	switch {
	case !watched:
		return batch
	case !f.opens.IsZero():
		return 0
	default:
		return max(0, c.Letters-f.handed)
	}
}

func (c *canaries) handed(d newsletter.Delivery) {
	if f := c.of(d); f != nil {
		f.handed++
	}
}

func (c *canaries) back(d newsletter.Delivery) {
	if f := c.of(d); f != nil {
		f.landed++
	}
}

// stayed takes back that a letter was handed over.
func (c *canaries) stayed(d newsletter.Delivery) {
	if f := c.of(d); f != nil && f.handed > f.landed {
		f.handed--
	}
}

// of is how far the first letters have come that a copy is one of; nil: it is none of any. A further copy is for somebody who
// has the edition, and shows nothing new.
func (c *canaries) of(d newsletter.Delivery) *first {
	if d.Kind != newsletter.KindEdition || d.Copy > 1 {
		return nil
	}
	return c.open[d.Edition]
}

// settled lists the editions whose first letters have all landed, and that are to be opened.
func (c *canaries) settled() (editions []int64) {
	for id, f := range c.open {
		if f.opens.IsZero() && f.handed >= c.Letters && f.landed >= f.handed {
			editions = append(editions, id)
		}
	}
	return editions
}

// opens is when the next edition opens; zero: none waits for its time.
func (c *canaries) opens() time.Time {
	var next time.Time
	for _, f := range c.open {
		if !f.opens.IsZero() && (next.IsZero() || f.opens.Before(next)) {
			next = f.opens
		}
	}
	return next
}

// openEditions looks which editions send their first letters only, and sets the time for those whose first letters are settled.
func (r *run) openEditions(ctx context.Context) error {
	if r.Canary.Wait <= 0 {
		return nil
	}
	r.mu.Lock()
	settled := r.first.settled()
	r.mu.Unlock()
	var unopened []Unopened
	err := r.patiently(ctx, func() (err error) {
		now := r.Now()
		for _, id := range settled {
			if err := r.Store.Open(ctx, id, now.Add(r.Canary.Wait)); err != nil {
				return err
			}
		}
		unopened, err = r.Store.Unopened(ctx, r.Canary.From, now)
		for i, u := range unopened {
			if opens := now.Add(r.Canary.Wait); err == nil && u.Opens.After(opens) { // the clock was set back
				unopened[i].Opens = opens
				err = r.Store.Open(ctx, u.Edition, opens)
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look which editions send their first letters: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.first.watch(unopened)
	return nil
}
