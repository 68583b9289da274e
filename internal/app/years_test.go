package app_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
)

const year = 366 * 24 * time.Hour

// state is how a reader's subscription stands; empty: nobody knows of one.
func (w *world) state(name string) newsletter.SubscriptionState {
	w.t.Helper()
	synctest.Wait()
	for s, err := range w.Register.All(w.t.Context(), subscription.Filter{}) {
		if err != nil {
			w.t.Fatal(err)
		}
		if s.Subscriber.Address == name+"@lecteurs.example" {
			return s.State
		}
	}
	return ""
}

// got counts the letters to a reader whose text holds a phrase.
func (w *world) got(name, phrase string) (n int) {
	w.t.Helper()
	synctest.Wait()
	for _, l := range w.letters(name) {
		if strings.Contains(readPosted(w.t, l.Content).Text, phrase) {
			n++
		}
	}
	return n
}

// Who does not confirm is reminded once and then forgotten.
func TestASignUpThatIsNeverConfirmed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "FACTEUR_SIGNUP_CHECK_DOMAINS=false")
		w.start()
		defer w.end()
		w.signUp("lea")
		for _, day := range []struct {
			letters int
			state   newsletter.SubscriptionState
		}{{1, newsletter.Pending}, {2, newsletter.Pending}, {2, newsletter.Pending}, {2, ""}, {2, ""}} {
			if got := w.got("lea", "/c/"); got != day.letters || w.state("lea") != day.state {
				t.Errorf("at %s, %d letters and the sign-up is %q, want %d and %q", time.Now(), got, w.state("lea"), day.letters, day.state)
			}
			time.Sleep(60 * time.Hour)
		}
		link := w.link("lea", "/c/")
		if _, page := w.opens(link); !strings.Contains(page, "Cette demande n’est plus là") {
			t.Errorf("the link of the sign-up that is forgotten leads to\n%s", page)
		}
		w.restart(5 * year)
		if _, page := w.opens(link); !strings.Contains(page, "Cette demande n’est plus là") || w.got("lea", "/c/") != 2 {
			t.Errorf("five years later, with %d letters, it leads to\n%s", w.got("lea", "/c/"), page)
		}
	})
}

// Two read for years. Both are asked whether they want to stay; one says so and leaves later by the oldest letter there
// is, the other does not answer and is erased.
func TestReadersOfYears(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "FACTEUR_SIGNUP_CHECK_DOMAINS=false", "FACTEUR_RETENTION_READERS=act")
		w.start()
		defer w.end()
		for _, name := range []string{"mia", "zoe"} {
			w.signUp(name)
			w.confirm(name)
		}
		w.offer(1)
		sleepUntil(t, "2000-01-04T07:00:00Z")
		leave, own, confirmed := w.link("mia", "/u/"), w.link("mia", "/p/"), w.link("mia", "/c/")
		w.restart(3 * year)
		time.Sleep(2 * 24 * time.Hour)
		const question = "Sans réponse d’ici"
		if w.got("mia", question)+w.got("zoe", question) != 0 {
			t.Fatal("somebody was asked before the operator allowed it")
		}
		w.allow()
		time.Sleep(3 * 24 * time.Hour)
		if w.got("mia", question) != 1 || w.got("zoe", question) != 1 {
			t.Fatalf("asked: mia %d times, zoe %d times", w.got("mia", question), w.got("zoe", question))
		}
		if _, page := w.posts(w.link("mia", "/p/"), url.Values{"act": {"keep"}}); !strings.Contains(page, "votre abonnement continue") {
			t.Errorf("the answer to staying is\n%s", page)
		}
		w.restart(28 * 24 * time.Hour)
		time.Sleep(5 * 24 * time.Hour)
		if w.state("mia") != newsletter.Active || w.state("zoe") != "" {
			t.Fatalf("mia is %q and zoe %q", w.state("mia"), w.state("zoe"))
		}
		if traces := storetest.Traces(t, filepath.Join(w.folder, "data"), "zoe@lecteurs.example"); len(traces) != 0 {
			t.Errorf("left behind:\n%s", strings.Join(traces, "\n"))
		}
		w.oldLinks(leave, own, confirmed)
	})
}

// oldLinks are of letters that lay in a mailbox for years: whoever has them may leave, and nothing else.
func (w *world) oldLinks(leave, own, confirmed string) {
	w.t.Helper()
	if status, page := w.posts(leave, url.Values{"List-Unsubscribe": {"One-Click"}}); status != http.StatusOK || w.state("mia") != newsletter.Unsubscribed {
		w.t.Errorf("leaving by an old letter answers %d, and the subscription is %s:\n%s", status, w.state("mia"), page)
	}
	if status, page := w.opens(own); status != http.StatusGone || !strings.Contains(page, "Ce lien a expiré") {
		w.t.Errorf("preferences of an old letter answer %d:\n%s", status, page)
	}
	if _, page := w.opens(confirmed); strings.Contains(page, "<button") || w.state("mia") != newsletter.Unsubscribed {
		w.t.Errorf("an old confirmation answers\n%s", page)
	}
	w.restart(10 * year)
	if status, page := w.opens(leave); status != http.StatusOK || !strings.Contains(page, "Vous ne recevez plus") {
		w.t.Errorf("ten years after leaving, the link answers %d:\n%s", status, page)
	}
}

// A pause ends when its day begins on the clocks of Paris, also where that day, or the one before, has 23 hours or 25
// (26 March and 29 October 2000).
func TestPausesEndWithTheClockThatChanges(t *testing.T) {
	t.Parallel()
	for day, end := range map[string]string{
		"2000-03-26": "2000-03-25T23:00:00Z", "2000-03-27": "2000-03-26T22:00:00Z",
		"2000-10-29": "2000-10-28T22:00:00Z", "2000-10-30": "2000-10-29T23:00:00Z",
	} {
		t.Run(day, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, daily)
				w.readers("lea")
				w.start()
				defer w.end()
				w.offer(1)
				time.Sleep(8 * time.Hour)
				own := w.link("lea", "/p/")
				if _, page := w.posts(own, url.Values{"act": {"save"}, "newsletter": {"hebdo"}, "until": {"day"}, "day": {day}}); w.state("lea") != newsletter.Paused {
					t.Fatalf("no pause:\n%s", page)
				}
				w.restart(time.Until(at(t, end)) - time.Hour)
				time.Sleep(time.Until(at(t, end)) - time.Second)
				if w.state("lea") != newsletter.Paused {
					t.Errorf("a second before %s, lea is %s", end, w.state("lea"))
				}
				time.Sleep(time.Minute) // the job runs once in each
				if w.state("lea") != newsletter.Active {
					t.Errorf("a minute after %s, lea is %s", end, w.state("lea"))
				}
			})
		})
	}
}
