package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/web"
)

// album holds pictures by name.
type album map[string]string

func (a album) Read(name string) ([]byte, error) {
	if content, there := a[name]; there {
		return []byte(content), nil
	}
	if strings.HasPrefix(name, "fault") {
		return nil, errors.New("input/output error")
	}
	return nil, newsletter.ErrNotFound
}

const (
	photo   = "00112233445566778899aabbccddeeff.jpg"
	drawing = "00112233445566778899aabbccddeeff.png"
)

// A picture may be kept by everybody for ever, and is what it is said to be even where its bytes look like a page.
func TestPicture(t *testing.T) {
	o := options(t, newPeople())
	o.Pictures = album{photo: "<script>alert(1)</script>", drawing: "PNG"}
	pages := site(t, o)
	ask := func(method, path, tag string) *http.Response {
		r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w.Result()
	}
	for name, kind := range map[string]string{photo: "image/jpeg", drawing: "image/png"} {
		answer := ask("GET", "/i/"+name, "")
		if answer.StatusCode != http.StatusOK || body(t, answer) != o.Pictures.(album)[name] {
			t.Fatalf("%s is answered with %d", name, answer.StatusCode)
		}
		h := answer.Header
		if h.Get("Content-Type") != kind || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "public, max-age=31536000, immutable" ||
			h.Get("Set-Cookie") != "" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s has %v", name, h)
		}
		if again := ask("GET", "/i/"+name, h.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("who has %s is answered with %d", name, again.StatusCode)
		}
		if head := ask("HEAD", "/i/"+name, ""); head.StatusCode != http.StatusOK || head.Header.Get("Content-Length") == "" || body(t, head) != "" {
			t.Errorf("HEAD of %s is answered with %d", name, head.StatusCode)
		}
	}
	for path, want := range map[string]int{
		"/i/": 404, "/i": 404, "/i/" + photo + "/x": 404, "/i/ffffffffffffffffffffffffffffffff.jpg": 404, "/i/..%2f..%2ffacteur.db": 404, "/i/fault": 500,
	} {
		answer := ask("GET", path, "")
		if answer.StatusCode != want || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s is answered with %d, %q", path, answer.StatusCode, answer.Header.Get("Cache-Control"))
		}
	}
	if answer := ask("POST", "/i/"+photo, ""); answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered with %d", answer.StatusCode)
	}
}

func TestNoPicturesUnlessMounted(t *testing.T) {
	w := httptest.NewRecorder()
	site(t, options(t, newPeople())).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", newsletter.PicturePath+photo, nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("answered with %d", w.Code)
	}
}

var _ web.Pictures = album{}
