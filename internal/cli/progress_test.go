package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// told runs work in time that stands still but for what the work itself says, and returns what is on the screen or in the
// file.
func told(terminal bool, work func(line *progress, pass func(time.Duration), log func(string))) string {
	now := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	s := &shell{IO: IO{Stderr: &b, Now: func() time.Time { return now }}}
	if terminal {
		s.Stderr = &screen{w: &b}
	}
	work(s.progress(), func(d time.Duration) { now = now.Add(d) }, func(words string) { _, _ = fmt.Fprintln(s.Stderr, words) })
	return b.String()
}

func TestProgressIsDrawnOnTerminalsAndWrittenEachMinuteElsewhere(t *testing.T) {
	for _, test := range []struct {
		name     string
		terminal bool
		want     string
	}{
		{"a terminal", true, "\r\x1b[K1 copied\r\x1b[K3 copied\r\x1b[K"},
		{"a file", false, "3 copied\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := told(test.terminal, func(line *progress, pass func(time.Duration), _ func(string)) {
				for i, after := range []time.Duration{time.Second, 0, time.Minute} {
					pass(after)
					line.tell("%d copied", i+1)
				}
				line.end()
			})
			if got != test.want {
				t.Errorf("wrote %q, want %q", got, test.want)
			}
		})
	}
}

// The log takes the place of the bar, and the bar comes again below it.
func TestLogsAndBarsDoNotMix(t *testing.T) {
	got := told(true, func(line *progress, pass func(time.Duration), log func(string)) {
		pass(time.Second)
		line.tell("half")
		log("a warning")
		log("another")
		pass(time.Second)
		line.tell("whole")
		line.end()
		log("done")
	})
	if want := "\r\x1b[Khalf\r\x1b[Ka warning\nanother\n\r\x1b[Kwhole\r\x1b[Kdone\n"; got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
}

// lines runs a bar and returns what it said last on a terminal, and all that it wrote into a file.
func bars(steps []headway, every time.Duration) (last, file string) {
	work := func(line *progress, pass func(time.Duration), _ func(string)) {
		for _, h := range steps {
			pass(every)
			line.bar(h)
		}
	}
	drawn := strings.Split(told(true, work), wipe)
	return drawn[len(drawn)-1], told(false, work)
}

func TestBarTellsTheRateOfTheLastSecondsAndTheTimeLeft(t *testing.T) {
	var steps []headway
	done := 0
	for second := range 60 {
		done += 100
		if second >= 40 {
			done -= 80 // slower now: what was before says nothing about what comes
		}
		steps = append(steps, headway{done: int64(done), whole: 10_000, n: done, what: "sent", besides: "3 failed"})
	}
	last, file := bars(steps, time.Second)
	if want := "[########............] 44 %, 4400 sent, 20/s, 4m40s left, 3 failed"; last != want {
		t.Errorf("the screen says %q, want %q", last, want)
	}
	if want := "44 %, 4400 sent, 20/s, 4m40s left, 3 failed\n"; file != want {
		t.Errorf("the file says %q, want %q", file, want)
	}
}

func TestBarIsHonest(t *testing.T) {
	moving := func(h headway) []headway {
		before := h
		before.done, before.n = h.done/2, h.n/2
		return []headway{before, h}
	}
	for _, test := range []struct {
		name string
		h    headway
		want string
	}{
		{"of no known whole", headway{n: 40, what: "lines"}, "40 lines, 20/s"},
		{"a pace binds", headway{done: 100, whole: 1000, n: 100, what: "sent", least: 3*time.Hour + 20*time.Minute}, "[##..................] 10 %, 100 sent, 50/s, 3h20m left"},
		{"between the bursts of a pace", headway{done: 100, whole: 10_000, n: 100, what: "sent", least: time.Minute}, "[....................] 1 %, 100 sent, 50/s, at least 1m0s left"},
		{"it waits", headway{done: 36, whole: 1000, n: 36, what: "sent", waits: "rest waits until 07:12"}, "[....................] 3 %, 36 sent, 18/s, rest waits until 07:12"},
		{"too much for the screen", headway{n: 1, what: strings.Repeat("x", 100)}, "1 " + strings.Repeat("x", 76) + "…"},
	} {
		if last, _ := bars(moving(test.h), time.Second); last != test.want {
			t.Errorf("%s: %q, want %q", test.name, last, test.want)
		}
	}
	waits := headway{done: 36, whole: 1000, n: 36, what: "sent", waits: "rest waits until 07:12"}
	if last, _ := bars([]headway{waits, waits, waits, waits}, 10*time.Second); last != "[....................] 3 %, 36 sent, rest waits until 07:12" {
		t.Errorf("what stands still has the line %q", last)
	}
}

func TestUnderwayTellsWhatTheRestWaitsFor(t *testing.T) {
	at := time.Date(2026, 11, 24, 7, 12, 0, 0, time.UTC)
	for _, test := range []struct {
		name  string
		waits []app.Wait
		want  string
		whole int64
	}{
		{"nothing", []app.Wait{{Why: app.WhyDue, Letters: 5}, {Why: app.WhyPutOff, Letters: 2, Until: at}, {Why: app.WhyDelay, Letters: 4, Until: at}, {Why: app.WhyHeld, Letters: 3}}, "", 15},
		{"the first letters", []app.Wait{{Why: app.WhyFirst, Letters: 90}}, "first letters go ahead", 100},
		{"the rest", []app.Wait{{Why: app.WhyFirst, Letters: 90, Until: at}}, "rest waits until 07:12", 100},
		{"a provider", []app.Wait{{Why: app.WhyAlone, Group: "orange", Letters: 9, Until: at}}, "orange waits until 07:12", 19},
		{"the relay", []app.Wait{{Why: app.WhyAlone, Letters: 9, Until: at}}, "the relay waits until 07:12", 19},
		{"a provider, while others go", []app.Wait{{Why: app.WhyDue, Letters: 1}, {Why: app.WhyAlone, Letters: 9, Until: at}}, "", 20},
	} {
		d := app.Drained{
			Tally:   outbox.Tally{Sent: 7, Failed: 2, Expired: 1, Unknown: 1},
			Outlook: app.Outlook{Waits: test.waits, Letters: map[newsletter.DeliveryState]int{}},
		}
		h := underway(d, time.UTC)
		if h.waits != test.want || h.done != 10 || h.whole != test.whole || h.besides != "3 failed, 1 put off" {
			t.Errorf("%s: %+v", test.name, h)
		}
	}
}
