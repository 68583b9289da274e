package app_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/storetest"
	"facteur/internal/token"
)

// A reader gets letters as files, a proof too, and asks for a mistyped address first, then for the right one. Once they
// confirm it, and the next job has run, no file of the data folder holds the address from before, nor the mistyped one.
func TestMove_LeavesNoTraceOfTheAddressBefore(t *testing.T) {
	t.Parallel()
	const before, mistyped, after = "Zebulon.Quichotte@exämple.org", "zebulon@ailleur.example", "zebulon@ailleurs.example"
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, daily, "FACTEUR_SMTP_URL=")
		data := filepath.Join(w.folder, "data")
		traces := func() string { return strings.Join(storetest.Traces(t, data, before, mistyped), "\n") }
		w.readers("camille", "nora")
		if _, err := w.Register.Add(t.Context(), w.Newsletters[0], before, "carte"); err != nil {
			t.Fatal(err)
		}
		w.start()
		w.offer(1)
		time.Sleep(2 * 24 * time.Hour)
		proof := newsletter.EditionRef{Newsletter: w.Newsletters[0].Name, Number: 1}
		if err := w.Store.Proof(t.Context(), proof, parsed(t, before), time.Now()); err != nil {
			t.Fatal(err)
		}
		s := w.subscription(t, before)
		var links []string
		for _, to := range []string{mistyped, after} {
			link := w.Register.Keys.Sign(token.Token{Purpose: token.Manage, Subscription: s.ID, Epoch: s.Epoch, Time: time.Now()})
			if _, err := w.Register.MoveBy(t.Context(), link, to, true); err != nil {
				t.Fatal(err)
			}
			letters, err := w.Store.Letters(t.Context(), parsed(t, to), 1)
			if err != nil || len(letters) != 1 {
				t.Fatalf("%+v, %v", letters, err)
			}
			links = append(links, w.Register.Keys.Sign(token.Token{Purpose: token.Move, Subscription: letters[0].Move, Time: time.Now()}))
			time.Sleep(time.Minute)
			synctest.Wait()
			if to == mistyped && !strings.Contains(traces(), "ailleur.example") {
				t.Fatal("the letter to the mistyped address left no trace: this test proves nothing")
			}
		}
		if found := traces(); !strings.Contains(found, ".eml") || !strings.Contains(found, "facteur.db") {
			t.Fatalf("the test begins without traces:\n%s", found)
		}
		page, err := w.Register.LookMove(t.Context(), links[1])
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // nobody reads and presses in less than two seconds
		if _, err := w.Register.Move(t.Context(), links[1], page.Form.Stamp); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Minute)
		synctest.Wait()
		if found := traces(); found != "" {
			t.Errorf("left behind:\n%s", found)
		}
		w.offer(2)
		time.Sleep(2 * 24 * time.Hour)
		synctest.Wait()
		w.end()
		if found := traces(); found != "" {
			t.Errorf("came back:\n%s", found)
		}
		files := storetest.Traces(t, data, after)
		if !slices.ContainsFunc(files, func(f string) bool { return strings.Contains(f, ".eml") }) {
			t.Errorf("nothing went to the new address: %q", files)
		}
	})
}

func parsed(t *testing.T, text string) address.Address {
	t.Helper()
	a, err := address.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) subscription(t *testing.T, who string) newsletter.Subscription {
	t.Helper()
	all, err := w.Store.SubscriptionsOf(t.Context(), parsed(t, who))
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}
