package letter_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
)

// letters are those that programs of others judge: an edition with everything, and each single letter.
func letters(t *testing.T) []golden {
	t.Helper()
	n := hebdo(t)
	all := []golden{{"everything", frame(n, 42), rendered(t, n, everything(t)), reader(t)}, {"long", frame(n, 42), rendered(t, n, long(t, 30)), reader(t)}}
	for _, g := range goldens(t) {
		if isGolden(g.name) && g.variant.Kind != newsletter.KindNotice {
			all = append(all, g)
		}
	}
	return all
}

// lacks skips a test that needs a program of others, or fails it in CI, where nothing may be skipped.
func lacks(t *testing.T, what, install string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and in CI nothing may be skipped: %s", what, install)
	}
	t.Skipf("SKIPPED: %s does not judge the letters; %s", what, install)
}

const checker = "../../bin/pages/node_modules/vnu-jar/build/dist/vnu.jar"

// The Nu HTML checker, which is the W3C's, finds no error but the properties that only Word knows.
func TestLettersAreValidHTML(t *testing.T) {
	const install = "apt-get install -y default-jre-headless npm && .ci/axe"
	java, err := exec.LookPath("java")
	if err != nil {
		lacks(t, "java", install)
	}
	if _, err := os.Stat(checker); err != nil {
		lacks(t, "the Nu HTML checker", install)
	}
	folder := t.TempDir()
	for _, g := range letters(t) {
		page := personal(g.variant.HTML, g.reader, g.frame.Newsletter.Language)
		if err := os.WriteFile(filepath.Join(folder, g.name+".html"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// What finds nothing in a good letter must find something in a bad one.
	if err := os.WriteFile(filepath.Join(folder, "bad.html"), []byte("<!DOCTYPE html><title>x</title><p><table role=nowhere>"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	command := exec.Command(java, "-jar", checker, "--format", "json", folder)
	command.Stderr = &told
	_ = command.Run() // it fails by what it finds
	var report struct {
		Messages []struct{ URL, Type, Message, Extract string }
	}
	if err := json.Unmarshal(told.Bytes(), &report); err != nil {
		t.Fatalf("%v: %s", err, told.Bytes())
	}
	bad := 0
	for _, m := range report.Messages {
		switch {
		case strings.HasSuffix(m.URL, "/bad.html"):
			bad++
		case m.Type != "info" && !strings.Contains(m.Message, "Property “mso-"):
			t.Errorf("%s: %s: %s (%s)", filepath.Base(m.URL), m.Type, m.Message, m.Extract)
		}
	}
	if bad == 0 {
		t.Error("nothing is found in a bad letter")
	}
}

// axe-core finds nothing that keeps people with a disability from reading a letter (WCAG 2.2 A and AA), in the light and in
// the dark.
func TestLettersAreAccessible(t *testing.T) {
	axe, browser := browsertest.Axe(t), browsertest.New(t)
	var page string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	defer server.Close()
	for _, g := range letters(t) {
		page = personal(g.variant.HTML, g.reader, g.frame.Newsletter.Language)
		for _, dark := range []bool{false, true} {
			browser.Look(t, browsertest.View{Width: 700, Dark: dark})
			if err := chromedp.Do(browser.Context, chromedp.Navigate(server.URL)); err != nil {
				t.Fatal(err)
			}
			for _, found := range browser.Violations(t, axe, "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") {
				t.Errorf("%s, dark %v: %s", g.name, dark, found)
			}
		}
	}
}

var spamScore = regexp.MustCompile(`(?m)^X-Spam-Status: [A-Za-z]+, score=(-?[0-9.]+)`)

// SpamAssassin, asked without the network, has nothing against a letter.
func TestLettersAreNoSpam(t *testing.T) {
	program, err := exec.LookPath("spamassassin")
	if err != nil {
		lacks(t, "spamassassin", "apt-get install -y spamassassin")
	}
	for _, g := range letters(t) {
		if strings.HasSuffix(g.name, "-english") || strings.HasSuffix(g.name, "-several") {
			continue // each takes seconds, and says what another says
		}
		command := exec.Command(program, "-L", "-t")
		command.Stdin = bytes.NewReader(copyOf(t, g.frame, g.variant, g.reader))
		command.Env = append(os.Environ(), "HOME="+t.TempDir())
		judged, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		found := spamScore.FindSubmatch(judged)
		if found == nil {
			t.Fatalf("%s: no score: %s", g.name, judged[:min(len(judged), 2000)])
		}
		if score, err := strconv.ParseFloat(string(found[1]), 64); err != nil || score > 0.5 {
			_, why, _ := bytes.Cut(judged, []byte("Content analysis details"))
			t.Errorf("%s has a score of %s (%v): %s", g.name, found[1], err, why[:min(len(why), 1500)])
		}
	}
}
