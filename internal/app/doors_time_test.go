package app_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/smtptest"
	"facteur/internal/token"
)

// A doorBubble is the outside of a site in virtual time: its port and its relay are in memory.
type doorBubble struct {
	relay *smtptest.Server
	port  *doorPort
}

func newDoorBubble(t *testing.T, settings ...string) *doorSite {
	t.Helper()
	s := &doorSite{t: t, clock: &doorClock{bubble: true}, bubble: &doorBubble{relay: smtptest.Start(t, smtptest.Script{})}}
	s.asked = &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return s.bubble.port.dial() }},
	}
	s.prepare(append([]string{"SMTP_URL=smtp://127.0.0.1:2525?tls=none", "SMTP_CONNECTIONS=1"}, settings...)...)
	return s
}

func (b *doorBubble) listen() net.Listener {
	b.port = &doorPort{calls: make(chan net.Conn), closed: make(chan struct{})}
	return b.port
}

// A doorPort is a listener in memory, to whom only this machine comes.
type doorPort struct {
	calls  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *doorPort) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return doorConn{c}, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *doorPort) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *doorPort) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8025} }

func (p *doorPort) dial() (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.calls <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

type doorConn struct{ net.Conn }

func (doorConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 50000} }

// A body that does not come in time is told so, and holds nobody else up.
func TestDoors_SlowBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newDoorBubble(t)
		defer s.leave()
		s.log.hide("lente@lecteurs.example")
		for _, path := range []string{"/inscription", "/lien", "/api/v1/subscriptions", "/u/x"} {
			conn, err := s.bubble.port.dial()
			if err != nil {
				t.Fatal(err)
			}
			says := "rien n’a changé"
			if strings.HasPrefix(path, "/api/") {
				says = "rien n’est enregistré"
			}
			began := time.Now()
			if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=lente@lecteurs.example", path); err != nil {
				t.Fatal(err)
			}
			if a := s.get("/inscription"); a.status != http.StatusOK {
				t.Errorf("somebody else meanwhile: %d", a.status)
			}
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			text, err := io.ReadAll(answer.Body)
			if took := time.Since(began); answer.StatusCode != http.StatusRequestTimeout || took > 20*time.Second || err != nil || !strings.Contains(string(text), says) {
				t.Errorf("%s: %d after %s, %v\n%s", path, answer.StatusCode, took, err, text)
			}
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// A program fills the form ten thousand times in five minutes, from a site of its own: it gets nowhere, others get
// through, the operator is told once, and when it is over the letters of people leave.
func TestDoors_TenThousandSignUps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newDoorBubble(t, "SIGNUP_PER_NETWORK=50", "SIGNUP_PER_CLIENT=5", "SIGNUP_PER_HOUR=1000")
		defer s.leave()
		statuses := s.flood(10_000, 5*time.Minute)
		if got := statuses[200]; got < 50 || got > 55 || statuses[200]+statuses[429] != 10_000 { // 50 at once, and one every 72 seconds
			t.Errorf("answers by status: %v", statuses)
		}
		if bits := s.bits(); bits <= 8 {
			t.Errorf("in an attack a form costs %d bits of work, as ever", bits)
		}
		v := s.visit(doors()[0], "voisine@lecteurs.example")
		if said := v.post(); said.verdict != "received" {
			t.Errorf("the neighbour: %+v", said)
		}
		if got := s.known("voisine@lecteurs.example"); !slices.Contains(got, "confirm now") {
			t.Errorf("the letter in an attack of the neighbour, whose form came with its work: %q", got)
		}
		mallory := s.visit(doors()[0], "encore@lecteurs.example")
		mallory.client = "2001:db8:66:ffff::1"
		if said := mallory.post(); said.verdict != "too-many" {
			t.Errorf("the program by another door: %+v", said)
		}
		held := s.rows(`SELECT count(*) FROM deliveries WHERE run = -2 AND next_at IS NOT NULL`)

		time.Sleep(30 * time.Minute)
		synctest.Wait()
		if bits := s.bits(); bits != 8 {
			t.Errorf("after the attack a form costs %d bits of work, want 8", bits)
		}
		if got := len(s.to("voisine@lecteurs.example")); got != 1 {
			t.Errorf("the neighbour has %d letters after the attack, want 1", got)
		}
		notices := s.rows(`SELECT v.subject FROM deliveries d JOIN variants v ON v.id = d.variant_id WHERE d.kind = 'notice' AND v.subject LIKE '%sign-ups%'`)
		if len(notices) != 1 || len(s.to("op@pandia.example")) == 0 {
			t.Errorf("notices to the operator: %q, and %d letters", notices, len(s.to("op@pandia.example")))
		}
		if after := s.rows(`SELECT count(*) FROM deliveries WHERE run = -2 AND next_at IS NOT NULL`); held[0] == "0" || !slices.Equal(held, after) {
			t.Errorf("forms without work: %v letters held in the attack, %v after it", held, after)
		}
		letters, err := s.Register.ReleaseHeld(t.Context())
		if err != nil || fmt.Sprint(letters) != held[0] {
			t.Errorf("released %d of %v, %v", letters, held, err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if waiting := s.rows(`SELECT letter, state FROM deliveries WHERE state NOT IN ('sent', 'cancelled')`); len(waiting) > 0 {
			t.Errorf("letters that never left: %q", waiting)
		}
	})
}

// Fifty-two forms without their work, from three networks, are an attack and cost nothing: the letter of who did the work leaves
// all the same, as long as they go on coming, and the operator hears of it within a minute, once.
func TestDoors_AFloodWithoutWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newDoorBubble(t, "SIGNUP_PER_NETWORK=50", "SIGNUP_PER_CLIENT=5", "SIGNUP_PER_HOUR=1000")
		defer s.leave()
		time.Sleep(10 * time.Second) // into a minute
		v := s.visit(doors()[4], "x@lecteurs.example")
		program := func(i int) string { return fmt.Sprintf("203.0.%d.%d", 113+i%3, 1+i) }
		v.others(52, program, false)
		for round := range 4 {
			honest := fmt.Sprintf("honnete%d@lecteurs.example", round)
			if said := s.visit(doors()[0], honest).post(); said.verdict != "received" {
				t.Errorf("who did the work: %+v", said)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := len(s.to(honest)); got != 1 {
				t.Errorf("round %d: who did the work has %d letters: %q", round, got, s.known(honest))
			}
			if got := len(s.to("op@pandia.example")); got != 1 {
				t.Errorf("round %d: the operator has %d notices", round, got)
			}
			time.Sleep(7 * time.Minute)
			v.cases++
			v.others(26, func(i int) string { return program(60 + 30*round + i) }, false)
		}
		if got := s.rows(`SELECT count(*) FROM deliveries WHERE run = -2 AND next_at IS NOT NULL`); got[0] == "0" {
			t.Error("no form of the flood is held")
		}
	})
}

// flood signs up n people of one IPv6 site, half of them without the work, and counts the answers.
func (s *doorSite) flood(n int, during time.Duration) map[int]int {
	s.t.Helper()
	wording := fetchJSON("Accept: */*")(s, "", "11.0.0.7").wording
	statuses := map[int]int{}
	network := netip.MustParsePrefix("2001:db8:66::/48").Addr().As16()
	for i := range n {
		time.Sleep(during / time.Duration(n))
		stamp := token.Stamp{Time: time.Now().Add(-3 * time.Second), Bits: 4}
		_, _ = rand.Read(stamp.Nonce[:])
		f := doorForm{email: fmt.Sprintf("victime%d@lecteurs.example", i), newsletters: []string{"hebdo"}, wording: wording, stamp: s.keys.Stamp(stamp)}
		if i%2 == 0 {
			f.solution = doorSolution(f.stamp, 4)
		}
		network[6], network[7] = byte(i>>8), byte(i)
		answer := s.flooded(f, netip.AddrFrom16(network).String())
		statuses[answer.StatusCode]++
		if answer.StatusCode == 429 && answer.Header.Get("Retry-After") == "" {
			s.t.Fatal("a 429 that does not say when to come back")
		}
	}
	s.log.hide("2001:db8:66:", "victime")
	return statuses
}

func (s *doorSite) flooded(f doorForm, client string) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/api/v1/subscriptions", strings.NewReader(f.json(s.t)))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", client)
	answer, err := s.asked.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, answer.Body); joined(err, answer.Body.Close()) != nil {
		s.t.Fatal(err)
	}
	return answer
}

// bits is the work that a form costs.
func (s *doorSite) bits() int {
	s.t.Helper()
	var form struct{ Bits int }
	if err := json.Unmarshal([]byte(s.get("/api/v1/form").body), &form); err != nil {
		s.t.Fatal(err)
	}
	return form.Bits
}

// to lists the letters that the relay took for an address.
func (s *doorSite) to(email string) (letters []smtptest.Letter) {
	for _, l := range s.bubble.relay.Letters() {
		if strings.EqualFold(l.To[0], email) {
			letters = append(letters, l)
		}
	}
	return letters
}

// Confirmation letters are held, or are not, as the settings say, at every door alike.
func TestDoors_Holding(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hold         string
		attack       bool
		worked, idle string
	}{
		"always":             {"always", false, "held", "doubted"},
		"never":              {"never", false, "now", "in 10 min"},
		"auto":               {"auto", false, "now", "in 10 min"},
		"never in an attack": {"never", true, "now", "in 10 min"},
		"auto in an attack":  {"auto", true, "held", "doubted"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newDoorSite(t, "SIGNUP_HOLD="+test.hold, "SIGNUP_ATTACK_FACTOR=2", "SIGNUP_PER_HOUR=1000", "SIGNUP_REMINDER=0s")
			if test.attack {
				v := s.visit(doors()[4], "x@lecteurs.example")
				v.others(20, func(int) string { return v.visitor() }, true)
				s.clock.move(11 * time.Second)
			}
			if bits := s.bits(); (bits > 8) != test.attack {
				t.Errorf("a form costs %d bits", bits)
			}
			for i, d := range doors() {
				if !test.attack {
					s.clock.move(11 * time.Minute)
				}
				for _, works := range []bool{true, false} {
					v, want := s.visit(d, fmt.Sprintf("tenue%d.%v@lecteurs.example", i, works)), test.worked
					if !works {
						v.form.solution, want = "", test.idle
					}
					if said := v.post(); said.verdict != "received" {
						t.Errorf("%s: %+v", d.name, said)
					}
					if got := s.known(v.form.email); len(got) != 3 || got[2] != "confirm "+want {
						t.Errorf("%s, with its work %v: %q, want %s", d.name, works, got, want)
					}
				}
			}
		})
	}
}

// Readers leave by the button of their mail program in the middle of an edition: who left before their letter was begun
// gets none, and everybody else gets theirs, once.
func TestLinks_OneClickWhileAnEditionRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newDoorBubble(t)
		defer s.leave()
		const readers = 40
		email := func(i int) string { return fmt.Sprintf("lectrice%02d@lecteurs.example", i) }
		for i := range readers {
			if _, err := s.Register.Add(t.Context(), s.Newsletters[0], email(i), "test"); err != nil {
				t.Fatal(err)
			}
			s.log.hide(email(i))
		}
		row := collect.Row{URL: "https://pandia.example/actualites/1", Title: "Une nouvelle", Body: "Le chapô.\n\n## Une partie\n\nLe texte."}
		if err := s.Store.InboxAdd(t.Context(), []collect.Row{row}); err != nil {
			t.Fatal(err)
		}
		s.bubble.relay.Answer("DOT", smtptest.Answer{Reply: "250 2.0.0 Ok", Slow: time.Second}) // some ten seconds a letter
		sleepUntil(t, "2000-01-04T06:02:00Z")
		begun := len(s.bubble.relay.Letters())
		if begun < 3 || begun > readers/2 {
			t.Fatalf("%d letters have left after two minutes", begun)
		}

		leavers := map[string]bool{}
		ways := []func(path string) *doorReply{
			func(path string) *doorReply { return s.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}) },
			func(path string) *doorReply {
				kind, body := doorMultipart(t, url.Values{"List-Unsubscribe": {"One-Click"}})
				return s.ask(http.MethodPost, path, kind, body)
			},
			func(path string) *doorReply {
				return s.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}, "Origin: https://webmail.example", "Referer: https://webmail.example/", "Cookie: session=1",
					"Sec-Fetch-Site: cross-site")
			},
			func(path string) *doorReply {
				return s.ask(http.MethodPost, path, "application/x-www-form-urlencoded; charset=UTF-8", "List-Unsubscribe=One-Click\r\n")
			},
		}
		for i := 1; i < readers; i += 3 {
			path := "/u/" + s.link(token.Leave, email(i))
			leavers[email(i)] = true
			for range 2 { // a mail program may try again
				if a := ways[i%len(ways)](path); a.status != http.StatusOK || a.header.Get("Location") != "" {
					t.Errorf("one click: %d %v", a.status, a.header)
				}
			}
		}
		marked := map[string]bool{}
		for _, line := range s.rows(`SELECT lower(b.address) FROM deliveries d JOIN subscribers b ON b.id = d.subscriber_id WHERE d.state IN ('attempting', 'sent')`) {
			marked[line] = true
		}
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		for i := range readers {
			want := 1
			if leavers[email(i)] && !marked[email(i)] {
				want = 0
			}
			if got := len(s.to(email(i))); got != want {
				t.Errorf("%s has %d letters, want %d (left: %v, begun before: %v)", email(i), got, want, leavers[email(i)], marked[email(i)])
			}
		}
		if got := s.rows(`SELECT origin, count(*) FROM consents WHERE act = 'withdrawn' GROUP BY origin`); !slices.Equal(got, []string{fmt.Sprintf("one-click %d", len(leavers))}) {
			t.Errorf("record of those who left: %q", got)
		}
		if diff := cmp.Diff([]string{"done"}, s.rows(`SELECT state FROM editions WHERE planned > 0`)); diff != "" {
			t.Errorf("the edition (-want +got):\n%s", diff)
		}
	})
}
