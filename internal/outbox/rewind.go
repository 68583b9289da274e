package outbox

import (
	"context"
	"fmt"
	"time"
)

// A clock that was ahead and is set back leaves times behind that are further off than anybody meant: who would be
// due now waits for the clock to come there again, which may take years. A run looks for such times as it starts, and when it
// sees that the clock was set back.

// unnoticed is by how much a clock may go back without a look: by less the correction of a clock runs, too.
const unnoticed = time.Second

// heed mends what a clock that was ahead left behind, if it was set back since the last look.
func (r *run) heed(ctx context.Context) error {
	now := r.Now().Round(0) // as the wall shows it
	back := r.wall.Sub(now)
	r.wall = now
	if back <= unnoticed {
		return nil
	}
	r.Log.WarnContext(ctx, "the clock was set back", "by", back.Round(time.Second))
	return r.rewind(ctx)
}

// rewind brings back to now what is further off than it can be meant to.
func (r *run) rewind(ctx context.Context) error {
	now := r.Now()
	r.wall = now.Round(0)
	r.pace.rewind(now)
	for {
		var letters int
		err := r.patiently(ctx, func() (err error) {
			letters, err = r.Store.Rewind(ctx, now, now.Add(r.Policy.Retry.Furthest()), chunk)
			return err
		})
		if err != nil {
			return fmt.Errorf("set letters back with the clock: %w", err)
		}
		if letters == 0 {
			return nil
		}
	}
}

// rewind leaves nobody alone for longer than anybody is who complains now, and lets nobody wait for what left in a time to come.
func (p *pacer) rewind(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all.rewind(now)
	for _, g := range p.each {
		g.rewind(now)
	}
}

func (g *gauge) rewind(now time.Time) {
	if furthest := now.Add(max(restLongest, g.rest)); g.closed.After(furthest) {
		g.closed = furthest
	}
	for _, w := range g.windows {
		w.rewind(now)
	}
}
