package app_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
)

const nightly = "FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE=30 2 * * *"

// Whoever is off over a slot that the clock jumps over, or shows twice, finds it as late as time has passed, whatever the wall shows;
// what it did not bring, the next night does.
func TestOffOverAChangeOfClocks(t *testing.T) {
	t.Parallel()
	const spring, autumn = "2027-03-28T02:30", "2026-10-25T02:30" // due at 01:00 and at 00:30, UTC
	for name, test := range map[string]struct {
		env   string
		slot  newsletter.Slot
		back  string // when the program is there again
		state newsletter.SlotState
		says  string // the notice; empty: there is none
	}{
		"spring, before the jump":               {"LATE=skip", spring, "2027-03-28T00:59:50Z", newsletter.SlotPublished, ""},
		"spring, in the minute of the jump":     {"LATE=skip", spring, "2027-03-28T01:00:50Z", newsletter.SlotPublished, ""},
		"spring, after that minute":             {"LATE=skip", spring, "2027-03-28T01:05:10Z", newsletter.SlotSkipped, "a slot that is 5 min late is left out"},
		"spring, within the window":             {"LATE_WINDOW=90m", spring, "2027-03-28T02:29:10Z", newsletter.SlotPublished, "was published 1 h 29 min late"},
		"spring, beyond the window":             {"LATE_WINDOW=90m", spring, "2027-03-28T02:31:10Z", newsletter.SlotSkipped, "1 h 31 min late is more than the 1 h 30 min"},
		"autumn, the minute shown a first time": {"LATE=skip", autumn, "2026-10-25T00:30:50Z", newsletter.SlotPublished, ""},
		"autumn, the minute shown once more":    {"LATE=skip", autumn, "2026-10-25T01:30:10Z", newsletter.SlotSkipped, "a slot that is 1 h late is left out"},
		"autumn, once more within the window":   {"LATE_WINDOW=90m", autumn, "2026-10-25T01:30:10Z", newsletter.SlotPublished, "was published 1 h late"},
		"autumn, beyond the window":             {"LATE_WINDOW=90m", autumn, "2026-10-25T02:01:10Z", newsletter.SlotSkipped, "1 h 31 min late is more than the 1 h 30 min"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				back := at(t, test.back)
				time.Sleep(time.Until(back.Add(-12 * time.Hour)))
				w := newWorld(t, nightly, "FACTEUR_NEWSLETTERS_HEBDO_"+test.env)
				w.readers("camille")
				w.offer(1)
				w.start()
				time.Sleep(time.Minute)
				w.restart(time.Until(back))
				defer w.end()
				time.Sleep(time.Minute)
				synctest.Wait()
				slots := w.slots()
				if len(slots) != 1 || slots[0].Slot != test.slot || slots[0].State != test.state {
					t.Errorf("slots: %+v", slots)
				}
				var notices strings.Builder
				for _, l := range w.letters("op@pandia.example") {
					notices.WriteString(readPosted(t, l.Content).Text)
				}
				if test.says == "" && notices.Len() > 0 || !strings.Contains(notices.String(), test.says) {
					t.Errorf("the operator is told %q, want %q", notices.String(), test.says)
				}
				time.Sleep(24 * time.Hour)
				synctest.Wait()
				if got := len(w.letters("camille")); got != 1 {
					t.Errorf("%d letters after another night, want the one edition", got)
				}
			})
		})
	}
}

// Two slots that the clock jumps over, or to, are due at one moment. One edition leaves, and nobody is told that the program was off.
func TestTwoSlotsOfOneMoment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(at(t, "2027-03-27T12:00:00Z")))
		w := newWorld(t, "FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE=0 2,3 * * *")
		w.readers("camille")
		w.offer(1)
		w.start()
		defer w.end()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		slots := w.slots()
		if len(slots) != 2 || slots[0].Slot != "2027-03-28T03:00" || slots[0].State != newsletter.SlotPublished || slots[1].State != newsletter.SlotSkipped || strings.Contains(slots[1].Reason, "off") {
			t.Errorf("slots: %+v", slots)
		}
		for _, l := range w.letters("op@pandia.example") {
			t.Errorf("the operator is told:\n%s", readPosted(t, l.Content).Text)
		}
		if got := len(w.letters("camille")); got != 1 {
			t.Errorf("%d letters", got)
		}
	})
}

// A program that is set up in the hour that the clock shows twice owes no slot that was due before.
func TestSetUpInTheHourThatIsShownTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(at(t, "2026-10-25T01:10:00Z"))) // the wall shows 02:10 the second time
		w := newWorld(t, nightly)
		w.readers("camille")
		w.offer(1)
		w.start()
		defer w.end()
		time.Sleep(time.Hour)
		synctest.Wait()
		if slots := w.slots(); len(slots) != 0 {
			t.Errorf("slots: %+v", slots)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if slots := w.slots(); len(slots) != 1 || slots[0].Slot != "2026-10-26T02:30" || slots[0].State != newsletter.SlotPublished {
			t.Errorf("a night later: %+v", slots)
		}
	})
}
