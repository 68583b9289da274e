package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/net/html"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/subscription"
	"facteur/internal/token"
	"facteur/templates"
)

// A doorForm is a form as somebody fills it.
type doorForm struct {
	email, stamp, solution, website, wording string
	newsletters                              []string
	sure                                     bool
}

func (f doorForm) values() url.Values {
	v := url.Values{"email": {f.email}, "newsletter": f.newsletters, "stamp": {f.stamp}, "solution": {f.solution}, "website": {f.website}, "wording": {f.wording}}
	if f.sure {
		v.Set("sure", "yes")
	}
	return v
}

// A doorSays is what a form came to, whichever way it was said.
type doorSays struct {
	status          int
	verdict, reason string
	kept            doorForm // what the page holds of what was typed
}

// A door is one way in for a form.
type door struct {
	name   string
	origin string // as the record of consent has it
	pages  bool
	fetch  func(s *doorSite, email, client string) doorForm // an empty form, with its stamp
	send   func(s *doorSite, f doorForm, client string) *doorReply
}

func doors() []door {
	return []door{
		{"page", "page", true, fetchPage, sendPage},
		{"page, multipart", "page", true, fetchPage, sendMultipart},
		{"pasted form", "page", true, fetchPasted, sendPage},
		{"script of the pasted form", "form", false, fetchJSON("Origin: " + doorOrigin), sendJSON("Origin: " + doorOrigin)},
		{"program", "api", false, fetchJSON("Accept: */*"), sendJSON("Accept: */*")},
		{"program of a foreign page", "api", false, fetchJSON("Origin: https://ailleurs.example"), sendJSON("Origin: https://ailleurs.example")},
	}
}

func from(client string) string { return "X-Forwarded-For: " + client }

func fetchPage(s *doorSite, _, client string) doorForm {
	return s.says(s.get("/inscription", from(client))).kept
}

// fetchPasted posts a form without script, as it stands under an article of the site, and takes up the page that it leads to.
func fetchPasted(s *doorSite, email, client string) doorForm {
	s.t.Helper()
	pasted, err := html.Parse(strings.NewReader(s.get("/inscription/extrait").body))
	if err != nil {
		s.t.Fatal(err)
	}
	fields := url.Values{"email": {email}, "newsletter": {"hebdo"}, "website": {""}, "wording": {doorField(pasted, "wording")}}
	said := s.says(s.post("/inscription", fields, "Origin: "+doorOrigin, from(client)))
	if said.verdict != "again" || said.reason != subscription.ReasonStampMissing || said.kept.email != doorShown(email) || !slices.Equal(said.kept.newsletters, []string{"hebdo"}) {
		s.t.Errorf("the pasted form leads to %+v", said)
	}
	return said.kept
}

func fetchJSON(field string) func(s *doorSite, email, client string) doorForm {
	return func(s *doorSite, _, client string) doorForm {
		s.t.Helper()
		var form struct{ Stamp, Wording string }
		if err := json.Unmarshal([]byte(s.get("/api/v1/form", field, from(client)).body), &form); err != nil {
			s.t.Fatal(err)
		}
		return doorForm{stamp: form.Stamp, wording: form.Wording}
	}
}

func sendPage(s *doorSite, f doorForm, client string) *doorReply {
	s.t.Helper()
	return s.post("/inscription", f.values(), from(client))
}

func sendMultipart(s *doorSite, f doorForm, client string) *doorReply {
	s.t.Helper()
	kind, body := doorMultipart(s.t, f.values())
	return s.ask(http.MethodPost, "/inscription", kind, body, from(client))
}

func doorMultipart(t *testing.T, fields url.Values) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func sendJSON(field string) func(s *doorSite, f doorForm, client string) *doorReply {
	return func(s *doorSite, f doorForm, client string) *doorReply {
		s.t.Helper()
		return s.ask(http.MethodPost, "/api/v1/subscriptions", "application/json", f.json(s.t), field, from(client))
	}
}

// json writes the form as a program would, but for bytes that are no text, which stay what they are.
func (f doorForm) json(t *testing.T) string {
	t.Helper()
	const mark = "octet-255"
	text, err := json.Marshal(map[string]any{
		"email": strings.ReplaceAll(f.email, "\xff", mark), "newsletters": f.newsletters, "stamp": f.stamp, "solution": f.solution,
		"website": f.website, "wording": f.wording, "sure": f.sure,
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), mark, "\xff")
}

// says reads an answer to a form, be it a page or for a program.
func (s *doorSite) says(a *doorReply) doorSays {
	s.t.Helper()
	if a.header.Get("Content-Type") == "application/json" {
		var told struct{ Verdict, Reason, Suggestion, Message string }
		if err := json.Unmarshal([]byte(a.body), &told); err != nil || told.Message == "" {
			s.t.Errorf("answer %q: %v", a.body, err)
		}
		return doorSays{status: a.status, verdict: told.Verdict, reason: told.Reason}
	}
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		s.t.Fatal(err)
	}
	said := doorSays{status: a.status, kept: doorKept(root), reason: s.sentence(doorAlert(root))}
	switch head := doorText(root, "h1"); {
	case a.status == http.StatusUnprocessableEntity:
		said.verdict = "mistaken"
	case a.status == http.StatusTooManyRequests:
		said.verdict = "too-many"
	case head == "Encore un clic":
		said.verdict = "again"
	case said.reason == subscription.ReasonSuggestion:
		said.verdict = "doubtful"
	case doorField(root, "stamp") == "" && a.status == http.StatusOK:
		said.verdict = "received"
	case a.status >= http.StatusBadRequest:
		said.verdict = "refused"
	}
	return said
}

// sentence finds the reason that a sentence of the pages stands for.
func (s *doorSite) sentence(text string) string {
	s.t.Helper()
	if text == "" {
		return ""
	}
	files, err := templates.Open("")
	if err != nil {
		s.t.Fatal(err)
	}
	raw, err := fs.ReadFile(files, "strings/web.fr.toml")
	if err != nil {
		s.t.Fatal(err)
	}
	var all map[string]any
	if err := toml.Unmarshal(raw, &all); err != nil {
		s.t.Fatal(err)
	}
	for id, sentence := range all {
		begins, _, _ := strings.Cut(fmt.Sprint(sentence), "{{")
		if reason, isWhy := strings.CutPrefix(id, "why_"); isWhy && strings.HasPrefix(text, begins) {
			return reason
		}
	}
	return text
}

func doorKept(root *html.Node) (f doorForm) {
	f.email, f.stamp, f.wording = doorField(root, "email"), doorField(root, "stamp"), doorField(root, "wording")
	for n := range root.Descendants() {
		if n.Data == "input" && doorAttr(n, "name") == "newsletter" && (doorAttr(n, "type") == "hidden" || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" })) {
			f.newsletters = append(f.newsletters, doorAttr(n, "value"))
		}
	}
	return f
}

func doorField(root *html.Node, name string) string {
	for n := range root.Descendants() {
		if n.Data == "input" && doorAttr(n, "name") == name {
			return doorAttr(n, "value")
		}
	}
	return ""
}

func doorAlert(root *html.Node) string {
	for n := range root.Descendants() {
		if n.Data == "p" && doorAttr(n, "role") == "alert" {
			return doorInner(n)
		}
	}
	return ""
}

func doorText(root *html.Node, tag string) string {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag {
			return doorInner(n)
		}
	}
	return ""
}

func doorInner(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func doorAttr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// doorShown is a text as an HTML parser reads it back (HTML §13.2.3.5 makes one line end of two, and there are no NULs).
func doorShown(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd", "\xff", "\ufffd").Replace(text)
}

// A doorVisit is somebody at a door with a form that is all right, until a guard's test bends it.
type doorVisit struct {
	*doorSite
	door
	form   doorForm
	client string
	age    time.Duration // how old the form is when it comes back
}

func (s *doorSite) visit(d door, email string) *doorVisit {
	s.t.Helper()
	v := &doorVisit{doorSite: s, door: d, client: s.visitor(), age: 3 * time.Second}
	v.form = d.fetch(s, email, v.client)
	v.form.email, v.form.newsletters, v.form.solution = email, []string{"hebdo"}, s.work(v.form.stamp)
	s.log.hide(email, v.form.stamp)
	return v
}

func (v *doorVisit) post() doorSays {
	v.t.Helper()
	v.clock.move(v.age)
	v.log.hide(v.form.email)
	return v.says(v.send(v.doorSite, v.form, v.client))
}

// others sends good forms of other people, by a door of its own, which have to be received. The form of the visit does
// not grow old meanwhile.
func (v *doorVisit) others(n int, client func(i int) string, worked bool) {
	v.t.Helper()
	for i := range n {
		o := v.visit(doors()[4], fmt.Sprintf("foule%d.%d@lecteurs.example", v.cases, i))
		if o.client = client(i); !worked {
			o.form.solution = ""
		}
		if said := o.post(); said.verdict != "received" {
			v.t.Errorf("form %d of the others: %+v", i, said)
		}
	}
}

// A doorGuard is what has to happen at every door alike.
type doorGuard struct {
	name            string
	bend            func(*doorVisit)
	status          int
	verdict, reason string
	known           []string // of the address afterwards, without the line of the request
	refused         bool     // a program gets 400: its text cannot even be read
}

// wellDone is what the database holds of a good sign-up.
func wellDone(letter ...string) []string { return append([]string{"hebdo pending"}, letter...) }

func doorGuards() []doorGuard {
	received := func(name string, bend func(*doorVisit), known ...string) doorGuard {
		return doorGuard{name: name, bend: bend, status: 200, verdict: "received", known: known}
	}
	again := func(name, reason string, bend func(*doorVisit)) doorGuard {
		return doorGuard{name: name, bend: bend, status: 200, verdict: "again", reason: reason}
	}
	mistaken := func(name, reason string, bend func(*doorVisit)) doorGuard {
		return doorGuard{name: name, bend: bend, status: 422, verdict: "mistaken", reason: reason}
	}
	many := func(name string, bend func(*doorVisit)) doorGuard {
		return doorGuard{name: name, bend: bend, status: 429, verdict: "too-many", reason: subscription.ReasonLimited}
	}
	domain := func(name string) func(*doorVisit) {
		return func(v *doorVisit) { v.form.email = strings.Replace(v.form.email, "lecteurs.example", name, 1) }
	}
	good := wellDone("confirm now")
	later := wellDone("confirm in 10 min")
	all := []doorGuard{
		received("all is well", func(*doorVisit) {}, good...),
		received("as young as may be", func(v *doorVisit) { v.age = admission.Youngest }, good...),
		again("too young", subscription.ReasonStampYoung, func(v *doorVisit) { v.age = admission.Youngest - time.Millisecond }),
		again("too old", subscription.ReasonStampOld, func(v *doorVisit) { v.age = admission.Oldest }),
		received("a day old, and its work too", func(v *doorVisit) { v.age = admission.Oldest - time.Millisecond }, later...),
		again("no stamp", subscription.ReasonStampMissing, func(v *doorVisit) { v.form.stamp = "" }),
		again("forged stamp", subscription.ReasonStampMissing, func(v *doorVisit) { v.form.stamp = doorForge(v.form.stamp) }),
		again("stamp of another key", subscription.ReasonStampMissing, func(v *doorVisit) {
			v.form.stamp = doorOtherKeys(v.t).Stamp(token.Stamp{Time: v.clock.Now()})
		}),
		again("stamp of a page's button", subscription.ReasonStampMissing, func(v *doorVisit) {
			o := v.visit(doors()[4], "page."+v.form.email)
			if said := o.post(); said.verdict != "received" {
				v.t.Errorf("whose page it is: %+v", said)
			}
			v.form.stamp, v.form.solution = v.page("/c/"+v.link(token.Confirm, o.form.email)), "0"
		}),
		again("link in place of a stamp", subscription.ReasonStampMissing, func(v *doorVisit) {
			v.form.stamp = v.keys.Sign(token.Token{Purpose: token.Leave, Subscription: 1, Epoch: 1, Time: v.clock.Now()})
		}),
		again("stamp of before, used", subscription.ReasonStampUsed, func(v *doorVisit) {
			first := *v
			first.form.email = "premier." + v.form.email
			if said := first.post(); said.verdict != "received" {
				v.t.Errorf("the first use: %+v", said)
			}
		}),
		received("no work", func(v *doorVisit) { v.form.solution = "" }, later...),
		received("wrong work", func(v *doorVisit) {
			for v.form.solution = "x"; admission.Solved(v.form.stamp, v.form.solution, 8); {
				v.form.solution += "x"
			}
		}, later...),
		received("work of ten minutes ago", func(v *doorVisit) { v.age = admission.WorkLife }, later...),
		received("work that is just good", func(v *doorVisit) { v.age = admission.WorkLife - time.Millisecond }, good...),
		received("field for programs filled", func(v *doorVisit) { v.form.website = "https://spam.example" }),
		received("that and all else wrong", func(v *doorVisit) { v.form = doorForm{website: "x", wording: v.form.wording, email: "x"} }),
		again("text not read", "wording-missing", func(v *doorVisit) { v.form.wording = "" }),
		again("text of before", "wording-old", func(v *doorVisit) { v.form.wording = "fr-000000000000" }),
		mistaken("role", subscription.ReasonRole, func(v *doorVisit) { v.form.email = "postmaster@lecteurs.example" }),
		mistaken("domain that is not there", subscription.ReasonDomain, domain("rien.example")),
		mistaken("domain that says it takes no mail", subscription.ReasonDomain, domain("nul.example")),
		received("resolver that does not answer", domain("muet.example"), good...),
		mistaken("accents before the @", subscription.ReasonSMTPUTF8, func(v *doorVisit) { v.form.email = "é" + v.form.email }),
		mistaken("throw-away domain", subscription.ReasonDisposable, domain("jetable.example")),
		{"suggestion", domain("gmial.com"), 200, "doubtful", subscription.ReasonSuggestion, nil, false},
		received("meant as typed", func(v *doorVisit) { domain("gmial.com")(v); v.form.sure = true }, good...),
		mistaken("no newsletter", subscription.ReasonNewsletters, func(v *doorVisit) { v.form.newsletters = nil }),
		mistaken("newsletter of another house", subscription.ReasonNewsletters, func(v *doorVisit) { v.form.newsletters = []string{"autre"} }),
		mistaken("one that is ours, one that is not", subscription.ReasonNewsletters, func(v *doorVisit) { v.form.newsletters = []string{"hebdo", "autre"} }),
		many("limit of the machine", func(v *doorVisit) { v.others(doorClient, func(int) string { return v.client }, true) }),
		many("limit of the network", func(v *doorVisit) {
			v.others(doorNetwork, func(i int) string { return strings.TrimSuffix(v.client, "7") + fmt.Sprint(20+i) }, true)
		}),
		many("limit of everybody at work", func(v *doorVisit) { v.others(doorHour, func(int) string { return v.visitor() }, true) }),
		received("others who do no work take no place", func(v *doorVisit) { v.others(doorHour, func(int) string { return v.visitor() }, false) }, good...),
		many("limit of everybody else", func(v *doorVisit) {
			v.others(doorHour, func(int) string { return v.visitor() }, false)
			v.form.solution = ""
		}),
		received("letter of today, silently", func(v *doorVisit) {
			first := *v
			first.form.email = strings.Replace(v.form.email, "@", "+autre@", 1)
			o := v.visit(doors()[4], first.form.email)
			if said := o.post(); said.verdict != "received" {
				v.t.Errorf("the first letter: %+v", said)
			}
		}, wellDone("confirm cancelled limited")...),
	}
	for reason, text := range doorMalformed() {
		g := mistaken("address: "+string(reason), string(reason), func(v *doorVisit) { v.form.email = text })
		g.refused = reason == address.NotUTF8
		all = append(all, g)
	}
	return all
}

// doorMalformed has an address for each reason why a text is none.
func doorMalformed() map[address.Reason]string {
	return map[address.Reason]string{
		address.Empty: "", address.NotUTF8: "a\xff@lecteurs.example", address.Control: "a\r\nBcc: b@lecteurs.example", address.Quoted: `"a b"@lecteurs.example`,
		address.Named: "A <a@lecteurs.example>", address.Comment: "a(b)@lecteurs.example", address.List: "a@lecteurs.example, b@lecteurs.example",
		address.Space: "a b@lecteurs.example", address.NoAt: "sans.arobase.example", address.NoLocal: "@lecteurs.example",
		address.LocalTooLong: strings.Repeat("a", 65) + "@lecteurs.example", address.LocalDots: "a..b@lecteurs.example",
		address.LocalCharacter: `a\b@lecteurs.example`, address.NoDomain: "a@", address.Literal: "a@[192.0.2.1]", address.BadDomain: "a@-lecteurs-.example",
		address.NoDot: "a@lecteurs", address.NumericTLD: "a@lecteurs.123", address.TooLong: strings.Repeat("a", 64) + "@" + strings.Repeat("lecteurs.", 21) + "example",
	}
}

// doorForge changes one character of a signed text, in the middle of its code.
func doorForge(text string) string {
	at := len(text) - 5
	swap := byte('A')
	if text[at] == swap {
		swap = 'B'
	}
	return text[:at] + string(swap) + text[at+1:]
}

func doorOtherKeys(t *testing.T) *token.Keyring {
	t.Helper()
	keys, err := token.NewKeyring(bytes.NewReader(bytes.Repeat([]byte("another installation"), 100)))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// Every guard stands at every door: the same form comes to the same, in the answer and in the database.
func TestDoors_EveryGuardAtEveryDoor(t *testing.T) {
	t.Parallel()
	for _, reason := range address.Reasons() {
		if _, there := doorMalformed()[reason]; !there {
			t.Errorf("no address is wrong by the reason %q", reason)
		}
	}
	s := newDoorSite(t)
	for i, g := range doorGuards() {
		for j, d := range doors() {
			if !t.Run(g.name+"/"+d.name, func(t *testing.T) {
				s.t = t
				s.clock.move(61 * time.Minute) // every limit by the hour is as new
				v := s.visit(d, fmt.Sprintf("Lectrice%d.%d@lecteurs.example", i, j))
				g.bend(v)
				g.judge(t, v)
			}) {
				continue
			}
		}
	}
	s.t = t
}

// judge posts the form and compares what came of it.
func (g doorGuard) judge(t *testing.T, v *doorVisit) {
	t.Helper()
	before := v.size()
	said := v.post()
	want := doorSays{status: g.status, verdict: g.verdict, reason: g.reason}
	if g.refused && !v.pages {
		want = doorSays{status: 400, verdict: "refused", reason: "not-utf8"}
	}
	if said.status != want.status || said.verdict != want.verdict || said.reason != want.reason {
		t.Fatalf("answer %d %s %q, want %d %s %q", said.status, said.verdict, said.reason, want.status, want.verdict, want.reason)
	}
	if v.pages && said.verdict != "received" {
		if said.kept.email != doorShown(v.form.email) {
			t.Errorf("the page keeps %q of the address %q", said.kept.email, v.form.email)
		}
		if ours := slices.DeleteFunc(slices.Clone(v.form.newsletters), func(n string) bool { return n == "autre" }); !slices.Equal(said.kept.newsletters, ours) {
			t.Errorf("the page keeps %q of the newsletters %q", said.kept.newsletters, ours)
		}
		if _, err := v.keys.ReadStamp(said.kept.stamp, token.ForForm); err != nil && v.form.stamp != said.kept.stamp {
			t.Errorf("the page has the stamp %q: %v", said.kept.stamp, err)
		}
	}
	if g.known == nil {
		if diff := cmp.Diff(before, v.size()); diff != "" {
			t.Errorf("something is left in the database (-before +after):\n%s", diff)
		}
		return
	}
	request := "requested " + v.origin + " " + strings.TrimSuffix(v.client, "7") + "0/24 read"
	if diff := cmp.Diff(slices.Insert(slices.Clone(g.known), 1, request), v.known(v.form.email)); diff != "" {
		t.Errorf("in the database (-want +got):\n%s", diff)
	}
}
