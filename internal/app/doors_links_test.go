package app_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/token"
)

// A doorPerson is somebody with a link of each purpose.
type doorPerson struct {
	*doorSite
	email string
	links map[token.Purpose]token.Token
}

// person is a reader who has left, with a change of address under way, beside a request that waits for its confirmation.
// Only the leave link of somebody else still has something to leave.
func (s *doorSite) person(name string) doorPerson {
	s.t.Helper()
	p := doorPerson{s, name + "@lecteurs.example", map[token.Purpose]token.Token{}}
	waits, leaver := name+".attend@lecteurs.example", name+".part@lecteurs.example"
	s.log.hide(p.email, waits, leaver, name+".neuve@lecteurs.example")
	for _, email := range []string{p.email, leaver} {
		if _, err := s.Register.Add(s.t.Context(), s.Newsletters[0], email, "test"); err != nil {
			s.t.Fatal(err)
		}
	}
	v := s.visit(doors()[0], waits)
	if said := v.post(); said.verdict != "received" {
		s.t.Fatalf("%+v", said)
	}
	s.clock.move(time.Minute)
	manage := s.link(token.Manage, p.email)
	if a := s.post("/m/"+manage, url.Values{"act": {"move"}, "email": {name + ".neuve@lecteurs.example"}}); a.status != 200 {
		s.t.Fatalf("ask for a change of address: %d", a.status)
	}
	for purpose, email := range map[token.Purpose]string{token.Leave: p.email, token.Preferences: p.email, token.Manage: p.email, token.Confirm: waits, token.Undo: leaver} {
		p.links[purpose] = s.token(purpose, email)
	}
	if a := s.post("/u/"+s.link(token.Leave, leaver), url.Values{"leave": {"button"}}); a.status != 200 {
		s.t.Fatalf("leave: %d", a.status)
	}
	p.links[token.Undo] = s.token(token.Undo, leaver)
	move := token.Token{Purpose: token.Move, Epoch: 1, Time: s.clock.Now()}
	doorScan(s.t, s.rows(`SELECT m.id FROM moves m JOIN subscribers b ON b.id = m.subscriber_id WHERE b.address = ?`, p.email)[0], &move.Subscription)
	p.links[token.Move] = move
	s.clock.move(3 * time.Second) // a press within two seconds of the letter is a scanner's
	return p
}

// token is what a link to the first subscription of an address says, as a letter would hold it.
func (s *doorSite) token(purpose token.Purpose, email string) token.Token {
	s.t.Helper()
	rows := s.rows(`SELECT p.id || ' ' || p.epoch FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id WHERE lower(b.address) = lower(?) ORDER BY p.id LIMIT 1`, email)
	if len(rows) != 1 {
		s.t.Fatalf("%d subscriptions to make a link of", len(rows))
	}
	made := token.Token{Purpose: purpose, Time: s.clock.Now()}
	doorScan(s.t, rows[0], &made.Subscription, &made.Epoch)
	return made
}

func (s *doorSite) link(purpose token.Purpose, email string) string {
	s.t.Helper()
	return s.sign(s.token(purpose, email))
}

func (s *doorSite) sign(made token.Token) string {
	link := s.keys.Sign(made)
	s.log.hide(link)
	return link
}

func doorScan(t testing.TB, text string, places ...any) {
	t.Helper()
	if _, err := fmt.Sscan(text, places...); err != nil {
		t.Fatal(err)
	}
}

// doorActs are the buttons behind each link.
func doorActs() map[token.Purpose][]url.Values {
	act := func(more ...string) url.Values {
		v := url.Values{"act": {more[0]}}
		for i := 1; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	return map[token.Purpose][]url.Values{
		token.Leave:       {{"leave": {"button"}}, {"List-Unsubscribe": {"One-Click"}}},
		token.Confirm:     {{}, act("renew")},
		token.Undo:        {act("undo"), act("pause", "until", "month"), act("reason", "reason", "other")},
		token.Preferences: {act("save", "until", "none"), act("keep"), act("stop"), act("latest"), act("manage")},
		token.Manage:      {act("export"), act("move", "email", "encore@lecteurs.example"), act("erase", "understood", "yes")},
		token.Move:        {act("move")},
	}
}

// state is all that a link could change.
func (s *doorSite) state() []string {
	s.t.Helper()
	var all []string
	for _, query := range []string{
		`SELECT * FROM subscribers`, `SELECT * FROM subscriptions`, `SELECT * FROM consents`, `SELECT hash, address, kind FROM suppressions`, `SELECT * FROM moves`,
		`SELECT * FROM goodbyes`, `SELECT letter, address, reason, count(*) FROM deliveries WHERE kind <> 'notice' GROUP BY 1, 2, 3`, `SELECT count(*) FROM limits`,
	} {
		all = append(all, s.rows(query)...)
	}
	return all
}

// A badLink is a link that gives no power, and how it is answered: statuses of GET and POST and what the page says.
type badLink struct {
	name      string
	text      string
	get, post int
	says      string
}

const (
	doorNowhere = "Cette page n’existe pas"
	doorOver    = "Ce lien a expiré"
)

// badLinks bends the link of a purpose in every way.
func (p doorPerson) badLinks(purpose token.Purpose) []badLink {
	good := p.links[purpose]
	bad := func(name, text string) badLink { return badLink{name, text, 404, 404, doorNowhere} }
	signed := p.sign(good)
	all := []badLink{
		bad("forged", doorForge(signed)), bad("cut", signed[:len(signed)-1]), bad("longer", signed+"A"), bad("half", signed[:20]), bad("empty", "%20"),
		bad("another installation's", doorOtherKeys(p.t).Sign(good)), bad("another key's number", p.renumbered(signed)), bad("in another case", strings.ToUpper(signed)),
		bad("a stamp", p.keys.Stamp(token.Stamp{Time: p.clock.Now()})),
	}
	for _, other := range token.Purposes() {
		if other != purpose {
			made := good
			made.Purpose = other
			all = append(all, bad("made for "+other.String(), p.sign(made)))
		}
	}
	epoch, old, future := good, good, good
	epoch.Epoch += 7
	old.Time = old.Time.Add(-time.Hour)
	future.Time = future.Time.Add(48 * time.Hour)
	overtaken := badLink{"overtaken", p.sign(epoch), 410, 410, doorOver}
	expired := badLink{"too old", p.sign(old), 410, 410, doorOver}
	ahead := badLink{"of a clock set back", p.sign(future), 410, 410, doorOver}
	switch purpose {
	case token.Preferences:
		all = append(all, overtaken)
	case token.Manage:
		all = append(all, overtaken, expired, ahead)
	case token.Move:
		all = append(all, expired, ahead)
	case token.Undo:
		for _, b := range []badLink{overtaken, expired, ahead} {
			b.says = "Ce bouton a déjà servi, ou il est trop tard"
			all = append(all, b)
		}
	}
	if purpose == token.Undo { // its address has no page: who looks is told so, whatever the link
		for i := range all {
			all[i].get = 200
		}
	}
	return all
}

// renumbered is a link that says it was signed by a key that is not there.
func (p doorPerson) renumbered(signed string) string { return signed[:2] + "z" + signed[3:] }

// No link but a good one, for its own purpose, does anything or tells anything.
func TestLinks_BadOnesDoNothing(t *testing.T) {
	s := newDoorSite(t)
	p := s.person("Camille")
	s.sent(`SELECT 1 FROM deliveries WHERE state IN ('queued', 'attempting')`)
	before := s.state()
	for purpose, acts := range doorActs() {
		for _, b := range p.badLinks(purpose) {
			t.Run(purpose.String()+"/"+b.name, func(t *testing.T) {
				s.t = t
				path := "/" + purpose.String() + "/" + b.text
				s.log.hide(b.text)
				b.look(s, s.get(path), b.get)
				for _, act := range acts {
					b.look(s, s.post(path, act), b.post)
				}
			})
		}
	}
	s.t = t
	if diff := cmp.Diff(before, s.state()); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
}

func (b badLink) look(s *doorSite, a *doorReply, status int) {
	s.t.Helper()
	if a.status != status {
		s.t.Errorf("status %d, want %d", a.status, status)
	}
	if status != 200 && !strings.Contains(a.body, b.says) {
		s.t.Errorf("the page does not say %q:\n%s", b.says, a.body)
	}
	s.silent(a)
}

// silent sees to it that an answer names nobody, and is nobody's to keep.
func (s *doorSite) silent(a *doorReply) {
	s.t.Helper()
	if strings.Contains(strings.ToLower(a.body), "@lecteurs.example") || a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Robots-Tag") != "noindex" {
		s.t.Errorf("the answer names somebody, or may be kept: %v\n%s", a.header, a.body)
	}
}

// Confirmation links that are too old, or were overtaken, offer a new letter and confirm nothing, not even with the
// stamp of their own page.
func TestLinks_OldConfirmations(t *testing.T) {
	s := newDoorSite(t)
	p := s.person("Camille")
	good := p.links[token.Confirm]
	old, overtaken := good, good
	old.Time = old.Time.Add(-4 * 24 * time.Hour)
	overtaken.Epoch++
	other := "/c/" + s.sign(p.sibling())
	s.clock.move(3 * time.Second)
	before := s.rows(`SELECT * FROM subscriptions ORDER BY id`)
	for name, link := range map[string]token.Token{"old": old, "overtaken": overtaken, "good": good} {
		path := "/c/" + s.sign(link)
		stamps := []string{"", "x", s.page(other), doorForge(s.page(path)), s.says(s.get("/inscription")).kept.stamp, doorOtherKeys(t).Stamp(token.Stamp{Time: s.clock.Now()})}
		if name != "good" {
			stamps = append(stamps, s.page(path))
		}
		for i, stamp := range stamps {
			a := s.post(path, url.Values{"page": {stamp}})
			if a.status != 400 || !strings.Contains(a.body, "<form") {
				t.Errorf("%s, stamp %d: %d\n%s", name, i, a.status, a.body)
			}
			s.silent(a)
		}
	}
	if diff := cmp.Diff(before, s.rows(`SELECT * FROM subscriptions ORDER BY id`)); diff != "" {
		t.Errorf("something was confirmed (-before +after):\n%s", diff)
	}
	path := "/c/" + s.sign(good)
	if a := s.post(path, url.Values{"page": {s.page(path)}}); !strings.Contains(a.body, "/p/") {
		t.Errorf("the good link with the stamp of its page confirms nothing: %d\n%s", a.status, a.body)
	}
}

// A new address is taken by the button of its own page alone: what other forms hold, and what another page's button
// does, changes nothing.
func TestLinks_AMoveNeedsItsPage(t *testing.T) {
	s := newDoorSite(t)
	p, other := s.person("Camille"), s.person("Dominique")
	path := "/a/" + s.sign(p.links[token.Move])
	before := s.state()
	for i, stamp := range []string{
		"", "x", s.page("/a/" + s.sign(other.links[token.Move])), s.page("/c/" + s.sign(p.links[token.Confirm])), doorForge(s.page(path)),
		s.says(s.get("/inscription")).kept.stamp, doorOtherKeys(t).Stamp(token.Stamp{For: token.ForPage, Time: s.clock.Now()}),
	} {
		if a := s.post(path, url.Values{"act": {"move"}, "page": {stamp}}); a.status != 400 || !strings.Contains(a.body, "Rien n’est encore fait") {
			t.Errorf("stamp %d: %d\n%s", i, a.status, a.body)
		}
	}
	hasty := p.links[token.Move]
	hasty.Time = s.clock.Now()
	if quick := "/a/" + s.sign(hasty); s.post(quick, url.Values{"act": {"move"}, "page": {s.page(quick)}}).status != 400 {
		t.Error("a button is pressed faster than a letter is read")
	}
	if diff := cmp.Diff(before, s.state()); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
	if a := s.post(path, url.Values{"act": {"move"}, "page": {s.page(path)}}); a.status != 200 {
		t.Errorf("its own button: %d\n%s", a.status, a.body)
	}
}

// sibling is the confirmation link of another person's request.
func (p doorPerson) sibling() token.Token {
	p.t.Helper()
	v := p.visit(doors()[0], "autre.attend@lecteurs.example")
	if said := v.post(); said.verdict != "received" {
		p.t.Fatalf("%+v", said)
	}
	return p.token(token.Confirm, v.form.email)
}

// page fetches the stamp of the button behind a confirmation link.
func (s *doorSite) page(path string) string {
	s.t.Helper()
	root, err := html.Parse(strings.NewReader(s.get(path).body))
	if err != nil {
		s.t.Fatal(err)
	}
	return doorField(root, "page")
}

// Of who was erased no link does anything, and no answer tells who it was.
func TestLinks_OfWhoWasErased(t *testing.T) {
	s := newDoorSite(t)
	p := s.person("Camille")
	for _, email := range []string{p.email, "Camille.attend@lecteurs.example", "Camille.part@lecteurs.example"} {
		if done, err := s.Register.Erase(t.Context(), email); err != nil || !done {
			t.Fatalf("erase: %v %v", done, err)
		}
	}
	before := s.state()
	for purpose, acts := range doorActs() {
		path, post := "/"+purpose.String()+"/"+s.sign(p.links[purpose]), 410
		if purpose == token.Leave || purpose == token.Confirm {
			post = 200 // nothing to leave, and nothing known of a request
		}
		s.silent(s.get(path))
		for _, act := range acts {
			want := post
			if act.Get("act") == "erase" {
				want = 200 // it is done
			}
			a := s.post(path, act)
			if s.silent(a); a.status != want {
				t.Errorf("POST %s %v: status %d, want %d", path[:3], act, a.status, want)
			}
		}
	}
	if diff := cmp.Diff(before, s.state()); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
}

// Of eight presses of the same button at the same moment one counts, and every answer is a true one.
func TestLinks_PressedAtOnce(t *testing.T) {
	s := newDoorSite(t)
	press := func(purpose token.Purpose, act url.Values) func(doorPerson) []string {
		return func(p doorPerson) []string {
			path := "/" + purpose.String() + "/" + s.sign(p.links[purpose])
			return atOnce(8, func(int) string { return fmt.Sprint(s.post(path, act).status) })
		}
	}
	// looked presses the button of a page that was looked at each time before.
	looked := func(purpose token.Purpose, act url.Values) func(doorPerson) []string {
		return func(p doorPerson) []string {
			path := "/" + purpose.String() + "/" + s.sign(p.links[purpose])
			stamps := make([]string, 8)
			for i := range stamps {
				stamps[i] = s.page(path)
			}
			return atOnce(8, func(i int) string {
				fields := maps.Clone(act)
				fields.Set("page", stamps[i])
				answer := s.post(path, fields)
				if purpose == token.Confirm && !strings.Contains(answer.body, "/p/") { // a browser shows the last answer
					return "an answer without the reader's own page"
				}
				return fmt.Sprint(answer.status)
			})
		}
	}
	one := append([]string{"200"}, slices.Repeat([]string{"410"}, 7)...)
	every := slices.Repeat([]string{"200"}, 8)
	for _, test := range []struct {
		name     string
		press    func(doorPerson) []string
		statuses []string
		consents []string // what is added to the record
		letters  []string // what is owed more
	}{
		{"confirm", looked(token.Confirm, url.Values{}), every, []string{"confirmed letter"}, []string{"welcome"}},
		{"undo", press(token.Undo, url.Values{"act": {"undo"}}), every, []string{"confirmed undo"}, nil},
		{"pause instead", press(token.Undo, url.Values{"act": {"pause"}, "until": {"month"}}), every, []string{"confirmed undo"}, nil},
		{"leave", press(token.Leave, url.Values{"List-Unsubscribe": {"One-Click"}}), every, []string{"withdrawn one-click"}, nil},
		{"stop", press(token.Preferences, url.Values{"act": {"stop"}}), every, []string{"withdrawn preferences"}, nil},
		{"move", looked(token.Move, url.Values{"act": {"move"}}), one, []string{"confirmed move"}, nil},
		{"erase", press(token.Manage, url.Values{"act": {"erase"}, "understood": {"yes"}}), every, []string{"withdrawn preferences"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.t = t
			s.clock.move(48 * time.Hour)
			p := s.person(strings.ReplaceAll(test.name, " ", "."))
			s.sent(`SELECT 1 FROM deliveries WHERE state IN ('queued', 'attempting')`)
			var consent, letter int64
			doorScan(t, s.rows(`SELECT (SELECT max(id) FROM consents), (SELECT max(id) FROM deliveries)`)[0], &consent, &letter)
			if diff := cmp.Diff(test.statuses, test.press(p)); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.consents, s.rows(`SELECT act, origin FROM consents WHERE id > ?`, consent)); diff != "" {
				t.Errorf("added to the record (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.letters, s.rows(`SELECT letter FROM deliveries WHERE id > ? AND kind = 'letter' AND letter <> 'remind'`, letter)); diff != "" {
				t.Errorf("letters owed (-want +got):\n%s", diff)
			}
		})
	}
	s.t = t
}
