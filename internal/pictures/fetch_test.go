package pictures

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"facteur/internal/fetch"
	"facteur/internal/newsletter"
)

// loopback is where the servers of these tests are.
func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

func gallery(t *testing.T, allowed []netip.Prefix) *Gallery {
	t.Helper()
	return New(NewFolder(filepath.Join(t.TempDir(), "pictures")), fetch.New(fetch.Options{Allowed: allowed, Agent: "Facteur/test"}))
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
