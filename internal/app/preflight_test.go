package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/templates"
)

// A template that would harm readers keeps the edition at home, with one notice; mended in time, the same slot brings it.
func TestPreflightHoldsASlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		own := t.TempDir()
		if err := os.Mkdir(filepath.Join(own, "mail"), 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(own, "mail", "story.html.tmpl"), strings.ReplaceAll(builtin(t, "mail/story.html.tmpl"), `{{template "meta" .Meta}}`,
			`<p style="color:#eeeeee">Presque rien</p>`))
		w := newWorld(t, "FACTEUR_TEMPLATES_DIR="+own)
		w.readers("camille")
		w.offer(1)
		w.start()
		sleepUntil(t, "2000-01-04T06:30:00Z")
		record, err := w.Store.SlotRecord(t.Context(), "hebdo", "2000-01-04T07:00")
		if err != nil || record.State != newsletter.SlotFailed || !strings.Contains(record.Reason, "contrast") {
			t.Fatalf("%+v, %v", record, err)
		}
		if n := len(w.letters("camille")); n != 0 {
			t.Fatalf("%d letters left", n)
		}
		notices := w.letters("op@pandia.example")
		if len(notices) != 1 || !strings.Contains(string(notices[0].Content), "is held back") || !strings.Contains(string(notices[0].Content), "cure: make the text darker") {
			t.Fatalf("%d notices: %+v", len(notices), notices)
		}
		w.env = slices.DeleteFunc(w.env, func(e string) bool { return strings.HasPrefix(e, "FACTEUR_TEMPLATES_DIR=") })
		w.restart(10 * time.Minute)
		defer w.end()
		synctest.Wait()
		time.Sleep(time.Minute)
		synctest.Wait()
		record, err = w.Store.SlotRecord(t.Context(), "hebdo", "2000-01-04T07:00")
		if err != nil || record.State != newsletter.SlotPublished || len(w.letters("camille")) != 1 {
			t.Errorf("%+v, %v, %d letters", record, err, len(w.letters("camille")))
		}
	})
}

// builtin is one of the built-in templates.
func builtin(t *testing.T, name string) string {
	t.Helper()
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
