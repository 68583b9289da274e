package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

const host = "https://pandia.example" // whose pages hold the snippet

// counter is a site with one French and one English newsletter and what stands for its story. Its proxy is httptest's
// client, so that a request says itself where it comes from.
func counter(t *testing.T) (http.Handler, *desk) {
	t.Helper()
	p := newPeople()
	o := options(t, p)
	o.Archive = appeared{1}
	o.Newsletters[0].Schedule, o.Newsletters[1].Schedule = "0 7 * * 2", "0 7 * * 1-5"
	o.Origins = []string{host}
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}
	return site(t, o), p.desk
}

// wording is the version and the text of the consent in the French page.
func wording(t *testing.T, h http.Handler) (version, shown string) {
	t.Helper()
	var f struct{ Wording, Consent string }
	if err := json.NewDecoder(get(h, "/api/v1/form").Body).Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f.Wording, f.Consent
}

// typed is a form as somebody fills it in; each door writes it in its own way.
type typed struct {
	email, stamp, solution, website, wording string
	newsletters                              []string
	sure                                     bool
	from                                     string
}

func (f typed) values() url.Values {
	v := url.Values{"email": {f.email}, "stamp": {f.stamp}, "solution": {f.solution}, "website": {f.website}, "wording": {f.wording},
		"newsletter": f.newsletters}
	if f.sure {
		v.Set("sure", "yes")
	}
	return v
}

func (f typed) urlencoded() *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/inscription", strings.NewReader(f.values().Encode()))
	r.Header.Set("Content-Type", urlencoded)
	r.Header.Set("X-Forwarded-For", f.from)
	return r
}

func (f typed) multipart() *http.Request {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range f.values() {
		for _, value := range values {
			_ = w.WriteField(name, value) // into memory
		}
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("X-Forwarded-For", f.from)
	return r
}

func (f typed) json() *http.Request {
	body, _ := json.Marshal(map[string]any{"email": f.email, "stamp": f.stamp, "solution": f.solution, "website": f.website,
		"wording": f.wording, "newsletters": f.newsletters, "sure": f.sure}) // of strings
	r := httptest.NewRequest(http.MethodPost, "/api/v1/subscriptions", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", f.from)
	return r
}

func (f typed) script() *http.Request {
	r := f.json()
	r.Header.Set("Origin", host)
	return r
}

// Every guard holds at every door: what is let in, what is answered and what the story is handed are the same.
func TestEveryGuardAtEveryDoor(t *testing.T) {
	good := func(change func(*typed)) typed {
		f := typed{email: "zoe@exemple.fr", stamp: "stamp-0", solution: "42", newsletters: []string{"hebdo"}, from: "203.0.113.7"}
		change(&f)
		return f
	}
	h, _ := counter(t)
	version, shown := wording(t, h)
	doors := map[string]struct {
		request func(typed) *http.Request
		door    string
	}{
		"page": {typed.urlencoded, newsletter.OriginPage}, "multipart": {typed.multipart, newsletter.OriginPage},
		"script": {typed.script, newsletter.OriginForm}, "program": {typed.json, newsletter.OriginAPI},
	}
	for name, row := range map[string]struct {
		form    typed
		status  int
		taken   bool
		unasked bool // the story is not even asked
		says    string
	}{
		"good":              {good(func(*typed) {}), 200, true, false, "un message va partir"},
		"no work":           {good(func(f *typed) { f.solution = "" }), 200, true, false, "un message va partir"},
		"sure":              {good(func(f *typed) { f.email, f.sure = "lea@gmial.com", true }), 200, true, false, "un message va partir"},
		"trap":              {good(func(f *typed) { f.website = "http://spam.example" }), 200, false, false, "un message va partir"},
		"no stamp":          {good(func(f *typed) { f.stamp = "" }), 200, false, false, "Rien n’est encore enregistré"},
		"forged stamp":      {good(func(f *typed) { f.stamp = "forged" }), 200, false, false, "Rien n’est encore enregistré"},
		"young stamp":       {good(func(f *typed) { f.stamp = "young" }), 200, false, false, "plus vite"},
		"old stamp":         {good(func(f *typed) { f.stamp = "old" }), 200, false, false, "trop longtemps"},
		"used stamp":        {good(func(f *typed) { f.stamp = "used" }), 200, false, false, "déjà servi"},
		"no wording":        {good(func(f *typed) { f.wording = "-" }), 200, false, true, "Lisez le texte"},
		"old wording":       {good(func(f *typed) { f.wording = "fr-000000000000" }), 200, false, true, "a changé"},
		"too many":          {good(func(f *typed) { f.from = "203.0.113.66" }), 429, false, false, "dans une heure"},
		"no address":        {good(func(f *typed) { f.email = "" }), 422, false, false, "Il manque votre adresse"},
		"doubtful":          {good(func(f *typed) { f.email = "lea@gmial.com" }), 200, false, false, "Vouliez-vous dire lea@gmail.com\u00a0?"},
		"no letter":         {good(func(f *typed) { f.newsletters = nil }), 422, false, false, "Cochez"},
		"unseen characters": {good(func(f *typed) { f.email = "zo\u200be@exemple.fr" }), 200, true, false, "caractères invisibles"},
		"several letters":   {good(func(f *typed) { f.newsletters = []string{"hebdo", "weekly"} }), 200, true, false, "un message va partir"},
	} {
		for kind, door := range doors {
			t.Run(name+" by "+kind, func(t *testing.T) {
				h, d := counter(t)
				f := row.form
				switch f.wording {
				case "":
					f.wording = version
				case "-":
					f.wording = ""
				}
				answer := ask(h, door.request(f))
				if answer.StatusCode != row.status || (answer.Header.Get("Retry-After") != "") != (row.status == 429) {
					t.Errorf("status %d, Retry-After %q; want %d", answer.StatusCode, answer.Header.Get("Retry-After"), row.status)
				}
				if answer.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("the answer may be kept: %q", answer.Header.Get("Cache-Control"))
				}
				if said := said(t, answer); !strings.Contains(said, row.says) {
					t.Errorf("the answer does not say %q:\n%s", row.says, said)
				}
				want := []subscription.SignUp{{
					Visit:   subscription.Visit{Door: door.door, Stamp: f.stamp, Solution: f.solution, Trap: f.website, Client: f.from, Network: "203.0.113.0/24"},
					Address: f.email, Newsletters: f.newsletters, Sure: f.sure, Wording: newsletter.Wording{Version: version, Text: shown},
				}}
				if row.unasked {
					want = nil
				}
				if diff := cmp.Diff(want, d.handed); diff != "" {
					t.Errorf("the story is handed (-want +got):\n%s", diff)
				}
				if taken := len(d.taken) == 1; taken != row.taken {
					t.Errorf("taken %v, want %v", taken, row.taken)
				}
			})
		}
	}
}

// said is what an answer tells people, whatever it is written in.
func said(t *testing.T, answer *http.Response) string {
	t.Helper()
	if answer.Header.Get("Content-Type") != "application/json" {
		return text(page(t, answer))
	}
	var a struct{ Message string }
	if err := json.NewDecoder(answer.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a.Message
}

// inputs are the fields of a page by name, one for each value.
func inputs(root *html.Node) url.Values {
	values := url.Values{}
	for _, i := range all(root, "input") {
		if attr(i, "type") != "checkbox" || slices.ContainsFunc(i.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
			values.Add(attr(i, "name"), attr(i, "value"))
		}
	}
	return values
}

func input(t *testing.T, root *html.Node, name string) *html.Node {
	t.Helper()
	for _, i := range all(root, "input") {
		if attr(i, "name") == name {
			return i
		}
	}
	t.Fatalf("the page has no field %s", name)
	return nil
}

// described is what a field is described by.
func described(root, n *html.Node) string {
	var b strings.Builder
	for _, id := range strings.Fields(attr(n, "aria-describedby")) {
		for d := range root.Descendants() {
			if d.Type == html.ElementNode && attr(d, "id") == id {
				b.WriteString(text(d))
			}
		}
	}
	return b.String()
}

// What the law wants beside the field is there, and nothing is ticked (RGPD art. 7 and 13, CJEU C-673/17).
func TestTheFormInformsAndAsks(t *testing.T) {
	h, _ := counter(t)
	version, shown := wording(t, h)
	root := page(t, get(h, "/inscription"))
	email := input(t, root, "email")
	if attr(email, "autocomplete") != "email" || attr(email, "inputmode") != "email" || attr(email, "type") != "email" {
		t.Errorf("the field is %v", email.Attr)
	}
	if label := all(root, "label"); !slices.ContainsFunc(label, func(l *html.Node) bool {
		return attr(l, "for") == attr(email, "id") && text(l) == "Adresse e-mail"
	}) {
		t.Error("the field has no visible label of its own")
	}
	told := described(root, email)
	for _, want := range []string{"Éditions PandIA", "désinscrire à tout moment", "Ce que nous gardons"} {
		if !strings.Contains(told, want) {
			t.Errorf("the field's description lacks %q: %q", want, told)
		}
	}
	said := text(root)
	for line := range strings.SplitSeq(shown, "\n") {
		if !strings.Contains(said, line) {
			t.Errorf("the consent that is stored says %q, the page does not", line)
		}
	}
	for _, want := range []string{"La lettre de PandIA, chaque semaine", "The PandIA Letter, 5\u00a0fois par semaine", "Je m’inscris aux lettres cochées"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the consent lacks %q: %q", want, shown)
		}
	}
	got := inputs(root)
	if diff := cmp.Diff(url.Values{"email": {""}, "stamp": {"stamp-2"}, "solution": {""}, "website": {""}, "wording": {version}}, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	trap := input(t, root, "website")
	if attr(trap, "tabindex") != "-1" || attr(trap, "autocomplete") != "off" || attr(trap.Parent, "aria-hidden") != "true" {
		t.Errorf("people can fall into the trap: %v", trap.Attr)
	}
}

func TestOneNewsletterIsNotChosen(t *testing.T) {
	p := newPeople()
	o := options(t, p)
	o.Newsletters = o.Newsletters[:1]
	root := page(t, get(site(t, o), "/"))
	if len(all(root, "fieldset")) > 0 || text(all(root, "button")[0]) != "Je m’inscris à «\u00a0La lettre de PandIA\u00a0»" {
		t.Errorf("the page is %q", text(root))
	}
}

// A foreign form leads to our own page, where one button does it.
func TestAForeignFormNeedsOneClickMore(t *testing.T) {
	h, d := counter(t)
	foreign := typed{email: `zoé"<b>@exemple.fr`, newsletters: []string{"weekly", "none"}}.urlencoded()
	answer := ask(h, foreign)
	root := page(t, answer)
	if answer.StatusCode != http.StatusOK || text(all(root, "h1")[0]) != "One more click" { // the newsletter's language
		t.Errorf("status %d, heading %q", answer.StatusCode, text(all(root, "h1")[0]))
	}
	back := inputs(root)
	if back.Get("email") != `zoé"<b>@exemple.fr` || !slices.Equal(back["newsletter"], []string{"weekly"}) || back.Get("stamp") == "" {
		t.Errorf("what was typed is not kept: %v", back)
	}
	if n := len(all(root, "button")); n != 1 {
		t.Errorf("%d buttons, want one", n)
	}
	again := httptest.NewRequest(http.MethodPost, attr(all(root, "form")[0], "action"), strings.NewReader(back.Encode()))
	again.Header.Set("Content-Type", urlencoded)
	if answer := ask(h, again); answer.StatusCode != http.StatusOK || len(d.taken) != 1 {
		t.Errorf("the page's own button: status %d, taken %v", answer.StatusCode, d.taken)
	}
}

func TestAMistakeIsToldAtItsField(t *testing.T) {
	h, _ := counter(t)
	version, _ := wording(t, h)
	root := page(t, ask(h, typed{stamp: "stamp-1", wording: version, newsletters: []string{"hebdo"}}.urlencoded()))
	email := input(t, root, "email")
	if attr(email, "aria-invalid") != "true" || !strings.Contains(described(root, email), "Il manque votre adresse") {
		t.Errorf("the field does not say what is wrong: %v", email.Attr)
	}
	if back := inputs(root); !slices.Equal(back["newsletter"], []string{"hebdo"}) || back.Get("stamp") != "stamp-1" {
		t.Errorf("what was ticked is not kept, or the stamp is gone: %v", back)
	}
	root = page(t, ask(h, typed{stamp: "stamp-1", wording: version, email: "zoe@exemple.fr"}.urlencoded()))
	if box := input(t, root, "newsletter"); attr(box, "aria-invalid") != "true" || attr(input(t, root, "email"), "aria-invalid") != "" {
		t.Error("a missing choice is not told at the choices")
	}
}

// A suggestion is offered and never applied: one button takes it, one keeps what was typed.
func TestASuggestionIsAChoice(t *testing.T) {
	for name, want := range map[string]subscription.SignUp{
		"instead": {Address: "lea@gmail.com"}, "sure": {Address: "lea@gmial.com", Sure: true},
	} {
		h, d := counter(t)
		version, _ := wording(t, h)
		root := page(t, ask(h, typed{email: "lea@gmial.com", stamp: "stamp-1", wording: version, newsletters: []string{"hebdo"}}.urlencoded()))
		if why := all(root, "p"); !slices.ContainsFunc(why, func(n *html.Node) bool {
			return attr(n, "id") == "why" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "autofocus" }) && attr(n, "tabindex") == "-1"
		}) {
			t.Errorf("%s: nothing leads those who hear the page to the question", name)
		}
		fields := inputs(root)
		for _, b := range all(root, "button") {
			if attr(b, "name") == name {
				fields.Set(name, attr(b, "value"))
			}
		}
		r := httptest.NewRequest(http.MethodPost, attr(all(root, "form")[0], "action"), strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", urlencoded)
		if ask(h, r); len(d.taken) != 1 || d.taken[0].Address != want.Address || d.taken[0].Sure != want.Sure || !slices.Equal(d.taken[0].Newsletters, []string{"hebdo"}) {
			t.Errorf("%s: taken %+v, want %+v", name, d.taken, want)
		}
	}
}

// Every reason has a sentence of its own in every language, and one that is not known has one, too.
func TestEveryReasonIsToldInWords(t *testing.T) {
	reasons := []string{subscription.ReasonStampMissing, subscription.ReasonStampYoung, subscription.ReasonStampOld, subscription.ReasonStampUsed,
		subscription.ReasonNewsletters, subscription.ReasonDomain, subscription.ReasonRole, subscription.ReasonSMTPUTF8, subscription.ReasonSuggestion,
		subscription.ReasonLimited, subscription.ReasonInvisible, "disposable", "not-known"}
	for _, r := range address.Reasons() {
		reasons = append(reasons, string(r))
	}
	for _, lang := range []string{"fr", "en"} {
		seen := map[string]string{}
		for _, reason := range reasons {
			p := newPeople()
			o := options(t, p)
			o.Subscriptions = saying{p, reason}
			h := site(t, o)
			r := httptest.NewRequest(http.MethodGet, "/api/v1/form", nil)
			r.Header.Set("Accept-Language", lang)
			var f struct{ Wording string }
			if err := json.NewDecoder(ask(h, r).Body).Decode(&f); err != nil || !strings.HasPrefix(f.Wording, lang+"-") {
				t.Fatalf("%s: wording %q, %v", lang, f.Wording, err)
			}
			answer := ask(h, typed{wording: f.Wording}.json())
			if got := answer.Header.Get("Content-Language"); got != lang {
				t.Errorf("%s: answered in %q", lang, got)
			}
			told := said(t, answer)
			if other := seen[told]; told == "" || other != "" {
				t.Errorf("%s: %s and %s are both told as %q", lang, reason, other, told)
			}
			seen[told] = reason
		}
	}
}

// saying is a story with one answer.
type saying struct {
	*people
	reason string
}

func (s saying) SignUp(context.Context, subscription.SignUp) (subscription.Answer, error) {
	return subscription.Answer{Verdict: subscription.Mistaken, Reason: s.reason}, nil
}

func TestFormsThatAreNone(t *testing.T) {
	multi, _ := form(t, "email", "zoe@exemple.fr")
	for name, row := range map[string]struct {
		kind, body string
		status     int
	}{
		"JSON":               {"application/json", `{"email":"zoe@exemple.fr"}`, 415},
		"plain text":         {"text/plain", "email=zoe@exemple.fr", 415},
		"a broken encoding":  {urlencoded, "email=%zz", 400},
		"a boundary too few": {"multipart/form-data", "email", 400},
		"a body cut short":   {multi, "--", 400},
		"too large":          {urlencoded, "email=" + strings.Repeat("a", 8<<10), 413},
	} {
		for _, path := range []string{"/", "/inscription", "/lien", "/c/" + waitingLink} {
			h, d := counter(t)
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(row.body))
			r.Header.Set("Content-Type", row.kind)
			answer := ask(h, r)
			if page(t, answer); answer.StatusCode != row.status || len(d.handed) > 0 || len(d.changed) > 0 {
				t.Errorf("%s to %s: status %d, handed %v; want %d and nothing", name, path, answer.StatusCode, d.handed, row.status)
			}
		}
	}
}

func TestFieldsInTheQueryDoNotCount(t *testing.T) {
	h, d := counter(t)
	version, _ := wording(t, h)
	query := typed{email: "zoe@exemple.fr", stamp: "stamp-1", wording: version, newsletters: []string{"hebdo"}}.values().Encode()
	for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "PUT"} {
		r := httptest.NewRequest(method, "/inscription?"+query, strings.NewReader(""))
		r.Header.Set("Sec-Purpose", "prefetch;prerender")
		ask(h, r)
	}
	if len(d.taken) > 0 {
		t.Errorf("taken %v", d.taken)
	}
}

func TestTheLinkIsAskedFor(t *testing.T) {
	h, d := counter(t)
	root := page(t, get(h, "/lien"))
	back := inputs(root)
	if _, wording := back["wording"]; wording || back.Get("stamp") == "" {
		t.Errorf("fields %v", back)
	}
	back.Set("email", "zoe@exemple.fr")
	r := httptest.NewRequest(http.MethodPost, attr(all(root, "form")[0], "action"), strings.NewReader(back.Encode()))
	r.Header.Set("Content-Type", urlencoded)
	answer := ask(h, r)
	if answer.StatusCode != 200 || len(d.visits) != 1 || !strings.Contains(text(page(t, answer)), "Si cette adresse est inscrite") {
		t.Errorf("status %d, asked by %v", answer.StatusCode, d.visits)
	}
	if d.visits[0].Client != "192.0.2.1" || d.visits[0].Network != "192.0.2.0/24" {
		t.Errorf("asked by %+v", d.visits[0])
	}
}

// Neither addresses nor machines nor tokens are logged, whatever happens.
func TestTheLogNamesNobodyWhoSignsUp(t *testing.T) {
	var log bytes.Buffer
	p := newPeople()
	p.fault = io.ErrUnexpectedEOF
	o := options(t, p)
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}
	h := site(t, o)
	version, _ := wording(t, h)
	f := typed{email: "zoe@exemple.fr", stamp: "stamp-1", wording: version, from: "203.0.113.7"}
	for _, r := range []*http.Request{f.urlencoded(), f.json(), httptest.NewRequest(http.MethodPost, "/c/"+waitingLink, nil)} {
		ask(h, r)
	}
	for _, secret := range []string{"zoe", "203.0.113", "192.0.2", "stamp-1", waitingLink} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, &log)
		}
	}
	if strings.Count(log.String(), "level=ERROR") != 2 {
		t.Errorf("the operator is not told of each fault:\n%s", &log)
	}
}

func TestSomePagesNeedNoScript(t *testing.T) {
	h, _ := counter(t)
	for _, path := range []string{"/c/" + waitingLink, "/inscription/extrait", "/u/" + goodToken} {
		if csp := get(h, path).Header.Get("Content-Security-Policy"); strings.Contains(csp, "script") || strings.Contains(csp, "connect") {
			t.Errorf("%s: %q", path, csp)
		}
	}
}
