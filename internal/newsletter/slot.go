package newsletter

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Slot is the scheduled wall-clock minute of one edition in its newsletter's zone, "2026-10-25T02:30". An extra
// slot, made by hand, carries a counter: "2026-10-25T02:30+1". Scheduled slots order as strings.
type Slot string

const wallLayout = "2006-01-02T15:04"

// SlotAt names the minute that the clock on the wall shows at t, in t's zone.
func SlotAt(t time.Time) Slot { return Slot(t.Format(wallLayout)) }

// LatestSlot names the latest minute that the clock on the wall of zone has shown by t: in an hour that it shows twice, the last of that hour.
// No later minute is due by then.
func LatestSlot(t time.Time, zone *time.Location) Slot {
	t = t.In(zone)
	latest := SlotAt(t)
	if change, _ := t.ZoneBounds(); !change.IsZero() {
		latest = max(latest, SlotAt(change.Add(-1).In(zone)))
	}
	return latest
}

// ParseSlot reads a slot as a person types it.
func ParseSlot(s string) (Slot, error) {
	wall, extra, found := strings.Cut(s, "+")
	if _, err := time.Parse(wallLayout, wall); err != nil {
		return "", fmt.Errorf("%q is not a slot: write it like 2026-10-27T07:00", s)
	}
	if found {
		if n, err := strconv.Atoi(extra); err != nil || n < 1 || strconv.Itoa(n) != extra {
			return "", fmt.Errorf("%q is not an extra slot: write it like 2026-10-27T07:00+1", s)
		}
	}
	return Slot(s), nil
}

// Wall returns the minute on the wall as if the zone were UTC: a calendar value for arithmetic, not an instant.
func (s Slot) Wall() time.Time {
	wall, _, _ := strings.Cut(string(s), "+")
	t, err := time.Parse(wallLayout, wall)
	if err != nil {
		return time.Time{}
	}
	return t
}

// In is the instant of a slot: the first at which the clock on the wall of zone shows the slot's minute or a later one.
// That is the first occurrence of a minute that is repeated, and for one that does not exist the moment at which the
// clock jumps over it. Of two slots the later never comes first, whatever the zone does. The counter of an extra slot
// has no part in it.
func (s Slot) In(zone *time.Location) time.Time {
	wall := s.Wall()
	// Through the zone's periods of constant offset from a day before, since no offset is that large, and to the end in
	// the one that shows the minute or, where none does, at the beginning of the first beyond it.
	from := wall.AddDate(0, 0, -1).In(zone)
	for {
		_, offset := from.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		_, end := from.ZoneBounds()
		if !end.IsZero() && !end.After(from) {
			end = from.Add(time.Hour) // package time has years end with their 365th day where a zone goes on by a rule
		}
		switch {
		case at.Before(from):
			return from
		case end.IsZero() || at.Before(end):
			return at
		}
		from = end
	}
}

// Extra is the counter of a slot made by hand, and 0 for a scheduled one.
func (s Slot) Extra() int {
	_, extra, _ := strings.Cut(string(s), "+")
	n, _ := strconv.Atoi(extra)
	return n
}

// WithExtra names the n-th slot made by hand in the same minute. It never takes the place of a scheduled one.
func (s Slot) WithExtra(n int) Slot {
	wall, _, _ := strings.Cut(string(s), "+")
	return Slot(wall + "+" + strconv.Itoa(n))
}
