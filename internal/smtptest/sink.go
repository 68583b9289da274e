package smtptest

import (
	"context"
	"math"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Faults are what a [Sink] does wrong. A share is a probability between 0 and 1. The zero Faults take everything at once.
type Faults struct {
	Delay       time.Duration // until a reply arrives, as if the client were that far away
	DotDelay    time.Duration // before the reply to the final dot, in addition
	Later       float64       // share of RCPT commands answered 451
	LaterDot    float64       // share of letters answered 451 at the final dot, and not taken
	NoMailbox   float64       // share of recipients, always the same ones, answered 550
	DropBefore  float64       // share of letters that are not taken, the connection closed within the content
	DropAfter   float64       // share of letters that are taken, the connection closed instead of a reply
	Letters     int           // letters on one connection before 421; 0 is any number
	Connections int           // connections at once before 421; 0 is any number
	Seed        uint64        // of all these chances; the same connections and letters meet the same faults
}

// A Sink is a mail server that takes letters as fast as they come and counts them. Its methods may be used from any
// goroutine.
type Sink struct {
	faults Faults
	tally  *tally

	letters atomic.Int64
	bytes   atomic.Int64
	refused atomic.Int64 // replies of 4yz and 5yz to RCPT, MAIL and the final dot
	dropped atomic.Int64
	made    atomic.Int64
	open    atomic.Int64
	first   atomic.Int64 // nanoseconds of the Unix clock
	last    atomic.Int64

	awaited atomic.Int64 // the least number that somebody waits for
	mu      sync.Mutex
	waiting map[int64]chan struct{} // by that number
}

// NewSink returns a sink. [Sink.Serve] sets it going.
func NewSink(faults Faults) *Sink {
	s := &Sink{faults: faults, tally: newTally(), waiting: map[int64]chan struct{}{}}
	s.awaited.Store(math.MaxInt64)
	return s
}

// Serve takes letters on the connections that come to l, until ctx is done; then it closes them all and returns nil.
func (s *Sink) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var sessions sync.WaitGroup
	defer sessions.Wait()
	defer cancel()
	context.AfterFunc(ctx, func() { _ = l.Close() })
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		sessions.Go(func() { s.take(ctx, conn) })
	}
}

func (s *Sink) take(ctx context.Context, conn net.Conn) {
	unwatch := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer unwatch()
	number := s.made.Add(1)
	open := s.open.Add(1)
	full := s.faults.Connections > 0 && open > int64(s.faults.Connections)
	if s.faults.Delay > 0 {
		far := newSluice(conn, s.faults.Delay)
		newIntake(s, far, uint64(number)).run(full)
		far.drain()
	} else {
		newIntake(s, conn, uint64(number)).run(full)
	}
	s.open.Add(-1)
	_ = conn.Close()
}

// count notes a letter that was taken.
func (s *Sink) count(recipients []string, id, size uint64) {
	now := time.Now().UnixNano()
	s.first.CompareAndSwap(0, now)
	s.last.Store(now)
	s.bytes.Add(int64(size))
	for _, r := range recipients {
		s.tally.add(r, id)
	}
	if n := s.letters.Add(1); n >= s.awaited.Load() {
		s.tell(n)
	}
}

// Letters returns how many letters were taken so far.
func (s *Sink) Letters() int { return int(s.letters.Load()) }

// Reached returns a channel that is closed when n letters have been taken: after the last one's final dot and before the reply.
func (s *Sink) Reached(n int) <-chan struct{} {
	s.mu.Lock()
	reached := s.waiting[int64(n)]
	if reached == nil {
		reached = make(chan struct{})
		s.waiting[int64(n)] = reached
	}
	s.awaited.Store(min(s.awaited.Load(), int64(n)))
	s.mu.Unlock()
	s.tell(s.letters.Load())
	return reached
}

// tell wakes those who wait for n letters or fewer.
func (s *Sink) tell(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := int64(math.MaxInt64)
	for number, reached := range s.waiting {
		if number > n {
			next = min(next, number)
			continue
		}
		close(reached)
		delete(s.waiting, number)
	}
	s.awaited.Store(next)
}

// Copies returns what a recipient got.
func (s *Sink) Copies(recipient string) Copies { return s.tally.of(recipient) }

// A Report is what a [Sink] counted.
type Report struct {
	Letters     int           `json:"letters"`
	Bytes       int64         `json:"bytes"`   // of content
	Took        time.Duration `json:"took_ns"` // from the first letter to the last
	Connections int           `json:"connections"`
	Refused     int           `json:"refused"` // MAIL, RCPT and final dots answered 4yz or 5yz
	Dropped     int           `json:"dropped"` // connections closed on purpose

	Recipients int `json:"recipients"` // who got any
	Once       int `json:"once"`       // of them, who got one copy
	More       int `json:"more"`       // of them, who got two copies or more
	Extra      int `json:"extra"`      // copies after the first
	Strange    int `json:"strange"`    // of these, not recognisable as such: Message-ID lacks, or is not the first copy's
}

// Report counts up.
func (s *Sink) Report() Report {
	r := Report{
		Letters: s.Letters(), Bytes: s.bytes.Load(), Took: time.Duration(s.last.Load() - s.first.Load()),
		Connections: int(s.made.Load()), Refused: int(s.refused.Load()), Dropped: int(s.dropped.Load()),
	}
	s.tally.each(func(c Copies) {
		r.Recipients++
		if c.Number == 1 {
			r.Once++
		} else {
			r.More++
		}
		r.Extra += c.Number - 1
		r.Strange += c.Strange
	})
	return r
}
