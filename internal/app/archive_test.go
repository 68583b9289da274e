package app_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// What stands in the archive is what was sent: the frozen letter, but for the one place that is a reader's own.
func TestTheArchiveShowsWhatWasSent(t *testing.T) {
	d := demonstrate(t)
	frozen, err := d.Store.ArchiveText(t.Context(), newsletter.EditionRef{Newsletter: d.Newsletters[0].Name, Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client().Get(d.url + "/archives/hebdo/1/lettre")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil || answer.StatusCode != http.StatusOK || len(answer.Cookies()) > 0 {
		t.Fatalf("status %d, cookies %v, %v", answer.StatusCode, answer.Cookies(), err)
	}
	// The same bytes but for the reader's own: two links, and the words around the day of the consent.
	links := strings.NewReplacer("/u/"+token.Placeholder(token.Leave), "/lien", "/p/"+token.Placeholder(token.Preferences), "/lien")
	want, got := strings.Split(links.Replace(frozen.HTML), "\n"), strings.Split(string(shown), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d lines were sent and %d are shown", len(want), len(got))
	}
	for i, line := range want {
		if line != got[i] && !strings.Contains(line, token.DayMark) {
			t.Errorf("line %d (-sent +shown):\n%s", i+1, cmp.Diff(line, got[i]))
		}
	}
	if strings.Contains(string(shown), token.TokenMark) || strings.Contains(string(shown), token.DayMark) {
		t.Error("a place of a reader's is left")
	}
	for _, reader := range []string{"camille", "nora", "yann", "@lecteurs.example"} {
		if strings.Contains(string(shown), reader) {
			t.Errorf("the archive names %s", reader)
		}
	}
}

// The journey of who finds an old edition: the list, the edition, and a story of it out of the frame.
func TestArchiveInABrowser(t *testing.T) {
	browser := browsertest.New(t)
	ctx, d := browser.Context, demonstrate(t)
	if heading := follow(ctx, t, chromedp.Navigate(d.url+"/archives")); heading != "Tous les numéros" {
		t.Errorf("the archive is headed %q", heading)
	}
	subject := follow(ctx, t, chromedp.Click(chromedp.CSS(".editions a")))
	if story := follow(ctx, t, inFrame(`h3 a[href*="/site/"]`)); story != subject || story == "" {
		t.Errorf("the first story of the edition %q is headed %q", subject, story)
	}
	if at, err := chromedp.Run(ctx, chromedp.Location()); err != nil || !strings.HasPrefix(at, d.url+"/site/") {
		t.Errorf("the story opened at %q, %v", at, err)
	}
	if diff := cmp.Diff([]string{strings.TrimPrefix(d.url, "http://")}, browser.Hosts()); diff != "" {
		t.Errorf("hosts that the pages asked (-want +got):\n%s", diff)
	}
}
