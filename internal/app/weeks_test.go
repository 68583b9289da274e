package app_test

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A bubble's clock starts on Saturday 1 January 2000 at midnight UTC; the first Tuesday is the 4th.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func sleepUntil(t *testing.T, text string) {
	t.Helper()
	time.Sleep(time.Until(at(t, text)))
	synctest.Wait()
}

func TestWeeksOfEditions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sleepUntil(t, "2000-01-03T08:00:00Z")
		w := newWorld(t)
		w.relay.Answer("gris@lecteurs.example", smtptest.Answer{Reply: "451 4.7.1 greylisted, try again", Times: 1})
		w.relay.Answer("inconnue@lecteurs.example", smtptest.Answer{Reply: "550 5.1.1 <inconnue@lecteurs.example>: no such user"})
		w.readers("camille", "gris", "inconnue")
		w.start()
		defer w.end()
		tuesdays := []string{"2000-01-04", "2000-01-11"}
		for week, day := range tuesdays {
			w.offer(week)
			sleepUntil(t, day+"T18:00:00Z")
		}

		letters := w.letters("camille")
		if len(letters) != len(tuesdays) {
			t.Fatalf("%d letters, want one on each of %q", len(letters), tuesdays)
		}
		ids := map[string]bool{}
		for i, day := range tuesdays {
			if want := at(t, day+"T06:00:00Z"); letters[i].At.Sub(want).Abs() > time.Second {
				t.Errorf("letter %d left at %s, want Tuesday 07:00 in Paris, %s", i+1, letters[i].At, want)
			}
			ids[field(letters[i], "Message-ID")] = true
		}
		if len(ids) != len(tuesdays) {
			t.Errorf("Message-IDs are not unique: %v", ids)
		}
		if got := w.letters("gris"); len(got) != len(tuesdays) || got[0].At.Sub(at(t, "2000-01-04T06:00:00Z")) < 5*time.Minute {
			t.Errorf("the greylisted reader has %d letters, the first at %v", len(got), got[0].At)
		}
		want := "n° 1 copy 1 failed: failed 550 5.1.1 <inconnue@lecteurs.example>: no such user"
		if told := w.told("inconnue"); told[len(told)-1] != want || !strings.Contains(told[0], "cancelled") {
			t.Errorf("told of who does not exist: %q; want first %q and no further try", told, want)
		}
	})
}

func TestEmptySlotSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.readers("camille")
		w.start()
		defer w.end()
		sleepUntil(t, "2000-01-04T07:00:00Z")
		slots := w.slots()
		if len(slots) != 1 || slots[0].State != newsletter.SlotSkipped || slots[0].Reason == "" || slots[0].Slot != "2000-01-04T07:00" {
			t.Fatalf("slots: %+v", slots)
		}
		if got := w.letters("camille"); len(got) != 0 {
			t.Errorf("an empty edition left: %d letters", len(got))
		}
		notices := w.letters("op@pandia.example")
		if len(notices) != 1 || field(notices[0], "Auto-Submitted") != "auto-generated" {
			t.Errorf("%d notices to the operator, want one", len(notices))
		}
	})
}

func TestSlotsMissedWhileOff(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		env     string
		off     time.Duration // from Monday 08:00 in Paris
		letters int
		states  []newsletter.SlotState // the latest first
	}{
		{"late within the window", "", 25 * time.Hour, 1, []newsletter.SlotState{newsletter.SlotPublished}},
		{"later than the window", "", 36 * time.Hour, 0, []newsletter.SlotState{newsletter.SlotSkipped}},
		{"skipped by policy", "FACTEUR_NEWSLETTERS_HEBDO_LATE=skip", 25 * time.Hour, 0, []newsletter.SlotState{newsletter.SlotSkipped}},
		{"two missed", "FACTEUR_NEWSLETTERS_HEBDO_FIRST_HORIZON=30d", (7*24 + 25) * time.Hour, 1, []newsletter.SlotState{newsletter.SlotPublished, newsletter.SlotSkipped}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, test.env)
				w.readers("camille")
				w.offer(1)
				w.start()
				sleepUntil(t, "2000-01-03T07:00:00Z")
				w.restart(test.off)
				defer w.end()
				time.Sleep(time.Minute)
				synctest.Wait()
				if got := len(w.letters("camille")); got != test.letters {
					t.Errorf("%d letters, want %d", got, test.letters)
				}
				slots := w.slots()
				if len(slots) != len(test.states) {
					t.Fatalf("slots: %+v", slots)
				}
				for i, want := range test.states {
					if slots[i].State != want {
						t.Errorf("slot %s is %s (%s), want %s", slots[i].Slot, slots[i].State, slots[i].Reason, want)
					}
				}
				if len(w.letters("op@pandia.example")) == 0 {
					t.Error("no notice says what became of the missed slot")
				}
			})
		})
	}
}

func TestClockChangesNeitherSkipNorDoubleASlot(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, from, to string }{
		{"March", "2000-03-24T12:00:00Z", "2000-03-28T12:00:00Z"},
		{"October", "2000-10-27T12:00:00Z", "2000-10-31T12:00:00Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sleepUntil(t, test.from)
				w := newWorld(t, "FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE=30 2 * * *")
				w.readers("camille")
				w.start()
				defer w.end()
				for day := range 4 {
					w.offer(day)
					time.Sleep(24 * time.Hour)
				}
				synctest.Wait()
				seen := map[newsletter.Slot]bool{}
				for _, s := range w.slots() {
					seen[s.Slot] = true
				}
				if got := len(w.letters("camille")); got != 4 || len(seen) != 4 {
					t.Errorf("%d letters in slots %v, want one for each of four nights", got, seen)
				}
			})
		})
	}
}

func TestRelayIsAwayForADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.readers("camille", "nora")
		w.offer(1)
		w.relay.Answer("CONNECT", smtptest.Answer{Reply: "421 4.3.2 closed for maintenance", Close: true})
		w.start()
		defer w.end()
		sleepUntil(t, "2000-01-05T06:00:00Z")
		if n := len(w.relay.Letters()); n != 0 {
			t.Fatalf("%d letters through a closed relay", n)
		}
		w.relay.Answer("CONNECT", smtptest.Answer{})
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		for _, name := range []string{"camille", "nora"} {
			if got := len(w.letters(name)); got != 1 {
				t.Errorf("%s has %d letters, want 1", name, got)
			}
		}
	})
}

func TestWhoLeavesGetsNothingMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.readers("camille", "nora")
		w.offer(1)
		w.start()
		defer w.end()
		sleepUntil(t, "2000-01-04T08:00:00Z")
		link := strings.Trim(field(w.letters("nora")[0], "List-Unsubscribe"), "<>")
		if _, err := w.Register.Leave(t.Context(), link[strings.LastIndex(link, "/")+1:], "one-click"); err != nil {
			t.Fatal(err)
		}
		w.offer(2)
		sleepUntil(t, "2000-01-11T08:00:00Z")
		if got := len(w.letters("nora")); got != 1 {
			t.Errorf("who left has %d letters, want the one before", got)
		}
		if got := len(w.letters("camille")); got != 2 {
			t.Errorf("who stayed has %d letters, want 2", got)
		}
	})
}

func TestTheDotUnansweredIsSentOnceMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.readers("camille", "nora")
		w.offer(1)
		w.relay.Answer("DOT camille@lecteurs.example", smtptest.Answer{Drop: true})
		w.relay.Answer("DOT nora@lecteurs.example", smtptest.Answer{Drop: true})
		w.start()
		defer w.end()
		sleepUntil(t, "2000-01-06T08:00:00Z")
		letters := w.letters("camille")
		if len(letters) != 2 {
			t.Fatalf("%d copies of a letter whose dot is never answered, want 2: once more and no further", len(letters))
		}
		for _, name := range []string{"Message-ID", "Date"} {
			if a, b := field(letters[0], name), field(letters[1], name); a != b || a == "" {
				t.Errorf("%s of the two copies: %q and %q", name, a, b)
			}
		}
		if told := w.told("camille"); !strings.Contains(told[0], " unknown: ") {
			t.Errorf("told: %q; want the second unknown to wait for the operator", told)
		}
		notices := w.letters("op@pandia.example")
		if len(notices) != 1 || !strings.Contains(string(notices[0].Content), "facteur resend hebdo/1 --to") {
			t.Errorf("%d notices say that a letter waits for the operator, want one", len(notices))
		}
	})
}
