package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/fetch"
)

func site(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server
}

func client() *fetch.Client {
	return fetch.New(fetch.Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Agent: "Facteur/test"})
}

// A page is there unless its server says that it is not. It is asked for by HEAD, and whole only where that brought nothing.
func TestLook(t *testing.T) {
	for path, want := range map[string]struct{ asked, says string }{
		"/200": {"HEAD", ""}, "/204": {"HEAD", ""}, "/401": {"HEAD", ""}, "/403": {"HEAD", ""}, "/429": {"HEAD", ""}, "/moved": {"HEAD HEAD", ""},
		"/get-only": {"HEAD GET", ""},
		"/404":      {"HEAD GET", "its server answers 404 Not Found"}, "/410": {"HEAD GET", "its server answers 410 Gone"},
		"/500": {"HEAD GET", "its server answers 500 Internal Server Error"}, "/loop": {"HEAD HEAD HEAD HEAD HEAD HEAD", "it redirects more than 5 times"},
		"/private": {"HEAD", "10.1.2.3, which is not public"},
	} {
		t.Run(path, func(t *testing.T) {
			var asked []string
			s := site(t, func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.Method)
				if r.Header.Get("User-Agent") != "Facteur/test" || r.Header.Get("Referer") != "" {
					t.Errorf("asked with %v", r.Header)
				}
				status := map[string]int{"/204": 204, "/401": 401, "/403": 403, "/404": 404, "/410": 410, "/429": 429, "/500": 500}[r.URL.Path]
				switch {
				case r.URL.Path == "/moved":
					http.Redirect(w, r, "/200", http.StatusMovedPermanently)
				case r.URL.Path == "/loop":
					http.Redirect(w, r, "/loop", http.StatusFound)
				case r.URL.Path == "/private":
					http.Redirect(w, r, "http://10.1.2.3/", http.StatusFound)
				case r.URL.Path == "/get-only" && r.Method == http.MethodHead:
					w.WriteHeader(http.StatusMethodNotAllowed)
				case status != 0:
					w.WriteHeader(status)
				}
			})
			err := client().Look(t.Context(), s.URL+path)
			if got := strings.Join(asked, " "); got != want.asked {
				t.Errorf("asked by %s, want %s", got, want.asked)
			}
			if (err == nil) != (want.says == "") || err != nil && (!strings.Contains(err.Error(), want.says) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("it says %v, want %q", err, want.says)
			}
		})
	}
}

// A file is sent again only if it has changed, and a server says how long it wants to be left alone, by its own clock.
func TestGetChanged(t *testing.T) {
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("ETag", `"1"`)
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/feed", http.StatusMovedPermanently)
		case "/feed":
			if r.Header.Get("If-None-Match") == `"1"` || r.Header.Get("If-Modified-Since") == "then" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			h.Set("Last-Modified", "then")
			h.Set("Content-Type", "text/xml")
			_, _ = io.WriteString(w, "0123456789")
		case "/seconds":
			h.Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/date":
			h.Set("Date", "Wed, 25 Nov 2026 08:00:00 GMT")
			h.Set("Retry-After", "Wed, 25 Nov 2026 09:30:00 GMT")
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			h.Set("Retry-After", "soon")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	f, err := client().GetChanged(t.Context(), s.URL+"/moved", "*/*", fetch.Known{}, 4)
	known := fetch.Known{ETag: `"1"`, Modified: "then"}
	if err != nil || string(f.Body) != "01234" || f.Address != s.URL+"/feed" || f.Type != "text/xml" || f.Known != known || f.Same {
		t.Errorf("%+v, %v", f, err)
	}
	for _, k := range []fetch.Known{known, {ETag: `"1"`}, {Modified: "then"}} {
		if f, err := client().GetChanged(t.Context(), s.URL+"/moved", "*/*", k, 4); err != nil || !f.Same || f.Body != nil {
			t.Errorf("%+v: %+v, %v", k, f, err)
		}
	}
	for path, want := range map[string]time.Duration{"/seconds": 90 * time.Second, "/date": 90 * time.Minute, "/never": 0} {
		_, err := client().GetChanged(t.Context(), s.URL+path, "*/*", fetch.Known{}, 4)
		var asked interface{ RetryAfter() time.Duration }
		if !errors.As(err, &asked) || asked.RetryAfter() != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestLook_nobodyAnswers(t *testing.T) {
	s := site(t, func(http.ResponseWriter, *http.Request) {})
	s.Close()
	if err := client().Look(t.Context(), s.URL); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("it says %v", err)
	}
}

func TestLook_nobodyHasTheName(t *testing.T) {
	c := fetch.New(fetch.Options{Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "site.example", Server: "192.0.2.53:53", IsNotFound: true}}
	}})
	if err := c.Look(t.Context(), "http://site.example/"); err == nil || err.Error() != "the DNS knows no server with the name site.example" {
		t.Errorf("it says %v", err)
	}
}

// No name, no spelling and no redirect leads to the machine itself or its neighbours.
func TestClient_speaksToNobodyPrivate(t *testing.T) {
	asked := 0
	s := site(t, func(http.ResponseWriter, *http.Request) { asked++ })
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := fetch.New(fetch.Options{})
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		address := "http://" + host + ":" + port + "/a.jpg"
		if _, err := c.Get(t.Context(), address, "*/*", 1); err == nil || !strings.Contains(err.Error(), "which is not public") {
			t.Errorf("%s: %v", host, err)
		}
		if err := c.Look(t.Context(), address); err == nil || !strings.Contains(err.Error(), "which is not public") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if asked != 0 {
		t.Errorf("the server was asked %d times", asked)
	}
}

// A server that never ends its answer, or never begins one, is left after a quarter of a minute.
func TestGet_waitsForNobody(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"never begins": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"never ends": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "x")
				_ = http.NewResponseController(w).Flush()
				select {
				case <-time.After(time.Second):
				case <-r.Context().Done():
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wire := newWire()
				server := &http.Server{Handler: answer}
				go func() { _ = server.Serve(wire) }()
				defer func() { _ = server.Close() }()
				c := fetch.New(fetch.Options{Dial: wire.dial})
				began := time.Now()
				_, err := c.Get(t.Context(), "http://site.example/a.jpg", "*/*", 1<<20)
				if err == nil || err.Error() != "it did not arrive within 15s" || time.Since(began) != 15*time.Second {
					t.Errorf("after %s: %v", time.Since(began), err)
				}
				ctx, stop := context.WithTimeout(t.Context(), time.Second)
				defer stop()
				if _, err := c.Get(ctx, "http://site.example/a.jpg", "*/*", 1<<20); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("told to stop: %v", err)
				}
			})
		})
	}
}

// A wire joins a client and a server in memory.
type wire struct {
	knocks chan net.Conn
	closed chan struct{}
}

func newWire() *wire { return &wire{make(chan net.Conn), make(chan struct{})} }

func (w *wire) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	w.knocks <- theirs
	return ours, nil
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.knocks:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	close(w.closed)
	return nil
}

func (w *wire) Addr() net.Addr { return &net.TCPAddr{} }

// Where a file is for good is told as far as redirects say so that are permanent, also of one that has not changed.
func TestGetChanged_moved(t *testing.T) {
	for name, c := range map[string]struct {
		hops []int // the status of each redirect in turn
		want string
	}{
		"nowhere":                    {nil, ""},
		"once":                       {[]int{301}, "/1"},
		"with its method":            {[]int{308}, "/1"},
		"on and on":                  {[]int{301, 308, 301}, "/3"},
		"for now":                    {[]int{302}, ""},
		"for now, and then for good": {[]int{307, 301}, ""},
		"for good, and then for now": {[]int{301, 302, 301}, "/1"},
	} {
		s := site(t, func(w http.ResponseWriter, r *http.Request) {
			hop, _ := strconv.Atoi(r.URL.Path[1:])
			switch {
			case hop < len(c.hops):
				http.Redirect(w, r, fmt.Sprint("/", hop+1), c.hops[hop])
			case r.Header.Get("If-None-Match") != "":
				w.WriteHeader(http.StatusNotModified)
			}
		})
		for _, known := range []fetch.Known{{}, {ETag: `"1"`}} {
			f, err := client().GetChanged(t.Context(), s.URL+"/0", "*/*", known, 100)
			if err != nil || f.Same != (known.ETag != "") || strings.TrimPrefix(f.Moved, s.URL) != c.want {
				t.Errorf("%s: %+v, %v; want %q", name, f, err, c.want)
			}
		}
	}
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			http.Redirect(w, r, "/?"+strings.Repeat("a", 3000), http.StatusMovedPermanently)
		}
	})
	if f, err := client().GetChanged(t.Context(), s.URL, "*/*", fetch.Known{}, 100); err != nil || f.Moved != "" {
		t.Errorf("an address for nobody to copy: %+v, %v", f, err)
	}
}
