package web_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
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

// visit runs a server in front of a site and returns a connection to it, which ends with the test.
func visit(t *testing.T, o web.Options) net.Conn {
	t.Helper()
	server := web.NewServer(site(t, o), o.Log)
	client, conn := net.Pipe()
	l := one{connections: make(chan net.Conn, 1), closed: make(chan struct{})}
	l.connections <- conn
	ended := make(chan error)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return client
}

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
			client := visit(t, options(t, p))
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
		})
	}
}

// A body that is slow costs the store none of its time, and one that never comes is the client's fault, not news for
// the operator.
func TestSlowBodies(t *testing.T) {
	const body = "List-Unsubscribe=One-Click"
	for name, row := range map[string]struct {
		first  string
		status int
		left   int
	}{
		"nothing": {"", http.StatusRequestTimeout, 0},
		"half":    {body[:20], http.StatusRequestTimeout, 0},
		"whole":   {body[:25], http.StatusOK, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			p := newPeople()
			o := options(t, p)
			o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
			client := visit(t, o)
			if _, err := fmt.Fprintf(client, "POST /u/%s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
				goodToken, urlencoded, len(body), row.first); err != nil {
				t.Fatal(err)
			}
			if row.status == http.StatusOK {
				time.AfterFunc(12*time.Second, func() { _, _ = io.WriteString(client, body[len(row.first):]) })
			}
			answer, err := http.ReadResponse(bufio.NewReader(client), nil)
			if err != nil {
				t.Fatal(err)
			}
			page(t, answer)
			if answer.StatusCode != row.status || answer.Close != (row.left == 0) || len(p.left) != row.left {
				t.Errorf("%s: status %d, closes %v, left by %v; want status %d", name, answer.StatusCode, answer.Close, p.left, row.status)
			}
			if log.Len() > 0 {
				t.Errorf("%s: the operator is told:\n%s", name, &log)
			}
		})
	}
}
