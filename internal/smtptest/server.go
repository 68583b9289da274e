package smtptest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"maps"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// A Script is what a server is from the start.
type Script struct {
	Extensions []string          // EHLO keywords, such as "SIZE 1000", "STARTTLS", "AUTH PLAIN LOGIN"
	TLS        bool              // TLS from the first byte
	Users      map[string]string // passwords of those who may log in, by PLAIN or LOGIN
	Answers    map[string]Answer // see [Answer] for the keys
	Reading    time.Duration     // pause before each line of content is read
	Generous   bool              // DATA is granted though no recipient was taken (RFC 2920 §3.1)
	Lenient    bool              // a refused MAIL begins a transaction all the same
	Holding    bool              // a chunk for nobody leaves the transaction open, as with Exim
	Deaf       bool              // CHUNKING is offered and BDAT not known: a chunk is read as commands
	Observe    func(Event)       // called for everything that arrives, before the reply; may be nil
}

// An Event is something that arrived: a command line, "CONTENT" or "DOT".
type Event struct {
	Connection int // counted from 1
	At         time.Time
	Line       string
}

// A Letter is one that the server took, or had whole when it dropped the connection.
type Letter struct {
	Connection int
	At         time.Time // of the final dot
	TLS        bool
	User       string // who was logged in
	From       string
	Parameters string // of MAIL, such as "SIZE=512 SMTPUTF8"
	To         []string
	Content    []byte // without the dots that stuffing added
}

// A Server is a mail server. Its methods may be used from any goroutine.
type Server struct {
	script Script
	cert   tls.Certificate
	roots  *x509.CertPool

	ctx  context.Context // done when the server ends
	wait sync.WaitGroup

	mu      sync.Mutex
	answers map[string]Answer
	events  []Event
	letters []Letter
	made    int
	flood   int
	open    map[net.Conn]bool
}

// Start makes a server that ends with the test. [Server.Dial] and [Server.Listen] lead to it.
func Start(t testing.TB, script Script) *Server {
	t.Helper()
	cert, roots, err := NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{script: script, cert: cert, roots: roots, ctx: ctx, answers: map[string]Answer{}, open: map[net.Conn]bool{}}
	maps.Copy(s.answers, script.Answers)
	t.Cleanup(func() {
		cancel()
		s.wait.Wait()
	})
	return s
}

// Host is a name that the server's certificate vouches for.
const Host = "relay.example"

// RootCAs vouches for the server's certificate, which is good for [Host], localhost and the loopback addresses.
func (s *Server) RootCAs() *x509.CertPool { return s.roots }

// Dial connects in memory, whatever the address. It fits where a dialling function is asked for.
func (s *Server) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	client, server := net.Pipe()
	out := newSluice(server, 0)
	s.serve(server, func(c *session) {
		c.run(out)
		out.drain()
	})
	return client, nil
}

// Listen makes the server reachable by TCP on the loopback interface, and returns where.
func (s *Server) Listen(t testing.TB) (host string, port int) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(s.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	context.AfterFunc(s.ctx, func() { _ = listener.Close() })
	s.wait.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.serve(conn, func(c *session) { c.run(conn) })
		}
	})
	host, text, _ := net.SplitHostPort(listener.Addr().String())
	port, _ = strconv.Atoi(text)
	return host, port
}

// Answer tells the server what to do from now on at the point that key names.
func (s *Server) Answer(key string, answer Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[key] = answer
}

// Letters returns what the server took so far, in the order of the final dots.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

// Events returns what arrived so far.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// Commands returns the lines of [Server.Events].
func (s *Server) Commands() []string {
	var lines []string
	for _, e := range s.Events() {
		lines = append(lines, e.Line)
	}
	return lines
}

// Connections counts the connections made so far, and those of them that are still open.
func (s *Server) Connections() (made, open int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made, len(s.open)
}

// Disconnect closes the connections that are open, as a server does with idle ones.
func (s *Server) Disconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.open {
		_ = conn.Close()
	}
}

// Flooded counts the bytes that left in floods; see [Answer].
func (s *Server) Flooded() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flood
}

func (s *Server) flooded(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flood += n
}

func (s *Server) serve(conn net.Conn, run func(*session)) {
	s.mu.Lock()
	s.made++
	number := s.made
	s.open[conn] = true
	s.mu.Unlock()
	s.wait.Go(func() {
		unwatch := context.AfterFunc(s.ctx, func() { _ = conn.Close() })
		defer unwatch()
		run(&session{server: s, number: number})
		_ = conn.Close()
		s.mu.Lock()
		delete(s.open, conn)
		s.mu.Unlock()
	})
}

// take finds what to do at a point and counts it.
func (s *Server) take(point, address string) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range points(point, address) {
		answer, found := s.answers[key]
		if !found {
			continue
		}
		if answer.Times == 1 {
			delete(s.answers, key)
		} else if answer.Times > 1 {
			rest := answer
			rest.Times--
			s.answers[key] = rest
		}
		return answer
	}
	return Answer{}
}

func (s *Server) observe(e Event) {
	s.mu.Lock()
	s.events = append(s.events, e)
	s.mu.Unlock()
	if s.script.Observe != nil {
		s.script.Observe(e)
	}
}

func (s *Server) keep(l Letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, l)
}
