package schedule_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLongest(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		specification, zone string
		want                time.Duration
	}{
		{"0 7 * * 2", "UTC", 7 * day},
		{"0 7 * * 2", "Europe/Paris", 7*day + time.Hour},
		{"0 7 * * 1-6", "Europe/Paris", 2*day + time.Hour},
		{"* * * * *", "UTC", time.Minute},
		{"0 7,19 * * *", "UTC", 12 * time.Hour},
		{"0 6-9,18 * * *", "UTC", 12 * time.Hour},
		{"0 7,8 * * *", "Australia/Lord_Howe", 23*time.Hour + 30*time.Minute},
		{"0 9 1 * *", "Europe/Paris", 31*day + time.Hour},
		{"0 9 1,15 * *", "UTC", 17 * day},
		{"0 9 31 * *", "UTC", 61 * day},
		{"0 9 * 9-12 *", "UTC", 245 * day}, // from 31 December to 1 September of a leap year
		{"0 9 * 7-8 MON", "UTC", 45 * 7 * day},
		{"0 9 1-7 * *", "UTC", 25 * day}, // from the 7th to the 1st
		{"0 9 13 * FRI", "UTC", 7 * day}, // the 13th as well as each Friday
		{"30 18 24,31 12 *", "Europe/Paris", 359*day + time.Hour},
		{"0 9 29 2 *", "UTC", 1461 * day},
		{"@yearly", "UTC", 366 * day},
		{"@monthly", "Asia/Kolkata", 31 * day},
	} {
		if got := parse(t, c.specification).Longest(zone(t, c.zone)); got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.specification, c.zone, got, c.want)
		}
	}
}

// No two slots that follow each other are further apart, whatever the clock does between them.
func TestLongest_isNotPassed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := parse(rt, drawSpecification(rt))
		where := zone(t, rapid.SampledFrom([]string{"Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"}).Draw(rt, "zone"))
		longest := s.Longest(where)
		slot, due := s.First(time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(rt, "month")), rapid.IntRange(1, 28).Draw(rt, "day"), 0, 0, 0, 0, where), where)
		for range 2000 {
			next, then := s.After(slot, where)
			if then.Sub(due) > longest {
				rt.Fatalf("%s to %s are %s, and the longest is %s", slot, next, then.Sub(due), longest)
			}
			slot, due = next, then
		}
	})
}
