package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"syscall"
	"time"

	"facteur/internal/newsletter"
)

// A flight is a letter that goes with its commands and its content in one piece.
type flight struct {
	parcel  newsletter.Parcel
	started time.Time
	from    int // where it begins in what is written with it, and where it ends
	to      int
	whole   bool // its last byte may have left
	answers int  // that came, of four

	addressed bool             // its recipient was taken
	stage     newsletter.Stage // at which it was told what follows
	told      newsletter.Reply // the first refusal, or the last answer
}

// A convoy is flights that are written together.
type convoy struct {
	flights []*flight
	bytes   []byte
}

// convoy carries a letter, and others beside it for as long as there are any. Up to a window of them have their content on the wire before
// their outcomes are known. A step makes durable what was heard, and the marks of what goes next: so no more than a window of letters are
// ever marked without an outcome that is durable.
func (c *courier) convoy(ctx context.Context, r *round, p newsletter.Parcel) error {
	if err := c.wake(ctx); err != nil {
		return err
	}
	var flying []*flight
	next := &convoy{bytes: c.train[:0]}
	c.join(r, next, p)
	c.gather(ctx, r, next, 1)
	for len(flying)+len(next.flights) > 0 {
		went, err := c.launch(ctx, r, next)
		if err != nil { // nothing more goes; what is on the wire is heard all the same
			for len(flying) > 0 {
				flying, _ = c.hear(r, flying)
			}
			return err
		}
		if flying, err = c.hear(r, append(flying, went...)); err != nil {
			return err
		}
		next = &convoy{bytes: c.train[:0]}
		c.gather(ctx, r, next, len(flying))
	}
	return nil
}

// wake makes sure that a server is there which was not heard for a while: what goes in one piece does not wait for its answer to MAIL.
func (c *courier) wake(ctx context.Context) error {
	if !c.line.unasked() && time.Since(c.line.heard) < time.Second {
		return nil
	}
	err := c.line.reset()
	switch {
	case ctx.Err() != nil:
		return errStopped
	case err != nil:
		return errGone
	}
	return nil
}

// gather takes letters that are at hand, as many as there is room for beside so many others.
func (c *courier) gather(ctx context.Context, r *round, next *convoy, others int) {
	for range c.line.room(others) {
		p, ok := r.companion(ctx)
		if !ok {
			return
		}
		c.join(r, next, p)
	}
}

// join puts a letter into a convoy. One that the server could not take is settled in its place.
func (c *courier) join(r *round, next *convoy, p newsletter.Parcel) {
	f := &flight{parcel: p, started: time.Now(), from: len(next.bytes)}
	c.spare.empty()
	if reply, impossible := c.line.offers.stuff(c.spare, p); impossible { // what may not follow DATA may not go in one piece either
		r.settle(p, f.started, newsletter.StageMail, reply)
		return
	}
	next.bytes = c.line.appendWhole(next.bytes, p)
	f.to = len(next.bytes)
	next.flights = append(next.flights, f)
}

// launch marks the letters of a convoy together with the outcomes at hand, and sends those that may go. Once the courier was asked to stop it only
// makes the outcomes durable.
func (c *courier) launch(ctx context.Context, r *round, next *convoy) ([]*flight, error) {
	c.train = next.bytes
	if len(next.flights) == 0 || ctx.Err() != nil {
		return nil, r.flush(ctx)
	}
	begin := make([]newsletter.Parcel, len(next.flights))
	for i, f := range next.flights {
		begin[i] = f.parcel
	}
	refused, err := r.commit(ctx, begin)
	if err != nil {
		return nil, err
	}
	for _, p := range refused {
		next.takeOut(p)
	}
	written, err := c.line.write(net.Buffers{next.bytes})
	if err != nil {
		_, _ = c.line.lost(err)
	}
	for _, f := range next.flights {
		f.whole = f.to <= written
	}
	return next.flights, nil
}

// takeOut leaves a letter behind.
func (v *convoy) takeOut(p newsletter.Parcel) {
	i := slices.IndexFunc(v.flights, func(f *flight) bool { return f.parcel.Delivery == p.Delivery })
	if i < 0 {
		return
	}
	from, to := v.flights[i].from, v.flights[i].to
	v.bytes = slices.Delete(v.bytes, from, to)
	v.flights = slices.Delete(v.flights, i, i+1)
	for _, f := range v.flights[i:] {
		f.from, f.to = f.from-(to-from), f.to-(to-from)
	}
}

// hear waits for what becomes of the letter that went first, and takes what is there already of the others. On a connection that is ending it
// hears out all of them.
func (c *courier) hear(r *round, flying []*flight) ([]*flight, error) {
	for waits := true; len(flying) > 0 && (waits || c.line.ended || c.line.speaks()); {
		f := flying[0]
		if err := c.line.hear(f); err != nil {
			return nil, c.fall(r, flying, err)
		}
		if f.answers == answersWhole {
			r.settle(f.parcel, f.started, f.stage, f.told)
			flying, waits = flying[1:], false
		}
	}
	if c.line.ended {
		return nil, c.line.cause
	}
	return flying, nil
}

// fall settles what is on the wire of a connection that is lost. Of a letter that left whole nobody knows; but behind a goodbye none is
// taken (RFC 5321 §3.8), where the server hung up as it said.
func (c *courier) fall(r *round, flying []*flight, cause error) error {
	goodbye := c.line.goodbye
	left := goodbye.Code != 0 && (errors.Is(cause, io.ErrUnexpectedEOF) || errors.Is(cause, syscall.ECONNRESET))
	stage := newsletter.StageData
	for i, f := range flying {
		switch {
		case f.told.Code >= 400:
		case left:
			f.stage, f.told = newsletter.StageMail, goodbye
		case f.whole:
			f.stage, f.told = newsletter.StageDot, c.line.told
		default:
			f.stage, f.told = newsletter.StageData, c.line.told
		}
		if i == 0 {
			stage = f.stage
		}
		r.settle(f.parcel, f.started, f.stage, f.told)
	}
	return fmt.Errorf("at stage %s: %w", stage, cause)
}
