package outbox_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// BenchmarkRun sends an edition of 44 KB over a loopback connection to a sink in the same process, which makes a few allocations of
// each letter, too. The store keeps nothing: what a letter costs besides the ledger. One operation is one letter.
func BenchmarkRun(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	sink := smtptest.NewSink(smtptest.Faults{})
	go func() { _ = sink.Serve(b.Context(), listener) }()
	way, err := transport.NewSMTP(transport.Relay{
		Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: transport.NoTLS, Pipelining: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	store := &forgetful{left: b.N, changed: make(chan struct{})}
	post := newPost(b)
	post.Texts = store
	s := &outbox.Sender{
		Store: store, Transport: way, Composer: post, Connections: 8, UntilIdle: true, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	b.ReportAllocs()
	b.ResetTimer()
	if tally, err := s.Run(b.Context()); err != nil || tally.Sent != b.N {
		b.Errorf("%+v, %v", tally, err)
	}
}

// A forgetful store has so many copies of an edition to send, and remembers nothing of those that it handed out.
type forgetful struct {
	outbox.Store
	left    int
	changed chan struct{}
}

func (f *forgetful) Remnants(context.Context, int) ([]newsletter.Delivery, error) { return nil, nil }

func (f *forgetful) QueueNext(context.Context, int, time.Time) (bool, error) { return false, nil }

func (f *forgetful) SetGroups(context.Context, newsletter.Groups) error { return nil }

func (f *forgetful) SetRests(context.Context, []outbox.Rest) error { return nil }

func (f *forgetful) Closings(context.Context, time.Time) ([]newsletter.Closing, error) {
	return nil, nil
}

func (f *forgetful) Rewind(context.Context, time.Time, time.Time, int) (int, error) { return 0, nil }

func (f *forgetful) DueAhead(context.Context, time.Time, int) ([]newsletter.Delivery, error) {
	return nil, nil
}

func (f *forgetful) DueCopies(_ context.Context, _ time.Time, limit int, _ outbox.Room) ([]newsletter.Delivery, error) {
	due := make([]newsletter.Delivery, min(limit, f.left))
	for i := range due {
		id := int64(f.left - i)
		due[i] = newsletter.Delivery{
			ID: id, Kind: newsletter.KindEdition, Edition: 1, Number: 1, Variant: 1, Newsletter: "hebdo", Subscriber: id, Subscription: id, Epoch: 1, Copy: 1,
			State: newsletter.Queued, Address: fmt.Sprintf("r%d@lecteurs.example", id), Confirmed: time.Unix(1_700_000_000, 0),
		}
	}
	f.left -= len(due)
	return due, nil
}

func (f *forgetful) NextDue(context.Context, time.Time) (time.Time, bool, error) {
	return time.Time{}, false, nil
}

func (f *forgetful) Step(context.Context, []outbox.Settlement, []newsletter.Parcel, time.Time) ([]int64, error) {
	return nil, nil
}

func (f *forgetful) Finish(context.Context) (int, error) { return 0, nil }

func (f *forgetful) Changed() <-chan struct{} { return f.changed }

func (f *forgetful) Variant(context.Context, int64) (newsletter.Variant, error) {
	part := strings.Repeat(strings.Repeat("Ce que le courrier apporte. ", 3)+"\n", 180) + readersOwn()
	return newsletter.Variant{ID: 1, Edition: 1, Key: "full", Kind: newsletter.KindEdition, Subject: "Le sujet", Text: part, HTML: part}, nil
}

func (f *forgetful) EditionByID(context.Context, int64) (newsletter.Edition, error) {
	return newsletter.Edition{ID: 1, Newsletter: "hebdo", Number: 1, KeyID: 1, Letterhead: letterhead()}, nil
}
