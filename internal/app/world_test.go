package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/collect"
	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

// A world is a whole program in virtual time: real settings, database, cron and SMTP; only the wire is in memory and
// the clock is the bubble's.
type world struct {
	t      *testing.T
	folder string
	env    []string
	relay  *smtptest.Server
	door   *entrance
	more   string                                // settings besides
	silent bool                                  // the web takes connections and never answers
	sites  func(server string) (net.Conn, error) // the web, where there is one

	patience time.Duration // with locked SQLite files
	*app.App

	stop  func()
	ended chan error
}

// daily has the newsletter appear each day, so that few have to go by.
const daily = "FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE=0 7 * * *"

func newWorld(t *testing.T, env ...string) *world {
	t.Helper()
	w := &world{t: t, folder: t.TempDir(), relay: smtptest.Start(t, smtptest.Script{})}
	w.env = append([]string{
		"FACTEUR_SMTP_URL=smtp://127.0.0.1:2525?tls=none", "FACTEUR_COLLECT_SCHEDULE=@every 6h", "FACTEUR_OPERATOR_ADDRESS=op@pandia.example",
	}, env...)
	w.open()
	return w
}

func (w *world) open() {
	w.t.Helper()
	cfg, err := config.Load(config.Options{File: w.settings(), Data: filepath.Join(w.folder, "data"), Environ: w.env})
	if err != nil {
		w.t.Fatal(err)
	}
	w.door = newEntrance()
	w.App, err = app.Open(w.t.Context(), cfg, app.Options{
		Create: true, Poll: -1, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)), Dial: w.relay.Dial,
		Listen: func(string, string) (net.Listener, error) { return w.door, nil }, DialWeb: w.web, Patience: w.patience,
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// web is where pictures and feeds come from: nowhere, unless a test has it.
func (w *world) web(_ context.Context, _, server string) (net.Conn, error) {
	if w.sites != nil {
		return w.sites(server)
	}
	if !w.silent {
		return nil, errors.New("there is no web here")
	}
	ours, _ := net.Pipe()
	return ours, nil
}

// settings is a file of its own, so that no facteur.toml of the working directory is read.
func (w *world) settings() string {
	path := filepath.Join(w.folder, "facteur.toml")
	writeFile(w.t, path, "[site]\nname = \"PandIA\"\n"+w.more)
	return path
}

// start serves until end.
func (w *world) start() {
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan struct{})
	w.ended = make(chan error, 1)
	w.stop = cancel
	go func() { w.ended <- w.Serve(ctx, app.Serving{Ready: func(string) { close(ready) }}) }()
	select {
	case <-ready:
	case err := <-w.ended:
		w.t.Fatalf("serve: %v", err)
	}
}

// end stops serving politely and closes the program.
func (w *world) end() {
	w.t.Helper()
	w.stop()
	if err := <-w.ended; err != nil {
		w.t.Errorf("serve: %v", err)
	}
	if err := w.Close(); err != nil {
		w.t.Error(err)
	}
}

// restart stops the program for a while.
func (w *world) restart(off time.Duration) {
	w.t.Helper()
	w.end()
	time.Sleep(off)
	w.open()
	w.start()
}

// offer puts an article into the inbox, as another program would.
func (w *world) offer(n int) {
	w.t.Helper()
	row := collect.Row{
		URL: fmt.Sprintf("https://pandia.example/actualites/%d", n), Title: fmt.Sprintf("Nouvelle numéro %d", n),
		Body: "Le chapô de la nouvelle.\n\n## Une partie\n\nLe texte.",
	}
	if err := w.Store.InboxAdd(w.t.Context(), []collect.Row{row}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) readers(names ...string) {
	w.t.Helper()
	for _, name := range names {
		if _, err := w.Register.Add(w.t.Context(), w.Newsletters[0], name+"@lecteurs.example", "test"); err != nil {
			w.t.Fatal(err)
		}
	}
}

// letters returns the letters that the relay took for a recipient.
func (w *world) letters(to string) []smtptest.Letter {
	var got []smtptest.Letter
	for _, l := range w.relay.Letters() {
		if l.To[0] == to+"@lecteurs.example" || l.To[0] == to {
			got = append(got, l)
		}
	}
	return got
}

// told is the history of a reader's letters, the latest first.
func (w *world) told(name string) []string {
	w.t.Helper()
	a, err := address.Parse(name + "@lecteurs.example")
	if err != nil {
		w.t.Fatal(err)
	}
	letters, err := w.Store.Letters(w.t.Context(), a, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var told []string
	for _, l := range letters {
		var tries []string
		for _, at := range l.Attempts {
			tries = append(tries, fmt.Sprintf("%s %s", at.State, at.Reply))
		}
		told = append(told, fmt.Sprintf("n° %d copy %d %s: %s", l.Number, l.Copy, l.State, strings.Join(tries, "; ")))
	}
	return told
}

func (w *world) slots() []newsletter.SlotRecord {
	w.t.Helper()
	records, err := w.Store.Slots(w.t.Context(), w.Newsletters[0].Name, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	return records
}

// field returns a header field of a letter.
func field(l smtptest.Letter, name string) string {
	head, _, _ := strings.Cut(string(l.Content), "\r\n\r\n")
	for line := range strings.Lines(strings.ReplaceAll(head, "\r\n ", " ")) {
		if value, found := strings.CutPrefix(line, name+": "); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// An entrance is where the program's pages are asked for, in memory.
type entrance struct {
	knocks chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func newEntrance() *entrance {
	return &entrance{knocks: make(chan net.Conn), closed: make(chan struct{})}
}

func (d *entrance) Accept() (net.Conn, error) {
	select {
	case c := <-d.knocks:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

func (d *entrance) Close() error {
	d.once.Do(func() { close(d.closed) })
	return nil
}

func (d *entrance) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8025} }

// visitor asks at this entrance, whatever the address.
func (d *entrance) visitor() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case d.knocks <- theirs:
			return ours, nil
		case <-d.closed:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}}
}
