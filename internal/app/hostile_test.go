package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// Eight posts of one form at the same moment, as of a double click or of a program: one counts.
func TestDoors_AFormWorksOnce(t *testing.T) {
	t.Parallel()
	s := newDoorSite(t, "SIGNUP_PER_CLIENT=100", "SIGNUP_PER_NETWORK=100", "SIGNUP_PER_HOUR=1000")
	for i, d := range doors() {
		t.Run(d.name, func(t *testing.T) {
			v := s.visit(d, "")
			s.clock.move(v.age)
			verdicts := atOnce(8, func(n int) string {
				f := v.form
				f.email = fmt.Sprintf("huit%d.%d@lecteurs.example", i, n)
				said := s.says(d.send(s, f, v.client))
				return said.verdict + " " + said.reason
			})
			want := append(slices.Repeat([]string{"again stamp-used"}, 7), "received ")
			if diff := cmp.Diff(want, verdicts); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
			if got := s.rows(`SELECT count(*) FROM subscribers WHERE address LIKE ?`, fmt.Sprintf("huit%d.%%", i)); got[0] != "1" {
				t.Errorf("%s people signed up by one form", got[0])
			}
		})
	}
}

// atOnce does something n times at the same moment, and returns what came of it in the order of the alphabet.
func atOnce(n int, do func(i int) string) []string {
	results := make([]string, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			results[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	slices.Sort(results)
	return results
}

// What a browser lets a page of another site do, and what it does not.
func TestDoors_ForeignPages(t *testing.T) {
	s := newDoorSite(t)
	const foreign = "Origin: https://ailleurs.example"
	for _, path := range []string{"/api/v1/form", "/api/v1/subscriptions"} {
		for _, origin := range []string{foreign, "Origin: null", "Origin: https://www.pandia.example.ailleurs.example", "Origin: http://www.pandia.example", "Origin: https://www.pandia.example:8443"} {
			a := s.ask(http.MethodOptions, path, "", "", origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")
			if a.status != 204 || a.header.Get("Access-Control-Allow-Origin") != "" || a.header.Get("Access-Control-Allow-Methods") != "" || a.header.Get("Vary") != "Origin" {
				t.Errorf("%s, %s: %d %v", path, origin, a.status, a.header)
			}
		}
		a := s.ask(http.MethodOptions, path, "", "", "Origin: "+doorOrigin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")
		if a.status != 204 || a.header.Get("Access-Control-Allow-Origin") != doorOrigin || a.header.Get("Access-Control-Allow-Headers") != "Content-Type" ||
			a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s, the allowed origin: %d %v", path, a.status, a.header)
		}
	}
	before := s.size()
	v := s.visit(doors()[4], "simple@lecteurs.example")
	s.clock.move(v.age)
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} { // what goes without asking first
		a := s.ask(http.MethodPost, "/api/v1/subscriptions", kind, v.form.json(t), foreign)
		if a.status != http.StatusUnsupportedMediaType || a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("a foreign page posts %q: %d %v", kind, a.status, a.header)
		}
	}
	if diff := cmp.Diff(before, s.size()); diff != "" {
		t.Errorf("a foreign page changed something (-before +after):\n%s", diff)
	}
}

// Bodies that no form of ours makes.
func TestDoors_HostileBodies(t *testing.T) {
	s := newDoorSite(t)
	v := s.visit(doors()[4], "corps@lecteurs.example")
	s.clock.move(v.age)
	whole := v.form.json(t)
	with := func(more string) string { return strings.TrimSuffix(whole, "}") + "," + more + "}" }
	instead := func(name, value string) string {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(whole), &fields); err != nil {
			t.Fatal(err)
		}
		fields[name] = json.RawMessage(value)
		text, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const program, page = "/api/v1/subscriptions", "/inscription"
	const jsonKind, formKind = "application/json", "application/x-www-form-urlencoded"
	kind, multi := doorMultipart(t, v.form.values())
	before := s.size()
	for name, b := range map[string]struct {
		path, kind, body string
		status           int
	}{
		"unknown field":          {program, jsonKind, with(`"name":"Camille"`), 400},
		"the same field twice":   {program, jsonKind, with(`"email":"autre@lecteurs.example"`), 400},
		"in another case":        {program, jsonKind, with(`"Email":"autre@lecteurs.example"`), 400},
		"twice by an escape":     {program, jsonKind, with(`"\u0065mail":"autre@lecteurs.example"`), 400},
		"something after it":     {program, jsonKind, whole + "{}", 400},
		"a second object":        {program, jsonKind, whole + "\n" + whole, 400},
		"deep nesting":           {program, jsonKind, instead("email", strings.Repeat("[", 2000)+strings.Repeat("]", 2000)), 400},
		"deep, and open":         {program, jsonKind, strings.Repeat(`{"email":`, 800), 400},
		"a list":                 {program, jsonKind, "[" + whole + "]", 400},
		"null":                   {program, jsonKind, "null", 400},
		"nothing":                {program, jsonKind, "", 400},
		"half of it":             {program, jsonKind, whole[:len(whole)/2], 400},
		"an address in a list":   {program, jsonKind, instead("email", `["a@lecteurs.example"]`), 400},
		"a number":               {program, jsonKind, instead("email", `7`), 400},
		"newsletters as a text":  {program, jsonKind, instead("newsletters", `"hebdo"`), 400},
		"sure as a text":         {program, jsonKind, instead("sure", `"true"`), 400},
		"a NUL in the syntax":    {program, jsonKind, whole[:1] + "\x00" + whole[1:], 400},
		"not UTF-8":              {program, jsonKind, instead("website", `""`)[:1] + "\xff" + whole[1:], 400},
		"UTF-16":                 {program, jsonKind, "\xfe\xff\x00{\x00}", 400},
		"a NUL in the address":   {program, jsonKind, instead("email", `"a\u0000@lecteurs.example"`), 422},
		"half a surrogate":       {program, jsonKind, instead("email", `"a\ud800@lecteurs.example"`), 422},
		"too large":              {program, jsonKind, instead("website", `"`+strings.Repeat("a", 9000)+`"`), 413},
		"JSON as text":           {program, "text/plain", whole, 415},
		"no kind":                {program, "", whole, 415},
		"a form for programs":    {program, formKind, v.form.values().Encode(), 415},
		"JSON at the page":       {page, jsonKind, whole, 415},
		"text at the page":       {page, "text/plain", v.form.values().Encode(), 415},
		"10,000 fields":          {page, formKind, strings.Repeat("a=&", 10_000), 413},
		"10,000 parts":           {page, kind, strings.Repeat("--x\r\n\r\n", 10_000) + multi, 413},
		"a half percent":         {page, formKind, v.form.values().Encode() + "&x=%z", 400},
		"a semicolon":            {page, formKind, "email=a@lecteurs.example;website=x", 400},
		"multipart without end":  {page, kind, multi[:len("--x\r\nContent-Dispo")], 400},
		"multipart without mark": {page, "multipart/form-data", multi, 400},
		"fields in the address":  {page + "?" + v.form.values().Encode(), formKind, "", 200},
		"NUL at the page":        {page, formKind, url.Values{"email": {"a\x00@lecteurs.example"}, "stamp": {v.form.stamp}, "wording": {v.form.wording}}.Encode(), 422},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			a := s.ask(http.MethodPost, b.path, b.kind, b.body)
			if a.status != b.status {
				t.Errorf("status %d, want %d:\n%s", a.status, b.status, a.body)
			}
			if said := s.says(a); said.verdict == "received" {
				t.Errorf("it was received: %+v", said)
			}
		})
	}
	s.t = t
	if diff := cmp.Diff(before, s.size()); diff != "" {
		t.Errorf("something is left in the database (-before +after):\n%s", diff)
	}
	if said := v.says(v.send(s, v.form, v.client)); said.verdict != "received" {
		t.Errorf("the form itself, afterwards: %+v", said)
	}
}

// doorPeople makes a person of every kind that the store can know, and names them.
func (s *doorSite) doorPeople(of string) map[string]string {
	s.t.Helper()
	ctx, hebdo := s.t.Context(), s.Newsletters[0]
	people := map[string]string{}
	for _, kind := range []string{"new", "pending", "active", "paused", "left", "hard-bounce", "complaint", "request", "operator", "erased"} {
		email := of + "." + kind + "@lecteurs.example"
		people[kind] = email
		s.log.hide(email)
		var err error
		switch kind {
		case "new":
			continue
		case "pending":
			v := s.visit(doors()[4], email)
			if said := v.post(); said.verdict != "received" {
				s.t.Fatalf("pending: %+v", said)
			}
			continue
		}
		if _, err = s.Register.Add(ctx, hebdo, email, "test"); err != nil {
			s.t.Fatal(err)
		}
		who, err := address.Parse(email)
		if err != nil {
			s.t.Fatal(err)
		}
		switch kind {
		case "active":
		case "paused":
			_, err = s.Register.Prefer(ctx, s.link('p', email), subscription.Wish{Newsletters: []string{"hebdo"}, Until: s.clock.Now().AddDate(0, 1, 0)})
		case "left":
			_, err = s.Register.Leave(ctx, s.link('u', email), newsletter.OriginLetter)
		case "erased":
			_, err = s.Register.Erase(ctx, email)
		default:
			err = s.Store.Suppress(ctx, who, newsletter.SuppressionKind(kind), "test", s.clock.Now())
		}
		if err != nil {
			s.t.Fatalf("%s: %v", kind, err)
		}
	}
	return people
}

// Nobody can find out at any door who reads the letters.
func TestDoors_NobodyCanBeToldApart(t *testing.T) {
	t.Parallel()
	s := newDoorSite(t)
	link := func(send func(s *doorSite, v *doorVisit) *doorReply) door {
		return door{
			name: "link", pages: true,
			fetch: func(s *doorSite, _, client string) doorForm { return s.says(s.get("/lien", from(client))).kept },
			send: func(s *doorSite, f doorForm, client string) *doorReply {
				return send(s, &doorVisit{form: f, client: client})
			},
		}
	}
	all := append(doors(),
		link(func(s *doorSite, v *doorVisit) *doorReply { return s.post("/lien", v.form.values(), from(v.client)) }),
		link(func(s *doorSite, v *doorVisit) *doorReply {
			kind, body := doorMultipart(s.t, v.form.values())
			return s.ask(http.MethodPost, "/lien", kind, body, from(v.client))
		}))
	for i, d := range all {
		for _, bend := range []string{"", "no work", "unsure", "used"} {
			t.Run(d.name+"/"+bend, func(t *testing.T) {
				s.t = t
				s.clock.move(48 * time.Hour)
				var first, of string
				for kind, email := range s.doorPeople(fmt.Sprintf("p%d%s", i, strings.ReplaceAll(bend, " ", ""))) {
					s.clock.move(61 * time.Minute)
					got := s.answerTo(s.visit(d, email), bend)
					if first == "" {
						first, of = got, kind
					}
					if got != first {
						t.Errorf("%s and %s are told apart (-%s +%s):\n%s", of, kind, of, kind, cmp.Diff(first, got))
					}
				}
			})
		}
	}
	s.t = t
}

// answerTo posts a form and returns the whole answer, but for the stamps and the time.
func (s *doorSite) answerTo(v *doorVisit, bend string) string {
	s.t.Helper()
	s.clock.move(v.age)
	switch bend {
	case "no work":
		v.form.solution = ""
	case "unsure":
		v.form.wording = ""
	case "used":
		v.send(s, v.form, v.client)
	}
	a := v.send(s, v.form, v.client)
	said := s.says(a)
	a.header.Del("Date")
	if bend == "used" {
		a.header.Del("Content-Length")
	}
	text := fmt.Sprintf("%d\n%v\n%s", a.status, a.header, a.body)
	for _, own := range []string{v.form.email, said.kept.stamp, doorFresh(a.body)} {
		if own != "" {
			text = strings.ReplaceAll(text, own, "…")
		}
	}
	return text
}

// doorFresh is the stamp that an answer for programs brings along.
func doorFresh(body string) string {
	var told struct{ Form struct{ Stamp string } }
	if json.Unmarshal([]byte(body), &told) != nil {
		return ""
	}
	return told.Form.Stamp
}

// What guards a form is as it was after the program was restarted.
func TestDoors_GuardsSurviveARestart(t *testing.T) {
	s := newDoorSite(t)
	used := s.visit(doors()[0], "une.fois@lecteurs.example")
	if said := used.post(); said.verdict != "received" {
		t.Fatalf("%+v", said)
	}
	full := s.visit(doors()[3], "de.trop@lecteurs.example")
	full.others(doorClient, func(int) string { return full.client }, true)
	mailbox := s.visit(doors()[4], "une.fois+encore@lecteurs.example")
	s.restart()
	s.clock.move(-3 * time.Second) // so that no form is younger than it was
	full.doorSite, used.doorSite, mailbox.doorSite = s, s, s
	if said := full.post(); said.verdict != "too-many" {
		t.Errorf("beyond the limit, after a restart: %+v", said)
	}
	used.form.email = "deux.fois@lecteurs.example"
	if said := used.post(); said.reason != subscription.ReasonStampUsed {
		t.Errorf("a used form, after a restart: %+v", said)
	}
	if said := mailbox.post(); said.verdict != "received" {
		t.Errorf("a second form for a mailbox: %+v", said)
	}
	if got := s.known("une.fois+encore@lecteurs.example"); !slices.Contains(got, "confirm cancelled limited") {
		t.Errorf("a second letter on one day, after a restart: %q", got)
	}
	neighbour := s.visit(doors()[0], "voisine@lecteurs.example")
	if said := neighbour.post(); said.verdict != "received" {
		t.Errorf("somebody else: %+v", said)
	}
}

// Only what our own proxies say of where a request comes from is believed.
func TestDoors_WhereARequestComesFrom(t *testing.T) {
	t.Parallel()
	sites := map[string]*doorSite{} // by whom they trust
	for name, test := range map[string]struct {
		trusted string
		fields  []string
		network string
	}{
		"nobody is trusted":          {`[]`, []string{from("203.0.113.9")}, "127.0.0.0/24"},
		"another is trusted":         {`["10.0.0.0/8"]`, []string{from("203.0.113.9, 10.0.0.1")}, "127.0.0.0/24"},
		"the proxy is trusted":       {`["127.0.0.1"]`, []string{from("203.0.113.9")}, "203.0.113.0/24"},
		"the client writes too":      {`["127.0.0.1"]`, []string{from("198.51.100.1, 203.0.113.9")}, "203.0.113.0/24"},
		"the client names the proxy": {`["127.0.0.1"]`, []string{from("127.0.0.1, 203.0.113.9")}, "203.0.113.0/24"},
		"several fields":             {`["127.0.0.1"]`, []string{from("198.51.100.1"), from("203.0.113.9")}, "203.0.113.0/24"},
		"two proxies":                {`["127.0.0.1", "10.0.0.0/8"]`, []string{from("198.51.100.1, 203.0.113.9, 10.1.2.3")}, "203.0.113.0/24"},
		"all are proxies":            {`["127.0.0.1", "10.0.0.0/8"]`, []string{from("10.9.9.9, 10.1.2.3")}, "10.9.9.0/24"},
		"with a port":                {`["127.0.0.1"]`, []string{from("203.0.113.9:55555")}, "203.0.113.0/24"},
		"IPv6":                       {`["127.0.0.1"]`, []string{from("2001:db8:1:2:3:4:5:6")}, "2001:db8:1::/48"},
		"IPv6 with a port":           {`["127.0.0.1"]`, []string{from("[2001:db8:1:2::6]:443")}, "2001:db8:1::/48"},
		"IPv4 in IPv6":               {`["127.0.0.1"]`, []string{from("::ffff:203.0.113.9")}, "203.0.113.0/24"},
		"no address":                 {`["127.0.0.1"]`, []string{from("unknown")}, "127.0.0.0/24"},
		"no address at the right":    {`["127.0.0.1"]`, []string{from("203.0.113.9, unknown")}, "127.0.0.0/24"},
		"no address behind one":      {`["127.0.0.1"]`, []string{from("'; DROP TABLE limits, 203.0.113.9")}, "203.0.113.0/24"},
		"empty":                      {`["127.0.0.1"]`, []string{from("")}, "127.0.0.0/24"},
		"another field":              {`["127.0.0.1"]`, []string{"X-Real-IP: 203.0.113.9", "Forwarded: for=203.0.113.9"}, "127.0.0.0/24"},
	} {
		s := sites[test.trusted]
		if s == nil {
			s = newDoorSite(t, "WEB_TRUSTED_PROXIES="+test.trusted, "SIGNUP_PER_CLIENT=50", "SIGNUP_PER_NETWORK=50", "SIGNUP_PER_HOUR=50")
			sites[test.trusted] = s
		}
		email := strings.ReplaceAll(name, " ", "-") + "@lecteurs.example"
		v := s.visit(doors()[4], email)
		s.clock.move(v.age)
		fields := append([]string{"Accept: */*"}, test.fields...)
		if said := s.says(s.ask(http.MethodPost, "/api/v1/subscriptions", "application/json", v.form.json(t), fields...)); said.verdict != "received" {
			t.Fatalf("%s: %+v", name, said)
		}
		networks := s.rows(`SELECT c.network FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id JOIN consents c ON c.subscription_id = p.id
			WHERE lower(b.address) = lower(?) AND c.network IS NOT NULL`, email)
		if diff := cmp.Diff([]string{test.network}, networks); diff != "" {
			t.Errorf("%s: network (-want +got):\n%s", name, diff)
		}
	}
}

// A machine with IPv6 has a whole /64, and its site a /48: choosing another address in it helps nobody.
func TestDoors_LimitsOfIPv6(t *testing.T) {
	s := newDoorSite(t)
	site := netip.MustParsePrefix("2001:db8:7::/48").Addr().As16()
	in := func(net, machine byte) string {
		at := site
		at[7], at[15] = net, machine
		return netip.AddrFrom16(at).String()
	}
	v := s.visit(doors()[0], "six@lecteurs.example")
	v.others(doorClient, func(i int) string { return in(1, byte(i+1)) }, true)
	v.client = in(1, 200)
	if said := v.post(); said.verdict != "too-many" {
		t.Errorf("one more of the same /64: %+v", said)
	}
	v = s.visit(doors()[0], "sept@lecteurs.example")
	v.others(doorNetwork-doorClient, func(i int) string { return in(byte(i+2), 1) }, true)
	v.client = in(100, 1)
	if said := v.post(); said.verdict != "too-many" {
		t.Errorf("one more of the same /48: %+v", said)
	}
	v = s.visit(doors()[0], "huit@lecteurs.example")
	v.client = "2001:db8:8::1"
	if said := v.post(); said.verdict != "received" {
		t.Errorf("the site beside it: %+v", said)
	}
}

// Over https every answer says so.
func TestDoors_HTTPS(t *testing.T) {
	s := newDoorSite(t, "WEB_URL=https://lettre.pandia.example")
	for _, path := range []string{"/", "/inscription", "/lien", "/api/v1/form", "/u/x", "/nulle-part", "/healthz", "/archives", "/static/inscription.js", "/robots.txt"} {
		s.get(path) // ask looks at the headers
	}
	s.log.hide("personne@lecteurs.example")
	s.post("/inscription", url.Values{"email": {"personne@lecteurs.example"}})
}
