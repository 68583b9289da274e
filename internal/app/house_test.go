package app_test

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"facteur/internal/app"
	"facteur/internal/collect"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// A house is the real program at a port of its own, for browsers: its letters go into the folder, and its clock can be
// set forward. Beside it, on another origin, is a site whose article carries the form that the program gives out.
type house struct {
	*app.App
	t     *testing.T
	url   string
	data  string
	site  *httptest.Server
	ahead atomic.Int64 // of the real clock, in nanoseconds
	read  map[string]bool
}

// opening is a Wednesday, on which no edition is due.
const opening = "2026-03-04T10:00:00+01:00"

// newHouse opens a house; more is what its settings hold besides.
func newHouse(t *testing.T, more string) *house {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, url: "http://" + listener.Addr().String(), data: filepath.Join(t.TempDir(), "data"), read: map[string]bool{}}
	h.ahead.Store(int64(time.Until(at(t, opening))))
	h.site = httptest.NewServer(http.HandlerFunc(h.article))
	t.Cleanup(h.site.Close)
	settings := filepath.Join(t.TempDir(), "facteur.toml")
	writeFile(t, settings, fmt.Sprintf("[web]\nurl = %q\norigins = [%q]\n[signup]\nwork = 10\ncheck_domains = false\nper_client = 50\n%s", h.url, h.site.URL, more))
	cfg, err := config.Load(config.Options{File: settings, Data: h.data, Environ: []string{"FACTEUR_COLLECT_CHECK_LINKS=false"}})
	if err != nil {
		t.Fatal(err)
	}
	h.App, err = app.Open(t.Context(), cfg, app.Options{
		Create: true, Poll: -1, Now: h.now, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Listen: func(string, string) (net.Listener, error) { return listener, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	h.serve()
	return h
}

func (h *house) serve() {
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- h.Serve(ctx, app.Serving{Ready: func(string) { close(ready) }}) }()
	select {
	case <-ready:
	case err := <-ended:
		h.t.Fatalf("serve: %v", err)
	}
	h.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			h.t.Errorf("serve: %v", err)
		}
		if err := h.Close(); err != nil {
			h.t.Error(err)
		}
	})
}

func (h *house) now() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }

// later sets the clock forward, and has the sender look at it.
func (h *house) later(d time.Duration) {
	h.t.Helper()
	h.ahead.Add(int64(d))
	if err := h.Register.Sweep(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// article is a page of the site, in its own style, with the form pasted under it. Asked for /sans, it leaves the script
// out. /courrier is a mail program's page, whose button is the one of RFC 8058.
func (h *house) article(w http.ResponseWriter, r *http.Request) {
	body := `<form method="post" action="` + r.FormValue("leave") + `"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Arrêter</button></form>`
	if r.URL.Path != "/courrier" {
		body = h.snippet()
	}
	if r.URL.Path == "/sans" {
		body, _, _ = strings.Cut(body, "<script")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!DOCTYPE html><html lang="fr"><head><meta name="viewport" content="width=device-width"><title>Un article</title>
<link rel="icon" href="data:,"><style>
body { background: white; color: black; } a { color: blue }
@media (prefers-color-scheme: dark) { body { background: black; color: white } a { color: yellow } input, button { background: black; color: white; border: 1px solid white } }
body { margin: 1rem; font: 1rem/1.5 sans-serif } main { max-width: 40rem; margin: auto }
input { font: inherit; padding: .5rem; max-width: 100%; box-sizing: border-box } button { font: inherit; padding: .5rem 1rem }
</style></head><body><main><h1>Un article</h1><p>Le texte de l’article.</p>`+body+`</main></body></html>`) // the browser reads it
}

func (h *house) snippet() string {
	answer, err := client().Get(h.url + "/inscription/extrait")
	if err != nil {
		return err.Error()
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// publish publishes an edition of one article.
func (h *house) publish(n int) newsletter.Edition {
	h.t.Helper()
	row := collect.Row{
		URL: fmt.Sprintf("https://pandia.example/actualites/%d", n), Title: fmt.Sprintf("Nouvelle numéro %d", n),
		Body: "Le chapô de la nouvelle.\n\n## Une partie\n\nLe texte.",
	}
	if err := h.Store.InboxAdd(h.t.Context(), []collect.Row{row}); err != nil {
		h.t.Fatal(err)
	}
	result, err := h.Desk.Publish(h.t.Context(), h.Newsletters[0])
	if err != nil || !result.Published() {
		h.t.Fatalf("publish: %q, %v", result.Reason, err)
	}
	return result.Edition
}

// A posted letter is one that arrived, as a mail program reads it.
type posted struct {
	Header     mail.Header
	HTML, Text string
}

func readPosted(t *testing.T, content []byte) posted {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	parts := partsOf(t, message)
	return posted{message.Header, parts["text/html"], parts["text/plain"]}
}

// link finds the reader's own link below a path such as "/c/", which both parts of the letter have alike.
func (p posted) link(t *testing.T, path string) string {
	t.Helper()
	for _, link := range inText.FindAllString(p.Text, -1) {
		if strings.Contains(link, path) && slices.Contains(linksOf(t, p.HTML), link) {
			return link
		}
	}
	t.Fatalf("the letter %q has no link to %s in both parts:\n%s", p.Header.Get("Subject"), path, p.Text)
	return ""
}

// next waits for the next letter to an address, of which a part of the text is given.
func (h *house) next(to, saying string) posted {
	h.t.Helper()
	look := time.NewTicker(5 * time.Millisecond) // nobody is told of a letter that was sent
	defer look.Stop()
	for began := time.Now(); ; <-look.C {
		if p, there := h.unread(to); there {
			if !strings.Contains(p.Text, saying) {
				h.t.Fatalf("to %s came, without %q:\n%s", to, saying, p.Text)
			}
			return p
		}
		if time.Since(began) > time.Minute {
			h.t.Fatalf("no letter with %q came to %s", saying, to)
		}
	}
}

// unread is the oldest letter to an address that was not read yet.
func (h *house) unread(to string) (posted, bool) {
	h.t.Helper()
	files, err := filepath.Glob(filepath.Join(h.OutboxFolder(), "*.eml"))
	if err != nil {
		h.t.Fatal(err)
	}
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(number(h.t, a), number(h.t, b)) })
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			h.t.Fatal(err)
		}
		if p := readPosted(h.t, content); !h.read[file] && strings.Contains(p.Header.Get("To"), to) {
			h.read[file] = true
			return p, true
		}
	}
	return posted{}, false
}

// number is that of the letter's delivery, with which its file's name ends; they rise.
func number(t *testing.T, file string) int {
	t.Helper()
	name := strings.TrimSuffix(file, ".eml")
	n, err := strconv.Atoi(name[strings.LastIndex(name, "-")+1:])
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return n
}

// ask reads one value of the database.
func (h *house) ask(query string, args ...any) (answer string) {
	h.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+h.Store.Path()+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read from
	if err := db.QueryRowContext(h.t.Context(), query, args...).Scan(&answer); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// state is how a reader's subscription stands.
func (h *house) state(of string) string {
	h.t.Helper()
	return h.ask(`SELECT coalesce(max(p.state), 'none') FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id WHERE b.address = ?`, of)
}
