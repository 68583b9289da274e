package cli

import (
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// parseInstant reads a time as a person types it, on the wall clock of zone. Where the clock is changed it means what the same slot means. No text
// is the zero time.
func parseInstant(typed string, zone *time.Location) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, typed); err == nil {
		return t, nil
	}
	if wall, is := parseWall(typed); is {
		return newsletter.SlotAt(wall).In(zone).Add(time.Duration(wall.Second()) * time.Second), nil
	}
	return time.Time{}, &answer{code: Misused, what: fmt.Sprintf("%q is not a time", typed), do: "write it like '2026-12-01 07:00', on the clock of the newsletter's zone"}
}

// parseWall reads what a clock on the wall shows, as if its zone were UTC.
func parseWall(typed string) (wall time.Time, is bool) {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02"} {
		if wall, err := time.Parse(layout, typed); err == nil {
			return wall, true
		}
	}
	return time.Time{}, false
}

// parseSlot reads a slot, or the slot of a time. No text is the empty slot.
func parseSlot(typed string, zone *time.Location) (newsletter.Slot, error) {
	if typed == "" {
		return "", nil
	}
	if slot, err := newsletter.ParseSlot(typed); err == nil {
		return slot, nil
	}
	if wall, is := parseWall(typed); is { // also a minute that the clock jumps over
		return newsletter.SlotAt(wall), nil
	}
	t, err := parseInstant(typed, zone)
	if err != nil {
		return "", &answer{code: Misused, what: fmt.Sprintf("%q is neither a slot nor a time", typed), do: "write a slot like 2026-12-01T07:00 or 2026-11-24T10:12+1, or a time like '2026-12-01 07:00'"}
	}
	return newsletter.SlotAt(t.In(zone)), nil
}
