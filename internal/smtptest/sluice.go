package smtptest

import (
	"bytes"
	"io"
	"net"
	"time"
)

// A sluice is a server's end of a connection whose writes wait for no reader and arrive after a while: a client may go on writing while a reply is
// on its way. In memory that is what a socket does by itself.
type sluice struct {
	net.Conn
	after  time.Duration
	queue  chan delayed
	broken chan struct{} // closed when nobody is at the other end
	empty  chan struct{} // closed when all was read that ever will be
}

type delayed struct {
	due   time.Time
	bytes []byte
}

func newSluice(conn net.Conn, after time.Duration) *sluice {
	s := &sluice{Conn: conn, after: after, queue: make(chan delayed, 1024), broken: make(chan struct{}), empty: make(chan struct{})}
	go s.pump()
	return s
}

func (s *sluice) pump() {
	defer close(s.empty)
	for d := range s.queue {
		if s.after > 0 {
			time.Sleep(time.Until(d.due))
		}
		if _, err := s.Conn.Write(d.bytes); err != nil {
			close(s.broken)
			return
		}
	}
}

func (s *sluice) Write(b []byte) (int, error) {
	select {
	case s.queue <- delayed{time.Now().Add(s.after), bytes.Clone(b)}:
		return len(b), nil
	case <-s.broken:
		return 0, io.ErrClosedPipe
	}
}

// drain waits until all is read, or nobody reads it any more. Nothing may be written behind it.
func (s *sluice) drain() {
	close(s.queue)
	<-s.empty
}
