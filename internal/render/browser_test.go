package render_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
)

// No word, however long, makes a reader scroll sideways.
func TestLetterIsAsWideAsTheScreen(t *testing.T) {
	browser := browsertest.New(t)
	address := "Voir https://exemple.fr/" + strings.Repeat("une_adresse_de_soixante_dix_caracteres_", 3) + "/page"
	for name, long := range map[string]string{"an address": address, "a word": strings.Repeat("anticonstitutionnellement", 20), "nothing": "court"} {
		f, c := frame(t), content()
		f.Newsletter.Title, f.Newsletter.Sender.Publisher = long, long
		c.Lead.Title, c.Lead.Summary, c.Lead.Section = long, long, long
		c.Chapters[0].Title, c.Chapters[0].Stories[0].Title, c.Chapters[0].Stories[0].Summary = long, long, long
		f.Newsletter.Sections = []newsletter.Section{{Title: long}}
		pages := map[string]string{"/edition": edition(t, f, c).HTML}
		r := renderer(t)
		for _, kind := range newsletter.LetterKinds() {
			pages["/"+string(kind)] = single(t, r, kind, f.Newsletter, f.Newsletter).HTML
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "letter.html", time.Time{}, strings.NewReader(pages[r.URL.Path]))
		}))
		for path := range pages {
			for _, width := range []int64{320, 360, 700} {
				if err := chromedp.Do(browser.Context, chromedp.EmulateViewport(width, 800), chromedp.Navigate(server.URL+path)); err != nil {
					t.Fatal(err)
				}
				got, err := chromedp.Run(browser.Context, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
				if err != nil || got > width {
					t.Errorf("%s: on a screen of %d the letter %s is %d wide (%v)", name, width, path, got, err)
				}
			}
		}
		server.Close()
	}
}
