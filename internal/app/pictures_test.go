package app_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// A picture is in the letter, on the pages, and in the backup.
func TestPicture_travelsWithItsEdition(t *testing.T) {
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 2400, 1200)), nil); err != nil {
		t.Fatal(err)
	}
	newspaper := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/photo.jpg" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(photo.Bytes())
	}))
	t.Cleanup(newspaper.Close)
	h := newHouse(t, "[collect]\npicture_networks = [\"127.0.0.1\"]\n")
	rows := []collect.Row{
		{URL: "https://pandia.example/2", Title: "Sans", Picture: newspaper.URL + "/nulle-part.jpg", Published: "2026-03-01"},
		{URL: "https://pandia.example/1", Title: "Une", Picture: newspaper.URL + "/photo.jpg", PictureAlt: "Un ciel gris", Published: "2026-03-02"},
	}
	if err := h.Store.InboxAdd(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	result, err := h.Desk.Publish(t.Context(), h.Newsletters[0])
	if err != nil || !result.Published() {
		t.Fatalf("%+v, %v", result, err)
	}
	stories := result.Edition.Content.Stories()
	p := stories[0].Picture
	if p == nil || p.Width != 1200 || p.Height != 600 || p.Alt != "Un ciel gris" || stories[1].Picture != nil {
		t.Fatalf("the edition shows %+v and %+v", p, stories[1].Picture)
	}
	text, err := h.Store.ArchiveText(t.Context(), result.Edition.Ref())
	if err != nil || !strings.Contains(text.HTML, `src="`+h.url+p.Path()+`" width="544" height="272" alt="Un ciel gris"`) {
		t.Errorf("the letter does not show it, %v", err)
	}
	answer, err := client().Get(h.url + p.Path())
	if err != nil {
		t.Fatal(err)
	}
	shown, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || http.DetectContentType(shown) != "image/jpeg" {
		t.Errorf("its page answers %d with %s, %v", answer.StatusCode, http.DetectContentType(shown), err)
	}
	missing, err := h.Store.Illustration(t.Context(), rows[0].Picture)
	if err != nil || missing.State != newsletter.PictureWaiting || missing.Reason != "its server answers 404 Not Found" {
		t.Errorf("the other is %+v, %v", missing, err)
	}
	archive, restored := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "restored")
	if _, err := h.Backup(t.Context(), archive, nil); err != nil {
		t.Fatal(err)
	}
	untar(t, archive, restored)
	if again, err := os.ReadFile(filepath.Join(restored, "pictures", p.Name)); err != nil || !bytes.Equal(again, shown) {
		t.Errorf("the backup holds %d bytes of it, %v", len(again), err)
	}
}

// A web that never answers costs an edition its pictures and some seconds, and neither its slot nor a notice that it is late.
func TestPicture_keepsNoEditionWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.silent = true
		w.readers("camille")
		w.start()
		sleepUntil(t, "2000-01-04T06:59:59Z") // 07:59:59 in Paris
		var rows []collect.Row
		for i := range 5 {
			rows = append(rows, collect.Row{
				URL: fmt.Sprintf("https://pandia.example/%d", i), Title: "Une", Picture: fmt.Sprintf("https://pandia.example/%d.jpg", i),
			})
		}
		if err := w.Store.InboxAdd(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		result, err := w.Desk.Publish(t.Context(), w.Newsletters[0])
		if err != nil || !result.Published() {
			t.Fatalf("%+v, %v", result, err)
		}
		if took := result.Edition.Approved.Sub(at(t, "2000-01-04T06:59:59Z")); took.Seconds() != 40 {
			t.Errorf("it waited %s", took)
		}
		for _, s := range result.Edition.Content.Stories() {
			if s.Picture != nil {
				t.Errorf("%s has a picture", s.URL)
			}
		}
		w.end()
		time.Sleep(time.Minute) // the last connection is given up
	})
}
