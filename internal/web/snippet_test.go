package web_test

import (
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the form in docs/snippet.md anew")

// snippet is what the server gives a site to paste.
func snippet(t *testing.T, h http.Handler) string {
	t.Helper()
	answer := get(h, "/inscription/extrait")
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || kind != "text/plain; charset=utf-8" {
		t.Fatalf("status %d, Content-Type %q", answer.StatusCode, kind)
	}
	return string(text)
}

var htmlFence = regexp.MustCompile("(?s)```html\n.*?```\n")

// The form in the documents is the one that the server gives.
func TestSnippetDocument(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "snippet.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := options(t, newPeople())
	o.Newsletters = o.Newsletters[:1]
	o.Newsletters[0].Schedule = "0 7 * * 2"
	now := htmlFence.ReplaceAllLiteralString(string(raw), "```html\n"+snippet(t, site(t, o))+"```\n")
	if *update {
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(raw), now); diff != "" {
		t.Errorf("docs/snippet.md is stale; go test ./internal/web -run Document$ -update writes it anew (-file +now):\n%s", diff)
	}
}

// The form of the documents works as it stands there: posted without its script, it leads to our page with everything
// kept, and the consent it shows is the one that is stored.
func TestTheSnippetLeadsIn(t *testing.T) {
	h, d := counter(t)
	given := snippet(t, h)
	root, err := html.Parse(strings.NewReader(given))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(given, "style=") != 1 || strings.Contains(given, " checked") || strings.Contains(given, "onsubmit") {
		t.Errorf("the form has more than its structure:\n%s", given)
	}
	for _, trap := range all(root, "input") {
		if attr(trap, "name") != "website" {
			continue
		}
		around := trap.Parent
		if attr(around, "style") != "position:absolute;left:-9999px" || slices.ContainsFunc(around.Attr, func(a html.Attribute) bool { return a.Key == "hidden" }) ||
			attr(around, "aria-hidden") != "true" || attr(trap, "tabindex") != "-1" || attr(trap, "autocomplete") != "off" {
			t.Errorf("people come upon the trap, or programs do not: %v in %v", trap.Attr, around.Attr)
		}
	}
	form := all(root, "form")[0]
	if got := attr(form, "action"); got != "https://lettre.pandia.example/inscription" {
		t.Errorf("it is sent to %q", got)
	}
	if got := attr(all(root, "script")[0], "src"); got != "https://lettre.pandia.example/static/inscription.js" {
		t.Errorf("it loads %q", got)
	}
	fields := inputs(root)
	version, shown := wording(t, h)
	if fields.Get("wording") != version {
		t.Errorf("it shows the wording %q, want %q", fields.Get("wording"), version)
	}
	for line := range strings.SplitSeq(shown, "\n") {
		if !strings.Contains(text(root), line) {
			t.Errorf("the consent says %q, the form does not", line)
		}
	}
	fields.Set("email", "zoe@exemple.fr")
	fields.Set("newsletter", "hebdo")
	answer := ask(h, posted("/inscription", fields))
	mine := page(t, answer)
	back := inputs(mine)
	if answer.StatusCode != 200 || len(d.taken) > 0 || back.Get("email") != "zoe@exemple.fr" || back.Get("newsletter") != "hebdo" || back.Get("stamp") == "" {
		t.Errorf("status %d, taken %v, the page holds %v", answer.StatusCode, d.taken, back)
	}
	ask(h, posted("/inscription", back))
	if len(d.taken) != 1 || d.taken[0].Wording.Text != shown {
		t.Errorf("one click more takes %+v", d.taken)
	}
}

func TestTheSnippetSpeaksTheBrowsersLanguage(t *testing.T) {
	h, _ := counter(t)
	for accept, want := range map[string]string{"": "Adresse e-mail", "en-GB,fr;q=0.5": "E-mail address", "de": "Adresse e-mail", "*": "Adresse e-mail", "\x00": "Adresse e-mail"} {
		r := httptest.NewRequest(http.MethodGet, "/inscription/extrait", nil)
		r.Header.Set("Accept-Language", accept)
		body, err := io.ReadAll(ask(h, r).Body)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(body), want) {
			t.Errorf("%q: the form does not say %q", accept, want)
		}
	}
}
