package web_test

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/web"
)

// one is a listener that has one connection to give.
type one struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (l one) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l one) Close() error   { close(l.closed); return nil }
func (l one) Addr() net.Addr { return &net.TCPAddr{} }

// A client that goes silent in the middle is let go within the time given to it, and nobody leaves by half a request.
func TestSilentClientsAreLetGo(t *testing.T) {
	for name, row := range map[string]struct {
		sent string
		most time.Duration
	}{
		"nothing at all":  {"", 6 * time.Second},
		"half a heading":  {"POST /u/" + goodToken + " HTTP/1.1\r\nHost: x\r\n", 6 * time.Second},
		"half of a body":  {"POST /u/" + goodToken + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + urlencoded + "\r\nContent-Length: 90\r\n\r\nList-Unsubscribe=One-Click", 16 * time.Second},
		"nothing further": {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 3 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPeople()
			server := web.NewServer(site(t, options(t, p)), slog.New(slog.DiscardHandler))
			client, conn := net.Pipe()
			l := one{connections: make(chan net.Conn, 1), closed: make(chan struct{})}
			l.connections <- conn
			ended := make(chan error)
			go func() { ended <- server.Serve(l) }()

			began := time.Now()
			if _, err := io.WriteString(client, row.sent); err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, bufio.NewReader(client)) // until the server hangs up
			if took := time.Since(began); took > row.most {
				t.Errorf("%s: held the connection for %s", name, took)
			}
			if len(p.left) > 0 {
				t.Errorf("%s: somebody left", name)
			}
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
	}
}
