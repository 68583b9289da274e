package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"facteur/internal/subscription"
	"facteur/internal/web"
)

// panicking is a story with a bug.
type panicking struct{ *people }

func (panicking) Look(context.Context, string) (subscription.Standing, error) {
	panic("a bug of ours")
}

func TestAPanicIsToldAndAnswered(t *testing.T) {
	var log bytes.Buffer
	o := options(t, newPeople())
	o.Subscriptions = panicking{}
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	answer := get(site(t, o), "/u/"+goodToken)
	if answer.StatusCode != http.StatusInternalServerError || answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("status %d, headers %v", answer.StatusCode, answer.Header)
	}
	page(t, answer)
	got := log.String()
	if strings.Count(got, "level=ERROR") != 1 || !strings.Contains(got, "route=/u/{token}") ||
		!strings.Contains(got, "a bug of ours") || !strings.Contains(got, "guard_test.go") {
		t.Errorf("the operator is not told once what panicked and where:\n%s", got)
	}
	if strings.Contains(got, goodToken) || strings.Contains(got, "192.0.2.1") { // httptest's client
		t.Errorf("the log names a reader:\n%s", got)
	}
}

// served lets a server answer one request of a client at 203.0.113.9.
func served(t *testing.T, server *http.Server) {
	t.Helper()
	client, conn := net.Pipe()
	l := one{connections: make(chan net.Conn, 1), closed: make(chan struct{})}
	l.connections <- far{conn}
	ended := make(chan error)
	go func() { ended <- server.Serve(l) }()
	if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, client) // until the server hangs up
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// far is a connection from a person's machine.
type far struct{ net.Conn }

func (far) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(203, 0, 113, 9), Port: 1234} }

// Whatever panics, net/http's own line about it, which names the client, is not written.
func TestTheServersLogNamesNoClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		l := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		served(t, web.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }), l))
		if log.Len() > 0 {
			t.Errorf("the log is\n%s", &log)
		}
	})
}

// tired is a listener that fails once, as one without file descriptors does.
type tired struct {
	one
	failed bool
}

func (l *tired) Accept() (net.Conn, error) {
	if !l.failed {
		l.failed = true
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	return l.one.Accept()
}

func TestTheServersLogTellsOfTheListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		server := web.NewServer(http.NotFoundHandler(), slog.New(slog.NewTextHandler(&log, nil)))
		ended := make(chan error)
		go func() { ended <- server.Serve(&tired{one: one{closed: make(chan struct{})}}) }()
		synctest.Wait() // the failure is told, and the server waits before it goes on
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
		if got := log.String(); !strings.Contains(got, "level=WARN") || !strings.Contains(got, "too many open files") {
			t.Errorf("the log is %q", got)
		}
	})
}

// breaking fails in the middle of the body.
type breaking struct{ http.ResponseWriter }

func (breaking) Write([]byte) (int, error) { panic("a bug below") }

func TestAnAnswerThatBrokeOffIsCut(t *testing.T) {
	var log bytes.Buffer
	o := options(t, newPeople())
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := site(t, o)
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("the panic is %v, want the one that cuts the connection", err)
		}
		if !strings.Contains(log.String(), "a bug below") {
			t.Errorf("the operator is not told:\n%s", &log)
		}
	}()
	h.ServeHTTP(breaking{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/", nil))
}
