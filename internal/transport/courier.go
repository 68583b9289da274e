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
	relay   *SMTP
	line    *line
	stuffed []byte // the letter at hand as it goes on the wire
}

// Carry implements [outbox.Courier]. It also returns nil when no letter came for [Timeouts].Idle: the server was told
// goodbye, and whoever has a letter later opens a new connection.
func (c *courier) Carry(ctx context.Context, next outbox.Next, step outbox.Step) error {
	r := &round{next: next, step: step, lull: c.relay.waits.Lull, idle: c.relay.waits.Idle}
	c.line.watch(ctx)
	err := c.walk(ctx, r)
	if errors.Is(err, errStopped) {
		err = nil
	}
	err = errors.Join(err, r.flush(ctx))
	c.line.quit()
	return err
}

func (c *courier) walk(ctx context.Context, r *round) error {
	for {
		p, ok, err := r.take(ctx)
		if err != nil || !ok {
			return err
		}
		err = errGone
		if !c.line.full() {
			err = c.carry(ctx, r, p)
		}
		if errors.Is(err, errGone) {
			if err = c.reopen(ctx); err == nil {
				err = c.carry(ctx, r, p)
			}
		}
		if err != nil {
			return err
		}
	}
}

// carry takes one letter through its transaction. An error ends the use of the connection; the letter is settled by
// then, or untouched.
func (c *courier) carry(ctx context.Context, r *round, p newsletter.Parcel) error {
	started, stage, kept := time.Now(), newsletter.StageMail, c.line.kept()
	reply, err := c.introduce(p)
	if err != nil && kept {
		return errGone
	}
	if err == nil && reply.OK() {
		stage = newsletter.StageRcpt
		reply, err = c.line.rcpt(p)
	}
	refused := err == nil && !reply.OK()
	if ctx.Err() != nil && !refused {
		return errStopped
	}
	if err != nil || refused {
		r.settle(p, started, stage, reply)
		return c.leave(ctx, stage, err)
	}

	may, err := r.begin(ctx, p)
	if err != nil {
		return err
	}
	if may {
		stage, reply, err = c.line.content(c.stuffed)
		r.settle(p, started, stage, reply)
	}
	return c.leave(ctx, stage, err)
}

// introduce begins the transaction of p, or answers in the server's place that it cannot take p.
func (c *courier) introduce(p newsletter.Parcel) (reply newsletter.Reply, err error) {
	if reply, impossible := c.line.offers.refuse(p); impossible {
		return reply, nil
	}
	if c.stuffed, err = appendStuffed(c.stuffed[:0], p.Content); err != nil {
		return newsletter.Reply{Code: 554, Enhanced: "5.6.0", Text: "the letter has " + err.Error()}, nil // X.6.0: RFC 3463 §3.7
	}
	return c.line.mail(p)
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

// reopen takes a new connection in place of the one at hand.
func (c *courier) reopen(ctx context.Context) error {
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
	l.watch(ctx)
	return nil
}
