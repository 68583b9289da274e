package web_test

import (
	"bytes"
	stdcmp "cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
	"facteur/internal/web"
)

// paris is where the readers are. The pages are looked at on 25 November 2026.
func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// wishes stands for the story behind the reader's own pages. It knows some links by name and writes down what it is
// asked to change.
type wishes struct {
	did    []string
	prefer error               // what Prefer answers instead
	toMove subscription.Answer // what MoveBy answers; zero: received
	latest subscription.Latest // what SendLatest answers; empty: sent
	owed   subscription.Owed   // what AskManage answers; empty: sent
}

// linkError is what the story says of a link: those that are good begin with the letter of their purpose.
func linkError(ctx context.Context, link, purpose string) error {
	switch link {
	case "old", "pOldEnglish", "mOldEnglish", "pStopped":
		return fmt.Errorf("follow a link: %w", newsletter.ErrState)
	case "busy":
		return fmt.Errorf("follow a link: %w", newsletter.ErrBusy)
	}
	if !strings.HasPrefix(link, purpose) {
		return fmt.Errorf("follow a link: %w", newsletter.ErrNotFound)
	}
	return ctx.Err()
}

func (w *wishes) note(format string, args ...any) {
	w.did = append(w.did, fmt.Sprintf(format, args...))
}

// ended are the newsletters that an undo link brings back.
func ended(link string) []string {
	if link == "zBoth" {
		return []string{"hebdo", "weekly"}
	}
	return []string{"hebdo"}
}

func (w *wishes) LookUndo(ctx context.Context, link string) error { return linkError(ctx, link, "z") }

func (w *wishes) Undo(ctx context.Context, link string) (subscription.Return, error) {
	if err := linkError(ctx, link, "z"); err != nil {
		return subscription.Return{}, err
	}
	w.note("undo")
	if link == "zPaused" {
		return subscription.Return{Newsletters: ended(link), State: newsletter.Paused, Until: time.Date(2027, 1, 9, 23, 0, 0, 0, time.UTC)}, nil
	}
	return subscription.Return{Newsletters: ended(link), State: newsletter.Active, Silenced: strings.HasPrefix(link, "zSilenced")}, nil
}

func (w *wishes) PauseInstead(ctx context.Context, link string, until time.Time) (subscription.Return, error) {
	if err := linkError(ctx, link, "z"); err != nil {
		return subscription.Return{}, err
	}
	w.note("pause until %s", until.Format(time.RFC3339))
	return subscription.Return{Newsletters: ended(link), State: newsletter.Paused, Until: until.UTC(), Silenced: strings.HasPrefix(link, "zSilenced")}, nil
}

func (w *wishes) SayWhy(ctx context.Context, link, reason string) error {
	if err := linkError(ctx, link, "z"); err != nil {
		return err
	}
	if !slices.Contains(subscription.GoodbyeReasons(), reason) {
		return newsletter.ErrInvalid
	}
	w.note("why: %s", reason)
	return nil
}

// choices are what each preferences link is about.
func choices(link string) []subscription.Choice {
	until := time.Date(2026, 12, 24, 7, 30, 0, 0, time.UTC)
	switch link {
	case "pPaused":
		return []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Paused, Until: until}, {Newsletter: "weekly", State: newsletter.Unsubscribed}}
	case "pMixed":
		return []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Active}, {Newsletter: "weekly", State: newsletter.Paused, Until: until}}
	case "pPending":
		return []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Active}, {Newsletter: "weekly", State: newsletter.Pending}}
	case "pBoth":
		return []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Active}, {Newsletter: "weekly", State: newsletter.Active}}
	case "pNone", "pUnshown":
		return []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Unsubscribed}, {Newsletter: "weekly"}}
	case "pEnglish":
		return []subscription.Choice{{Newsletter: "hebdo"}, {Newsletter: "weekly", State: newsletter.Active}}
	case "pCeased":
		return []subscription.Choice{{Newsletter: "ancienne", State: newsletter.Active}}
	}
	return []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Active}, {Newsletter: "weekly"}}
}

// letterOf is the newsletter whose letter held a preferences link.
func letterOf(link string) string {
	switch link {
	case "pEnglish", "pOldEnglish":
		return "weekly"
	case "pCeased":
		return "ancienne"
	}
	return "hebdo"
}

func (w *wishes) LookPreferences(ctx context.Context, link string) (subscription.Preferences, error) {
	return subscription.Preferences{
		Link: link, Newsletter: letterOf(link), Choices: choices(link), Unshown: link == "pUnshown", Asked: link == "pAsked", Silenced: link == "pSilenced",
	}, linkError(ctx, link, "p")
}

func (w *wishes) Stopped(ctx context.Context, link string) (subscription.Preferences, error) {
	if link == "pStopped" {
		return subscription.Preferences{Link: "pFresh", Newsletter: "hebdo", Choices: []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Unsubscribed}}, Undo: "zGood"}, nil
	}
	return subscription.Preferences{Newsletter: letterOf(link)}, linkError(ctx, link, "p")
}

func (w *wishes) Prefer(ctx context.Context, link string, wish subscription.Wish) (subscription.Preferences, error) {
	if err := linkError(ctx, link, "p"); err != nil {
		return subscription.Preferences{}, err
	}
	if w.prefer != nil {
		return subscription.Preferences{}, w.prefer
	}
	until := "no pause"
	if !wish.Until.IsZero() {
		until = wish.Until.Format(time.RFC3339)
	}
	if wish.KeepPauses {
		until = "pauses kept"
	}
	w.note("prefer %v, %s, wording %q", wish.Newsletters, until, wish.Wording.Version+wish.Wording.Text)
	after := subscription.Preferences{Link: "pFresh", Newsletter: letterOf(link), Silenced: link == "pSilenced"}
	for _, c := range choices(link) {
		switch wanted := slices.Contains(wish.Newsletters, c.Newsletter); {
		case wanted && wish.KeepPauses && c.State == newsletter.Paused:
		case wanted && !wish.Until.IsZero():
			c.State, c.Until = newsletter.Paused, wish.Until
		case wanted:
			c.State, c.Until = newsletter.Active, time.Time{}
		case c.State != "":
			c.State, c.Until = newsletter.Unsubscribed, time.Time{}
		}
		after.Choices = append(after.Choices, c)
		if c.State == newsletter.Unsubscribed && len(wish.Newsletters) == 0 && link != "pNone" {
			after.Undo = "zGood"
		}
	}
	return after, nil
}

func (w *wishes) SendLatest(ctx context.Context, link string) (subscription.Latest, error) {
	if err := linkError(ctx, link, "p"); err != nil {
		return "", err
	}
	w.note("latest")
	return stdcmp.Or(w.latest, subscription.LatestSent), nil
}

func (w *wishes) AskManage(ctx context.Context, link string) (subscription.Owed, error) {
	if err := linkError(ctx, link, "p"); err != nil {
		return "", err
	}
	w.note("manage")
	return stdcmp.Or(w.owed, subscription.OwedSent), nil
}

func (w *wishes) LookManage(ctx context.Context, link string) (newsletter.Subscriber, error) {
	language := "fr"
	if link == "mEnglish" || link == "mOldEnglish" {
		language = "en"
	}
	if link == "mErased" { // nothing is known any more of whom it was for
		return newsletter.Subscriber{}, fmt.Errorf("follow a link: %w", newsletter.ErrState)
	}
	if link == "mQuebec" {
		language = "fr-CA"
	}
	return newsletter.Subscriber{Address: "jean@xn--mnchen-3ya.example", Language: language}, linkError(ctx, link, "m")
}

func (w *wishes) ExportBy(ctx context.Context, link string) ([]byte, error) {
	if err := linkError(ctx, link, "m"); err != nil {
		return nil, err
	}
	w.note("export")
	return []byte(`{"address":"jean@xn--mnchen-3ya.example"}`), nil
}

func (w *wishes) EraseBy(ctx context.Context, link string) error {
	if err := linkError(ctx, link, "m"); err != nil {
		return err
	}
	w.note("erase")
	return nil
}

func (w *wishes) MoveBy(ctx context.Context, link, text string, sure bool) (subscription.Answer, error) {
	if err := linkError(ctx, link, "m"); err != nil {
		return subscription.Answer{}, err
	}
	w.note("move to %s, sure %v", text, sure)
	if w.toMove.Verdict == "" {
		return subscription.Answer{Verdict: subscription.Received}, nil
	}
	return w.toMove, nil
}

func (w *wishes) LookMove(ctx context.Context, link string) (subscription.Moving, error) {
	language := "fr"
	if link == "aEnglish" {
		language = "en"
	}
	return subscription.Moving{To: "nouvelle@pandia.example", Language: language, Form: subscription.Form{Stamp: "looked"}}, linkError(ctx, link, "a")
}

func (w *wishes) Move(ctx context.Context, link, page string) (subscription.Preferences, error) {
	if err := linkError(ctx, link, "a"); err != nil {
		return subscription.Preferences{}, err
	}
	if page != "looked" {
		return subscription.Preferences{}, newsletter.ErrInvalid
	}
	w.note("move")
	return subscription.Preferences{Link: "pFresh", Newsletter: "hebdo", Choices: choices("pFresh")}, nil
}

// ownOptions are those of a site in Paris on 25 November 2026, shortly after midnight there: in UTC it is the day
// before.
func ownOptions(t *testing.T, p *people) web.Options {
	t.Helper()
	o := options(t, p)
	o.Archive = appeared{1}
	for i := range o.Newsletters {
		o.Newsletters[i].Zone = paris(t)
	}
	o.Now = func() time.Time { return time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC) }
	return o
}

// submit posts fields, given as name=value, to a page.
func submit(h http.Handler, path string, fields ...string) *http.Response {
	body := url.Values{}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		body.Add(name, value)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body.Encode()))
	r.Header.Set("Content-Type", urlencoded)
	return ask(h, r)
}

// usable parses a page and checks what people who do not see or point need of its forms: a label for every field, and
// ids that are there and unique (WCAG 2.2, 1.3.1, 3.3.2 and 4.1.2).
func usable(t *testing.T, answer *http.Response) *html.Node {
	t.Helper()
	root := page(t, answer)
	ids, labelled := map[string]int{}, map[string]bool{}
	for n := range root.Descendants() {
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%d elements are called %q", n, id)
		}
	}
	for n := range root.Descendants() {
		for _, key := range []string{"aria-describedby", "aria-labelledby"} {
			if id := attr(n, key); id != "" && ids[id] == 0 {
				t.Errorf("<%s> names %q, which is not there", n.Data, id)
			}
		}
		if n.Data == "input" && attr(n, "type") != "hidden" && n.Parent.Data != "label" && !labelled[attr(n, "id")] {
			t.Errorf("the field %q has no label", attr(n, "name"))
		}
		if n.Data == "form" && !strings.EqualFold(attr(n, "method"), "post") {
			t.Error("a form is not sent by POST")
		}
	}
	for _, b := range all(root, "button") {
		if attr(b, "name") == "" || attr(b, "value") == "" || strings.TrimSpace(text(b)) == "" {
			t.Errorf("the button %q has no name, value or text", text(b))
		}
	}
	if said := text(root); strings.Contains(said, "<no value>") || strings.Contains(said, "{{") {
		t.Errorf("the page has a gap: %q", said)
	}
	return root
}

// actions lists where the forms of a page go and what their buttons do.
func actions(root *html.Node) []string {
	var found []string
	for _, f := range all(root, "form") {
		for _, b := range all(f, "button") {
			found = append(found, attr(f, "action")+" "+attr(b, "name")+"="+attr(b, "value"))
		}
	}
	return found
}

func checked(root *html.Node) []string {
	var found []string
	for _, n := range all(root, "input") {
		for _, a := range n.Attr {
			if a.Key == "checked" {
				found = append(found, attr(n, "name")+"="+attr(n, "value"))
			}
		}
	}
	return found
}

// field finds the value of the first field with a name.
func field(root *html.Node, name string) string {
	for _, n := range all(root, "input") {
		if attr(n, "name") == name {
			return attr(n, "value")
		}
	}
	return ""
}

// A row is one request to a reader's own page, and what has to come of it.
type row struct {
	path   string
	fields []string // of a POST; nil: GET
	status int
	did    []string // what the story was asked to change
	says   string
}

func (r row) run(t *testing.T, change ...func(*people)) *html.Node {
	t.Helper()
	p := newPeople()
	for _, c := range change {
		c(p)
	}
	h := site(t, ownOptions(t, p))
	answer := get(h, r.path)
	if r.fields != nil {
		answer = submit(h, r.path, r.fields...)
	}
	if answer.StatusCode != r.status {
		t.Errorf("%s %v: status %d, want %d", r.path, r.fields, answer.StatusCode, r.status)
	}
	if diff := cmp.Diff(r.did, p.did); diff != "" {
		t.Errorf("%s %v: what was done (-want +got):\n%s", r.path, r.fields, diff)
	}
	root := usable(t, answer)
	if !strings.Contains(text(root), r.says) {
		t.Errorf("%s %v: the page does not say %q:\n%s", r.path, r.fields, r.says, text(root))
	}
	if answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("X-Robots-Tag") != "noindex" || answer.Header.Get("Location") != "" {
		t.Errorf("%s %v: headers %v", r.path, r.fields, answer.Header)
	}
	return root
}

func TestTheAnswerToALeaveOffersAWayBack(t *testing.T) {
	multi, parts := form(t, "List-Unsubscribe", "One-Click")
	for name, r := range map[string]*http.Request{
		"the page":            post(goodToken, urlencoded, "leave=button"),
		"one click":           post(goodToken, urlencoded, "List-Unsubscribe=One-Click"),
		"one click in a part": post(goodToken, multi, parts),
	} {
		answer := ask(site(t, ownOptions(t, newPeople())), r)
		root := usable(t, answer)
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Location") != "" || answer.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: status %d, headers %v", name, answer.StatusCode, answer.Header)
		}
		want := []string{"/z/zGood act=undo", "/z/zGood act=pause", "/z/zGood act=pause", "/z/zGood act=pause", "/z/zGood act=reason"}
		if diff := cmp.Diff(want, actions(root)); diff != "" {
			t.Errorf("%s: offers (-want +got):\n%s", name, diff)
		}
		var reasons []string
		for _, n := range all(root, "input") {
			if attr(n, "name") == "reason" {
				reasons = append(reasons, attr(n, "value"))
			}
		}
		if diff := cmp.Diff(subscription.GoodbyeReasons(), reasons); diff != "" {
			t.Errorf("%s: reasons (-want +got):\n%s", name, diff)
		}
		if len(checked(root)) > 0 || strings.Contains(text(all(root, "title")[0]), "zGood") {
			t.Errorf("%s: something is chosen already, or the title names the link", name)
		}
	}
}

// Who has left, and who follows the link of a proof, is offered nothing, whichever way they ask.
func TestOnlyThatAnswerOffersAWayBack(t *testing.T) {
	h := site(t, ownOptions(t, newPeople()))
	for _, token := range []string{"gone", "erased", "proof"} {
		for _, answer := range []*http.Response{ask(h, post(token, urlencoded, "leave=button")), ask(h, post(token, urlencoded, "List-Unsubscribe=One-Click"))} {
			if root := usable(t, answer); answer.StatusCode != http.StatusOK || len(all(root, "form")) > 0 {
				t.Errorf("%s: status %d, offers %v", token, answer.StatusCode, actions(root))
			}
		}
	}
}

func TestAfterALeave(t *testing.T) {
	for _, r := range []row{
		{"/z/zGood", nil, 200, nil, "Rien n’a changé"},
		{"/z/zGood", []string{"act=undo", "letter=hebdo"}, 200, []string{"undo"}, "Vous recevez de nouveau «\u00a0La lettre de PandIA\u00a0»"},
		{"/z/zGood", []string{"act=undo"}, 200, []string{"undo"}, "Vous recevez de nouveau"},
		{"/z/zPaused", []string{"act=undo"}, 200, []string{"undo"}, "Votre désinscription est annulée"},
		{"/z/zPaused", []string{"act=undo"}, 200, []string{"undo"}, "«\u00a0La lettre de PandIA\u00a0» reste en pause, comme avant, jusqu’au dimanche 10\u00a0janvier\u00a02027."},
		{"/z/zGood", []string{"act=pause", "until=month"}, 200, []string{"pause until 2026-12-25T00:00:00+01:00"}, "jusqu’au vendredi 25\u00a0décembre\u00a02026"},
		{"/z/zGood", []string{"act=pause", "until=quarter"}, 200, []string{"pause until 2027-02-25T00:00:00+01:00"}, "jusqu’au jeudi 25\u00a0février\u00a02027"},
		{"/z/zGood", []string{"act=pause", "until=day", "day=2027-07-01"}, 200, []string{"pause until 2027-07-01T00:00:00+02:00"}, "jusqu’au jeudi 1er\u00a0juillet\u00a02027"},
		{"/z/zGood", []string{"act=pause", "until=day", "day=24/12/2026 "}, 200, []string{"pause until 2026-12-24T00:00:00+01:00"}, "jusqu’au jeudi 24\u00a0décembre\u00a02026"},
		{"/z/zGood", []string{"act=pause", "until=day", "day=2026-11-25"}, 400, nil, "entre le jeudi 26\u00a0novembre\u00a02026 et le jeudi 25\u00a0novembre\u00a02027"},
		{"/z/zGood", []string{"act=pause", "until=day", "day=2027-11-26"}, 400, nil, "La date de la pause ne convient pas"},
		{"/z/zGood", []string{"act=pause", "until=day", "day=demain"}, 400, nil, "25/12/2026"},
		{"/z/zGood", []string{"act=pause", "until=day"}, 400, nil, "La date de la pause ne convient pas"},
		{"/z/zGood", []string{"act=pause"}, 400, nil, "La date de la pause ne convient pas"},
		{"/z/zGood", []string{"act=pause", "until=for ever"}, 400, nil, "La date de la pause ne convient pas"},
		{"/z/zGood", []string{"act=reason", "reason=too-often"}, 200, []string{"why: too-often"}, "Merci"},
		{"/z/zGood", []string{"act=reason"}, 400, nil, "Aucune réponse"},
		{"/z/zGood", []string{"act=reason", "reason=hacked"}, 400, nil, "Aucune réponse"},
		{"/z/zGood", []string{"act=undo", "letter=weekly"}, 200, []string{"undo"}, "La lettre de PandIA"}, // the story knows better
		{"/z/zGood", []string{"act=", "letter=weekly"}, 400, nil, "Nothing has changed"},
	} {
		r.run(t)
	}
}

// What ends everything is answered as a leave is, and the same is offered; nobody is offered a pause who receives
// nothing.
func TestTheEndOfAllOffersAWayBack(t *testing.T) {
	offers := []string{"/z/zGood act=undo", "/z/zGood act=pause", "/z/zGood act=pause", "/z/zGood act=pause", "/z/zGood act=reason"}
	for _, r := range []row{
		{"/p/pGood", []string{"act=stop"}, 200, []string{`prefer [], no pause, wording ""`}, "C’est fait\u00a0: vous ne recevrez plus «\u00a0La lettre de PandIA\u00a0»"},
		{"/p/pBoth", []string{"act=stop"}, 200, []string{`prefer [], no pause, wording ""`}, "C’est fait\u00a0: vous ne recevrez plus aucune de nos lettres"},
		{"/p/pBoth", []string{"act=save", "until=none"}, 200, []string{`prefer [], no pause, wording ""`}, "C’est fait\u00a0: vous ne recevrez plus aucune de nos lettres"},
		{"/p/pEnglish", []string{"act=stop"}, 200, []string{`prefer [], no pause, wording ""`}, "Done: you will no longer receive “The PandIA Letter”"},
		{"/p/pStopped", []string{"act=stop"}, 200, nil, "C’est fait\u00a0: vous ne recevrez plus aucune de nos lettres"},
		{"/p/pStopped", []string{"act=save", "until=none"}, 200, nil, "C’est fait\u00a0: vous ne recevrez plus aucune de nos lettres"},
	} {
		root := r.run(t)
		if diff := cmp.Diff(offers, actions(root)); diff != "" {
			t.Errorf("%s %v: offers (-want +got):\n%s", r.path, r.fields, diff)
		}
		if !leadsTo(root, "/p/pFresh") {
			t.Errorf("%s: nothing leads back to the preferences", r.path)
		}
		for _, form := range all(root, "form") {
			if own := field(form, "own"); own != "pFresh" {
				t.Errorf("%s: a form knows the reader's page as %q", r.path, own)
			}
		}
	}
	for _, act := range []string{"act=reason", "act=reason&reason=other", "act=pause&until=day", "act=none"} { // whatever comes next leads there, too
		if root := usable(t, submit(site(t, ownOptions(t, newPeople())), "/z/zGood", append(strings.Split(act, "&"), "own=../p..")...)); !leadsTo(root, "/p/..%2Fp..") {
			t.Errorf("%s: nothing leads back to the preferences", act)
		}
	}
	for _, r := range []row{
		{"/p/pNone", nil, 200, nil, "Vous ne la recevez plus."},
		{"/p/pNone", []string{"act=stop"}, 200, []string{`prefer [], no pause, wording ""`}, "vous ne recevrez plus aucune de nos lettres"},
		{"/p/pNone", []string{"act=save", "until=month"}, 200, []string{`prefer [], no pause, wording ""`}, "Vos préférences sont enregistrées."},
	} {
		root := r.run(t)
		if field(root, "until") != "" || slices.ContainsFunc(actions(root), func(a string) bool { return strings.HasPrefix(a, "/z/") }) {
			t.Errorf("%s %v: offers a pause, or a way back: %v", r.path, r.fields, actions(root))
		}
	}
	for _, r := range []row{
		{"/p/pStopped", nil, 410, nil, "le premier clic a compté"},
		{"/p/pStopped", []string{"act=keep"}, 410, nil, "le premier clic a compté"},
		{"/p/pStopped", []string{"act=save", "newsletter=hebdo"}, 410, nil, "le premier clic a compté"},
		{"/z/zBoth", []string{"act=undo"}, 200, []string{"undo"}, "Pour «\u00a0La lettre de PandIA\u00a0» et «\u00a0The PandIA Letter\u00a0», tout est comme avant"},
		{"/z/zBoth", []string{"act=undo", "letter=weekly"}, 200, []string{"undo"}, "For “La lettre de PandIA” and “The PandIA Letter”, everything is as before"},
		{"/z/zBoth", []string{"act=pause", "until=month"}, 200, []string{"pause until 2026-12-25T00:00:00+01:00"}, "Vos lettres sont en pause"},
	} {
		r.run(t)
	}
}

func leadsTo(root *html.Node, href string) bool {
	return slices.ContainsFunc(all(root, "a"), func(n *html.Node) bool { return attr(n, "href") == href })
}

func TestAReasonLeavesTheOtherOffersOpen(t *testing.T) {
	root := row{"/z/zGood", []string{"act=reason", "reason=other"}, 200, []string{"why: other"}, "Merci"}.run(t)
	want := []string{"/z/zGood act=undo", "/z/zGood act=pause", "/z/zGood act=pause", "/z/zGood act=pause"}
	if diff := cmp.Diff(want, actions(root)); diff != "" {
		t.Errorf("offers (-want +got):\n%s", diff)
	}
}

// What was typed is kept, and tied to what is wrong with it (WCAG 2.2, 3.3.1).
func TestAWrongDayIsKept(t *testing.T) {
	for _, r := range []row{
		{"/z/zGood", []string{"act=pause", "until=day", "day=31/02/2027"}, 400, nil, ""},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=day", "day=31/02/2027"}, 400, nil, ""},
	} {
		root := r.run(t)
		if got := field(root, "day"); got != "31/02/2027" {
			t.Errorf("%s: the day is %q", r.path, got)
		}
		for _, n := range all(root, "input") {
			if attr(n, "name") == "day" && (attr(n, "aria-invalid") != "true" || attr(n, "aria-describedby") != "day-problem") {
				t.Errorf("%s: the field is not tied to what is wrong", r.path)
			}
		}
	}
}

func TestPreferences(t *testing.T) {
	for _, r := range []row{
		{"/p/pGood", nil, 200, nil, "Vous la recevez."},
		{"/p/pPaused", nil, 200, nil, "En pause jusqu’au jeudi 24\u00a0décembre\u00a02026."},
		{"/p/pPending", nil, 200, nil, "pas encore confirmée"},
		{"/p/pEnglish", nil, 200, nil, "Your preferences"},
		{"/p/pOldEnglish", nil, 410, nil, "This link has expired"},
		{"/p/pCeased", nil, 200, nil, "ancienne"},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=none"}, 200, []string{`prefer [hebdo], no pause, wording ""`}, "Vos préférences sont enregistrées."},
		{"/p/pBoth", []string{"act=save", "newsletter=weekly", "until=none"}, 200, []string{`prefer [weekly], no pause, wording ""`}, "Vous ne recevrez plus «\u00a0La lettre de PandIA\u00a0»."},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=month"}, 200, []string{`prefer [hebdo], 2026-12-25T00:00:00+01:00, wording ""`}, "Pause jusqu’au vendredi 25\u00a0décembre\u00a02026."},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=none", "day=1/3/2027"}, 200, []string{`prefer [hebdo], 2027-03-01T00:00:00+01:00, wording ""`}, "Pause jusqu’au lundi 1er\u00a0mars\u00a02027."},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=day", "day=2027-03-01"}, 200, []string{`prefer [hebdo], 2027-03-01T00:00:00+01:00, wording ""`}, "Pause jusqu’au lundi 1er\u00a0mars\u00a02027."},
		{"/p/pPaused", []string{"act=save", "newsletter=hebdo", "until=kept", "day="}, 200, []string{`prefer [hebdo], pauses kept, wording ""`}, "Vos préférences sont enregistrées."},
		{"/p/pMixed", []string{"act=save", "newsletter=hebdo", "newsletter=weekly", "until=kept"}, 200, []string{`prefer [hebdo weekly], pauses kept, wording ""`}, "Vos préférences sont enregistrées."},
		{"/p/pMixed", []string{"act=save", "newsletter=weekly", "until=kept"}, 200, []string{`prefer [weekly], pauses kept, wording ""`}, "Vous ne recevrez plus «\u00a0La lettre de PandIA\u00a0»."},
		{"/p/pMixed", []string{"act=save", "newsletter=hebdo", "newsletter=weekly", "until=kept", "day=2027-03-01"}, 200, []string{`prefer [hebdo weekly], 2027-03-01T00:00:00+01:00, wording ""`}, "Pause jusqu’au lundi 1er\u00a0mars\u00a02027."},
		{"/p/pMixed", []string{"act=save", "newsletter=hebdo", "newsletter=weekly", "until=none"}, 200, []string{`prefer [hebdo weekly], no pause, wording ""`}, "La pause est terminée."},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=kept"}, 200, []string{`prefer [hebdo], pauses kept, wording ""`}, "Vos préférences sont enregistrées."}, // it ended meanwhile
		{"/p/pPaused", []string{"act=save", "newsletter=hebdo", "until=none", "day=2026-12-24"}, 200, []string{`prefer [hebdo], no pause, wording ""`}, "La pause est terminée."},
		{"/p/pGood", []string{"act=save"}, 400, nil, "Choisissez une date"},
		{"/p/pGood", []string{"act=save", "until=none"}, 200, []string{`prefer [], no pause, wording ""`}, "vous ne recevrez plus «\u00a0La lettre de PandIA\u00a0»"},
		{"/p/pPaused", []string{"act=save", "until=kept"}, 200, []string{`prefer [], no pause, wording ""`}, "vous ne recevrez plus «\u00a0La lettre de PandIA\u00a0»"},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "newsletter=nobodys", "until=none"}, 400, nil, "rien n’a changé"},
		{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=day", "day=2020-01-01"}, 400, nil, "Choisissez une date entre"},
		{"/p/pGood", []string{"act=keep"}, 200, []string{`prefer [hebdo], pauses kept, wording ""`}, "votre abonnement continue"},
		{"/p/pPaused", []string{"act=keep"}, 200, []string{`prefer [hebdo], pauses kept, wording ""`}, "votre abonnement continue"},
		{"/p/pMixed", []string{"act=keep"}, 200, []string{`prefer [hebdo weekly], pauses kept, wording ""`}, "votre abonnement continue"},
		{"/p/pPending", []string{"act=keep"}, 200, []string{`prefer [hebdo], pauses kept, wording ""`}, "votre abonnement continue"},
		{"/p/pBoth", []string{"act=stop"}, 200, []string{`prefer [], no pause, wording ""`}, "vous ne recevrez plus aucune de nos lettres"},
		{"/p/pGood", []string{"act=latest"}, 200, []string{"latest"}, "en route vers votre boîte"},
		{"/p/pGood", []string{"act=manage"}, 200, []string{"manage"}, "Son lien vaut 30\u00a0minutes."},
	} {
		r.run(t)
	}
	for latest, says := range map[subscription.Latest]string{
		subscription.LatestNone: "Aucun numéro", subscription.LatestHad: "déjà reçu le dernier numéro", subscription.LatestPaused: "est en pause",
		subscription.LatestLimited: "Réessayez demain",
	} {
		row{"/p/pGood", []string{"act=latest"}, 200, []string{"latest"}, says}.run(t, func(p *people) { p.latest = latest })
	}
	row{"/p/pGood", []string{"act=save", "newsletter=hebdo", "until=month"}, 400, nil, "Choisissez une date"}.run(t, func(p *people) { p.prefer = newsletter.ErrInvalid })
	row{"/p/pGood", []string{"act=keep"}, 410, nil, "Ce lien a expiré"}.run(t, func(p *people) { p.prefer = newsletter.ErrState })
}

// Only who was asked whether they want to go on is offered to say so.
// Nobody waits for a letter that does not leave.
func TestWhatCameOfTheManagingLetter(t *testing.T) {
	for owed, says := range map[subscription.Owed]string{
		subscription.OwedSent: "est en route", subscription.OwedLimited: "Aucune autre lettre n’est partie", subscription.OwedSilenced: "Aucune lettre ne peut partir",
	} {
		row{"/p/pGood", []string{"act=manage"}, 200, []string{"manage"}, says}.run(t, func(p *people) { p.owed = owed })
	}
}

// Whoever holds a link has the mailbox: where nothing is sent to it they are told so, and nothing else is promised.
func TestASilencedAddress(t *testing.T) {
	for _, r := range []row{
		{"/p/pSilenced", nil, 200, nil, "Choisie, mais rien ne part vers votre adresse."},
		{"/p/pSilenced", []string{"act=save", "newsletter=hebdo", "newsletter=weekly", "until=none", "wording=" + shownWording(t)}, 200, nil, "Vos préférences sont enregistrées."},
		{"/z/zSilenced", []string{"act=undo"}, 200, []string{"undo"}, "Votre désinscription est annulée"},
		{"/z/zSilenced", []string{"act=pause", "until=month"}, 200, []string{"pause until 2026-12-25T00:00:00+01:00"}, "est en pause"},
	} {
		h := site(t, ownOptions(t, newPeople()))
		answer := get(h, r.path)
		if r.fields != nil {
			answer = submit(h, r.path, r.fields...)
		}
		root := usable(t, answer)
		said := text(root)
		for _, want := range []string{r.says, "nous n’écrivons plus"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s %v: the page does not say %q:\n%s", r.path, r.fields, want, said)
			}
		}
		if strings.HasPrefix(r.path, "/z/") && leadsTo(root, "/lien") {
			t.Errorf("%s %v: the page leads to a link that cannot come", r.path, r.fields)
		}
		for _, lie := range []string{"Vous la recevez", "Vous recevrez", "Vous recevez de nouveau", "reprendra", "en route", "tout de suite"} {
			if strings.Contains(said, lie) {
				t.Errorf("%s %v: the page promises %q:\n%s", r.path, r.fields, lie, said)
			}
		}
	}
}

// shownWording is the version of the text beside newsletters that are not received.
func shownWording(t *testing.T) string {
	t.Helper()
	return field(usable(t, get(site(t, ownOptions(t, newPeople())), "/p/pSilenced")), "wording")
}

func TestOnlyWhoWasAskedIsOfferedToGoOn(t *testing.T) {
	h := site(t, ownOptions(t, newPeople()))
	for link, offered := range map[string]bool{"pGood": false, "pPaused": false, "pAsked": true} {
		if got := slices.Contains(actions(usable(t, get(h, "/p/"+link))), "/p/"+link+" act=keep"); got != offered {
			t.Errorf("%s: offered %v, want %v", link, got, offered)
		}
	}
}

// After an act the page has a link of its own, since the one that was followed is worth nothing any more.
func TestTheFreshLinkIsUsed(t *testing.T) {
	for act, want := range map[string]string{"keep": "/p/pFresh", "stop": "/z/zGood", "latest": "/p/pGood", "manage": "/p/pGood"} {
		p := newPeople()
		root := usable(t, submit(site(t, ownOptions(t, p)), "/p/pGood", "act="+act))
		for _, a := range actions(root) {
			if !strings.HasPrefix(a, want+" ") {
				t.Errorf("after %s a form goes to %s, want %s", act, a, want)
			}
		}
		var status []string
		for n := range root.Descendants() {
			if attr(n, "role") == "status" {
				status = append(status, text(n))
			}
		}
		if len(status) != 1 || strings.TrimSpace(status[0]) == "" {
			t.Errorf("after %s the status is %q", act, status)
		}
	}
}

// A page that is saved as it was opened asks for nothing and says of nothing that it changed.
func TestSavingWithoutATouchChangesNothing(t *testing.T) {
	for _, link := range []string{"pGood", "pPaused", "pMixed", "pPending", "pBoth", "pEnglish"} {
		p := newPeople()
		h := site(t, ownOptions(t, p))
		fields := append(checked(usable(t, get(h, "/p/"+link))), "act=save", "day=")
		var said []string
		for n := range usable(t, submit(h, "/p/"+link, fields...)).Descendants() {
			if attr(n, "role") == "status" {
				for _, line := range all(n, "p") {
					said = append(said, text(line))
				}
			}
		}
		if len(p.did) != 1 || len(said) != 1 {
			t.Errorf("%s: done %v, and the page says %q", link, p.did, said)
		}
	}
}

// Nothing is ticked that is not received already: a pending request may be somebody else's.
func TestWhatIsTicked(t *testing.T) {
	for link, want := range map[string][]string{
		"pGood":    {"newsletter=hebdo", "until=none"},
		"pPaused":  {"newsletter=hebdo", "until=kept"},
		"pMixed":   {"newsletter=hebdo", "newsletter=weekly", "until=kept"},
		"pPending": {"newsletter=hebdo", "until=none"},
		"pNone":    nil,
		"pUnshown": nil,
	} {
		root := usable(t, get(site(t, ownOptions(t, newPeople())), "/p/"+link))
		if diff := cmp.Diff(want, checked(root)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", link, diff)
		}
		if stops := slices.Contains(actions(root), "/p/"+link+" act=stop"); stops == (link == "pNone") {
			t.Errorf("%s: offers to stop: %v", link, stops)
		}
	}
}

// The latest edition is offered where there is one.
func TestTheLatestIsOfferedOnceThereIsOne(t *testing.T) {
	for editions, want := range []bool{false, true} {
		o := ownOptions(t, newPeople())
		o.Archive = appeared{editions}
		if root := usable(t, get(site(t, o), "/p/pGood")); slices.Contains(actions(root), "/p/pGood act=latest") != want {
			t.Errorf("%d editions: offers %v", editions, actions(root))
		}
	}
}

// Consent to one more newsletter is stored with all that was on the page, and only with that.
func TestConsentIsStoredAsShown(t *testing.T) {
	p := newPeople()
	h := site(t, ownOptions(t, p))
	root := usable(t, get(h, "/p/pGood"))
	version, shown := field(root, "wording"), ""
	for n := range root.Descendants() {
		if attr(n, "id") == "consent" {
			shown = text(n)
		}
	}
	if !strings.Contains(shown, "Éditions PandIA") || version == "" {
		t.Fatalf("consent %q, version %q", shown, version)
	}
	for _, wording := range []string{"", "wording=", "wording=fr-000000000000"} {
		answer := submit(h, "/p/pGood", "act=save", "newsletter=hebdo", "newsletter=weekly", "until=none", wording)
		if root := usable(t, answer); answer.StatusCode != http.StatusBadRequest || len(p.did) > 0 || !strings.Contains(text(root), "Relisez-le") {
			t.Errorf("%q: status %d, done %v", wording, answer.StatusCode, p.did)
		} else if diff := cmp.Diff([]string{"newsletter=hebdo", "newsletter=weekly", "until=none"}, checked(root)); diff != "" {
			t.Errorf("%q: what was chosen is not kept (-want +got):\n%s", wording, diff)
		}
	}
	answer := submit(h, "/p/pGood", "act=save", "newsletter=hebdo", "newsletter=weekly", "until=none", "wording="+version)
	text := "La lettre de PandIA\nThe PandIA Letter\n" + shown + "\nEnregistrer"
	want := []string{fmt.Sprintf("prefer [hebdo weekly], no pause, wording %q", version+text)}
	if diff := cmp.Diff(want, p.did); diff != "" || answer.StatusCode != http.StatusOK {
		t.Errorf("status %d, done (-want +got):\n%s", answer.StatusCode, diff)
	}
	if got := newsletter.NewWording("fr", text).Version; got != version {
		t.Errorf("the page says version %s, the text is %s", version, got)
	}
}

func TestManage(t *testing.T) {
	for _, r := range []row{
		{"/m/mGood", nil, 200, nil, "jean@münchen.example"},
		{"/m/mEnglish", nil, 200, nil, "Download my data"},
		{"/m/mOldEnglish", nil, 410, nil, "This link has expired"},
		{"/m/mGood", []string{"act=move", "email=jeanne@pandia.example"}, 200, []string{"move to jeanne@pandia.example, sure false"}, "en route vers jeanne@pandia.example"},
		{"/m/mGood", []string{"act=move", "email=jeanne@gmial.example", "sure=yes"}, 200, []string{"move to jeanne@gmial.example, sure true"}, "en route"},
		{"/m/mGood", []string{"act=erase"}, 400, nil, "Rien n’est effacé."},
		{"/m/mGood", []string{"act=erase", "understood=no"}, 400, nil, "Rien n’est effacé."},
		{"/m/mGood", []string{"act=erase", "understood=yes"}, 200, []string{"erase"}, "Vos données sont effacées"},
	} {
		root := r.run(t)
		if r.did != nil && r.did[0] == "erase" && (strings.Contains(text(root), "jean@") || len(all(root, "form")) > 0) {
			t.Error("the page after erasure names its reader, or has forms")
		}
	}
}

func TestANewAddressThatIsNotTaken(t *testing.T) {
	for _, r := range []struct {
		answer subscription.Answer
		row    row
	}{
		{subscription.Answer{Verdict: subscription.Mistaken, Reason: "not-known-yet"}, row{status: 422, says: "n’a pas pu être acceptée"}},
		{subscription.Answer{Verdict: subscription.Mistaken, Reason: subscription.ReasonOwn}, row{status: 422, says: "C’est déjà votre adresse"}},
		{subscription.Answer{Verdict: subscription.Doubtful, Reason: "not-known-yet", Suggestion: "jeanne@gmail.example"}, row{status: 200, says: "Utiliser jeanne@gmail.example"}},
		{subscription.Answer{Verdict: subscription.TooMany, Reason: subscription.ReasonLimited}, row{status: 429, says: "Trop de demandes"}},
	} {
		r.row.path, r.row.fields = "/m/mGood", []string{"act=move", "email=jeanne@gmial"}
		r.row.did = []string{"move to jeanne@gmial, sure false"}
		root := r.row.run(t, func(p *people) { p.toMove = r.answer })
		var kept, tied, suggested, sure bool
		for _, n := range all(root, "input") {
			kept = kept || attr(n, "id") == "email" && attr(n, "value") == "jeanne@gmial"
			tied = tied || attr(n, "id") == "email" && attr(n, "aria-describedby") == "email-problem" && attr(n, "aria-invalid") == "true"
			suggested = suggested || attr(n, "type") == "hidden" && attr(n, "value") == "jeanne@gmail.example"
			sure = sure || attr(n, "name") == "sure"
		}
		doubtful := r.answer.Verdict == subscription.Doubtful
		if !kept || !tied || suggested != doubtful || sure != doubtful {
			t.Errorf("%s: kept %v, tied %v, suggested %v, may insist %v", r.answer.Verdict, kept, tied, suggested, sure)
		}
	}
}

func TestExportIsAFile(t *testing.T) {
	p := newPeople()
	answer := submit(site(t, ownOptions(t, p)), "/m/mGood", "act=export")
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || string(body) != `{"address":"jean@xn--mnchen-3ya.example"}` {
		t.Errorf("status %d, %s", answer.StatusCode, body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Content-Disposition": "attachment; filename=mes-donnees.json",
		"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if diff := cmp.Diff([]string{"export"}, p.did); diff != "" {
		t.Errorf("done (-want +got):\n%s", diff)
	}
}

func TestANewAddress(t *testing.T) {
	for _, r := range []row{
		{"/a/aGood", nil, 200, nil, "nouvelle@pandia.example"},
		{"/a/aEnglish", nil, 200, nil, "Your new address"},
		{"/a/aGood", []string{"act=move", "page=looked"}, 200, []string{"move"}, "Votre nouvelle adresse est enregistrée"},
		{"/a/aGood", []string{"act=move"}, 400, nil, "Rien n’est encore fait"},
		{"/a/aGood", []string{"act=move", "page=other"}, 400, nil, "Rien n’est encore fait"},
		{"/a/aGood?page=looked", []string{"act=move"}, 400, nil, "Rien n’est encore fait"},
		{"/a/aEnglish", []string{"act=move"}, 400, nil, "Nothing is done yet"},
	} {
		root := r.run(t)
		if r.did == nil && field(root, "page") != "looked" {
			t.Errorf("%s %v: the button lacks its stamp", r.path, r.fields)
		}
		if strings.Contains(text(all(root, "title")[0]), "@") {
			t.Error("the title names an address")
		}
		if r.did != nil && !leadsTo(root, "/p/pFresh") {
			t.Error("no link leads to the preferences")
		}
	}
}

// ownPages are the reader's own pages, each with everything that its buttons can do.
func ownPages() map[string][]string {
	return map[string][]string{
		"/z/": {"act=undo", "act=pause&until=month", "act=reason&reason=other"},
		"/p/": {"act=save&until=none", "act=keep", "act=stop", "act=latest", "act=manage"},
		"/m/": {"act=export", "act=move&email=a@b.example", "act=erase&understood=yes"},
		"/a/": {"act=move&page=looked"},
	}
}

func TestLinksThatDoNotWork(t *testing.T) {
	for path, acts := range ownPages() {
		for _, act := range acts {
			for link, status := range map[string]int{"forged": 404, "": 404, "uGood": 404, "Good/": 404, "old": 410, "busy": 503} {
				if link == "Good/" {
					link = string(path[1]) + link
				}
				r := row{path + link, strings.Split(act, "&"), status, nil, ""}
				root := r.run(t)
				if leads := leadsTo(root, "/lien"); leads != (status == http.StatusGone) {
					t.Errorf("%s: leads to a new link: %v", r.path, leads)
				}
				if r.fields = nil; path != "/z/" {
					r.run(t)
				}
			}
		}
	}
}

// What is wrong with a POST is no reason to offer what its link does not do.
func TestNothingIsOfferedByABadLink(t *testing.T) {
	for _, fields := range [][]string{{"letter=hebdo"}, {"act=pause", "until=day", "day=hier"}, {"act=pause"}, {"act=reason"}, {"act=reason", "reason=nonsense"}} {
		for link, want := range map[string]row{
			"garbage": {status: http.StatusNotFound, says: "Cette page n’existe pas"},
			"old":     {status: http.StatusGone, says: "Ce bouton a déjà servi, ou il est trop tard"},
		} {
			want.path, want.fields = "/z/"+link, fields
			if offered := actions(want.run(t)); len(offered) > 0 {
				t.Errorf("POST /z/%s %v offers %v", link, fields, offered)
			}
		}
	}
}

// A POST counts only with the field of a button, and not with one in the address.
func TestPostsThatDoNotCount(t *testing.T) {
	for path, acts := range ownPages() {
		link := path + string(path[1]) + "Good"
		for _, r := range []row{
			{link, []string{}, 400, nil, "entière"},
			{link, []string{"act="}, 400, nil, "entière"},
			{link, []string{"act=nonsense"}, 400, nil, "entière"},
			{link, []string{"leave=button", "List-Unsubscribe=One-Click"}, 400, nil, "entière"},
			{link + "?" + acts[0], []string{}, 400, nil, "entière"},
			{link, []string{"ACT=" + acts[0][len("act="):]}, 400, nil, "entière"},
		} {
			if root := r.run(t); len(all(root, "button")) == 0 {
				t.Errorf("%s %v: no button is left to press", r.path, r.fields)
			}
		}
	}
}

func TestOwnPagesTakeMultipart(t *testing.T) {
	p := newPeople()
	kind, body := form(t, "act", "undo")
	r := httptest.NewRequest(http.MethodPost, "/z/zGood", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	if answer := ask(site(t, ownOptions(t, p)), r); answer.StatusCode != http.StatusOK || len(p.did) != 1 {
		t.Errorf("status %d, done %v", answer.StatusCode, p.did)
	}
}

// Scanners of mail and browsers that look ahead follow every link, by every method that is said to be safe.
func TestLookingChangesNothing(t *testing.T) {
	p := newPeople()
	h := site(t, ownOptions(t, p))
	for path, acts := range ownPages() {
		for _, act := range acts {
			for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"} {
				r := httptest.NewRequest(method, path+string(path[1])+"Good?"+act, strings.NewReader(act))
				r.Header.Set("Content-Type", urlencoded)
				r.Header.Set("Purpose", "prefetch")
				r.Header.Set("X-Moz", "prefetch")
				r.Header.Set("Sec-Purpose", "prefetch;prerender")
				answer := ask(h, r)
				want := http.StatusMethodNotAllowed
				if method == "GET" || method == "HEAD" {
					want = http.StatusOK
				} else if allow := answer.Header.Get("Allow"); allow != "GET, HEAD, POST" {
					t.Errorf("%s %s: Allow = %q", method, path, allow)
				}
				if answer.StatusCode != want {
					t.Errorf("%s %s: status %d, want %d", method, path, answer.StatusCode, want)
				}
			}
		}
	}
	if len(p.did) > 0 || len(p.left) > 0 {
		t.Errorf("something was done: %v %v", p.did, p.left)
	}
}

func TestOwnPagesAreGuardedAndSilent(t *testing.T) {
	var log bytes.Buffer
	o := ownOptions(t, newPeople())
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h := site(t, o)
	for path, acts := range ownPages() {
		good := string(path[1]) + "Good"
		for _, link := range []string{good, "old", "busy", "forged"} {
			answers := []*http.Response{get(h, path+link)}
			for _, act := range acts {
				answers = append(answers, submit(h, path+link, strings.Split(act, "&")...))
			}
			for _, answer := range answers {
				header := answer.Header
				if header.Get("Referrer-Policy") != "no-referrer" || header.Get("Cache-Control") != "no-store" || header.Get("X-Robots-Tag") != "noindex" ||
					header.Get("Set-Cookie") != "" || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
					t.Errorf("%s%s: headers %v", path, link, header)
				}
			}
		}
		if strings.Contains(log.String(), good) {
			t.Errorf("%s: the log holds the link", path)
		}
	}
	if strings.Contains(log.String(), "@") {
		t.Errorf("the log holds an address:\n%s", &log)
	}
	body, err := io.ReadAll(get(h, "/robots.txt").Body)
	if err != nil {
		t.Fatal(err)
	}
	for path := range ownPages() {
		if !strings.Contains(string(body), "Disallow: "+path+"\n") {
			t.Errorf("robots.txt lacks %s:\n%s", path, body)
		}
	}
}

// Every template meets its struct and every string its places, in each language.
func TestOwnPagesInEveryLanguage(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		p := newPeople()
		o := ownOptions(t, p)
		for i := range o.Newsletters {
			o.Newsletters[i].Language = lang
		}
		h := site(t, o)
		answers := []*http.Response{
			ask(h, post(goodToken, urlencoded, "leave=button")), get(h, "/z/zGood"), get(h, "/a/aGood"), get(h, "/m/mEnglish"),
			submit(h, "/z/zGood", "act="), submit(h, "/z/zGood", "act=undo"), submit(h, "/z/zGood", "act=pause", "until=month"),
			submit(h, "/z/zGood", "act=pause"), submit(h, "/z/zGood", "act=reason"), submit(h, "/z/zGood", "act=reason", "reason=other"),
			submit(h, "/z/old", "act=undo"), get(h, "/p/old"), get(h, "/m/old"), get(h, "/a/old"),
			submit(h, "/p/pPaused", "act=save", "until=none", "newsletter=hebdo"), submit(h, "/p/pPaused", "act=save", "until=month", "newsletter=hebdo"),
			submit(h, "/p/pGood", "act=save", "until=day"), submit(h, "/p/pGood", "act=save", "until=none", "newsletter=weekly"),
			submit(h, "/p/pGood", "act="), submit(h, "/p/pGood", "act=keep"), submit(h, "/p/pGood", "act=latest"), submit(h, "/p/pGood", "act=manage"),
			submit(h, "/p/pBoth", "act=stop"), submit(h, "/z/zBoth", "act=undo"), submit(h, "/z/zBoth", "act=pause", "until=month"), submit(h, "/m/mGood", "act="), submit(h, "/m/mGood", "act=erase"),
			submit(h, "/m/mGood", "act=erase", "understood=yes"), submit(h, "/m/mGood", "act=move", "email=a@b.example"),
			submit(h, "/a/aGood", "act="), submit(h, "/a/aGood", "act=move"), submit(h, "/a/aGood", "act=move", "page=looked"),
		}
		for _, link := range []string{"pGood", "pPaused", "pMixed", "pPending", "pNone", "pBoth"} {
			answers = append(answers, get(h, "/p/"+link))
		}
		for _, verdict := range []subscription.Verdict{subscription.Mistaken, subscription.Doubtful, subscription.TooMany} {
			p.toMove = subscription.Answer{Verdict: verdict, Suggestion: "a@c.example"}
			answers = append(answers, submit(h, "/m/mGood", "act=move", "email=a@b.example"))
		}
		for i, answer := range answers {
			if root := usable(t, answer); attr(all(root, "html")[0], "lang") != lang || answer.StatusCode >= 500 {
				t.Errorf("answer %d in %s: status %d", i, lang, answer.StatusCode)
			}
		}
	}
}
