package app_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"facteur/internal/browsertest"
	"facteur/internal/storetest"
)

// Hands are how a person uses a page.
type hands interface {
	fill(field, text string)
	press(button string)
	tick(box string)
	choose(name, value string) // one of several radio buttons
}

type step = chromedp.Action[chromedp.Void]

// mouse points and clicks.
type mouse struct{ v *visitor }

func (m mouse) fill(field, text string) {
	m.v.do(chromedp.Click(chromedp.CSS(field)), chromedp.KeyEvent(text))
}
func (m mouse) press(button string) { m.v.do(chromedp.Click(chromedp.CSS(button))) }
func (m mouse) tick(box string)     { m.press(box) }
func (m mouse) choose(name, value string) {
	m.press(`[name="` + name + `"][value="` + value + `"]`)
}

// keys never touch the mouse.
type keys struct{ v *visitor }

func (k keys) fill(field, text string) {
	k.v.browser.TabTo(k.v.t, field)
	k.v.do(chromedp.KeyEvent(text))
}

func (k keys) press(button string) {
	k.v.browser.TabTo(k.v.t, button)
	k.v.do(chromedp.KeyEvent("\r"))
}

func (k keys) tick(box string) {
	k.v.browser.TabTo(k.v.t, box)
	k.v.do(chromedp.KeyEvent(" "))
}

// choose goes to the button of the group that is chosen, and on by the arrow.
func (k keys) choose(name, value string) {
	k.v.browser.TabTo(k.v.t, `[name="`+name+`"]`)
	for range 10 {
		k.v.do(chromedp.KeyEvent(kb.ArrowDown))
		if k.v.see(chromedp.Evaluate[string]("document.activeElement.value")) == value {
			return
		}
	}
	k.v.t.Fatalf("the arrow does not lead to %s %s", name, value)
}

// A visitor is somebody in front of a browser.
type visitor struct {
	hands
	t       *testing.T
	browser *browsertest.Browser
}

func visit(t *testing.T, by func(*visitor) hands) *visitor {
	t.Helper()
	v := &visitor{t: t, browser: browsertest.New(t)}
	v.hands = by(v)
	return v
}

func (v *visitor) do(steps ...step) {
	v.t.Helper()
	if err := chromedp.Do(v.browser.Context, steps...); err != nil {
		v.t.Fatal(err)
	}
}

func (v *visitor) see(what chromedp.Action[string]) string {
	v.t.Helper()
	got, err := chromedp.Run(v.browser.Context, what)
	if err != nil {
		v.t.Fatal(err)
	}
	return got
}

// leads does what leads to another page, whose heading and text it wants.
func (v *visitor) leads(do func(), heading string, texts ...string) {
	v.t.Helper()
	answer, err := chromedp.RunResponse(v.browser.Context, chromedp.Func(func(_ context.Context, _ *chromedp.Target) error {
		do()
		return nil
	}))
	if err != nil {
		v.t.Fatalf("on the way to %q: %v", heading, err)
	}
	if got := v.see(chromedp.Text(chromedp.CSS("h1"))); !strings.HasPrefix(got, heading) {
		v.t.Fatalf("%s is headed %q, want %q", answer.URL, got, heading)
	}
	all := v.see(chromedp.Text(chromedp.CSS("main")))
	for _, text := range texts {
		if !strings.Contains(all, text) {
			v.t.Errorf("under %q stands, without %q:\n%s", heading, text, all)
		}
	}
	if kept := v.browser.Cookies(v.t); len(kept) != 0 {
		v.t.Errorf("%s: cookies %q", answer.URL, kept)
	}
}

func (v *visitor) opens(address, heading string, texts ...string) {
	v.t.Helper()
	v.leads(func() { v.do(chromedp.Navigate(address)) }, heading, texts...)
}

func (v *visitor) presses(button, heading string, texts ...string) {
	v.t.Helper()
	v.leads(func() { v.press(button) }, heading, texts...)
}

// downloads presses a button that answers with a file.
func (v *visitor) downloads(button string) []byte {
	v.t.Helper()
	told := true
	_, err := chromedp.CallBrowser(v.browser.Context, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: v.t.TempDir(), EventsEnabled: &told,
	})
	if err != nil {
		v.t.Fatal(err)
	}
	progress := chromedp.BrowserEvents(v.browser.Context, browser.DownloadProgress)
	v.press(button)
	for p, err := range progress {
		if err != nil {
			v.t.Fatal(err)
		}
		if p.State == browser.DownloadProgressStateCompleted {
			content, err := os.ReadFile(p.FilePath)
			if err != nil {
				v.t.Fatal(err)
			}
			return content
		}
	}
	v.t.Fatal("nothing was downloaded")
	return nil
}

// button selects the button of the reader's own pages.
func button(act string) string { return `button[value="` + act + `"]` }

// The whole life of a subscription, from the form under somebody's article to the last trace: by mouse, by keyboard
// alone, and without scripts.
func TestTheLifeOfASubscription(t *testing.T) {
	byMouse, byKeys := func(v *visitor) hands { return mouse{v} }, func(v *visitor) hands { return keys{v} }
	for name, way := range map[string]struct {
		by      func(*visitor) hands
		scripts bool
	}{"mouse": {byMouse, true}, "keyboard": {byKeys, true}, "without scripts": {byMouse, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, h := visit(t, way.by), newHouse(t, "")
			r := &reading{visitor: v, h: h, address: "lea.dubois@lecteurs.example"}
			if _, err := h.Register.Add(t.Context(), h.Newsletters[0], "nora@lecteurs.example", "test"); err != nil {
				t.Fatal(err)
			}
			h.publish(1)
			if way.scripts {
				r.signUpByScript()
			} else {
				v.browser.WithoutScripts(t)
				r.signUpWithoutScript()
			}
			r.confirm()
			r.leaveAndReturn()
			r.pause()
			r.manage()
			want := []string{strings.TrimPrefix(h.url, "http://"), strings.TrimPrefix(h.site.URL, "http://")}
			slices.Sort(want)
			if diff := cmp.Diff(want, v.browser.Hosts()); diff != "" {
				t.Errorf("hosts that the pages asked (-want +got):\n%s", diff)
			}
		})
	}
}

// A reading is a visitor who becomes a reader.
type reading struct {
	*visitor
	h       *house
	address string
}

// typing is how long a person takes at least.
const typing = 5 * time.Second

// signUpByScript never leaves the article.
func (r *reading) signUpByScript() {
	r.t.Helper()
	article := r.h.site.URL + "/article"
	r.opens(article, "Un article")
	r.fill("#facteur-email", r.address)
	r.press("form button")
	r.do(chromedp.Poll[chromedp.Void](`document.querySelector("[role=status]").textContent.includes("Si cette adresse")`))
	if where := r.see(chromedp.Location()); where != article {
		r.t.Errorf("the article was left for %s", where)
	}
	if left := r.see(chromedp.Value(chromedp.CSS("#facteur-email"))); left != "" {
		r.t.Errorf("the field still holds %q", left)
	}
}

// signUpWithoutScript is led to our own page, and one button more. Its letter leaves later.
func (r *reading) signUpWithoutScript() {
	r.t.Helper()
	r.opens(r.h.site.URL+"/article", "Un article")
	r.fill("#facteur-email", r.address)
	r.presses("form button", "Encore un clic", "Rien n’est encore enregistré")
	if kept := r.see(chromedp.Value(chromedp.CSS("#email"))); kept != r.address {
		r.t.Errorf("the page holds %q", kept)
	}
	r.h.later(typing)
	r.presses(".fill button", "Regardez vos messages")
	due, err := strconv.ParseInt(r.h.ask(`SELECT next_at FROM deliveries WHERE letter = 'confirm' AND state = 'queued'`), 10, 64)
	if wait := time.UnixMilli(due).Sub(r.h.now()); err != nil || wait < 8*time.Minute || wait > 10*time.Minute {
		r.t.Errorf("the letter waits for %s, %v", wait, err)
	}
	r.h.later(10 * time.Minute)
}

// confirm follows the letter, and asks for the latest edition.
func (r *reading) confirm() {
	r.t.Helper()
	confirmation := r.h.next(r.address, "/c/")
	if confirmation.Header.Get("List-Unsubscribe") != "" {
		r.t.Error("the confirmation letter offers to leave what nobody receives")
	}
	r.h.later(typing)
	r.opens(confirmation.link(r.t, "/c/"), "Confirmez votre inscription")
	if got := r.h.state(r.address); got != "pending" {
		r.t.Fatalf("before the button, the subscription is %s", got)
	}
	r.h.later(typing)
	r.presses("form button", "C’est fait", "PandIA")
	if got := r.h.state(r.address); got != "active" {
		r.t.Fatalf("after the button, the subscription is %s", got)
	}
	r.h.next(r.address, "/p/")
	r.presses(button("latest"), "Vos préférences", "en route vers votre boîte")
	if latest := r.h.next(r.address, "numéro 1"); latest.Header.Get("List-Unsubscribe") == "" {
		r.t.Error("the latest edition cannot be left")
	}
}

// leaveAndReturn leaves by the mail program's button and by the link in the letter, and takes both back.
func (r *reading) leaveAndReturn() {
	r.t.Helper()
	r.h.publish(2)
	edition := r.h.next(r.address, "numéro 2")
	if post := edition.Header.Get("List-Unsubscribe-Post"); post != "List-Unsubscribe=One-Click" {
		r.t.Errorf("List-Unsubscribe-Post: %q", post)
	}
	oneClick := strings.Trim(edition.Header.Get("List-Unsubscribe"), "<>")
	r.do(chromedp.Navigate(r.h.site.URL + "/courrier?leave=" + oneClick))
	r.presses("form button", "C’est fait\u00a0: vous ne recevrez plus")
	r.back("one-click")
	r.opens(edition.link(r.t, "/u/"), "Se désinscrire")
	if got := r.h.state(r.address); got != "active" {
		r.t.Fatalf("before the button, the subscription is %s", got)
	}
	r.presses(button("button"), "C’est fait\u00a0: vous ne recevrez plus")
	r.back("letter")
}

// back takes back a leave that was just made.
func (r *reading) back(origin string) {
	r.t.Helper()
	if got := r.h.state(r.address); got != "unsubscribed" {
		r.t.Fatalf("after leaving by %s, the subscription is %s", origin, got)
	}
	if got := r.h.ask(`SELECT origin FROM consents WHERE act = 'withdrawn' ORDER BY id DESC LIMIT 1`); got != origin {
		r.t.Errorf("the record says that the leave came by %s, want %s", got, origin)
	}
	r.presses(button("undo"), "Vous recevez de nouveau")
	if got := r.h.state(r.address); got != "active" {
		r.t.Fatalf("after the undo, the subscription is %s", got)
	}
}

// pause asks for a link, since the leave made the older ones worthless, makes a pause and ends it.
func (r *reading) pause() {
	r.t.Helper()
	r.h.later(typing)
	r.opens(r.h.url+"/lien", "Retrouvez votre page")
	r.fill("#email", r.address)
	r.h.later(typing)
	r.presses(".fill button", "Regardez vos messages")
	r.h.later(10 * time.Minute)
	r.opens(r.h.next(r.address, "/p/").link(r.t, "/p/"), "Vos préférences")
	r.choose("until", "month")
	r.presses(button("save"), "Vos préférences", "Pause jusqu’au", "4\u00a0avril\u00a02026")
	if got := r.h.state(r.address); got != "paused" {
		r.t.Fatalf("the subscription is %s", got)
	}
	r.choose("until", "none")
	r.presses(button("save"), "Vos préférences", "La pause est terminée")
	if got := r.h.state(r.address); got != "active" {
		r.t.Fatalf("the subscription is %s", got)
	}
	r.presses(button("manage"), "Vos préférences", "Une lettre est en route")
}

// manage takes all data home, moves to another address and has everything erased.
func (r *reading) manage() {
	r.t.Helper()
	const elsewhere = "lea@ailleurs.example"
	r.opens(r.h.next(r.address, "/m/").link(r.t, "/m/"), "Vos données", r.address)
	var known map[string]any
	if err := json.Unmarshal(r.downloads(button("export")), &known); err != nil || !strings.Contains(strings.ToLower(text(r.t, known)), r.address) {
		r.t.Errorf("the export is %v, %v", known, err)
	}
	r.fill("#email", elsewhere)
	r.presses(button("move"), "Vos données", elsewhere)
	r.opens(r.h.next(elsewhere, "/a/").link(r.t, "/a/"), "Votre nouvelle adresse", elsewhere)
	r.h.later(typing)
	r.presses("form button", "Votre nouvelle adresse est enregistrée")
	if r.h.state(r.address) != "none" || r.h.state(elsewhere) != "active" {
		r.t.Errorf("at the old address: %s, at the new: %s", r.h.state(r.address), r.h.state(elsewhere))
	}
	r.h.later(25 * time.Hour) // a managing letter leaves once a day
	r.presses(`a.button[href*="/p/"]`, "Vos préférences")
	r.presses(button("manage"), "Vos préférences", "Une lettre est en route")
	r.opens(r.h.next(elsewhere, "/m/").link(r.t, "/m/"), "Vos données", elsewhere)
	r.tick(`[name="understood"]`)
	if len(storetest.Traces(r.t, r.h.data, r.address, elsewhere)) == 0 {
		r.t.Fatal("the test looks for traces where none are")
	}
	r.presses(button("erase"), "Vos données sont effacées")
	if err := r.h.Register.Clean(r.t.Context()); err != nil { // as the next job does
		r.t.Fatal(err)
	}
	if traces := storetest.Traces(r.t, r.h.data, r.address, elsewhere); len(traces) != 0 {
		r.t.Errorf("left behind:\n%s", strings.Join(traces, "\n"))
	}
}

func text(t *testing.T, content any) string {
	t.Helper()
	all, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}
