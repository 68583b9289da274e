package app_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"facteur/internal/admission"
	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/token"
)

// What the sites of these tests have in common. Limits are low, so that a test reaches them, and each has its own: a
// machine's before its network's before everybody's.
const (
	doorOrigin  = "https://www.pandia.example"
	doorClient  = 5
	doorNetwork = 7
	doorHour    = 12
	doorDelay   = 10 * time.Minute
)

const doorLetters = `
[newsletters.hebdo]
schedule = "0 7 * * 2"
sections = [{ name = "actualites", title = "Actualités", quota = 8 }]
[newsletters.mensuel]
title = "Le mensuel"
schedule = "0 8 1 * *"
sections = [{ name = "actualites", title = "Actualités", quota = 8 }]
`

// A doorSite is the real program on a real port, with a clock that the test moves. Every answer it gives and every line
// it logs is looked at, whatever the test is about.
type doorSite struct {
	t      *testing.T
	folder string
	env    []string
	url    string
	clock  *doorClock
	log    doorLog
	asked  *http.Client
	cases  int         // how many different clients have asked
	bubble *doorBubble // nil: on a real port
	*app.App

	db    *sql.DB
	keys  *token.Keyring
	stop  func()
	ended chan error
}

// newDoorSite opens and serves. Each setting is NAME=VALUE without FACTEUR_.
func newDoorSite(t *testing.T, settings ...string) *doorSite {
	t.Helper()
	s := &doorSite{t: t, clock: &doorClock{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}, asked: doorVisitor()}
	s.prepare(settings...)
	t.Cleanup(s.leave)
	return s
}

// prepare writes the settings and opens.
func (s *doorSite) prepare(settings ...string) {
	s.t.Helper()
	t := s.t
	s.folder = t.TempDir()
	writeFile(t, filepath.Join(s.folder, "facteur.toml"), "[site]\nname = \"PandIA\"\n"+doorLetters)
	writeFile(t, filepath.Join(s.folder, "jetables.txt"), "# à jeter\njetable.example\n")
	own := []string{
		`WEB_ORIGINS=["` + doorOrigin + `"]`, `WEB_TRUSTED_PROXIES=["127.0.0.1"]`, "SIGNUP_WORK=8", "OPERATOR_ADDRESS=op@pandia.example",
		"SIGNUP_PER_CLIENT=" + strconv.Itoa(doorClient), "SIGNUP_PER_NETWORK=" + strconv.Itoa(doorNetwork), "SIGNUP_PER_HOUR=" + strconv.Itoa(doorHour),
		"SIGNUP_DISPOSABLE_FILE=" + filepath.Join(s.folder, "jetables.txt"),
	}
	for _, setting := range append(own, settings...) {
		name, _, _ := strings.Cut(setting, "=")
		s.env = slices.DeleteFunc(s.env, func(e string) bool { return strings.HasPrefix(e, "FACTEUR_"+name+"=") })
		s.env = append(s.env, "FACTEUR_"+setting)
	}
	s.open()
}

// leave ends the program and looks through its log.
func (s *doorSite) leave() {
	s.end()
	s.log.check(s.t)
}

func (s *doorSite) open() {
	s.t.Helper()
	cfg, err := config.Load(config.Options{File: filepath.Join(s.folder, "facteur.toml"), Data: filepath.Join(s.folder, "data"), Environ: append([]string{"FACTEUR_COLLECT_CHECK_LINKS=false"}, s.env...)})
	if err != nil {
		s.t.Fatal(err)
	}
	o := app.Options{
		Create: true, Now: s.clock.Now, Patience: 200 * time.Millisecond, Resolver: doorResolver{},
		Log: slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	var listener net.Listener
	if s.bubble != nil {
		listener, o.Dial, o.Poll = s.bubble.listen(), s.bubble.relay.Dial, -1
	} else if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		s.t.Fatal(err)
	}
	o.Listen = func(string, string) (net.Listener, error) { return listener, nil }
	s.url = "http://" + listener.Addr().String()
	if cfg.Web.URL == config.Default().Web.URL {
		cfg.Web.URL = s.url
	}
	if s.App, err = app.Open(s.t.Context(), cfg, o); err != nil {
		s.t.Fatal(err)
	}
	s.look()
	s.serve()
}

// look opens the files of the program beside it.
func (s *doorSite) look() {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.folder, "data", "keys"))
	if err != nil {
		s.t.Fatal(err)
	}
	if s.keys, err = token.ParseKeyring(text); err != nil {
		s.t.Fatal(err)
	}
	if s.db, err = sql.Open("sqlite3", "file:"+s.Store.Path()+"?_busy_timeout=10000"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *doorSite) serve() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.ended = stop, make(chan error, 1)
	ready := make(chan struct{})
	go func() { s.ended <- s.Serve(ctx, app.Serving{Ready: func(string) { close(ready) }}) }()
	select {
	case <-ready:
	case err := <-s.ended:
		s.t.Fatalf("serve: %v", err)
	}
	s.Register.Rules.SMTPUTF8 = func() bool { return false } // as with a relay that does not offer it
}

func (s *doorSite) end() {
	s.asked.CloseIdleConnections()
	s.stop()
	if err := <-s.ended; err != nil {
		s.t.Errorf("serve: %v", err)
	}
	if err := s.db.Close(); err != nil {
		s.t.Error(err)
	}
	if err := s.Close(); err != nil {
		s.t.Error(err)
	}
}

// restart closes the program and opens it again over the same folder, on another port.
func (s *doorSite) restart() {
	s.t.Helper()
	s.end()
	s.open()
}

// visitor is a client in a network where nobody was before.
func (s *doorSite) visitor() string {
	s.cases++
	return fmt.Sprintf("11.%d.%d.7", s.cases/250, 1+s.cases%250)
}

// ask sends one request and sees to it that its answer is guarded. Fields are NAME: VALUE.
func (s *doorSite) ask(method, path, kind, body string, fields ...string) *doorReply {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Add(name, value)
		if name == "X-Forwarded-For" {
			s.log.hide(strings.Split(value, ", ")...)
		}
	}
	answer, err := s.asked.Do(r)
	if err != nil {
		s.t.Fatalf("%s: %v", method, err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := joined(err, answer.Body.Close()); err != nil {
		s.t.Fatal(err)
	}
	reply := &doorReply{status: answer.StatusCode, header: answer.Header, body: string(text)}
	reply.guarded(s.t, method+" "+path, strings.HasPrefix(s.Config.Web.URL, "https:"))
	return reply
}

func (s *doorSite) get(path string, fields ...string) *doorReply {
	s.t.Helper()
	return s.ask(http.MethodGet, path, "", "", fields...)
}

func (s *doorSite) post(path string, form url.Values, fields ...string) *doorReply {
	s.t.Helper()
	return s.ask(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode(), fields...)
}

func joined(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A doorReply is an answer, read to its end.
type doorReply struct {
	status int
	header http.Header
	body   string
}

// guarded looks at what holds for every answer of every page.
func (a *doorReply) guarded(t *testing.T, what string, secure bool) {
	t.Helper()
	if got := a.header.Values("Set-Cookie"); len(got) > 0 {
		t.Errorf("%s sets a cookie: %q", what, got)
	}
	policy := a.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("%s: Content-Security-Policy %q", what, policy)
	}
	if hsts := a.header.Get("Strict-Transport-Security"); (hsts != "") != secure {
		t.Errorf("%s: Strict-Transport-Security %q, over https: %v", what, hsts, secure)
	}
	if a.status >= 300 && a.status < 400 {
		t.Errorf("%s redirects: %d %q", what, a.status, a.header.Get("Location"))
	}
	if a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: headers %v", what, a.header)
	}
}

// A doorClock stands still until it is moved. That of a bubble is the bubble's own.
type doorClock struct {
	mu     sync.Mutex
	now    time.Time
	bubble bool
}

func (c *doorClock) Now() time.Time {
	if c.bubble {
		return time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *doorClock) move(d time.Duration) {
	if c.bubble {
		time.Sleep(d)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A doorLog is all that the program logs, and what must not stand in it.
type doorLog struct {
	mu     sync.Mutex
	text   bytes.Buffer
	hidden map[string]bool
}

func (l *doorLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// hide names what no line may hold, in whatever spelling.
func (l *doorLog) hide(texts ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hidden == nil {
		l.hidden = map[string]bool{}
	}
	for _, text := range texts {
		if len(text) < 6 || strings.HasPrefix(text, "127.0.0.1") { // a word, and the program's own address
			continue
		}
		for _, spelling := range []string{
			text, url.QueryEscape(text), url.PathEscape(text), strconv.Quote(text),
			base64.StdEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte(text)),
		} {
			l.hidden[strings.ToLower(spelling)] = true
		}
	}
}

func (l *doorLog) check(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	said := strings.ToLower(l.text.String())
	if !strings.Contains(said, "answered") || len(l.hidden) == 0 {
		t.Errorf("the log tells of no answer, or nothing was to be hidden: %d spellings", len(l.hidden))
	}
	for text := range l.hidden {
		if at := strings.Index(said, text); at >= 0 {
			t.Errorf("the log holds %q: %q", text, said[max(0, at-200):min(len(said), at+200)])
		}
	}
}

// doorVisitor asks nobody but this machine, follows nothing and keeps nothing.
func doorVisitor() *http.Client {
	c := client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.Transport.(*http.Transport).TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return c
}

// doorResolver knows every domain but three.
type doorResolver struct{}

func (doorResolver) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	switch name {
	case "rien.example.":
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case "nul.example.":
		return []*net.MX{{Host: "."}}, nil
	case "muet.example.":
		return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true}
	}
	return []*net.MX{{Host: "mx." + name, Pref: 10}}, nil
}

func (doorResolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (doorResolver) LookupNS(context.Context, string) ([]*net.NS, error) {
	return []*net.NS{{Host: "a.root-servers.net."}}, nil
}

// work solves a stamp, as the script of the form does.
func (s *doorSite) work(stamp string) string {
	s.t.Helper()
	given, err := s.keys.ReadStamp(stamp, token.ForForm)
	if err != nil {
		s.t.Fatalf("a stamp of the site's: %v", err)
	}
	return doorSolution(stamp, int(given.Bits))
}

func doorSolution(stamp string, bits int) string {
	for n := 0; ; n++ {
		if solution := strconv.Itoa(n); admission.Solved(stamp, solution, bits) {
			return solution
		}
	}
}

// rows are the lines of a query, its columns separated by spaces.
func (s *doorSite) rows(query string, args ...any) []string {
	s.t.Helper()
	found, err := s.db.QueryContext(s.t.Context(), query, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	names, err := found.Columns()
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for found.Next() {
		values, places := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			places[i] = &values[i]
		}
		if err := found.Scan(places...); err != nil {
			s.t.Fatal(err)
		}
		var line []string
		for _, v := range values {
			line = append(line, v.String)
		}
		all = append(all, strings.TrimSpace(strings.Join(line, " ")))
	}
	if err := found.Err(); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// known is what the database holds of an address: what it stands for, the record of consent, the letters owed.
func (s *doorSite) known(email string) []string {
	s.t.Helper()
	all := s.rows(`SELECT n.name, p.state FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id JOIN newsletters n ON n.id = p.newsletter_id
		WHERE lower(b.address) = lower(?) ORDER BY p.id`, email)
	all = append(all, s.rows(`SELECT c.act, c.origin, coalesce(c.network, '-'), iif(c.wording IS NULL, 'unread', 'read') FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id
		JOIN consents c ON c.subscription_id = p.id WHERE lower(b.address) = lower(?) ORDER BY c.id`, email)...)
	return append(all, s.rows(`SELECT d.letter, CASE WHEN d.state = 'cancelled' THEN 'cancelled ' || d.reason WHEN d.run = -1 THEN 'held' WHEN d.run = -2 THEN 'doubted'
		WHEN d.next_at > ?2 THEN 'in ' || ((d.next_at - ?2) / 60000) || ' min' ELSE 'now' END FROM subscribers b JOIN deliveries d ON d.subscriber_id = b.id
		WHERE lower(b.address) = lower(?1) AND d.letter <> 'remind' ORDER BY d.id`, email, s.clock.Now().UnixMilli())...)
}

// size counts what sign-ups leave behind.
func (s *doorSite) size() []string {
	s.t.Helper()
	return s.rows(`SELECT (SELECT count(*) FROM subscribers), (SELECT count(*) FROM subscriptions), (SELECT count(*) FROM consents),
		(SELECT count(network) FROM consents), (SELECT count(*) FROM deliveries WHERE kind = 'letter' AND letter <> 'remind')`)
}

// sent waits until a query finds nothing more: the sender has done all that is due.
func (s *doorSite) sent(waiting string) {
	s.t.Helper()
	look := time.NewTicker(5 * time.Millisecond) // nobody is told of a letter that was sent
	defer look.Stop()
	for len(s.rows(waiting)) > 0 {
		select {
		case <-look.C:
		case err := <-s.ended:
			s.t.Fatalf("the program has ended: %v", err)
		case <-s.t.Context().Done():
			s.t.Fatal("the letters never left")
		}
	}
}
