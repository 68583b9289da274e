package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/newsletter"
)

const urlencoded = "application/x-www-form-urlencoded"

func post(token, kind, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/u/"+token, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

// form is a multipart body with one field.
func form(t *testing.T, name, value string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField(name, value); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// The rows are what RFC 8058 §3.1, §3.2 and §8 let a mail program send.
func TestOneClick(t *testing.T) {
	multi, parts := form(t, "List-Unsubscribe", "One-Click")
	lined, line := form(t, "List-Unsubscribe", "One-Click\r\n")
	for name, r := range map[string]*http.Request{
		"urlencoded":              post(goodToken, urlencoded, "List-Unsubscribe=One-Click"),
		"multipart":               post(goodToken, multi, parts),
		"multipart with a line":   post(goodToken, lined, line),
		"with a character set":    post(goodToken, urlencoded+"; charset=UTF-8", "List-Unsubscribe=One-Click"),
		"without a type":          post(goodToken, "", "List-Unsubscribe=One-Click"),
		"with more than it needs": post(goodToken, urlencoded, "x=1&List-Unsubscribe=One-Click&y=2"),
		"with a line end":         post(goodToken, urlencoded, "List-Unsubscribe=One-Click\r\n"),
		"with an encoded one":     post(goodToken, urlencoded, "List-Unsubscribe=One-Click%0D%0A"),
		"with a space":            post(goodToken, urlencoded, "List-Unsubscribe=+One-Click"),
		"with an odd query":       post(goodToken+"?a;b&%zz", urlencoded, "List-Unsubscribe=One-Click"),
		"from another origin": func() *http.Request {
			r := post(goodToken, urlencoded, "List-Unsubscribe=One-Click")
			r.Header.Set("Origin", "https://mail.example")
			r.Header.Set("Referer", "https://mail.example/inbox")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return r
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeople()
			answer := ask(site(t, options(t, p)), r)
			if answer.StatusCode != http.StatusOK || answer.Header.Get("Location") != "" {
				t.Errorf("status %d, Location %q; want 200 and no redirect", answer.StatusCode, answer.Header.Get("Location"))
			}
			if diff := cmp.Diff([]string{"one-click"}, p.left); diff != "" {
				t.Errorf("who left (-want +got):\n%s", diff)
			}
			if !strings.Contains(text(page(t, answer)), "vous ne recevrez plus «\u00a0La lettre de PandIA\u00a0»") {
				t.Error("the answer does not say what was done")
			}
		})
	}
}

func TestOneClickTwice(t *testing.T) {
	p := newPeople()
	h := site(t, options(t, p))
	for range 2 {
		if answer := ask(h, post("gone", urlencoded, "List-Unsubscribe=One-Click")); answer.StatusCode != http.StatusOK {
			t.Errorf("status %d, want 200", answer.StatusCode)
		}
	}
}

func TestPostThatDoesNotCount(t *testing.T) {
	multi, parts := form(t, "List-Unsubscribe", "Oui")
	for name, r := range map[string]*http.Request{
		"nothing":             post(goodToken, "", ""),
		"no value":            post(goodToken, urlencoded, "List-Unsubscribe=\r\n"),
		"a broken value":      post(goodToken, urlencoded, "List-Unsubscribe=One-\r\nClick"),
		"another value":       post(goodToken, urlencoded, "List-Unsubscribe=one-click"),
		"another field":       post(goodToken, urlencoded, "Unsubscribe=One-Click"),
		"in the query":        post(goodToken+"?List-Unsubscribe=One-Click", urlencoded, ""),
		"JSON":                post(goodToken, "application/json", `{"List-Unsubscribe":"One-Click"}`),
		"plain text":          post(goodToken, "text/plain", "List-Unsubscribe=One-Click"),
		"another part":        post(goodToken, multi, parts),
		"a boundary too few":  post(goodToken, "multipart/form-data", parts),
		"a type that is none": post(goodToken, "///", "List-Unsubscribe=One-Click"),
		"a broken encoding":   post(goodToken, urlencoded, "%zz=%"),
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeople()
			answer := ask(site(t, options(t, p)), r)
			if answer.StatusCode != http.StatusBadRequest || len(p.left) > 0 {
				t.Errorf("status %d, left by %v; want 400 and nobody", answer.StatusCode, p.left)
			}
			if len(all(page(t, answer), "button")) != 1 {
				t.Error("the answer does not show the button")
			}
		})
	}
}

// press sends the form of a page the way a browser does.
func press(t *testing.T, root *html.Node, path string) *http.Request {
	t.Helper()
	forms, buttons := all(root, "form"), all(root, "button")
	if len(forms) != 1 || len(buttons) != 1 || !strings.EqualFold(attr(forms[0], "method"), "post") {
		t.Fatalf("%d forms and %d buttons, want one of each", len(forms), len(buttons))
	}
	if action := attr(forms[0], "action"); action != "" {
		t.Fatalf("the form goes to %q", action)
	}
	fields := url.Values{attr(buttons[0], "name"): {attr(buttons[0], "value")}}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", urlencoded)
	return r
}

func TestThePagesOwnButton(t *testing.T) {
	for token, want := range map[string]struct{ asks, says, lang string }{
		goodToken: {"La lettre de PandIA", "C’est fait\u00a0: vous ne recevrez plus", "fr"},
		"english": {"The PandIA Letter", "Done: you will no longer receive “The PandIA Letter”", "en"},
		"proof":   {"épreuve", "aucun abonnement n’a pris fin", "fr"},
	} {
		p := newPeople()
		h := site(t, options(t, p))
		asked := get(h, "/u/"+token)
		root := page(t, asked)
		if asked.StatusCode != http.StatusOK || !strings.Contains(text(root), want.asks) {
			t.Errorf("%s: status %d; the page does not say %q", token, asked.StatusCode, want.asks)
		}
		done := ask(h, press(t, root, "/u/"+token))
		if done.StatusCode != http.StatusOK || done.Header.Get("Content-Language") != want.lang {
			t.Errorf("%s: status %d in %q", token, done.StatusCode, done.Header.Get("Content-Language"))
		}
		if !strings.Contains(text(page(t, done)), want.says) {
			t.Errorf("%s: the answer does not say %q", token, want.says)
		}
		if diff := cmp.Diff([]string{"letter"}, p.left); diff != "" {
			t.Errorf("%s: who left (-want +got):\n%s", token, diff)
		}
	}
}

// The page behind the link of a proof says what its button will do, and does not promise what that of a reader's does.
func TestTheLinkOfAProofPromisesNothing(t *testing.T) {
	root := page(t, get(site(t, options(t, newPeople())), "/u/proof"))
	said := text(root)
	if !strings.Contains(said, "il ne désinscrira personne") || strings.Contains(said, "vous ne recevrez plus") || strings.Contains(said, "Tant que vous n’avez pas cliqué") {
		t.Errorf("the page says %q", said)
	}
}

func TestWhoHasLeftIsAskedNothing(t *testing.T) {
	for _, token := range []string{"gone", "erased"} {
		answer := get(site(t, options(t, newPeople())), "/u/"+token)
		root := page(t, answer)
		if answer.StatusCode != http.StatusOK || len(all(root, "button")) > 0 || !strings.Contains(text(root), "déjà enregistrée") {
			t.Errorf("%s: status %d, page %q", token, answer.StatusCode, text(root))
		}
	}
}

func TestOnlyAPostChangesAnything(t *testing.T) {
	p := newPeople()
	h := site(t, options(t, p))
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"} {
		r := httptest.NewRequest(method, "/u/"+goodToken+"?List-Unsubscribe=One-Click", strings.NewReader("List-Unsubscribe=One-Click"))
		r.Header.Set("Content-Type", urlencoded)
		r.Header.Set("Purpose", "prefetch")
		r.Header.Set("Sec-Purpose", "prefetch;prerender")
		answer := ask(h, r)
		want := http.StatusMethodNotAllowed
		if method == "GET" || method == "HEAD" {
			want = http.StatusOK
		} else if allow := answer.Header.Get("Allow"); allow != "GET, HEAD, POST" {
			t.Errorf("%s: Allow = %q", method, allow)
		}
		if answer.StatusCode != want {
			t.Errorf("%s: status %d, want %d", method, answer.StatusCode, want)
		}
	}
	if len(p.left) > 0 {
		t.Errorf("somebody left: %v", p.left)
	}
}

func TestWrongLinksTellNothing(t *testing.T) {
	p := newPeople()
	h := site(t, options(t, p))
	var bodies []string
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/u/forged", nil),
		httptest.NewRequest(http.MethodGet, "/u/cut", nil),
		post("forged", urlencoded, "List-Unsubscribe=One-Click"),
		post("forged", urlencoded, "anything"),
		httptest.NewRequest(http.MethodGet, "/u/a/b", nil),
	} {
		answer := ask(h, r)
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body = io.NopCloser(bytes.NewReader(body))
		page(t, answer)
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s: status %d, want 404", r.Method, r.URL.Path, answer.StatusCode)
		}
		if bodies = append(bodies, string(body)); bodies[0] != string(body) {
			t.Errorf("%s %s: the answer differs from the others", r.Method, r.URL.Path)
		}
	}
	if len(p.left) > 0 {
		t.Errorf("somebody left: %v", p.left)
	}
}

func TestBodyThatIsTooLarge(t *testing.T) {
	multi, parts := form(t, "x", strings.Repeat("a", 1<<20))
	for name, r := range map[string]*http.Request{
		"urlencoded": post(goodToken, urlencoded, "List-Unsubscribe=One-Click&x="+strings.Repeat("a", 1<<20)),
		"multipart":  post(goodToken, multi, parts),
	} {
		p := newPeople()
		answer := ask(site(t, options(t, p)), r)
		if answer.StatusCode != http.StatusRequestEntityTooLarge || len(p.left) > 0 {
			t.Errorf("%s: status %d, left by %v; want 413 and nobody", name, answer.StatusCode, p.left)
		}
	}
}

func TestBodyThatIsCut(t *testing.T) {
	multi, parts := form(t, "List-Unsubscribe", "One-Click")
	for kind, body := range map[string]string{urlencoded: "List-Unsubscribe=One-Click", multi: parts} {
		p := newPeople()
		r := post(goodToken, kind, "")
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(body), iotest.ErrReader(io.ErrUnexpectedEOF)))
		answer := ask(site(t, options(t, p)), r)
		if page(t, answer); answer.StatusCode != http.StatusBadRequest || len(p.left) > 0 {
			t.Errorf("%s: status %d, left by %v; want 400 and nobody", kind, answer.StatusCode, p.left)
		}
	}
}

func TestErrorsBecomeStatuses(t *testing.T) {
	for _, row := range []struct {
		err    error
		status int
	}{
		{fmt.Errorf("leave: %w", newsletter.ErrNotFound), http.StatusNotFound},
		{fmt.Errorf("leave: %w", newsletter.ErrInvalid), http.StatusBadRequest},
		{fmt.Errorf("leave: %w", newsletter.ErrState), http.StatusConflict},
		{fmt.Errorf("leave: %w", newsletter.ErrBusy), http.StatusServiceUnavailable},
		{fmt.Errorf("leave: %w", context.DeadlineExceeded), http.StatusServiceUnavailable},
		{errors.New("table subscriptions is gone"), http.StatusInternalServerError},
	} {
		p := newPeople()
		p.err = row.err
		answer := ask(site(t, options(t, p)), post(goodToken, urlencoded, "List-Unsubscribe=One-Click"))
		if answer.StatusCode != row.status {
			t.Errorf("%v: status %d, want %d", row.err, answer.StatusCode, row.status)
		}
		if retry := answer.Header.Get("Retry-After"); (retry != "") != (row.status == http.StatusServiceUnavailable) {
			t.Errorf("%v: Retry-After = %q", row.err, retry)
		}
		if said := text(page(t, answer)); strings.Contains(said, "subscriptions") || strings.Contains(said, "leave:") {
			t.Errorf("%v: the reader is shown it", row.err)
		}
	}
}
