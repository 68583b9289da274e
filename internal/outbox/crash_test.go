package outbox_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

var errDead = errors.New("the program was killed")

// A life counts what a sender does to the world, and ends at the k-th of it: from then on nothing is written to the
// store, and the wire is cut.
type life struct {
	mu    sync.Mutex
	left  int
	dead  bool
	relay *smtptest.Server
}

// breathe counts one event and reports whether the program still lives after it.
func (l *life) breathe() bool {
	l.mu.Lock()
	l.left--
	dies := l.left == 0
	l.dead = l.dead || dies
	dead := l.dead
	l.mu.Unlock()
	if dies {
		l.relay.Disconnect()
	}
	return !dead
}

func (l *life) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

func (l *life) call(name string, _ bool) error {
	dead := l.over()
	if name == "Step" || name == "QueueNext" || name == "Finish" {
		dead = !l.breathe()
	}
	if dead {
		return errDead
	}
	return nil
}

func (l *life) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if l.over() {
		return nil, errDead
	}
	return l.relay.Dial(ctx, network, address)
}

// A program that is killed at any instant, and started again, forgets nobody and repeats at most what was on the wire:
// one letter for each connection, with its Message-ID and Date. Tried at every store step, before and after its
// commit, and at everything that the server sees.
func TestRun_KilledAtAnyInstant(t *testing.T) {
	instants := 0
	for survived := false; !survived; instants++ {
		survived = killedAt(t, instants+1)
	}
	if instants < 30 {
		t.Errorf("only %d instants were tried", instants)
	}
}

// killedAt kills a sender of three letters on two connections at its k-th event. It returns true when the sender had
// done everything before.
func killedAt(t *testing.T, k int) (survived bool) {
	l := &life{left: k}
	inHouse(t, smtptest.Script{Observe: func(smtptest.Event) { l.breathe() }}, func(h *house) {
		l.relay = h.relay
		h.readers("lea", "noe", "zoe")
		e := h.publish()
		first := h.sender()
		first.UntilIdle, first.Store = true, witness{h.Store, l.call}
		way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Dial: l.dial})
		h.must(err)
		first.Transport = way
		_, err = first.Run(h.t.Context())
		if survived = !l.over(); survived {
			h.must(err)
		}
		remnants, err := h.Remnants(h.t.Context(), 10)
		h.must(err)
		if len(remnants) > 2 {
			h.t.Errorf("killed at %d: %d letters were on the wire of two connections", k, len(remnants))
		}
		h.drain()

		mayTwice := map[string]bool{}
		for _, d := range remnants {
			mayTwice[d.Address] = true
		}
		for _, name := range []string{"lea", "noe", "zoe"} {
			got := h.letters(name)
			if len(got) == 0 || len(got) > 2 || (len(got) == 2 && !mayTwice[mail(name)]) {
				h.t.Errorf("killed at %d: %s has %d letters; on the wire were %v", k, name, len(got), remnants)
			}
			for _, l := range got[1:] {
				if field(l, "Message-ID") != field(got[0], "Message-ID") || field(l, "Date") != field(got[0], "Date") {
					h.t.Errorf("killed at %d: the copies of %s cannot be recognised", k, name)
				}
			}
			h.state(name, newsletter.Sent)
		}
		e, err = h.EditionByID(h.t.Context(), e.ID)
		h.must(err)
		if e.State != newsletter.EditionDone {
			h.t.Errorf("killed at %d: the edition is %s", k, e.State)
		}
	})
	return survived
}
