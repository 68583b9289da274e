package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
	"facteur/internal/web"
)

// benchConnections is from how many connections people sign up at once.
const benchConnections = 16

// BenchmarkSignUpPost is a sign-up through the whole program, from 16 connections that stay open: as a form with a page
// for an answer, and as a program does. Each is for an address, a machine and a network of its own, told by a proxy that
// is trusted; its form is solved and old enough, the resolver answers from memory, and no limit binds. Every guard is asked
// and remembers. store is the step of the bare store in the same run, which the others are compared with.
func BenchmarkSignUpPost(b *testing.B) {
	var bare float64 // sign-ups a second
	b.Run("store", func(b *testing.B) {
		w := newBenchWorld(b)
		who := w.people(b.N)
		letters := w.letters()
		bare = w.run(func(c int) {
			for i := c; i < b.N; i += benchConnections {
				if got, err := w.Store.SignUp(b.Context(), w.asking(i, who[i], letters)); err != nil || got != subscription.Admitted {
					b.Error(got, err)
				}
			}
		})
	})
	for _, door := range []struct {
		name    string
		request func(*benchWorld, int, subscription.Form) []byte
	}{{"form", (*benchWorld).formRequest}, {"program", (*benchWorld).programRequest}} {
		b.Run(door.name, func(b *testing.B) {
			w := newBenchWorld(b)
			at := w.serve()
			requests := w.requests(door.request)
			rate := w.run(func(c int) { w.post(at, requests, c) })
			if bare > 0 {
				b.ReportMetric(rate/bare, "of-the-store")
			}
		})
	}
}

// A benchWorld is a program in a new folder, and a clock that can be moved.
type benchWorld struct {
	*App
	b       *testing.B
	clock   atomic.Int64 // milliseconds
	wording string       // version of the consent
}

const benchSettings = `
[site]
name = "PandIA"

[web]
trusted_proxies = ["127.0.0.1"]

[signup]
work = 8 # checking costs the same
per_client = 10000000
per_network = 10000000
per_hour = 10000000
attack_factor = 1000000
`

func newBenchWorld(b *testing.B) *benchWorld {
	b.Helper()
	w := &benchWorld{b: b}
	w.clock.Store(time.Now().UnixMilli())
	file := filepath.Join(b.TempDir(), "facteur.toml")
	w.must(os.WriteFile(file, []byte(benchSettings), 0o600))
	cfg, err := config.Load(config.Options{File: file, Data: filepath.Join(b.TempDir(), "data")})
	w.must(err)
	w.App, err = Open(b.Context(), cfg, Options{Create: true, Now: w.now, Resolver: takesAll{}, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	b.Cleanup(func() { _ = w.Close() })
	return w
}

func (w *benchWorld) must(err error) {
	w.b.Helper()
	if err != nil {
		w.b.Fatal(err)
	}
}

func (w *benchWorld) now() time.Time { return time.UnixMilli(w.clock.Load()) }

// takesAll is a resolver by which every domain takes mail.
type takesAll struct{}

func (takesAll) LookupNS(context.Context, string) ([]*net.NS, error) {
	return []*net.NS{{Host: "a.root-servers.net."}}, nil
}

func (takesAll) LookupMX(context.Context, string) ([]*net.MX, error) {
	return []*net.MX{{Host: "mx.example.", Pref: 10}}, nil
}

func (takesAll) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) { return nil, nil }

// run signs people up from all connections at once, and says at which rate. Afterwards each of them must be pending.
func (w *benchWorld) run(connection func(c int)) (rate float64) {
	w.b.Helper()
	w.b.ResetTimer()
	before := processors(w.b)
	var wait sync.WaitGroup
	for c := range benchConnections {
		wait.Go(func() { connection(c) })
	}
	wait.Wait()
	w.b.StopTimer()
	rate = float64(w.b.N) / w.b.Elapsed().Seconds()
	w.b.ReportMetric(rate, "sign-ups/s")
	w.b.ReportMetric(float64((processors(w.b)-before).Microseconds())/float64(w.b.N), "cpu-µs/op")
	counts, err := w.Store.CountSubscriptions(w.b.Context(), w.Newsletters[0].Name)
	w.must(err)
	if counts[newsletter.Pending] != w.b.N {
		w.b.Fatalf("%d of %d are pending", counts[newsletter.Pending], w.b.N)
	}
	return rate
}

// processors is the time that this process has had of them, the clients' part included.
func processors(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func benchAddress(i int) string { return fmt.Sprintf("lecteur.%d@exemple%d.example", i, i%100) }

func (w *benchWorld) people(n int) []address.Address {
	all := make([]address.Address, n)
	for i := range all {
		var err error
		all[i], err = address.Parse(benchAddress(i))
		w.must(err)
	}
	return all
}

func (w *benchWorld) letters() func(address.Address) subscription.Letters {
	variant, err := w.Store.FreezeLetter(w.b.Context(), newsletter.Variant{Key: "confirm", Kind: newsletter.KindLetter})
	w.must(err)
	return func(who address.Address) subscription.Letters {
		return subscription.Letters{
			Text:  func(newsletter.LetterKind, []string) (int64, bool) { return variant, true },
			Limit: func(kind newsletter.LetterKind) admission.Limit { return wide(append(hashed(who.Key(), 10), kind...)) },
		}
	}
}

// asking is what the story would ask the store for somebody.
func (w *benchWorld) asking(i int, who address.Address, letters func(address.Address) subscription.Letters) subscription.Asking {
	network := hashed(fmt.Sprint("network", i), 10)
	return subscription.Asking{
		Spending: subscription.Spending{Nonce: hashed(fmt.Sprint("stamp", i), 16), Until: w.now().Add(admission.Oldest + time.Duration(i/fetchEvery)*time.Millisecond)},
		Limits: []admission.Limit{
			wide(network), wide(append(network[:5:5], hashed(fmt.Sprint("client", i), 10)...)), wide([]byte("everybody")),
		},
		Person: subscription.Person{Address: who, Language: "fr"}, Newsletters: []string{w.Newsletters[0].Name},
		Consent: newsletter.Consent{
			Act: newsletter.ConsentRequested, At: w.now(), Origin: newsletter.OriginPage, Network: "203.0.113.0/24", Wording: newsletter.NewWording("fr", "Oui."),
		},
		Due: w.now(), Worked: true, Letters: letters(who),
	}
}

func wide(key []byte) admission.Limit {
	return admission.Limit{Key: key, Times: 1_000_000, Per: time.Hour}
}

// hashed is as random as the keys of limits and nonces are, and here as long.
func hashed(what string, bytes int) []byte {
	sum := sha256.Sum256([]byte(what))
	return sum[:bytes:bytes]
}

// serve answers on a port of this machine as serve does, and returns its address.
func (w *benchWorld) serve() (at string) {
	pages, err := w.pages(lookout{&watched{now: w.now}}, false)
	w.must(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	server := web.NewServer(pages, w.options.Log)
	go func() { _ = server.Serve(listener) }()
	w.b.Cleanup(func() { _ = server.Close() })
	w.wording = w.offered(listener.Addr().String())
	return listener.Addr().String()
}

// offered is the version of the text of consent that the pages show.
func (w *benchWorld) offered(at string) string {
	response, err := http.Get("http://" + at + "/api/v1/form")
	w.must(err)
	defer func() { _ = response.Body.Close() }()
	var form struct{ Wording string }
	w.must(json.NewDecoder(response.Body).Decode(&form))
	return form.Wording
}

// fetchEvery is how far apart people fetch their forms: four a millisecond.
const fetchEvery = 4

// requests are those of all people, with forms that they fetched one after the other, the last of them three seconds ago.
func (w *benchWorld) requests(request func(*benchWorld, int, subscription.Form) []byte) [][]byte {
	all := make([][]byte, w.b.N)
	for i := range all {
		form, err := w.Register.NewForm(w.b.Context())
		w.must(err)
		all[i] = request(w, i, form)
		if i%fetchEvery == fetchEvery-1 {
			w.clock.Add(1)
		}
	}
	w.clock.Add(3000)
	return all
}

func solve(f subscription.Form) string {
	for n := 0; ; n++ {
		if solution := fmt.Sprint(n); admission.Solved(f.Stamp, solution, f.Bits) {
			return solution
		}
	}
}

func (w *benchWorld) formRequest(i int, f subscription.Form) []byte {
	fields := url.Values{
		"email": {benchAddress(i)}, "newsletter": {w.Newsletters[0].Name}, "stamp": {f.Stamp}, "solution": {solve(f)}, "website": {""}, "wording": {w.wording},
	}
	return postRequest("/inscription", "application/x-www-form-urlencoded", i, fields.Encode())
}

func (w *benchWorld) programRequest(i int, f subscription.Form) []byte {
	fields, err := json.Marshal(map[string]any{
		"email": benchAddress(i), "newsletters": []string{w.Newsletters[0].Name}, "stamp": f.Stamp, "solution": solve(f), "wording": w.wording,
	})
	w.must(err)
	return postRequest("/api/v1/subscriptions", "application/json", i, string(fields))
}

// postRequest comes from a network of its own, as a proxy says.
func postRequest(path, kind string, i int, body string) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: lettre.example\r\nUser-Agent: Mozilla/5.0\r\nAccept-Language: fr\r\nX-Forwarded-For: 2001:%x:%x::1\r\n"+
		"Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, i>>16, i&0xffff, kind, len(body), body)
}

// post sends the requests of connection c, each in its turn among all of them.
func (w *benchWorld) post(at string, requests [][]byte, c int) {
	conn, err := net.Dial("tcp", at)
	if err != nil {
		w.b.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	answers := bufio.NewReader(conn)
	for i := c; i < len(requests); i += benchConnections {
		if _, err := conn.Write(requests[i]); err != nil {
			w.b.Error(err)
			return
		}
		if err := answered(answers); err != nil {
			w.b.Error(err)
			return
		}
	}
}

// answered reads one answer. It looks at the status and how long it is, and costs next to nothing of what is measured.
func answered(r *bufio.Reader) error {
	length := -1
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
			return fmt.Errorf("answered by %s", bytes.TrimSpace(line))
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
	}
	if length < 0 {
		return errors.New("an answer without its length")
	}
	_, err := r.Discard(length)
	return err
}
