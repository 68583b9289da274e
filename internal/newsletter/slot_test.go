package newsletter_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"facteur/internal/newsletter"
)

func TestSlot_In_onTheDaysWhenClocksChange(t *testing.T) {
	for _, c := range []struct {
		zone string
		slot newsletter.Slot
		at   string
	}{
		{"Europe/Paris", "2026-11-30T07:00", "2026-11-30T07:00:00+01:00"},
		{"Europe/Paris", "2026-03-29T01:59", "2026-03-29T01:59:00+01:00"},
		{"Europe/Paris", "2026-03-29T02:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Paris", "2026-03-29T02:30", "2026-03-29T03:00:00+02:00"},
		{"Europe/Paris", "2026-03-29T03:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Paris", "2026-03-29T03:01", "2026-03-29T03:01:00+02:00"},
		{"Europe/Paris", "2026-10-25T02:00", "2026-10-25T02:00:00+02:00"},
		{"Europe/Paris", "2026-10-25T02:30", "2026-10-25T02:30:00+02:00"},
		{"Europe/Paris", "2026-10-25T02:30+1", "2026-10-25T02:30:00+02:00"},
		{"Europe/Paris", "2026-10-25T03:00", "2026-10-25T03:00:00+01:00"},
		{"America/Santiago", "2026-09-06T00:00", "2026-09-06T01:00:00-03:00"},
		{"America/Santiago", "2026-04-04T23:30", "2026-04-04T23:30:00-03:00"},
		{"America/Santiago", "2026-04-05T00:00", "2026-04-05T00:00:00-04:00"},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-05T01:45:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-05T02:00:00+10:30"},
		{"Pacific/Apia", "2011-12-29T23:59", "2011-12-29T23:59:00-10:00"},
		{"Pacific/Apia", "2011-12-30T07:00", "2011-12-31T00:00:00+14:00"},
		{"Pacific/Apia", "2011-12-31T07:00", "2011-12-31T07:00:00+14:00"},
		{"Asia/Kathmandu", "2026-11-30T07:00", "2026-11-30T07:00:00+05:45"},
		{"UTC", "2026-03-29T02:30", "2026-03-29T02:30:00Z"},
	} {
		if at := c.slot.In(zone(t, c.zone)).Format(time.RFC3339); at != c.at {
			t.Errorf("%s in %s is at %s, want %s", c.slot, c.zone, at, c.at)
		}
	}
}

// What is due by an instant is all up to the latest minute that was shown, and nothing after it.
func TestLatestSlot_isTheLastThatIsDue(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		where, change := drawChange(rt, t)
		at := change.Add(time.Duration(rapid.IntRange(-26*3600, 26*3600).Draw(rt, "seconds from the change")) * time.Second)
		latest := newsletter.LatestSlot(at, where)
		next := newsletter.SlotAt(latest.Wall().Add(time.Minute))
		if latest.In(where).After(at) || !next.In(where).After(at) {
			rt.Errorf("at %s in %s the latest is %s, due at %s, and %s is due at %s", at.UTC(), where, latest, latest.In(where).UTC(), next, next.In(where).UTC())
		}
	})
}

// drawChange draws a zone, and an instant at which its clock changes, where it does.
func drawChange(rt *rapid.T, t *testing.T) (where *time.Location, change time.Time) {
	where = zone(t, rapid.SampledFrom([]string{"Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia",
		"America/New_York", "Africa/Casablanca", "Asia/Gaza", "Pacific/Kwajalein", "Asia/Kathmandu", "UTC"}).Draw(rt, "zone"))
	from := time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, rapid.IntRange(0, 50*12).Draw(rt, "month"), 0)
	if _, change = from.In(where).ZoneBounds(); change.IsZero() {
		change = from
	}
	return where, change
}

// In against a clock that is watched minute by minute.
func TestSlot_In_isWhenAWatchedClockFirstShowsTheMinuteOrALaterOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		where, change := drawChange(rt, t)
		minutes := rapid.IntRange(-26*60, 26*60).Draw(rt, "minutes from the change")
		slot := newsletter.SlotAt(newsletter.SlotAt(change).Wall().Add(time.Duration(minutes) * time.Minute)) // also one that is left out
		watched := slot.Wall().Add(-30 * time.Hour)
		for newsletter.SlotAt(watched.In(where)) < slot {
			watched = watched.Add(time.Minute)
		}
		if at := slot.In(where); !at.Equal(watched) {
			rt.Errorf("%s in %s is at %s, the watched clock says %s", slot, where, at.UTC(), watched)
		}
	})
}

// A zone that goes on by a rule for ever, as files of zones have it that list no times to come: its years have no wrong end for a slot.
func TestSlot_In_inTheLastDaysOfALeapYear(t *testing.T) {
	paris := ruled(t, "CET-1CEST,M3.5.0,M10.5.0/3")
	for slot := newsletter.Slot("2028-12-29T23:30"); slot < "2029-01-02"; slot = newsletter.SlotAt(slot.Wall().Add(time.Hour)) {
		if at, want := slot.In(paris), slot.Wall().Add(-time.Hour); !at.Equal(want) {
			t.Errorf("%s is at %s, want %s", slot, at.UTC(), want)
		}
	}
}

// ruled is a zone of nothing but a rule (RFC 9636 §3).
func ruled(t *testing.T, rule string) *time.Location {
	t.Helper()
	block := func() string {
		head := "TZif2" + strings.Repeat("\x00", 15)
		for _, count := range []uint32{0, 0, 0, 0, 1, 4} { // one type of time, named by four bytes
			head += string(binary.BigEndian.AppendUint32(nil, count))
		}
		return head + string(binary.BigEndian.AppendUint32(nil, 3600)) + "\x00\x00CET\x00"
	}
	l, err := time.LoadLocationFromTZData("ruled", []byte(block()+block()+"\n"+rule+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
