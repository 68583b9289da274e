package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"facteur/internal/browsertest"
)

// looked is a browser in front of a page.
func looked(t *testing.T, page string) *browsertest.Browser {
	t.Helper()
	browser := browsertest.New(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cookie" {
			http.SetCookie(w, &http.Cookie{Name: "crumb", Value: "1"})
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page)) // the browser reads it
	}))
	t.Cleanup(server.Close)
	if _, err := chromedp.Run(browser.Context, chromedp.Navigate(server.URL+"/page")); err != nil {
		t.Fatal(err)
	}
	if got := browser.Cookies(t); len(got) != 0 {
		t.Errorf("cookies %q of a page without", got)
	}
	if _, err := chromedp.Run(browser.Context, chromedp.Navigate(server.URL+"/cookie")); err != nil {
		t.Fatal(err)
	}
	if got := browser.Cookies(t); len(got) != 1 {
		t.Errorf("cookies %q of a page with one", got)
	}
	return browser
}

func TestView(t *testing.T) {
	b := looked(t, `<!DOCTYPE html><title>Large</title><style>p { width: 700px; color: black }
@media (prefers-color-scheme: dark) { p { color: white } } a:focus { outline: none }</style>
<p>Large</p><a href="#a">A</a> <button>B</button>`)
	colour := func() string {
		got, err := chromedp.Run(b.Context, chromedp.Evaluate[string](`getComputedStyle(document.querySelector("p")).color`))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	b.Look(t, browsertest.View{Width: 360, Dark: true})
	if got := b.TooWide(t); len(got) != 2 || !strings.Contains(got[1], "<p>") {
		t.Errorf("too wide at 360: %q", got)
	}
	if got := colour(); got != "rgb(255, 255, 255)" {
		t.Errorf("dark: %s", got)
	}
	b.Look(t, browsertest.View{Width: 1000})
	if got := b.TooWide(t); len(got) != 0 {
		t.Errorf("too wide at 1000: %q", got)
	}
	if got := colour(); got != "rgb(0, 0, 0)" {
		t.Errorf("light: %s", got)
	}
	unseen := &complaints{TB: t}
	b.TabTo(unseen, "button")
	if len(unseen.said) != 1 || !strings.Contains(unseen.said[0], "<a") {
		t.Errorf("on the way to the button: %q", unseen.said)
	}
}

func TestWithoutScripts(t *testing.T) {
	b := looked(t, `<!DOCTYPE html><title>Avant</title><script>document.title = "Après"</script>`)
	for _, want := range []string{"Après", "Avant"} {
		if _, err := chromedp.Run(b.Context, chromedp.Reload()); err != nil {
			t.Fatal(err)
		}
		if got, err := chromedp.Run(b.Context, chromedp.Title()); err != nil || got != want {
			t.Errorf("title %q, %v, want %q", got, err, want)
		}
		b.WithoutScripts(t)
	}
}

// complaints keeps what is said instead of failing.
type complaints struct {
	testing.TB
	said []string
}

func (c *complaints) Errorf(_ string, args ...any) {
	for _, a := range args {
		if text, ok := a.(string); ok {
			c.said = append(c.said, text)
		}
	}
}
