package source_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"facteur/internal/collect"
	"facteur/internal/extract"
	"facteur/internal/newsletter"
	"facteur/internal/source"
)

// prose is a text long enough for an article.
const prose = "<p>Le laboratoire a présenté mardi un modèle qui lit des images et des sons, et qui répond en une seconde à des questions posées à voix haute.</p>" +
	"<p>Il sera ouvert aux chercheurs au printemps, puis aux entreprises, avec des prix qui ne sont pas encore connus, selon deux personnes qui l’ont essayé.</p>"

// takes is the article of a page, which must have one.
func takes(t *testing.T, html string) newsletter.Article {
	t.Helper()
	const address = "https://site.example/actualites/une"
	a, err := extract.Page(address, address, []byte(html), "text/html", paris(), today())
	if err != nil {
		t.Fatalf("%v\n%s", err, html)
	}
	return a
}

// pageAt reads pages as the program does.
func pageAt(address string) source.Page {
	return source.Page{Address: address, Zone: paris(), Now: today, Web: feedAt("").Web}
}

// Whatever a server does, the page is named, it is said what to do, and nobody waits for ever.
func TestPage_badServers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/private":
			http.Redirect(w, r, "http://10.1.2.3/une", http.StatusFound)
		case "/home":
			http.Redirect(w, r, "/", http.StatusMovedPermanently)
		case "/login":
			http.Redirect(w, r, "/connexion?retour=/login", http.StatusFound)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/closed":
			w.WriteHeader(http.StatusForbidden)
		case "/huge":
			for line := []byte(strings.Repeat("<p>x", 4096)); r.Context().Err() == nil; {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		case "/cut":
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, "<html>")
		case "/file":
			_, _ = io.WriteString(w, "%PDF-1.7\n")
		default:
			_, _ = io.WriteString(w, "<title>Le Site</title>"+prose)
		}
	}))
	defer server.Close()
	for path, want := range map[string]string{
		"/loop": "was not fetched: it redirects more than 5 times", "/private": "which is not public", "/gone": "its server answers 410 Gone", "/closed": "its server answers 403 Forbidden",
		"/huge": "was not taken: it is larger than 5 MiB, or never ends", "/cut": "the connection was cut", "/file": "it is a PDF and no page", "/home": "it is the front page of its site",
		"/login": "its server leads to " + server.URL + "/connexion",
	} {
		a, err := pageAt(server.URL + path).Read(t.Context())
		trouble, told := errors.AsType[collect.Trouble](err)
		if !told || !strings.Contains(trouble.What, want) || !strings.Contains(trouble.What, "the page "+server.URL+path) || trouble.Do == "" || a.Title != "" {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := pageAt(server.URL + "/une").Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop: %v", err)
	}
	server.Close()
	if _, err := pageAt(server.URL + "/une").Read(t.Context()); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("vanished: %v", err)
	}
}

// An article is kept under the address from which its text came: after redirects, and after a page has named that of another site.
func TestPage_elsewhere(t *testing.T) {
	page := func(title, canonical string) string {
		return "<title>" + title + "</title><link rel=canonical href='" + canonical + "'>" + prose
	}
	original := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/lost":
			w.WriteHeader(http.StatusNotFound)
		case "/back":
			_, _ = io.WriteString(w, page("Renvoi", "https://third.example/x"))
		default:
			_, _ = io.WriteString(w, page("L’original", "/une"))
		}
	}))
	defer original.Close()
	copies := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path, moved := strings.CutPrefix(r.URL.Path, "/moved"); moved {
			http.Redirect(w, r, path, http.StatusMovedPermanently)
			return
		}
		_, _ = io.WriteString(w, page("Une copie", original.URL+r.URL.Path))
	}))
	defer copies.Close()
	for path, want := range map[string]string{"/une": "/une L’original", "/moved/une": "/une L’original", "/back": "/back Renvoi"} {
		a, err := pageAt(copies.URL + path).Read(t.Context())
		if err != nil || a.URL+" "+a.Title != original.URL+want {
			t.Errorf("%s: %s %s, %v", path, a.URL, a.Title, err)
		}
	}
	a, err := pageAt(copies.URL + "/lost").Read(t.Context())
	if want := "the page " + copies.URL + "/lost names another site for its original: the page " + original.URL + "/lost was not fetched"; err == nil || !strings.HasPrefix(err.Error(), want) || a.Title != "" {
		t.Errorf("%v, want %s", err, want)
	}
}

// Where a page names one that shows all of its article, that is told.
func TestPage_wholeElsewhere(t *testing.T) {
	web := func(context.Context, source.Question) (source.Reply, error) {
		page := "<title>T</title><article>" + prose + `<p>1 <a href="/a/une/2/">2</a> – <a href="/a/une/?print=1">Version imprimable</a></p></article>`
		return source.Reply{Body: []byte(page), Type: "text/html"}, nil
	}
	_, err := source.Page{Address: "https://site.example/a/une/", Web: web, Now: today}.Read(t.Context())
	trouble, told := errors.AsType[collect.Trouble](err)
	if !told || !strings.Contains(trouble.Do, "which may be https://site.example/a/une/?print=1") {
		t.Errorf("%v: %s", err, trouble.Do)
	}
}
