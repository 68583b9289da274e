package transport_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	letters "facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// An office stands where the outbox stands: it hands out letters and writes down what is stepped.
type office struct {
	mu      sync.Mutex
	queue   []newsletter.Parcel
	refuse  map[int64]bool // letters that may not go any more
	stepErr error
	waits   bool          // more may come: next waits when the queue is empty
	onStep  func()        // called in each step
	came    chan struct{} // closed when a letter comes
	log     []string      // steps, and what the server saw if it logs here too
	settled map[int64][]newsletter.Attempt
	handed  []int64
	letters map[int64]newsletter.Parcel // that were handed over
}

func newOffice(letters ...newsletter.Parcel) *office {
	return &office{queue: letters, refuse: map[int64]bool{}, settled: map[int64][]newsletter.Attempt{}, letters: map[int64]newsletter.Parcel{}, came: make(chan struct{})}
}

func (o *office) next(ctx context.Context) (newsletter.Parcel, bool) {
	for {
		o.mu.Lock()
		if len(o.queue) > 0 {
			p := o.queue[0]
			o.queue = o.queue[1:]
			o.handed = append(o.handed, p.Delivery)
			o.letters[p.Delivery] = p
			o.mu.Unlock()
			return p, true
		}
		came, waits := o.came, o.waits
		o.mu.Unlock()
		if !waits {
			return newsletter.Parcel{}, false
		}
		select {
		case <-ctx.Done():
			return newsletter.Parcel{}, false
		case <-came:
		}
	}
}

// beside is next for a letter that waits for no other.
func (o *office) beside(ctx context.Context) (newsletter.Parcel, bool) {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	return o.next(ctx)
}

func (o *office) bring(p newsletter.Parcel) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue = append(o.queue, p)
	close(o.came)
	o.came = make(chan struct{})
}

func (o *office) step(ctx context.Context, done []newsletter.Settled, begin []newsletter.Parcel) ([]newsletter.Parcel, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.onStep != nil {
		o.onStep()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.stepErr != nil {
		return nil, o.stepErr
	}
	for _, s := range done {
		o.log = append(o.log, fmt.Sprintf("done %d", s.Delivery))
		o.settled[s.Delivery] = append(o.settled[s.Delivery], s.Attempt)
	}
	var refused []newsletter.Parcel
	for _, p := range begin {
		if o.refuse[p.Delivery] {
			refused = append(refused, p)
			o.log = append(o.log, fmt.Sprintf("refuse %d", p.Delivery))
			continue
		}
		o.log = append(o.log, fmt.Sprintf("begin %d", p.Delivery))
	}
	o.log = append(o.log, "step")
	return refused, nil
}

func (o *office) note(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.log = append(o.log, line)
}

func (o *office) lines() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.log)
}

// attempt returns the only attempt at a delivery.
func (o *office) attempt(t *testing.T, delivery int64) newsletter.Attempt {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(o.settled[delivery]); n != 1 {
		t.Fatalf("delivery %d was settled %d times: %v", delivery, n, o.log)
	}
	return o.settled[delivery][0]
}

func (o *office) untouched(t *testing.T, delivery int64) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Contains(o.handed, delivery) {
		t.Errorf("delivery %d was never handed over", delivery)
	}
	for _, word := range []string{"done", "begin"} {
		if slices.Contains(o.log, fmt.Sprintf("%s %d", word, delivery)) {
			t.Errorf("delivery %d was touched: %v", delivery, o.log)
		}
	}
}

// rest reports whether letters wait to be handed over.
func (o *office) rest() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.queue) > 0
}

// takeBack puts what was handed over and not touched into the queue again, as the outbox does.
func (o *office) takeBack() {
	o.mu.Lock()
	defer o.mu.Unlock()
	var back []newsletter.Parcel
	for _, n := range o.handed {
		if len(o.settled[n]) == 0 && !slices.Contains(o.log, fmt.Sprintf("refuse %d", n)) {
			back = append(back, o.letters[n])
		}
	}
	o.handed, o.queue = nil, append(back, o.queue...)
}

// once opens a connection and carries what there is over it.
func once(ctx context.Context, t *testing.T, way outbox.Transport, o *office) error {
	t.Helper()
	return carry(ctx, t, way, o, o.beside)
}

// carry is once with letters from beside that are not the office's next.
func carry(ctx context.Context, t *testing.T, way outbox.Transport, o *office, beside outbox.Next) error {
	t.Helper()
	courier, err := way.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return courier.Carry(ctx, o.next, beside, o.step)
}

// letter returns the n-th letter of a test. Each has an address and a return path of its own.
func letter(n int64) newsletter.Parcel {
	return newsletter.Parcel{
		Delivery: n,
		Name:     fmt.Sprintf("hebdo-1-%d", n),
		Envelope: newsletter.Envelope{From: fmt.Sprintf("retour+%d@pandia.example", n), To: fmt.Sprintf("%d@lecteurs.example", n)},
		Content:  letters.Octets(fmt.Appendf(nil, "Subject: n=C2=B0 %d\r\n\r\nBonjour\r\n.\r\n..deux\r\n", n)),
	}
}

// inMemory is the way to server without a socket.
func inMemory(t *testing.T, server *smtptest.Server, relay transport.Relay) *transport.SMTP {
	t.Helper()
	relay.Dial = server.Dial
	if relay.Host == "" {
		relay.Host = smtptest.Host
	}
	if relay.Security == "" {
		relay.Security = transport.NoTLS
	}
	return newSMTP(t, relay)
}

// byTCP is the way to server over a real socket.
func byTCP(t *testing.T, server *smtptest.Server, relay transport.Relay) *transport.SMTP {
	t.Helper()
	relay.Host, relay.Port = server.Listen(t)
	return newSMTP(t, relay)
}

func newSMTP(t *testing.T, relay transport.Relay) *transport.SMTP {
	t.Helper()
	relay.Pipelining, relay.Window = true, cmp.Or(relay.Window, 3) // the server's offer decides
	way, err := transport.NewSMTP(relay)
	if err != nil {
		t.Fatal(err)
	}
	return way
}
