package transport

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

var (
	// errStopped ends a round because its context is done, before anything of the letter at hand was marked.
	errStopped = errors.New("stopped")
	// errGone says that the server gave up a kept connection, or is about to: the letter at hand wants a new one.
	errGone = errors.New("the connection is gone")
)

// A courier carries letters by a relay, one transaction after the other.
type courier struct {
	relay *SMTP
	line  *line
	spare *content // room for a letter as it goes on the wire, and for another
	other *content
	train []byte // room for letters that go in one piece
}

// Carry implements [outbox.Courier]. It also returns nil when no letter came for [Timeouts].Idle: the server was told
// goodbye, and whoever has a letter later opens a new connection.
func (c *courier) Carry(ctx context.Context, next, beside outbox.Next, step outbox.Step) error {
	r := &round{next: next, beside: beside, step: step, lull: c.relay.waits.Lull, idle: c.relay.waits.Idle}
	c.listen(ctx, r)
	err := c.walk(ctx, r)
	if errors.Is(err, errStopped) {
		err = nil
	}
	err = errors.Join(err, r.flush(ctx))
	c.line.quit()
	return err
}

// listen makes the line heed ctx. While the server is slow to answer, outcomes at hand are made durable: where that fails it is tried
// again with the next mark, or at the end.
func (c *courier) listen(ctx context.Context, r *round) {
	c.line.meanwhile = func() { _ = r.flush(ctx) }
	c.line.watch(ctx)
}

func (c *courier) walk(ctx context.Context, r *round) error {
	for {
		p, ok, err := r.take(ctx)
		if err != nil || !ok {
			return err
		}
		if err := c.carryOn(ctx, r, p); err != nil {
			return err
		}
	}
}

// carryOn carries a letter, and those that travel with it. A letter that finds a kept connection gone has a new one, once.
func (c *courier) carryOn(ctx context.Context, r *round, p newsletter.Parcel) error {
	for last := int64(0); ; {
		err := errGone
		if !c.line.spent() {
			p, err = c.carry(ctx, r, p)
		}
		if !errors.Is(err, errGone) || p.Delivery == last {
			return err
		}
		last = p.Delivery
		if err := c.reopen(ctx, r); err != nil {
			return err
		}
	}
}

// A transaction is one letter on its way.
type transaction struct {
	parcel    newsletter.Parcel
	content   *content // as it goes on the wire
	started   time.Time
	kept      bool // the server had a reason to be gone before
	announced bool // its commands are on the wire
}

// carry takes a letter through its transaction, and then those whose commands travelled with the content of the one before. An error
// ends the use of the connection; the letter that it returns is the last one, which is settled by then, or untouched.
func (c *courier) carry(ctx context.Context, r *round, p newsletter.Parcel) (newsletter.Parcel, error) {
	if c.line.window > 1 {
		return p, c.convoy(ctx, r, p)
	}
	t := c.prepare(r, p)
	if t == nil {
		return p, nil
	}
	for {
		may, err := c.introduce(ctx, r, t)
		if err != nil || !may {
			return t.parcel, err
		}
		following, err := c.deliver(ctx, r, t)
		if err != nil || following == nil {
			return t.parcel, err
		}
		t = following
	}
}

// prepare makes a letter ready for the wire. One that the server could not take is settled in its place, and nil returned.
func (c *courier) prepare(r *round, p newsletter.Parcel) *transaction {
	t := &transaction{parcel: p, started: time.Now(), kept: c.line.kept()}
	c.spare.empty()
	if reply, impossible := c.line.offers.stuff(c.spare, p); impossible {
		r.settle(p, t.started, newsletter.StageMail, reply)
		return nil
	}
	t.content, c.spare, c.other = c.spare, c.other, c.spare
	return t
}

// introduce brings a letter to where its content is due, and marks it. may is false where it does not go on.
func (c *courier) introduce(ctx context.Context, r *round, t *transaction) (may bool, err error) {
	stage, reply, err := c.line.introduce(t.parcel, t.announced)
	if err != nil && stage == newsletter.StageMail && t.kept {
		return false, errGone
	}
	refused := err == nil && reply.Code >= 400
	if ctx.Err() != nil && !refused {
		return false, c.desert(ctx, errStopped)
	}
	if err != nil || refused {
		r.settle(t.parcel, t.started, stage, reply)
		return false, c.leave(ctx, stage, err)
	}
	if may, err = r.begin(ctx, t.parcel); err != nil || !may {
		return false, c.desert(ctx, err)
	}
	return true, nil
}

// desert gives a transaction up before its content. Where the server waits for that there is no other way than to hang up: a dot would be a
// letter.
func (c *courier) desert(ctx context.Context, err error) error {
	if c.line.offers.pipeline {
		c.line.ended = true
		c.line.quit()
		return err
	}
	if err != nil {
		return err
	}
	return c.leave(ctx, newsletter.StageRcpt, nil)
}

// deliver sends the content of a letter that is marked, together with the commands of the next one where one is at hand.
func (c *courier) deliver(ctx context.Context, r *round, t *transaction) (following *transaction, err error) {
	size := t.content.size()
	if c.line.takesMore() {
		if p, ok := r.companion(ctx); ok {
			following = c.prepare(r, p)
		}
	}
	if following != nil {
		following.kept, following.announced = true, true
		t.content.follow(func(dst []byte) []byte { return c.line.appendIntroduction(dst, following.parcel) })
	}
	stage, reply, err := c.line.content(t.content.pieces, size)
	r.settle(t.parcel, t.started, stage, reply)
	if err = c.leave(ctx, stage, err); following == nil || err != nil {
		return nil, err
	}
	following.started = time.Now()
	return following, nil
}

// leave makes the connection ready for another letter after one that came as far as stage, unless err ended it.
func (c *courier) leave(ctx context.Context, stage newsletter.Stage, err error) error {
	if err != nil {
		return fmt.Errorf("at stage %s: %w", stage, err)
	}
	if stage == newsletter.StageMail || stage == newsletter.StageDone {
		return nil // no transaction is open
	}
	if err = c.line.reset(); err != nil && ctx.Err() != nil {
		return errStopped
	}
	return err
}

// reopen takes a new connection in place of the one at hand. The goodbye and that may last, and outcomes do not wait for them.
func (c *courier) reopen(ctx context.Context, r *round) error {
	if err := r.flush(ctx); err != nil {
		return err
	}
	c.line.quit()
	l, err := c.relay.dial(ctx)
	if ctx.Err() != nil {
		if err == nil {
			l.quit()
		}
		return errStopped
	}
	if err != nil {
		return err
	}
	c.line = l
	c.listen(ctx, r)
	return nil
}
