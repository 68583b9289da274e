package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"facteur/internal/browsertest"
)

// What finds nothing on a good page must find something on a bad one.
func TestViolations(t *testing.T) {
	axe, browser := browsertest.Axe(t), browsertest.New(t)
	for page, want := range map[string]string{
		`<!DOCTYPE html><html lang="fr"><title>Bon</title><main><h1>Bon</h1><label>Nom <input></label></main></html>`: "",
		`<!DOCTYPE html><html><title>Mauvais</title><main><h1>Mauvais</h1></main></html>`:                             "html-has-lang",
		`<!DOCTYPE html><html lang="fr"><title>Mauvais</title><main><h1>Mauvais</h1><input></main></html>`:            "label",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) }))
		if _, err := chromedp.Run(browser.Context, chromedp.Navigate(server.URL)); err != nil {
			t.Fatal(err)
		}
		found := strings.Join(browser.Violations(t, axe), "\n")
		if (want == "") != (found == "") || !strings.Contains(found, want) {
			t.Errorf("in %s axe-core finds %q, want %q", page, found, want)
		}
		server.Close()
	}
}
