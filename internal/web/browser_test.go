package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"facteur/internal/admission"
	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
)

// pasted is a site's own page with the form under its article, on another origin than the pages of Facteur. With the
// script it has a policy that bans styles in attributes. What came in can be read after the end.
func pasted(t *testing.T, script bool) (page string, d *desk, end func()) {
	t.Helper()
	p := newPeople()
	o := options(t, p)
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	var form, hostPolicy string
	article := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", hostPolicy)
		_, _ = fmt.Fprintf(w, "<!DOCTYPE html><html lang=fr><title>Article</title><h1>Article</h1>%s", form) // the browser reads it
	}))
	t.Cleanup(article.Close)
	var h http.Handler
	letters := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(letters.Close)
	o.URL, o.Origins = letters.URL, []string{article.URL}
	h = site(t, o)
	if form = snippet(t, h); !script {
		form, _, _ = strings.Cut(form, "<script")
	} else {
		hostPolicy = fmt.Sprintf("default-src 'self'; script-src %[1]s; connect-src %[1]s; form-action %[1]s", letters.URL)
	}
	return article.URL, p.desk, letters.Close
}

type step = chromedp.Action[chromedp.Void]

// fill fills in the form by the keyboard alone.
func fill(address, email, choice string) step {
	return chromedp.Steps(chromedp.Navigate(address),
		chromedp.Focus(chromedp.CSS(`input[value="`+choice+`"]`)), chromedp.KeyEvent(" "),
		chromedp.SendKeys(chromedp.CSS("[name=email]"), email+"\r"))
}

func seen(t *testing.T, b *browsertest.Browser, what chromedp.Action[string]) string {
	t.Helper()
	got, err := chromedp.Run(b.Context, what)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// trapsPlace is how far from the left of the page the field stands that no person fills.
const trapsPlace = `(s => s.position === "absolute" && s.display === "block" && s.left)(getComputedStyle(document.querySelector("#facteur-website").parentNode)) + ""`

func TestTheSnippetInABrowser(t *testing.T) {
	browser := browsertest.New(t)
	address, d, end := pasted(t, true)
	choice := chromedp.CSS("[role=status] button")
	if err := chromedp.Do(browser.Context, fill(address, "lea@gmial.com", "hebdo"), chromedp.WaitVisible(choice)); err != nil {
		t.Fatal(err)
	}
	told := chromedp.CSS("[role=status]")
	if got := seen(t, browser, chromedp.Text(told)); !strings.Contains(got, "Vouliez-vous dire lea@gmail.com") ||
		!strings.Contains(got, "Oui, lea@gmail.com") || !strings.Contains(got, "Non, garder mon adresse") {
		t.Errorf("the choice is %q", got)
	}
	if left := seen(t, browser, chromedp.Evaluate[string](trapsPlace)); left != "-9999px" {
		t.Errorf("the trap is %s from the left", left)
	}
	received := chromedp.Poll[chromedp.Void](`document.querySelector("[role=status]").textContent.includes("Si cette adresse")`)
	if err := chromedp.Do(browser.Context, chromedp.Focus(choice), chromedp.KeyEvent("\r"), received); err != nil {
		t.Fatal(err)
	}
	if where := seen(t, browser, chromedp.Location()); strings.TrimSuffix(where, "/") != address {
		t.Errorf("the page was left for %s", where)
	}
	if end(); len(d.taken) != 1 || d.taken[0].Door != newsletter.OriginForm || d.taken[0].Address != "lea@gmail.com" || !slices.Equal(d.taken[0].Newsletters, []string{"hebdo"}) ||
		!admission.Solved(d.taken[0].Stamp, d.taken[0].Solution, 4) {
		t.Errorf("taken %+v", d.taken)
	}
}

// Without the script, the form leads to our own page and one click more. There the work is done by the same script.
func TestTheSnippetWithoutItsScript(t *testing.T) {
	browser := browsertest.New(t)
	address, d, end := pasted(t, false)
	if err := chromedp.Do(browser.Context, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	if left := seen(t, browser, chromedp.Evaluate[string](trapsPlace)); left != "-9999px" {
		t.Errorf("the trap is %s from the left", left)
	}
	whole := chromedp.Poll[chromedp.Void](`document.readyState === "complete"`) // until then a page's nodes may be numbered anew
	if err := chromedp.Do(browser.Context, fill(address, "zoe@exemple.fr", "hebdo"), chromedp.WaitVisible(chromedp.CSS(".alert")), whole); err != nil {
		t.Fatal(err)
	}
	if got := seen(t, browser, chromedp.Evaluate[string](`document.querySelector("[name=email]").value`)); got != "zoe@exemple.fr" {
		t.Errorf("the page holds %q", got)
	}
	if err := chromedp.Do(browser.Context, chromedp.Click(chromedp.CSS("button.button")), chromedp.WaitVisible(chromedp.CSS("[role=status] h1"))); err != nil {
		t.Fatal(err)
	}
	if end(); len(d.taken) != 1 || d.taken[0].Door != newsletter.OriginPage || !admission.Solved(d.taken[0].Stamp, d.taken[0].Solution, 4) {
		t.Errorf("taken %+v", d.taken)
	}
}

// before runs a script in each page before the page's own.
func before(t *testing.T, b *browsertest.Browser, script string) {
	t.Helper()
	if _, err := chromedp.Call(b.Context, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
}

// On our own page the work is done in a thread of its own, which the policy of the page has to let run.
func TestTheWorkIsDoneBesideThePage(t *testing.T) {
	browser := browsertest.New(t)
	o := options(t, newPeople())
	h := site(t, o)
	letters := httptest.NewServer(h)
	t.Cleanup(letters.Close)
	before(t, browser, `{
	const Beside = Worker;
	Worker = class extends Beside {
		constructor(...how) { super(...how); this.addEventListener("message", (e) => document.title = "worked " + e.data); }
	};
}`)
	worked := chromedp.Poll[chromedp.Void](`document.title.startsWith("worked ")`)
	if err := chromedp.Do(browser.Context, chromedp.Navigate(letters.URL+"/inscription"), worked); err != nil {
		t.Fatal(err)
	}
	number := strings.TrimPrefix(seen(t, browser, chromedp.Title()), "worked ")
	if !admission.Solved("stamp-2", number, 4) { // the first is the page's own
		t.Errorf("the work comes to %q", number)
	}
}

// Who has a slow telephone is not kept waiting: the form goes without its work. Each long wait is made short here.
func TestTheWorkIsNotWaitedForWithoutEnd(t *testing.T) {
	browser := browsertest.New(t)
	before(t, browser, `{ const wait = setTimeout; setTimeout = (f, ms) => wait(f, ms > 1000 && ms <= 2e4 ? 1 : ms); }`)
	address, d, end := pasted(t, true)
	d.bits = 60
	received := chromedp.Poll[chromedp.Void](`document.querySelector("[role=status]").textContent.includes("Si cette adresse")`)
	if err := chromedp.Do(browser.Context, fill(address, "lea@exemple.fr", "hebdo"), received); err != nil {
		t.Fatal(err)
	}
	if end(); len(d.taken) != 1 || d.taken[0].Stamp != "stamp-1" || d.taken[0].Solution != "" {
		t.Errorf("taken %+v", d.taken)
	}
}
