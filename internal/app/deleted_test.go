package app_test

import (
	"database/sql"
	"io"
	"mime/quotedprintable"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"facteur/internal/smtptest"
)

// What was collected stays when its source takes it away: between its collection and the slot, and after the edition was made and before it left.
// Brought again, it does not go out again. A row of the inbox that was deleted while it waited never was offered.
func TestDeletedAtTheSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sleepUntil(t, "2000-01-03T08:00:00Z")
		w := &world{t: t, folder: t.TempDir(), relay: smtptest.Start(t, smtptest.Script{})}
		w.env = []string{"FACTEUR_SMTP_URL=smtp://127.0.0.1:2525?tls=none", "FACTEUR_COLLECT_CHECK_LINKS=false", "FACTEUR_COLLECT_SCHEDULE=@every 1h", daily}
		var places []*place
		for _, kind := range []string{"feed", "folder", "sqlite"} {
			p := newPlace(w, kind, badSource{what: kind, kind: kind})
			defer p.close()
			p.good("Un", "Deux")
			places = append(places, p)
			w.more += p.settings()
		}
		defer w.serveSites(places)()
		w.open()
		inbox := func(statement string) {
			t.Helper()
			db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.folder, "data", "facteur.db"))
			if err == nil {
				_, err = db.ExecContext(t.Context(), statement)
				_ = db.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		inbox("INSERT INTO inbox (url, title) VALUES ('http://inbox.example/un', 'Un'), ('http://inbox.example/deux', 'Deux')")
		w.relay.Answer("camille@lecteurs.example", smtptest.Answer{Reply: "451 4.7.1 greylisted, try again", Times: 1})
		w.readers("camille")
		w.start()
		defer w.end()

		sleepUntil(t, "2000-01-03T10:00:00Z") // the slot is on the next day at 06:00
		for _, p := range places {
			p.good("Deux")
		}
		inbox("DELETE FROM inbox WHERE title = 'Un'")
		w.offer(1)
		inbox("DELETE FROM inbox WHERE accepted_at IS NULL")
		sleepUntil(t, "2000-01-04T06:02:00Z")
		if n := len(w.letters("camille")); n != 0 || len(w.slots()) != 1 {
			t.Fatalf("the edition is made and waits: %d letters, %+v", n, w.slots())
		}
		for _, p := range places {
			p.good()
		}
		inbox("DELETE FROM inbox")
		sleepUntil(t, "2000-01-04T12:00:00Z")
		letters := w.letters("camille")
		if len(letters) != 1 {
			t.Fatalf("%d letters", len(letters))
		}
		text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(string(letters[0].Content))))
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range []string{"feed", "folder", "sqlite", "inbox"} {
			for _, path := range []string{"/un", "/deux"} {
				if address := "http://" + host + ".example" + path; !strings.Contains(string(text), address) {
					t.Errorf("the letter does not bring %s", address)
				}
			}
		}
		if strings.Contains(string(text), "pandia.example/actualites/1") {
			t.Error("the letter brings a row that was deleted while it waited")
		}

		for _, p := range places {
			p.good("Un", "Deux")
		}
		inbox("INSERT INTO inbox (url, title) VALUES ('http://inbox.example/un', 'Un'), ('http://inbox.example/deux', 'Deux')")
		sleepUntil(t, "2000-01-05T12:00:00Z")
		if n := len(w.letters("camille")); n != 1 {
			t.Errorf("brought again, they went out again: %d letters", n)
		}
	})
}
