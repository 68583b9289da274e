package web_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// Where nothing is known but the browser, its languages decide, and not which newsletter comes first.
func TestPagesForNobodyInParticularSpeakTheBrowsersLanguage(t *testing.T) {
	o := ownOptions(t, newPeople())
	slices.Reverse(o.Newsletters) // the English one first
	h := site(t, o)
	for _, page := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/nowhere", "", 404}, {"GET", "/u/wrong", "", 404}, {"GET", "/c/wrong", "", 404}, {"GET", "/archives/hebdo/9", "", 404},
		{"GET", "/c/" + forgottenLink, "", 200}, {"DELETE", "/inscription", "", 405}, {"POST", "/inscription", strings.Repeat("x", 1<<20), 413},
		{"GET", "/z/zGood", "", 200}, {"POST", "/z/zGood", "act=none", 400}, {"GET", "/a/old", "", 410}, {"POST", "/a/old", "act=move&page=looked", 410},
		{"GET", "/m/mErased", "", 410}, {"POST", "/m/mErased", "act=erase&understood=yes", 200},
		{"GET", "/archives", "", 200},
	} {
		for accepted, lang := range map[string]string{"fr-CA,fr;q=0.8,en;q=0.5": "fr", "en-GB": "en", "de": "en", "": "en"} {
			r := httptest.NewRequest(page.method, page.path, strings.NewReader(page.body))
			r.Header.Set("Content-Type", urlencoded)
			r.Header.Set("Accept-Language", accepted)
			answer := ask(h, r)
			root := usable(t, answer)
			if got := attr(all(root, "html")[0], "lang"); got != lang || answer.StatusCode != page.status {
				t.Errorf("%s %s for %q: status %d in %q; want %d in %q", page.method, page.path, accepted, answer.StatusCode, got, page.status, lang)
			}
			if kept := answer.Header.Get("Cache-Control") != "no-store"; kept && answer.Header.Get("Vary") != "Accept-Language" {
				t.Errorf("%s may be kept for whoever speaks another language", page.path)
			}
		}
	}
}

// A reader is spoken to in the language that is nearest to theirs.
func TestALanguageThatNoNewsletterHas(t *testing.T) {
	o := ownOptions(t, newPeople())
	slices.Reverse(o.Newsletters)
	if root := usable(t, get(site(t, o), "/m/mQuebec")); attr(all(root, "html")[0], "lang") != "fr" {
		t.Error("a reader from Quebec is spoken to in English")
	}
}
