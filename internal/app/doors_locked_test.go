package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/token"
)

// While another program holds the database, sign-up and leave say so, lose nothing of what was typed and use up nothing;
// reading goes on. Afterwards the same page works, and the program sends as before.
func TestDoors_DatabaseLocked(t *testing.T) {
	s := newDoorSite(t)
	const reader, newcomer = "Lectrice@lecteurs.example", "Nouvelle@lecteurs.example"
	s.log.hide(reader, newcomer)
	if _, err := s.Register.Add(t.Context(), s.Newsletters[0], reader, "test"); err != nil {
		t.Fatal(err)
	}
	leave, prefs := s.link('u', reader), s.link('p', reader)
	var open []*doorVisit
	for _, d := range doors() {
		open = append(open, s.visit(d, newcomer))
	}
	ask := &doorVisit{doorSite: s, client: s.visitor(), form: s.says(s.get("/lien")).kept}
	ask.form.email = reader
	s.clock.move(open[0].age)
	before := s.size()

	other, err := s.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	busy := func(what string, a *doorReply) {
		t.Helper()
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", what, a.status, a.header)
		}
	}
	for _, v := range open {
		a := v.send(s, v.form, v.client)
		busy(v.name, a)
		if said := s.says(a); v.pages && (said.kept.email != newcomer || !slices.Equal(said.kept.newsletters, []string{"hebdo"}) || said.kept.stamp != v.form.stamp || said.reason != "busy") {
			t.Errorf("%s: the page keeps %+v", v.name, said)
		} else if !v.pages && said.reason != "busy" {
			t.Errorf("%s: %+v", v.name, said)
		}
	}
	a := s.post("/lien", ask.form.values())
	if busy("/lien", a); s.says(a).kept.email != reader {
		t.Errorf("/lien keeps %+v", s.says(a))
	}
	for _, fields := range []map[string][]string{{"leave": {"button"}}, {"List-Unsubscribe": {"One-Click"}}} {
		a := s.post("/u/"+leave, fields)
		if busy("leave", a); !strings.Contains(a.body, `name="leave" value="button"`) || !strings.Contains(a.body, "pas encore enregistrée") {
			t.Errorf("the page has no button to press again:\n%s", a.body)
		}
	}
	busy("preferences", s.post("/p/"+prefs, map[string][]string{"act": {"stop"}}))
	for _, path := range []string{"/inscription", "/u/" + leave, "/p/" + prefs, "/lien", "/archives", "/healthz", "/readyz"} {
		if a := s.get(path); a.status != http.StatusOK {
			t.Errorf("GET %s while the database is locked: %d", path[:3], a.status)
		}
	}
	if diff := cmp.Diff(before, s.size()); diff != "" {
		t.Errorf("something was recorded (-before +after):\n%s", diff)
	}

	if _, err := other.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	for _, v := range open {
		v.form.email = strings.ReplaceAll(v.name, " ", "-")
		v.form.email = strings.ReplaceAll(v.form.email, ",", "") + "@lecteurs.example"
		if said := s.says(v.send(s, v.form, v.client)); said.verdict != "received" {
			t.Errorf("%s, the same form afterwards: %+v", v.name, said)
		}
	}
	if a := s.post("/u/"+leave, map[string][]string{"List-Unsubscribe": {"One-Click"}}); a.status != http.StatusOK {
		t.Errorf("the leave afterwards: %d", a.status)
	}
	if got := s.rows(`SELECT state FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id WHERE b.address = ?`, reader); !slices.Equal(got, []string{"unsubscribed"}) {
		t.Errorf("who left is %q", got)
	}
	s.sent(`SELECT 1 FROM deliveries WHERE letter = 'confirm' AND state = 'queued'`)
}

// On a reader's own pages, too, nothing that was chosen or typed is lost, and the button that is shown again works.
func TestDoors_DatabaseLockedOnOwnPages(t *testing.T) {
	s := newDoorSite(t)
	p := s.person("camille")
	path := func(purpose token.Purpose) string {
		return "/" + string(rune(purpose)) + "/" + s.sign(p.links[purpose])
	}
	stamp := map[token.Purpose]string{token.Confirm: s.page(path(token.Confirm)), token.Move: s.page(path(token.Move))}
	day := s.clock.Now().AddDate(0, 2, 0).Format(time.DateOnly)
	s.clock.move(3 * time.Second)
	before := s.state()
	other, err := s.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		purpose token.Purpose
		fields  url.Values
		kept    []string // of the page
	}{
		{token.Confirm, url.Values{"page": {stamp[token.Confirm]}}, []string{`name="page"`, "<button"}},
		{token.Preferences, url.Values{"act": {"save"}, "newsletter": {"hebdo"}, "until": {"day"}, "day": {day}},
			[]string{`value="hebdo" checked`, `value="day" checked`, `name="day" value="` + day + `"`}},
		{token.Preferences, url.Values{"act": {"stop"}}, []string{`value="stop"`}},
		{token.Manage, url.Values{"act": {"move"}, "email": {"camille@gmial.com"}, "sure": {"yes"}}, []string{`value="camille@gmial.com"`, `name="sure" value="yes" checked`}},
		{token.Manage, url.Values{"act": {"erase"}, "understood": {"yes"}}, []string{`name="understood" value="yes" required checked`}},
		{token.Undo, url.Values{"act": {"pause"}, "until": {"day"}, "day": {day}}, []string{`value="undo"`, `name="day" value="` + day + `"`}},
		{token.Undo, url.Values{"act": {"reason"}, "reason": {"other"}}, []string{`value="other" checked`}},
		{token.Move, url.Values{"act": {"move"}, "page": {stamp[token.Move]}}, []string{`name="page"`, `value="move"`}},
	} {
		a := s.post(path(c.purpose), c.fields)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%c %v: %d %v", c.purpose, c.fields, a.status, a.header)
		}
		for _, want := range append(c.kept, "un travail plus long passe devant") {
			if !strings.Contains(a.body, want) {
				t.Errorf("%c %v: the page does not have %q:\n%s", c.purpose, c.fields, want, a.body)
			}
		}
	}
	if _, err := other.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, s.state()); diff != "" {
		t.Errorf("something was recorded (-before +after):\n%s", diff)
	}
	for purpose, fields := range map[token.Purpose]url.Values{
		token.Confirm: {"page": {stamp[token.Confirm]}}, token.Undo: {"act": {"undo"}}, token.Move: {"act": {"move"}, "page": {stamp[token.Move]}},
	} {
		if a := s.post(path(purpose), fields); a.status != http.StatusOK {
			t.Errorf("%c afterwards: %d", purpose, a.status)
		}
	}
}
