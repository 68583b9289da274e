package schedule_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"facteur/internal/newsletter"
)

// The caller's loop: know the next instant, sleep until then, take what is due.
func TestAYearInParisLosesAndDoublesNoSlot(t *testing.T) {
	for _, c := range []struct {
		specification, first, last string
		slots                      int
		step                       time.Duration
	}{
		{"0 7 * * MON", "2026-01-05T07:00", "2026-12-28T07:00", 52, 7 * 24 * time.Hour},
		{"30 2 * * *", "2026-01-01T02:30", "2026-12-31T02:30", 365, 24 * time.Hour},
		{"0 * * * *", "2026-01-01T01:00", "2026-12-31T23:00", 365*24 - 1, time.Hour},
	} {
		t.Run(c.specification, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				paris, s := zone(t, "Europe/Paris"), parse(t, c.specification)
				year := func(y int) time.Time { return time.Date(y, time.January, 1, 0, 0, 0, 0, paris) }
				time.Sleep(time.Until(year(2026)))
				var taken []newsletter.Slot
				slot, due := s.First(time.Now(), paris)
				for due.Before(year(2027)) {
					time.Sleep(time.Until(due))
					if shown := newsletter.SlotAt(time.Now().In(paris)); shown != slot && !strings.HasPrefix(string(slot), "2026-03-29T02:") {
						t.Errorf("%s is taken at %s", slot, shown)
					}
					taken = append(taken, slot)
					slot, due = s.After(slot, paris)
				}
				var want []newsletter.Slot
				for wall := newsletter.Slot(c.first).Wall(); !wall.After(newsletter.Slot(c.last).Wall()); wall = wall.Add(c.step) {
					want = append(want, newsletter.SlotAt(wall))
				}
				if diff := cmp.Diff(want, taken); diff != "" || len(taken) != c.slots {
					t.Errorf("%d slots taken (- missing, + too many):\n%s", len(taken), diff)
				}
			})
		})
	}
}

func TestBetweenListsWhatWasMissed(t *testing.T) {
	paris, daily := zone(t, "Europe/Paris"), parse(t, "30 2 * * *")
	at := func(s string) time.Time { return instant(t, s) }
	for _, c := range []struct {
		name  string
		after newsletter.Slot
		upTo  time.Time
		want  []newsletter.Slot
	}{
		{"over the change in March", "2026-03-27T02:30", at("2026-03-29T01:00:00Z"), []newsletter.Slot{"2026-03-28T02:30", "2026-03-29T02:30"}},
		{"a second before it", "2026-03-27T02:30", at("2026-03-29T00:59:59Z"), []newsletter.Slot{"2026-03-28T02:30"}},
		{"in the repeated hour", "2026-10-24T02:30", at("2026-10-25T01:30:00Z"), []newsletter.Slot{"2026-10-25T02:30"}},
		{"already taken in the repeated hour", "2026-10-25T02:30", at("2026-10-25T01:30:00Z"), nil},
		{"exactly when due", "2026-11-23T02:30", at("2026-11-24T01:30:00Z"), []newsletter.Slot{"2026-11-24T02:30"}},
		{"after an extra slot", "2026-11-23T12:00+2", at("2026-11-24T12:00:00Z"), []newsletter.Slot{"2026-11-24T02:30"}},
		{"the clock was set back", "2026-11-24T02:30", at("2020-01-01T00:00:00Z"), nil},
		{"nothing decided yet", "", at("2026-11-24T12:00:00Z"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []newsletter.Slot
			for slot, due := range daily.Between(c.after, c.upTo, paris) {
				if !due.Equal(slot.In(paris)) {
					t.Errorf("%s is due at %s and %s", slot, due, slot.In(paris))
				}
				got = append(got, slot)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAWindowIsReachedWithoutWalkingThroughAYearOfMinutes(t *testing.T) {
	paris, s := zone(t, "Europe/Paris"), parse(t, "* * * * *")
	now := instant(t, "2026-11-23T12:00:00Z")
	first, _ := s.First(now.Add(-10*time.Minute), paris)
	if first != "2026-11-23T12:51" {
		t.Fatalf("the window begins at %s", first)
	}
	before := newsletter.SlotAt(first.Wall().Add(-time.Minute))
	n := 0
	for range s.Between(before, now, paris) {
		n++
	}
	if n != 10 {
		t.Errorf("%d slots in ten minutes", n)
	}

	taken := newsletter.Slot("2025-11-23T13:00")
	for range 3 { // pages of a hundred, each from the last slot of the one before
		n = 0
		for slot := range s.Between(taken, now, paris) {
			taken = slot
			if n++; n == 100 {
				break
			}
		}
	}
	if taken != "2025-11-23T18:00" {
		t.Errorf("three hundred minutes later it is %s", taken)
	}
}

func TestA29FebruaryIsFoundOverEightYears(t *testing.T) {
	s := parse(t, "0 7 29 2 *")
	if slot, _ := s.First(instant(t, "2096-03-01T00:00:00Z"), time.UTC); slot != "2104-02-29T07:00" {
		t.Errorf("the slot after 2096 is %s", slot)
	}
}

func TestFirstAfterAndBetweenAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := parse(rt, drawSpecification(rt))
		where, change := drawChange(rt, t)
		start := change.Add(time.Duration(rapid.IntRange(-40*3600, 20*3600).Draw(rt, "start")) * time.Second)
		end := start.Add(time.Duration(rapid.IntRange(0, 40*3600).Draw(rt, "length")) * time.Second)

		slot, due := s.First(start, where)
		begin := slot
		var walked []newsletter.Slot
		for last := start; !due.After(end); slot, due = s.After(slot, where) {
			if due.Before(last) || !due.Equal(slot.In(where)) {
				rt.Fatalf("%s is due at %s, after %s", slot, due, last)
			}
			last = due
			walked = append(walked, slot)
		}
		if !slices.IsSorted(walked) || len(slices.Compact(slices.Clone(walked))) != len(walked) {
			rt.Fatalf("slots do not rise: %v", walked)
		}

		// Every minute of the calendar that the specification names, seen from outside: due in (start, end] or not.
		var named []newsletter.Slot
		wall := newsletter.SlotAt(start.UTC().Add(-30 * time.Hour))
		for slot := range s.Between(wall, end.Add(30*time.Hour), time.UTC) {
			if d := slot.In(where); d.After(start) && !d.After(end) {
				named = append(named, slot)
			}
		}
		if diff := cmp.Diff(named, walked); diff != "" {
			rt.Fatalf("First and After walk other slots than the calendar has (-calendar +walk):\n%s", diff)
		}

		// Stopping anywhere and asking for what was missed gives the same.
		if len(walked) == 0 {
			return
		}
		stop := rapid.IntRange(0, len(walked)-1).Draw(rt, "stop")
		resumed := slices.Clone(walked[:stop+1])
		for slot := range s.Between(walked[stop], end, where) {
			resumed = append(resumed, slot)
		}
		if diff := cmp.Diff(walked, resumed); diff != "" || walked[0] != begin {
			rt.Fatalf("after a stop at %s (-walk +resumed):\n%s", walked[stop], diff)
		}
	})
}

// drawSpecification draws fields that leave slots dense enough to meet a change of clocks.
func drawSpecification(t *rapid.T) string {
	minute := rapid.SampledFrom([]string{"0", "30", "*/15", "7,37", "59", "*/20", "1-3", "*"}).Draw(t, "minute")
	hour := rapid.SampledFrom([]string{"*", "0", "2", "*/6", "1-3", "23", "0,2"}).Draw(t, "hour")
	day := rapid.SampledFrom([]string{"*", "*", "*/2", "29-31", "1-7"}).Draw(t, "day")
	weekday := rapid.SampledFrom([]string{"*", "*", "SUN", "1-5"}).Draw(t, "weekday")
	return strings.Join([]string{minute, hour, day, "*", weekday}, " ")
}

// drawChange draws a zone and a change of its clocks, as the wall shows it if read in UTC.
func drawChange(t *rapid.T, tt *testing.T) (*time.Location, time.Time) {
	name := rapid.SampledFrom([]string{"Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia", "America/New_York",
		"Africa/Casablanca", "Asia/Gaza", "Pacific/Kwajalein", "America/Scoresbysund", "Asia/Kathmandu", "UTC"}).Draw(t, "zone")
	where := zone(tt, name)
	from := instant(tt, "1990-01-01T00:00:00Z").AddDate(0, rapid.IntRange(0, 50*12).Draw(t, "month"), 0)
	if name == "Pacific/Apia" && rapid.Bool().Draw(t, "skipped day") {
		from = instant(tt, "2011-12-01T00:00:00Z")
	}
	_, change := from.In(where).ZoneBounds()
	if change.IsZero() {
		return where, from
	}
	return where, newsletter.SlotAt(change.Add(-time.Minute)).Wall()
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func instant(t *testing.T, rfc3339 string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
