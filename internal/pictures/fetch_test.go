package pictures

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
)

// loopback is where the servers of these tests are.
func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

func gallery(t *testing.T, allowed []netip.Prefix) *Gallery {
	t.Helper()
	return New(NewFolder(filepath.Join(t.TempDir(), "pictures")), Options{Allowed: allowed, Agent: "Facteur/test"})
}

func site(t *testing.T, paths map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, answer := range paths {
		mux.HandleFunc(path, answer)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func sending(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }
}

func redirecting(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

func TestFetch(t *testing.T) {
	file := asJPEG(t, quarters(300, 200))
	var asked http.Header
	s := site(t, map[string]http.HandlerFunc{
		"/a.jpg": func(w http.ResponseWriter, r *http.Request) {
			asked = r.Header
			w.Header().Set("Content-Type", "text/html") // which is not believed
			_, _ = w.Write(file)
		},
		"/moved": redirecting("/again"),
		"/again": redirecting("/a.jpg"),
	})
	g := gallery(t, loopback())
	first, err := g.Fetch(t.Context(), s.URL+"/moved")
	if err != nil {
		t.Fatal(err)
	}
	if first.Width != 300 || first.Height != 200 || !newsletter.ValidPictureName(first.Name) {
		t.Errorf("kept as %+v", first)
	}
	if asked.Get("Referer") != "" || asked.Get("Cookie") != "" || asked.Get("User-Agent") != "Facteur/test" || strings.Contains(asked.Get("Accept"), "avif") {
		t.Errorf("asked with %v", asked)
	}
	content, err := g.Read(first.Name)
	if err != nil || http.DetectContentType(content) != "image/jpeg" {
		t.Errorf("it reads back as %s, %v", http.DetectContentType(content), err)
	}
	if again, err := g.Fetch(t.Context(), s.URL+"/a.jpg"); err != nil || again != first {
		t.Errorf("the same picture is kept as %+v, %v", again, err)
	}
	if names, err := g.Names(); err != nil || len(names) != 1 {
		t.Errorf("the folder holds %v, %v", names, err)
	}
}

func TestFetch_saysWhatIsWrong(t *testing.T) {
	whole := asJPEG(t, quarters(300, 200))
	s := site(t, map[string]http.HandlerFunc{
		"/page":    sending([]byte("<!DOCTYPE html><p>Bonjour")),
		"/bomb":    sending(hollow(50_000, 50_000)),
		"/loop":    redirecting("/loop"),
		"/ftp":     redirecting("ftp://site.example/a.jpg"),
		"/private": redirecting("http://10.1.2.3/a.jpg"),
		"/large":   sending(make([]byte, mostBytes+1)),
		"/endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(whole); err != nil {
					return
				}
			}
		},
		"/half": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(whole[:1000])
		},
		"/short": sending(whole[:len(whole)/2]),
	})
	for path, says := range map[string]string{
		"/page": "it is text/html", "/bomb": "it has 50000 × 50000 pixels", "/loop": "it redirects more than 5 times", "/ftp": "it redirects to a ftp address",
		"/private": "10.1.2.3, which is not public", "/large": "it is larger than 10 MiB", "/endless": "it is larger than 10 MiB",
		"/half": "it ends before its time", "/short": "it is broken or cut off", "/nowhere": "its server answers 404 Not Found",
	} {
		t.Run(path, func(t *testing.T) {
			g := gallery(t, loopback())
			_, err := g.Fetch(t.Context(), s.URL+path)
			if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("it says %v, want %q", err, says)
			}
			if names, err := g.Names(); err != nil || len(names) != 0 {
				t.Errorf("it left %v, %v", names, err)
			}
		})
	}
}

// What is missing today may be there tomorrow.
func TestFetch_missingThenFine(t *testing.T) {
	there := false
	s := site(t, map[string]http.HandlerFunc{"/a.png": func(w http.ResponseWriter, r *http.Request) {
		if !there {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(asPNG(t, quarters(100, 100)))
	}})
	g := gallery(t, loopback())
	if _, err := g.Fetch(t.Context(), s.URL+"/a.png"); err == nil {
		t.Error("a picture that is not there was kept")
	}
	there = true
	if p, err := g.Fetch(t.Context(), s.URL+"/a.png"); err != nil || p.Width != 100 {
		t.Errorf("kept as %+v, %v", p, err)
	}
}

// No name, no spelling and no redirect leads to the machine itself or its neighbours.
func TestFetch_speaksToNobodyPrivate(t *testing.T) {
	asked := 0
	s := site(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) { asked++ }})
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	g := gallery(t, nil)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		if _, err := g.Fetch(t.Context(), "http://"+host+":"+port+"/a.jpg"); err == nil || !strings.Contains(err.Error(), "which is not public") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if asked != 0 {
		t.Errorf("the server was asked %d times", asked)
	}
}

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "64:ff9b::5db8:d822": true, "::ffff:93.184.216.34": true,
		"127.0.0.1": false, "10.0.0.1": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false,
		"224.0.0.1": false, "255.255.255.255": false, "192.0.2.1": false, "198.18.0.1": false, "::1": false, "::": false, "fe80::1%eth0": false, "fd00::1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::a00:1": false, "2002:7f00:1::": false, "2001:db8::1": false, "ff02::1": false, "::ffff:10.0.0.1": false, "::ffff:127.0.0.1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %t", text, got)
		}
	}
}

// A server that never ends its answer, or never begins one, is left after a quarter of a minute.
func TestFetch_waitsForNobody(t *testing.T) {
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
				g := New(NewFolder(t.TempDir()), Options{Dial: wire.dial})
				began := time.Now()
				_, err := g.Fetch(t.Context(), "http://site.example/a.jpg")
				if err == nil || err.Error() != "it did not arrive within 15s" || time.Since(began) != patience {
					t.Errorf("after %s: %v", time.Since(began), err)
				}
				ctx, stop := context.WithTimeout(t.Context(), time.Second)
				defer stop()
				if _, err := g.Fetch(ctx, "http://site.example/a.jpg"); !errors.Is(err, context.DeadlineExceeded) {
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

func TestFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pictures")
	f := NewFolder(path)
	if names, err := f.Names(); err != nil || names != nil {
		t.Errorf("a folder that is not there holds %v, %v", names, err)
	}
	p, err := f.keep(made{content: []byte("un"), kind: "jpg"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../facteur.db", p.Name + "x", strings.ToUpper(p.Name), "", "keys", strings.Repeat("0", 32) + ".jpg"} {
		if _, err := f.Read(name); !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("%q reads as %v", name, err)
		}
	}
	info, err := os.Stat(filepath.Join(path, p.Name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has %v, %v", info.Mode(), err)
	}
	// What a power cut or a hand did to a file is mended when the picture comes again.
	if err := os.WriteFile(filepath.Join(path, p.Name), []byte("u"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.keep(made{content: []byte("un"), kind: "jpg"}); err != nil {
		t.Fatal(err)
	}
	if content, err := f.Read(p.Name); err != nil || string(content) != "un" {
		t.Errorf("it reads as %q, %v", content, err)
	}
}

func TestPrune(t *testing.T) {
	path := t.TempDir()
	f := NewFolder(path)
	now := time.Now()
	used, err := f.keep(made{content: []byte("used"), kind: "jpg"})
	if err != nil {
		t.Fatal(err)
	}
	idle, err := f.keep(made{content: []byte("idle"), kind: "png"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"note.txt", unfinished + "123"} {
		if err := os.WriteFile(filepath.Join(path, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	isUsed := func(name string) bool { return name == used.Name }
	if removed, err := f.Prune(now.Add(-time.Hour), isUsed); err != nil || removed != 0 {
		t.Errorf("%d young files were removed, %v", removed, err)
	}
	if removed, err := f.Prune(now.Add(time.Hour), isUsed); err != nil || removed != 2 {
		t.Errorf("%d files were removed, %v; want the idle one and the unfinished one", removed, err)
	}
	if _, err := f.Read(idle.Name); !errors.Is(err, newsletter.ErrNotFound) {
		t.Error("the idle one is still there")
	}
	if _, err := os.Stat(filepath.Join(path, "note.txt")); err != nil {
		t.Error("a file that is not ours went", err)
	}
	if names, err := f.Names(); err != nil || len(names) != 1 || names[0] != used.Name {
		t.Errorf("left are %v, %v", names, err)
	}
}
