package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/web"
)

// push sends the only form of a page to where it goes, the way a browser does.
func push(root *html.Node, path string) *http.Request {
	fields := inputs(root)
	for _, b := range all(root, "button") {
		if name := attr(b, "name"); name != "" {
			fields.Set(name, attr(b, "value"))
		}
	}
	return posted(path, fields)
}

func posted(path string, fields url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", urlencoded)
	return r
}

func TestConfirming(t *testing.T) {
	h, d := counter(t)
	root := page(t, get(h, "/c/"+waitingLink))
	if said := text(root); !strings.Contains(said, "vous recevrez «\u00a0La lettre de PandIA\u00a0» et «\u00a0The PandIA Letter\u00a0».") {
		t.Errorf("the page does not name what it confirms: %q", said)
	}
	if len(d.changed) > 0 {
		t.Fatalf("a look changed %v", d.changed)
	}
	answer := ask(h, push(root, "/c/"+waitingLink))
	done := page(t, answer)
	if diff := cmp.Diff([]string{"confirm " + waitingLink}, d.changed); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	if answer.StatusCode != 200 || text(all(done, "h1")[0]) != "C’est fait" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %d: %q", answer.StatusCode, text(done))
	}
	latest := all(done, "form")
	if len(latest) != 1 || attr(latest[0], "action") != "/p/pOfTheReader" || push(done, "/").FormValue("act") != "latest" {
		t.Errorf("the latest edition cannot be asked for")
	}
	var links []string
	for _, a := range all(done, "a") {
		links = append(links, attr(a, "href"))
	}
	for _, want := range []string{"/p/pOfTheReader", "/archives"} {
		if !slices.Contains(links, want) {
			t.Errorf("no link to %s among %v", want, links)
		}
	}
}

// Before the first edition there is nothing to send or to read.
func TestConfirmingBeforeTheFirstEdition(t *testing.T) {
	p := newPeople()
	o := options(t, p)
	for _, o.Archive = range []web.Archive{nil, appeared{0}} {
		h := site(t, o)
		done := page(t, ask(h, push(page(t, get(h, "/c/"+waitingLink)), "/c/"+waitingLink)))
		if text(all(done, "h1")[0]) != "C’est fait" || len(all(done, "form")) > 0 {
			t.Errorf("the page offers %v: %q", actions(done), text(done))
		}
		var own bool
		for _, a := range all(done, "a") {
			own = own || attr(a, "href") == "/p/pOfTheReader"
			if attr(a, "href") == "/archives" {
				t.Error("a link leads to an empty archive")
			}
		}
		if !own {
			t.Error("no link leads to the reader's page")
		}
	}
}

// Who confirmed before is told so, and nobody who finds the link gets the reader's own page by it.
func TestConfirmedBefore(t *testing.T) {
	h, d := counter(t)
	for _, r := range []*http.Request{httptest.NewRequest(http.MethodGet, "/c/"+doneLink, nil), posted("/c/"+doneLink, url.Values{"page": {"of-the-page"}})} {
		root := page(t, ask(h, r))
		if text(all(root, "h1")[0]) != "C’est fait" || len(all(root, "form")) > 0 || len(d.changed) > 0 {
			t.Errorf("%s: %q, changed %v", r.Method, text(root), d.changed)
		}
	}
}

// The button counts only from a page that was looked at; whoever lacks it is shown the button again.
func TestConfirmingWithoutThePage(t *testing.T) {
	for link, button := range map[string]string{waitingLink: "Je confirme mon inscription", expiredLink: "Envoyez-moi un nouveau lien"} {
		for _, fields := range []url.Values{nil, {"page": {"guessed"}}, {"act": {"renew"}}, {"act": {"renew"}, "page": {"guessed"}}} {
			h, d := counter(t)
			answer := ask(h, posted("/c/"+link, fields))
			root := page(t, answer)
			if b := all(root, "button"); answer.StatusCode != 400 || len(d.changed) > 0 || len(b) != 1 && fields.Get("act") == "" {
				t.Errorf("%s with %v: status %d, changed %v", link, fields, answer.StatusCode, d.changed)
			} else if len(b) == 1 && text(b[0]) != button {
				t.Errorf("%s with %v: the button is %q", link, fields, text(b[0]))
			}
		}
	}
}

func TestALinkThatIsTooOldIsRenewed(t *testing.T) {
	h, d := counter(t)
	root := page(t, get(h, "/c/"+expiredLink))
	said := text(page(t, ask(h, push(root, "/c/"+expiredLink))))
	if diff := cmp.Diff([]string{"renew " + expiredLink}, d.changed); diff != "" || !strings.Contains(said, "Un nouveau message va partir") {
		t.Errorf("changed (-want +got):\n%s\nthe page says %q", diff, said)
	}
}

func TestARequestThatIsGoneLeadsToTheForm(t *testing.T) {
	h, _ := counter(t)
	root := page(t, get(h, "/c/"+forgottenLink))
	if link := all(root, "a"); !slices.ContainsFunc(link, func(a *html.Node) bool { return attr(a, "href") == "/" }) || len(all(root, "form")) > 0 {
		t.Errorf("the page is %q", text(root))
	}
}

// Who confirmed once and left since is not told that they never confirmed.
func TestALinkOfWhoLeftSaysSo(t *testing.T) {
	h, _ := counter(t)
	root := page(t, get(h, "/c/"+leftLink))
	if said := text(root); strings.Contains(said, "effacée") || !strings.Contains(said, "Vous ne recevez pas, ou plus, «\u00a0") || len(all(root, "form")) > 0 {
		t.Errorf("the page is %q", said)
	}
}

func TestOnlyThePagesButtonConfirms(t *testing.T) {
	h, d := counter(t)
	for _, link := range []string{waitingLink, expiredLink} {
		for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"} {
			r := httptest.NewRequest(method, "/c/"+link+"?page=of-the-page&act=renew", strings.NewReader("page=of-the-page"))
			r.Header.Set("Content-Type", urlencoded)
			r.Header.Set("Purpose", "prefetch")
			r.Header.Set("Sec-Purpose", "prefetch;prerender")
			if answer := ask(h, r); method != "GET" && method != "HEAD" && answer.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s: status %d", method, answer.StatusCode)
			}
		}
		ask(h, posted("/c/"+link+"?page=of-the-page&act=renew", nil))
	}
	if len(d.changed) > 0 {
		t.Errorf("changed %v", d.changed)
	}
}

func TestConfirmationLinksOfOthersTellNothing(t *testing.T) {
	h, _ := counter(t)
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/c/forged", nil), posted("/c/forged", url.Values{"page": {"of-the-page"}}),
		posted("/c/forged", url.Values{"page": {"of-the-page"}, "act": {"renew"}}),
	} {
		if answer := ask(h, r); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", r.Method, answer.StatusCode)
		}
	}
}

// Who reaches a page by a link has the mailbox: they are told that nothing is sent to it, and not that something was.
func TestConfirmingForASilencedAddress(t *testing.T) {
	button := url.Values{"page": {"of-the-page"}}
	for name, c := range map[string]struct {
		r       *http.Request
		changed []string
		head    string
	}{
		"waiting":   {httptest.NewRequest(http.MethodGet, "/c/"+waitingLink, nil), nil, "Cette adresse ne peut pas recevoir nos lettres"},
		"confirmed": {posted("/c/"+waitingLink, button), []string{"confirm " + waitingLink}, "Cette adresse ne peut pas recevoir nos lettres"},
		"before":    {httptest.NewRequest(http.MethodGet, "/c/"+doneLink, nil), nil, "Cette adresse ne peut pas recevoir nos lettres"},
		"renewed":   {posted("/c/"+expiredLink, url.Values{"page": {"of-the-page"}, "act": {"renew"}}), []string{"renew " + expiredLink}, "Cette adresse ne peut pas recevoir nos lettres"},
		"forgotten": {httptest.NewRequest(http.MethodGet, "/c/"+forgottenLink, nil), nil, "Cette demande n’est plus là"},
		"left":      {httptest.NewRequest(http.MethodGet, "/c/"+leftLink, nil), nil, "Ce lien ne sert plus"},
	} {
		h, d := counter(t)
		d.silent = true
		root := page(t, ask(h, c.r))
		if got := text(all(root, "h1")[0]); got != c.head {
			t.Errorf("%s: the page says %q, want %q", name, got, c.head)
		}
		if diff := cmp.Diff(c.changed, d.changed); diff != "" {
			t.Errorf("%s: changed (-want +got):\n%s", name, diff)
		}
	}
}
