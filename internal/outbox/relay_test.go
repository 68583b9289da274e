package outbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// A relay that is gone for hours in the middle of an edition, and then is back: whatever was not on the wire is as due as
// before, no try is used up for it, and sending goes on by itself, what goes ahead as well.
func TestRun_TheRelayIsGoneForHours(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		var gone atomic.Bool
		h.readersAt(100, "lecteurs.example")
		e := h.publish()
		s := h.sender()
		s.Pace = newsletter.Pace{Second: 5}
		way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if gone.Load() {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
			}
			return h.relay.Dial(ctx, network, address)
		}})
		h.must(err)
		s.Transport = way
		stop := h.start(s)
		after(10 * time.Second)
		gone.Store(true)
		h.relay.Disconnect()
		h.must(h.Proof(h.t.Context(), e.Ref(), h.parsed(editor), time.Now()))
		before := len(h.relay.Letters())
		after(30 * time.Hour) // longer than a letter is tried
		if n := len(h.relay.Letters()); n != before || n < 20 || n > 60 {
			t.Errorf("%d letters left, and %d before the relay went", n, before)
		}
		gone.Store(false)
		after(10 * time.Minute)
		h.must(stop())
		h.everybodyHasOne(100)
		h.hasProof()
		for i := range 100 {
			if told := h.told(fmt.Sprintf("r%03d", i)); len(told.Attempts) != 1 || told.State != newsletter.Sent {
				t.Errorf("r%03d: %s after %v", i, told.State, told.Attempts)
			}
		}
	})
}

// The same with a real relay, which is ended and started anew: what it cut off on the wire goes once more, as the same letter.
func TestRun_TheRelayIsStartedAnew(t *testing.T) {
	const readers = 300
	newHouse(t, smtptest.Script{}, func(h *house) {
		h.readersAt(readers, "lecteurs.example")
		h.publish()
		sink := smtptest.NewSink(smtptest.Faults{Delay: time.Millisecond})
		at, end := serveSink(h.t, sink, "127.0.0.1:0")
		s, heard := h.sender(), newEar("the way out is closed")
		s.Policy.Retry.First = time.Millisecond
		s.Log = slog.New(slog.NewTextHandler(heard, nil))
		s.Transport = toAddress(h, at)
		stop := h.start(s)
		await(h.t, sink.Reached(readers/3), "a third of the letters")
		end()
		await(h.t, heard.heard, "a word in the log")
		if !strings.Contains(heard.String(), "refused") {
			t.Errorf("the log does not say why:\n%s", heard)
		}
		_, end = serveSink(h.t, sink, at)
		h.settled()
		h.must(stop())
		end()
		h.sameAsTheSink(sink, readers)
	})
}

// serveSink takes letters at an address until end is called.
func serveSink(t *testing.T, sink *smtptest.Sink, at string) (address string, end func()) {
	t.Helper()
	l, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- sink.Serve(ctx, l) }()
	return l.Addr().String(), sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// toAddress is a way out over TCP.
func toAddress(h *house, address string) outbox.Transport {
	h.t.Helper()
	way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}})
	h.must(err)
	return way
}

// settled waits until no letter is to leave any more.
func (h *house) settled() {
	h.t.Helper()
	look := time.NewTicker(5 * time.Millisecond) // nobody is told of a letter that was sent
	defer look.Stop()
	for {
		counts, err := h.OutboxCounts(h.t.Context())
		h.must(err)
		if counts[newsletter.Queued]+counts[newsletter.Attempting]+counts[newsletter.Deferred] == 0 {
			return
		}
		<-look.C
	}
}

// await waits for what happens in real time, on the slowest of machines.
func await(t *testing.T, happens <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-happens:
	case <-time.After(5 * time.Minute):
		t.Fatalf("waited in vain for %s", what)
	}
}

// An ear listens to a log for words.
type ear struct {
	words string
	heard chan struct{} // closed when they were said

	mu   sync.Mutex
	said strings.Builder
	did  bool
}

func newEar(words string) *ear { return &ear{words: words, heard: make(chan struct{})} }

func (e *ear) Write(line []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.said.Write(line)
	if !e.did && strings.Contains(string(line), e.words) {
		e.did = true
		close(e.heard)
	}
	return len(line), nil
}

func (e *ear) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.said.String()
}

// sameAsTheSink fails the test unless each of n readers has one letter at a sink, or the ledger says for how many more of
// the same nobody knows whether they arrived.
func (h *house) sameAsTheSink(sink *smtptest.Sink, n int) {
	h.t.Helper()
	for i := range n {
		name := fmt.Sprintf("r%03d", i)
		told, copies := h.told(name), sink.Copies(mail(name))
		lost := 0
		for _, a := range told.Attempts {
			if a.Stage == newsletter.StageDot {
				lost++
			}
		}
		if told.State != newsletter.Sent || copies.Number < 1 || copies.Number > 1+lost || copies.Strange > 0 {
			h.t.Errorf("%s: %d letters, %d strange; the ledger says %s after %v", name, copies.Number, copies.Strange, told.State, told.Attempts)
		}
	}
}
