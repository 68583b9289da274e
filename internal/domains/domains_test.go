package domains_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"facteur/internal/domains"
)

// A zone is a name server on this machine.
type zone struct {
	exchangers map[string][]string // by name; "." is the null MX
	addresses  map[string][4]byte
	failing    map[string]bool // answered with SERVFAIL
	silent     map[string]bool
	texts      map[string][][]string // records, each of several strings
	lost       atomic.Bool           // knows nothing, the root included
	asked      atomic.Int64
}

// serve answers until the test ends, and returns a resolver that asks nobody else.
func (z *zone) serve(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		question := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(question)
			if err != nil {
				return
			}
			if reply := z.reply(t, question[:n]); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (z *zone) reply(t *testing.T, question []byte) []byte {
	z.asked.Add(1)
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) != 1 {
		t.Errorf("a question that cannot be read: %v", err)
		return nil
	}
	q := m.Questions[0]
	name := q.Name.String()
	if z.silent[name] {
		return nil
	}
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	_, hasAddress := z.addresses[name]
	_, hasTexts := z.texts[name]
	switch {
	case name == "." && q.Type == dnsmessage.TypeNS && !z.lost.Load():
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60},
			Body:   &dnsmessage.NSResource{NS: dnsmessage.MustNewName("a.root-servers.net.")},
		})
	case z.failing[name]:
		m.RCode = dnsmessage.RCodeServerFailure
	case len(z.exchangers[name]) == 0 && !hasAddress && !hasTexts:
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeTXT:
		for _, strings := range z.texts[name] {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60},
				Body:   &dnsmessage.TXTResource{TXT: strings},
			})
		}
	case q.Type == dnsmessage.TypeMX:
		for i, host := range z.exchangers[name] {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60},
				Body:   &dnsmessage.MXResource{Pref: uint16(i), MX: dnsmessage.MustNewName(host)},
			})
		}
	case q.Type == dnsmessage.TypeA && hasAddress:
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60},
			Body:   &dnsmessage.AResource{A: z.addresses[name]},
		})
	}
	packed, err := m.Pack()
	if err != nil {
		t.Errorf("pack: %v", err)
	}
	return packed
}

func testZone() *zone {
	return &zone{
		exchangers: map[string][]string{
			"two.example.":  {"mx1.two.example.", "mx2.two.example."},
			"null.example.": {"."},
		},
		addresses: map[string][4]byte{"bare.example.": {192, 0, 2, 1}},
		failing:   map[string]bool{"broken.example.": true},
		silent:    map[string]bool{"silent.example.": true},
		texts:     map[string][][]string{"s1._domainkey.two.example.": {{"v=DKIM1; p=", "AAAA"}, {"other"}}},
	}
}

func TestTakesMail(t *testing.T) {
	z := testZone()
	checker := domains.New(z.serve(t), time.Now)
	for domain, want := range map[string]bool{
		"two.example":     true,
		"bare.example":    true,  // no exchanger, but an address
		"null.example":    false, // RFC 7505
		"nowhere.example": false, // no such name
		"broken.example":  true,  // SERVFAIL: nobody knows
		"silent.example":  true,  // no answer: nobody knows
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if got := checker.TakesMail(ctx, domain); got != want {
			t.Errorf("%s takes mail: %v", domain, got)
		}
		cancel()
	}
}

// A machine cut off from the DNS has a resolver that knows no name at all. It refuses nobody.
func TestTakesMail_WithoutARoot(t *testing.T) {
	z := &zone{}
	z.lost.Store(true)
	checker := domains.New(z.serve(t), time.Now)
	if !checker.TakesMail(t.Context(), "gmail.com") {
		t.Error("gmail.com was refused by a resolver that knows nothing")
	}
	z.lost.Store(false)
	if checker.TakesMail(t.Context(), "gmail.com") {
		t.Error("what nobody was certain of was remembered")
	}
}

func TestTakesMail_RemembersForAWhile(t *testing.T) {
	z, now := testZone(), time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	checker := domains.New(z.serve(t), func() time.Time { return now })
	ask := func() int64 {
		before := z.asked.Load()
		if checker.TakesMail(t.Context(), "null.example") {
			t.Error("null.example takes mail")
		}
		return z.asked.Load() - before
	}
	if ask() == 0 {
		t.Error("the first time nobody was asked")
	}
	if n := ask(); n != 0 {
		t.Errorf("the second time %d questions were asked", n)
	}
	now = now.Add(11 * time.Minute)
	if ask() == 0 {
		t.Error("after eleven minutes nobody was asked")
	}
}

// What is kept does not grow with what is asked.
func TestTakesMail_ForgetsWhenFull(t *testing.T) {
	asked := 0
	checker := domains.New(empty{&asked}, time.Now)
	for i := range 5000 {
		if checker.TakesMail(t.Context(), fmt.Sprintf("no%d.example", i)) {
			t.Fatalf("no%d.example takes mail", i)
		}
	}
	if asked != 5000 {
		t.Errorf("%d domains were asked for, want 5000", asked)
	}
	checker.TakesMail(t.Context(), "no0.example")
	if checker.TakesMail(t.Context(), "no4999.example"); asked != 5001 {
		t.Errorf("of the first domain and the last, %d were asked for again, want the first alone", asked-5000)
	}
}

// An empty resolver knows the root and nothing below it.
type empty struct{ asked *int }

func (e empty) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	*e.asked++
	return nil, &net.DNSError{Name: name, IsNotFound: true}
}

func (empty) LookupNetIP(_ context.Context, _, name string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Name: name, IsNotFound: true}
}

func (empty) LookupNS(context.Context, string) ([]*net.NS, error) {
	return []*net.NS{{Host: "a.root-servers.net."}}, nil
}

// A resolver that never answers holds up no more than a handful of people, and nobody for long.
type stuck struct{ *net.Resolver }

func (stuck) LookupMX(ctx context.Context, _ string) ([]*net.MX, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (stuck) LookupTXT(ctx context.Context, _ string) ([]string, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestTakesMail_ManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checker, began := domains.New(stuck{}, time.Now), time.Now()
		var atOnce, late atomic.Int64
		for i := range 40 {
			go func() {
				switch takes := checker.TakesMail(t.Context(), fmt.Sprintf("d%d.example", i)); {
				case !takes:
					t.Error("a domain was refused of which nobody knows anything")
				case time.Since(began) == 0:
					atOnce.Add(1)
				case time.Since(began) == 2*time.Second:
					late.Add(1)
				}
			}()
		}
		time.Sleep(time.Minute)
		if atOnce.Load() != 8 || late.Load() != 32 {
			t.Errorf("%d were answered at once and %d after two seconds, want 8 and 32", atOnce.Load(), late.Load())
		}
	})
}

func TestTexts(t *testing.T) {
	resolver := testZone().serve(t)
	for name, want := range map[string][]string{
		"s1._domainkey.two.example": {"v=DKIM1; p=AAAA", "other"},
		"two.example":               nil, // other records alone
		"nowhere.example":           nil,
	} {
		if got, err := domains.Texts(t.Context(), resolver, name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s says %q, %v", name, got, err)
		}
	}
	if got, err := domains.Texts(t.Context(), resolver, "broken.example"); err == nil {
		t.Errorf("no answer is taken for one: %q", got)
	}
}

// Who asks for texts waits ten seconds at the most.
func TestTexts_NoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if got, err := domains.Texts(t.Context(), stuck{}, "silent.example"); err == nil || time.Since(began) != 10*time.Second {
			t.Errorf("after %s: %q, %v", time.Since(began), got, err)
		}
	})
}
