package outbox_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
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
	if slices.Contains([]string{"SetGroups", "Step", "QueueNext", "Open", "Finish"}, name) {
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
// commit, and at everything that the server sees; also where providers are told apart and a first letter goes ahead.
func TestRun_KilledAtAnyInstant(t *testing.T) {
	groups := providers()
	groups[0].AtOnce, groups[1].Pace.Minute = 1, 1
	for _, test := range []struct {
		name    string
		readers []string
		groups  newsletter.Groups
		canary  outbox.Canary
		least   int // instants
	}{
		{"as ever", []string{"lea", "noe", "zoe"}, nil, outbox.Canary{}, 30},
		{"by groups, behind a first letter", []string{"lea@orange.example", "noe@wanadoo.example", "zoe@sfr.example"}, groups,
			outbox.Canary{Letters: 1, Wait: 10 * time.Minute, From: 1}, 34},
	} {
		t.Run(test.name, func(t *testing.T) {
			manners(t, func(t *testing.T, offers []string) {
				c := &crash{readers: test.readers, offers: offers, set: func(s *outbox.Sender) { s.UntilIdle, s.Groups, s.Canary = true, test.groups, test.canary }}
				instants := 0
				for survived := false; !survived; instants++ {
					survived = c.at(t, instants+1)
				}
				if instants < test.least {
					t.Errorf("only %d instants were tried", instants)
				}
			})
		})
	}
}

// The same with several letters on the wire of each connection: at most so many may be repeated.
func TestRun_KilledWithSeveralOnTheWire(t *testing.T) {
	c := &crash{readers: names(9), offers: []string{"PIPELINING", "CHUNKING"}, window: 3, set: func(s *outbox.Sender) { s.UntilIdle = true }}
	for k, survived := 1, false; !survived; k++ {
		survived = c.at(t, k)
	}
	if c.most < 4 {
		t.Errorf("at most %d letters were on the wire of two connections: the window was not used", c.most)
	}
}

// A crash is what is killed: a sender, set as it is, with letters for a few readers.
type crash struct {
	readers []string
	offers  []string // of the relay
	window  int      // letters on the wire of a connection; 0: one
	set     func(*outbox.Sender)
	most    int // letters that were on the wire at a kill
}

// at kills a sender of a few letters on two connections at its k-th event. It returns true when the sender had
// done everything before.
func (c *crash) at(t *testing.T, k int) (survived bool) {
	l := &life{left: k}
	inHouse(t, smtptest.Script{Extensions: c.offers, Observe: func(smtptest.Event) { l.breathe() }}, func(h *house) {
		l.relay = h.relay
		h.readers(c.readers...)
		e := h.publish()
		first := h.sender()
		c.set(first)
		first.Store = witness{h.Store, l.call}
		way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Window: c.window, Dial: l.dial})
		h.must(err)
		first.Transport = way
		_, err = first.Run(h.t.Context())
		if survived = !l.over(); survived {
			h.must(err)
		}
		remnants, err := h.Remnants(h.t.Context(), 10)
		h.must(err)
		if c.most = max(c.most, len(remnants)); len(remnants) > 2*max(1, c.window) {
			h.t.Errorf("killed at %d: %d letters were on the wire of two connections", k, len(remnants))
		}
		second := h.sender()
		c.set(second)
		_, err = second.Run(h.t.Context())
		h.must(err)
		c.compare(h, k, e, remnants)
	})
	return survived
}

// compare fails the test unless each reader has one letter, or a second one that was on the wire and is the same.
func (c *crash) compare(h *house, k int, e newsletter.Edition, remnants []newsletter.Delivery) {
	h.t.Helper()
	mayTwice := map[string]bool{}
	for _, d := range remnants {
		mayTwice[d.Address] = true
	}
	for _, name := range c.readers {
		got := h.letters(name)
		if len(got) == 0 || len(got) > 2 || (len(got) == 2 && !mayTwice[mail(name)]) {
			h.t.Fatalf("killed at %d: %s has %d letters; on the wire were %v", k, name, len(got), remnants)
		}
		for _, l := range got[1:] {
			if field(l, "Message-ID") != field(got[0], "Message-ID") || field(l, "Date") != field(got[0], "Date") {
				h.t.Errorf("killed at %d: the copies of %s cannot be recognised", k, name)
			}
		}
		h.state(name, newsletter.Sent)
	}
	e, err := h.EditionByID(h.t.Context(), e.ID)
	h.must(err)
	if e.State != newsletter.EditionDone {
		h.t.Errorf("killed at %d: the edition is %s", k, e.State)
	}
}
